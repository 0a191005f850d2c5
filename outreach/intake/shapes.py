"""What a cell looks like, whatever its column is called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import regex

from outreach.intake import cells
from outreach.intake.addresses import addresses

Shape = Literal["", "email", "url", "handle", "phone", "number", "date", "country", "long", "text"]
TYPED: frozenset[Shape] = frozenset(("email", "url", "handle", "phone", "date"))
"""Shapes that no label has."""

POSTAL = regex.compile(
    r"^(?:\d{1,4}[a-z]?,? )?(?:(?:ul|al|os|pl|av|bd)\.|rue|avenue|avenida|boulevard|via|viale|piazza|corso|calle|plaza|"
    r"rua|place|quai) [^@:]*\d{1,4}[a-z]?(?:,|$)"
    r"|\p{L}(?:str\.|stra(?:\u00df|ss)e|straat|laan|weg|gasse|platz|gatan|vej|vei| (?:street|road|lane|avenue)) \d"
    r"|^[^@:]*\b(?:\d{2}-\d{3}|\d{4} ?[A-Z]{2}|\d{5}|[A-Z]{1,2}-\d{4,5}) \p{L}[^@:]*$",
    regex.IGNORECASE,
)
"""A street with a number, a postcode before a town: where somebody is, and not who."""


@lru_cache(maxsize=32768)
def shape_of(text: str) -> Shape:
    """What a cell looks like, whatever its column is called."""
    text = text.strip()
    if not text:
        return ""
    if "@" in text or "[at]" in text.lower() or "(at)" in text.lower():
        kinds = {each.kind for each in addresses(text)}
        if "email" in kinds:
            return "email"
        if kinds & {"mastodon", "bluesky"}:
            return "handle"
    if re.fullmatch(r"@\w{2,30}", text):
        return "handle"
    if cells.site(text) and ("/" in text or "." in text):
        return "url"
    if cells.day(text) or re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", text):
        return "date"
    if re.fullmatch(r"[-+]?[\d.,\u00a0 ]+%?", text):
        digits = sum(sign.isdigit() for sign in text)
        return "phone" if digits >= 7 and (" " in text or text.startswith(("+", "0"))) else "number"
    if re.fullmatch(r"(?:\+|\(?0)[\d\s()/.-]{5,}\d", text):
        return "phone"
    if len(text) > 60 or len(text.split()) > 8:
        return "long"
    return "country" if cells.country(text) else "text"
