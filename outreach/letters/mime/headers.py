"""Header lines: encoded once and kept, because most letters of a wave share most of them.

RFC 5322 2.1.1 (lines of 78 characters, never above 998), RFC 2047 (names and subjects that are not
ASCII). Python's own `policy.SMTP` is not used for two reasons: it turns long tokens of
`References` or `List-Unsubscribe` into encoded-words, which kills the header, and two versions of
it (3.11.7 and 3.12.1) can be made to write a header of the recipient's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.charset import Charset
from email.utils import quote
from functools import lru_cache
from itertools import groupby

LONGEST_TOKEN = 900
"""The longest piece that cannot be folded; with a header's name in front it stays under 998."""

_FOLD = 78
_ENCODED_FOLD = 76  # RFC 2047, 2: a line that holds an encoded-word
_ENCODED_WORD = 75
_ENVELOPE = len("=?utf-8?b??=")
_PLAIN_TOKEN = 64  # a longer ASCII piece is encoded, so that it can be folded

_UTF_8 = Charset("utf-8")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN = re.compile(rf"[!-~]{{1,{_PLAIN_TOKEN}}}(?: [!-~]{{1,{_PLAIN_TOKEN}}})*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_SINGLE_SPACE = re.compile(r"(?<=[!-~]) (?=[!-~])")
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9_-]+"
ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@.{{1,253}}$){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,250}@[!-;=?A-~]{1,253}>")
HEADER_NAME = re.compile(r"[!-9;-~]{1,70}")


@lru_cache(maxsize=4096)
def address_line(field: str, name: str, email: str) -> bytes:
    """`To: Name <address>`, folded. Raises ValueError for what must not stand in a header."""
    _refuse_unsafe(name)
    if not ADDRESS.fullmatch(email):
        raise ValueError(f"{field}: {email!r} is not a plain mail address")
    if not name:
        return _folded(field, [email])
    return _folded(field, [*_phrase(field, name), f"<{email}>"])


@lru_cache(maxsize=4096)
def text_line(field: str, text: str) -> bytes:
    """`Subject: text`, folded. Raises ValueError for what must not stand in a header."""
    _refuse_unsafe(text)
    return _folded(field, text.split(" ") if _is_plain(text) else _encoded_words(field, text))


@lru_cache(maxsize=64)
def value_line(field: str, value: str) -> bytes:
    """A header whose value is data for machines: folded at single spaces only, never encoded.

    Raises ValueError for a name or value that is not printable ASCII, or cannot be folded.
    """
    stands = HEADER_NAME.fullmatch(field) and _VALUE.fullmatch(value)
    if not stands or longest_token(value) > LONGEST_TOKEN:
        raise ValueError(f"{field!r}: {value!r} cannot be a header")
    return _folded(field, _SINGLE_SPACE.split(value))


def ids_line(field: str, ids: Iterable[str]) -> bytes:
    """`Message-ID: <...>` or `References: <...> <...>`, folded between the ids only.

    Not kept, since every letter has its own. Raises ValueError for anything but Message-IDs.
    """
    listed = list(ids)
    if not listed or not all(MESSAGE_ID.fullmatch(each) for each in listed):
        raise ValueError(f"{field}: {listed!r} are not Message-IDs")
    return _folded(field, listed)


def longest_token(value: str) -> int:
    """The length of the longest piece of a value that `value_line` cannot fold."""
    return max(map(len, _SINGLE_SPACE.split(value)))


def _refuse_unsafe(text: str) -> None:
    if _UNSAFE.search(text):
        raise ValueError(f"control characters in a header: {text!r}")


def _is_plain(text: str) -> bool:
    """Whether ASCII text survives as it is: no odd spaces, nothing that looks encoded."""
    return "=?" not in text and _PLAIN.fullmatch(text) is not None


def _phrase(field: str, name: str) -> list[str]:
    """A display name as an atom, a quoted string or encoded-words."""
    if len(name) <= _PLAIN_TOKEN and _is_plain(name):
        return [name] if _ATOMS.fullmatch(name) else [f'"{quote(name)}"']
    encoded = _encoded_words(field, name)
    return encoded if len(encoded) == 1 else _mixed_phrase(field, name)


def _mixed_phrase(field: str, name: str) -> list[str]:
    """A long display name with its ASCII words left as they are between the encoded ones.

    Python's own parser shows a space between two encoded-words of a name where there is none;
    between an encoded and a plain one it is right.
    """
    words = name.split(" ")
    if "" in words:
        return _encoded_words(field, name)
    tokens: list[str] = []
    for is_atoms, run in groupby(words, _is_atom):
        together = list(run)
        tokens += together if is_atoms else _encoded_words(field, " ".join(together))
    return tokens


def _is_atom(word: str) -> bool:
    return len(word) <= _PLAIN_TOKEN and _is_plain(word) and _ATOMS.fullmatch(word) is not None


def _encoded_words(field: str, text: str) -> list[str]:
    """RFC 2047 encoded-words, each of at most 75 characters and whole characters."""
    return [_UTF_8.header_encode(piece) for piece in _pieces(text, len(field) + 2)]


def _pieces(text: str, taken: int) -> Iterator[str]:
    """Cut text into what fits an encoded-word, the first one beside the header's name.

    The cuts are behind spaces where there are any, so that a reader's slip stays harmless.
    """
    room = _room(_ENCODED_FOLD - taken)
    while text:
        piece = text.encode("utf-8")[:room].decode("utf-8", "ignore")
        if len(piece) < len(text):
            piece = piece[: piece.rfind(" ") + 1] or piece
        yield piece
        text = text[len(piece) :]
        room = _room(_ENCODED_WORD)


def _room(characters: int) -> int:
    """How many bytes an encoded-word of so many characters holds in base64, its longest form."""
    return (characters - _ENVELOPE) // 4 * 3


def _folded(field: str, tokens: list[str]) -> bytes:
    """One header with its CRLF, as many tokens to a line as fit; the first stays beside the name."""
    lines = [f"{field}: {tokens[0]}" if tokens else f"{field}:"]
    for token in tokens[1:]:
        limit = _ENCODED_FOLD if "=?" in lines[-1] or "=?" in token else _FOLD
        if len(lines[-1]) + 1 + len(token) <= limit:
            lines[-1] += f" {token}"
        else:
            lines.append(f" {token}")
    return ("\r\n".join(lines) + "\r\n").encode("ascii")
