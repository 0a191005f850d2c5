"""Who is at the keyboard: written into the ledger beside everything a person says."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from outreach.connections.git import user_name


def whoever(root: Path) -> str:
    """`$OUTREACH_USER`, else Git's user for the campaign, else the login name; never a reason to refuse."""
    return os.environ.get("OUTREACH_USER") or user_name(root) or _login_name() or "somebody"


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
