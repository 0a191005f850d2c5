"""A letter's two parts as literals and slots, and the joining of values into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from html import escape
from typing import TypeAlias
from urllib.parse import quote

from outreach.model.records import dataclass
from outreach.words.encoded import Encoded

LINK_STYLE = "color: #1a73e8;text-decoration: underline;"
"""The look of every link; as bright on white (4.5:1, WCAG 2.2 AA) as on black (4.7:1)."""


class Context(StrEnum):
    """Where in a part a value stands, and so how it is written there."""

    TEXT = "text"  # as it is
    TEXT_URL = "text-url"  # a link's target starts with it: must be a whole address
    TEXT_URL_PART = "text-url-part"  # further inside a link's target: percent-encoded, if it is not yet
    HTML = "html"  # escaped; a URL or e-mail address becomes a link by itself
    HTML_PLAIN = "html-plain"  # escaped; inside a link or code, where no link may begin
    HTML_URL = "html-url"  # as TEXT_URL, inside an attribute
    HTML_URL_PART = "html-url-part"  # as TEXT_URL_PART, inside an attribute
    HTML_ADDRESS = "html-address"  # the address of a mailto: link; RFC 6068 wants its "@" as it is
    HTML_SHOWN = "html-shown"  # HTML_URL_PART once more, where a bare address shows its own target


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of value `number` (counted from 0) in a part."""

    number: int
    context: Context


Piece: TypeAlias = str | Slot


@dataclass(frozen=True)
class Shape:
    """What all letters of one skeleton share: the text part and the HTML part, in pieces.

    `pictures` are the `alt` texts of those that were left out, one for each, values as one strange letter.
    """

    text: tuple[Piece, ...]
    html: tuple[Piece, ...]
    pictures: tuple[str, ...] = ()


class BadLink(ValueError):
    """A link's target starts with `value`, which is not a whole http, https or mailto address.

    `number` is the value's, counted from 0.
    """

    def __init__(self, value: str, number: int) -> None:
        super().__init__(f"A link points to {value!r}, which is not a whole http, https or mailto address.")
        self.value = value
        self.number = number


class LostValue(ValueError):
    """The values `numbers` (counted from 0) would not be in both parts as often as written."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(
            "A value is where an email cannot show it: in a comment, a title, the name of a code block,"
            " raw HTML, or a link that mail does not allow."
        )
        self.numbers = tuple(numbers)


_URL_END = r"""[^\s<>"\\^`{|}\x00-\x20\x7f]*"""
_URL = re.compile(r"(?i:https?)://[^\s<>\"'\\^`{|}/?#@:\x00-\x20\x7f]" + _URL_END)
_NAME = r"[^\s@<>()\[\]\\,;:\"'/?#&=%\x00-\x20\x7f]"
_ADDRESS = re.compile(rf"{_NAME}+@(?:(?!\.){_NAME})(?:(?!\.){_NAME})*(?:\.(?:(?!\.){_NAME})+)+")
_MAILTO = re.compile(rf"(?i:mailto):{_NAME}+@{_NAME}+(?:\?{_URL_END})?")


_LATER = re.compile(r"⟦[^⟦⟧<>\"'&]*⟧")
"""A value that is not known yet is in a draft as its path; such a draft cannot be approved."""


def fill(pieces: Sequence[Piece], values: Sequence[str]) -> str:
    """One part of one letter: `pieces` with every slot written as its context wants.

    Raises BadLink when a link's target starts with a value that is not an http, https or mailto address.
    """
    return "".join(
        [
            piece if isinstance(piece, str) else writer_of(piece.context)(values[piece.number], piece.number)
            for piece in pieces
        ]
    )


def _escaped(value: str, number: int) -> str:
    written = escape(value)
    if "\n" in written or "\r" in written:
        return written.replace("\r\n", "<br>").replace("\n", "<br>").replace("\r", "<br>")
    return written


def _linked(value: str, number: int) -> str:
    if "@" in value and _ADDRESS.fullmatch(value):
        return f'<a href="mailto:{quote(value, safe="@")}" style="{LINK_STYLE}">{escape(value)}</a>'
    if "://" in value and _URL.fullmatch(value):
        written = escape(value)
        return f'<a href="{written}" style="{LINK_STYLE}">{written}</a>'
    return _escaped(value, number)


def _target(value: str, number: int) -> str:
    if _URL.fullmatch(value) or _MAILTO.fullmatch(value) or _LATER.fullmatch(value):
        return value
    raise BadLink(value, number)


def _shown_target(value: str, number: int) -> str:
    target = _target(value, number)
    return target[7:] if target[:7].lower() == "mailto:" else target


def _url_part(value: str, number: int) -> str:
    return value if isinstance(value, Encoded) else quote(value, safe="")


def _html_url_part(value: str, number: int) -> str:
    return escape(_url_part(value, number))


def _html_address(value: str, number: int) -> str:
    return escape(value) if isinstance(value, Encoded) else quote(value, safe="@")


_WRITERS: dict[Context, Callable[[str, int], str]] = {
    Context.TEXT: lambda value, number: value,
    Context.TEXT_URL: _shown_target,
    Context.TEXT_URL_PART: _url_part,
    Context.HTML: _linked,
    Context.HTML_PLAIN: _escaped,
    Context.HTML_URL: lambda value, number: escape(_target(value, number)),
    Context.HTML_URL_PART: _html_url_part,
    Context.HTML_ADDRESS: _html_address,
    Context.HTML_SHOWN: _html_url_part,
}


def writer_of(context: Context) -> Callable[[str, int], str]:
    """What writes a value (and is told its number) where the context is this one. It raises BadLink as `fill` does."""
    return _WRITERS[context]
