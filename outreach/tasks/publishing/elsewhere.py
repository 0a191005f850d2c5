"""Posts that are on a network but not in this history: posted by another computer or program."""

from __future__ import annotations

import time
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
"""What another computer posted longer before ours is not a twin: we looked for it before we posted."""
WAITS = (0.0, 0.5, 1.5, 4.0)
"""Seconds before each look at whether a later copy stays: its computer takes it down."""
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


def twins(
    publisher: Publisher,
    part: ReadyPart,
    ours: Published,
    out: Mapping[int, Published],
    since: datetime,
    known: Iterable[str],
) -> tuple[Published | None, Published | None]:
    """The same part as another computer posted it a moment before `ours`, else one that was posted later and stays.

    All look after they posted, and order them alike, so that the earliest one finds no earlier one and the others
    take theirs down. Where a later one stays, its computer may have looked before the server showed ours: some
    date a post before they show it. Asks more than once, since one lost answer would leave both.

    Raises NotSent if the network cannot be asked, and MayStandThere if it shows `ours` so that nobody can tell a
    copy of it from another post that is there.
    """
    later, known = None, list(known)
    for pause in WAITS:
        time.sleep(pause)
        for _ in range(MOST_LOOKS - 1):
            with suppress(NotSent):
                earlier, later = _twins(publisher, part, ours, out, since, known)
                break
        else:
            earlier, later = _twins(publisher, part, ours, out, since, known)
        if earlier is not None or later is None:
            return earlier, None
    return None, later


def _twins(
    publisher: Publisher,
    part: ReadyPart,
    ours: Published,
    out: Mapping[int, Published],
    since: datetime,
    known: Sequence[str],
) -> tuple[Published | None, Published | None]:
    """The newest that is earlier than `ours`, else the oldest that is later.

    Of two with the same date the later one is listed first: ids need not grow as they are compared.
    """
    later, others = None, [*known, ours.mark]
    while (twin := publisher.find(part, out, since, others)) is not None and twin.mark not in others:
        if twin.at is None or ours.at is None or ours.at - twin.at >= AT_ONCE:
            return None, later
        is_later = twin.at > ours.at
        if twin.at == ours.at:  # by anyone: without `ours` a server that calls us otherwise is not known to do so
            both = [mark for mark in others if mark != ours.mark]
            first = publisher.find(part, out, since, both, by_anyone=True)
            is_later = first is not None and first.id == twin.id
        if not is_later:
            return twin, None
        later, others = twin, [*others, twin.mark]
    if later is None and ours.drawn is not None:  # then a copy is not known again either
        publisher.find(part, out, since, others, asked=True)
        if alike := publisher.find(replace(part, text=ours.drawn), out, since, others):
            raise MayStandThere({alike.url: alike})
    return None, later
