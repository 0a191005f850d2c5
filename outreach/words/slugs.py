"""Names -> identities that are safe in file names, addresses and expressions."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from itertools import count

_LONGEST = 80
# Letters that Unicode does not take apart into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
        "ħ": "h", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "ŋ": "n", "'": "", "\N{RIGHT SINGLE QUOTATION MARK}": "",
    }
)  # fmt: skip


def slug_of(name: str) -> str:
    """The identity that `name` gets where none is written: `Krügers Büro` is `krugers-buro`.

    A name without any ASCII letter or digit gets `contact-` and a part of its digest, which is the
    same on every computer.
    """
    folded = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in folded if not unicodedata.combining(c)))
    slug = "-".join(words)
    if not slug:
        return f"contact-{_digest(name)}"
    if len(slug) > _LONGEST:
        return f"{slug[:_LONGEST].rstrip('-')}-{_digest(name)}"
    return slug


def free(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """`wanted`, or where that is taken the first of `wanted-2`, `wanted-3` ... that is not."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if not is_taken(wanted) else next(name for name in numbered if not is_taken(name))


def _digest(name: str) -> str:
    return hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "replace")).hexdigest()[:8]
