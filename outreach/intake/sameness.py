"""Which contacts of several documents, and of the campaign, are one; where that is not certain, it is asked.

Certain is the same id or former id, and the same name with nothing against it. Against it is another address: then two
persons have one name, or two branches of an organisation. Between documents the same address or website is evidence.
Names that are nearly the same are only ever proposed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from outreach.intake.account import Account
from outreach.intake.contact import is_named
from outreach.intake.near_names import near
from outreach.model.found import Place
from outreach.model.records import dataclass
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS
from outreach.words.slugs import slug_of


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """A contact as one document has it; `document` is "" for the campaign itself.

    `known_from` are the documents from which an earlier import had it.
    """

    document: str
    id: str
    values: Mapping[str, Any]
    was: tuple[str, ...] = ()
    line: int = 1
    known_from: frozenset[str] = frozenset()

    @property
    def is_person(self) -> bool:
        return self.values.get("kind") == "person"

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    def keys(self) -> set[str]:
        """The ids and names under which it may be known; a name counts by its letters, not by its id in ASCII."""
        own = {f"id:{identity_of_name(self.name)}"} if self.name else set()
        if not self.document or self.id != slug_of(self.name):  # an id that somebody wrote
            own |= {f"id:{each}" for each in (self.id, *self.was)}
        return own | ({f"name:{name_key(self.name)}"} if self.name else set())

    @cached_property
    def addresses(self) -> frozenset[str]:
        return frozenset(str(c["email"]).casefold() for c in self.values.get("channels", ()) if "email" in c)

    @cached_property
    def domains(self) -> frozenset[str]:
        """The domains that are its own; none for a person, whose domain is the employer's."""
        if self.is_person or any(is_named(address, self.name, wholly=True) for address in self.addresses):
            return frozenset()
        return frozenset(each.rpartition("@")[2] for each in self.addresses) - FREE_MAIL - SHARED_HOSTS


def name_key(name: str) -> str:
    """A name as it is compared: `Krügers  BÜRO` is `krügers büro` and `kruegers` is not; no sign but letters counts."""
    if _is_lossless(name):
        return slug_of(name)
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in folded).split())


def identity_of_name(name: str) -> str:
    """The id that a name gets: its slug, with a digest behind it where ASCII cannot say the whole name."""
    slug = slug_of(name)
    if _is_lossless(name) or slug.startswith("contact-"):
        return slug
    return f"{slug[:60]}-{slug_of(re.sub('[ -~]', '', name_key(name))).removeprefix('contact-')}"


def _is_lossless(name: str) -> bool:
    """Whether the slug has all letters of the name: `Büro` is `buro`, but of `Greenpeace 日本` half is lost."""
    return name.isascii() or all(_has_ascii(each) for each in name)


@lru_cache(maxsize=8192)
def _has_ascii(letter: str) -> bool:
    return not letter.isalnum() or slug_of(f"a{letter}") != "a"


