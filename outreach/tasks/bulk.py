"""The same for many contacts at once: in their files (tags, owner, priority), in a wave's `to` (leaving them out), as
events (pauses, "no more mail").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.contacts_plain import changed, contacts_in, read_again, standing_files
from outreach.campaign.splicing import changed as spliced
from outreach.campaign.text import normal
from outreach.errors import CannotTell, UnknownName
from outreach.model.event import EventKind
from outreach.model.payload import PlainPayload
from outreach.model.records import dataclass
from outreach.tasks.campaign import load
from outreach.tasks.editing import Edit, save, take_back
from outreach.tasks.log import undo
from outreach.tasks.setting_up import FILE as CAMPAIGN
from outreach.tasks.world import session
from outreach.words.suggestions import nearest

Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""The values of a contact -> the keys that are to be other ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManyEdits:
    """One edit a file; the contacts that change, those that are so already, and those that only a person can change."""

    edits: tuple[Edit, ...]
    change: tuple[str, ...]
    same: tuple[str, ...]
    cannot: tuple[str, ...]


def edit_many(root: Path, ids: Iterable[str], change: Change) -> ManyEdits:
    """The edits that change each contact. Writes nothing."""
    wanted = set(ids)
    edits: list[Edit] = []
    found: dict[str, list[str]] = defaultdict(list)
    for file in standing_files(root):
        before = text = file.content.decode("utf-8")
        for contact in file.contacts:
            if contact.id not in wanted:
                continue
            if contact.place is not None and text != before:  # the lines above it may have moved
                contact = next((e for e in contacts_in(normal(text), file.file) if e.id == contact.id), contact)
            values, findings = read_again({**contact.own, **change(contact.own)})
            if {**values, "id": contact.id} == {**contact.own, "id": contact.id}:
                found["same"].append(contact.id)
                continue
            after = None if findings else changed(text, contact, values)
            found["cannot" if after is None else "change"].append(contact.id)
            text = text if after is None else after
        if text != before:
            edits.append(Edit(file=file.file, read=storage.digest(file.content), before=before, after=text))
    return ManyEdits(
        edits=tuple(edits), change=tuple(found["change"]), same=tuple(found["same"]), cannot=tuple(found["cannot"])
    )


_LEFT_OUT = re.compile(r"\((?P<to>.*)\) and id not in \[(?P<ids>'[\w.-]+'(?:, '[\w.-]+')*)\]", re.DOTALL)


def leave_out(root: Path, wave: str, ids: Iterable[str]) -> ManyEdits:
    """The edit that leaves contacts out of a wave: its `to` names them. Writes nothing.

    Raises UnknownName, CannotTell if only a person can change the file.
    """
    waves = load(root).campaign.waves
    at = next((at for at, each in enumerate(waves) if each.id == wave), None)
    if at is None:
        raise UnknownName("wave", wave, nearest(wave, [each.id for each in waves]))
    content = storage.read(root, CAMPAIGN)
    text = content.decode("utf-8")
    wanted = waves[at].to.source
    said = _LEFT_OUT.fullmatch(wanted)
    to, out = (said["to"], said["ids"].replace("'", "").split(", ")) if said else (wanted, [])
    change = [id for id in dict.fromkeys(ids) if id not in out]
    names = ", ".join(f"'{id}'" for id in [*out, *change])
    after = spliced(text, ("waves", at), {"to": f"({to}) and id not in [{names}]"}) if change else text
    if after is None:
        raise CannotTell(f"{CAMPAIGN} has a comment that would be lost", f"Change `to` of {wave} in an editor.")
    edit = Edit(file=CAMPAIGN, read=storage.digest(content), before=text, after=after)
    same = [id for id in ids if id in out]
    return ManyEdits(edits=(edit,) if change else (), change=tuple(change), same=tuple(same), cannot=())


def save_many(root: Path, edits: Iterable[Edit]) -> Callable[[], None]:
    """Save them; what takes all of them back. Raises as `editing.save`; what was saved before stays."""
    saved = []
    for edit in edits:
        save(root, edit)
        saved.append(edit)

    def back() -> None:
        for edit in reversed(saved):
            take_back(root, edit)

    return back


def pause_many(root: Path, ids: Iterable[str], because: str) -> None:
    """Pause each of the contacts that is not paused yet, as `outreach pause` does."""
    with session(root) as opened:
        known = {contact.id for contact in opened.loaded.folder.contacts}
        held = {hold.target for hold in opened.ledger.past().holds}
        names = [f"contact:{id}" for id in ids if id in known and f"contact:{id}" not in held]
        opened.ledger.append_all(opened.event(EventKind.HELD, PlainPayload(name=name), text=because) for name in names)


def resume_many(root: Path, ids: Iterable[str]) -> None:
    """Resume each of the contacts that is paused."""
    with session(root) as opened:
        held = {hold.target for hold in opened.ledger.past().holds}
        names = [f"contact:{id}" for id in ids if f"contact:{id}" in held]
        opened.ledger.append_all(opened.event(EventKind.RELEASED, PlainPayload(name=name)) for name in names)


def suppress_many(root: Path, ids: Iterable[str], because: str) -> list[int]:
    """No more mail to any of the contacts, as `outreach suppress` says it; the numbers of the events."""
    with session(root) as opened:
        known = {contact.id for contact in opened.loaded.folder.contacts}
        before = max((event.number for event in opened.ledger.events()), default=0)
        opened.ledger.append_all(
            opened.event(EventKind.SUPPRESSED, contact=id, text=because) for id in ids if id in known
        )
        opened.pass_on_suppressions()
        return [e.number for e in opened.ledger.events() if e.number > before and e.kind is EventKind.SUPPRESSED]


def undo_many(root: Path, numbers: Iterable[int]) -> None:
    """Take back each of these events. Raises CannotTell if one was undone already."""
    for number in numbers:
        undo(root, number)
