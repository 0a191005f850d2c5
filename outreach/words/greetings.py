"""How a letter begins: to a person who is to be greeted by name, else to the office.

The words are in `languages/XX.toml`, table `greeting`: `office`, and `she`, `he`, `other` for a person, in which `{}`
is the title and name. Nothing is guessed: without pronouns or a form of address (`Ms`, `Herr`) nobody is "Mr" or "Ms".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import regex

from outreach.model.contact import Contact, ContactKind, Person
from outreach.words.phrases import folded, tables

_KEPT_IN_CAPITALS = 3
"""Words of so few letters may be initials (`JP`, `MEP`), where not all of the name is in capitals."""
_NO_GIVEN_NAMES = ("jr", "sr", "esq", "mba", "md", "phd")
_SURNAME_FIRST = regex.compile(
    r"((?:\p{Ll}[\p{L}']*\s)*[\p{L}'\u2019-]{2,}),\s*(\p{Lu}\p{Ll}+(?:[\s-]\p{Lu}(?:\p{Ll}+|\.))*)"
)
"""A surname of one word, after `van der` or the like, and given names. `Maria Example, Director` is none."""


def greeting(contact: Contact, language: str) -> str | None:
    """The beginning of a letter in `language` (BCP 47), without a mark at its end; None if no words are known.

    A contact's own `greeting` is taken as it is. Several persons with `greet: true` are greeted one after another.
    """
    if contact.greeting is not None:
        return contact.greeting
    words = tables("greeting").get(language.partition("-")[0].lower())
    if not words:
        return None
    persons = _greeted(contact)
    if not persons:
        return str(words["office"])
    said = [_to_person(person, words) for person in persons]
    return ", ".join([said[0], *(each[:1].lower() + each[1:] for each in said[1:])])


def _greeted(contact: Contact) -> list[Person]:
    """Whom the greeting names: who is marked so, or the person that the contact is."""
    marked = [person for person in contact.people if person.greet]
    if marked or contact.kind is not ContactKind.PERSON:
        return marked
    same = next((person for person in contact.people if folded(person.name) == folded(contact.name)), None)
    return [same or Person(name=contact.name)]


def _to_person(person: Person, words: Mapping[str, str | list[str]]) -> str:
    title = person.title or ""
    gender = _gender(person.pronouns, words, "pronouns")
    rest = []
    for word in title.split():
        form = _gender(word, words, "forms")
        gender = gender or form
        rest += [] if form else [word]  # the greeting has a form of address of its own
    name, said_before = in_order(repaired(person.name)).split(), {_bare(word) for word in title.split()}
    while len(name) > 1 and _bare(name[0]) in said_before:  # the title of `Dr. Maria Example` is said once
        name = name[1:]
    named = " ".join([*rest, *name])
    said = words.get("titled") if rest else None  # "Dear Dr Example", not "Dear Ms Dr Example"
    return str(said or words[gender or "other"]).replace("{}", named)


def _bare(word: str) -> str:
    return folded(word.rstrip("."))


def _gender(said: str | None, words: Mapping[str, str | list[str]], kind: str) -> str | None:
    """`she` or `he`, where the word is one of that language's or of English.

    A form of address may be another language's, as lists have `Herr` for somebody who reads French; not a short one,
    which may mean something else (`Fr`). Nor may pronouns: `ze` is "she" in Dutch, and is not in English.
    """
    first = folded(re.split(r"[/,;\s]", (said or "").strip().rstrip("."))[0])
    english: Mapping[str, str | list[str]] = tables("greeting")["en"]
    known = [words, english, *(tables("greeting").values() if kind == "forms" and len(first) > 2 else ())]
    for gender in ("she", "he") if first else ():
        if first in {folded(each) for table in known for each in table.get(f"{gender}_{kind}", ())}:
            return gender
    return None


def in_order(name: str) -> str:
    """The name with the surname last: `Example, Maria` is `Maria Example`; what may be no given name stays behind."""
    found = _SURNAME_FIRST.fullmatch(name.strip())
    return f"{found[2]} {found[1]}" if found and folded(found[2]) not in _NO_GIVEN_NAMES else name


def repaired(name: str) -> str:
    """The name without words in capitals: `Erika MUSTERFRAU` is `Erika Musterfrau`, `JP Morgan` stays."""
    whole = name.isupper()
    words = name.split()
    return " ".join(_capitalised(word) if word.isupper() and (whole or len(word) > _KEPT_IN_CAPITALS) else word
                    for word in words)  # fmt: skip


def _capitalised(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda found: found[0][:1] + found[0][1:].lower(), word)
