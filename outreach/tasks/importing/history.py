"""What a list says happened before it was imported -> events of the ledger, each once; who must get no mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path

from outreach import storage
from outreach.ledger import open_ledger
from outreach.ledger.address_keys import read_address_keys
from outreach.ledger.receipts import elsewhere, read_receipts
from outreach.model.event import CONTACTED, Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.imported import Happened, NoMail
from outreach.model.past import Past
from outreach.model.payload import OutcomePayload
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.world import Session, session
from outreach.words.wall_time import resolve, zone

_KINDS = {"we-wrote": EventKind.MESSAGE_SENT, "they-wrote": EventKind.REPLY, "declines": EventKind.OUTCOME}


def past_of(root: Path) -> tuple[Past, frozenset[str]]:
    """What the ledger of the campaign knows, and the ids that were written to from here or elsewhere. Makes none."""
    if not storage.exists(root, "campaign.yaml"):
        return Past(), frozenset()
    with open_ledger(root, rehearsal=is_rehearsal(), create=False) as ledger:
        past = ledger.past()
        receipts, _ = read_receipts(root)
        keys, _ = read_address_keys(root)
        others = [each.about.contact for each in elsewhere(ledger, receipts, keys) if isinstance(each.about, LetterId)]
    here = (
        id
        for id, each in past.contacts.items()
        if each.answered or each.outcome or any(letter.kind in CONTACTED for letter in each.letters)
    )
    return past, frozenset({*here, *others})


def record_history(root: Path, happened: Iterable[Happened]) -> int:
    """Write down what is not written down yet, also what was and was taken back; how many events that are."""
    happened = list(happened)
    if not happened:
        return 0
    with session(root) as opened:
        former = {was: each.id for each in opened.loaded.folder.contacts for was in each.was}
        known = {
            (former.get(event.contact, event.contact), event.kind, event.text)
            for event in opened.ledger.events()
            if event.contact is not None
        }
        new = [each for each in happened if (each.contact, _KINDS[each.what], each.text) not in known]
        if new:
            opened.ledger.append_all([_event(opened, each) for each in new])
    return len(new)


def _event(opened: Session, each: Happened) -> Event:
    """The event, at noon of its day in the campaign's zone; at the import where the list names no day."""
    place = zone(opened.campaign.timezone)
    at = resolve(datetime.combine(each.on, time(12)), place).instant if each.on else opened.now
    payload = OutcomePayload(word="declines") if each.what == "declines" else None
    return opened.event(_KINDS[each.what], payload, at=min(at, opened.now), contact=each.contact, text=each.text)


def suppress_addresses(root: Path, listed: Iterable[NoMail]) -> int:
    """No more mail to these addresses; how many were not suppressed before."""
    listed = list(listed)
    if not listed:
        return 0
    with session(root) as opened:
        known = opened.ledger.past().suppressed
        new = [each for each in listed if f"email:{each.address}" not in known]
        if new:
            opened.ledger.append_all(
                [
                    opened.event(EventKind.SUPPRESSED, address=each.address, text=f"{each.file} line {each.line}")
                    for each in new
                ]
            )
            opened.pass_on_suppressions()
    return len(new)
