"""Which contacts of several documents, and of the campaign, are one and the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from outreach.words.mail_providers import SHARED_HOSTS
from outreach.words.slugs import slug_of


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """A contact as one document has it; `document` is "" for the campaign itself."""

    document: str
    id: str
    values: Mapping[str, Any]
    was: tuple[str, ...] = ()

    @property
    def is_person(self) -> bool:
        return self.values.get("kind") == "person"

    def names(self) -> set[str]:
        """The ids under which it may be known."""
        name = self.values.get("name")
        return {self.id, *self.was, *([slug_of(name)] if name else [])}

    def addresses(self) -> set[str]:
        return {str(c["email"]).casefold() for c in self.values.get("channels", ()) if "email" in c}


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
    """Document -> the ids that its members have there."""


class _Groups:
    def __init__(self, appearances: Sequence[Appearance]) -> None:
        self._group_of = {at: _Group([at]) for at in range(len(appearances))}
        for at, each in enumerate(appearances):
            self._group_of[at].ids[each.document].add(each.id)

    def unite(self, one: int, other: int, *, certain: bool) -> None:
        """Make two of them one; where that is less than certain, never two that one document tells apart."""
        a, b = self._group_of[one], self._group_of[other]
        if a is b:
            return
        twice = [document for document in a.ids if a.ids[document] | b.ids.get(document, a.ids[document])
                 != a.ids[document] & b.ids.get(document, a.ids[document])]  # fmt: skip
        if "" in twice or (twice and not certain):
            return
        if b.members[0] < a.members[0]:
            a, b = b, a
        a.members += b.members
        for document, ids in b.ids.items():
            a.ids[document] |= ids
        for at in b.members:
            self._group_of[at] = a

    def all(self) -> Iterator[list[int]]:
        seen: set[int] = set()
        for at in sorted(self._group_of):
            group = self._group_of[at]
            if id(group) not in seen:
                seen.add(id(group))
                yield sorted(group.members)


def grouped(appearances: Sequence[Appearance]) -> list[list[int]]:
    """The positions of those that are one contact, together, in the order of their first.

    The same id, former id or name is certain. The same mail address or website is evidence between documents,
    where each document has it once; two contacts of the campaign are never made one.
    """
    groups = _Groups(appearances)
    for positions in _indexed(appearances, lambda each: each.names()):
        for other in positions[1:]:
            groups.unite(positions[0], other, certain=True)
    for key in (_by_address, _by_host):
        for positions in _indexed(appearances, key):
            documents = [appearances[at].document for at in positions]
            if len(documents) > len(set(documents)):
                continue
            for other in positions[1:]:
                groups.unite(positions[0], other, certain=False)
    return list(groups.all())


def _by_address(each: Appearance) -> set[str]:
    return {f"{each.is_person}:{address}" for address in each.addresses()}


def _by_host(each: Appearance) -> set[str]:
    host = host_of(str(each.values.get("website", "")))
    return {f"{each.is_person}:{host}"} if host else set()


def _indexed(appearances: Sequence[Appearance], keys: Any) -> Iterator[list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(appearances):
        for key in sorted(keys(each)):
            index[key].append(at)
    return (positions for positions in index.values() if len(positions) > 1)
