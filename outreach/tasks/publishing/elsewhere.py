"""Posts that are on a network but not in this history: posted by another computer or program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.errors import MayStandThere, NotSent
from outreach.model.publication import Publication, Published, ReadyPart
from outreach.publishing.publisher import Publisher

LOOK_BACK = timedelta(days=90)
"""How far back a network is searched for what another computer may have published."""
AT_ONCE = timedelta(minutes=10)
"""What another computer posted longer before ours is no twin: we looked for it before we posted."""
MOST_LOOKS = 3
"""How often a twin is looked for where the answer is lost."""
MOST_REVISIONS = 10
"""So many versions of a post are looked for: each time that it is taken down and put out again has its own keys."""


def every_revision(publisher: Publisher, publication: Publication) -> list[Publication]:
    """The publication as each revision of it would be asked for, the latest first; one where keys tell nothing."""
    if not publisher.repeats_safely:
        return [publication]
    return [replace(publication, revision=number) for number in range(MOST_REVISIONS, 0, -1)]


def standing_part(
    publisher: Publisher,
    asked: Iterable[Publication],
    number: int,
    out: Mapping[int, Published],
    now: datetime,
    known: Iterable[str],
    *,
    by_anyone: bool = False,
) -> tuple[Publication, Published] | None:
    """The part of that number as the network has it, and as which of those that are `asked` for. Raises NotSent."""
    known = list(known)
    for publication in asked:
        part = next(each for each in publisher.ready(publication, out) if each.number == number)
        found = publisher.find(part, out, now - LOOK_BACK, known, by_anyone=by_anyone)
        if found is not None:
            return publication, found
    return None


def earlier_twin(
    publisher: Publisher,
    part: ReadyPart,
    ours: Published,
    out: Mapping[int, Published],
    since: datetime,
    known: Iterable[str],
) -> Published | None:
    """The same part as another computer posted it a moment before `ours`, None where there is none.

    Both computers look after they posted, and order the two alike, so exactly one of them finds an earlier one. Of two
    with the same date the later one is found first, as a server lists it: ids need not grow as they are compared.
    Asks more than once, since one lost answer would leave both. Raises NotSent where the network cannot be asked, and
    MayStandThere where it shows `ours` so that nobody can tell a copy of it from another post that is there.
    """
    known = list(known)
    for _ in range(MOST_LOOKS - 1):
        with suppress(NotSent):
            return _earlier_twin(publisher, part, ours, out, since, known)
    return _earlier_twin(publisher, part, ours, out, since, known)


def _earlier_twin(
    publisher: Publisher,
    part: ReadyPart,
    ours: Published,
    out: Mapping[int, Published],
    since: datetime,
    known: Sequence[str],
) -> Published | None:
    others = [*known, ours.mark]
    twin = publisher.find(part, out, since, others)
    if twin is None and ours.drawn is not None:  # then a copy is not known again either
        publisher.find(part, out, since, others, asked=True)
        if alike := publisher.find(replace(part, text=ours.drawn), out, since, others):
            raise MayStandThere({alike.url: alike})
    if twin is None or twin.at is None or ours.at is None or ours.at - twin.at >= AT_ONCE:
        return None
    first = publisher.find(part, out, since, known) if twin.at == ours.at else None
    is_earlier = twin.at < ours.at if first is None else first.id == ours.id
    return twin if is_earlier else None
