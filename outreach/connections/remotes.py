"""Remotes that this person has confirmed on this computer: Git fetches from no other, whatever a folder names.

They are kept outside every campaign, one address a line, in `outreach/remotes` below `$XDG_CONFIG_HOME` (`~/.config`),
and count letter by letter. A later line with `-` before the address takes it back.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from outreach.errors import RemoteNotAllowed, RemoteNotConfirmed

_SCP_LIKE = re.compile(r"(?:[A-Za-z0-9_][\w.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!:|//)\S+", re.ASCII)
"""`git@host:path`, Git's short form of ssh."""


def confirm_remote(url: str) -> None:
    """Remember that this person fetches from `url`. Raises RemoteNotAllowed, or OSError if it cannot be kept."""
    transport(url)
    _append(url)


def forget_remote(url: str) -> None:
    """Fetch from `url` no longer. Raises OSError if that cannot be kept."""
    if url in confirmed_remotes():
        _append(f"-{url}")


def _append(line: str) -> None:
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as remotes:
        remotes.write(f"{line}\n")


def confirmed_remotes() -> list[str]:
    """The addresses that this person fetches from, in the order in which they were confirmed."""
    try:
        lines = _file().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    found: dict[str, None] = {}
    for line in lines:
        if line.startswith("-"):
            found.pop(line[1:], None)
        else:
            found[line] = None
    return list(found)


def confirmed_transport(url: str) -> str:
    """How Git reaches `url`, as `transport` says it. Raises RemoteNotAllowed, RemoteNotConfirmed."""
    how = transport(url)
    if url not in confirmed_remotes():
        raise RemoteNotConfirmed(url)
    return how


def transport(url: str) -> str:
    """`https`, `ssh` or `file`, by which Git reaches `url`. Raises RemoteNotAllowed for anything else.

    Everything else is `ext::` and its like, which are commands, and what others on the way can read or change.
    """
    if os.path.isabs(url) and url.isprintable():
        return "file"
    if not url.isascii() or not url.isprintable() or " " in url:
        raise RemoteNotAllowed(url)
    if _SCP_LIKE.fullmatch(url):
        return "ssh"
    try:
        parts = urlsplit(url)
    except ValueError:
        raise RemoteNotAllowed(url) from None
    host, has_password = parts.hostname or "", parts.password is not None
    if parts.scheme == "file" and not parts.netloc:
        return "file"
    if parts.scheme not in ("https", "ssh") or not host[:1].isalnum() or has_password:
        raise RemoteNotAllowed(url)
    return parts.scheme


def _file() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "outreach" / "remotes"
