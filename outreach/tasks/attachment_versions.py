"""Which version of an attachment each letter carried, for a correction to exactly those who got it.

A letter's frozen bytes name the sha256 of what they carry. Which version that was says campaign.yaml, and only while
it is so: so it is written down when letters are approved, or leave unapproved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from outreach.ledger.blobs import kept_if_there
from outreach.letters.mime.freezing import carried
from outreach.model.event import EventKind
from outreach.model.payload import PlainPayload
from outreach.planning.world import Carried
from outreach.tasks.campaign import Loaded
from outreach.tasks.world import Session


def remember_versions(opened: Session) -> None:
    """Write down which bytes each version of an attachment is, where that is new. Raises what the ledger raises."""
    known = {event.payload.stored() for event in opened.ledger.of_kind(EventKind.ATTACHMENT_VERSION)}
    for sha256, (name, version) in _of_now(opened.loaded).items():
        payload = PlainPayload(name=name, value=f"{sha256} {version}")
        if version and payload.stored() not in known:
            opened.record(EventKind.ATTACHMENT_VERSION, payload)


def _of_now(loaded: Loaded) -> dict[str, tuple[str, str]]:
    """The attachments as they are in the folder: sha256 -> name and version ("" for none)."""
    named = loaded.campaign.attachments
    files = loaded.attachments.items()
    return {file.facts.sha256: (name, named[name].version or "") for name, file in files if name in named}


def carried_by_contact(opened: Session) -> dict[str, tuple[Carried, ...]]:
    """The attachments of every letter that left or may have, by contact, also under a former id.

    Of bytes that no version was written down for, and that are in the folder no more, only the name is known where the
    file is still called so.
    """
    known: dict[str, tuple[str, str]] = {}
    for event in opened.ledger.of_kind(EventKind.ATTACHMENT_VERSION):
        name, value = event.payload.stored()
        sha256, _, version = (value or "").partition(" ")
        known[sha256] = (name or "", version)
    known = _of_now(opened.loaded) | known
    by_file = {each.file.rpartition("/")[2]: name for name, each in opened.campaign.attachments.items()}
    present: Mapping[str, str] = {was: each.id for each in opened.loaded.folder.contacts for was in each.was}
    found: dict[str, list[Carried]] = defaultdict(list)
    files: dict[str, list[tuple[str, str]]] = {}
    for letter, digest in opened.ledger.sent_digests().items():
        if digest not in files:
            frozen = kept_if_there(opened.root, digest)
            files[digest] = carried(frozen) if frozen is not None else []
        for file, sha256 in files[digest]:
            name, version = known.get(sha256, (by_file.get(file, file), ""))
            contact = present.get(letter.contact, letter.contact)
            found[contact].append(Carried(letter.wave, name, version or None))
    return {contact: tuple(each) for contact, each in found.items()}
