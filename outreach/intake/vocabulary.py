"""What labels and words of lists mean, by `words/languages/product display number count "
    "type status.toml`: one vocabulary for tables, notes and cards.

Tables of a language: `columns` (what a label holds; the key is its target), `labels` (what notes say beside), `roles`
(who reads an address), `kinds` (what somebody is), `tables` (totals, notes, titles of people ...), `placeholders`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from outreach.intake.no_means_no import is_about_mail
from outreach.words.phrases import languages, phrases

ADDRESSES = frozenset({"email", "person_email", "mastodon", "bluesky", "form"})
FIELDS = frozenset({"phone", "address", "postcode", "city"})
"""What has no key of its own, and is kept under `fields` by this name."""
_BY_ENDING = frozenset({"name", "email", "website", "phone", "country", "person_email", "last_name", "first_name"})
"""What a longer label means where its last words do: `mep name`, `office e-mail`."""
FAMILY = frozenset(("nom", "name", "naam", "nome", "nombre"))
"""Labels that hold the last name where another column, or another word of the label, holds the first."""
_FORMS = re.compile(r"(?<=\w)(?:[/:*\u00b7_]|\(|/-)(?:innen|in|r|n|e|es|a|as|o|os|euse|rice|trice|ne)\b\)?(?=\W|$)")
"""The other forms of a word for people: `Vorsitzende/r`, `Ansprechpartner:in`, `Presidente/a`."""
_DIGITS = re.compile(r"\d{1,2}")
_NEGATED = re.compile(
    r"\b(?:not|donot|dont|no|opt|opted|out|optout|unsub\w*|nicht|kein\w*|pas|non|nao|nie|niet|geen)\b"
)
"""Words with which a longer label says the opposite of its end: `Do Not Email`."""
_OF_NOBODY = frozenset(
    "middle nick screen user file phonetic maiden sheet domain host login street city event product display number "
    "count type status label date".split()
)
"""Words with which `name` or `email` at the end of a label is nobody's to write to: `Middle Name`, `Email Status`."""
_OLD_L = str.maketrans("łøđı", "lodi")


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """`E-Mail-Adresse` is `e mail adresse`: small letters and digits without accents, one space between."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)
    letters = unicodedata.normalize("NFKD", spread.casefold().translate(_OLD_L))
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


@lru_cache(maxsize=8)
def _meanings(table: str) -> Mapping[str, str]:
    """Folded word -> the key that has it; a word of two keys is the first's, English before others."""
    keys = languages()["en"].get(table, {})
    found: dict[str, str] = {}
    for key in keys:
        for word in phrases(table, key):
            found.setdefault(folded(word), key)
    return found


@lru_cache(maxsize=64)
def words_of(key: str, table: str = "tables") -> frozenset[str]:
    """The folded words of one list in all languages: `words_of("total")`."""
    return frozenset(folded(word) for word in phrases(table, key)) - {""}


def columns() -> Mapping[str, str]:
    """Folded label -> target."""
    return _meanings("columns")


def roles() -> Mapping[str, str]:
    """Folded word -> role."""
    return _meanings("roles")


@lru_cache(maxsize=1)
def targets() -> frozenset[str]:
    """All that a column can hold."""
    return frozenset(languages()["en"]["columns"]) | {"fields", "ignore"}


@lru_cache(maxsize=8192)
def meaning(label: str) -> tuple[str, str] | None:
    """What a column of that label holds: its target and, of an address, its role; None if it is not known.

    `E-Mail (Presse)` is `("email", "press")`, `Zweite E-Mail` and `E-mail 2 - Value` are `("email", "")`.
    """
    known, word = columns(), folded(label)
    if not word or len(word) > 80:
        return None
    if (plain := _FORMS.sub("", label)) != label and folded(plain) not in ("", word) and (found := meaning(plain)):
        return found
    if word in known:
        return known[word], ""
    numbers, fillers = words_of("number"), words_of("filler")
    unnumbered = " ".join(part for part in word.split() if part not in numbers and not _DIGITS.fullmatch(part))
    parts = [part for part in unnumbered.split() if part not in fillers]
    if unnumbered in known:
        return known[unnumbered], ""
    if order_of_names(label):
        return "person", ""
    if is_about_mail(label):  # "Do Not Email", "Email Opt Out" hold no address
        return "fields", ""
    if _NEGATED.search(word):
        return None
    if " ".join(parts) in known:
        return known[" ".join(parts)], ""
    for at, part in enumerate(parts):
        rest = known.get(" ".join([*parts[:at], *parts[at + 1 :]]))
        if rest in ADDRESSES and part in roles():
            return rest, roles()[part]
    compound = re.fullmatch(r"(\w+?)s?(email|mail|e mail)(?:adresse|adres)?", unnumbered)
    if compound and compound[1] in roles():
        return "email", roles()[compound[1]]
    return _by_ending(parts)


@lru_cache(maxsize=1024)
def order_of_names(label: str) -> str:
    """`first-last` or `last-first` of a label that has both, such as `Nazwisko i imię`; "" of any other."""
    known, said = columns(), []
    parts = re.sub(r"\bvor und (?=nach)", "vorname ", folded(label)).split()
    has_last = any(known.get(part) == "last_name" for part in parts)
    while parts:
        size = 2 if known.get(" ".join(parts[:2])) in ("first_name", "last_name") else 1
        target = known.get(" ".join(parts[:size]))
        if parts[0] in FAMILY and size == 1:
            target = "first_name" if has_last else "last_name"
        del parts[:size]
        if target in ("first_name", "last_name") and target not in said:
            said.append(target)
    return "-".join(each.removesuffix("_name") for each in said) if len(said) == 2 else ""


def _by_ending(parts: list[str]) -> tuple[str, str] | None:
    if _OF_NOBODY.intersection(parts):
        return None
    for length in (3, 2, 1):
        target = columns().get(" ".join(parts[-length:])) if len(parts) > length else None
        if target in _BY_ENDING and (length > 1 or len(parts) <= 4):
            if target == "name" and any(_is_of_a_person(part) for part in parts[:-length]):
                target = "person"  # `journalist name`, `contact 1 name`
            role = next((roles()[part] for part in parts[:-length] if part in roles()), "")
            return target, role if target in ADDRESSES else ""
    return None


def _is_of_a_person(part: str) -> bool:
    return columns().get(part) == "person" or _meanings("kinds").get(part) == "person"


def kind_of(text: str) -> str | None:
    """The kind of contact that a cell such as `NGO` or `Medien` names."""
    word, kinds = folded(text), _meanings("kinds")
    for form in (
        word,
        word.removesuffix("s"),
        word.removesuffix("en"),
        word.removesuffix("e"),
        word.removesuffix("es"),
    ):
        if form in kinds:
            return kinds[form]
    return None


def role_of(text: str) -> str:
    """The role that words beside an address mean (`Pressestelle`), as it is written where none is known."""
    word, known = folded(text), roles()
    if word in known:
        return known[word]
    return next((known[part] for part in word.split() if part in known), text.strip())
