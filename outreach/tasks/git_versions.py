"""Old versions of the campaign's files, in Git: whether they are kept, since a person said so, and one more of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from outreach.connections.git import begin_history, git, keep_version, may_begin
from outreach.errors import CannotTell
from outreach.model.records import dataclass
from outreach.tasks.person import at_this_computer


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """What Git has of the folder: when the last version was kept (aware UTC, None: never), and the files changed since.

    `may_begin` says that no folder here or above has a history, and that Git is installed.
    """

    may_begin: bool
    last: datetime | None
    changed: int


def versions_of(root: Path) -> Versions:
    """Whether and since when old versions are kept. Writes nothing."""
    if may_begin(root):
        return Versions(may_begin=True, last=None, changed=0)
    last = (git(root, "log", "-1", "--format=%ct") or b"").strip()
    changed = git(root, "status", "--porcelain", "-z", "--", ".") or b""
    moment = datetime.fromtimestamp(int(last), UTC) if last.isdigit() else None
    return Versions(may_begin=False, last=moment, changed=changed.count(b"\0"))


def keep(root: Path, message: str) -> None:
    """Keep the files as they are now as a version, the first one too. Raises CannotTell where Git does not do it."""
    if may_begin(root):
        begin_history(root)
    if not keep_version(root, at_this_computer(root), message):
        raise CannotTell("Git did not keep a version", "If the folder is part of another one in Git, keep it there.")
