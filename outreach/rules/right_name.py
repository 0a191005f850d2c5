"""Promises about what stands in a letter: no placeholder, no false claim, nothing meant for us."""

from __future__ import annotations

from collections.abc import Iterable

import regex

_PLACEHOLDER_WORDS = (
    r"your|insert|add|fill|link|name|first name|last name|organi[sz]ation|company|recipient|contact|"
    r"date|title|topic|address|e-?mail|phone|url|city|country|if true|field|relevant|specific|something|"
    r"placeholder|tbd|tba|todo|xx+|ihr|dein|euer|vorname|nachname|firma|datum|adresse|stadt|"
    r"votre|nom|lien|adresse|tu|su|nombre|enlace|vostro|nome|uw|naam|koppeling"
)
_PLACEHOLDER = regex.compile(
    rf"\[(?:(?:{_PLACEHOLDER_WORDS})\b[^\[\]\n]{{0,60}}|[^\[\]\n]{{0,40}}\b(?:name|here|link|url)\b)\](?!\()"
    r"|<<[^<>\n]{1,60}>>"
    r"|(?<![{\w])\{[A-Za-z][\w .-]{0,40}\}(?!\})"
    r"|\{\{[^{}\n]{0,80}\}\}|\{%[^%\n]{0,80}%\}"
    r"|%[A-Z][A-Z_]{2,30}%"
    r"|\b(?:TODO|FIXME|TBD|TBA|XXX+)\b",
    regex.IGNORECASE,
)
_SHOUTED = regex.compile(r"^(?:TODO|FIXME|TBD|TBA|XXX+)$")

_PAGES = regex.compile(
    r"\b(\d{1,4})[\s\u00a0-]?(?:-?pages?|Seiten|p[aá]ginas?|pagine|pagina's|strony?|stron|sider|sidor|sivua)\b",
    regex.IGNORECASE,
)

LEAK_LENGTH = 25
"""Shorter pieces of `context` are everyday phrases that a letter may hold by chance."""


def placeholder(text: str) -> str | None:
    """The first placeholder left standing in `text` (`[Your name]`, `{Name}`, `<<Company>>`, `TODO`)."""
    for match in _PLACEHOLDER.finditer(text):
        found: str = match.group()
        if found[0].isalpha() and not _SHOUTED.match(found):
            continue
        return found
    return None


def wrong_page_claim(text: str, pages: Iterable[int]) -> str | None:
    """A claim such as "17 pages" in `text` where no PDF attached has that many; None if all is true.

    `pages` are the page counts of the attached PDFs; where there is none, nothing is claimed of it.
    """
    true_counts = set(pages)
    if not true_counts:
        return None
    for match in _PAGES.finditer(text):
        if int(match.group(1)) not in true_counts:
            return str(match.group())
    return None


def leaked(context: str, text: str) -> str | None:
    """A sentence of a contact's private `context` that stands in `text`, or None."""
    flat = " ".join(text.split())
    for sentence in regex.split(r"(?<=[.!?;])\s+|\n+", context.strip()):
        piece = " ".join(sentence.split())
        if len(piece) >= LEAK_LENGTH and piece in flat:
            return piece
    whole = " ".join(context.split())
    return whole if whole and len(whole) >= 12 and whole in flat else None
