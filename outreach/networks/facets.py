"""Links, mentions and hashtags of a Bluesky post, marked by byte offsets into its UTF-8.

The server makes none by itself and takes wrong ones, so that all of it is ours: `app.bsky.richtext.facet`, start
inclusive, end exclusive. The patterns follow the official rich text's, with three differences that are meant: a
host may hold hyphens (`www.assemblee-nationale.fr`), a handle any case (`@Alice.Bsky.Social`), and a hashtag ends
before the next `#`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import regex

MOST_OF_A_TAG = 64
"""Characters of a hashtag, without the sign."""

_START = r"(?:(?<=^)|(?<=[\s(\[{«„“\"']))"
_HOST = r"(?:[a-z0-9]++(?:-++[a-z0-9]++)*+\.)+[a-z][a-z0-9-]*[a-z]"
_LINK = regex.compile(rf"{_START}(?:(?P<with>https?://\S+)|(?P<bare>{_HOST}(?:[/?#]\S*)?))", regex.IGNORECASE)
_MENTION = regex.compile(rf"{_START}@(?P<handle>(?>{_HOST}))(?![\w.-]*\w)", regex.IGNORECASE)
_SIGNS = "#\uff03"  # the second is the full-width one
_INVISIBLE = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20e2"
_TAG = regex.compile(
    rf"(?<=^|\s)[{_SIGNS}](?!\ufe0f)(?P<tag>[^\s{_SIGNS}{_INVISIBLE}]*[^\d\s\p{{P}}{_SIGNS}{_INVISIBLE}][^\s{_SIGNS}{_INVISIBLE}]*)"
)
_TAIL = ".,;:!?…»“”\"'"
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
    """The handles that a text mentions, casefolded, in their order."""
    return list(dict.fromkeys(match["handle"].casefold() for match in _MENTION.finditer(text)))


def _index(text: str, start: int, stop: int) -> dict[str, int]:
    begin = len(text[:start].encode())
    return {"byteStart": begin, "byteEnd": begin + len(text[start:stop].encode())}


def _links(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for match in _LINK.finditer(text):
        shown = _without_tail(match[0])
        if match["bare"] is not None and not _is_linked(shown):
            continue
        uri = shown if match["with"] is not None else f"https://{shown}"
        if "." in uri or "localhost" in uri:
            yield match.start(), match.start() + len(shown), {"$type": "app.bsky.richtext.facet#link", "uri": uri}


def _without_tail(shown: str) -> str:
    """Without the sentence's own signs, and without a closing bracket that was not opened in it."""
    unopened = {closing: shown.count(closing) - shown.count(opening) for opening, closing in ("()", "[]", "{}")}
    end = len(shown)
    while end and (shown[end - 1] in _TAIL or unopened.get(shown[end - 1], 0) > 0):
        end -= 1
        if shown[end] in unopened:
            unopened[shown[end]] -= 1
    return shown[:end]


def _is_linked(bare: str) -> bool:
    """Whether a host without `https://` is meant as one: `notes.md` is a file."""
    host = regex.split(r"[/?#]", bare)[0]
    return host.rpartition(".")[2].casefold() not in _FILES or host != bare


def _mentions(text: str, dids: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for match in _MENTION.finditer(text):
        did = dids.get(match["handle"].casefold())
        if did is not None:
            yield match.start(), match.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did}


def _tags(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for match in _TAG.finditer(text):
        tag = regex.sub(r"\p{P}+$", "", match["tag"])
        if 0 < len(tag) <= MOST_OF_A_TAG and not tag.isdigit():
            yield match.start(), match.start() + 1 + len(tag), {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
