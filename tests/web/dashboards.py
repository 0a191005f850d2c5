"""A real dashboard on a free port of this computer, and a visitor who speaks HTTP by hand."""

from __future__ import annotations

import hashlib
import http.client
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

from outreach.web.serving import serve
from tests.sending.campaigns import write_campaign

NOW = "2026-01-13T09:30:00+01:00"


@contextmanager
def served(root: Path, port: int = 0) -> Iterator[str]:
    """The dashboard of the campaign in `root`; the address that it says."""
    addresses: Queue[str] = Queue()
    servers: Queue[Any] = Queue()
    thread = Thread(target=serve, args=(root, port, addresses.put, servers.put), daemon=True)
    thread.start()
    address = addresses.get(timeout=60)
    try:
        yield address
    finally:
        servers.get().should_exit = True
        thread.join(timeout=30)


@dataclass
class Answer:
    """What the dashboard said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Visitor:
    """A browser without a screen: it keeps the cookie and says what a browser says, unless told otherwise."""

    address: str
    cookie: str = ""
    language: str = "en"
    port: int = 0
    """Where it listens, if the address does not say so."""
    _forms: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def ask(self, method: str, path: str, body: str | None = None, **headers: str | None) -> Answer:
        """One request; a header given as None is left out."""
        said: dict[str, str | None] = {
            "Host": self.host,
            "Accept-Language": self.language,
            **({"Cookie": self.cookie} if self.cookie else {}),
        }
        if body is not None:
            said |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(body.encode())),
                "Origin": f"{urlsplit(self.address).scheme}://{self.host}",
                "Sec-Fetch-Site": "same-origin",
            }
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        port = self.port or urlsplit(self.address).port
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in said.items():
                if value is not None:
                    line.putheader(name, value)
            line.endheaders(body.encode() if body is not None else None)
            found = line.getresponse()
            headers = {k.lower(): v for k, v in found.getheaders()}
            cookies = "\n".join(found.headers.get_all("Set-Cookie", []))
            return Answer(found.status, headers | ({"set-cookie": cookies} if cookies else {}), found.read())

    def come_in(self) -> Visitor:
        """Open the address that was printed."""
        split = urlsplit(self.address)
        answer = self.ask("GET", f"{split.path}?{split.query}")
        assert answer.status == 200, answer.text
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return self

    def get(self, path: str, **headers: str | None) -> Answer:
        return self.ask("GET", path, **headers)

    def page(self, path: str) -> str:
        """The page, which must be there."""
        answer = self.get(path)
        assert answer.status == 200, f"{path}: {answer.status} {answer.text[:500]}"
        return answer.text

    def token(self) -> str:
        """The token that stands in every form."""
        found = re.search(r'name="form_token" value="([^"]+)"', self.page("/hold"))
        assert found is not None
        return found[1]

    def post(self, path: str, form: Mapping[str, str], **headers: str | None) -> Answer:
        """Send a form as its page would."""
        return self.ask("POST", path, urlencode({"form_token": self.token(), **form}), **headers)

    def shown_digest(self, path: str, id: str = "") -> str:
        """The digest in the page's form (of the letter or post of that id)."""
        pattern = rf'name="id" value="{re.escape(id)}"[^>]*><input type="hidden" name="digest" value="([0-9a-f]+)"'
        found = re.search(pattern if id else r'name="digest" value="([0-9a-f]+)"', unescape(self.page(path)))
        assert found is not None
        return found[1]


def written(root: Path) -> dict[str, str]:
    """Every file of the campaign and every row of its ledgers, as digests."""
    found = {}
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.suffix in (".lock", ".db-wal", ".db-shm") or path.name.endswith(("-wal", "-shm")):
            continue
        found[str(path.relative_to(root))] = hashlib.sha256(path.read_bytes()).hexdigest()
    for path in root.glob(".outreach/*.db"):
        with closing(sqlite3.connect(path)) as db:
            found[f"{path.name}, its rows"] = hashlib.sha256("\n".join(db.iterdump()).encode()).hexdigest()
    return found


POST = """---
networks: [bluesky, mastodon]
at: {at}
---
We wrote to many, and here is why: https://example.org/why #Europe
---
The second part, with @someone.
"""


def write_full_campaign(root: Path, contacts: int = 4) -> Path:
    """A small campaign with letters, a thread, a decision and a checklist."""
    more = (
        "decisions:\n  - {id: go, ask: Shall we?, choices: ['yes', 'no'], by: 2026-01-20}\n"
        "calendar: {days: [tue, wed, thu]}\n"
    )
    write_campaign(root, contacts=contacts, more=more)
    text = (root / "campaign.yaml").read_text(encoding="utf-8")
    accounts = (
        "accounts:\n  mail: {transport: outbox, inbox: {folder: mailbox}}\n"
        "  bluesky: {service: 'https://bsky.social', handle: us.example.org}\n"
        "  mastodon: {server: 'https://social.example'}\n"
    )
    (root / "campaign.yaml").write_text(text.replace("pace:", f"{accounts}pace:"), encoding="utf-8")
    (root / "posts").mkdir(exist_ok=True)
    (root / "posts" / "thread.md").write_text(POST.format(at="2026-01-15 10:00"), encoding="utf-8")
    (root / "checklists").mkdir(exist_ok=True)
    (root / "checklists" / "before.md").write_text("- [ ] Read the brief again\n", encoding="utf-8")
    return root
