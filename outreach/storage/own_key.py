"""A secret of this person on this computer, by which the program knows what it has itself kept in a folder.

A campaign folder may come from anybody, with a `.outreach/cache/` that says something else than the files do. It lies
in `outreach/cache.key` beside what was allowed (`outreach.storage.trust`), never inside a campaign.
"""

from __future__ import annotations

import os
import stat
from secrets import token_bytes

from outreach.storage.trust import trusted_file

SIZE = 32  # bytes, as long as the output of SHA-256 (RFC 2104, 3)


def own_key() -> bytes | None:
    """The 32 bytes, made where there are none; None if they cannot be kept, or others could have written them."""
    file = trusted_file().with_name("cache.key")
    try:
        return _read(str(file))
    except FileNotFoundError:
        pass
    except OSError:
        return None
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as into:
            into.write(token_bytes(SIZE))
    except OSError:  # another process has just made it, or nothing can be kept
        return None
    return _read(str(file))


def _read(file: str) -> bytes | None:
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
        state = os.fstat(opened.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o077:
            return None
        found = opened.read(SIZE + 1)
    return found if len(found) == SIZE else None
