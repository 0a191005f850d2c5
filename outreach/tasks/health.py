"""How the watch is: what it could not do, since when, and what is overdue although it should have gone out.

The watch leaves a heartbeat after each look, `.outreach/heartbeat.json`; `outreach status --health` reads it, and looks
into the plan for itself. The file can be deleted at any time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from outreach import storage
from outreach.ledger.place import FOLDER
from outreach.model.past import Approval
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.records import dataclass
from outreach.planning.touches import MAILBOX_AGE
from outreach.planning.world import World
from outreach.tasks.campaign import load
from outreach.tasks.clock import now
from outreach.tasks.world import looked_at

FILE = f"{FOLDER}/heartbeat.json"
PATIENCE = timedelta(minutes=15)
"""How long after its time a look, or what is due, may still come."""
ONCE_A_DAY = timedelta(days=1)
"""A watch that looks once, from a timer, is missed after this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """What is not as it should be: `id` is an account, a letter or a post; `since` aware UTC; `reason` a sentence."""

    id: str
    since: datetime
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heartbeat:
    """What the watch was at its last look: `next` is when it wanted to look again, None if a timer starts it.

    `stopped`: a person ended it, so nobody waits for it.
    """

    at: datetime
    next: datetime | None
    go: bool
    stopped: bool = False
    troubles: tuple[Trouble, ...] = ()


def beat(root: Path, heart: Heartbeat) -> None:
    """Leave the heartbeat. Never raises for the file: the watch goes on without."""
    troubles = [{"id": each.id, "since": each.since.isoformat(), "reason": each.reason} for each in heart.troubles]
    value = {
        "at": heart.at.isoformat(),
        "next": heart.next and heart.next.isoformat(),
        "go": heart.go,
        "stopped": heart.stopped,
        "pid": os.getpid(),
        "troubles": troubles,
    }
    with suppress(OSError):
        storage.make_private_folder(root, FOLDER)
        storage.write(root, FILE, [json.dumps(value, indent=1).encode()], private=True, durable=False)


def heartbeat(root: Path) -> Heartbeat | None:
    """The last heartbeat; None if there is none that can be read."""
    try:
        value = json.loads(storage.read(root, FILE, 1_000_000))
        return Heartbeat(
            at=_instant(value["at"]),
            next=_instant(value["next"]) if value["next"] else None,
            go=bool(value["go"]),
            stopped=bool(value["stopped"]),
            troubles=tuple(
                Trouble(id=str(each["id"]), since=_instant(each["since"]), reason=str(each["reason"]))
                for each in value["troubles"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What is overdue or does not work, the longest first, and the last heartbeat; `timezone` is the campaign's."""

    troubles: tuple[Trouble, ...]
    heart: Heartbeat | None
    timezone: str


def health(root: Path) -> Health:
    """What is overdue or does not work. Makes no ledger.

    Raises CampaignUnreadable, and what the ledger raises.
    """
    at, heart, loaded = now(), heartbeat(root), load(root)
    with looked_at(root, loaded) as opened:
        world, plan = opened.foreseen()
        has_inbox = opened.campaign.accounts.mail.inbox is not None
    found = {} if heart is None or heart.stopped else {each.id: each for each in (*heart.troubles, *_silent(heart, at))}
    is_watched = heart is not None and heart.go and not heart.stopped and "run" not in found
    for item in plan.items:
        if item.id not in found and (late := _overdue(world, item, is_watched=is_watched)) is not None:
            found[item.id] = late
    read = world.past.mailbox_read
    waits = any(item.step for item in plan.items if item.kind is ItemKind.LETTER)
    if has_inbox and waits and read is not None and at - read > MAILBOX_AGE and "mailbox" not in found:
        reason = "The mailbox was not read since then, so no follow-up goes out. Run: outreach sync"
        found["mailbox"] = Trouble(id="mailbox", since=read, reason=reason)
    troubles = tuple(sorted(found.values(), key=lambda each: (each.since, each.id)))
    return Health(troubles=troubles, heart=heart, timezone=world.campaign.timezone)


def _silent(heart: Heartbeat, at: datetime) -> Iterable[Trouble]:
    """The watch itself, where it did not look when it should have."""
    expected = heart.next or heart.at + ONCE_A_DAY
    if at - expected > PATIENCE:
        yield Trouble(id="run", since=expected, reason="`outreach run` has not looked since. Start it again.")


def _overdue(world: World, item: PlanItem, *, is_watched: bool) -> Trouble | None:
    """The item as a trouble; None if it is not overdue, or waits for a person's approval."""
    at, since = world.now, item.due
    if item.kind is ItemKind.TASK:
        return None
    if item.state in (ItemState.MISSED, ItemState.IN_DOUBT):
        return Trouble(id=item.id, since=since or at, reason=f"{item.reason or item.state}.")
    approval = world.past.approvals.get(item.id, Approval())
    needs_one = item.kind is ItemKind.POST and world.campaign.approval != "none"
    if item.state is not ItemState.DUE or item.unapproved or (needs_one and approval.digest is None):
        return None
    if since is None or since >= at:  # it has no day of its own: what is approved may go, and a watch lets it go
        since = None if is_watched else approval.at
    if since is None or at - since <= PATIENCE:
        return None
    return Trouble(id=item.id, since=since, reason="It has been due since then, and has not gone out.")


def kept_since(before: Iterable[Trouble], reasons: Mapping[str, str], at: datetime) -> tuple[Trouble, ...]:
    """Troubles with their reasons of now; one that lasts keeps the instant at which it began."""
    since = {each.id: each.since for each in before}
    return tuple(Trouble(id=id, since=since.get(id, at), reason=reason) for id, reason in reasons.items())
