"""`outreach send --go` against smtplib, and against the limit: what the disk takes to make each letter's marks durable.

    python benchmarks/sending.py [LETTERS]

Letters with an attachment of 230 kB go to Postfix's `smtp-sink` on loopback, in one run, one way after the other:
`send`; smtplib with a connection for each letter (as mail mergers do it); smtplib with one connection for all. The two
of smtplib keep no record. Then as many pairs of durable commits as `send` makes, into a bare SQLite file.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from outreach.tasks.approving import approve
from outreach.tasks.sending import SendOrder, send

LETTERS = 500
ROUNDS = 3
COMMITS = 3
"""Durable commits a letter: its claim, its mark, its outcome."""
ATTACHMENT = os.urandom(230_000)


@contextmanager
def sink() -> Iterator[int]:
    """A server on a free loopback port that takes everything; needs Postfix's `smtp-sink`."""
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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


def campaign(folder: Path, port: int, letters: int) -> None:
    """A campaign that is approved and due."""
    for name in ("contacts", "templates"):
        (folder / name).mkdir(parents=True)
    (folder / "brief.bin").write_bytes(ATTACHMENT)
    (folder / "campaign.yaml").write_text(
        "id: bench\ntitle: Bench\ntimezone: Europe/Brussels\nsender: {name: Alex Example, email: alex@sender.example}\n"
        f"accounts:\n  mail: {{transport: smtp, host: 127.0.0.1, port: {port}, insecure_loopback: true}}\n"
        "attachments: {brief: brief.bin}\nlegal: {basis: legitimate-interest, interest: asking}\n"
        "pace: {gap: 0s, per_hour: 100000, per_day: 100000, per_domain_per_hour: 100000}\n"
        "waves: [{id: one, to: 'tier == 0', template: hello}]\n",
        encoding="utf-8",
    )
    rows = [f"c{n},Contact {n},0,info@c{n}.example,Angle {n}." for n in range(letters)]
    (folder / "contacts" / "all.csv").write_text(
        "\n".join(["id,name,tier,email,personal_text", *rows]), encoding="utf-8"
    )
    (folder / "templates" / "hello.md").write_text(
        "---\nsubject: Hello {{ contact.name }}\nattachments: [brief]\n---\nDear {{ contact.name }},\n\n"
        "{{ contact.personal_text }} **Really.**\n\n{{ sender.name }}\n",
        encoding="utf-8",
    )
    approve(folder, ["one"])


def message(number: int) -> EmailMessage:
    """One letter, as smtplib's users make it."""
    made = EmailMessage()
    made["From"], made["To"] = "Alex Example <alex@sender.example>", f"Contact {number} <info@c{number}.example>"
    made["Subject"] = f"Hello Contact {number}"
    made.set_content(f"Dear Contact {number},\n\nAngle {number}. *Really.*\n\nAlex Example\n")
    made.add_alternative(f"<p>Dear Contact {number},</p><p>Angle {number}. <b>Really.</b></p>", subtype="html")
    made.add_attachment(ATTACHMENT, maintype="application", subtype="octet-stream", filename="brief.bin")
    return made


def a_connection_each(port: int, letters: int) -> None:
    for number in range(letters):
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(message(number))


def one_connection(port: int, letters: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(letters):
            server.send_message(message(number))


def commits(file: Path, letters: int) -> None:
    with sqlite3.connect(file, isolation_level=None) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE marks (number INTEGER, text TEXT)")
        for number in range(letters * COMMITS):
            db.execute("INSERT INTO marks VALUES (?, ?)", (number, "x" * 200))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    letters = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else LETTERS
    os.environ.pop("OUTREACH_NOW", None)
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name, sink() as port:
            folder = Path(name) / "campaign"
            campaign(folder, port, letters)
            ways: dict[str, Callable[[], object]] = {
                "outreach send --go": lambda at=folder: send(at, SendOrder(go=True)),  # type: ignore[misc]
                "smtplib, a connection each": lambda at=port: a_connection_each(at, letters),  # type: ignore[misc]
                "smtplib, one connection": lambda at=port: one_connection(at, letters),  # type: ignore[misc]
                "the durable commits alone": lambda at=name: commits(Path(at) / "bare.db", letters),  # type: ignore[misc]
            }
            for way, work in ways.items():
                times.setdefault(way, []).append(seconds(work))
    ours = statistics.median(times["outreach send --go"])
    for way, taken in times.items():
        median = statistics.median(taken)
        print(f"{way:28} {letters / median:8,.0f} letters/s   {median / ours:5.2f} of ours")


if __name__ == "__main__":
    main()
