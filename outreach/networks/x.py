"""X: posts by hand, counted as twitter-text counts (version 3, `config/v3.json`)."""

from __future__ import annotations

import unicodedata

import regex

from outreach.networks.base import Limits, Network
from outreach.networks.entities import counted_by_x
from outreach.networks.graphemes import GRAPHEME

_X_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that count one on X; all others count two (twitter-text `config/v3.json`, `ranges`)."""

_X_EMOJI = regex.compile(
    r"\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3"
    r"|\p{Extended_Pictographic}[\p{Emoji_Modifier}\p{Extended_Pictographic}\uFE0F\u200D\u20E3\U000E0020-\U000E007F]+"
)


def _count(text: str, content_warning: str | None, limits: Limits) -> int:
    """Weighted after NFC: an emoji 2, a link `limits.per_url` (23)."""
    return _weighted(text, limits.per_url)


def _weighted(text: str, per_url: int | None) -> int:
    text = unicodedata.normalize("NFC", text)
    total, start = 0, 0
    for link in counted_by_x().finditer(text):
        total += _weight(text[start : link.start()])
        total += _weight(link[0]) if per_url is None else per_url
        start = link.end()
    return total + _weight(text[start:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        2 if _X_EMOJI.fullmatch(grapheme[0]) else sum(1 if _is_light(ord(c)) else 2 for c in grapheme[0])
        for grapheme in GRAPHEME.finditer(text)
    )


def _is_light(code_point: int) -> bool:
    return any(first <= code_point <= last for first, last in _X_LIGHT)


X = Network(
    name="x",
    label="X",
    called=r"twitter|twitter/x|x",
    limits=Limits(characters=280, per_url=23),  # maxWeightedTweetLength, transformedURLLength
    count=_count,
    has_threads=True,
    submit=lambda community: "https://x.com/compose/post",
)
