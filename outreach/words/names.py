"""Finding contacts' names and addresses in a text: whole names, longest match, case as written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import regex

from outreach.model.contact import Contact
from outreach.model.records import dataclass

_PART = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_ADDRESS = regex.compile(
    r"(?:https?://|mailto:|www\.)[^\s<>]+|(?:\G|(?<![\w.+-]))@?[\w.+-]++@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+",
    regex.IGNORECASE,
)
_ASCII_PART = re.compile("[A-Za-z0-9]+")
_SCHEME = regex.compile(r"^mailto:", regex.IGNORECASE)
_SITE = regex.compile(r"^(?:https?://)?(?:www\.)?", regex.IGNORECASE)
_BEFORE_SITES = ("http", "https", "www")
MOST_WORDS = 40
"""No name has more, and a text is compared with each length that a name has."""
SHORTEST = 3
"""Names below this many characters are words of everyday language too often to say anything."""


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text: as written there, and the contacts it may mean."""

    text: str
    contacts: frozenset[str]


class NameIndex:
    """Names (and, with `people`, e-mail addresses, websites and people) of many contacts, to be found fast.

    A text is read word by word; at each word the longest name that starts there is taken, and the
    search goes on behind it. So "Linux Foundation" is not found inside "Linux Foundation Europe"
    where that is a contact too. A URL or an address is read as a whole: it may be a contact's address,
    and says no name by a piece of itself.
    """

    def __init__(self, contacts: Iterable[Contact], *, people: bool = False) -> None:
        self._names: dict[str, str | set[str]] = {}  # words with a space between -> its contact, or its contacts
        self._lengths: dict[str, tuple[int, ...]] = {}  # of the names that begin with a word, the longest first
        for contact in contacts:
            for name in _names_of(contact, people):
                self._add(name, contact.id)

    def _add(self, name: str, contact: str) -> None:
        words = _words(name)
        if not words or sum(map(len, words)) < SHORTEST or len(words) > MOST_WORDS:
            return
        joined = " ".join(words)
        joined = name if joined == name else joined  # which is in memory already
        known_as = self._names.setdefault(joined, contact)
        if isinstance(known_as, set):
            known_as.add(contact)
        elif known_as != contact:  # most names are of one contact, and a set for each would take most of the memory
            self._names[joined] = {known_as, contact}
        known = self._lengths.get(words[0], ())
        if len(words) not in known:
            self._lengths[words[0]] = tuple(sorted({*known, len(words)}, reverse=True))

    def find(self, text: str) -> Iterable[Match]:
        """Every whole name in `text`, in order, longest match first, none overlapping."""
        if "@" in text or ":" in text or "www." in text.lower():
            return self._found_among_addresses(text)
        words = _words(text)
        return () if self._lengths.keys().isdisjoint(words) else self._found_in(words)

    def _found_among_addresses(self, text: str) -> Iterator[Match]:
        end = 0
        for address in _ADDRESS.finditer(text):
            yield from self._found_in(_words(text[end : address.start()]))
            yield from self._whole(_words(_SCHEME.sub("", address.group())))
            end = address.end()
        yield from self._found_in(_words(text[end:]))

    def _whole(self, words: list[str]) -> Iterator[Match]:
        bare = words
        while bare and bare[0].casefold() in _BEFORE_SITES:
            bare = bare[1:]
        found = self._names.get(" ".join(words)) or self._names.get(" ".join(bare))
        if found:
            yield Match(" ".join(words), _contacts(found))

    def _found_in(self, words: list[str]) -> Iterator[Match]:
        if self._lengths.keys().isdisjoint(words):
            return
        position = 0
        while position < len(words):
            for length in self._lengths.get(words[position], ()):
                name = " ".join(words[position : position + length])
                found = self._names.get(name)
                if found:
                    yield Match(name, _contacts(found))
                    position += length - 1
                    break
            position += 1

    def foreign(self, text: str, own: Contact) -> Match | None:
        """The first name in `text` that is not the contact's `own`.

        What its own name holds, or its people's, its site or its addresses, is its own too: "Debian
        France" may say "Debian".
        """
        if text == own.name or text == own.website:
            return None
        for match in self.find(text):
            if own.id not in match.contacts and not _is_within(match.text, own):
                return match
        return None


def _contacts(found: str | set[str]) -> frozenset[str]:
    return frozenset((found,) if isinstance(found, str) else found)


def _is_within(name: str, contact: Contact) -> bool:
    wanted = f" {name.casefold()} "
    own = (*_names_of(contact, people=True), contact.website or "")
    return any(wanted in f" {' '.join(_words(each)).casefold()} " for each in own)


def _words(text: str) -> list[str]:
    if text.isascii():
        return _ASCII_PART.findall(text)
    return _PART.findall(unicodedata.normalize("NFC", text))


def _names_of(contact: Contact, people: bool) -> Iterator[str]:
    yield contact.name
    if contact.short:
        yield contact.short
    if people:
        for person in contact.people:
            yield person.name
            if person.email:
                yield person.email
        for channel in contact.channels:
            yield channel.address
        if contact.website:
            yield contact.website
            yield _SITE.sub("", contact.website)
