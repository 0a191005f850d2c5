"""Files that came through the browser, on their way into an import: kept aside, read, and removed again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

from outreach import storage
from outreach.campaign.private import FOLDER

ASIDE = f"{FOLDER}/uploads"
MOST_BYTES = 25_000_000
"""Bytes of all files of one upload."""
_LONGEST = 120


def keep_uploads(root: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    """Write each file below `.outreach/uploads/`, under the last part of its name. Raises Refused, OSError."""
    storage.make_private_folder(root, FOLDER)
    folder, kept = f"{ASIDE}/{token_hex(8)}", []
    for number, (name, content) in enumerate(files):
        place = f"{folder}/{number}/{plain_name(name)}"
        storage.write(root, place, [content], storage.PRIVATE, durable=False)
        kept.append(root / place)
    return kept


def are_kept(root: Path, paths: Iterable[Path]) -> bool:
    """Whether all of them still lie aside."""
    return all(storage.is_file(root, path.relative_to(root).as_posix()) for path in paths)


def plain_name(name: str) -> str:
    """The last part of a path, of any system, without what nobody sees; never one that begins with a dot."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip().lstrip(".")
    stem, dot, suffix = shown.rpartition(".")
    return f"{stem[:_LONGEST]}{dot}{suffix[:10]}" if stem and dot else shown[:_LONGEST] or "file"


def clear_uploads(root: Path) -> None:
    """Remove all that was kept aside; what cannot be removed stays."""
    if not storage.is_folder(root, ASIDE):
        return
    for name in list(storage.walk(root, ASIDE)):
        storage.remove(root, name, missing_ok=True)
