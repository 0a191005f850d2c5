"""The state of a contact: a table; the first line that applies is the state."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Set
from datetime import datetime
from typing import TYPE_CHECKING

from outreach.model.contact import Contact
from outreach.model.event import CONTACTED, EventKind
from outreach.model.ids import LetterId
from outreach.model.past import ContactPast
from outreach.model.records import dataclass
from outreach.model.state import ContactState

if TYPE_CHECKING:  # the planning package asks for states, so it cannot be imported here
    from outreach.planning.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """All that decides a contact's state.

    `first_letter` is the aware UTC instant of the first thing that reached them from us, from this
    computer or another. `by_hand`: a letter waits for a person's hand.
    """

    contact: Contact
    past: ContactPast
    first_letter: datetime | None = None
    suppressed: bool = False
    by_hand: bool = False
    approved: bool = False
    drafted: bool = False


STATES: tuple[tuple[ContactState, Callable[[Seen], bool]], ...] = (
    (
        ContactState.OPTED_OUT,
        lambda seen: seen.suppressed or seen.past.opted_out is not None or seen.contact.do_not_contact is not None,
    ),
    (ContactState.CLOSED, lambda seen: seen.past.closed is not None),
    (ContactState.ANSWERED, lambda seen: seen.past.answered is not None or seen.past.outcome is not None),
    (ContactState.BOUNCED, lambda seen: seen.past.bounced is not None),
    (ContactState.IN_DOUBT, lambda seen: any(letter.kind is EventKind.IN_DOUBT for letter in seen.past.letters)),
    (ContactState.CONTACTED, lambda seen: seen.first_letter is not None or ContactState.CONTACTED in seen.past.ever),
    (ContactState.MANUAL, lambda seen: seen.by_hand),
    (ContactState.TO_RESEARCH, lambda seen: seen.contact.missing is not None),
    (ContactState.APPROVED, lambda seen: seen.approved),
    (ContactState.DRAFTED, lambda seen: seen.drafted),
    (ContactState.NEW, lambda seen: True),
)
"""When each state applies, in the order in which they are asked."""


def state_of(seen: Seen) -> ContactState:
    """The first state that applies."""
    return next(state for state, applies in STATES if applies(seen))


def seen_contacts(
    world: World,
    *,
    by_hand: Container[str] = frozenset(),
    approved: Container[str] = frozenset(),
    drafted: Container[str] = frozenset(),
) -> Iterator[Seen]:
    """Every contact of the files, in their order, with what decides its state.

    `by_hand`, `approved` and `drafted` are ids of contacts; before a plan is made nobody is in them.
    """
    receipts = _receipts(world)
    for contact in world.contacts:
        past = world.past.contacts.get(contact.id) or ContactPast(contact=contact.id)
        sent = [letter.at for letter in past.letters if letter.kind in CONTACTED]
        yield Seen(
            contact=contact,
            past=past,
            first_letter=min([*sent, *receipts.get(contact.id, ())], default=None),
            suppressed=is_suppressed(contact, world.past.suppressed),
            by_hand=contact.id in by_hand,
            approved=contact.id in approved,
            drafted=contact.id in drafted,
        )


def is_suppressed(contact: Contact, suppressed: Set[str]) -> bool:
    """Whether somebody asked for no more mail: of the contact, or of any of its addresses.

    One address is enough: whoever said no there does not want to hear from us next door.
    """
    if not suppressed:
        return False
    names = (contact.id, f"contact:{contact.id}", *(channel.identity for channel in contact.channels))
    return any(name in suppressed for name in names)


def _receipts(world: World) -> dict[str, list[datetime]]:
    """When letters of ours left from other computers, by contact."""
    waves = {wave.id for wave in world.campaign.waves}
    found: dict[str, list[datetime]] = {}
    for receipt in world.past.elsewhere:
        letter = receipt.about
        if isinstance(letter, LetterId) and letter.wave in waves and receipt.via != "imap-drafts":
            found.setdefault(letter.contact, []).append(receipt.at)
    return found
