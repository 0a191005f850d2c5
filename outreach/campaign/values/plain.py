"""Readers of plain values: text, yes or no, numbers, choices, names, free values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pydantic_core import CoreSchema, core_schema

from outreach.campaign.definitions.definition import Known, Schema, fault, wrong_kind
from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import Scalar
from outreach.campaign.values.text import Fault, Text, did_you_mean, reads
from outreach.model.contact import FreeValue
from outreach.words.header_text import header_fault
from outreach.words.slugs import slug_of

# U+E000-F8FF are the renderer's own marks; they have no meaning that two computers would share.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_NOT_OURS = frozenset((".git", ".outreach"))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
LONGEST_SLUG = 100
LONGEST = 20_000
"""Characters of one value: a letter has a few thousand, so what is longer was not meant to be here."""
LONGEST_LINE = 2000
"""Characters of a name, subject or title: what no mail program shows in one line."""

TEXT_SCHEMA: Schema = {"type": ["string", "number"]}
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")


def safe_text(value: str) -> str:
    """`value`; raises Fault where it holds what no text may hold."""
    if found := _UNSAFE.search(value):
        point = ord(found.group())
        kind = "private-use" if 0xE000 <= point <= 0xF8FF else "control"
        sentence = f"This text holds an invisible {kind} character (U+{point:04X})."
        raise Fault(sentence, "Delete it, or type the text again.", "unsafe-text")
    return value


def _line(value: str) -> str:
    value = value.strip()
    if len(value) > LONGEST_LINE:
        raise Fault(f"This text has more than {LONGEST_LINE:,} characters.", "Shorten it: one line is expected here.")
    if fault := header_fault(value):
        raise Fault(f"This text {fault}.", "Write it as one line of ordinary characters.", "unsafe-text")
    return safe_text(value)


def _text(value: str) -> str:
    return safe_text(value).strip("\n").rstrip()


def _short_text(value: str) -> str:
    if len(value) > LONGEST:
        raise Fault(f"This text has more than {LONGEST:,} characters.", "A letter has a few thousand at most.")
    return _text(value)


def line_text(example: str = "Open Forum Europe") -> Text:
    """One line that may come to be in a header: a name, a role, a subject."""
    return Text(_line, expected="one line of text", example=example, schema=TEXT_SCHEMA)


@reads(expected="a role in words", example="policy", schema={"type": "string"})
def role(value: str) -> str:
    """What a channel is for, in a word: `policy`, `press`."""
    if not any(character.isalpha() for character in value):
        raise Fault
    return _line(value)


def long_text(example: str) -> Text:
    """Text of a length that a letter may have."""

    return Text(_short_text, expected="a text", example=example, schema=TEXT_SCHEMA)


def text(example: str = "some words") -> Text:
    """Text of any length; spaces and line ends after it do not count."""
    return Text(_text, expected="a text", example=example, schema=TEXT_SCHEMA)


@reads(
    expected="`true` or `false`",
    example="true",
    schema={
        "type": ["boolean", "string"],
        "pattern": f"^({'|'.join(''.join(f'[{c.upper()}{c}]' for c in word) for word in (*_YES, *_NO))})$",
    },
)
def boolean(value: str) -> bool:
    """`true`, `yes`, `on`, `false`, `no` or `off`, in any case."""
    folded = value.casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise Fault


@reads(
    expected="`true`, `false` or a reason",
    example="They asked us not to write.",
    schema={"type": ["boolean", "string", "number"]},
)
def reason_or_boolean(value: str) -> str | None:
    """A reason, `true` without one, or `false`; reads as the reason or None."""
    folded = value.strip().casefold()
    if folded in _NO:
        return None
    return "do not contact" if folded in _YES else _short_text(value)


def integer(lowest: int = 0, highest: int = 1_000_000, *, example: int | None = None) -> Text:
    """A whole number from `lowest` to `highest`."""

    @lru_cache(maxsize=1024)
    def parse(value: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,15}", value) or not lowest <= int(value) <= highest:
            raise Fault
        return int(value)

    return Text(
        parse,
        expected=f"a whole number from {lowest} to {highest}",
        example=str(max(lowest, 1) if example is None else example),
        schema={"type": "integer", "minimum": lowest, "maximum": highest},
    )


def choice(words: Iterable[str], convert: Any = str, code: str = "bad-value") -> Text:
    """One of `words`, in any case, given to `convert`."""
    known = tuple(words)

    @lru_cache(maxsize=1024)
    def parse(value: str) -> Any:
        word = value.strip().casefold()
        if word in known:
            return convert(word)
        raise Fault(hint=did_you_mean(word, known) or f"Choose one of: {', '.join(known)}.")

    return Text(
        parse,
        expected=f"one of {', '.join(known)}",
        example=known[0],
        schema={"enum": list(known)},
        code=code,
    )


@reads(
    expected="a short name of lower-case letters, digits and hyphens",
    example="open-forum-europe",
    schema={"type": ["string", "integer"], "pattern": f"^{_SLUG.pattern}$", "maxLength": LONGEST_SLUG},
)
def slug(value: str) -> str:
    """An identity: lower-case ASCII letters, digits, `-` and `_`, at most 100 of them."""
    if not _SLUG.fullmatch(value) or len(value) > LONGEST_SLUG:
        raise Fault(hint=f"For example `{slug_of(value)}`.")
    return value


@reads(expected="a name of letters, digits, `-` and `_`", example="advocacy", schema={"type": ["string", "integer"]})
def name(value: str) -> str:
    """The stem of a template's or post's file, or a name from `attachments`."""
    value = value.removesuffix(".md")
    if not _NAME.fullmatch(value) or len(value) > LONGEST_SLUG:
        raise Fault
    return value


_RESERVED = frozenset(
    ["con", "nul", "aux", "prn", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10))]
)


def is_reserved(name: str) -> bool:
    """Whether Windows keeps `name` for a device, so that no file there can have it, whatever its ending.

    Source: Microsoft, "Naming Files, Paths, and Namespaces".
    """
    return name.casefold() in _RESERVED


def is_name(stem: str) -> bool:
    """Whether a file's stem can be the name of a template or post."""
    return bool(_NAME.fullmatch(stem)) and len(stem) <= LONGEST_SLUG and not is_reserved(stem)


