"""A campaign with accounts everywhere: as it was when its secrets were entered, and with keys of them changed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.security.everywhere import Everywhere
from tests.sending.campaigns import run

ALEX = "alex@real.example"
REMOTE = {
    "mail": {
        "transport": "smtp", "host": "mail.real.example", "port": 587, "security": "starttls", "user": ALEX,
        "inbox": {"imap": "imap.real.example", "port": 993, "user": ALEX},
    },
    "bluesky": {"service": "https://bsky.social", "handle": "alex.bsky.social"},
    "mastodon": {"server": "https://social.example"},
}  # fmt: skip
HERE = {
    "mail": {
        "transport": "smtp", "host": "localhost", "port": 1025, "security": "starttls", "user": ALEX,
        "ca_file": "own.pem", "inbox": {"imap": "localhost", "port": 1143},
    },
    "bluesky": {"service": "http://localhost:2583", "handle": "alex.bsky.social"},
    "mastodon": {"server": "http://localhost:3000", "account": "alex@social.example"},
}  # fmt: skip

GOOGLE = {
    **REMOTE,
    "mail": {
        "transport": "smtp", "auth": "google", "host": "smtp.gmail.com", "port": 587, "security": "starttls",
        "user": ALEX, "inbox": {"imap": "imap.gmail.com", "port": 993, "user": ALEX},
    },
}  # fmt: skip


def new_campaign(root: Path, server: Everywhere, accounts: dict[str, Any]) -> Path:
    for folder in ("contacts", "templates", "posts"):
        (root / folder).mkdir(parents=True)
    (root / "contacts" / "a.yaml").write_text(
        "- {id: acme, name: Acme, channels: [{email: info@acme.example}, {bluesky: acme.example}]}\n"
    )
    (root / "templates" / "hello.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }},\n\na word.\n")
    window = "window: {from: 2020-01-01, to: 2099-12-31}"
    (root / "posts" / "one.md").write_text(f"---\nnetworks: [bluesky, mastodon]\n{window}\n---\nHello world\n")
    for name in ("own", "hostile"):
        server.authorities[name].cert_pem.write_to_path(str(root / f"{name}.pem"))
    write(root, accounts)
    return root


def write(root: Path, accounts: dict[str, Any]) -> None:
    campaign = {
        "id": "c", "title": "C", "approval": "none", "accounts": accounts,
        "sender": {"name": "Alex", "email": "sender@real.example"},
        "legal": {"basis": "legitimate-interest", "interest": "asking"},
        "waves": [{"id": "w", "to": "true", "template": "hello"}],
    }  # fmt: skip
    (root / "campaign.yaml").write_text(yaml.safe_dump(campaign, sort_keys=False))


def changed(name: str, changes: Iterable[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    """The accounts that a campaign was prepared with, and those keys of them changed."""
    accounts: dict[str, Any] = deepcopy({"here": HERE, "google": GOOGLE}.get(name.partition("-")[0], REMOTE))
    for (*path, key), value in changes:
        within = accounts
        for each in path:
            within = within[each]
        within.pop(key, None)
        if value is not None:
            within[key] = value
    return accounts


def log_in(root: Path, what: str, secret: str, *more: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(f"{secret}\n"))
        answer = run(root, "login", what, *more)
    assert answer.code == 0, answer
