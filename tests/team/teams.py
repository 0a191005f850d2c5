"""A campaign with people, served to them on a free port, and visitors who are logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from outreach.team.serving import Where, serve_team
from tests.web.dashboards import Answer, Visitor

ADDRESS = "https://outreach.test"
PEOPLE = """people:
  - {name: Rita Reader, email: rita@team.example}
  - {name: Walter Writer, email: walter@team.example, roles: write}
  - {name: Anna Approver, email: anna@team.example, roles: [read, approve]}
  - {name: Sam Sender, email: sam@team.example, roles: [send]}
  - {name: Maria Example, email: Maria@team.example, roles: [write, approve, send]}
"""


def write_people(root: Path, text: str = PEOPLE, **more: str) -> Path:
    """Give the campaign people; `more` replaces texts of its settings."""
    file = root / "campaign.yaml"
    settings = file.read_text(encoding="utf-8")
    for old, new in more.items():
        settings = settings.replace(old, new)
    file.write_text(settings + text, encoding="utf-8")
    return root


def by_smtp(root: Path, port: int) -> Path:
    """Send through a plain SMTP server on this computer."""
    file = root / "campaign.yaml"
    way = f"{{transport: smtp, host: 127.0.0.1, port: {port}, insecure_loopback: true}}"
    settings = re.sub(r"  mail: {.*", f"  mail: {way}", file.read_text(encoding="utf-8"))
    file.write_text(settings, encoding="utf-8")
    return root


@dataclass
class Team:
    """A running `outreach serve`: where it listens, and what it said on its terminal."""

    port: int
    server: Any
    address: str = ADDRESS
    told: list[str] = field(default_factory=list)

    def stranger(self) -> Visitor:
        """A browser that nobody knows."""
        return Visitor(self.address, port=self.port)

    def member(self, email: str) -> Visitor:
        """Somebody who logged in."""
        visitor = self.stranger()
        key = self.server.config.app._door.let_in(email, None)
        assert key is not None, email
        visitor.cookie = f"{self.server.config.app._site.cookie}={key}"
        return visitor


@contextmanager
def served_team(root: Path, address: str = ADDRESS, proxies: Sequence[str] = (), port: int = 0) -> Iterator[Team]:
    """The campaign in `root`, open to its people."""
    bound: Queue[str] = Queue()
    servers: Queue[Any] = Queue()
    told: list[str] = []
    where = Where(address=address, port=port, proxies=proxies)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            serve_team(root, where, bound.put, told.append, servers.put)
        except BaseException as error:
            failed.append(error)
            bound.put("")

    thread = Thread(target=run, daemon=True)
    thread.start()
    at = bound.get(timeout=60)
    if failed:
        raise failed[0]
    server = servers.get()
    try:
        yield Team(port=int(at.rpartition(":")[2]), server=server, address=address, told=told)
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def form(visitor: Visitor, path: str, values: dict[str, str], **headers: str | None) -> Answer:
    """Send a form of a page before the login, which has no token."""
    return visitor.ask("POST", path, urlencode(values), **headers)


def taken(answer: Answer, visitor: Visitor) -> dict[str, str]:
    """Keep the cookies of an answer as a browser does; those that were set, with all that was said of each."""
    kept = dict(part.split("=", 1) for part in visitor.cookie.split("; ") if part)
    said = {}
    for line in answer.headers.get("set-cookie", "").split("\n"):
        if line:
            name, _, rest = line.partition("=")
            said[name] = rest
            kept[name] = rest.partition(";")[0].strip('"')
    visitor.cookie = "; ".join(f"{name}={value}" for name, value in kept.items() if value)
    return said
