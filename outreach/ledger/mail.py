"""What was read of the mailbox: how far, which messages mattered, and what each led to. Each message once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from outreach.ledger import statements
from outreach.ledger.database import Database
from outreach.ledger.erasing import name_digest
from outreach.ledger.rows import StrangeRow, clean, instant_of, instant_text
from outreach.model.event import Event
from outreach.model.mail import SORT_WORDS, KeptMessage, MailKind, SortWord


class Writer(Protocol):
    """The ledger, as far as it is needed here."""

    keys: tuple[bytes, ...]

    def writing(self) -> AbstractContextManager[None]:
        """A transaction, which may be inside another."""

    def reading(self) -> AbstractContextManager[None]:
        """Raises what the ledger raises where something cannot be read inside."""

    def append_all(self, events: Iterable[Event]) -> list[Event]:
        """Store events."""


class MailRecord:
    """The mailbox's part of the ledger. Every method raises what the ledger raises."""

    def __init__(self, db: Database, ledger: Writer) -> None:
        self._db = db
        self._ledger = ledger

    def cursor(self, account: str, folder: str) -> str | None:
        """How far a folder was read, in its mailbox's own words."""
        rows = self._rows(statements.MAIL_CURSOR, (account, folder))
        return str(rows[0][0]) if rows else None

    def keep_cursor(self, account: str, folder: str, cursor: str) -> None:
        """Remember how far it was read."""
        with self._ledger.writing():
            self._db.execute(statements.KEEP_MAIL_CURSOR, (account, clean(folder), cursor))

    def has_file(self, account: str, folder: str, name: str) -> bool:
        """Whether the file of that name was read, also where its name was erased since."""
        return any(self._rows(statements.MAIL_FILE, (account, clean(folder), each)) for each in self._known_as(name))

    def keep_files(self, account: str, folder: str, names: Iterable[str]) -> None:
        """Remember files that were read."""
        with self._ledger.writing():
            rows = [(account, clean(folder), clean(name)) for name in names]
            self._db.executemany(statements.KEEP_MAIL_FILE, rows)

    def knows(self, key: str) -> bool:
        """Whether the message was kept, from whatever folder; also where its sender was erased since."""
        return any(self._rows(statements.MESSAGE_KNOWN, (each,)) for each in self._known_as(key))

    def _known_as(self, name: str) -> Iterator[str]:
        """A name, and what stands for it where it was erased, also by an older version."""
        yield clean(name) or ""
        yield from (name_digest(name, key) for key in (*self._ledger.keys, b""))

    def keep(self, message: KeptMessage, events: Iterable[Event], recorded: datetime) -> int | None:
        """Store a message and the events that follow from it, all or nothing; its number.

        None, and nothing is stored, where it is there already: another `sync` may have read it just now.
        """
        with self._ledger.writing():
            row = (clean(message.key), clean(message.place), str(message.kind), message.rule, message.rung,
                   clean(message.contact), instant_text(message.at), instant_text(recorded),
                   message.proposal, clean(" ".join(message.references)))  # fmt: skip
            added = self._db.execute(statements.ADD_MESSAGE, row).fetchone()
            if added is None:
                return None
            number = int(added[0])
            said = (clean(message.sender), clean(message.subject), clean(message.text), clean(message.proposed),
                    clean(message.reply_to) or None)  # fmt: skip
            self._db.execute(statements.ADD_MESSAGE_PERSONAL, (number, *said))
            self._link(number, self._ledger.append_all(events))
        return number

    def give(self, number: int, contact: str | None, rung: str | None, events: Iterable[Event]) -> None:
        """Say whose a message is (None: nobody's), with what follows and the events that take earlier ones back."""
        with self._ledger.writing():
            self._db.execute(statements.GIVE_MESSAGE, (clean(contact), rung, number))
            self._link(number, self._ledger.append_all(events))

    def sort(self, number: int, word: SortWord | None, events: Iterable[Event]) -> None:
        """Write down what a person said that a message is (None: nothing any more), with the events that follow."""
        with self._ledger.writing():
            self._db.execute(statements.SORT_MESSAGE, (word, number))
            self._link(number, self._ledger.append_all(events))

    def events_of(self, number: int) -> list[int]:
        """The numbers of the events that a message led to."""
        return [int(str(row[0])) for row in self._rows(statements.EVENTS_OF_MESSAGE, (number,))]

    def message(self, number: int) -> KeptMessage | None:
        """The message of that number."""
        return next(iter(self._messages(statements.MESSAGE, (number,))), None)

    def waiting(self) -> list[KeptMessage]:
        """The holding pen: messages about our letters of which nobody knows whose they are."""
        return self._messages(statements.WAITING_MESSAGES)

    def messages(self) -> list[KeptMessage]:
        """All that were kept, in the order in which they were read."""
        return self._messages(statements.MESSAGES)

    def count_waiting(self) -> int:
        """How many are in the holding pen."""
        return int(str(self._rows(statements.COUNT_WAITING)[0][0]))

    def _rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        with self._ledger.reading():
            return self._db.execute(sql, values).fetchall()

    def _messages(self, sql: str, values: tuple[object, ...] = ()) -> list[KeptMessage]:
        with self._ledger.reading():
            return [_message_of(row) for row in self._db.execute(sql, values).fetchall()]

    def _link(self, number: int, events: Iterable[Event]) -> None:
        self._db.executemany(statements.ADD_MESSAGE_EVENT, [(number, event.number) for event in events])


def _message_of(row: tuple[object, ...]) -> KeptMessage:
    (number, key, place, kind, rule, rung, contact, at, sender, subject, text, proposed, proposal, word, reply_to,
     refs) = row  # fmt: skip
    if str(kind) not in set(MailKind) or not {proposal, word} <= {None, *SORT_WORDS}:
        raise StrangeRow("messages")
    return KeptMessage(
        number=int(str(number)),
        key=str(key),
        place=str(place),
        kind=MailKind(str(kind)),
        rule=str(rule),
        rung=None if rung is None else str(rung),
        contact=None if contact is None else str(contact),
        at=instant_of(str(at)),
        sender=str(sender or ""),
        subject=str(subject or ""),
        text=str(text or ""),
        proposed=None if proposed is None else str(proposed),
        proposal=proposal,  # type: ignore[arg-type]
        sorted=word,  # type: ignore[arg-type]
        reply_to=str(reply_to or ""),
        references=tuple(str(refs or "").split()),
    )
