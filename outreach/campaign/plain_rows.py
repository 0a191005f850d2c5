"""Rows of a table in which nothing is odd: read cell by cell, without the tree of nodes that findings need.

A thousand rows have a fault in one. So each row is read here first; where a cell cannot be read, or says something that
takes more than one look, the definition of a contact reads the row and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from sys import intern
from typing import Any, get_args

from outreach.campaign.definitions.contact import OLD_KEYS, ChannelKeys, ContactKeys
from outreach.campaign.values.plain import LONGEST, free_value
from outreach.campaign.values.text import Fault
from outreach.model.contact import Channel, ChannelKind, Contact, FreeValue
from outreach.words.slugs import slug_of

Cells = Iterable[tuple[int, str]]
"""Positions of cells, each with its key."""
_TAKES_A_LOOK = frozenset((*OLD_KEYS, "do_not_contact"))
"""Keys about which a contact says something even where they can be read."""
_NO_LINES: dict[str, int] = {}
"""A row's keys all stand on the row's own line, which is what a contact says of a key without a line."""


_SHORT = 8
"""Characters of a text that many rows say, such as a country: it is in memory once."""


class PlainRows:
    """Reads the rows of one table; `words` takes a cell of several values apart."""

    def __init__(
        self,
        file: str,
        keys: Cells,
        lists: Cells,
        channels: Iterable[tuple[int, ChannelKind, int | None]],
        fields: Cells,
        words: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._file = file
        self._words = words
        known = ContactKeys.keys
        keys, lists = list(keys), list(lists)
        self.is_plain = all(name in known and name not in _TAKES_A_LOOK for _, name in (*keys, *lists))
        if self.is_plain:
            self._keys = [(at, name, known[name].metadata[0].parse) for at, name in keys]
            self._lists = [(at, name, get_args(known[name].annotation)[0].__metadata__[0].parse) for at, name in lists]
        self._channels = [(at, kind, ChannelKeys.keys[kind].metadata[0].parse, role) for at, kind, role in channels]
        self._role = ChannelKeys.keys["role"].metadata[0].parse
        self._fields = list(fields)

    def contact(self, line: int, row: list[str]) -> Contact | None:
        """The contact of a row of the right length; None if the definition has to read it."""
        try:
            return self._read(line, row)
        except Fault:
            return None

    def _read(self, line: int, row: list[str]) -> Contact | None:
        values: dict[str, Any] = {}
        for at, name, parse in self._keys:
            if cell := row[at].strip():
                value = parse(cell)
                values[name] = intern(value) if type(value) is str and len(value) <= _SHORT else value
        if "name" not in values:
            return None
        for at, name, parse in self._lists:
            if cell := row[at].strip():
                values[name] = tuple([parse(word) for word in self._words(cell)])
        channels = []
        for at, kind, parse, role_at in self._channels:
            if cell := row[at].strip():
                role = row[role_at].strip() if role_at is not None else ""
                role = self._role(role) if role else ""
                channels.append(Channel(kind=kind, address=parse(cell), role=role, line=line))
        fields = {name: _free(cell) for at, name in self._fields if (cell := row[at].strip())}
        values.setdefault("id", "")
        values["id"] = values["id"] or slug_of(values["name"])
        return Contact(**values, file=self._file, line=line, lines=_NO_LINES, channels=tuple(channels), fields=fields)


@lru_cache(maxsize=4096)
def _free(cell: str) -> FreeValue:
    if len(cell) > LONGEST:
        raise Fault
    return free_value(cell, True)
