"""A letter on its way: what is handed to a transport, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One letter for one recipient.

    `id` is `WAVE/CONTACT/STEP`; `sender` and `recipient` are the addresses on the envelope, in ASCII. `pieces`
    gives the whole message, CRLF line ends and Date included, not dot-stuffed.
    """

    id: str
    message_id: str
    sender: str
    recipient: str
    pieces: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """Somebody took it: `via` which way, with what `reply` (or path), proved by `proof` (the Message-ID)."""

    via: str
    reply: str
    proof: str


class Found(StrEnum):
    """What a transport can tell of a letter after a crash."""

    THERE = "there"
    NOT_THERE = "not there"
    CANNOT_TELL = "cannot tell"
