"""Folders restored, clones that did not pull, histories lost, in any order: after one sync nobody gets a letter again.

`OUTREACH_INTERLEAVINGS` says how many orders are tried.
"""

from __future__ import annotations

import os
import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.inbox.messages import message
from tests.inbox.test_sync import SENT_ON
from tests.sending.campaigns import run, write_campaign
from tests.servers.counting import Counting, counting

ORDERS = int(os.environ.get("OUTREACH_INTERLEAVINGS", "2"))
_STEPS = ("send", "send", "sync", "lose", "restore", "other clone", "keep")


class World:
    """A campaign on several computers with one mail account; what each had at some time can come back."""

    def __init__(self, folder: Path, server: Counting) -> None:
        relay = f"host: 127.0.0.1, port: {server.port}, insecure_loopback: true"
        mail = f"{{transport: smtp, {relay}, inbox: {{folder: mailbox}}}}"
        self.root, self.server, self.kept = write_campaign(folder / "campaign", mail=mail), server, folder / "kept"
        self.at = datetime.fromisoformat(SENT_ON)
        (self.root / "mailbox").mkdir()
        self.versions: list[Path] = []

    def do(self, step: str, chance: random.Random, limit: int = 0) -> None:
        self.at += timedelta(minutes=chance.choice([5, 90]))
        now = self.at.isoformat()
        if step == "send":
            run(self.root, "approve", "one", now=now)
            run(self.root, "send", "one", "--go", "--no-wait", "--limit", str(limit or chance.choice([1, 3])), now=now)
            self.copy_to_sent()
        elif step == "sync":
            run(self.root, "sync", now=now)
        elif step == "lose":
            shutil.rmtree(self.root / ".outreach", ignore_errors=True)
        elif step == "keep":
            version = self.kept / str(len(self.versions))
            shutil.copytree(self.root, version, ignore=shutil.ignore_patterns("mailbox"))
            self.versions.append(version)
        elif self.versions:
            self.bring_back(chance.choice(self.versions), whole=step == "restore")

    def bring_back(self, version: Path, *, whole: bool) -> None:
        """A restored folder has its history; a clone that did not pull has its files, and a history of its own."""
        for each in self.root.iterdir():
            if each.name != "mailbox":
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        ignored = shutil.ignore_patterns(*(() if whole else (".outreach",)))
        shutil.copytree(version, self.root, dirs_exist_ok=True, ignore=ignored)

    def copy_to_sent(self) -> None:
        """What the mail provider does with each letter that it takes."""
        for number, letter in enumerate(self.server.letters()):
            file = self.root / "mailbox" / f"sent{number}.eml"
            if not file.exists():
                us, to, id = "alex@sender.example", letter["to"], letter["id"]
                file.write_bytes(message(us, "Hello", subject="Hello", to=to, id=id, at=self.at))


@pytest.mark.parametrize("order", range(ORDERS))
def test_nobody_gets_a_letter_again(tmp_path: Path, order: int) -> None:
    chance = random.Random(order)
    with counting(tmp_path / "server") as server:
        world = World(tmp_path, server)
        world.do("keep", chance)
        steps = [chance.choice(_STEPS) for _ in range(7)]
        for step in steps:
            world.do(step, chance)
        for step in ("sync", "send", "send"):
            world.do(step, chance, limit=9)
        firsts = [letter["to"] for letter in server.letters()]
        assert len(firsts) == len(set(firsts)) == 3, steps
