"""Why a version of a post is not out whole, and what a person does then: the ends of sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from outreach.model.publication import Published, ReadyPart


def stands_there(id: str, there: Published, taken_down: str | None) -> str:
    """That its text was posted before; `taken_down` is where a later copy of it was."""
    if not there.by:
        later = f" (ours came later, at {taken_down}, and was taken down again)" if taken_down else ""
        return f"this text is there already: {there.url}{later}; `outreach sync` records it"
    it_is = f"`outreach log {id} posted --url {there.url}` if that is it"
    return f"{there.by} posted this text already: {there.url}; {it_is}, else `outreach publish {id} --go --again`"


def may_be_it(id: str, part: int, urls: Sequence[str]) -> str:
    """That something of ours is in the place of a part, and what to do then."""
    again = f"`outreach publish {id} --go --again`"
    if len(urls) == 1:
        it_is = f"`outreach publish {id} --url {urls[0]}`, then `outreach publish {id} --go`"
        what = f"a post of yours that is not in this history is at {urls[0]} with a different text; look at it"
        return f"{what}: if it is part {part}, {it_is}; if not, {again}"
    it_is = f"`outreach publish {id} --url ADDRESS`, then `outreach publish {id} --go`"
    where = f"{', '.join(urls[:-1])} and {urls[-1]}"
    what = f"posts of yours that are not in this history are at {where} with different texts; look at them"
    return f"{what}: if one is part {part}, {it_is}; if two are, delete one of them first; if none is, {again}"


def with_gap(reason: str, missing: Sequence[ReadyPart], out: Mapping[int, Published]) -> str:
    still = [part for part in missing if part.number not in out]
    return f"{reason}; {missing_parts(still, out)} of {still[0].of} missing" if out else reason


def missing_parts(parts: Sequence[ReadyPart], out: Mapping[int, Published]) -> str:
    numbers = [str(part.number) for part in parts if part.number not in out]
    return f"part{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
