"""The port for sending letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from outreach.model.dispatch import Accepted, Found, Parcel


class Transport(Protocol):
    """One way for letters to leave. `account` names the account without its secret."""

    via: str
    account: str

    def open(self) -> None:
        """Be ready to send; does nothing where it is. Raises NotSent."""

    def send(self, parcel: Parcel, before_commit: Callable[[], None]) -> Accepted:
        """Hand over one letter.

        `before_commit` is called when all but the last byte has been handed over; what it raises goes up, and
        nothing was sent. Raises NotSent, and InDoubt for every break after it.
        """

    def find(self, parcel: Parcel) -> Found:
        """What can be told of a letter whose outcome was not written down."""

    def close(self) -> None:
        """Let go. Never raises."""


@runtime_checkable
class BulkTransport(Transport, Protocol):
    """A way that takes several letters in one go, all of them or none."""

    @property
    def at_once(self) -> int:
        """How many it takes; 1 before it is open, and where the server takes only one."""

    def send_all(self, parcels: Sequence[Parcel], before_commit: Callable[[], None]) -> list[Accepted]:
        """As `send`, for several. Raises NotSent also where one of them has to be sent by itself."""
