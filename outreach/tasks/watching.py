"""`outreach run`: look, say what comes, and with `go` send and publish it; then wait and look again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from outreach.connections.server_dates import last_heard
from outreach.errors import OutreachError
from outreach.model.action import Action, ActionResult
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.publication import PostSync
from outreach.model.records import dataclass
from outreach.networks import registry
from outreach.planning.watching import PAUSE, looks_again, next_day, reminders
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.changes import change_stamp
from outreach.tasks.clock import elapsed, is_rehearsal, now
from outreach.tasks.digest import digest, is_due, next_digest
from outreach.tasks.health import Heartbeat, beat, heartbeat, kept_since
from outreach.tasks.interruption import Interruption, interruptible
from outreach.tasks.publishing import PublishOrder, publish
from outreach.tasks.publishing.engagement import sync_posts
from outreach.tasks.sending import Asking, SendOrder, SendResult, send
from outreach.tasks.sending.orders import BY_YOU
from outreach.tasks.syncing import SyncResult, sync
from outreach.tasks.world import LastPlan, session
from outreach.words.wall_time import zone

MOST_OFF = timedelta(minutes=5)
"""So far the clock may be off what a network says, or from where it should be by the seconds that passed."""


class ClockWatch:
    """Compares the clock with the seconds that passed since the watch began, and with the dates of servers.

    Seconds are counted through a computer's sleep where the system does so (Linux), so waking up is not a jump.
    """

    def __init__(self) -> None:
        self._from, self._passed = now(), elapsed()

    def trouble(self) -> str:
        """Why the clock cannot be believed now, in a sentence; "" where it can."""
        moment, passed = now(), elapsed()
        heard = last_heard()
        if heard is not None:  # a server's word counts more than what this computer counted
            off = moment - heard.now(passed)
            if abs(off) > MOST_OFF:
                way = "ahead of" if off > timedelta() else "behind"
                said = f"This computer's clock is {_span(off)} {way} the time of a network"
                return f"{said}, so nothing is sent. Set it."
            self._from, self._passed = moment, passed
            return ""
        jump = moment - self._from - timedelta(seconds=passed - self._passed)
        if abs(jump) <= MOST_OFF:
            return ""
        way = "forward" if jump > timedelta() else "back"
        hint = "Set it right, or start `outreach run` again if it is right now."
        return f"This computer's clock jumped {way} by {_span(jump)}, so nothing is sent. {hint}"


def _span(off: timedelta) -> str:
    minutes = round(abs(off).total_seconds() / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


_Result = TypeVar("_Result")
WAKE = 2.0
"""Seconds between two looks at whether a file changed, and the least between two rounds."""


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

    It sleeps until something is due, and wakes when a file or the history changes. Where there is a mailbox or a
    post that is out, these are read every 15 minutes. Nothing is sent or published without `go`, and then only what
    is approved, due and allowed, as `send` and `publish` do it, and while the clock can be believed. Trouble with an
    account or a broken file is told and the watch goes on. The effect in hand is finished before it ends. What the
    first look raises ends it: CampaignUnreadable, and what the ledger raises.
    """
    with interruptible() as interruption:
        watching = _Watch(root, listener, interruption, go=go)
        while watching.round(last=once or is_rehearsal()) and _wait(interruption, watching.again, watching.changed):
            pass
        if not once:
            watching.beat(stopped=True)


def _wait(interruption: Interruption, until: datetime, changed: Callable[[], bool]) -> bool:
    """Wait until `until` by the clock as it then is, or until something changed; False if somebody stops it."""
    while (left := (until - now()).total_seconds()) > 0:
        if not interruption.sleep(min(WAKE, left)):
            return False
        if changed():
            break
    return not interruption.asked