def path(*, outside: bool = False) -> Text:
    """A file, relative to the campaign folder, with forward slashes; `outside`: it may also begin with `/` or `~/`."""

    def parse(value: str) -> str:
        cleaned = _line(value).replace("\\", "/").removeprefix("./")
        if outside and cleaned.startswith(("/", "~/")):
            return cleaned
        if not cleaned or cleaned.startswith("/") or re.match(r"[A-Za-z]:/", cleaned):
            raise Fault(hint="Write it from the campaign folder on, as in `materials/brief.pdf`.")
        if _NOT_OURS.intersection(cleaned.casefold().split("/")):
            raise Fault(hint="What Git and outreach keep for themselves is for no letter and no post.")
        return cleaned

    return Text(
        parse,
        expected="the path of a file in the campaign folder",
        example="materials/brief.pdf",
        schema={"type": "string"},
    )


@reads(expected="one hashtag", example="OpenSource", schema={"type": ["string", "number"]})
def hashtag(value: str) -> str:
    """A hashtag, with or without its `#` (which YAML wants quoted); reads without."""
    found = _line(value).removeprefix("#")
    if not found or not re.fullmatch(r"[^\s#,;]+", found):
        words = [f'"#{word.strip("#,;")}"' for word in value.split() if word.strip("#,;")]
        raise Fault(hint=f"Write a list: [{', '.join(words)}]." if len(words) > 1 else "")
    return found


@reads(expected="one tag", example="policy", schema=TEXT_SCHEMA)
def tag(value: str) -> str:
    """One word or phrase to select contacts by."""
    if "," in value or ";" in value:
        words = [word.strip() for word in re.split("[,;]", value) if word.strip()]
        raise Fault(hint=f"Write a list: [{', '.join(words)}].")
    return _line(value)


def free_value(value: str, plain: bool) -> FreeValue:
    """What an unquoted free value means; only what reads back as written becomes a number.

    So `01067`, `1.10`, `12:30`, `2026-01-13` and `NO` stay text, and quoted values always do.
    """
    if not plain:
        return safe_text(value)
    if value in ("", "~", "null"):
        return None
    if value in ("true", "false"):
        return value == "true"
    if _NUMBER.fullmatch(value):
        number = float(value) if "." in value else int(value)
        if str(number) == value:
            return number
    return safe_text(value)


class Free:
    """The annotation of a value of the campaigner's own: text, number, true or false, or nothing."""

    def __init__(self, longest: int | None = None) -> None:
        self.longest = longest

    def of(self, node: Any) -> FreeValue:
        """The value at `node`."""
        if type(node) is Scalar:
            try:
                if self.longest is not None:
                    _short_text(node.text)
                return free_value(node.text, node.plain)
            except Fault as found:
                caught = found
            raise fault(node, lambda name: Finding(node.line, caught.code, str(caught), caught.hint))
        if type(node) is Known:
            return node.value  # type: ignore[no-any-return]
        raise wrong_kind(node, "one value", "For example `{}: some words`.")

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.of)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> Schema:
        return {"type": ["string", "number", "boolean", "null"]}


def free(longest: int | None = None) -> Free:
    """A value of the campaigner's own, of any length if `longest` is None."""
    return Free(longest)
