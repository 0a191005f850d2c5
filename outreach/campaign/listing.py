"""Which files of a campaign there are, in the same order on every computer."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePath
from typing import NamedTuple

from outreach import storage
from outreach.campaign.findings import Finding
from outreach.campaign.text import names_instead
from outreach.errors import LeadsOut, NotAFolder, Refused, reason_of

_UNSEEN = frozenset({"Cc", "Zl", "Zp"})


class Found(NamedTuple):
    """A file: its place below the campaign folder `root`, and its name in Problems, with forward slashes."""

    root: Path
    path: PurePath
    file: str


def list_files(
    root: Path, folder: str, suffixes: tuple[str, ...], *, deep: bool = False
) -> tuple[list[Found], list[tuple[str, Finding]]]:
    """The files of `root/folder` that end in one of `suffixes`, and what could not be looked into.

    Names that begin with a dot are left out, and so is everything that editors leave behind. With
    `deep`, sub-folders are looked into too, linked ones once, and only where they are in this folder.
    """
    found: list[Found] = []
    faults: list[tuple[str, Finding]] = []
    waiting = [(folder, folder)]
    seen: set[Path] = set()
    while waiting:
        name, shown = waiting.pop()
        try:
            real = storage.place(root, name)
            if real in seen:
                continue
            seen.add(real)
            entries = storage.entries(root, name)
        except FileNotFoundError:
            continue
        except OSError as error:
            faults.append((shown, _not_listed(error)))
            continue
        links: list[tuple[str, str]] = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            below, file = f"{name}/{entry.name}", f"{shown}/{_printable(entry.name)}"
            if entry.name.lower().endswith(suffixes):
                found.append(Found(root, PurePath(below), file))
            elif deep and entry.is_folder:
                waiting.append((below, file))
            elif deep and entry.is_link:
                links.append((below, file))
        for below, file in links:
            fault = _leads_out(root, below, folder)
            if fault is not None:
                faults.append((file, fault))
            elif storage.is_folder(root, below):
                waiting.insert(0, (below, file))  # behind all real folders, so that files keep their own names
    have = {item.file for item in found}
    new = [name for name in names_instead(folder) if name not in have and name.lower().endswith(suffixes)]
    found += [Found(root, PurePath(name), name) for name in new]
    return sorted(found, key=lambda item: item.file), sorted(faults)


def _leads_out(root: Path, link: str, folder: str) -> Finding | None:
    """What is wrong with a link that leads out of the campaign, or to another folder of it, read for other things."""
    message = "This folder is a link that leads out of its place, so it is not followed."
    try:
        real = storage.place(root, link)
    except LeadsOut as error:
        return Finding(1, "unreadable-file", message, error.hint)
    if not storage.is_folder(root, link) or real.is_relative_to(storage.place(root, folder)):
        return None
    if not real.is_relative_to(storage.place(root, "")):
        return None  # somewhere that this person has allowed
    return Finding(1, "unreadable-file", message, "Copy what you need into a folder.")


def same_elsewhere(name: str) -> str:
    """What a file's name is to computers that tell neither upper from lower case nor `ü` from `u` with dots."""
    return unicodedata.normalize("NFC", name.casefold())


def differs_in_case(first: str) -> Finding:
    """The finding at a file whose name is that of the file `first` to such computers."""
    message = f"The name of this file differs from that of `{first}` in upper and lower case only."
    hint = "Rename one of the two: many computers take them for one file."
    return Finding(1, "duplicate-id", message, hint)


def _not_listed(error: OSError) -> Finding:
    if isinstance(error, NotAFolder):
        return Finding(1, "unreadable-file", "This is a file, where a folder is expected.", error.hint)
    if isinstance(error, Refused):
        return Finding(1, "unreadable-file", f"This folder was not opened: {error.strerror}.", error.hint)
    reason = reason_of(error)
    return Finding(1, "unreadable-file", f"This folder cannot be read: {reason}.", "Fix its permissions.")


def _printable(name: str) -> str:
    """A file's name as text: bytes that are none become replacement characters, control characters `\\n`."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(repr(each)[1:-1] if unicodedata.category(each) in _UNSEEN else each for each in text)
