"""The state of one subject after one more event: what the fold is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from outreach.history.subjects import held_target, is_resolved
from outreach.model.event import ANSWERS, CONTACTED, WRITTEN_AS_DRAFT, Event, EventKind
from outreach.model.outcome import outcome_of
from outreach.model.past import Approval, CameBack, ContactPast, Hold, PostPast, Promise, SentLetter, ToSort
from outreach.model.payload import (
    ApprovedPayload,
    CorrectedPayload,
    DecidedPayload,
    DraftPayload,
    FromMailPayload,
    LetterPayload,
    PartPayload,
    PartPlace,
    PlainPayload,
    ResolvedPayload,
)
from outreach.model.state import ContactState

BY_HAND = "hand"
"""The `via` of a letter from the outbox after a person said that they sent it."""

DRAFTS = "imap-drafts"
"""The `via` of a letter that was put into the drafts of our mailbox."""

KEEPING = (*ANSWERS, *CONTACTED, EventKind.REPLIED_BY_US)
"""Whichever of these happens after a promise keeps it: the two sides were in touch again."""

_MAY_HAVE_LEFT = (EventKind.COMMITTING, EventKind.IN_DOUBT)
"""From the mark before the last byte on, until its outcome is written, a letter may have left."""
_NOT_SENT = (EventKind.DEFERRED, EventKind.REFUSED)
_ABOUT_LETTERS = (*CONTACTED, *WRITTEN_AS_DRAFT, *_MAY_HAVE_LEFT, *_NOT_SENT, EventKind.RESOLVED)
_OURS = (*CONTACTED, EventKind.REPLIED_BY_US, EventKind.CALL, EventKind.WE_CALLED, EventKind.MEETING)
_MACHINES = (EventKind.AUTO_REPLIED, EventKind.TO_SORT)
_REACHED: Mapping[EventKind, ContactState] = {
    **dict.fromkeys(CONTACTED, ContactState.CONTACTED),
    **dict.fromkeys((*ANSWERS, EventKind.OUTCOME), ContactState.ANSWERED),
    EventKind.BOUNCED: ContactState.BOUNCED,
    EventKind.OPTED_OUT: ContactState.OPTED_OUT,
    EventKind.SUPPRESSED: ContactState.OPTED_OUT,
    EventKind.CLOSED: ContactState.CLOSED,
    EventKind.IN_DOUBT: ContactState.IN_DOUBT,
}


def contact_after(past: ContactPast, event: Event) -> ContactPast:
    """A contact's past after one more event about it."""
    kind, at = event.kind, event.at
    if kind is EventKind.FORGOTTEN:  # nothing more is to be done, and nothing waits
        return replace(past, closed=_later(past.closed, at), promises=(), to_sort=(), came_back=None, last=event)
    reached = _REACHED.get(kind)
    resolved = is_resolved(event, sent=True)
    said = event.payload.shown if kind is EventKind.OUTCOME else None
    letters = _letters_after(past.letters, event)
    if resolved:
        reached = ContactState.CONTACTED
        at = next((letter.at for letter in letters if _is_about(letter, event)), at)
    return replace(
        past,
        letters=letters,
        answered=_later(past.answered, at) if kind in ANSWERS else past.answered,
        ours=_later(past.ours, at) if kind in _OURS or resolved else past.ours,
        bounced=_later(past.bounced, at) if kind is EventKind.BOUNCED else past.bounced,
        opted_out=_earlier(past.opted_out, at) if reached is ContactState.OPTED_OUT else past.opted_out,
        closed=_later(past.closed, at) if kind is EventKind.CLOSED else past.closed,
        away_until=event.due if kind in _MACHINES and event.due else past.away_until,
        proposed=event.address if kind is EventKind.PROPOSED else past.proposed,
        bounced_address=event.address if kind is EventKind.BOUNCED else past.bounced_address,
        to_sort=(*past.to_sort, _to_sort(event)) if kind is EventKind.TO_SORT else past.to_sort,
        came_back=_came_back_after(past.came_back, event),
        outcome=past.outcome if said is None else said,
        settled=past.settled if said is None else _settled(said, at),
        promises=_promises_after(past.promises, event),
        last=_last(past.last, event),
        ever=past.ever | {str(reached)} if reached else past.ever,
    )


