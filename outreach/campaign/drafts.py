"""The `drafts/` folder: everything in it can be rebuilt, but what a person put there is theirs.

Every draft begins with a line that says it is ours, and a digest of its own path and of everything behind
that line. So a draft of ours is known anywhere, after a copy, a checkout or a killed run, without anything
beside it; one that was edited or renamed is a person's. A new draft says until it is whole that it is unfinished; one
that takes the place of another is written beside it. A manifest (in `.outreach/cache/`) only saves reading
what was not touched. Ours that nothing calls for any more is removed; a person's file never is: one that has
to make way is kept beside the new one as `NAME.yours.eml`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType

from outreach import storage
from outreach.campaign.private import CACHE, drafts_lock, make_cache, write_whole
from outreach.errors import NEEDS_A_HUMAN, NOTHING_DONE, CannotWrite, DraftingStopped, OutreachError, Refused
from outreach.model.records import dataclass
from outreach.storage import UNFINISHED

FOLDER = "drafts"
MANIFEST = f"{CACHE}/drafts.json"
LARGEST = 200_000_000
"""Bytes of a draft with its attachments, and of the manifest."""
_VERSION = 2
_AT_ONCE = 1_000

_MARKS = {
    ".eml": b"X-Outreach-Draft: %s\r\n",
    ".md": b"<!-- outreach draft %s -->\n",
    ".json": b'{"outreach_draft": "%s",\n',
}
"""The first line of our drafts by suffix. It stands first and not last, so that nobody pastes it with a text."""
_MARKED = re.compile(
    rb'(?:X-Outreach-Draft: |<!-- outreach draft |\{"outreach_draft": ")([0-9a-f]{40})(?: -->|",)?\r?\n'
)


_UNFINISHED = "unfinished".ljust(40, "-").encode()
"""Stands where the digest will be, as long as a new draft is written."""


@dataclass(slots=True)
class _Entry:
    """A file of ours: what it was made from and what is in it (digests), its size and time."""

    identity: str
    digest: str
    size: int
    mtime_ns: int


class DraftFolder:
    """Writes drafts. Use as a context manager: it keeps other runs out, and writes the manifest when it ends.

    Entering raises DraftsBusy or CannotWrite; leaving by Ctrl-C after a change raises DraftingStopped.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._entries: dict[str, _Entry] = {}
        self._written: set[str] = set()
        self._stale_manifest = False
        self._ended = True
        self._begun = False
        self.changed = False
        self._lock = contextlib.ExitStack()
        self.kept: list[str] = []

    def __enter__(self) -> DraftFolder:
        with self._faults(f"{CACHE}/drafts.lock"):
            self._lock.enter_context(drafts_lock(self._root))
        self._lock.enter_context(storage.folders_kept_open())
        self._entries, self._ended = _read_manifest(self._root)
        self._stale_manifest = not self._ended
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            if error is None and self._stale_manifest:
                self._save(complete=True)
        if isinstance(error, KeyboardInterrupt) and self.changed:
            raise DraftingStopped from error

    def put(self, path: str, identity: str, pieces: Callable[[], Iterable[bytes]]) -> bool:
        """Make `path` (relative to the campaign folder) hold `pieces`; whether that changed anything.

        `identity` is a digest of what the content is made from: where our file of that identity is
        untouched, nothing is read or written. An `.eml` or `.md` gets our line in front of it; a
        `.json` is given without its opening brace, which is in that line.
        Raises CannotWrite.
        """
        self._written.add(path)
        entry = self._entries.get(path)
        untouched = entry is not None and self._stat(path) == (entry.size, entry.mtime_ns)
        if entry is not None and untouched and entry.identity == identity:
            return False
        rest = list(pieces())
        digest = _digest(path, rest)
        mark = _MARKS.get(path[path.rfind(".") :])
        head = mark % digest.encode() if mark else b""
        with self._faults(path):
            if entry is None and mark and self._is_new(path, mark, head, rest, identity, digest):
                return True
            content = b"".join([head, *rest])
            changed = untouched or not self._stands(path, content)
            if changed:
                self._begin()
                write_whole(self._root, path, content)
                self.changed = True
            self._remember(path, identity, digest, self._stat(path) or (0, 0))
        return changed

    def _is_new(self, path: str, mark: bytes, head: bytes, rest: list[bytes], identity: str, digest: str) -> bool:
        """Write a draft where there is nothing yet; False if something does."""
        self._begin()
        found = storage.write_new(self._root, path, mark % _UNFINISHED, head, rest)
        if found is None:
            return False
        self.changed = True
        self._remember(path, identity, digest, (found.st_size, found.st_mtime_ns))
        return True

    def _stands(self, path: str, content: bytes) -> bool:
        """Whether `content` is at `path` already; what a person put there makes way."""
        state = storage.stat_of(self._root, path, strict=True)
        if state is None or stat.S_ISDIR(state.st_mode):
            return False
        found = storage.read(self._root, path, LARGEST) if stat.S_ISREG(state.st_mode) else None
        if found == content:
            return True
        if found is None or not self._is_ours(path, found):
            self._begin()
            self._keep(path)
        return False

    def _is_ours(self, path: str, content: bytes) -> bool:
        """Whether these bytes at `path` are as we wrote them, line ends aside, or as a killed run left them."""
        unfinished = _MARKS.get(path[path.rfind(".") :], b"%s") % _UNFINISHED
        if content.startswith(unfinished) or (not self._ended and unfinished.startswith(content)):
            return True
        mark = _MARKED.match(content)
        entry = self._entries.get(path)
        digest = mark[1].decode() if mark else entry.digest if entry else ""
        rest = content[mark.end() :] if mark else content
        if digest == _digest(path, [rest]):
            return True
        lines = rest.replace(b"\r\n", b"\n")
        as_written = lines.replace(b"\n", b"\r\n") if path.endswith(".eml") else lines
        return digest == _digest(path, [as_written])

    def _keep(self, path: str) -> None:
        """Move a person's file out of the way of ours."""
        place, number = PurePosixPath(path), 1
        while True:
            suffix = ".yours" if number == 1 else f".yours-{number}"
            aside = str(place.with_name(f"{place.stem}{suffix}{place.suffix}"))
            if not storage.exists(self._root, aside):
                break
            number += 1
        storage.rename(self._root, path, aside)
        self.changed = True
        self.kept.append(aside)

    def sweep(self, belongs: Callable[[str], bool]) -> list[str]:
        """Remove our files for which `belongs` holds and that were not put this time; their paths.

        Raises CannotWrite.
        """
        removed = []
        standing = set(self._standing())
        for path in sorted({*self._entries, *standing} - self._written):
            if not belongs(path):
                continue
            if path not in standing:
                self._stale_manifest |= self._entries.pop(path, None) is not None
                continue
            with self._faults(path):
                if self._may_go(path):
                    self._begin()
                    self._remove(path)
                    removed.append(path)
                elif path in self._entries:
                    self.kept.append(path)
            self._stale_manifest |= self._entries.pop(path, None) is not None
        return removed

    def _standing(self) -> Iterator[str]:
        """Every file below `drafts/`, by its path; what a killed run did not finish is cleared away."""
        for path in storage.walk(self._root, FOLDER):
            if path.rpartition("/")[2] == UNFINISHED:
                with contextlib.suppress(OSError):
                    storage.remove(self._root, path)
            else:
                yield path

    def _may_go(self, path: str) -> bool:
        entry, found = self._entries.get(path), self._stat(path)
        if found is None:
            return False
        if entry is not None and found == (entry.size, entry.mtime_ns):
            return True
        if entry is None and PurePosixPath(path).suffix not in _MARKS:
            return False
        try:
            return self._is_ours(path, storage.read(self._root, path, LARGEST))
        except OSError:
            return False  # what cannot be read cannot be known as ours

    def _remove(self, path: str) -> None:
        storage.remove(self._root, path)
        self.changed = True
        for folder in PurePosixPath(path).parents[:2]:
            if folder.name:
                storage.remove_empty(self._root, folder)

    def _stat(self, path: str) -> tuple[int, int] | None:
        """Size and time of the regular file at `path`, or None."""
        try:
            found = storage.stat_of(self._root, path, strict=True)
        except OSError:
            return None
        return (found.st_size, found.st_mtime_ns) if found is not None and stat.S_ISREG(found.st_mode) else None

    def _remember(self, path: str, identity: str, digest: str, found: tuple[int, int]) -> None:
        """Note our file at `path` and its size and time."""
        self._stale_manifest = True
        self._entries[path] = _Entry(identity, digest, *found)

    def _begin(self) -> None:
        """Say in the manifest that writing has begun, before the first change."""
        if not self._begun:
            self._save(complete=False)
            self._begun = self._stale_manifest = True

    def _save(self, *, complete: bool) -> None:
        begin = json.dumps({"version": _VERSION, "complete": complete}).removesuffix("}")
        pieces, paths = [f'{begin}, "files": {{'.encode()], sorted(self._entries)
        for first in range(0, len(paths), _AT_ONCE):  # a hundred thousand as one text take as much memory again
            some = [(path, self._entries[path]) for path in paths[first : first + _AT_ONCE]]
            text = json.dumps({path: [e.identity, e.digest, e.size, e.mtime_ns] for path, e in some})
            pieces.append(f"{', ' if first else ''}{text[1:-1]}".encode())
        with self._faults(MANIFEST):
            make_cache(self._root)
            write_whole(self._root, MANIFEST, *pieces, b"}}\n")

    def _faults(self, path: str) -> _Faults:
        return _Faults(self, path)


