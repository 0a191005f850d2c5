"""`outreach confirm`: a person ends a doubt, or says what became of the letters in outbox/ or in drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from outreach.errors import CannotTell, UnknownName
from outreach.history.reducers import BY_HAND, DRAFTS
from outreach.ledger.claims import Claim
from outreach.ledger.receipts import hand_on
from outreach.model.campaign import Transport
from outreach.model.event import WRITTEN_AS_DRAFT, Event, EventKind, Receipt
from outreach.model.member import Role
from outreach.model.past import ContactPast, SentLetter
from outreach.model.payload import ResolvedPayload
from outreach.model.records import dataclass
from outreach.tasks.person import needs
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest

OUTBOX = "outbox"


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """The letters of which somebody now knows whether they were sent.

    `drafts`: the drafts of some that were not may still be in a mailbox, where nothing looks for them any more.
    """

    letters: tuple[str, ...]
    sent: bool
    drafts: bool = False


def resolve(root: Path, id: str | None, *, wave: str | None, sent: bool, go: bool = True) -> Resolved:
    """Say of one letter (`WAVE/CONTACT/STEP`) or of a whole wave's open ones whether they were `sent`.

    Open are those in doubt, refused, bounced, or written to outbox/. What was not sent may be tried again by the next
    `send`, under the same claim: so it is final, and with `go` False only says which letters these are. Raises
    CannotTell, UnknownName, CampaignUnreadable, NotAllowed.
    """
    needs(Role.SEND)
    with session(root) as opened:
        found = _of_wave(opened, wave) if wave is not None else [_letter(opened, id or "")]
        names = tuple(str(letter.id_of(contact)) for contact, letter in found)
        is_left = opened.campaign.sending_account.transport is not Transport.IMAP_DRAFTS and not sent
        result = Resolved(letters=names, sent=sent, drafts=is_left and any(_may_be_draft(each) for _, each in found))
        if not go:
            return result
        with opened.ledger.writing():
            opened.ledger.append_all(_event(opened, contact, letter, sent=sent) for contact, letter in found)
            if sent:
                opened.ledger.add_receipts(_receipts(opened, found))
            else:
                opened.ledger.release(_claims(opened, found), opened.now)
        hand_on(opened.ledger, opened.root)
        return result


def _letter(opened: Session, id: str) -> tuple[str, SentLetter]:
    known = list(_all(opened))
    present = {was: each.id for each in opened.loaded.folder.contacts for was in each.was}
    letters = {str(letter.id_of(contact)): (contact, letter) for contact, letter in known}
    for contact, letter in known:  # also by what its contact is called now
        letters.setdefault(str(letter.id_of(present.get(contact, contact))), (contact, letter))
    open_ones = [each for each in known if id in (each[0], present.get(each[0])) and _is_open(each[1])]
    if len(open_ones) == 1:
        return open_ones[0]
    if id not in letters:
        raise UnknownName("sent email", id, nearest(id, letters), _open_ids(opened))
    contact, letter = letters[id]
    if not _is_open(letter):
        raise CannotTell(
            f"{id} left on {letter.at.day} {letter.at:%b} via {letter.via}, and nothing about it is unknown",
            f"See its story with `outreach show {contact}`.",
        )
    return contact, letter


def _of_wave(opened: Session, wave: str) -> list[tuple[str, SentLetter]]:
    waves = [each.id for each in opened.campaign.waves]
    found = [(contact, letter) for contact, letter in _all(opened) if letter.wave == wave and _is_open(letter)]
    if not found and wave not in waves:
        raise UnknownName("wave", wave, nearest(wave, waves), waves)
    if not found:
        raise CannotTell(
            f"No email of {wave} is unknown, in outbox/ or in your drafts", "See them with `outreach status`."
        )
    return found


def _all(opened: Session) -> Iterable[tuple[str, SentLetter]]:
    """Every letter with its contact; one that bounced counts as refused, since nobody has it."""
    pasts: Iterable[ContactPast] = opened.ledger.past().contacts.values()
    return [
        (past.contact, replace(letter, kind=EventKind.REFUSED) if past.bounced is not None else letter)
        for past in pasts
        for letter in past.letters
        if letter.wave
    ]


def _open_ids(opened: Session) -> list[str]:
    return [str(letter.id_of(contact)) for contact, letter in _all(opened) if _is_open(letter)]


def _is_open(letter: SentLetter) -> bool:
    return letter.kind in (EventKind.IN_DOUBT, EventKind.REFUSED, *WRITTEN_AS_DRAFT) or letter.via == OUTBOX


def _may_be_draft(letter: SentLetter) -> bool:
    return letter.kind is EventKind.IN_DRAFTS or (letter.kind is EventKind.IN_DOUBT and letter.via == DRAFTS)


def _event(opened: Session, contact: str, letter: SentLetter, *, sent: bool) -> Event:
    payload = ResolvedPayload(sent=sent, message_id=letter.message_id)
    return opened.event(EventKind.RESOLVED, payload, letter=letter.id_of(contact), address=letter.address)


def _receipts(opened: Session, found: Iterable[tuple[str, SentLetter]]) -> list[Receipt]:
    return [
        opened.receipt(
            letter.id_of(contact),
            at=letter.at,
            via=BY_HAND,
            proof=letter.message_id or "",
            address=letter.address,
        )
        for contact, letter in found
    ]


def _claims(opened: Session, found: Iterable[tuple[str, SentLetter]]) -> list[Claim]:
    wanted = {letter.id_of(contact) for contact, letter in found}
    return [claim for claim in opened.ledger.claims() if claim.of in wanted]
