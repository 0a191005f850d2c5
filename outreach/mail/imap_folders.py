"""Which folder of a mailbox is which: by its attribute in plain LIST (RFC 6154), then by its name in the languages.

The capability SPECIAL-USE is not asked for: Exchange and iCloud name the attributes without it, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from imapclient import IMAPClient

from outreach.words.phrases import folded, phrases

NOT_A_FOLDER = {b"\\noselect", b"\\nonexistent"}
_ABOVE = re.compile(r"[/.]")
Listed = tuple[set[bytes], str]
"""A folder: its attributes in lower case, and its name."""


@lru_cache(maxsize=8)
def names(key: str) -> frozenset[str]:
    """The names that folders have in the languages."""
    return frozenset(folded(name) for name in phrases("mail", key))


def last(name: str) -> str:
    """A folder's own name, without those above it, `folded`."""
    return folded(_ABOVE.split(name)[-1])


def listed(client: IMAPClient) -> list[Listed]:
    """Every folder. Raises what IMAPClient raises."""
    return [(set(map(bytes.lower, flags)), str(name)) for flags, _, name in client.list_folders()]


def special(found: Iterable[Listed], attribute: bytes, key: str) -> str | None:
    """The folder with that attribute, else one with a name under `key`; None if there is none.

    Of several it is the one with the fewest folders above it: `Drafts`, and not `Archive/2019/Drafts`.
    """
    folders = [(flags, name) for flags, name in found if not flags & NOT_A_FOLDER]
    by_attribute = [name for flags, name in folders if attribute in flags]
    by_name = [name for _, name in folders if last(name) in names(key)]
    return min(by_attribute or by_name, key=lambda name: len(_ABOVE.split(name)), default=None)
