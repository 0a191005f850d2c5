"""Which files of a campaign there are, in the same order on every computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from outreach.files.findings import Finding


class Found(NamedTuple):
    """A file, and its name in Problems: relative to the campaign folder, with forward slashes."""

    path: Path
    file: str


def list_files(
    root: Path, folder: str, suffixes: tuple[str, ...], *, deep: bool = False
) -> tuple[list[Found], list[tuple[str, Finding]]]:
    """The files of `root/folder` that end in one of `suffixes`, and what could not be looked into.

    Names that begin with a dot are left out, and so is everything that editors leave behind. With
    `deep`, sub-folders are looked into too, linked ones once.
    """
    found: list[Found] = []
    faults: list[tuple[str, Finding]] = []
    waiting = [(root / folder, folder)]
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
                waiting.append((path / entry, file))
    return sorted(found, key=lambda item: item.file), sorted(faults)


def _not_listed(error: OSError) -> Finding:
    if isinstance(error, NotADirectoryError):
        return Finding(1, "unreadable-file", "Here stands a file, where a folder is expected.", "Rename it.")
    reason = (error.strerror or type(error).__name__).lower()
    return Finding(1, "unreadable-file", f"This folder cannot be read: {reason}.", "Mend its permissions.")


def _printable(name: str) -> str:
    """A file's name as text; bytes that are none become replacement characters."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