class _Watch:
    """One watch: what was told, what was out already, when the mailbox was read, and what does not work."""

    def __init__(self, root: Path, listener: Listener, interruption: Interruption, *, go: bool) -> None:
        self._root = root
        self._listener = listener
        self._go = go
        self._told: set[tuple[str, ItemState]] = set()
        self._read: datetime | None = None
        self._asks = True
        self._loaded: Loaded | None = None
        self._last = LastPlan()
        self._out: frozenset[str] = frozenset()
        self._listed: date | None = None
        self._interruption = interruption
        self._clock = ClockWatch()
        self._stamp = self._seen = ""
        before = heartbeat(root)
        self._before = before.troubles if before is not None and not before.stopped else ()
        self._wrong: dict[str, str] = {each.id: each.reason for each in self._before}
        self.again = now()

    def round(self, *, last: bool) -> bool:
        """Look, and act; whether there is to be another round."""
        try:
            look = self._look()
        except OutreachError as broken:
            if self._read is None or last:
                raise
            self._wrong["files"] = broken.in_full
            return self._goes_on(Acted(troubles=(broken.in_full,)), now() + PAUSE, last=last)
        self._wrong.pop("files", None)
        self._listener.looked(look)
        acted, sent = self._act() if self._go else (Acted(), None)
        stopped = self._interruption.asked or (sent is not None and sent.stopped == BY_YOU)
        after = sent.next if sent is not None else None
        again = looks_again(look.ahead, after, pause=self._pause(look, acted))
        listed = next_digest(self._loaded.campaign, now()) if self._go and self._loaded is not None else None
        return self._goes_on(acted, min(again, listed) if listed else again, last=last or stopped)

    def _pause(self, look: Look, acted: Acted) -> timedelta:
        """For how long at most nothing is looked at: a while where something is read or tried again, else a day."""
        assert self._loaded is not None
        has_inbox = self._loaded.campaign.accounts.mail.inbox is not None
        tries_again = bool(look.troubles or acted.troubles or self._wrong)
        if has_inbox or tries_again or (look.posts is not None and look.posts.asked):
            return PAUSE
        local = look.at.astimezone(zone(look.timezone))
        midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
        return max(PAUSE, midnight - look.at)  # conditions name days

    def _act(self) -> tuple[Acted, SendResult | None]:
        if why := self._clock.trouble():
            self._wrong["clock"] = why
            return Acted(troubles=(why,)), None
        self._wrong.pop("clock", None)
        troubles: list[str] = []
        stop = self._interruption
        published = sent = None
        if self._has_work(ItemKind.POST):
            posting = partial(publish, self._root, PublishOrder(go=True), interruption=stop)
            published = self._tried("publish", troubles, partial(posting, loaded=self._loaded, last=self._last))
        if self._has_work(ItemKind.LETTER) and not stop.asked:
            order, asking = SendOrder(go=True, wait=False), Asking(interruption=stop)
            sending = partial(send, self._root, order, asking)
            sent = self._tried("mail", troubles, partial(sending, loaded=self._loaded, last=self._last))
        if not stop.asked:
            self._list_today(troubles)
        self._note(published.actions if published else (), sent)
        posts = [action for action in published.actions if action.id not in self._out] if published else []
        letters = sent.actions if sent else ()
        tried = tuple(action for action in (*posts, *letters) if action.result.is_try)
        return Acted(actions=tried, troubles=tuple(troubles)), sent

    def _has_work(self, kind: ItemKind) -> bool:
        """Whether anything of that kind may go out or is unclear, or it is time to ask what other computers did."""
        assert self._last.made is not None
        world, plan = self._last.made
        if self._asks or (kind is ItemKind.POST and world.refused):
            return True
        return any(item.kind is kind and item.state not in _NOTHING_TO_DO for item in plan.items)

    def _list_today(self, troubles: list[str]) -> None:
        """Put today's list into your own inbox, from its time on, once."""
        assert self._loaded is not None
        at = now()
        day = at.astimezone(zone(self._loaded.campaign.timezone)).date()
        if self._listed != day and is_due(self._loaded.campaign, at):
            found = self._tried("digest", troubles, lambda: digest(self._root, go=True, loaded=self._loaded))
            self._listed = day if found is not None else None

    def _note(self, posts: Iterable[Action], sent: SendResult | None) -> None:
        """Keep what did not go out, and why. A mail account works again once something went out through it."""
        letters = sent.actions if sent is not None else ()
        self._wrong = {id: why for id, why in self._wrong.items() if "/" not in id}
        tried = [*posts, *letters]
        self._wrong |= {each.id: f"{each.reason}." for each in tried if each.result in _NOT_OUT}
        if sent is None:
            return
        if sent.stopped and sent.stopped != BY_YOU:
            self._wrong["mail"] = f"{sent.stopped}."
        elif any(each.result is ActionResult.DONE for each in letters) or not any(map(_is_to_come, letters)):
            self._wrong.pop("mail", None)

    def changed(self) -> bool:
        """Whether a file or the history is another one than after the last look, and nobody is writing it just now."""
        before, self._seen = self._seen, self._stamp_now()
        return self._seen != self._stamp and self._seen == before

    def _stamp_now(self) -> str:
        try:
            return change_stamp(self._root)
        except OutreachError:
            return self._seen

    def beat(self, *, stopped: bool = False, last: bool = False) -> None:
        """Leave the heartbeat."""
        self._before = kept_since(self._before, self._wrong, now())
        again = None if last else self.again
        if not is_rehearsal():
            beat(self._root, Heartbeat(at=now(), next=again, go=self._go, stopped=stopped, troubles=self._before))

    def _goes_on(self, acted: Acted, again: datetime, *, last: bool) -> bool:
        self.again = max(again, now() + timedelta(seconds=WAKE))
        self.beat(last=last)
        self._stamp = self._seen = self._stamp_now()
        self._listener.acted(replace(acted, again=None if last else self.again))
        return not last

    def _look(self) -> Look:
        troubles: list[str] = []
        mail = posts = None
        self._loaded = loaded = load(self._root)
        has_inbox = loaded.campaign.accounts.mail.inbox is not None
        self._asks = self._read is None or now() - self._read >= PAUSE
        if self._asks:
            self._read = now()
            posts = self._tried("posts", troubles, lambda: sync_posts(self._root, loaded=loaded))
            for network in (each.name for each in registry.published()):
                self._wrong.pop(network, None)
            self._wrong |= posts.unasked if posts is not None else {}
            mail = self._tried("mailbox", troubles, lambda: sync(self._root, loaded=loaded)) if has_inbox else None
            if mail is not None and mail.trouble is not None:
                self._wrong["mailbox"] = mail.trouble.in_full
                troubles.append(mail.trouble.in_full)
            if mail is not None or (posts is not None and posts.asked):
                self._loaded = load(self._root)  # asking takes minutes, in which somebody may have edited them
        self._last = LastPlan()
        with session(self._root, self._loaded, self._last) as opened:
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

    def _tried(self, what: str, troubles: list[str], work: Callable[[], _Result]) -> _Result | None:
        """Do it; where the world is broken, say so and go on."""
        try:
            done = work()
        except (OutreachError, OSError) as error:
            self._wrong[what] = error.in_full if isinstance(error, OutreachError) else f"{error}."
            troubles.append(self._wrong[what])
            return None
        if what != "mail":
            self._wrong.pop(what, None)
        return done


_NOTHING_TO_DO = (ItemState.DONE, ItemState.WAITING, ItemState.HELD, ItemState.MISSED)
_NOT_OUT = (ActionResult.FAILED, ActionResult.UNKNOWN)


def _is_to_come(action: Action) -> bool:
    return action.only_waits or action.result in (ActionResult.PLANNED, ActionResult.FAILED)
