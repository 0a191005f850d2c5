"""An SMTP server that counts by itself what it took, and breaks where it is told to.

It runs in a process of its own and knows nothing of outreach: it appends a line to a file for every letter
it has taken over (Message-ID, envelope, sha256 of the body), durably, before it says so. `faults` name a
phase and what happens there, each used up once in its order.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PHASES = ("greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body", "dot", "taken", "QUIT")
"""Where a fault may strike. At `dot` the letter is not taken yet, at `taken` it is, and nobody has said so."""


@dataclass(frozen=True, kw_only=True)
class Counting:
    """A running counting server."""

    port: int
    log: Path
    faults: Path

    def letters(self) -> list[dict[str, str]]:
        """What was taken, in order."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def taken(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(letter["id"] for letter in self.letters())

    def will(self, *faults: str) -> None:
        """From now on: `PHASE=REPLY`, `PHASE=cut`, `PHASE=rst`, `PHASE=kill:PID`; each once, in their order."""
        aside = self.faults.with_suffix(".new")
        aside.write_text("".join(f"{fault}\n" for fault in faults))
        os.replace(aside, self.faults)

    def left(self) -> list[str]:
        """The faults that have not struck."""
        return self.faults.read_text().splitlines() if self.faults.exists() else []


@contextmanager
def counting(folder: Path, *options: str) -> Iterator[Counting]:
    """Start one in `folder`, and stop it at the end. Options: `--tls`, `--starttls`, `--auth USER:PASSWORD`, ..."""
    folder.mkdir(parents=True, exist_ok=True)
    log, faults = folder / "taken.jsonl", folder / "faults"
    command = [sys.executable, str(Path(__file__)), str(log), str(faults), *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield Counting(port=int(server.stdout.readline()), log=log, faults=faults)
    finally:
        server.kill()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


# --- the server's own process ----------------------------------------------------------------------


class Cut(Exception):
    """The connection ends here."""


class Session:
    def __init__(self, sock: socket.socket, options: argparse.Namespace, lock: threading.Lock) -> None:
        self.sock, self.options, self.lock = sock, options, lock
        self.file = sock.makefile("rb")
        self.encrypted = options.tls
        self.sender = self.recipient = ""
        self.whole = b""

    def run(self) -> None:
        try:
            self.at("greeting") or self.say("220 counting.test ESMTP")
            while line := self.file.readline(4096):
                self.command(line.decode("utf-8", "replace").strip())
        except (Cut, OSError, ValueError):
            pass
        finally:
            self.file.close()
            self.sock.close()

    def at(self, phase: str) -> bool:
        """Whether a fault struck at this phase and answered already."""
        with self.lock:
            path = Path(self.options.faults)
            waiting = path.read_text().splitlines() if path.exists() else []
            if not waiting or waiting[0].partition("=")[0] != phase:
                return False
            aside = path.with_suffix(".server")
            aside.write_text("".join(f"{fault}\n" for fault in waiting[1:]))
            os.replace(aside, path)
        return self.strike(waiting[0].partition("=")[2])

    def strike(self, what: str) -> bool:
        if what.startswith("kill:"):
            self.settle()  # first: whoever waits for the process to end counts what was taken
            os.kill(int(what[5:]), signal.SIGKILL)
            time.sleep(0.05)  # until the kernel has taken the process away; the letter's fate is ours to say
            return False
        if what in ("cut", "rst"):
            if what == "rst":
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise Cut
        if what == "silence":
            time.sleep(3600)
        text = {"long": "250 " + "x" * 20000, "garbage": "\x16\x03 what?"}.get(what, what)
        if text.endswith("|cut"):
            self.sock.sendall(text[:-4].encode())
            raise Cut
        self.say(text)
        if text.startswith("421"):
            raise Cut
        return True

    def say(self, text: str) -> None:
        self.sock.sendall(f"{text}\r\n".encode())

    def command(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            self.at("EHLO") or self.hello()
        elif line.upper() == "STARTTLS":
            self.at("STARTTLS") or self.encrypt()
        elif verb == "AUTH":
            self.at("AUTH") or self.authenticate(line)
        elif verb == "MAIL":
            self.sender, self.recipient = address(line), ""
            self.at("MAIL") or self.say("250 2.1.0 Ok")
        elif verb == "RCPT":
            self.recipient = f"{self.recipient} {address(line)}".strip()
            self.at("RCPT") or self.say("250 2.1.5 Ok")
        elif verb == "DATA":
            self.at("DATA") or self.data()
        elif verb == "QUIT":
            self.at("QUIT") or self.say("221 2.0.0 Bye")
            raise Cut
        else:
            self.say("250 Ok")

    def hello(self) -> None:
        offers = ["counting.test", "8BITMIME"]
        offers += [] if self.options.no_pipelining else ["PIPELINING"]
        if self.options.starttls and not self.encrypted:
            offers.append("STARTTLS")
        if (self.options.auth or self.options.tokens) and (self.encrypted or self.options.auth_in_plain):
            offers.append("AUTH " + self.options.mechanisms)
        self.sock.sendall(
            "".join(f"250{'-' if n < len(offers) else ' '}{o}\r\n" for n, o in enumerate(offers, 1)).encode()
        )

    def encrypt(self) -> None:
        self.say("220 2.0.0 Ready")
        self.file.close()
        self.sock = context(self.options).wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")
        self.encrypted = True

    def authenticate(self, line: str) -> None:
        Path(self.options.log).with_name("heard").touch()
        _, mechanism, *initial = line.split(" ")
        said = initial[0] if initial else self.ask("")
        if mechanism.upper() == "LOGIN":
            user = base64.b64decode(said or self.ask("VXNlcm5hbWU6")).decode()
            given = f"{user}:{base64.b64decode(self.ask('UGFzc3dvcmQ6')).decode()}"
        elif mechanism.upper() == "XOAUTH2":
            words = dict(part.split("=", 1) for part in base64.b64decode(said).decode().split("\x01") if part)
            given = f"{words['user']}:{words['auth'].removeprefix('Bearer ')}"
        else:
            given = base64.b64decode(said).decode().split("\0", 1)[1].replace("\0", ":")
        known = Path(self.options.tokens).read_text() if self.options.tokens else self.options.auth
        self.say("235 2.7.0 Welcome" if given == known else "535 5.7.8 Wrong password")

    def ask(self, challenge: str) -> str:
        self.say(f"334 {challenge}")
        return self.file.readline(4096).decode().strip()

    def data(self) -> None:
        self.say("354 End with a dot")
        lines: list[bytes] = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 5 and self.at("body"):
                raise Cut
        if not line:
            raise Cut
        self.whole = b"".join(lines)
        if self.at("dot"):
            self.whole = b""
            return
        self.settle()
        self.at("taken") or self.say("250 2.0.0 Ok: queued as 1")

    def settle(self) -> None:
        """Take the letter that is here as a whole, once."""
        if self.whole:
            self.take(self.whole)
        self.whole = b""

    def take(self, content: bytes) -> None:
        found = re.search(rb"^Message-ID:\s*(<[^>]+>)", content, re.MULTILINE | re.IGNORECASE)
        entry = {
            "id": found[1].decode() if found else "",
            "from": self.sender,
            "to": self.recipient,
            "sha256": hashlib.sha256(content).hexdigest(),
            "date": (re.search(rb"^Date: (.*?)\r$", content, re.MULTILINE) or [b"", b""])[1].decode(),
        }
        if self.options.text:
            entry["text"] = content.decode("ascii")
        with self.lock, open(self.options.log, "a") as log:
            log.write(json.dumps(entry) + "\n")
            log.flush()
            os.fsync(log.fileno())


def address(line: str) -> str:
    found = re.search(r"<([^>]*)>", line)
    return found[1] if found else ""


def context(options: argparse.Namespace) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options.certificate)
    return made


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("faults")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--starttls", action="store_true")
    parser.add_argument("--certificate")
    parser.add_argument("--auth")
    parser.add_argument("--tokens", help="a file that holds USER:TOKEN")
    parser.add_argument("--text", action="store_true", help="write down what the letters say, too")
    parser.add_argument("--auth-in-plain", action="store_true")
    parser.add_argument("--mechanisms", default="PLAIN LOGIN XOAUTH2")
    parser.add_argument("--no-pipelining", action="store_true")
    options = parser.parse_args(arguments)
    lock = threading.Lock()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            sock, _ = server.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(sock, options, lock), daemon=True).start()


def serve(sock: socket.socket, options: argparse.Namespace, lock: threading.Lock) -> None:
    try:
        wrapped = context(options).wrap_socket(sock, server_side=True) if options.tls else sock
    except (OSError, ssl.SSLError):
        sock.close()
        return
    Session(wrapped, options, lock).run()


if __name__ == "__main__":
    main(sys.argv[1:])
