"""Who is at the keyboard: written into the ledger beside everything a person says."""

from __future__ import annotations

import getpass
import os
import subprocess
from pathlib import Path


def whoever(root: Path) -> str:
    """`$OUTREACH_USER`, else Git's user for the campaign, else the login name; never a reason to refuse."""
    return os.environ.get("OUTREACH_USER") or _git_user(root) or _login_name() or "somebody"


def _git_user(root: Path) -> str:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"], cwd=root, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return asked.stdout.strip()


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
