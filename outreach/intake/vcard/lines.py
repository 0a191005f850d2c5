"""The text of a .vcf file -> its cards, and each card -> properties with their lines."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

from outreach.model.records import dataclass

_ESCAPED_SEMICOLON = "\ue000"
"""Stands for `\\;` until a value was cut at its semicolons."""
_BARE = re.compile(r";(?!(?:[A-Za-z0-9-]+)=)([A-Za-z0-9-]+)(?=[;:])")
_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.I)
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """`GROUP.NAME;TYPE=...:value` on lines `line` to `end`; `name` is in capitals, `types` in small letters."""

    line: int
    end: int
    name: str
    group: str = ""
    types: frozenset[str] = frozenset()
    value: str = ""

    def pieces(self) -> list[str]:
        """The parts of a structured value (ORG, N, ADR)."""
        return [part.replace(_ESCAPED_SEMICOLON, ";").strip() for part in self.value.split(";")]

    @property
    def text(self) -> str:
        return self.value.replace(_ESCAPED_SEMICOLON, ";").strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """Lines `line` to `end`, both included; `strange` are its lines that are not a property."""

    line: int
    end: int
    properties: tuple[Property, ...]
    strange: tuple[tuple[int, int], ...] = ()


def cards_of(text: str) -> tuple[list[Card], list[int]]:
    """The cards of a file, and the lines outside of any that are not blank."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cards: list[Card] = []
    outside: list[int] = []
    begin: int | None = None
    for number, line in enumerate(lines, start=1):
        if _BEGIN.fullmatch(line):
            if begin is not None:
                cards.append(_card(lines, begin, number - 1))
            begin = number
        elif begin is not None and _END.fullmatch(line):
            cards.append(_card(lines, begin, number))
            begin = None
        elif begin is None and line.strip():
            outside.append(number)
    if begin is not None:
        cards.append(_card(lines, begin, len(lines)))
    return cards, outside


def _card(lines: list[str], begin: int, end: int) -> Card:
    properties, strange = [], []
    for first, last, text in _unfolded(lines, begin + 1, end):
        if not text.strip() or _END.fullmatch(text):
            continue
        found = _property(text, first, last)
        if found is None:
            strange.append((first, last))
        else:
            properties.append(found)
    while end > begin and not lines[end - 1].strip():
        end -= 1
    return Card(line=begin, end=end, properties=tuple(properties), strange=tuple(strange))


def _unfolded(lines: list[str], begin: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The logical lines from `begin` to `end` with their first and last physical one.

    A line that begins with a space goes on the one before (RFC 6350, 3.2); a quoted-printable one of vCard 2.1
    goes on behind a final `=`.
    """
    first, text, soft = begin, "", False
    for number in range(begin, end + 1):
        line = lines[number - 1]
        if number > begin and (soft or line[:1] in (" ", "\t")):
            text = text[:-1] + line if soft else text + line[1:]
        else:
            if number > begin:
                yield first, number - 1, text
            first, text = number, line
        soft = text.endswith("=") and "QUOTED-PRINTABLE" in text.partition(":")[0].upper()
    if begin <= end:
        yield first, end, text


def _property(text: str, first: int, last: int) -> Property | None:
    from icalendar.parser import Contentline

    head, colon, value = text.partition(":")
    if '"' not in head:
        text = _BARE.sub(r";TYPE=\1", f"{head}:") + value if colon else text
    try:
        name, parameters, value = Contentline(text.replace("\\;", _ESCAPED_SEMICOLON)).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    types = {str(each).casefold() for key in ("TYPE", "PREF") for each in _listed(parameters.get(key))}
    types |= {"pref"} if "PREF" in parameters else set()
    encoding = " ".join(str(each) for each in _listed(parameters.get("ENCODING"))).upper()
    if "QUOTED-PRINTABLE" in encoding or "quoted-printable" in types:
        charset = str(next(iter(_listed(parameters.get("CHARSET"))), "utf-8"))
        value = _unquoted(str(value), charset)
    group, _, name = str(name).rpartition(".")
    words = frozenset(part.strip() for each in types for part in each.split(","))
    return Property(line=first, end=last, name=name.upper(), group=group, types=words, value=str(value))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _unquoted(value: str, charset: str) -> str:
    data = quopri.decodestring(value.encode("latin-1", "replace"))
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return data.decode("cp1252", "replace")
