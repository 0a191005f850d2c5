"""What an event says, by its kind: typed, with one door in (`stored`) and one door out (`read`).

The ledger keeps two columns of text for it, `name` and `value`; what these mean stands here and nowhere else. Whoever
records an event hands over a payload (`Event.saying`); whoever reads one asks for `event.payload`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

from outreach.model.outcome import present_word

Stored = tuple[str | None, str | None]
"""The columns `name` and `value`."""


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
        return cls(int(part), int(of)) if part.isdecimal() and of.isdecimal() else cls()


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
        address, _, mark = text.partition(" ")
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    """What an event says. `read` never raises: old and foreign events are read as far as they go."""

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        """The payload of these columns."""
        raise NotImplementedError

    def stored(self) -> Stored:
        """The columns that `read` reads."""
        raise NotImplementedError

    @property
    def names(self) -> str | None:
        """What the event is about where that is no contact, letter or post: a decision, a gate, what is held."""
        return None

    @property
    def shown(self) -> str:
        """What people read of it."""
        return self.stored()[1] or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainPayload(Payload):
    """What an event of any other kind says: what it names, and a word."""

    name: str | None = None
    value: str | None = None

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(name=name, value=value)

    def stored(self) -> Stored:
        return self.name, self.value

    @property
    def names(self) -> str | None:
        return self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterPayload(Payload):
    """What became of a letter: `via` which way, and its Message-ID with its angle brackets."""

    via: str = ""
    message_id: str | None = None

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(via=value or "", message_id=name)

    def stored(self) -> Stored:
        return self.message_id, self.via or None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartPayload(Payload):
    """What became of a part of a post. `proof` is its key until there is a proof."""

    place: PartPlace = NOWHERE
    proof: PostProof | None = None

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(place=PartPlace.read(value), proof=PostProof.read(name) if name else None)

    def stored(self) -> Stored:
        return str(self.proof) if self.proof else None, str(self.place) if self.place.part else None


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectedPayload(Payload):
    """A part says something else now: of which revision it is, and the digest of it whole where it was edited."""

    place: PartPlace = NOWHERE
    revision: int = 0
    digest: str = ""

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        revision, _, digest = (name or "").partition(" ")
        return cls(place=PartPlace.read(value), revision=int(revision) if revision.isdecimal() else 0, digest=digest)

    def stored(self) -> Stored:
        return f"{self.revision} {self.digest}".rstrip(), str(self.place)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolvedPayload(Payload):
    """Somebody knows whether a letter or post was `sent`; None for a word that this version does not know."""

    sent: bool | None = None
    message_id: str | None = None

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(sent={"sent": True, "not-sent": False}.get(value or ""), message_id=name)

    def stored(self) -> Stored:
        return self.message_id, None if self.sent is None else "sent" if self.sent else "not-sent"


@dataclass(frozen=True, kw_only=True, slots=True)
class UndonePayload(Payload):
    """Event `number` no longer counts; None where it names no event. `of` is what that one named."""

    number: int | None = None
    of: str | None = None

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(of=name, number=int(value) if value and value.isdecimal() else None)

    def stored(self) -> Stored:
        return self.of, None if self.number is None else str(self.number)

    @property
    def names(self) -> str | None:
        return self.of


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedPayload(Payload):
    """A person's choice in a decision."""

    decision: str
    choice: str

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(decision=name or "", choice=value or "")

    def stored(self) -> Stored:
        return self.decision or None, self.choice or None

    @property
    def names(self) -> str | None:
        return self.decision or None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedPayload(Payload):
    """A gate is open from now on: since its condition held, or by a person's hand."""

    gate: str
    by_hand: bool = False

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(gate=name or "", by_hand=value == "by hand")

    def stored(self) -> Stored:
        return self.gate or None, "by hand" if self.by_hand else None

    @property
    def names(self) -> str | None:
        return self.gate or None


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomePayload(Payload):
    """What came of a contact, in the word as it is called today."""

    word: str = ""

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(word=present_word(value or ""))

    def stored(self) -> Stored:
        return None, self.word


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovedPayload(Payload):
    """What a person let go out, or sent to themselves: the digest of the frozen bytes, None for nothing."""

    digest: str | None = None

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(digest=value)

    def stored(self) -> Stored:
        return None, self.digest

    @property
    def shown(self) -> str:
        return (self.digest or "")[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class FromMailPayload(Payload):
    """What a message said: its Message-ID, and `by` which sign it was matched or as what it was taken."""

    by: str = ""
    message_id: str | None = None

    @classmethod
    def read(cls, name: str | None, value: str | None) -> Self:
        return cls(by=value or "", message_id=name)

    def stored(self) -> Stored:
        return self.message_id, self.by or None
