"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from outreach.model.records import dataclass
from outreach.web.visit import Visit

SIZE = 50
Entry = TypeVar("Entry")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Generic[Entry]):
    """Some of many: `number` counts from 1; `previous` and `following` are addresses, None at the ends."""

    entries: Sequence[Entry]
    number: int
    of: int
    total: int
    previous: str | None
    following: str | None


def paged(entries: Sequence[Entry], visit: Visit) -> Page[Entry]:
    """The page of `entries` that the query asks for; one that is not there is the nearest."""
    of = max(1, -(-len(entries) // SIZE))
    asked = visit.asked("page", "1")
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 9 else 1, 1), of)
    return Page(
        entries=entries[(number - 1) * SIZE : number * SIZE],
        number=number,
        of=of,
        total=len(entries),
        previous=address(visit, page=number - 1) if number > 1 else None,
        following=address(visit, page=number + 1) if number < of else None,
    )


def address(visit: Visit, **changed: object) -> str:
    """This page's address with some of its query changed."""
    query = {**dict(visit.request.query_params), **{name: str(value) for name, value in changed.items()}}
    return f"{visit.request.url.path}?{urlencode(query)}"
