"""What a page says of itself for a link card: Open Graph (https://ogp.me), and plain HTML where it has none."""

from __future__ import annotations

import re
from dataclasses import field
from html.parser import HTMLParser
from urllib.parse import urljoin

from outreach.model.records import dataclass

MOST_OF_A_TITLE = 300
MOST_OF_A_DESCRIPTION = 1000
"""Characters; Bluesky sets no limit, and shows much less."""

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageCard:
    """Title ("" where the page has none), description, and the picture's address, None for none."""

    title: str
    description: str = ""
    picture: str | None = None


def card_of(data: bytes, media_type: str, url: str) -> PageCard:
    """The card of a page that came from `url` with that type. Never raises."""
    reader = _Reader()
    reader.feed(_text(data, media_type))
    reader.close()
    picture = _first(reader.said, _PICTURES)
    return PageCard(
        title=_cut(_first(reader.said, _TITLES) or _plain(reader.title), MOST_OF_A_TITLE),
        description=_cut(_first(reader.said, _DESCRIPTIONS), MOST_OF_A_DESCRIPTION),
        picture=_joined(reader.base, url, picture) if picture else None,
    )


def _joined(base: str, url: str, picture: str) -> str | None:
    try:
        return urljoin(urljoin(url, base), picture)
    except ValueError:
        return None


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _text(data: bytes, media_type: str) -> str:
    """The page's characters, as its server, itself, or most pages have them."""
    named = re.search(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", media_type)
    found = _CHARSET.search(data[:4096])
    for charset in (named[1] if named else "", found[1].decode("ascii") if found else "", "utf-8"):
        try:
            return data.decode(charset or "utf-8")
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", errors="replace")


@dataclass
class _Reader(HTMLParser):
    """Takes down the first title and the first of each meta tag."""

    title: str = ""
    base: str = ""
    said: dict[str, str] = field(default_factory=dict)
    _inside: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if content := _plain(given.get("content", "")):
                self.said.setdefault(name, content)
        elif tag == "base":
            self.base = self.base or given.get("href", "").strip()
        elif not self._inside and (tag == "svg" or (tag == "title" and not self.title)):  # a picture has its own
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data


def _plain(text: str) -> str:
    """On one line, without what nobody sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())
