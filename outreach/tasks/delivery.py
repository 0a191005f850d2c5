"""Only once: how a letter, or the missing parts of a post, go out. Nothing else sends to others or publishes.

`deliver`, read from top to bottom, is the promise:

    claim      a row under a unique index, with a try below it: no other run, process or computer gets it
    hand over  connect, and give everything but what makes it count
    mark       the event `committing`, durable before the next byte leaves
    effect     the last byte of a letter, the request that publishes a part
    outcome    accepted, refused, not sent or unknown, with its event and its receipt

Where the next letter follows at once, its claim shares the commit of this outcome: both are there, or neither.

A break before the mark is *not sent*, and the next run tries again. A break after it is *unknown*: only evidence
ends that, and nothing is sent again by itself. What may fail by our own doing (frozen bytes that are lost, a pace
that has no room) fails before the claim. `recover` ends what a killed run left open, by the same two rules.

Letters (tasks/sending/delivery.py), posts (tasks/publishing/delivery.py) and the daily list (tasks/digest.py) are the
adapters: each says what may go out, how it is handed over, and what proves it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Generic, Protocol, TypeVar

from outreach.errors import (
    AccountBusy,
    AccountLost,
    AlreadyClaimed,
    Forbidden,
    FrozenBytesLost,
    InDoubt,
    LedgerBusy,
    LedgerOnNetwork,
    NotSent,
    TooSoon,
)
from outreach.ledger import Ledger
from outreach.ledger.attempts import Attempt, AttemptResult
from outreach.ledger.claims import Claim
from outreach.ledger.place import FOLDER
from outreach.ledger.receipts import hand_on
from outreach.model.dispatch import Found
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import LetterId, PartId
from outreach.model.member import Role
from outreach.model.records import dataclass
from outreach.tasks.person import needs
from outreach.tasks.world import Session

SAID = 300
"""Characters of a server's reply that are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One letter or part, prepared: `digest` is the sha256 (hex) of its frozen bytes.

    `date` is what it is dated with at every try (the Date header, createdAt), `address` where a letter goes.
    """

    id: LetterId | PartId
    digest: str
    date: str
    address: str | None = None


AnItem = TypeVar("AnItem", bound=Item)
Proof = TypeVar("Proof")


@dataclass(kw_only=True, slots=True)
class Try(Generic[AnItem]):
    """An item on its way: its attempt in the ledger, how far it came, and what made it unknown."""

    item: AnItem
    attempt: Attempt
    is_marked: bool = False
    is_over: bool = False
    doubt: str = ""


class Account(Protocol):
    """What letters or posts go through."""

    account: str

    def close(self) -> None:
        """Let go of the connection."""


AnAccount = TypeVar("AnAccount", bound=Account)


@contextmanager
def alone(ledger: Ledger, through: AnAccount, lock: str) -> Iterator[AnAccount]:
    """The account for this process alone, until it dies. Raises AccountBusy."""
    with ExitStack() as held:
        try:
            held.enter_context(ledger.alone(lock))
        except LedgerBusy as error:
            raise AccountBusy(through.account) from error
        held.callback(through.close)
        yield through


class Delivery(ABC, Generic[AnItem, Proof]):
    """Lets items out through one account, which the caller has `alone`. `clock` gives the aware UTC instant."""

    def __init__(self, opened: Session, clock: Callable[[], datetime]) -> None:
        """Raises LedgerOnNetwork: two computers could both believe that they have the lock."""
        kind = opened.ledger.unsafe_place()
        if kind is not None:
            raise LedgerOnNetwork(FOLDER, kind)
        self.opened = opened
        self.ledger = opened.ledger
        self.clock = clock
        self._next: Callable[[], AnItem | None] = lambda: None
        self._ahead: Try[AnItem] | None = None

    # --- once ------------------------------------------------------------------------------------------

    def deliver(
        self, items: Sequence[AnItem], *, again: bool = False, then: Callable[[], AnItem | None] = lambda: None
    ) -> list[Try[AnItem]]:
        """Let these out, in their order; those of which nobody knows whether they went.

        `again`: whoever calls asks again for what the network does not have yet, where that makes no second one.
        `then`: asked when one is out; what follows at once, for the next `deliver`. It is claimed with this outcome.
        Raises NotAllowed, AlreadyClaimed, TooSoon, Forbidden (nothing was claimed, or nothing more went), NotSent; what
        happened is then written down. What the ledger raises goes up, and `recover` ends what was open.
        """
        needs(Role.SEND)
        tries = self._claim(items)
        self._next = then if len(tries) == 1 else lambda: None
        try:
            self.hand_over(tries, self._mark, self._accept)
        except (Forbidden, TooSoon, NotSent) as why:
            left = [each for each in tries if not each.is_over]
            for each in left:  # those behind the first were not tried
                self._give_up(each, why, refused=each is left[0] and _is_refusal(why))
            raise
        except InDoubt as why:
            return [each for each in tries if not each.is_over and not self._is_known(each, str(why), again=again)]
        finally:
            self._next = lambda: None
        return []

    def put_back(self) -> None:
        """Let go of what was claimed with the outcome before it, if its turn did not come."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            self.ledger.settle(ahead.attempt, AttemptResult.NOT_SENT, self.clock(), detail="the run ended before it")

    def _claim(self, items: Sequence[AnItem]) -> list[Try[AnItem]]:
        """The right to all of them, or to none."""
        if self._ahead is not None and len(items) == 1 and self._ahead.item is items[0]:
            ahead, self._ahead = self._ahead, None
            return [ahead]
        self.put_back()
        return self._claimed(items)

    def _claimed(self, items: Sequence[AnItem]) -> list[Try[AnItem]]:
        now, campaign, by = self.clock(), self.opened.campaign.id, self.opened.by
        tries = []
        with self.ledger.writing():
            self.permit(items, now, claiming=True)
            for item in items:
                of = self.claimed_as(item)
                claim = Claim(id=0, campaign=campaign, at=now, by=by, of=of, address=item.address, date=item.date)
                tries.append(Try(item=item, attempt=self.ledger.begin(claim, digest=item.digest, at=now)))
        return tries

    def _mark(self, tries: Sequence[Try[AnItem]]) -> None:
        """Durable when this returns: from here on they may be out. Raises Forbidden, and NotSent if the account
        may be another computer's by now.
        """
        now = self.clock()
        try:
            with self.ledger.writing():
                self.permit([each.item for each in tries], now, claiming=False)
                for each in tries:
                    self.ledger.mark(each.attempt, self.event(EventKind.COMMITTING, each.item, now))
            self.ledger.check_alone()
        except AccountLost as error:
            raise NotSent(str(error), hint=error.hint, stops_run=True) from error
        for each in tries:
            each.is_marked = True

    # --- outcomes --------------------------------------------------------------------------------------

    def _accept(self, each: Try[AnItem], proof: Proof) -> None:
        """It is out. What was found later happened when it was asked for."""
        at = each.attempt.committed or self.clock()
        event, receipt, reply = self.proved(each.item, proof, at)
        following, over = self._next(), self.clock()
        accepted, said = AttemptResult.ACCEPTED, reply[:SAID]
        settle = partial(self.ledger.settle, each.attempt, accepted, over, detail=said, event=event, receipt=receipt)
        if following is not None:
            with suppress(AlreadyClaimed, Forbidden, TooSoon):  # what is against it is said when its own turn comes
                self._ahead = settle(then=lambda: self._claimed([following])[0])
                each.is_over = True
        if not each.is_over:
            settle()
            each.is_over = True

    def _give_up(self, each: Try[AnItem], why: Forbidden | TooSoon | NotSent | str, *, refused: bool = False) -> None:
        """It surely is not out, and may be tried again; one that was `refused` as it is waits for a person."""
        now = self.clock()
        said = (getattr(why, "reply", "") or str(why))[:SAID]
        kind = EventKind.REFUSED if refused else EventKind.DEFERRED
        event = None if isinstance(why, Forbidden | TooSoon) else self.event(kind, each.item, now, said)
        result = AttemptResult.REFUSED if refused else AttemptResult.NOT_SENT
        self.ledger.settle(each.attempt, result, now, detail=said, event=event)
        each.is_over = True

    def _is_known(self, each: Try[AnItem], doubt: str, *, again: bool) -> bool:
        """Whether it is known at once what became of it after a break."""
        if not each.is_marked:
            self._give_up(each, "what goes before it is unknown")
            return True
        found: Proof | Found = Found.CANNOT_TELL
        try:
            found = self.find(each, again=again)
        except InDoubt as still:
            doubt = f"{doubt} {still}"
        except NotSent:
            pass  # as unknown as before
        return self._believe(each, found, doubt)

    def _believe(self, each: Try[AnItem], found: Proof | Found, doubt: str) -> bool:
        """Write down what was found of an item that was marked; whether it is known now."""
        if found is Found.NOT_THERE:
            self._give_up(each, "it does not exist")
        elif found is not Found.CANNOT_TELL:
            self._accept(each, found)  # type: ignore[arg-type]
        elif each.attempt.ended is None:
            at = each.attempt.committed or self.clock()
            event, receipt = self.event(EventKind.IN_DOUBT, each.item, at, doubt), self.warning(each.item, at)
            unknown = AttemptResult.UNKNOWN
            self.ledger.settle(each.attempt, unknown, self.clock(), detail=doubt, event=event, receipt=receipt)
        each.doubt = "" if each.is_over else doubt
        return each.is_over

    # --- after a killed run ----------------------------------------------------------------------------

    def recover(self, is_asked_again: Callable[[Attempt], bool] = lambda attempt: False) -> int:
        """End the tries that have no outcome, as far as anybody can say; how many are unknown.

        `is_asked_again`: whether this run asks for it again, under the same key, so that it makes no second one.
        Receipts that did not reach receipts.jsonl are written there. Raises NotSent if the network cannot be
        asked (everything is then as it was), and what the ledger raises.
        """
        unknown = 0
        for attempt in self.open_attempts():
            if attempt.committed is None:
                stopped = "stopped before it was handed over"
                self.ledger.settle(attempt, AttemptResult.NOT_SENT, self.clock(), detail=stopped)
                continue
            try:
                each = Try(item=self.thawed(attempt), attempt=attempt, is_marked=True)
            except FrozenBytesLost:
                unknown += 1
                continue
            found: Proof | Found = Found.CANNOT_TELL
            with suppress(InDoubt):
                found = self.find(each, again=is_asked_again(attempt))
            unknown += not self._believe(each, found, "stopped before the result was recorded")
        hand_on(self.ledger, self.opened.root)
        return unknown

    def claimed_as(self, item: AnItem) -> LetterId | PartId:
        """What the claim on an item is called."""
        return item.id

    # --- what letters and posts do each in their own way ---------------------------------------------------

    @abstractmethod
    def permit(self, items: Sequence[AnItem], now: datetime, *, claiming: bool) -> None:
        """Whether they may go at this instant: asked when they are claimed, and again when they are marked.

        Raises Forbidden and TooSoon.
        """

    @abstractmethod
    def hand_over(
        self,
        tries: Sequence[Try[AnItem]],
        mark: Callable[[Sequence[Try[AnItem]]], None],
        done: Callable[[Try[AnItem], Proof], None],
    ) -> None:
        """Connect and hand over; `mark` before what makes an item count, `done` as soon as it is known to be out.

        What `mark` raises goes up, and these are not out. Raises NotSent, InDoubt: about the first that is not done.
        """

    @abstractmethod
    def find(self, each: Try[AnItem], *, again: bool) -> Proof | Found:
        """What the account can tell of an item that was marked.

        Raises NotSent if it cannot be asked, InDoubt if something is there that may be it.
        """

    @abstractmethod
    def open_attempts(self) -> Sequence[Attempt]:
        """The tries of this account of which nobody has written down what became of them."""

    @abstractmethod
    def thawed(self, attempt: Attempt) -> AnItem:
        """What a try was about. Raises FrozenBytesLost."""

    @abstractmethod
    def event(self, kind: EventKind, item: AnItem, at: datetime, said: str = "") -> Event:
        """An event about it; `said` is why it was deferred or refused, or is unknown."""

    @abstractmethod
    def proved(self, item: AnItem, proof: Proof, at: datetime) -> tuple[Event, Receipt | None, str]:
        """The event and the receipt that say it is out, and what was answered. None: no other computer has to know."""

    def warning(self, item: AnItem, at: datetime) -> Receipt | None:
        """What other computers are told of an unknown one."""
        return None


def _is_refusal(why: Forbidden | TooSoon | NotSent) -> bool:
    """Whether asking again for the same would not help."""
    return isinstance(why, NotSent) and why.permanent and not why.stops_run
