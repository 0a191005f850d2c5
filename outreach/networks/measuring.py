"""How much a text counts on a network."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from outreach.model.post import Network
from outreach.networks.entities import COUNTED_BY_MASTODON, COUNTED_BY_X
from outreach.networks.limits import DEFAULTS, Limits

GRAPHEME = regex.compile(
    r"\p{Regional_Indicator}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+"
    r"|(?:\p{Extended_Pictographic}(?:\p{GCB=Extend}*+\u200d\p{Extended_Pictographic})+"
    r"|[^\p{InCB=Consonant}\p{GCB=Prepend}\p{GCB=CR}\p{GCB=LF}\p{GCB=Control}])"
    r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+(?=\p{InCB=Consonant})"
    r"|\X"
)
"""One character as people see it: an extended grapheme cluster (Unicode Standard Annex 29).

`\\X` of the regex module counts all flags before one to find its other half, so pairs of them are taken as they
come. It joins a consonant to any virama before it; rule GB9c only where the virama has a consonant of its own,
which the second branch sees to.
"""

_ALONE = regex.compile(r"[\p{GCB=Other}\p{GCB=LV}\p{GCB=LVT}\p{GCB=LF}\p{GCB=Control}]*+")
"""What joins nothing before or behind it, unless something else stands there that does."""

_X_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that count one on X; all others count two (twitter-text `config/v3.json`, `ranges`)."""

_X_EMOJI = regex.compile(
    r"\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3"
    r"|\p{Extended_Pictographic}[\p{Emoji_Modifier}\p{Extended_Pictographic}\uFE0F\u200D\u20E3\U000E0020-\U000E007F]+"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How long a text is and may be: `value` of `limit` as the network counts, `bytes` of `byte_limit`."""

    value: int
    limit: int | None
    bytes: int
    byte_limit: int | None

    @property
    def fits(self) -> bool:
        """Whether the network takes it."""
        fits_value = self.limit is None or self.value <= self.limit
        return fits_value and (self.byte_limit is None or self.bytes <= self.byte_limit)


def count(text: str, network: Network, *, content_warning: str | None = None, limits: Limits | None = None) -> int:
    """How many characters `text` is on `network`, counted as that network counts.

    - bluesky: graphemes;
    - mastodon: graphemes of the content warning and the text together; each http(s) link counts
      `limits.per_url` (23), `@user@host` counts as `@user` (`StatusLengthValidator`);
    - x: weighted after NFC, an emoji 2, a link 23 (twitter-text, version 3);
    - the others: Unicode code points.

    A content warning counts on Mastodon only. `limits` are a server's own instead of the defaults.
    """
    rules = limits or DEFAULTS[network]
    if network is Network.MASTODON:
        return graphemes((content_warning or "") + _countable(text, rules.per_url))
    if network is Network.BLUESKY:
        return graphemes(text)
    return _weighted(text, rules.per_url) if network is Network.X else len(text)


def measure(text: str, network: Network, *, content_warning: str | None = None, limits: Limits | None = None) -> Count:
    """`count`, beside what is allowed, and the UTF-8 bytes of the text, which Bluesky limits too."""
    rules = limits or DEFAULTS[network]
    return Count(
        value=count(text, network, content_warning=content_warning, limits=rules),
        limit=rules.characters,
        bytes=len(text.encode("utf-8", "surrogatepass")),
        byte_limit=rules.bytes,
    )


def graphemes(text: str) -> int:
    return len(text) if stand_alone(text) else len(GRAPHEME.findall(text))


def stand_alone(text: str) -> bool:
    """Whether each code point of `text` is a character by itself, as in most texts; known fifty times faster."""
    return _ALONE.fullmatch(text) is not None


def _countable(text: str, per_url: int | None) -> str:
    """The text as Mastodon's server rewrites it before it counts."""

    def shortened(match: regex.Match[str]) -> str:
        if match["user"] is not None:
            return "@" + match["user"]
        return match[0] if per_url is None else "x" * per_url

    return COUNTED_BY_MASTODON.sub(shortened, text)


def _weighted(text: str, per_url: int | None) -> int:
    text = unicodedata.normalize("NFC", text)
    total, start = 0, 0
    for link in COUNTED_BY_X.finditer(text):
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
