"""The account of one import by value: what was asked, refused and cleaned, and the answers that a person gave.

Every reader is handed the one Account of the import. What it cannot decide it asks, and goes on with the answer:

    who = account.ask("letter-end", place, "email-template.md", ask="Where does the letter end?",
                      choices=("rule", "whole"), default="rule")

The answer is the default until `imports.yaml` has another under `answers: {ID: CHOICE}`; then the question is not
asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

from outreach.model.found import Cleaned, Place, Question, Refusal
from outreach.model.imported import NoMail


def id_of(kind: str, file: str, subject: str) -> str:
    """`letter-end-1f3a9c2e`: the same in every run for the same file and subject, wherever the line has moved to."""
    text = "\n".join((kind, file, subject))
    return f"{kind}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


class Account:
    """Filled by the readers, read by whoever prints, asks and stores. Everything is kept once, in reading order."""

    def __init__(self, answers: Mapping[str, str] | None = None) -> None:
        self.answers = dict(answers or {})
        self._questions: dict[str, Question] = {}
        self._no_mail: dict[str, NoMail] = {}
        self._refusals: dict[str, Refusal] = {}
        self._cleaned: dict[tuple[str, int, str, str], Cleaned] = {}
        self.others: set[tuple[str, int]] = set()
        """File and line where somebody begins who is no contact yet, but asked about."""
        self.looks: dict[tuple[str, int], str] = {}
        """File and line of words of a text in a colour: `red`, `grey`."""
        self.merges: dict[tuple[str, str], None] = {}
        """Contacts of the campaign that a person answered are one: the id that stays, and the other's."""

    def ask(
        self,
        kind: str,
        place: Place,
        subject: str,
        *,
        ask: str,
        choices: Sequence[str],
        default: str,
        affects: Collection[str] = (),
        optional: bool = False,
    ) -> str:
        """The answer to go on with: a person's, else `default`, and then the question is open.

        `kind` and `subject` (the value that is asked about) make the id, with the file; a stored answer that is none
        of `choices` does not count. `affects` are the addresses that wait for it.
        """
        identity = id_of(kind, place.file, subject)
        answer = self.answers.get(identity)
        if answer in choices:
            return str(answer)
        self._questions.setdefault(
            identity,
            Question(
                id=identity,
                file=place.file,
                line=place.line,
                ask=ask,
                choices=tuple(choices),
                default=default,
                affects=tuple(affects),
                optional=optional,
            ),
        )
        return default

    def refuse(self, place: Place, value: str, reason: str) -> None:
        """A value that was read and is not taken, with the reason as a sentence's end: `it is in a hidden row`."""
        identity = id_of("refused", place.file, "\n".join((place.sheet, place.column, value)))
        self._refusals.setdefault(identity, Refusal(id=identity, place=place, value=value, reason=reason))

    def never(self, place: Place, address: str) -> None:
        """An address beside which no name stands, only that it gets no more mail."""
        listed = NoMail(address=address.casefold(), file=place.file, line=place.line)
        self._no_mail.setdefault(listed.address, listed)

    def clean(self, place: Place, was: str, now: str) -> None:
        """A value that was put right with certainty."""
        if was != now:
            self._cleaned.setdefault((place.file, place.line, was, now), Cleaned(place=place, was=was, now=now))

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is open, in the order in which it was met."""
        return tuple(self._questions.values())

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What was not taken."""
        return tuple(self._refusals.values())

    @property
    def no_mail(self) -> Mapping[str, NoMail]:
        """Addresses that must never be written to, by themselves."""
        return self._no_mail

    @property
    def cleaned(self) -> tuple[Cleaned, ...]:
        """What was put right."""
        return tuple(self._cleaned.values())
