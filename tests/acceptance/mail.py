"""Reads a draft the way a mail client does, with the standard library's parsers."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class Page(HTMLParser):
    """Text, links and tags of one HTML part."""

    words: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    remote: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.links.add(value or "")
            elif name in ("src", "srcset", "background", "poster") or "url(" in (value or ""):
                self.remote.add(f"{name}={value}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read_letter(path: Path) -> EmailMessage:
    return _parsed(path.read_bytes())


@lru_cache(maxsize=100)
def _parsed(letter: bytes) -> EmailMessage:
    """Most tests change few letters of one campaign, and the parser is slow."""
    message = email.message_from_bytes(letter, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None, "the letter has no text part"
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None, "the letter has no HTML part"
    return str(part.get_content())


def page_of(message: EmailMessage) -> Page:
    page = Page()
    page.feed(html_of(message))
    page.close()
    return page


def flat(text: str) -> str:
    """The words of a text with single spaces: line breaks are the writer's business."""
    return re.sub(r"\s+", " ", text).strip()


def everything(message: EmailMessage) -> str:
    """All a recipient could see of a letter, decoded, in lower case: headers, both parts, file names."""
    shown = [f"{name}: {value}" for name, value in message.items()]
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.is_attachment():
            shown.append(str(part.get_content()))
        shown.append(part.get_filename() or "")
    return "\n".join(shown).lower()
