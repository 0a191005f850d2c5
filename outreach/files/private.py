"""The campaign's `.outreach/`: what belongs to this computer and never to Git."""

from __future__ import annotations

from pathlib import Path

FOLDER = ".outreach"
CACHE = f"{FOLDER}/cache"


def make_cache(root: Path) -> None:
    """Make `.outreach/cache/`, and the `.gitignore` that keeps all of `.outreach/` out of Git.

    Raises OSError.
    """
    (root / CACHE).mkdir(parents=True, exist_ok=True)
    ignore = root / FOLDER / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
