"""Which files of a campaign there are, in the same order on every computer."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import NamedTuple

from outreach.files.findings import Finding

_UNSEEN = frozenset({"Cc", "Zl", "Zp"})


class Found(NamedTuple):
    """A file, and its name in Problems: relative to the campaign folder, with forward slashes."""

    path: Path
    file: str


def list_files(
    root: Path, folder: str, suffixes: tuple[str, ...], *, deep: bool = False
) -> tuple[list[Found], list[tuple[str, Finding]]]:
    """The files of `root/folder` that end in one of `suffixes`, and what could not be looked into.

    Names that begin with a dot are left out, and so is everything that editors leave behind. With
    `deep`, sub-folders are looked into too, linked ones once, and only where they lie in this folder.
    """
    found: list[Found] = []
    faults: list[tuple[str, Finding]] = []
    waiting = [(root / folder, folder)]
    top = os.path.realpath(root / folder)
    seen: set[str] = set()
    while waiting:
        path, name = waiting.pop()
        real = os.path.realpath(path)
        if real in seen or not os.path.lexists(path):
            continue
        seen.add(real)
        try:
            entries = sorted(os.listdir(path))
        except OSError as error:
            faults.append((name, _not_listed(error)))
            continue
        for entry in entries:
            if entry.startswith("."):
                continue
            file = f"{name}/{_printable(entry)}"
            if entry.lower().endswith(suffixes):
                found.append(Found(path / entry, file))
            elif deep and (path / entry).is_dir():
                if _leads_out(path / entry, top):
                    message = "This folder is a link that leads out of its place, so it is not followed."
                    faults.append((file, Finding(1, "unreadable-file", message, "Copy what you need into a folder.")))
                    continue
                waiting.append((path / entry, file))
    return sorted(found, key=lambda item: item.file), sorted(faults)


def _leads_out(path: Path, top: str) -> bool:
    """Whether the folder `path` is a link to something that does not lie below `top`."""
    return path.is_symlink() and not (os.path.realpath(path) + os.sep).startswith(top + os.sep)


def same_elsewhere(name: str) -> str:
    """What a file's name is to computers that tell neither upper from lower case nor `ü` from `u` with dots."""
    return unicodedata.normalize("NFC", name.casefold())


def differs_in_case(first: str) -> Finding:
    """The finding at a file whose name is that of the file `first` to such computers."""
    message = f"The name of this file differs from that of `{first}` in upper and lower case only."
    hint = "Rename one of the two: many computers take them for one file."
    return Finding(1, "duplicate-id", message, hint)


def _not_listed(error: OSError) -> Finding:
    if isinstance(error, NotADirectoryError):
        return Finding(1, "unreadable-file", "Here stands a file, where a folder is expected.", "Rename it.")
    reason = (error.strerror or type(error).__name__).lower()
    return Finding(1, "unreadable-file", f"This folder cannot be read: {reason}.", "Mend its permissions.")


def _printable(name: str) -> str:
    """A file's name as text: bytes that are none become replacement characters, control characters `\\n`."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(repr(each)[1:-1] if unicodedata.category(each) in _UNSEEN else each for each in text)