def host_of(website: str) -> str | None:
    """The host of a website that is its contact's own, without `www.`; None for one that many share."""
    try:
        host = (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return host if host and host not in SHARED_HOSTS else None


@dataclass
class _Group:
    members: list[int]
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Document -> the names that its members have there."""


class _Groups:
    def __init__(self, appearances: Sequence[Appearance]) -> None:
        self._group_of = {at: _Group([at]) for at in range(len(appearances))}
        for at, each in enumerate(appearances):
            self._group_of[at].ids[each.document].add(f"{at}" if not each.document else each.name)

    def are_one(self, one: int, other: int) -> bool:
        return self._group_of[one] is self._group_of[other]

    def is_found(self, at: int) -> bool:
        """Whether a document has it."""
        return any(self._group_of[at].ids[document] for document in self._group_of[at].ids if document)

    def known(self, at: int) -> int | None:
        """The contact of the campaign in its group."""
        return next((int(each) for each in self._group_of[at].ids.get("", ())), None)

    def unite(self, one: int, other: int, *, certain: bool) -> bool:
        """Make two of them one; where that is less than certain, never two that one document tells apart."""
        a, b = self._group_of[one], self._group_of[other]
        if a is b:
            return True
        twice = [document for document in a.ids if document in b.ids and a.ids[document] != b.ids[document]]
        if "" in twice or (twice and not certain):
            return False
        if len(b.members) > len(a.members):
            a, b = b, a
        a.members += b.members
        for document, ids in b.ids.items():
            a.ids[document] |= ids
        for at in b.members:
            self._group_of[at] = a
        return True

    def all(self) -> list[list[int]]:
        seen = {id(group): sorted(group.members) for group in self._group_of.values()}
        return sorted(seen.values())


def grouped(appearances: Sequence[Appearance], account: Account | None = None) -> list[list[int]]:
    """The positions of those that are one contact, together, in the order of their first.

    What is not certain is asked of `account`, and goes on with its answer. Two contacts of the campaign are never one.
    """
    account = account or Account()
    groups = _Groups(appearances)
    for positions in _called_alike(appearances):
        _same_name(appearances, positions, groups, account)
    for key in (_by_address, _by_host):
        for positions in _indexed(appearances, key):
            documents = [appearances[at].document for at in positions]
            if len(documents) > len(set(documents)):
                continue
            for other in positions[1:]:
                groups.unite(positions[0], other, certain=False)
    _near_names(appearances, groups, account)
    return groups.all()


def _called_alike(appearances: Sequence[Appearance]) -> Iterator[list[int]]:
    """Positions that share a name or id, directly or through others."""
    parent = list(range(len(appearances)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    first: dict[str, int] = {}
    for at, each in enumerate(appearances):
        for key in sorted(each.keys()):
            parent[root(at)] = root(first.setdefault(key, at))
    found: dict[int, list[int]] = defaultdict(list)
    for at in range(len(appearances)):
        found[root(at)].append(at)
    return (positions for positions in found.values() if len(positions) > 1)


def _same_name(appearances: Sequence[Appearance], positions: list[int], groups: _Groups, account: Account) -> None:
    """Unite those of one name that nothing tells apart; about the others one question is asked."""
    order = sorted(positions, key=lambda at: (appearances[at].document != "", not appearances[at].addresses, at))
    anchors: list[int] = []
    by_evidence: dict[str, int] = {}
    taken: set[tuple[int, str]] = set()
    waiting: list[int] = []

    def join(at: int, anchor: int) -> None:
        groups.unite(anchor, at, certain=True)
        taken.add((anchor, appearances[at].document))
        for evidence in _evidence(appearances[at]):
            by_evidence.setdefault(evidence, anchor)

    for at in order:
        each = appearances[at]
        anchor = next((by_evidence[evidence] for evidence in _evidence(each) if evidence in by_evidence), None)
        if not each.document:
            anchors.append(at)
            join(at, at)
        elif anchor is not None:
            join(at, anchor)
        else:
            waiting.append(at)
    apart: list[int] = []
    for at in waiting:
        each = appearances[at]
        anchor = next((by_evidence[evidence] for evidence in _evidence(each) if evidence in by_evidence), None)
        if anchor is None:
            anchor = next((a for a in anchors[:_MOST_TRIED] if _nothing_against(appearances[a], each, a, taken)), None)
        if anchor is None and anchors:
            apart.append(at)
        if anchor is None:
            anchors.append(at)
        join(at, at if anchor is None else anchor)
    met = [at for at in anchors if not appearances[at].document and any(anchor == at for anchor, file in taken if file)]
    apart = apart or met[1:]
    if apart and _ask_about_namesakes(appearances, [at for at in anchors if at not in apart], apart, account):
        for at in apart:
            _are_same(anchors[0], at, appearances, groups, account)


def _are_same(one: int, other: int, appearances: Sequence[Appearance], groups: _Groups, account: Account) -> None:
    """Unite two as a person answered; two that are in the campaign both are merged there."""
    a, b = groups.known(one), groups.known(other)
    if a is None or b is None:
        groups.unite(one, other, certain=True)
    elif a != b:
        account.merges[appearances[a].id, appearances[b].id] = None


_MOST_TRIED = 50


def _evidence(each: Appearance) -> Iterator[str]:
    yield from sorted(each.addresses)
    yield from sorted(f"@{domain}" for domain in each.domains)
    if each.document and each.values.get("people"):
        yield f"people of {each.document}"


def _nothing_against(anchor: Appearance, each: Appearance, at: int, taken: set[tuple[int, str]]) -> bool:
    """Whether one name is enough: one of them has no address, or the campaign has it from that very document."""
    countries = {appearance.values["country"] for appearance in (anchor, each) if "country" in appearance.values}
    if each.document in anchor.known_from:
        return (at, each.document) not in taken
    return len(countries) < 2 and not (anchor.addresses and each.addresses)


def _ask_about_namesakes(
    appearances: Sequence[Appearance], anchors: Sequence[int], apart: Sequence[int], account: Account
) -> bool:
    """Whether those of one name at different addresses are the same."""
    first = appearances[apart[0]]
    everybody = dict.fromkeys((anchors[0], *apart))
    addresses = [address for at in everybody for address in sorted(appearances[at].addresses)]
    shown = ", ".join(addresses[:3]) + (f" and {len(addresses) - 3} more" if len(addresses) > 3 else "")
    answer = account.ask(
        "namesake",
        Place(file=first.document, line=first.line),
        name_key(first.name),
        ask=f"{first.name} appears {len(everybody)} times, with different addresses ({shown}). Are they one?",
        choices=("different", "same"),
        default="different",
        affects=addresses,
    )
    return answer == "same"


def _near_names(appearances: Sequence[Appearance], groups: _Groups, account: Account) -> None:
    """Ask about names that differ in a letter, a space or a legal form, where a document has at least one of them."""
    names: dict[str, int] = {}
    for at, each in enumerate(appearances):
        if each.name:
            names.setdefault(each.name, at)
    for one, other in near(list(names)):
        a, b = names[one], names[other]
        if groups.are_one(a, b) or not (groups.is_found(a) or groups.is_found(b)):
            continue
        if name_key(one) == name_key(other):
            continue  # one name in two spellings: whether its addresses are of one contact was asked already
        if (
            appearances[a].is_person
            and appearances[b].is_person
            and appearances[a].addresses
            and appearances[b].addresses
        ):
            continue  # Anna and Anne Berg, each with a mailbox, are two
        found = max((a, b), key=lambda at: (appearances[at].document != "", at))
        each = appearances[found]
        subject = "\n".join(sorted((one, other)))
        answer = account.ask(
            "near-name",
            Place(file=each.document, line=each.line),
            subject,
            ask=f"Are {one} and {other} the same?",
            choices=("different", "same"),
            default="different",
            affects=sorted(each.addresses),
        )
        if answer == "same":
            _are_same(a, b, appearances, groups, account)


def _by_address(each: Appearance) -> set[str]:
    return {f"{each.is_person}:{address}" for address in each.addresses}


def _by_host(each: Appearance) -> set[str]:
    host = host_of(str(each.values.get("website", "")))
    return {f"{each.is_person}:{host}"} if host else set()


def _indexed(appearances: Sequence[Appearance], keys: Any) -> Iterator[list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(appearances):
        for key in sorted(keys(each)):
            index[key].append(at)
    return (positions for positions in index.values() if len(positions) > 1)