class _Faults:
    """An OSError becomes one sentence; nothing was done as long as no draft has changed."""

    __slots__ = ("_folder", "_path")

    def __init__(self, folder: DraftFolder, path: str) -> None:
        self._folder = folder
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, OSError):
            fault: OutreachError = CannotWrite(self._path, error.strerror or str(error))
            fault = error if isinstance(error, Refused) else fault
            fault.exit_code = NEEDS_A_HUMAN if self._folder.changed else NOTHING_DONE
            raise fault from error


def _read_manifest(root: Path) -> tuple[dict[str, _Entry], bool]:
    """The entries, and whether the run that wrote them came to its end. An unreadable one is empty."""
    try:
        stored = json.loads(storage.read(root, MANIFEST, LARGEST))
        if stored["version"] != _VERSION:
            return {}, True
        entries = {name: _Entry(str(e[0]), str(e[1]), int(e[2]), int(e[3])) for name, e in stored["files"].items()}
        return entries, bool(stored["complete"])
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return {}, True


def _digest(path: str, pieces: Iterable[bytes]) -> str:
    """The first 40 hex digits of a sha256: enough against accidents, and the header stays one short line."""
    hashed = hashlib.sha256(path.encode("utf-8", "surrogateescape") + b"\n")
    for piece in pieces:
        hashed.update(piece)
    return hashed.hexdigest()[:40]
