"""What a person has allowed on this computer: paths outside of a campaign folder, and folders of other owners.

Remembered in `outreach/trusted.json` below `$XDG_CONFIG_HOME` (`~/.config`), never inside a campaign: a folder that
somebody sends can allow nothing by itself. A path is allowed for one campaign, or for all of this person's.
"""

from __future__ import annotations

import json
import os
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

from outreach.errors import TrustUnusable
from outreach.model.records import dataclass

EVERY = "*"
"""In the place of a campaign: all of them."""
_MOST = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Trusted:
    """`paths` by campaign folder, `folders` of other owners in which a campaign may be found. All are real paths."""

    paths: dict[str, tuple[str, ...]]
    folders: tuple[str, ...]


def trusted_file() -> Path:
    """Where it is remembered; the file need not exist."""
    config = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(config) if os.path.isabs(config) else Path("~").expanduser() / ".config"
    return base / "outreach" / "trusted.json"


def trusted() -> Trusted:
    """What is allowed. Raises TrustUnusable if others could have written it."""
    file = trusted_file()
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return Trusted(paths={}, folders=())
    except OSError as error:
        raise TrustUnusable(str(file), "it cannot be read", "Fix its permissions.") from error
    with os.fdopen(handle, "rb") as opened:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o022:
            raise TrustUnusable(str(file), "others can write it", f"Run `chmod 600 {file}`.")
        content = opened.read(_MOST)
    try:
        stored = json.loads(content)
        paths = {str(campaign): tuple(map(str, each)) for campaign, each in stored["paths"].items()}
        return Trusted(paths=paths, folders=tuple(map(str, stored["folders"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        hint = "Delete it, and allow again what you need with `outreach trust PATH`."
        raise TrustUnusable(str(file), "it is damaged", hint) from error


def is_trusted(campaign: str, path: str) -> bool:
    """Whether a path is allowed there, or is below one that is. Both are real paths; in doubt it is not."""
    try:
        allowed = trusted().paths
    except TrustUnusable:
        return False
    return any(
        path == each or path.startswith(each.rstrip("/") + "/")
        for name in (campaign, EVERY)
        for each in allowed.get(name, ())
    )


def allow_path(campaign: Path | None, path: Path, *, undo: bool = False) -> Path:
    """Allow a path for the campaign, for all where that is None; what it really is. Raises TrustUnusable."""
    real, name = os.path.realpath(path), EVERY if campaign is None else os.path.realpath(campaign)
    present = trusted()
    paths = {*present.paths.get(name, ())} - {real} | (set() if undo else {real})
    _write({**present.paths, name: tuple(sorted(paths))}, present.folders)
    return Path(real)


def allow_folder(folder: Path) -> None:
    """Use the campaign in this folder from now on, whoever owns it. Raises TrustUnusable."""
    present = trusted()
    _write(present.paths, sorted({*present.folders, os.path.realpath(folder)}))


def other_owner(folder: Path, file: str) -> str | None:
    """Who owns the folder or the `file` in it, if that is neither this person nor allowed.

    As for Git (`safe.directory`), whoever called sudo counts as this person.
    """
    ours = {os.geteuid()}
    if 0 in ours and os.environ.get("SUDO_UID", "").isdecimal():
        ours.add(int(os.environ["SUDO_UID"]))
    owners = {os.stat(folder).st_uid, os.lstat(folder / file).st_uid}
    if owners <= ours or os.path.realpath(folder) in _allowed_folders():
        return None
    uid = min(owners - ours)
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _allowed_folders() -> tuple[str, ...]:
    try:
        return trusted().folders
    except TrustUnusable:
        return ()


def _write(paths: dict[str, tuple[str, ...]], folders: Iterable[str]) -> None:
    file = trusted_file()
    aside = file.with_name(f".{file.name}.{token_hex(4)}.new")
    text = json.dumps({"paths": {name: each for name, each in paths.items() if each}, "folders": [*folders]}, indent=1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as into:
            into.write(f"{text}\n")
            into.flush()
            os.fsync(into.fileno())
        os.replace(aside, file)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise TrustUnusable(str(file), "it cannot be written", "Fix the permissions of its folder.") from error
