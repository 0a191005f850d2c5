"""The words of an HTML part: enough to sort a message that has no other, with `>` before what it quotes."""

from __future__ import annotations

from html.parser import HTMLParser

LONGEST = 200_000
"""Characters of a part that are read."""
_LINES = frozenset(
    ("p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr", "pre", "blockquote")
)
_HIDDEN = frozenset(("script", "style", "head", "title", "s", "strike", "del"))
"""What is no text, or was struck out."""
_VOID = frozenset(("br", "hr", "img", "meta", "link", "input", "col", "wbr"))
_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra", "tutanota_quote")
"""Classes by which mail programs mark what they quote. An Outlook quotation is known by its `From:` lines."""


def text_of_html(source: str) -> str:
    """The words, line by line. Never raises, whatever the source is."""
    words = _Words()
    words.feed(source[:LONGEST])
    words.close()
    return "\n".join(line for line in words.lines() if line.strip(" >"))


class _Words(HTMLParser):
    """Collects text. An element that is never closed ends with the one around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, bool, bool]] = []
        self._said: list[str] = []
        self._quotes = self._hides = 0

    def lines(self) -> list[str]:
        return [" ".join(line.split()) for line in "".join(self._said).split("\n")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES:
            self._break()
        if tag in _VOID:
            return
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        quotes = tag == "blockquote" or any(mark in marks for mark in _QUOTES)
        hides = tag in _HIDDEN
        self._open.append((tag, quotes, hides))
        self._quotes += quotes
        self._hides += hides
        if quotes:
            self._break()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == name for name, _, _ in self._open[-100:]):
            return
        while self._open:
            name, quotes, hides = self._open.pop()
            self._quotes -= quotes
            self._hides -= hides
            if name == tag:
                break
        if tag in _LINES:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._hides:
            self._said.append(data.replace("\r", " ").replace("\n", " "))

    def _break(self) -> None:
        self._said.append("\n> " if self._quotes else "\n")
