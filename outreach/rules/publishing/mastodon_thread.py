"""A thread on Mastodon before the first call, and how its statuses are known again."""

from __future__ import annotations

import re
from html import unescape

from outreach.model.publication import Publication, ReadyPart
from outreach.rules.publishing.identity import idempotency_key

_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\s+")
_MENTION = re.compile(r"(?<![\w/])@([\w.-]+)@[\w.-]+\w")


def mastodon_thread(publication: Publication) -> tuple[ReadyPart, ...]:
    """The parts as form fields, each with its Idempotency-Key; ids and replies come from the server."""
    return tuple(
        ReadyPart(
            number=part.number,
            of=len(publication.parts),
            key=idempotency_key(publication, part.number),
            text=part.text,
            record=part.record,
            at=publication.at,
            media=part.media,
        )
        for part in publication.parts
    )


def plain_words(content: str) -> str:
    """The text of a status out of the HTML in which its server shows it."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", content))).strip()


def words_of_html(content: str) -> str:
    """The words of a status as its server shows it, to be compared with `words_of_text`."""
    return words_of_text(plain_words(content))


def words_of_text(text: str) -> str:
    """The words of a text as we wrote it: spaces made one, `@user@host` made `@user`, case folded.

    Servers link, shorten and re-wrap, but keep these.
    """
    return _SPACES.sub(" ", _MENTION.sub(r"@\1", text)).strip().casefold()
