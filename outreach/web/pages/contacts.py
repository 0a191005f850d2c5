"""The contacts: a table to filter and sort, and all that happened with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from outreach.model.contact import Contact
from outreach.model.state import ContactState
from outreach.planning.agenda import reason_beside_time
from outreach.planning.status import ContactStatus
from outreach.reporting.timeline import timeline
from outreach.tasks import dashboard as tasks
from outreach.web.listing import address, paged
from outreach.web.visit import Visit, reading

_LATE = datetime.max.replace(tzinfo=UTC)
_EARLY = datetime.min.replace(tzinfo=UTC)
_STATES = list(ContactState)

SORTS: dict[str, Callable[[ContactStatus], Any]] = {
    "name": lambda each: (each.name.casefold(), each.id),
    "tier": lambda each: (each.tier is None, each.tier or 0, each.name.casefold()),
    "state": lambda each: (_STATES.index(each.state), each.name.casefold()),
    "last": lambda each: (each.last.at if each.last else _EARLY, each.name.casefold()),
    "next": lambda each: (each.next.due if each.next and each.next.due else _LATE, each.name.casefold()),
}


@reading
def show_all(visit: Visit) -> Response:
    """`?q=` text, `&state=`, `&tier=`, `&sort=` one of SORTS (with `-` before it: the other way round)."""
    seen = visit.seen
    contacts = {contact.id: contact for contact in seen.world.contacts}
    text, state, tier = visit.asked("q").casefold().strip(), visit.asked("state"), visit.asked("tier")
    sort = visit.asked("sort", "tier")
    found = [
        each
        for each in seen.statuses
        if (not state or each.state == state)
        and (not tier or str(each.tier) == tier)
        and (not text or text in _searched(contacts[each.id]))
    ]
    key = sort.removeprefix("-")
    found.sort(key=SORTS.get(key, SORTS["tier"]), reverse=sort.startswith("-"))
    return visit.page(
        "contacts.html",
        page=paged(found, visit),
        contacts=contacts,
        total=len(seen.statuses),
        states=sorted({each.state for each in seen.statuses}, key=_STATES.index),
        tiers=sorted({each.tier for each in seen.statuses if each.tier is not None}),
        q=visit.asked("q"),
        state=state,
        tier=tier,
        sort=sort,
        sorted_by=lambda name: address(visit, sort=f"-{name}" if sort == name else name, page=1),
    )


def _searched(contact: Contact) -> str:
    """The text in which a filter looks."""
    words = (contact.id, contact.name, contact.short, contact.country, contact.owner, *contact.tags)
    addresses = (channel.address for channel in contact.channels)
    return " ".join(filter(None, (*words, *addresses))).casefold()


@reading
def show_one(visit: Visit) -> Response:
    """Everything about one contact: what we know, what comes next, what happened."""
    seen, id = visit.seen, visit.request.path_params["contact"]
    contact = next((each for each in seen.world.contacts if each.id == id), None)
    if contact is None:
        raise HTTPException(404)
    events = tasks.contact_events(visit.dashboard.root, contact)
    ours = [message for message in seen.messages if message.contact in (id, *contact.was)]
    return visit.page(
        "contact.html",
        contact=contact,
        contact_status=next(each for each in seen.statuses if each.id == id),
        items=[item for item in seen.plan.items if item.contact == id and item.state != "done"],
        timeline=timeline(events, ours, seen.posts.values(), seen.world.past.posts, id),
        held=next((hold for hold in seen.world.past.holds if hold.target == f"contact:{id}"), None),
        letters=[letter for letter in seen.letters.values() if letter.letter.contact == id],
        texts=[text for text in seen.by_hand.values() if text.contact == id],
        reason=reason_beside_time,
        live="ask",
    )
