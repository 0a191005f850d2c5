"""Markdown in letters -> a sanitised tree: the `markdown` package, then nh3."""

from __future__ import annotations

import re
import threading
from collections.abc import Container
from functools import cache
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from outreach.errors import TemplateFault
from outreach.letters.markup.dialect import strict
from outreach.letters.markup.letters import Letters
from outreach.letters.markup.tree import ATTRIBUTES, READ_AS, TAGS, Node, parse

_PUNCTUATION = ".,;:!?'*_~\u2026\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
"""What ends a sentence or a quotation rather than an address."""
MOST_CHARACTERS, MOST_LINES, MOST_CELLS = 50_000, 5_000, 10_000
MOST_OPEN_BRACKETS, MOST_OPEN_TAGS, MOST_MARKS = 5_000_000, 10_000_000, 200_000_000
"""Times the characters of their paragraph (tags: of the letter); some tenths of a second each."""
_ITEMS_IN_A_LINE = re.compile(r"^(?:[ >]*+(?:[-*+•]|\d{1,9}[.)])[ >]++){20}(?![-*_ ]*$)", re.MULTILINE)
SCHEMES = frozenset({"http", "https", "mailto"})

_ONE_AT_A_TIME = threading.Lock()
"""The one converter keeps what it is reading in itself."""


def converted(letters: Letters) -> Node:
    """The letter as a tree of allowed tags, with letters where its values stand.

    Raises TemplateFault (`template-bound`) for what would take longer than a moment.
    """
    _refuse_tangles(letters.source)
    with _ONE_AT_A_TIME:
        html = _markdown(strict(letters), letters)
    sanitised = nh3.clean(
        html,
        tags=set(TAGS | READ_AS.keys()),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return parse(sanitised, letters)


def _refuse_tangles(source: str) -> None:
    """The package takes the square of what stands open: 20,000 brackets would take it a minute."""
    for many, most, what in (
        (len(source), MOST_CHARACTERS, "characters"),
        (source.count("\n"), MOST_LINES, "lines"),
        (source.count("|"), MOST_CELLS, "cells of tables"),
    ):
        if many > most:
            raise TemplateFault(
                "template-bound",
                f"the template makes a letter of more than {most:,} {what}",
                hint="Say less, or look for a loop that runs too often.",
            )
    paragraphs = source.split("\n\n")
    open_brackets = sum(part.count("[") * len(part) for part in paragraphs)
    marks = sum((part.count("*") + part.count("_")) * len(part) for part in paragraphs)
    open_tags = (source.count("<") - source.count(">")) * len(source)
    if open_brackets > MOST_OPEN_BRACKETS or open_tags > MOST_OPEN_TAGS or marks > MOST_MARKS:
        raise _tangled()
    if _ITEMS_IN_A_LINE.search(source):
        raise _tangled()


def _tangled() -> TemplateFault:
    return TemplateFault(
        "template-bound",
        "the template's text is too tangled to be made into a letter",
        hint="Look for brackets that are never closed, thousands of `*` or `_`, and nested lists or quotes.",
    )


def _markdown(source: str, letters: Letters) -> str:
    converter = _converter()
    converter.letters = letters
    try:
        return str(converter.reset().convert(source))
    except RecursionError as error:
        _converter.cache_clear()  # this one may have stopped half-way
        raise _tangled() from error


class _Converter(Markdown):
    letters: Container[str] = ()

    def reset(self) -> _Converter:
        super().reset()
        return self


@cache
def _converter() -> _Converter:
    # Not by their names, for which `markdown` looks through all packages that are installed.
    converter = _Converter(extensions=[SaneListExtension(), TableExtension(), FencedCodeExtension()])
    # So that "Alex \<{{ sender.email }}>" keeps its brackets.
    converter.ESCAPED_CHARS = [*converter.ESCAPED_CHARS, "<"]
    # After code and links written in full (190-160), before raw HTML (90).
    converter.inlinePatterns.register(_Bracketed(r"<([^\x00-\x7f])>", converter), "bracketed", 125)
    # After raw HTML, before emphasis (60): an address may hold asterisks and underscores.
    converter.inlinePatterns.register(_BareURL(_BareURL.PATTERN, converter), "bare-url", 85)
    return converter


class _Bracketed(InlineProcessor):
    """`<{{ contact.website }}>`: the value becomes a link by itself, the brackets go."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str | None, int | None, int | None]:
        if m[1] not in self.md.letters:  # type: ignore[attr-defined]
            return None, None, None
        return m[1], m.start(0), m.end(0)


class _BareURL(InlineProcessor):
    """An address in the text becomes a link, without the punctuation of the sentence around it."""

    PATTERN = r"(?<![\w@/])(?i:https?)://[^\s<>\"`|\x02\x03]+"
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        found = without_punctuation(m[0])
        if found.endswith("//"):
            return None, None, None
        link = Element("a", href=found)
        link.text = AtomicString(found)
        return link, m.start(0), m.start(0) + len(found)


def without_punctuation(url: str) -> str:
    """`url` up to the sentence's own marks: "(see https://a.example/b_(c))." ends with "c)"."""
    unopened = {closing: url.count(closing) - url.count(opening) for opening, closing in ("()", "[]", "{}")}
    end = len(url)
    while end and (url[end - 1] in _PUNCTUATION or unopened.get(url[end - 1], 0) > 0):
        end -= 1
        if url[end] in unopened:
            unopened[url[end]] -= 1
    return url[:end]
