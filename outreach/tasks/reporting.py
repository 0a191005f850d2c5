"""The report of who was contacted, and all that is kept about one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from outreach import storage
from outreach.errors import CannotTell, Refused, raising_cannot_write
from outreach.history import renamed, taken_back
from outreach.ledger.blobs import kept_if_there
from outreach.letters.mime.freezing import carried
from outreach.model.contact import Contact
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.plan import Plan
from outreach.model.report import Report
from outreach.pages.report_files import is_report
from outreach.planning.gates import facts_of
from outreach.planning.world import World
from outreach.reporting import Book, for_everybody, make_report
from outreach.reporting.book import SHOWN
from outreach.reporting.processing import Processing, processing
from outreach.tasks.campaign import load
from outreach.tasks.editing import Edit
from outreach.tasks.looking import status_of
from outreach.tasks.world import Session, looked_at
from outreach.words.blanking import ERASED

OWN_WORDS = "reports"
"""The folder of the campaign with your own sentences: a Markdown file for each month and its readers."""
LARGEST = 200_000_000
"""Bytes of a report that may be written over."""


def report(
    root: Path, *, since: date | None = None, public: bool = False, seen: tuple[World, Plan] | None = None
) -> Report:
    """Who was contacted when, with what, and what came of it; nothing is written.

    `seen` is the campaign as it was just looked at: to plan thousands of letters again takes longer than all the rest.

    Raises CampaignUnreadable, and what the ledger raises.
    """
    with looked_at(root, load(root)) as opened:
        found = status_of(opened, seen=_with_erased(opened, *(seen or opened.foreseen())))
        book = Book(found.world.contacts, taken_back(opened.ledger.taking_back()))
        for event in opened.ledger.stream(SHOWN):
            book.take(event)
        made = make_report(found.world, found.plan, found.statuses, book, _carried(opened, found.world), since)
        if not public:
            return made
        return for_everybody(made, found.world.templates, opened.loaded.materials(facts_of(found.world)))


def _with_erased(opened: Session, world: World, plan: Plan) -> tuple[World, Plan]:
    """The world with a nameless contact for everybody who was erased, so that what was counted stays counted."""
    tokens: dict[str, list[Event]] = {}
    for event in opened.ledger.of_kind(EventKind.FORGOTTEN):
        tokens.setdefault(event.payload.names or event.contact or "", []).append(event)
    nameless = [
        Contact(
            id=token,
            name=ERASED,
            file="",
            was=tuple(event.contact for event in events if event.contact not in (None, token)),
            tier=next((int(event.numbers["tier"]) for event in events if "tier" in event.numbers), None),
            do_not_contact=ERASED,
        )
        for token, events in tokens.items()
        if any(each.contact in world.past.contacts for each in events)
    ]
    contacts = (*world.contacts, *nameless)
    return replace(world, contacts=contacts, past=renamed(world.past, nameless)), plan


def own_words(root: Path, month: date, audience: str) -> Edit:
    """Your own sentences in the report of a month for its readers, as their file has them (nothing edited)."""
    file = f"{OWN_WORDS}/{month:%Y-%m}-{audience}.md"
    content = storage.read(root, file) if storage.exists(root, file) else None
    text = content.decode("utf-8", "replace") if content is not None else ""
    return Edit(file=file, read=None if content is None else storage.digest(content), before=text, after=text)


def records(root: Path) -> Processing:
    """The record of processing, and the register of requests without names; nothing is written.

    Raises CampaignUnreadable, and what the ledger raises.
    """
    with looked_at(root, load(root)) as opened:
        is_taken_back = taken_back(opened.ledger.taking_back())
        erased = {event.payload.names for event in opened.ledger.of_kind(EventKind.FORGOTTEN)}
        events = (  # erasing one person of an organisation takes back the task to do so: that request was met
            each
            for each in opened.ledger.stream()
            if not is_taken_back(each) or (each.kind is EventKind.PROMISE and each.payload.names in erased)
        )
        return processing(opened.world(), events)


def _carried(opened: Session, world: World) -> Mapping[LetterId, tuple[str, ...]]:
    """What each letter carried, read from the very bytes that left; what is gone from there is not known."""
    versions = _versions(opened, world)
    present = {was: contact.id for contact in world.contacts for was in contact.was}
    known: dict[str, tuple[str, ...]] = {}
    found = {}
    for letter, digest in opened.ledger.sent_digests().items():
        if digest not in known:
            frozen = kept_if_there(opened.root, digest)
            files = carried(frozen) if frozen is not None else []
            known[digest] = tuple(f"{name} ({versions.get(sha256, sha256[:12])})" for name, sha256 in files)
        found[letter] = known[digest]
        if letter.contact in present:
            found[replace(letter, contact=present[letter.contact])] = known[digest]
    return found


def _versions(opened: Session, world: World) -> dict[str, str]:
    """The version of each attachment as it is in the folder now, by its sha256."""
    named = world.campaign.attachments
    return {
        file.facts.sha256: f"version {version}"
        for name, file in opened.loaded.attachments.items()
        if name in named and (version := named[name].version)
    }


def write_report(root: Path, target: Path, pieces: Iterable[bytes], *, public: bool = False) -> None:
    """Write it whole or not at all; what is not a report of ours stays. Only a `public` one may be read by others.

    Raises CannotTell, CannotWrite, Refused.
    """
    base, name = storage.named(root, target)
    with raising_cannot_write(str(target)):
        if not _is_free(base, name, target.suffix):
            raise CannotTell(
                f"{target} exists already, and is not a report of outreach",
                "Name another file, or move that one away.",
            )
        storage.write(base, name, pieces, storage.SHARED if public else storage.PRIVATE, durable=False)


def _is_free(base: Path, name: str, suffix: str) -> bool:
    """Whether nothing is there, or a report of ours."""
    if not storage.exists(base, name):
        return True
    try:
        return is_report(suffix, storage.read(base, name, LARGEST))
    except Refused:  # a link, a pipe, a folder, or far too large for a report
        return False
