"""The status of every contact: its state, whose turn it is, what came last and what is next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from outreach.history.address_marks import is_erased
from outreach.model.campaign import Transport
from outreach.model.contact import Contact
from outreach.model.event import CONTACTED, Event, EventKind
from outreach.model.ids import REPLY, LetterId
from outreach.model.past import ContactPast, Past
from outreach.model.payload import DraftPayload, LetterPayload
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.recipient import Why
from outreach.model.records import dataclass
from outreach.model.state import ContactState
from outreach.planning.states import Seen, seen_contacts, state_of
from outreach.planning.world import World

Turn = Literal["ours", "theirs"]

_LETTERS = (*CONTACTED, EventKind.IN_DOUBT, EventKind.REFUSED)
_OVER = (ContactState.OPTED_OUT, ContactState.CLOSED)
_SAID = {ItemState.HELD: "held", ItemState.MISSED: "missed", ItemState.IN_DOUBT: "in doubt"}


@dataclass(frozen=True, kw_only=True, slots=True)
class LastEvent:
    """What happened last: the kind of event, its UTC instant, how a letter left, what was noted."""

    type: EventKind
    at: datetime
    via: str | None = None
    text: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """What comes next, in words; `due` is an aware UTC instant, None if nobody can know it yet."""

    what: str
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactStatus:
    """Where one contact stands. `turn` says who has to speak next; where nobody has, it is theirs.

    `proposed` is what a message of theirs seems to be, until a person sorts it; `failed` why a letter was refused, or
    came back although their address may be good.
    """

    id: str
    name: str
    tier: int | None
    state: ContactState
    outcome: str | None
    wave: str | None
    turn: Turn
    last: LastEvent | None = None
    next: NextStep | None = None
    proposed: str | None = None
    failed: str | None = None


def contact_statuses(
    world: World, plan: Plan, drafted: frozenset[str], approved: frozenset[str] = frozenset()
) -> list[ContactStatus]:
    """Where each contact of the files stands, selected by a wave or not, in their order.

    `drafted` and `approved` are ids of letters (`WAVE/CONTACT/STEP`): those that render, and those
    that a person approved.
    """
    items: dict[str, list[PlanItem]] = defaultdict(list)
    for item in plan.items:
        if item.contact is not None:
            items[item.contact].append(item)
    seen = seen_contacts(
        world,
        by_hand={name for name, found in items.items() if any(_is_by_hand(item) for item in found)},
        approved=_contacts_of(approved),
        drafted=_contacts_of(drafted),
    )
    return [_standing(each, items.get(each.contact.id, ())) for each in seen]


def counts(statuses: Iterable[ContactStatus]) -> dict[ContactState, int]:
    """How many contacts are in each state, zeros included, in the order of the states."""
    found = dict.fromkeys(ContactState, 0)
    for each in statuses:
        found[each.state] += 1
    return found


def _standing(seen: Seen, items: Sequence[PlanItem]) -> ContactStatus:
    state = state_of(seen)
    return ContactStatus(
        id=seen.contact.id,
        name=seen.contact.name,
        tier=seen.contact.tier,
        state=state,
        outcome=seen.past.outcome,
        wave=_wave(seen.past, items),
        turn=_turn(seen, state),
        last=_last(seen.past.last),
        next=next((_next(item) for item in items if item.state is not ItemState.DONE), None),
        proposed=seen.past.proposed_state if state not in _OVER else None,
        failed=_failed(seen.past),
    )


def _failed(past: ContactPast) -> str | None:
    """What a server said of the last letter, where that did not arrive."""
    if past.came_back is not None:
        return past.came_back.text or past.came_back.cause
    last = past.letters[-1] if past.letters else None
    return last.said or "refused" if last is not None and last.kind is EventKind.REFUSED else None


def _is_by_hand(item: PlanItem) -> bool:
    """Whether a letter waits for a person's hand; where the text cannot be made, there is nothing to paste."""
    is_text = item.kind is ItemKind.TASK and item.step is not None
    return is_text and item.state is not ItemState.DONE and item.why is not Why.PROBLEM


def _contacts_of(letters: Iterable[str]) -> frozenset[str]:
    return frozenset(LetterId.parse(letter).contact for letter in letters)


def _wave(past: ContactPast, items: Sequence[PlanItem]) -> str | None:
    """The wave of the latest letter that left, else of the first that is planned."""
    left = [letter.wave for letter in past.letters if letter.kind in _LETTERS and letter.wave not in ("", REPLY)]
    return left[-1] if left else next((item.wave for item in items if item.wave is not None), None)


def _turn(seen: Seen, state: ContactState) -> Turn:
    """Ours before any contact and when their last word waits for ours; theirs where it is over."""
    if state in _OVER:
        return "theirs"
    if seen.past.answered is not None:
        return "ours" if seen.past.is_our_turn else "theirs"
    touched = (seen.first_letter, seen.past.ours, seen.past.settled)
    return "ours" if all(instant is None for instant in touched) else "theirs"


def _last(event: Event | None) -> LastEvent | None:
    if event is None:
        return None
    payload = event.payload
    via = payload.via if isinstance(payload, LetterPayload) else None
    via = payload.shown if isinstance(payload, DraftPayload) else via
    return LastEvent(type=event.kind, at=event.at, via=via or None, text=event.text)


def _next(item: PlanItem) -> NextStep:
    if item.wave is None:
        return NextStep(what=item.reason or item.id, due=item.due)
    by_hand = item.kind is ItemKind.TASK
    first, later = ("text to paste", "text to paste") if by_hand else ("email", "follow-up")
    what = f"{later} {item.step}" if item.step else f"first {first}"
    said = _SAID.get(item.state)
    held = f", {said}: {item.reason}" if said and item.reason else f", {said}" if said else ""
    held = held or (f", {item.reason}" if item.why is Why.APPROVAL else "")
    return NextStep(what=f'{what} of "{item.wave}"{held}', due=item.due)


def no_longer_listed(contacts: Iterable[Contact], past: Past) -> dict[str, int]:
    """How many letters left, or may have, to each contact that no file names any more.

    What was only saved for somebody who was erased is gone, and left for nobody.
    """
    listed, found = {contact.id for contact in contacts}, {}
    for id, each in sorted(past.contacts.items()):
        left = [x for x in each.letters if not (is_erased(id) and x.via == Transport.OUTBOX)]
        if left and id not in listed:
            found[id] = len(left)
    return found
