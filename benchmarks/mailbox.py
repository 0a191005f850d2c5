"""`outreach sync` over a mailbox of 50,000 messages: the second time, and one new message, against the first.

    python benchmarks/mailbox.py [MESSAGES]

A Maildir of newsletters; each `sync` is a process of its own, so that its memory can be read. The first has to look at
every message, the later ones at what is new. Memory should not grow with the mailbox: a tenth of it is read for that.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MESSAGES = 50_000


def campaign(folder: Path, messages: int) -> None:
    """A campaign with one contact, and a Maildir."""
    for name in ("contacts", "templates", "mail/cur", "mail/new", "mail/tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "campaign.yaml").write_text(
        "id: bench\ntitle: Bench\nsender: {name: Alex, email: alex@sender.example}\n"
        "accounts: {mail: {inbox: {folder: mail}}}\nwaves: [{id: one, to: 'tier == 0', template: hello}]\n",
        encoding="utf-8",
    )
    (folder / "contacts" / "a.yaml").write_text(
        "name: Contact\ntier: 0\nchannels: [{email: info@contact.example}]\n", encoding="utf-8"
    )
    (folder / "templates" / "hello.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}\n", "utf-8")
    for number in range(messages):
        arrives(folder, number)


def arrives(folder: Path, number: int) -> None:
    text = (
        f"From: News <news{number % 500}@list{number % 97}.example>\r\nTo: alex@sender.example\r\n"
        f"Subject: Newsletter {number}\r\nDate: Mon, 01 Jun 2026 10:00:00 +0000\r\n"
        f"Message-ID: <{number}@list.example>\r\n\r\n" + "Words of the week. " * 200
    )
    (folder / "mail" / "cur" / f"{1700000000 + number}.M1P{number}.host:2,S").write_bytes(text.encode())


def sync(folder: Path) -> tuple[float, int]:
    """Seconds, and the most memory in MB, of one `outreach sync`."""
    began = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "outreach", "sync", "--campaign", str(folder)],
        {**os.environ, "PYTHONPATH": str(ROOT)},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    usage = os.wait4(child, 0)[2]
    return time.perf_counter() - began, usage.ru_maxrss // 1024


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else MESSAGES
    os.environ.pop("OUTREACH_NOW", None)
    with tempfile.TemporaryDirectory() as name:
        small, folder = Path(name) / "small", Path(name) / "whole"
        campaign(small, messages // 10)
        campaign(folder, messages)
        _, tenth = sync(small)
        first, whole = sync(folder)
        second, _ = sync(folder)
        arrives(folder, messages)
        third, _ = sync(folder)
    print(f"{messages:,} messages: first sync {first:.1f} s")
    print(f"of that, the second took {second / first:.2f}, and the one after a new message {third / first:.2f}")
    print(f"memory: {whole} MB, for a tenth of the mailbox {tenth} MB ({whole / tenth:.2f} times)")


if __name__ == "__main__":
    main()
