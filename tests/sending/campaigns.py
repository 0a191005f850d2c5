"""A small campaign whose letters leave over SMTP on this computer, or into the outbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from outreach.connections.secrets import Secret, Secrets
from outreach.tasks.login import mail_logins
from tests.acceptance.command import Answer, outreach

ROOT = Path(__file__).resolve().parent.parent.parent
FAST = "{gap: 0s, per_hour: 100000, per_day: 100000, per_domain_per_hour: 100000}"


def write_campaign(root: Path, *, port: int | None = None, contacts: int = 3, mail: str = "", more: str = "") -> Path:
    """A campaign of `contacts` organisations, all due at once; `port` is a plain SMTP server's on loopback."""
    plain = f"{{transport: smtp, host: 127.0.0.1, port: {port}, insecure_loopback: true}}" if port else ""
    account = mail or plain
    accounts = f"accounts:\n  mail: {account}\n" if account else ""
    for folder in ("contacts", "templates"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "campaign.yaml").write_text(
        "id: small\ntitle: Small\ntimezone: Europe/Brussels\n"
        "sender: {name: Alex Example, email: alex@sender.example}\n"
        "attachments: {brief: brief.txt}\n"
        f"{accounts}pace: {FAST}\n"
        "legal: {basis: legitimate-interest, interest: asking}\n"
        "waves:\n  - {id: one, to: 'tier == 0', template: hello, asks_for: nothing, "
        "follow_up: {after: 14d, template: again}}\n" + more,
        encoding="utf-8",
    )
    (root / "brief.txt").write_text("The brief.\n" * 500, encoding="utf-8")
    rows = [f"c{n:04},Contact {n},0,info@c{n:04}.example,Angle {n}." for n in range(contacts)]
    (root / "contacts" / "all.csv").write_text(
        "\n".join(["id,name,tier,email,personal_text", *rows]) + "\n", encoding="utf-8"
    )
    (root / "templates" / "hello.md").write_text(
        "---\nsubject: Hello {{ contact.name }}\nattachments: [brief]\n---\nDear {{ contact.name }},\n\n"
        "{{ contact.personal_text }}\n\n{{ sender.name }}\n",
        encoding="utf-8",
    )
    (root / "templates" / "again.md").write_text(
        "---\nsubject: Once more\n---\nDear {{ contact.name }}, did you see it?\n", encoding="utf-8"
    )
    return root


def enter(root: Path, secret: str, *, token: bool = False) -> None:
    """Keep a secret for every mail server of a campaign, as `login mail` does once it was tried."""
    for identity in (each for login in mail_logins(root) for each in login.servers):
        Secrets().put(identity.as_token if token else identity, Secret(secret))


def run(root: Path, *words: str, now: str | None = None) -> Answer:
    """Run the command in this process, on the real ledger unless `now` is given."""
    before = os.environ.pop("OUTREACH_NOW", None)
    if now:
        os.environ["OUTREACH_NOW"] = now
    try:
        return outreach(*words, folder=root)
    finally:
        os.environ.pop("OUTREACH_NOW", None)
        if before is not None:
            os.environ["OUTREACH_NOW"] = before


def process(root: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "CI", "GIT_CONFIG_GLOBAL") if name in os.environ
    }
    command = [sys.executable, "-m", "outreach", *words, "--campaign", str(root)]
    return subprocess.Popen(
        command, cwd=ROOT, env={**kept, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def said(root: Path, *words: str, **keys: Any) -> dict[str, Any]:
    """What the command prints with `--json`."""
    answer = run(root, *words, "--json", **keys)
    assert answer.out, answer.err
    return dict(json.loads(answer.out))


def results(root: Path, *words: str, **keys: Any) -> dict[str, str]:
    """What `send` did or would do with each letter, by id."""
    return {action["id"]: action["result"] for action in said(root, "send", *words, **keys)["actions"]}
