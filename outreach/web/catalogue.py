"""The words of the pages: sentences as they are in them -> what is said, from `words/LANGUAGE.toml`.

What has no entry is said as it stands, which is English. What the other rooms say (findings of `check`, questions of
an import, reasons of the plan, Today, errors) was put together there, in English: `words/findings.LANGUAGE.toml` has
the sentences that there are, with `{a}`, `{b}` ... for what they name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files

from outreach.model.records import dataclass
from outreach.words.windows import MONTHS, WEEKDAYS

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français"}
_BLANK = re.compile(r"\{[a-h]\}")
_DEEPEST = 3
"""What a sentence names may be a phrase that names something."""
_START = 2
_GROUPED = {"de": ".", "fr": "\u202f"}
_MONTHS, _DAYS = [month[:3] for month in MONTHS], [day[:3] for day in WEEKDAYS]
_DATE = re.compile(rf"(?:({'|'.join(_DAYS)}) )?(\d{{1,2}}) ({'|'.join(_MONTHS)})\w*(?= |$)")
_DATES = re.compile(rf"(?:{_DATE.pattern}(?: \d{{4}})?,?(?: \d\d:\d\d)?(?: [A-Z]{{2,5}})?(?: to |$)|\d\d:\d\d$)+")
"""A day or moment as reasons say it, or two: `Tue 13 Jan 09:00 to 09:07`."""


class Findings:
    """The sentences of the other rooms in one language; read when the first is asked for."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.said = lru_cache(maxsize=4096)(self._said)

    @cached_property
    def _data(self) -> Mapping[str, Mapping[str, str]]:
        return tomllib.loads((files("outreach.web") / "words" / f"findings.{self._language}.toml").read_text("utf-8"))

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """The pages' own sentences, with the names of months and weekdays."""
        return _read(self._language)

    @cached_property
    def _shapes(self) -> Mapping[str, Sequence[tuple[Sequence[str], str]]]:
        """What is between the blanks of each sentence, and its translation, by the sentence's first two letters.

        "" has those that begin with a blank. The most telling sentence comes first.
        """
        shapes = [(_BLANK.split(sentence), said) for sentence, said in self._data["sentences"].items()]
        found: dict[str, list[tuple[Sequence[str], str]]] = {"": []}
        for shape in shapes:
            found.setdefault(shape[0][0][:_START] if len(shape[0][0]) >= _START else "", []).append(shape)
        for start, each in found.items():
            each += found[""] if start else []
            each.sort(key=lambda shape: -sum(map(len, shape[0])))
        return found

    def headline(self, code: str) -> str:
        """What a finding of that code is about, whatever it says in particular."""
        return self._data["codes"][code]

    def _said(self, sentence: str, depth: int = 0) -> str | None:
        """The sentence in this language; None if it is none of those that are known."""
        clauses = sentence.split("; ")
        if len(clauses) > 1 and depth < _DEEPEST:  # reasons are put together of clauses
            said = [self._said(each, depth + 1) for each in clauses]
            if None not in said:
                return (" ; " if self._language == "fr" else "; ").join(filter(None, said))
        shapes = self._shapes.get(sentence[:_START]) or self._shapes[""]
        for literals, translation in shapes if depth < _DEEPEST else ():
            values = _between(literals, sentence)
            if values is not None:
                named = {f"{{{chr(97 + at)}}}": self._named(each, depth + 1) for at, each in enumerate(values)}
                return _BLANK.sub(lambda blank: named[blank[0]], translation)  # noqa: B023
        return None

    def _named(self, value: str, depth: int) -> str:
        """What a sentence names: a phrase, also where it begins with a capital, or a day; else it stays as it is."""
        said = self._said(value, depth)
        if said is None and value[:1].isupper():
            lower = self._said(value[:1].lower() + value[1:], depth)
            said = lower and lower[:1].upper() + lower[1:]
        if said is None and _DATES.fullmatch(value):
            to = {"de": " bis ", "fr": " à "}[self._language]
            said = _DATE.sub(self._dated, value).replace(" to ", to)
        return value if said is None else said

    def _dated(self, day: re.Match[str]) -> str:
        month, weekday = self._words[f"{day[3]}."], self._words[day[1]] + " " if day[1] else ""
        return f"{weekday}{day[2]}{'.' if self._language == 'de' else ''} {month}"


def _between(literals: Sequence[str], sentence: str) -> list[str] | None:
    """What a sentence has between these pieces; None if it is not made of them.

    Each piece is looked for once, from left to right, so that no text can make this slow.
    """
    first, last = literals[0], literals[-1]
    if len(literals) == 1:
        return [] if sentence == first else None
    if not sentence.startswith(first) or not sentence.endswith(last) or len(sentence) < len(first) + len(last):
        return None
    at, end, values = len(first), len(sentence) - len(last), []
    for literal in literals[1:-1]:
        found = sentence.find(literal, at, end)
        if found < 0:
            return None
        values.append(sentence[at:found])
        at = found + len(literal)
    return [*values, sentence[at:end]]


@dataclass(frozen=True, slots=True)
class Words:
    """Says the sentences of the pages in one language."""

    language: str
    translations: Mapping[str, str]
    findings: Findings | None = None
    """None in English, in which they are written."""

    def __call__(self, sentence: str, **values: object) -> str:
        """The sentence, its `{names}` filled in."""
        said = self.translations.get(sentence, sentence)
        for name, value in values.items():
            if str(value).endswith("."):  # "Bees e. V." ends the sentence itself
                said = re.sub(rf"\{{{name}\}}\.(?!\.)", f"{{{name}}}", said)
        return said.format(**values) if values else said

    def found(self, sentence: str) -> str | None:
        """A sentence of another room; None if it is known in English only."""
        return self.findings.said(sentence) if self.findings else sentence

    def headline(self, code: str) -> str:
        """What a finding is about, for one whose sentence is known in English only."""
        return self.findings.headline(code) if self.findings else ""

    def counted(self, number: int, one: str, many: str, **values: object) -> str:
        """`one` for 1, else `many`; both may hold `{n}`."""
        return self(one if number == 1 else many, n=self.number(number), **values)

    def number(self, number: int) -> str:
        """`12,345`, as the language groups digits."""
        return f"{number:,}".replace(",", _GROUPED.get(self.language, ","))


def words_in(wanted: str | None, accepted: str) -> Words:
    """In the language that was chosen, else in the first that the browser accepts (RFC 9110, 12.5.4)."""
    return _words(next((name for name in (wanted, *_by_preference(accepted)) if name in LANGUAGES), None) or "en")


@cache
def _words(name: str) -> Words:
    return Words(name, _read(name), None if name == "en" else Findings(name))


def _read(name: str) -> dict[str, str]:
    text = (files("outreach.web") / "words" / f"{name}.toml").read_text(encoding="utf-8")
    return {sentence: str(said) for sentence, said in tomllib.loads(text).items()}


def _by_preference(accepted: str) -> list[str]:
    """The primary tags of an Accept-Language header, the most wanted first."""
    wanted = []
    for place, entry in enumerate(accepted.split(",")):
        tag, _, weight = entry.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0:
            wanted.append((-quality, place, tag.strip().lower().partition("-")[0]))
    return [name for _, _, name in sorted(wanted)]
