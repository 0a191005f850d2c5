"""About what is reached from this computer."""

from __future__ import annotations

from outreach.errors.base import OutreachError


class RemoteNotAllowed(OutreachError):
    """A Git remote is reached in a way that could run a program, or that others can read."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"Nothing is fetched from the Git remote {url!r}: it is not an https:// or ssh:// address, or a path.",
            hint="Use such an address, without a password in it.",
        )


class RemoteNotConfirmed(OutreachError):
    """A Git remote that this person has not confirmed on this computer."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"Nothing is fetched from the Git remote {url!r}: you have not confirmed it on this computer.",
            hint=f"If you know it, allow it: outreach trust {url}",
        )
