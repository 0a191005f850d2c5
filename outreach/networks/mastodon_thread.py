"""A thread on Mastodon before the first call, and how its statuses are known again."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from urllib.parse import unquote

from outreach.model.publication import Publication, ReadyPart
from outreach.networks.identity import idempotency_key

# A tag ends where another begins: else a few kilobytes of tags that do not end are read for minutes.
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"<a\b[^<>]*\bhref=(?:\"([^\"]*)\"|'([^']*)')[^<>]*>((?:[^<]|<(?!/?a\b))*+)</a>", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^<>]*\balt=(?:\"([^\"]*)\"|'([^']*)')[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"</(?:p|li|div|h[1-6]|blockquote|pre)>", re.IGNORECASE)
_SCHEME = re.compile(r"https?://(?:www\.)?|(?<!\w)www\.", re.IGNORECASE)
_LIST = re.compile(
    r"<ol\b(?:[^<>]*?\bstart=[\"']?(\d{1,6}))?[^<>]*>|</ol>|<ul\b[^<>]*>|</ul>|<li\b[^<>]*>", re.IGNORECASE
)
_CUT = ("…", "...")
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


def is_shown_in(text: str, content: str) -> bool:
    """Whether the HTML of a status says what was written.

    Some servers take `&amp;` in it for `&`, and some send plain text.
    """
    written = (words_of_text(text), words_of_text(unescape(text)))
    return words_of_html(content) in written or words_of_text(content) == written[0]


def is_same_text(text: str, source: str) -> bool:
    """Whether a server says letter by letter that this was written: all but the white space at the ends of lines."""
    return _lines(text) == _lines(source)


def reads_as(text: str, content: str) -> bool:
    """Whether the HTML of a status says a text letter by letter, but for what servers do to links and white space.

    Unlike `is_shown_in` it tells capitals and punctuation apart: for what was edited.
    """
    return _letters(text) in (_letters(drawn(content)), _letters(content))


def words_of_html(content: str) -> str:
    """The words of a status as its server shows it, to be compared with `words_of_text`."""
    return words_of_text(drawn(content))


def words_of_text(text: str) -> str:
    """The letters and digits of a text as we wrote it, without case; all of it where it has none.

    Servers link and shorten addresses, re-wrap, show `@user@host` as `@user`, take Markdown for markup and emoji for
    pictures, but keep these.
    """
    words = _letters(unicodedata.normalize("NFKC", unquote(text))).casefold()
    return "".join(letter for letter in words if letter.isalnum()) or words


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", _SCHEME.sub("", _MENTION.sub(r"@\1", text))).split())


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in unicodedata.normalize("NFC", text).strip().splitlines()]


def drawn(content: str) -> str:
    """The text that the HTML of a status draws, its links whole."""
    with_words = _PICTURE.sub(lambda picture: picture[1] or picture[2] or "", _numbered(_LINK.sub(_whole, content)))
    return plain_words(_BLOCK.sub("\n", with_words))


def _numbered(content: str) -> str:
    """The items of numbered lists with their numbers again, which a server that knows Markdown took for markup."""
    lists: list[int | None] = []

    def number(tag: re.Match[str]) -> str:
        name = tag[0].lstrip("</").casefold()
        if not name.startswith("li"):
            if tag[0].startswith("</"):
                lists[-1:] = []
            else:
                lists.append(int(tag[1] or 1) if name.startswith("ol") else None)
            return " "
        if not lists or (current := lists[-1]) is None:
            return " "
        lists[-1] = current + 1
        return f" {current}. "

    return _LIST.sub(number, content)


def _whole(link: re.Match[str]) -> str:
    """A link as it was written: its own words, or its address where these were cut or stripped."""
    words, address = unescape(_TAG.sub("", link[3])).strip(), link[1] or link[2] or ""
    if unescape(address).lower() == f"mailto:{words}".lower():
        return link[3]
    is_name = words.startswith(("@", "#"))
    is_part = any(cut in words for cut in _CUT) or words.rstrip("/") in unescape(address)
    return link[3] if is_name or not is_part else address