def _to_sort(event: Event) -> ToSort:
    payload = event.payload
    by, key = (payload.by, payload.message_id or "") if isinstance(payload, FromMailPayload) else ("", "")
    return ToSort(word=by, at=event.at, key=key, text=event.text or "")


def _came_back_after(past: CameBack | None, event: Event) -> CameBack | None:
    """The letter that was not delivered for now, until they answer, or it or the next one left."""
    if event.kind is EventKind.CAME_BACK:
        payload = event.payload
        cause = payload.by if isinstance(payload, FromMailPayload) else ""
        return CameBack(wave=event.wave or "", step=event.step or 0, cause=cause, at=event.at, text=event.text or "")
    over = event.kind in (*ANSWERS, *CONTACTED) and past is not None and event.at > past.at
    return None if over else past


def _settled(word: str, at: datetime) -> datetime | None:
    outcome = outcome_of(word)
    return at if outcome is not None and outcome.ends_our_turn else None


def _letters_after(letters: tuple[SentLetter, ...], event: Event) -> tuple[SentLetter, ...]:
    """The letters by the instant at which they left. One that left stays so, whatever is said later.

    A form or message noted without its wave is a letter of wave "".
    """
    if event.kind not in _ABOUT_LETTERS or (event.wave is None and event.kind not in CONTACTED):
        return letters
    old = next((letter for letter in letters if _is_about(letter, event)), None)
    new = _letter_after(old, event)
    if new is old:
        return letters
    rest = [letter for letter in letters if letter is not old]
    return tuple(sorted([*rest, *([new] if new else [])], key=lambda letter: (letter.at, letter.wave, letter.step)))


def _letter_after(old: SentLetter | None, event: Event) -> SentLetter | None:
    match event.payload:
        case ResolvedPayload(sent=False):
            return None
        case ResolvedPayload(sent=None):
            return old
        case ResolvedPayload(message_id=message_id):
            if old:
                via = BY_HAND if old.via in ("outbox", DRAFTS) else old.via
                at = event.at if old.kind in WRITTEN_AS_DRAFT else old.at  # nobody knows when the draft went out
                return replace(old, kind=old.kind if old.kind in CONTACTED else EventKind.ACCEPTED, via=via, at=at)
            via = BY_HAND
        case LetterPayload(via=via, message_id=message_id):
            if old and old.kind in CONTACTED and event.kind not in CONTACTED:
                return old
            if old and old.kind is EventKind.IN_DRAFTS and event.kind in _NOT_SENT:
                return old  # another version could not take its place
            if event.kind is EventKind.DEFERRED:
                return None
        case DraftPayload(message_id=message_id, digest=digest, place=place):
            if old and old.kind in CONTACTED:
                return old
            at = old.at if old and old.kind is EventKind.IN_DRAFTS and event.kind is EventKind.IN_DRAFTS else event.at
            found = SentLetter(wave=event.wave or "", step=event.step or 0, kind=event.kind, at=at, via=DRAFTS)
            return replace(
                found, address=event.address, message_id=message_id, said=event.text, digest=digest, place=place
            )
        case _:  # it is about a post
            return old
    return SentLetter(
        wave=event.wave or "",
        step=event.step or 0,
        kind=_kind_of(event),
        at=event.at,
        via=via,
        address=event.address,
        message_id=message_id,
        said=event.text,
    )


def _kind_of(event: Event) -> EventKind:
    """What a letter is after `event`: a mark without an outcome is doubt."""
    if event.kind is EventKind.RESOLVED:
        return EventKind.ACCEPTED
    return EventKind.IN_DOUBT if event.kind in _MAY_HAVE_LEFT else event.kind


def _is_about(letter: SentLetter, event: Event) -> bool:
    return event.wave is not None and (letter.wave, letter.step) == (event.wave, event.step or 0)


def _promises_after(promises: tuple[Promise, ...], event: Event) -> tuple[Promise, ...]:
    if event.kind is EventKind.PROMISE:
        made = Promise(number=event.number, due=event.due, owner=event.owner, text=event.text or "", at=event.at)
        return (*promises, made)
    if event.kind in KEEPING:
        return tuple(promise for promise in promises if promise.at is not None and event.at < promise.at)
    return promises


