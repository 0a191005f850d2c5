"""The contacts: one table to search in everything, to filter, to sort and to export."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from outreach.model.contact import Contact
from outreach.model.plan import ItemState, PlanItem
from outreach.model.state import ContactState
from outreach.pages.report_data import defused
from outreach.planning.status import ContactStatus
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
FILTERS = ("state", "wave", "tier", "tag", "language", "owner", "country")
COLUMNS = ("id", "name", "tier", "tags", "country", "language", "owner", "email", "state", "outcome", "turn", "wave",
           "last", "next", "personal_text", "internal_notes")  # fmt: skip
"""What an export holds of each contact."""


def matching(visit: Visit) -> list[ContactStatus]:
    """The contacts that the query asks for: `q` text, and FILTERS."""
    seen = visit.seen
    contacts = {contact.id: contact for contact in seen.world.contacts}
    waves = _waves(visit)
    asked = {name: visit.asked(name) for name in FILTERS if visit.asked(name)}
    words = visit.asked("q").casefold().split()
    texts = visit.dashboard.keeper.texts() if words else {}
    return [
        each
        for each in seen.statuses
        if all(asked[name] in _values(name, each, contacts[each.id], waves, visit) for name in asked)
        and all(_says(texts.get(each.id, ""), word) for word in words)
    ]


def _says(text: str, word: str) -> bool:
    """Whether the word is in the text; one letter counts only as a word of its own."""
    return word in text if len(word) > 1 else f" {word} " in f" {text} "


def _values(name: str, each: ContactStatus, contact: Contact, waves: dict[str, set[str]], visit: Visit) -> set[str]:
    """What a contact has of a filter's values."""
    match name:
        case "state":
            return {str(each.state), f"{each.turn}-turn" if each.state == "answered" else ""}
        case "wave":
            return waves[each.id]
        case "tier":
            return {str(each.tier)}
        case "tag":
            return set(contact.tags)
        case "language":
            return {contact.language or visit.seen.world.campaign.language}
        case "owner":
            return {contact.owner or "-"}
        case _:
            return {contact.country or ""}


def _waves(visit: Visit) -> dict[str, set[str]]:
    """The waves of each contact: those that wrote to it, and those that will."""
    found: dict[str, set[str]] = defaultdict(set)
    for item in visit.seen.plan.items:
        if item.contact and item.wave:
            found[item.contact].add(item.wave)
    for past in visit.seen.world.past.contacts.values():
        found[past.contact] |= {letter.wave for letter in past.letters if letter.wave}
    return found


@reading
def show_all(visit: Visit) -> Response:
    """The table, with `&sort=` one of SORTS (with `-` before it: the other way round)."""
    return page_of_all(visit)


def page_of_all(visit: Visit) -> Response:
    """The contacts that are asked for."""
    seen, sort = visit.seen, visit.asked("sort", "tier")
    contacts = {contact.id: contact for contact in seen.world.contacts}
    found = matching(visit)
    found.sort(key=SORTS.get(sort.removeprefix("-"), SORTS["tier"]), reverse=sort.startswith("-"))
    waves = _waves(visit)
    choices = {name: _choices(name, seen.statuses, contacts, waves, visit) for name in FILTERS}
    return visit.page(
        "contacts.html",
        page=paged(found, visit),
        contacts=contacts,
        following=_following(visit),
        total=len(seen.statuses),
        choices={name: values for name, values in choices.items() if len(values) > 1 or visit.asked(name)},
        asked={name: visit.asked(name) for name in (*FILTERS, "q")},
        sort=sort,
        sorted_by=lambda name: address(visit, sort=f"-{name}" if sort == name else name, page=1),
        export=f"/contacts.csv?{visit.request.url.query}",
    )


def _following(visit: Visit) -> dict[str, PlanItem]:
    """What comes next of each contact."""
    found: dict[str, PlanItem] = {}
    for item in visit.seen.plan.items:
        if item.contact and item.state is not ItemState.DONE:
            found.setdefault(item.contact, item)
    return found


def _choices(
    name: str, statuses: Iterable[ContactStatus], contacts: dict[str, Contact], waves: dict[str, set[str]], visit: Visit
) -> list[str]:
    values = {value for each in statuses for value in _values(name, each, contacts[each.id], waves, visit)}
    values -= {"", "None"}
    if name == "state":
        return sorted(values, key=lambda each: _STATES.index(each) if each in _STATES else 99)  # type: ignore[arg-type]
    return sorted(values, key=lambda each: (len(each) if name == "tier" else 0, each.casefold()))


@reading
def export(visit: Visit) -> Response:
    """What is filtered, as a table; a text that a spreadsheet would run as a formula is quoted."""
    contacts = {contact.id: contact for contact in visit.seen.world.contacts}
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for each in matching(visit):
        contact = contacts[each.id]
        cells = {
            **{name: getattr(contact, name, None) for name in COLUMNS},
            "tags": "; ".join(contact.tags),
            "email": "; ".join(channel.address for channel in contact.emails),
            "state": str(each.state), "outcome": each.outcome, "turn": each.turn, "wave": each.wave,
            "last": each.last.at.date().isoformat() if each.last else "",
            "next": each.next.due.date().isoformat() if each.next and each.next.due else "",
        }  # fmt: skip
        table.writerow([defused("" if cells[name] is None else str(cells[name])) for name in COLUMNS])
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
