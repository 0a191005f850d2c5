"""What an event says, by its kind: typed, with one door in (`stored`) and one door out (`read`).

The ledger keeps two columns of text for it, `name` and `value`; what these mean is here and nowhere else. Whoever
records an event hands over a payload (`Event.saying`); whoever reads one asks for `event.payload`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, Self

from outreach.model.outcome import present_word
from outreach.model.records import dataclass

Stored = tuple[str | None, str | None]
"""The columns `name` and `value`."""


def _count(text: str | None) -> int | None:
    """The number that is written so; None for anything else, and for more digits than a ledger can count with."""
    return int(text) if text and text.isdecimal() and len(text) < 16 else None


class PartPlace(NamedTuple):
    """Which part of how many, written `2/3`; zeros where nobody said."""

    part: int = 0
    of: int = 0

    def __str__(self) -> str:
        return f"{self.part}/{self.of}"

    @classmethod
    def read(cls, text: str | None) -> PartPlace:
        """The place that is written so; zeros for anything else."""
        part, _, of = (text or "").partition("/")
        number, parts = _count(part), _count(of)
        return cls() if number is None or parts is None else cls(number, parts)


NOWHERE = PartPlace()


class PostProof(NamedTuple):
    """What proves that a part is out, written `ADDRESS MARK`: its URI or web address, and its CID or status id."""

    address: str
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.address} {self.mark}".rstrip()

    @classmethod
    def read(cls, text: str) -> PostProof:
        """The proof that is written so; a text without a mark is an address."""
        address, _, mark = text.rstrip().partition(" ")
        return cls(address, mark)


class PartVia(NamedTuple):
    """How a part went out, as its receipt says, written `NETWORK 2/3`."""

    network: str
    place: PartPlace = NOWHERE

    def __str__(self) -> str:
        return f"{self.network} {self.place}"

    @classmethod
    def read(cls, text: str) -> PartVia:
        """The way that is written so; a text without a place is a network."""
        network, _, place = text.rpartition(" ")
        return cls(network or place, PartPlace.read(place))


class Column(NamedTuple):
    """Which field a column holds, and how: `read` takes the text apart, `write` puts it together again."""

    field: str
    read: Callable[[str | None], Any] = lambda text: text
    write: Callable[[Any], str | None] = lambda value: value


def _text(field: str) -> Column:
    """A text that is "" where there is none."""
    return Column(field, lambda text: text or "", lambda text: text or None)


_PLACE = Column("place", PartPlace.read, lambda place: str(place) if place.part else None)
_PROOF = Column(
    "proof",
    lambda text: PostProof.read(text) if text and text.strip() else None,
    lambda proof: str(proof) if proof else None,
)
_NUMBER = Column(
    "number",
    _count,
    lambda number: None if number is None else str(number),
)
_SENT = Column(
    "sent", lambda text: {"sent": True, "not-sent": False}.get(text or ""), {True: "sent", False: "not-sent"}.get
)
_BY_HAND = Column("by_hand", lambda text: text == "by hand", lambda by_hand: "by hand" if by_hand else None)
_WORD = Column("word", lambda text: present_word(text or ""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    """What an event says; its `columns` are `name` and `value`, None for one that is empty.

    Reading never raises: old and foreign events are read as far as they go.
    """

    columns: ClassVar[tuple[Column | None, Column | None]]
    is_named: ClassVar[bool] = False
    """Whether `name` is what the event is about: a decision, a gate, what is paused."""

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        """The payload of these columns."""
        texts = zip(cls.columns, (name, value), strict=True)
        return cls(**{column.field: column.read(text) for column, text in texts if column is not None})

    def stored(self) -> Stored:
        """The columns that `read` reads."""
        name, value = (each and each.write(getattr(self, each.field)) for each in self.columns)
        return name, value

    @property
    def names(self) -> str | None:
        """What the event is about where that is not a contact, letter or post."""
        return self.stored()[0] if self.is_named else None

    @property
    def shown(self) -> str:
        """What people read of it."""
        return self.stored()[1] or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainPayload(Payload):
    """What an event of any other kind says: what it names, and a word."""

    columns = (Column("name"), Column("value"))
    is_named = True
    name: str | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterPayload(Payload):
    """What became of a letter: `via` which way, and its Message-ID with its angle brackets."""

    columns = (Column("message_id"), _text("via"))
    message_id: str | None = None
    via: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftPayload(Payload):
    """A draft in our mailbox: its Message-ID, the digest of the letter in it, and `place`, its UIDVALIDITY:UID.

    `place` is "" where the server did not say.
    """

    message_id: str | None = None
    digest: str = ""
    place: str = ""

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        digest, _, place = (value or "").partition(" ")
        return cls(message_id=name, digest=digest, place=place)

    def stored(self) -> Stored:
        return self.message_id, (f"{self.digest} {self.place}" if self.place else self.digest) or None

    @property
    def shown(self) -> str:
        return "imap-drafts"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyPayload(Payload):
    """A reply that is written: the Message-ID that it `answers`, and the digest of its frozen bytes.

    `to_opted_out`: somebody confirmed that it goes to people who want no more mail.
    """

    answers: str | None = None
    digest: str = ""
    to_opted_out: bool = False

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        digest, _, confirmed = (value or "").partition(" ")
        return cls(answers=name, digest=digest, to_opted_out=confirmed == "confirmed")

    def stored(self) -> Stored:
        return self.answers, f"{self.digest}{' confirmed' if self.to_opted_out else ''}" or None

    @property
    def shown(self) -> str:
        return self.digest[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartPayload(Payload):
    """What became of a part of a post. `proof` is its key until there is a proof."""

    columns = (_PROOF, _PLACE)
    place: PartPlace = NOWHERE
    proof: PostProof | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectedPayload(Payload):
    """A part says something else now: of which revision it is, and the digest of it whole where it was edited."""

    place: PartPlace = NOWHERE
    revision: int = 0
    digest: str = ""

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        revision, _, digest = (name or "").partition(" ")
        return cls(place=PartPlace.read(value), revision=_count(revision) or 0, digest=digest)

    def stored(self) -> Stored:
        return f"{self.revision} {self.digest}".rstrip(), str(self.place)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolvedPayload(Payload):
    """Somebody knows whether a letter or post was `sent`; None for a word that this version does not know."""

    columns = (Column("message_id"), _SENT)
    sent: bool | None = None
    message_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UndonePayload(Payload):
    """Event `number` no longer counts; None if it names no event. `of` is what that one named."""

    columns = (Column("of"), _NUMBER)
    is_named = True
    number: int | None = None
    of: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedPayload(Payload):
    """A person's choice in a decision."""

    columns = (_text("decision"), _text("choice"))
    is_named = True
    decision: str
    choice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedPayload(Payload):
    """A gate is open from now on: since its condition held, or by a person's hand."""

    columns = (_text("gate"), _BY_HAND)
    is_named = True
    gate: str
    by_hand: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomePayload(Payload):
    """What came of a contact, in the word as it is called today."""

    columns = (None, _WORD)
    word: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovedPayload(Payload):
    """What a person let go out, or sent to themselves: the digest of the frozen bytes, None for nothing."""

    columns = (None, Column("digest"))
    digest: str | None = None

    @property
    def shown(self) -> str:
        return (self.digest or "")[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class FromMailPayload(Payload):
    """What a message said: its Message-ID, and `by` which sign it was matched or as what it was taken."""

    columns = (Column("message_id"), _text("by"))
    message_id: str | None = None
    by: str = ""