def post_after(past: PostPast, event: Event) -> PostPast:
    """A version's past after one more event about it: published since the earliest, with the latest numbers."""
    if event.kind is EventKind.RETRACTED:
        return PostPast(post=past.post, network=past.network, revision=past.revision + 1, retracted=event.at)
    published = event.kind in (EventKind.POSTED, EventKind.ACCEPTED, EventKind.ADOPTED)
    published = published or is_resolved(event, sent=True)
    part, of = place_of(event)
    return replace(
        past,
        published=_earlier(past.published, event.at) if published else past.published,
        url=past.url if past.url and (part > 1 or (past.parts and not part)) else event.url or past.url,
        numbers={**past.numbers, **event.numbers},
        parts=past.parts | {part} if published and part else past.parts,
        of=of or past.of,
        doubt=_doubt_after(past.doubt, event, part),
        refused=_refused_after(past.refused, event),
    )


def place_of(event: Event) -> PartPlace:
    """Which part of how many an event is about; zeros where it is about none."""
    match event.payload:
        case PartPayload(place=place) | CorrectedPayload(place=place):
            return place
    return PartPlace()


def _doubt_after(doubt: frozenset[int], event: Event, part: int) -> frozenset[int]:
    """Parts that may be out: from the mark before the request on, until somebody knows."""
    if event.kind is EventKind.RESOLVED:
        return frozenset()
    if event.kind in _MAY_HAVE_LEFT:
        return doubt | {part}
    return doubt - {part}


def _refused_after(refused: str | None, event: Event) -> str | None:
    """What the network said when it refused a part, until that part is asked for again."""
    if event.kind is EventKind.REFUSED:
        return event.text or "it did not say why"
    return None if event.kind in (EventKind.COMMITTING, EventKind.ACCEPTED, EventKind.ADOPTED) else refused


def decision_after(past: tuple[str, datetime] | None, event: Event) -> tuple[str, datetime]:
    """A decision after DECIDED: the later word."""
    payload = event.payload
    return (payload.choice if isinstance(payload, DecidedPayload) else "", event.at)


def gate_after(past: datetime | None, event: Event) -> datetime:
    """Since when a gate is open, after OPENED: a gate once open stays open."""
    return _earlier(past, event.at)


def hold_after(past: Hold | None, event: Event) -> Hold | None:
    """A pause after HELD or RELEASED. Pausing again changes the reason, not the instant."""
    if event.kind is EventKind.RELEASED:
        return None
    since, by = (past.since, past.by) if past else (event.at, event.by)
    payload = event.payload
    because = (payload.value if isinstance(payload, PlainPayload) else None) or event.text or ""
    return Hold(target=held_target(event), because=because, since=since, by=by)


def suppressed_after(past: bool | None, event: Event) -> bool:
    """Whether an address is suppressed after SUPPRESSED or OPTED_OUT: it is."""
    return True


def approval_after(past: Approval | None, event: Event) -> Approval:
    """What is approved under one id, after APPROVED, WITHDRAWN or TESTED."""
    past, payload = past or Approval(), event.payload
    digest = payload.digest if isinstance(payload, ApprovedPayload) else None
    if event.kind is EventKind.TESTED:
        return replace(past, tested=digest)
    return replace(
        past, digest=digest if event.kind is EventKind.APPROVED else None, at=event.at, by=event.by, number=event.number
    )


def mailbox_after(past: datetime | None, event: Event) -> datetime:
    """When the mailbox was last read, after MAILBOX_READ: what was written down last counts, whatever its clock said.

    Else one reading by a clock that was ahead would make every later one look old.
    """
    return event.at


def _later(past: datetime | None, at: datetime) -> datetime:
    return at if past is None or past < at else past


def _earlier(past: datetime | None, at: datetime) -> datetime:
    return at if past is None or at < past else past


def _last(past: Event | None, event: Event) -> Event:
    return event if past is None or (past.at, past.number) < (event.at, event.number) else past
