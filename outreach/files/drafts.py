"""The `drafts/` folder: everything in it can be rebuilt, but what a person put there is theirs.

A manifest (in `.outreach/cache/`) says which files are ours and what was in them. A file of ours that nothing calls for
any more is removed; a file that a person made or edited never is: an edited draft that has to
make way is kept beside the new one as `NAME.yours.eml`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import CannotWrite
from outreach.files.private import CACHE, make_cache

FOLDER = "drafts"
MANIFEST = f"{CACHE}/drafts.json"


@dataclass(slots=True)
class _Entry:
    """A file of ours: what stands in it (a digest), and its size and time when we wrote it."""

    identity: str
    size: int
    mtime_ns: int


class DraftFolder:
    """Writes drafts. Use as a context manager: the manifest is written when it ends."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._manifest = root / MANIFEST
        self._entries, complete = _read_manifest(self._manifest)
        self._interrupted = not complete
        self._written: set[str] = set()
        self._touched = False
        self.kept: list[str] = []

    def __enter__(self) -> DraftFolder:
        return self

    def __exit__(self, *error: object) -> None:
        if self._touched or self._interrupted:
            self._save(complete=True)

    def put(self, path: str, identity: str, pieces: Callable[[], Iterable[bytes]]) -> bool:
        """Make `path` (relative to the campaign folder) hold `pieces`; whether that changed anything.

        `identity` is a digest of the content: where our file of that identity is untouched,
        nothing is read or written. Raises CannotWrite.
        """
        self._written.add(path)
        target = self._root / path
        entry = self._entries.get(path)
        untouched = entry is not None and _stat(target) == (entry.size, entry.mtime_ns)
        if entry is not None and untouched and entry.identity == identity:
            return False
        content = b"".join(pieces())
        try:
            return self._replace(path, target, identity, content, ours=untouched)
        except OSError as error:
            raise CannotWrite(path, error.strerror or str(error)) from error

    def _replace(self, path: str, target: Path, identity: str, content: bytes, *, ours: bool) -> bool:
        if not ours and target.is_file():
            if target.read_bytes() == content:
                self._remember(path, target, identity)
                return False
            if not self._interrupted or path in self._entries:
                self._keep(path, target)
        self._begin()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self._remember(path, target, identity)
        return True

    def _keep(self, path: str, target: Path) -> None:
        """Move a person's file out of the way of ours."""
        number = 1
        while True:
            suffix = ".yours" if number == 1 else f".yours-{number}"
            aside = target.with_name(f"{target.stem}{suffix}{target.suffix}")
            if not aside.exists():
                break
            number += 1
        target.rename(aside)
        self.kept.append(path.rpartition("/")[0] + "/" + aside.name)

    def sweep(self, belongs: Callable[[str], bool]) -> list[str]:
        """Remove our files for which `belongs` holds and that were not put this time; their paths."""
        removed = []
        for path in sorted(set(self._entries) - self._written):
            if not belongs(path):
                continue
            entry, target = self._entries[path], self._root / path
            if _stat(target) == (entry.size, entry.mtime_ns):
                self._begin()
                self._remove(path, target)
                removed.append(path)
            elif target.exists():
                self.kept.append(path)
            self._touched = True
            del self._entries[path]
        return removed

    def _remove(self, path: str, target: Path) -> None:
        try:
            target.unlink()
            for folder in (target.parent, target.parent.parent):
                if folder != self._root and not any(folder.iterdir()):
                    folder.rmdir()
        except OSError as error:
            raise CannotWrite(path, error.strerror or str(error)) from error

    def _remember(self, path: str, target: Path, identity: str) -> None:
        self._touched = True
        size, mtime_ns = _stat(target) or (0, 0)
        self._entries[path] = _Entry(identity, size, mtime_ns)

    def _begin(self) -> None:
        """Say in the manifest that writing has begun, so that a killed run is known as one."""
        if not self._touched:
            self._touched = True
            self._save(complete=False)

    def _save(self, *, complete: bool) -> None:
        files = {path: [e.identity, e.size, e.mtime_ns] for path, e in sorted(self._entries.items())}
        text = json.dumps({"complete": complete, "files": files}, indent=0)
        try:
            make_cache(self._root)
            self._manifest.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CannotWrite(MANIFEST, error.strerror or str(error)) from error


def _read_manifest(path: Path) -> tuple[dict[str, _Entry], bool]:
    """The entries, and whether the run that wrote them came to its end. An unreadable one is empty."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        entries = {name: _Entry(str(e[0]), int(e[1]), int(e[2])) for name, e in stored["files"].items()}
        return entries, bool(stored["complete"])
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return {}, True


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
