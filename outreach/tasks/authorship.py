"""Who wrote each text last, for `approval: two-people`: nobody lets their own words go out alone.

It is the author of the last commit that touched the file. What is not committed was written by whoever saved these
bytes in the dashboard of a team (`.outreach/saved-by.json`), else by whoever uses this computer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from outreach import storage
from outreach.errors import Refused
from outreach.ledger.place import FOLDER
from outreach.tasks.person import acting, at_this_computer

_FOLDERS = ("templates", "posts")
_SAVED = f"{FOLDER}/saved-by.json"
_MOST_KEPT = 50
"""So many states of a text are known by who saved them."""
_SAVING = Lock()


def remember_author(root: Path, file: str, content: bytes) -> None:
    """Keep who saved these bytes of a template or post, if it is somebody who logged in. Raises OSError."""
    member = acting()
    if member is None or not file.startswith(tuple(f"{folder}/" for folder in _FOLDERS)):
        return
    with _SAVING:
        saved = _saved_by(root)
        states = saved.setdefault(file, {})
        digest = storage.digest(content)
        states[digest] = sorted({*states.pop(digest, ()), member.name.casefold(), member.email.casefold()})
        saved[file] = dict(list(states.items())[-_MOST_KEPT:])
        storage.make_private_folder(root, FOLDER)
        storage.write(root, _SAVED, [json.dumps(saved, indent=1).encode()], private=True)


def _saved_by(root: Path) -> dict[str, dict[str, list[str]]]:
    """File -> digest of a state of it -> the names and addresses, casefolded, of those who saved that."""
    try:
        found: dict[str, dict[str, list[str]]] = json.loads(storage.read(root, _SAVED))
    except (OSError, ValueError, RecursionError, Refused):
        return {}
    return found


def last_authors(root: Path) -> Mapping[str, frozenset[str]]:
    """File of a template or post (relative to the folder) -> the names and addresses of its last author, casefolded.

    A file that is not in it was written by whoever uses this computer (`""`).
    """
    from outreach.connections.git import git  # only a campaign that two people approve asks

    printed = git(root, "log", "--format=%x00%an%x01%ae", "--name-only", "--relative", "-z", "--", *_FOLDERS) or b""
    found: dict[str, frozenset[str]] = {}
    author: frozenset[str] = frozenset()
    for each in printed.decode("utf-8", "replace").replace("\n", "\0").split("\0"):
        if "\1" in each:
            author = frozenset(part.casefold() for part in each.split("\1") if part)
        elif each:
            found.setdefault(each, author)
    changed = git(root, "diff", "--name-only", "--relative", "-z", "HEAD", "--", *_FOLDERS) or b""
    us = frozenset({at_this_computer(root).casefold()})
    uncommitted = changed.decode("utf-8", "replace").split("\0")
    found |= dict.fromkeys(uncommitted, us)
    for file, states in _saved_by(root).items():
        savers = frozenset(states.get(storage.digest_of(root, file) or "", ()))
        if savers:
            found[file] = savers if file in uncommitted else savers | found.get(file, frozenset())
    return found | {"": us}
