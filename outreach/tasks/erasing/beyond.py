"""What stands where no program reaches: mailboxes, Git, servers, backups. It is said, so that a person can act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from outreach.connections.git import git
from outreach.history.address_marks import normalised
from outreach.ledger.shared import LEFT, left_in_shared
from outreach.model.contact import Contact
from outreach.model.erasure import Erased, Fate, Place, Room
from outreach.model.event import EventKind
from outreach.tasks.world import Session

_MOST_COMMITS = 20  # named in one line; whoever rewrites the history has to look through all of it anyway


def beyond(opened: Session, erased: Erased) -> Iterator[Place]:
    """What no program erases for them: it is said, so that a person can."""

    def place(where: str, says: str) -> Place:
        return Place(room=Room.BEYOND, fate=Fate.BEYOND, where=where, says=says)

    addresses = {normalised(each) for each in erased.addresses}
    past = opened.ledger.past()
    for id in (*erased.contacts, *erased.within):
        for letter in past.contacts[id].letters if id in past.contacts else ():
            if id in erased.within and normalised(letter.address or "") not in addresses:
                continue
            subject = f'"{letter.said}", ' if letter.said else ""
            where = "your drafts" if letter.kind is EventKind.IN_DRAFTS else "your Sent folder"
            yield place(where, f"{subject}{letter.at:%-d %B %Y}: delete it there")
    messages = opened.ledger.mail().messages()
    if any(each.contact in erased.contacts or normalised(each.sender) in addresses for each in messages):
        for inbox in opened.campaign.accounts.mail.inboxes:
            name = inbox.folder or inbox.user or inbox.imap
            yield place(f"your mailbox ({name})", "what they wrote to you: delete it there")
    for contact in opened.loaded.folder.contacts:
        if contact.id in erased.contacts and (given := _given_by(contact)):
            yield place("whoever gave you the address", f"{given}: tell them that this person was erased")
    commits = _commits(opened.root, erased, [c for c in opened.loaded.folder.contacts if c.id in erased.contacts])
    if commits:
        yield place(
            "Git", f"the history still has them in {', '.join(commits)}; `outreach help privacy` says how to rewrite it"
        )
    if opened.campaign.ledger == "postgresql":
        yield place("PostgreSQL", "the server's own log, its replicas and its backups keep what they have for a while")
    for left in left_in_shared(opened.root):
        server, _, schema = left.rpartition(", schema ")
        drop = f'DROP SCHEMA "{schema}" CASCADE; (then remove its line from {LEFT})'
        yield place(f"PostgreSQL at {server}", f"the history from before `ledger move` still has them; drop it: {drop}")
    yield place("backups elsewhere", "files of `outreach backup`, copies of this folder, the computers of your team")


def _given_by(contact: Contact) -> str:
    return contact.imported_from or contact.found_at or ""


def _commits(root: Path, erased: Erased, contacts: list[Contact]) -> list[str]:
    """The commits that brought or changed their contact, the newest first; "" where Git knows none."""
    found: list[str] = []
    for word in (*erased.addresses[:3], *erased.names[:2], *(f"id: {id}" for id in erased.contacts[:2])):
        printed = git(root, "log", "--all", "--format=%h", f"--max-count={_MOST_COMMITS}", f"-S{word}") or b""
        found += printed.decode("ascii", "replace").split()
    return list(dict.fromkeys(found))[:_MOST_COMMITS]
