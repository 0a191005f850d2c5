"""What makes it lawful to ask for something by email: one line that begins with a known word."""

from __future__ import annotations

import re

from outreach.campaign.values.plain import line_text
from outreach.campaign.values.text import Fault, reads

BASES = {
    "consent": re.compile(r"consent\b.*"),
    "relation": re.compile(r"relation\b.*"),
    "published": re.compile(r"(?:address )?published\b.*https?://\S+.*"),
    "public office": re.compile(r"public office\b.*"),
    "no advertising": re.compile(r"no advertising\W+\w.*"),
    "advice of": re.compile(r"advice of \S.* on \d{4}-\d\d-\d\d\b.*"),
}
"""How a line begins -> its form."""
_HINTS = {
    "published": "Say where: `published for this purpose (https://example.org/contact)`.",
    "no advertising": "Say why: `no advertising: it asks what they think`.",
    "advice of": "Name the person and the day: `advice of Maria Example on 2026-01-05`.",
}


_LINE = line_text("consent: they ticked the box on our form")


@reads(expected="a basis in law in one line", example=_LINE.example, schema=_LINE.schema())
def basis(value: str) -> str:
    """`consent`, `relation`, `published (URL)`, `public office`, `no advertising: why`, `advice of NAME on DATE`."""
    text = str(_LINE.parse(value))
    begins = text.casefold().removeprefix("address ")
    known = next((word for word in BASES if begins.startswith(word)), None)
    if known is None:
        raise Fault(hint=f"Begin it with one of: {', '.join(BASES)}.")
    if not BASES[known].fullmatch(text.casefold()):
        raise Fault(hint=_HINTS.get(known, ""))
    return text
