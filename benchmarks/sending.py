"""`outreach send --go` beside mailmerge and the limit: what the disk takes to make each letter's marks durable.

    python benchmarks/sending.py [LETTERS]

Letters with and without an attachment of 230 kB go to Postfix's `smtp-sink` on loopback, one way after the other, in
one run: `send` (all its records on the disk), mailmerge (a connection for each letter, no record), and as many
durable commits as `send` waits for, into a bare SQLite file. Then how often a letter waits for the server.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _peers import Took, in_turns, mailmerge, outreach, process, ratio, write_both

LETTERS = 1_000
ROUNDS = 3
COMMITS = 1
"""Commits a letter that wait for the disk: its mark, which brings along the outcome before it."""
FEW = 50


@contextmanager
def sink() -> Iterator[int]:
    """A server on a free loopback port that takes everything; needs Postfix's `smtp-sink`."""
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    port = free_port()
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    server = subprocess.Popen([program, *user, "-c", f"127.0.0.1:{port}", "100"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def listened_to(port: int) -> Iterator[tuple[int, list[str]]]:
    """The same server behind a line that notes whose turn it was: `ours` and `theirs`, one after the other."""
    listening, turns = socket.create_server(("127.0.0.1", 0)), [""]

    def carry(one: socket.socket, other: socket.socket, whose: str) -> None:
        with suppress(OSError):
            while data := one.recv(1 << 16):
                if turns[-1] != whose:
                    turns.append(whose)
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                here, _ = listening.accept()
                there = socket.create_connection(("127.0.0.1", port))
                for pair in ((here, there, "ours"), (there, here, "theirs")):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1], turns
    finally:
        listening.close()


def send(folder: Path, letters: int, port: int, *, pdf: bool) -> Took:
    """One run of `send --go` over a fresh campaign that was approved."""
    shutil.rmtree(folder, ignore_errors=True)
    write_both(folder, letters, pdf=pdf, port=port)
    outreach(folder / "ours", "approve", "all")
    return outreach(folder / "ours", "send", "--go")


def merge(folder: Path, program: str) -> Took:
    return process([program, "--no-dry-run", "--no-limit", "--output-format", "text"], cwd=folder / "mm")


def commits(file: Path, letters: int) -> Took:
    """The durable commits alone."""
    began, used = time.perf_counter(), time.process_time()
    with sqlite3.connect(file, isolation_level=None) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE IF NOT EXISTS marks (number INTEGER, text TEXT)")
        for number in range(letters * COMMITS):
            db.execute("INSERT INTO marks VALUES (?, ?)", (number, "x" * 200))
    return Took(time.perf_counter() - began, time.process_time() - used, 0)


def main() -> None:
    letters = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else LETTERS
    os.environ.pop("OUTREACH_NOW", None)
    program = mailmerge()
    with tempfile.TemporaryDirectory() as name, sink() as port:
        folder = Path(name)
        for pdf in (False, True):
            took = in_turns(
                ROUNDS,
                ours=lambda pdf=pdf: send(folder / "campaign", letters, port, pdf=pdf),  # type: ignore[misc]
                mailmerge=lambda: merge(folder / "campaign", program),
                disk=lambda: commits(folder / "bare.db", letters),
            )
            what = "with the attachment" if pdf else "short letters"
            print(f"{letters:,} {what}: mailmerge takes {ratio(took['mailmerge'], took['ours'])} times as long,")
            print(f"  the durable commits alone {ratio(took['disk'], took['ours'])} of the time")
        with listened_to(port) as (far, turns):
            send(folder / "campaign", FEW, far, pdf=False)
            print(f"{turns.count('ours') / FEW:.1f} round trips a letter")


if __name__ == "__main__":
    main()
