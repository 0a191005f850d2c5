"""Names that refer to one another inside a campaign: unknown ones, and circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from outreach.campaign.findings import Finding
from outreach.campaign.values.text import did_you_mean


def unknown_reference(kind: str, name: str, known: Iterable[str], line: int) -> Finding:
    """The finding that there is no `kind` called `name`."""
    names = sorted(known)
    there_are = f"There are: {', '.join(names[:12])}." if names else "There is none yet: add it, or delete this line."
    hint = did_you_mean(name, names) or there_are
    return Finding(line, "unknown-reference", f"There is no {kind} `{name}`.", hint)


def circles(follows: Mapping[str, str]) -> list[list[str]]:
    """The circles in "this follows that", each from its first name in order, sorted."""
    found: dict[frozenset[str], list[str]] = {}
    for start in sorted(follows):
        path = [start]
        while (following := follows.get(path[-1])) is not None and following not in path:
            path.append(following)
        if following == start:
            found.setdefault(frozenset(path), path)
    return [found[key] for key in sorted(found, key=sorted)]
