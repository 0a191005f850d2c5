"""`outreach run`: look, say what comes, and with `go` send and publish it; then wait and look again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from outreach.errors import OutreachError
from outreach.model.action import Action, ActionResult
from outreach.model.plan import ItemState, Plan, PlanItem
from outreach.planning.watching import PAUSE, looks_again, next_day, reminders
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.digest import digest, is_due, next_digest
from outreach.tasks.interruption import Interruption, interruptible
from outreach.tasks.publishing import PublishOrder, publish
from outreach.tasks.publishing.engagement import PostSync, sync_posts
from outreach.tasks.sending import SendOrder, SendResult, send
from outreach.tasks.sending.orders import BY_YOU
from outreach.tasks.syncing import SyncResult, sync
from outreach.tasks.world import session
from outreach.words.wall_time import zone

_Result = TypeVar("_Result")
TRIED = (ActionResult.DONE, ActionResult.FAILED, ActionResult.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What one look found: the plan of the next 24 hours, and what a person is told for the first time.

    `troubles` are whole sentences about what could not be read; nothing else stopped for them.
    """

    at: datetime
    timezone: str
    ahead: Plan
    reminders: tuple[PlanItem, ...]
    mail: SyncResult | None = None
    posts: PostSync | None = None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Acted:
    """What was tried after a look, and when the next look comes (aware UTC; None: this was the last)."""

    actions: tuple[Action, ...] = ()
    troubles: tuple[str, ...] = ()
    again: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listener:
    """Who hears of each look before anything is done, and of what was done."""

    looked: Callable[[Look], None] = lambda look: None
    acted: Callable[[Acted], None] = lambda acted: None


def watch(root: Path, listener: Listener, *, go: bool = False, once: bool = False) -> None:
    """Watch over the campaign until somebody stops it (Ctrl-C, SIGTERM); only `once`, also in a rehearsal.

    The mailbox and the posts' numbers are read every 15 minutes, the files at every look. Nothing is sent or
    published without `go`, and then only what is approved, due and allowed, as `send` and `publish` do it. Trouble
    with an account or a broken file is told and the watch goes on. What the first look raises
    ends it: CampaignUnreadable, and what the ledger raises.
    """
    with interruptible() as interruption:
        watching = _Watch(root, listener, go=go)
        while watching.round(last=once or is_rehearsal()) and _wait(interruption, watching.again):
            pass


def _wait(interruption: Interruption, until: datetime) -> bool:
    return interruption.sleep(max(0.0, (until - now()).total_seconds()))


class _Watch:
    """One watch: what was told, what was out already, and when the mailbox was read."""

    def __init__(self, root: Path, listener: Listener, *, go: bool) -> None:
        self._root = root
        self._listener = listener
        self._go = go
        self._told: set[tuple[str, ItemState]] = set()
        self._read: datetime | None = None
        self._loaded: Loaded | None = None
        self._out: frozenset[str] = frozenset()
        self._listed: date | None = None
        self.again = now()

    def round(self, *, last: bool) -> bool:
        """Look, and act; whether there is to be another round."""
        try:
            look = self._look()
        except OutreachError as broken:
            if self._read is None or last:
                raise
            return self._goes_on(Acted(troubles=(_sentence(broken),)), now() + PAUSE, last=last)
        self._listener.looked(look)
        acted, sent = self._act() if self._go else (Acted(), None)
        stopped = sent is not None and sent.stopped == BY_YOU
        after = sent.next if sent is not None else None
        again = looks_again(look.ahead, after)
        listed = next_digest(self._loaded.campaign, now()) if self._go and self._loaded is not None else None
        return self._goes_on(acted, min(again, listed) if listed else again, last=last or stopped)

    def _act(self) -> tuple[Acted, SendResult | None]:
        troubles: list[str] = []
        published = self._tried(troubles, lambda: publish(self._root, PublishOrder(go=True), loaded=self._loaded))
        order = SendOrder(go=True, wait=False)
        sent = self._tried(troubles, lambda: send(self._root, order, loaded=self._loaded))
        self._list_today(troubles)
        posts = [action for action in published.actions if action.id not in self._out] if published else []
        letters = sent.actions if sent else ()
        tried = tuple(action for action in (*posts, *letters) if action.result in TRIED)
        return Acted(actions=tried, troubles=tuple(troubles)), sent

    def _list_today(self, troubles: list[str]) -> None:
        """Put today's list into one's own inbox, from its time on, once."""
        assert self._loaded is not None
        at = now()
        day = at.astimezone(zone(self._loaded.campaign.timezone)).date()
        if self._listed != day and is_due(self._loaded.campaign, at):
            found = self._tried(troubles, lambda: digest(self._root, go=True, loaded=self._loaded))
            self._listed = day if found is not None else None

    def _goes_on(self, acted: Acted, again: datetime, *, last: bool) -> bool:
        self.again = max(again, now())
        self._listener.acted(replace(acted, again=None if last else self.again))
        return not last

    def _look(self) -> Look:
        troubles: list[str] = []
        mail = posts = None
        self._loaded = loaded = load(self._root)
        has_inbox = loaded.campaign.accounts.mail.inbox is not None
        if self._read is None or now() - self._read >= PAUSE:
            self._read = now()
            posts = self._tried(troubles, lambda: sync_posts(self._root, loaded=loaded))
            mail = self._tried(troubles, lambda: sync(self._root, loaded=loaded)) if has_inbox else None
            if mail is not None and mail.trouble is not None:
                troubles.append(_sentence(mail.trouble))
            if mail is not None or (posts is not None and posts.asked):
                self._loaded = load(self._root)  # asking takes minutes, in which somebody may have edited them
        with session(self._root, self._loaded) as opened:
            world, plan = opened.planned()
        self._out = frozenset(item.id for item in plan.items if item.state is ItemState.DONE)
        new = reminders(plan, self._told)
        self._told |= {(item.id, item.state) for item in new}
        return Look(
            at=plan.now,
            timezone=world.campaign.timezone,
            ahead=next_day(plan),
            reminders=new,
            mail=mail,
            posts=posts,
            troubles=tuple(troubles),
        )

    def _tried(self, troubles: list[str], work: Callable[[], _Result]) -> _Result | None:
        """Do it; where the world is broken, say so and go on."""
        try:
            return work()
        except OutreachError as error:
            troubles.append(_sentence(error))
            return None


def _sentence(error: OutreachError) -> str:
    return " ".join(filter(None, [str(error), error.hint]))
