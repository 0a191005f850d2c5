"""The ledger: events are added, never changed; what they come to is kept beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, TypeVar

from outreach.errors import LedgerArriving, LedgerSealed, LedgerUnreadable
from outreach.history import fold, past_of, takes_back
from outreach.ledger import attempts, erasing, statements
from outreach.ledger.attempts import Attempt, AttemptResult
from outreach.ledger.claims import Claim, claim_of
from outreach.ledger.database import Database, writing
from outreach.ledger.mail import MailRecord
from outreach.ledger.rows import (
    Row,
    clean,
    event_of,
    event_row,
    instant_of,
    instant_text,
    personal_row,
    receipt_of,
    receipt_row,
)
from outreach.ledger.states import States, read_states, read_states_to_send, rebuild
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import LetterId, PartId, VersionId
from outreach.model.past import Past

Found = TypeVar("Found")
_MANY = 100
"""Letters; to look for one that is further back takes as long as passing by all after it."""
_INSIDE = nullcontext()
_PAGE = 5_000
"""So many events are read at a time where there may be very many."""


class Closing(Protocol):
    """What ends with the ledger."""

    def close(self) -> None:
        """Let go of it."""


class SentLetters:
    """What left through this ledger, as counts at one moment: those in doubt count, those surely not sent do not."""

    def __init__(
        self,
        ask: Callable[[str, tuple[Any, ...]], Row | None],
        reading: Callable[[], AbstractContextManager[None]],
        events: int,
    ) -> None:
        self._ask = ask
        self._reading = reading
        self._events = events
        self._found: dict[tuple[int, str | None], datetime | None] = {}

    def since(self, moment: datetime, domain: str | None = None) -> int:
        """How many left after `moment` (aware), to `domain` where one is named."""
        if domain is None:
            found = self._ask(statements.LEFT_SINCE, (instant_text(moment),))
        else:
            found = self._ask(statements.LEFT_TO_DOMAIN_SINCE, (instant_text(moment), domain))
        return int(found[0]) if found else 0

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        """When the last one left, or the n-th last (aware UTC); None if there were fewer. Asked for once."""
        if (nth, domain) not in self._found:
            self._found[nth, domain] = self._last(nth, domain)
        return self._found[nth, domain]

    def _last(self, nth: int, domain: str | None) -> datetime | None:
        if nth > _MANY and nth > self._events:
            return None  # each that left has an event: nobody looks through all of them
        if domain is None:
            found = self._ask(statements.NTH_LEFT, (nth - 1,))
        else:
            found = self._ask(statements.NTH_LEFT_TO_DOMAIN, (domain, nth - 1))
        with self._reading():
            return instant_of(found[0]) if found else None


class Ledger:
    """An open ledger. Use as a context manager; `outreach.ledger.open_ledger` makes it.

    `id` is this ledger's own, made when it was. In a `rehearsal` nothing reaches `receipts.jsonl`. `persons` are ids of
    contacts for which a token is there, `keys` the campaign's for names of mail that were erased; whoever opens a
    campaign says both.
    Every method raises LedgerBusy, LedgerReadOnly, LedgerFull, LedgerUnreadable or LedgerUnreachable where the
    database cannot be used, and a writing one LedgerSealed where it was moved; that one has then changed nothing.
    """

    def __init__(self, db: Database, shown: str, *, rehearsal: bool = False, lock: Closing | None = None) -> None:
        self._db = db
        self._shown = shown
        self._lock = lock
        self.rehearsal = rehearsal
        self.persons: frozenset[str] = frozenset()
        self.keys: tuple[bytes, ...] = ()
        self.others_event = -1
        """The number of the last event that was there before this process wrote its own; as of the last `writing`."""
        self._last_event = -1
        self._states = States(db)
        found = self._one(statements.META, ("ledger",))
        if found is None:
            raise LedgerUnreadable(shown, "it has lost its own id")
        self.id: str = found[0]

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._lock is not None:
            self._lock.close()

    def writing(self, *, soon: bool = False) -> AbstractContextManager[None]:
        """All that is written inside is there afterwards, or none of it. May stand inside another.

        `soon`: it is on the disk by the next writing without that word. A killed process loses nothing of it.
        """
        return _INSIDE if self._db.in_transaction else self._writing(soon)

    @contextmanager
    def _writing(self, soon: bool) -> Iterator[None]:
        try:
            with self._db.translated(), writing(self._db, soon=soon):
                self._look_around()
                yield
        except BaseException:
            self._last_event = -1  # its number will be that of another one
            self._states.forget()
            raise

    def _look_around(self) -> None:
        """Whether others moved it, and whether they wrote. Raises LedgerSealed, LedgerArriving."""
        found = dict(self._db.execute(statements.BEGUN).fetchall())
        if statements.SEALED in found:
            raise LedgerSealed(self._shown, found[statements.SEALED])
        if statements.ARRIVING in found:
            raise LedgerArriving(self._shown)
        last = int(found[statements.NEWEST])
        if last != self._last_event:
            self.others_event = self._last_event = last
            self._states.forget()

    # --- accounts ----------------------------------------------------------------------------------

    def alone(self, account: str) -> AbstractContextManager[None]:
        """An account for this process alone, on every computer that uses this ledger. Raises LedgerBusy."""
        return self._db.alone(account)

    def check_alone(self) -> None:
        """Raises AccountLost if an account that was `alone` may be another's by now."""
        self._db.check_alone()

    def unsafe_place(self) -> str | None:
        """The kind of network file system on which `alone` cannot be trusted; None if it can."""
        return self._db.unsafe_place()

    # --- events ------------------------------------------------------------------------------------

    def append(self, event: Event, *, receipt: Receipt | None = None) -> Event:
        """Store one event, and the receipt of its effect; the event with its number and UTC instants."""
        with self.writing():
            stored = self.append_all([event])[0]
            if receipt is not None:
                self.add_receipts([receipt])
        return stored

    def append_all(self, events: Iterable[Event]) -> list[Event]:
        """Store events and what they come to in one transaction: all of them or none."""
        with self.writing():
            stored = []
            for event in events:
                stored.append(self._store(event))
                self._states.take(stored[-1])
            self._states.write()
        return stored

    def _store(self, event: Event) -> Event:
        row, personal = event_row(event), personal_row(event)
        number = self._db.execute(statements.ADD_EVENT, row).fetchone()[0]
        text, address = personal
        if text is not None or address is not None:
            added = self._db.execute(statements.ADD_PERSONAL, (number, text, address))
            if added.rowcount != 1:  # text of an event that was never stored: not our writing
                raise LedgerUnreadable(self._shown, "its tables do not fit together")
        self._last_event = number
        return event_of((number, *row, address, text))

    def events(self, *, contact: str | None = None, post: str | None = None, after: int = 0) -> Iterator[Event]:
        """The events by number: all, or those about a contact or post, and only those after a number."""
        if contact is not None:
            found = self._read(event_of, statements.EVENTS_OF_CONTACT, (clean(contact), after))
            return iter([event for event in found if post is None or event.post == post])
        if post is not None:
            return iter(self._read(event_of, statements.EVENTS_OF_POST, (clean(post), after)))
        return iter(self._read(event_of, statements.EVENTS, (after,)))

    def stream(self, kinds: Collection[EventKind] = ()) -> Iterator[Event]:
        """All events by number, or those of some kinds, some thousands in memory at a time."""
        last, words = 0, sorted(map(str, kinds))
        page_of = statements.events_page(len(words))
        while page := self._read(event_of, page_of, (last, *words, _PAGE)):
            yield from page
            last = page[-1].number

    def of_kind(self, kind: EventKind) -> list[Event]:
        """The events of one kind, by number."""
        return self._read(event_of, statements.EVENTS_OF_KIND, (str(kind),))

    def taking_back(self) -> Iterator[Event]:
        """The events that may take earlier ones back, by number; few among many."""
        kinds = (EventKind.UNDONE, EventKind.RESOLVED)
        events = [each for kind in kinds for each in self._read(event_of, statements.EVENTS_OF_KIND, (str(kind),))]
        return filter(takes_back, sorted(events, key=lambda each: each.number))

    # --- what they come to -------------------------------------------------------------------------

    def past(self) -> Past:
        """What the events come to, out of the state table. Its `elsewhere` is empty."""
        with self._db.translated():
            return past_of(read_states(self._db))

    def past_to_send(self, contacts: Iterable[str]) -> Past:
        """What bears on sending to these contacts now: theirs, the pauses, the suppressed, the mailbox."""
        with self._db.translated():
            return past_of(read_states_to_send(self._db, [clean(each) or "" for each in contacts]))

    def full_past(self) -> Past:
        """The same from the events alone, folded from the beginning."""
        return fold(self.events())

    def rebuild_state(self) -> None:
        """Make the state table again from the events."""
        with self.writing():
            rebuild(self._db)
            self._states.forget()

    # --- claims and receipts -----------------------------------------------------------------------

    def begin(self, claim: Claim, *, digest: str, at: datetime) -> Attempt:
        """Take (or take up again) the right to one effect and begin a try. Raises AlreadyClaimed."""
        with self.writing():
            return attempts.begin_attempt(self._db, claim, digest=digest, at=at)

    def mark(self, attempt: Attempt, event: Event) -> None:
        """Write down, durably, that from now on it may have left. Raises AccountLost."""
        with self.writing():
            self.check_alone()
            attempts.mark(self._db, attempt, event.at)
            self.append(event)

    def settle(
        self,
        attempt: Attempt,
        outcome: AttemptResult,
        at: datetime,
        *,
        detail: str | None = None,
        event: Event | None = None,
        receipt: Receipt | None = None,
        then: Callable[[], Found] | None = None,
    ) -> Found | None:
        """Write down how a try ended, with its event and receipt, in one transaction; what `then` gives, called in it.

        With `then`, the disk is not waited for: the mark of what follows at once does, before that may leave.
        Of one that had ended unknown this is what is known now: its own row stays, and where it was not sent its
        claim may be tried again.
        """
        with self.writing(soon=then is not None):
            if attempt.ended is None:
                attempts.end(self._db, attempt, outcome, at, detail)
            elif outcome in (AttemptResult.NOT_SENT, AttemptResult.REFUSED):
                attempts.release(self._db, [attempt.claim], at)
            if event is not None:
                self.append(event, receipt=receipt)
            return then() if then is not None else None

    def unfinished(self) -> list[Attempt]:
        """The tries that were begun and have no outcome."""
        with self._db.translated():
            return attempts.unfinished(self._db)

    def attempts(self, claim: Claim) -> list[Attempt]:
        """The tries under a claim, the first one first."""
        with self._db.translated():
            return attempts.attempts_of(self._db, claim)

    def release(self, claims: Iterable[Claim], at: datetime) -> None:
        """Let these claims be tried again, since nothing was sent under them."""
        with self.writing():
            attempts.release(self._db, claims, at)

    def sent_letters(self) -> SentLetters:
        """What left when, as counts for the pace."""
        events = self._last_event if self._db.in_transaction else self.last_event()
        return SentLetters(self._one, self.reading, events)

    def parts_asked_for(self, network: str, account: str, since: datetime) -> list[datetime]:
        """When parts of posts were asked for through an account after `since` (aware), the earliest first."""
        asked_for = (network, account, instant_text(since))
        return self._read(lambda row: instant_of(row[0]), statements.PARTS_ASKED_FOR, asked_for)

    def claims_of(self, campaign: str, version: VersionId, revision: int | None = None) -> list[tuple[PartId, Claim]]:
        """The claims on the parts of one version: of every revision, or of one."""
        claims = self._read(claim_of, statements.CLAIMS_OF_POST, (campaign, version.post, version.network))
        found = [(claim.part, claim) for claim in claims]
        return [(part, claim) for part, claim in found if part is not None and revision in (None, part.revision)]

    def mail(self) -> MailRecord:
        """What was read of the mailbox."""
        return MailRecord(self._db, self)

    def last_event(self) -> int:
        """The number of the last event, 0 if there is none: it is another as soon as anything happened."""
        return int((self._one(statements.LAST_EVENT) or (0,))[0])

    def latest_about_posts(self) -> dict[str, int]:
        """The number of the latest event about each post that is not a count of its engagement."""
        return dict(self._all(statements.LATEST_ABOUT_POSTS))

    def mark_now(self) -> tuple[int, ...]:
        """Numbers of which one is another as soon as anything happened or was read."""
        return tuple(self._one(statements.MARK) or ())

    def claims(self) -> Iterator[Claim]:
        """Every claim, in the order in which they were made."""
        return iter(self._read(claim_of, statements.CLAIMS))

    def sent_digests(self) -> dict[LetterId, str]:
        """The digest of the frozen bytes of each letter that left or may have."""
        rows = self._all(statements.SENT_DIGESTS)
        return {LetterId(wave=wave, contact=contact, step=step): found for contact, wave, step, found in rows if found}

    def add_receipts(self, receipts: Iterable[Receipt]) -> None:
        """Remember receipts; those that are known already stay as they are."""
        with self.writing():
            self._db.executemany(statements.ADD_RECEIPT, map(receipt_row, receipts))

    def receipts(self) -> list[Receipt]:
        """The receipts that this ledger has, by id."""
        return self._read(receipt_of, statements.RECEIPTS)

    # --- erasing a person ----------------------------------------------------------------------------

    def erase(self, whom: erasing.Whom, events: Iterable[Event] = ()) -> erasing.Found:
        """Take a person out of everything, and store events that say so: all of it or nothing."""
        with self.writing():
            found = erasing.erase(self._db, whom)
            self._states.forget()
            self.append_all(events)
        return found

    def look_for(self, whom: erasing.Whom) -> erasing.Found:
        """What `erase` would change; nothing is written."""
        with self.reading():
            return erasing.look(self._db, whom)

    def compact(self) -> None:
        """Give free pages back: the file holds no byte of what was erased. Raises LedgerBusy while others read."""
        with self.reading():
            self._db.compact()

    # --- asking the database -----------------------------------------------------------------------------

    def reading(self) -> AbstractContextManager[None]:
        """What the database says inside, and rows that nobody can read, are raised as what the ledger raises."""
        return self._db.translated()

    def _all(self, sql: str, values: tuple[Any, ...] = ()) -> list[Row]:
        with self.reading():
            return self._db.execute(sql, values).fetchall()

    def _read(self, read: Callable[[Row], Found], sql: str, values: tuple[Any, ...] = ()) -> list[Found]:
        with self.reading():
            return [read(row) for row in self._db.execute(sql, values).fetchall()]

    def _one(self, sql: str, values: tuple[Any, ...] = ()) -> Row | None:
        with self.reading():
            row: Row | None = self._db.execute(sql, values).fetchone()
            return row
