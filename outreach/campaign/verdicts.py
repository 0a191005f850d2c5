"""`.outreach/cache/verdicts.json`: which letters render, so that they need not be rendered to be planned.

It can be deleted at any time. It is written only where there is an `.outreach/` already, and by whoever comes last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from outreach import storage
from outreach.campaign.private import CACHE, FOLDER, make_cache, write_whole
from outreach.model.recipient import Verdict

FILE = f"{CACHE}/verdicts.json"
CHECKED = f"{CACHE}/checked.json"
"""The same of letters in which `check` found nothing to say."""
PUBLISHED = f"{CACHE}/published.json"
"""What happened to the texts of posts that are out, in the place of a digest."""


def read_verdicts(root: Path, file: str = FILE) -> dict[str, Verdict]:
    """The verdicts that were kept, by key; none if the file is not there or cannot be read."""
    try:
        kept = json.loads(storage.read(root, file))
        return {key: Verdict(digest=digest, later=tuple(later)) for key, (digest, *later) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def keep_verdicts(root: Path, verdicts: Mapping[str, Verdict], file: str = FILE) -> None:
    """Keep these and no others. Where that cannot be done, the next command renders again."""
    if not storage.is_folder(root, FOLDER):
        return
    kept = {key: [verdict.digest, *verdict.later] for key, verdict in verdicts.items()}
    try:
        make_cache(root)
        write_whole(root, file, json.dumps(kept, separators=(",", ":")).encode())
    except OSError:
        return
