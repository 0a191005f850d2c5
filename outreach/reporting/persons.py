"""Private persons are named in no public report, also where a text, a file's name or a wave's id names them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from outreach.model.campaign import Sender
from outreach.model.contact import ChannelKind, Contact, ContactKind
from outreach.model.report import WITHHELD

_SHORTEST = 3
"""A shorter name is a word of everyday language too often."""
_WORD = re.compile(r"\w+")
_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)


class Persons:
    """The natural persons that the files name: contacts that are persons, people at contacts, and contacts' owners.

    The senders are none of them: every letter says who wrote it.
    """

    def __init__(self, contacts: Iterable[Contact], senders: Iterable[Sender]) -> None:
        contacts = tuple(contacts)
        people = {_plain(person.name) for contact in contacts for person in contact.people}
        self._ids = {each.id for each in contacts if each.kind is ContactKind.PERSON or _plain(each.name) in people}
        # "Jane Doe Foundation" is an organisation, also where Jane Doe works: the longest name is the one meant.
        named = [name for each in contacts if each.id not in self._ids for name in (each.name, each.short)]
        named += [each for sender in senders for each in (sender.name, sender.email, sender.reply_to)]
        self._kept = {_plain(name) for name in named if name}
        withheld = {_plain(name): name for each in contacts for name in self._names_of(each)}
        names = {**dict(zip(self._kept, self._kept, strict=True)), **withheld}
        self._by_first_word: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names.values(), key=len, reverse=True):
            if first := _WORD.match(name):
                self._by_first_word[first.group().casefold()].append(name)

    def __contains__(self, contact: str) -> bool:
        """Whether the contact of that id is a person; also one that has a person's name, whatever its `kind` says."""
        return contact in self._ids

    def withheld_from(self, text: str) -> str:
        """`text` without the names, addresses and ids of these persons."""
        text = unicodedata.normalize("NFC", text)
        made, end = [], 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            for name in self._by_first_word.get(word.group().casefold(), ()):
                if found := _pattern(name).match(text, word.start()):
                    made += [text[end : word.start()], found.group() if _plain(name) in self._kept else WITHHELD]
                    end = found.end()
                    break
        return "".join([*made, text[end:]])

    def _names_of(self, contact: Contact) -> Iterator[str]:
        names = [part for person in contact.people for part in (person.name, person.email)]
        if contact.id in self._ids:
            addresses = (each.address for each in contact.channels if each.kind is not ChannelKind.FORM)
            names += [contact.id, contact.name, contact.short, *addresses, contact.website]
        if contact.owner:
            # Often only a first name, and written small: `owner: maria`; `owner: press` is no name.
            names.append(contact.owner.title() if contact.owner.islower() else contact.owner)
        for name in names:
            bare = _SCHEME.sub("", unicodedata.normalize("NFC", name or "")).strip().strip("@/")
            if len(bare) >= _SHORTEST:
                yield bare


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The name in a text, over line breaks too; in any case where it is more than one word of everyday language."""
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"{words}(?!\w)", re.IGNORECASE if re.search(r"\s|@|\.\w", name) else 0)
