"""What a remote of the campaign's repository would show of people, where it is not said to be private."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from outreach.campaign.contacts_plain import standing_files
from outreach.campaign.contacts_private import FOLDER
from outreach.connections.git import upstream
from outreach.model.campaign import Campaign
from outreach.model.problem import Problem
from outreach.words.natural_persons import is_personal_address


def public_names(root: Path, campaign: Campaign) -> list[Problem]:
    """One warning that counts the people, personal addresses and notes in files that Git shares with others.

    Nothing is said without a remote on another computer, or where `repository` says who can read it.
    """
    shared = None
    with suppress(OSError):
        shared = upstream(root)
    host = _host(shared.url) if shared is not None else ""
    if campaign.repository is not None or not host:
        return []
    people = addresses = notes = 0
    first = ""
    for file in standing_files(root):
        if file.file.startswith(FOLDER):
            continue
        for contact in file.contacts:
            values = contact.own
            named = [*values.get("people", ()), *([{}] if values.get("kind") == "person" else ())]
            mails = [each.get("email") for each in (*values.get("channels", ()), *values.get("people", ()))]
            personal = sum(is_personal_address(str(mail)) for mail in mails if mail)
            people, addresses, notes = people + len(named), addresses + personal, notes + ("internal_notes" in values)
            if not first and (named or personal or "internal_notes" in values):
                first = contact.file
    if not first:
        return []
    return [
        Problem(
            file=campaign.file,
            line=campaign.line_of("repository"),
            code="public-names",
            message=f"Whoever can read the repository at {host} sees {_many(people, 'person', 'people')} by name, "
            f"{_many(addresses, 'personal address', 'personal addresses')} and "
            f"{_many(notes, 'internal note', 'internal notes')} (first {first}).",
            hint="Move them to contacts/private/ID.yaml, or write `repository: private` if nobody else can read it "
            "(`public` if everybody may read all of this).",
        )
    ]


def _host(url: str) -> str:
    """The computer that a remote is on; "" for this one."""
    if "://" in url:
        return urlsplit(url).hostname or ""
    return url.partition(":")[0].rpartition("@")[2] if ":" in url and not url.startswith(("/", ".")) else ""


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
