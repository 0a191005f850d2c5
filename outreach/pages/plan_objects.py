"""A plan, the statuses of contacts and the events of the ledger, as the objects of `--json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, NotRequired, TypedDict, cast

from outreach.model.event import Event, EventKind
from outreach.model.past import PROPOSED_ORDER, Past
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.state import ContactState
from outreach.pages.json_schema import Count, Day, Instant, Schema
from outreach.pages.mail import ChaseObject, MessageObject
from outreach.planning.agenda import local_moment
from outreach.planning.status import ContactStatus, Turn, counts
from outreach.planning.today import written_not_sent
from outreach.words.wall_time import zone


class ItemObject(TypedDict):
    """An entry of the agenda. `due` has the offset of the campaign's zone, `local` is the same for people."""

    id: str
    kind: ItemKind
    contact: str | None
    post: str | None
    network: str | None
    wave: str | None
    step: int | None
    state: ItemState
    due: Instant | None
    local: str | None
    reason: str
    since: Instant | None
    owner: str | None


class AgendaObject(TypedDict):
    items: list[ItemObject]


def agenda_object(plan: Plan) -> AgendaObject:
    """The object of `agenda --json`; its items are made one by one while it is printed, since there may be many."""
    return {"items": cast(list[ItemObject], map(_item, plan.items))}


def _item(item: PlanItem) -> ItemObject:
    due, local = _due(item.due, item.zone, item.recipient_zone) if item.due else (None, None)
    return {
        "id": item.id,
        "kind": item.kind,
        "contact": item.contact,
        "post": item.post,
        "network": item.network,
        "wave": item.wave,
        "step": item.step,
        "state": item.state,
        "due": due,
        "local": local,
        "reason": item.reason,
        "since": instant_text(item.since, item.zone),
        "owner": item.owner,
    }


@lru_cache(maxsize=1024)
def _due(due: datetime, zone: str, recipient_zone: str | None) -> tuple[str | None, str]:
    """What is due now is due at one instant, however much it is."""
    return instant_text(due, zone), local_moment(due, zone, recipient_zone)


def instant_text(instant: datetime | None, name: str) -> str | None:
    """ISO 8601 with the offset of the zone in which people read it."""
    return instant.astimezone(zone(name)).isoformat() if instant else None


class LastObject(TypedDict):
    """What happened last."""

    type: EventKind
    at: Instant
    via: str | None
    text: str | None


class NextObject(TypedDict):
    """What comes next; `due` is null where nobody can know it yet."""

    what: str
    due: Instant | None


class ContactObject(TypedDict):
    """Where a contact stands. `proposed` is what its message seems to be, `failed` why a letter did not arrive."""

    id: str
    name: str
    tier: int | None
    state: ContactState
    outcome: str | None
    wave: str | None
    turn: Turn
    proposed: Annotated[str | None, Schema(enum=[*PROPOSED_ORDER, None])]
    failed: str | None
    last: LastObject | None
    next: NextObject | None


class PostStatusObject(TypedDict):
    """A post on one network; `counts` are what the network counted: likes, boosts, replies."""

    id: str
    network: str
    state: ItemState
    url: str | None
    counts: dict[str, float]


class ChangedObject(TypedDict):
    """A letter whose approval no longer counts; `difference` is null where the approved bytes are lost."""

    id: str
    difference: list[str] | None


class StatusObject(TypedDict):
    """`no_longer_listed` counts the letters to contacts that no file names any more.

    `due`, `answers` and `messages` come with --due, --answers and --unmatched.
    """

    contacts: list[ContactObject]
    posts: list[PostStatusObject]
    counts: dict[ContactState, Count]
    unmatched: Count
    written_not_sent: Count
    in_doubt: Count
    elsewhere: list[str]
    no_longer_listed: dict[str, Count]
    changed: list[ChangedObject]
    due: NotRequired[list[ChaseObject]]
    answers: NotRequired[list[MessageObject]]
    messages: NotRequired[list[MessageObject]]


def status_object(
    statuses: Iterable[ContactStatus],
    plan: Plan,
    past: Past,
    timezone: str,
    *,
    unmatched: int = 0,
    unlisted: Mapping[str, int] | None = None,
    changed: Iterable[ChangedObject] = (),
) -> StatusObject:
    """The object of `status --json`."""
    statuses = list(statuses)
    return {
        "contacts": [_standing(each, timezone) for each in statuses],
        "posts": [_post(item, past) for item in plan.items if item.kind is ItemKind.POST],
        "counts": counts(statuses),
        "unmatched": unmatched,
        "written_not_sent": len(written_not_sent(past)),
        "in_doubt": sum(item.state is ItemState.IN_DOUBT for item in plan.items),
        "elsewhere": [receipt.id for receipt in past.elsewhere],
        "no_longer_listed": dict(unlisted or {}),
        "changed": list(changed),
    }


def _standing(each: ContactStatus, timezone: str) -> ContactObject:
    last: LastObject | None = None
    if each.last:
        at = each.last.at.astimezone(zone(timezone)).isoformat()
        last = {"type": each.last.type, "at": at, "via": each.last.via, "text": each.last.text}
    return {
        "id": each.id,
        "name": each.name,
        "tier": each.tier,
        "state": each.state,
        "outcome": each.outcome,
        "wave": each.wave,
        "turn": each.turn,
        "proposed": each.proposed,
        "failed": each.failed,
        "last": last,
        "next": {"what": each.next.what, "due": instant_text(each.next.due, timezone)} if each.next else None,
    }


def _post(item: PlanItem, past: Past) -> PostStatusObject:
    happened = past.posts.get((item.post or "", item.network or ""))
    return {
        "id": item.id,
        "network": item.network or "",
        "state": item.state,
        "url": happened.url if happened else None,
        "counts": dict(happened.numbers) if happened else {},
    }


class EventObject(TypedDict):
    """An event of the ledger. `at` is in UTC; what `name` and `value` mean depends on `kind` (docs/ledger.md)."""

    number: Count
    kind: EventKind
    at: Instant
    by: str
    contact: str | None
    post: str | None
    network: str | None
    wave: str | None
    step: int | None
    name: str | None
    value: str | None
    url: str | None
    numbers: dict[str, float]
    due: Day | None
    owner: str | None
    text: str | None


class StoryObject(TypedDict):
    id: str
    events: list[EventObject]
    items: list[ItemObject]


def story_object(name: str, events: Iterable[Event], items: Iterable[PlanItem]) -> StoryObject:
    """The object of `show --json`."""
    return {
        "id": name,
        "events": [event_object(event) for event in events],
        "items": [_item(item) for item in items],
    }


def event_object(event: Event) -> EventObject:
    """One event of the ledger; keys it does not have are null."""
    name, value = event.payload.stored()
    return {
        "number": event.number,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "by": event.by,
        "contact": event.contact,
        "post": event.post,
        "network": event.network,
        "wave": event.wave,
        "step": event.step,
        "name": name,
        "value": value,
        "url": event.url,
        "numbers": dict(event.numbers),
        "due": event.due.isoformat() if event.due else None,
        "owner": event.owner,
        "text": event.text,
    }
