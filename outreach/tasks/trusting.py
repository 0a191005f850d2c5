"""`outreach trust`: paths outside a campaign folder, Git remotes, and campaign folders of other owners."""

from __future__ import annotations

import os
from pathlib import Path

from outreach.campaign.place import FILE
from outreach.connections.git import upstream
from outreach.connections.remotes import confirm_remote, confirmed_remotes, forget_remote, transport
from outreach.errors import CannotTell, RemoteNotAllowed, raising_cannot_write
from outreach.storage import trust


def allow(campaign: Path | None, path: Path, *, undo: bool = False) -> Path:
    """Allow a path for the campaign, for all of this person's where that is None; what it really is.

    What is below it is allowed as well. Raises CannotTell, TrustUnusable.
    """
    real = Path(os.path.realpath(path.expanduser()))
    if not undo:
        if not os.path.lexists(real):
            raise CannotTell(f"There is nothing at {path}", "Name a file or folder that exists.")
        if real == Path(os.path.realpath(Path.home())) or real == real.parent:
            raise CannotTell(
                f"{real} contains everything on this computer", "Name the one file or folder that the campaign needs."
            )
        if campaign is not None and real.is_relative_to(os.path.realpath(campaign)):
            raise CannotTell(f"{path} is in the campaign folder already", "It needs no permission.")
    return trust.allow_path(campaign, real, undo=undo)


def is_remote(campaign: Path | None, text: str) -> bool:
    """Whether this is a Git remote and no path: an address, or where the campaign's branch is shared."""
    shared = upstream(campaign) if campaign is not None else None
    if shared is not None and shared.url == text:
        return True
    try:
        return "://" in text or transport(text) == "ssh"
    except RemoteNotAllowed:
        return False


def allow_remote(url: str, *, undo: bool = False) -> None:
    """Fetch from this remote from now on, or no longer. Raises RemoteNotAllowed, CannotWrite."""
    with raising_cannot_write("outreach/remotes"):
        forget_remote(url) if undo else confirm_remote(url)


def remotes() -> list[str]:
    """The remotes that this person fetches from on this computer."""
    return confirmed_remotes()


def allowed(campaign: Path | None) -> list[tuple[str, bool]]:
    """Every path that is allowed there, and whether it is for all campaigns. Raises TrustUnusable."""
    paths = trust.trusted().paths
    own = paths.get(os.path.realpath(campaign), ()) if campaign is not None else ()
    return [*((path, True) for path in paths.get(trust.EVERY, ())), *((path, False) for path in own)]


def other_owner(root: Path) -> str | None:
    """Who owns the campaign's folder, if that is neither this person nor allowed."""
    return trust.other_owner(root, FILE)


def allow_folder(root: Path) -> None:
    """Use the campaign of another owner from now on. Raises TrustUnusable."""
    trust.allow_folder(root)
