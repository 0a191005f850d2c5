"""Words of many languages, as `languages/XX.toml` has them: read once, and only where somebody asks for them.

One file is one language; a table in it is one use (`mail`), a key one list. Phrases are compared with a text that was
`folded`: without case, accents and typographic marks. In a phrase `*` stands for up to four words, at the end of a word
for any ending, `(a|b)` for one of these, and `(a)?` for something that may be missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2013\u2014", "-"),
        **dict.fromkeys("\u00a0\u202f", " "),
        **dict.fromkeys("\u200b\u200e\u200f"),
        **{"\u0142": "l", "\u00f8": "o", "\u0111": "d", "\u0131": "i"},
    }
)
_TABLES = re.compile(r"^(?=\[\w)", re.MULTILINE)
_KEYS = re.compile(r"^(?=[a-z_]+ =)", re.MULTILINE)
_BETWEEN = r"\W{1,6}"
_GAP = r"(?:\W{1,6}\w+){0,4}?\W{1,6}"
_TOKEN = re.compile(r"\((?:[^()]|\([^()]*\))*\)\??\S*|\S+")
WITHOUT_SPACES = r"[\u0590-\u08ff\u0e00-\u0fff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Scripts in which a word may be inside another, or runs on without a space."""


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Mapping[str, Any]]:
    """The tables of every language, by its tag (ISO 639-1)."""
    import tomllib

    return {tag: tomllib.loads(text) for tag, text in _texts().items()}


@lru_cache(maxsize=8)
def tables(name: str) -> Mapping[str, Mapping[str, Any]]:
    """One table of every language that has it, by the language's tag. What is in others is not parsed."""
    import tomllib

    return {tag: tomllib.loads("".join(parts))[name] for tag, parts in _parts(name).items()}


@lru_cache(maxsize=8)
def _parts(name: str) -> Mapping[str, list[str]]:
    """The text of one table in every language that has it: the table itself, then those inside it."""
    begins = re.compile(rf"\[{re.escape(name)}[].]")
    found = {tag: [part for part in _TABLES.split(text) if begins.match(part)] for tag, text in _texts().items()}
    return {tag: parts for tag, parts in found.items() if parts}


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, str]:
    folder = files("outreach.words") / "languages"
    found = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return {name.removesuffix(".toml"): (folder / name).read_text("utf-8") for name in found}


@lru_cache(maxsize=128)
def phrases(table: str, key: str) -> tuple[str, ...]:
    """The list of that name in every language, as it is written there, each phrase once. No other list is parsed."""
    import tomllib

    parts = (_KEYS.split(parts[0]) for parts in _parts(table).values())
    lists = (tomllib.loads(part)[key] for each in parts for part in each if part.startswith(f"{key} ="))
    return tuple(dict.fromkeys(phrase for each in lists for phrase in each))


@lru_cache(maxsize=128)
def finder(table: str, *keys: str) -> re.Pattern[str]:
    """Finds any of these phrases in a `folded` text; asked by `match`, at its beginning."""
    return compiled([phrase for key in keys for phrase in phrases(table, key)])


def compiled(wanted: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the phrases in a `folded` text. One that no text can be is left out."""
    forms = sorted({_form(phrase) for phrase in wanted if phrase.strip()}, key=lambda form: len(form[1]), reverse=True)
    within = [form for begins, form in forms if not begins]
    whole = [form for begins, form in forms if begins]  # asked where a word begins only, which is much faster
    return re.compile("|".join([*([rf"(?<!\w)(?:{'|'.join(whole)})"] if whole else []), *within]) or r"(?!)")


def folded(text: str) -> str:
    """A text as phrases are compared: casefolded, without accents, with plain quotes, dashes and spaces."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_MARKS)).casefold())
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c))).translate(_MARKS)


def _form(phrase: str) -> tuple[bool, str]:
    """Whether a phrase begins as a word of its own, and its regular expression."""
    form, between = "", ""
    for token in _TOKEN.findall(folded(phrase)):
        if token == "*":
            between = _GAP
            continue
        word = _word(token)
        if token.startswith("(") and token.endswith(")?"):
            form += f"(?:{between}{word.removesuffix('?')})?"
        else:
            form += between + word
        between = _BETWEEN
    run_on = re.search(WITHOUT_SPACES, phrase) is not None
    begins = not run_on and re.match(r"[\w(]", phrase) is not None
    ends = "" if run_on or not re.search(r"[\w)?]$", phrase) else r"(?!\w)"
    return begins, f"(?:{form}){ends}"


def _word(token: str) -> str:
    """One word, or the words that may be in its place."""
    escaped = re.sub(r"[.\[\]{}+^$\\/]", lambda found: "\\" + found[0], token)
    escaped = escaped.replace("(", "(?:").replace("*", r"\w*").replace("-", r"[- ]?")
    return re.sub(r"\s+", lambda _: _BETWEEN, escaped)
