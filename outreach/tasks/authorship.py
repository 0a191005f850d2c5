"""Who wrote each text last, for `approval: two-people`: nobody lets their own words go out alone.

It is the author of the last commit that touched the file. What is not committed was written by whoever uses this
computer, in an editor or in the browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from outreach.connections.git import git
from outreach.tasks.person import whoever

_FOLDERS = ("templates", "posts")


def last_authors(root: Path) -> Mapping[str, frozenset[str]]:
    """File of a template or post (relative to the folder) -> the names and addresses of its last author, casefolded.

    A file that is not in it was written by whoever uses this computer: see `wrote_last`.
    """
    printed = git(root, "log", "--format=%x00%an%x01%ae", "--name-only", "--relative", "-z", "--", *_FOLDERS) or b""
    found: dict[str, frozenset[str]] = {}
    author: frozenset[str] = frozenset()
    for each in printed.decode("utf-8", "replace").replace("\n", "\0").split("\0"):
        if "\1" in each:
            author = frozenset(part.casefold() for part in each.split("\1") if part)
        elif each:
            found.setdefault(each, author)
    changed = git(root, "diff", "--name-only", "--relative", "-z", "HEAD", "--", *_FOLDERS) or b""
    us = frozenset({whoever(root).casefold()})
    return {
        file: us if file in changed.decode("utf-8", "replace").split("\0") else who for file, who in found.items()
    } | {"": us}
