"""The outcome of a contact, in one word. A new word is added to OUTCOMES, and everything else follows.

The help of `outreach outcome`, what it accepts, the buttons and colours of the browser, the order in reports and
whose turn it is are all read from here. The translations are in `web/words/`, the docs in `docs/ledger.md`
(a test compares them).
"""

from __future__ import annotations

from typing import Literal

from outreach.model.records import dataclass

Tone = Literal["good", "bad", "calm", "plain"]
"""The colour in which a word is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One word, and what is said about it.

    `meaning` is the sentence beside it. After a word that `ends_our_turn` they wait for nothing from us, until they
    write again. `was` is what the word was called before: it is still accepted, and still read in old events. A word
    that `is_position` says what somebody thinks: of a person it is written down only where they said it in public
    (GDPR, Art. 9: political opinions).
    """

    word: str
    meaning: str
    tone: Tone
    ends_our_turn: bool = False
    was: str = ""
    is_position: bool = False


OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        word="receipt-only",
        meaning="They confirm that it arrived, and say no more.",
        tone="plain",
        ends_our_turn=True,
        was="acknowledged",
    ),
    Outcome(word="interested", meaning="They want to know more.", tone="good"),
    Outcome(word="meeting", meaning="They want to meet.", tone="good"),
    Outcome(word="supports", meaning="They support it.", tone="good", is_position=True),
    Outcome(word="asks", meaning="They have a question.", tone="calm"),
    Outcome(word="critical", meaning="They have objections.", tone="bad", is_position=True),
    Outcome(word="declines", meaning="They say no.", tone="bad", ends_our_turn=True),
    Outcome(word="wrong-contact", meaning="Somebody else is responsible.", tone="bad", was="wrong-desk"),
)
"""Every outcome, in the order in which they are listed; the keys 1 to 9 of the browser follow it."""

OUTCOME_WORDS = tuple(each.word for each in OUTCOMES)
_BY_WORD = {word: each for each in OUTCOMES for word in (each.word, each.was) if word}


def outcome_of(word: str) -> Outcome | None:
    """The outcome of that word, also of its former one; None for a word that this version does not know."""
    return _BY_WORD.get(word)


def present_word(word: str) -> str:
    """The word as it is called today; one that this version does not know stays as it is."""
    found = outcome_of(word)
    return found.word if found else word


class OutcomeWord(str):
    """A word as gates and templates see it: it also equals its former one, which may be in their files."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return str(self) == (present_word(other) if isinstance(other, str) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other
