"""The port through which posts go out: what every network can do, and how each try may end.

Three outcomes and no fourth: it returns (done), it raises NotSent (surely not done), it raises InDoubt
(nobody knows yet). A doubt is ended by `find`, which asks the network itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from outreach import storage
from outreach.model.publication import Engagement, Publication, Published, ReadyPart

BeforeCommit = Callable[[Sequence[ReadyPart]], None]
"""Called with the parts that the next request makes public, before its first byte."""
Done = Callable[[Published], None]


class Publisher(Protocol):
    """One account of one network. `root` of files in parts is the campaign folder."""

    via: str
    account: str
    settles: timedelta
    """For how long after a request without an answer it may still take effect."""
    repeats_safely: bool
    """Whether asking again for the same key can never make a second post."""

    def open(self) -> None:
        """Log in, or take up a session. Raises NotSent with `stops_run`."""

    def ready(self, publication: Publication, out: Mapping[int, Published] | None = None) -> tuple[ReadyPart, ...]:
        """The parts as they will be asked for, below those that are `out` by their number. Call after `open`."""

    def publish(
        self, parts: Sequence[ReadyPart], out: Mapping[int, Published], before_commit: BeforeCommit, done: Done
    ) -> None:
        """Publish the `parts`, in order, below those that are `out` by their number.

        `done` is called for each, as soon as the network is known to have it. Raises NotSent, InDoubt:
        they are about the first part for which `done` was not called, and those behind it were not tried.
        """

    def find(
        self,
        part: ReadyPart,
        out: Mapping[int, Published],
        since: datetime,
        known: Iterable[str],
        *,
        by_anyone: bool = False,
        asked: bool = False,
    ) -> Published | None:
        """The part as the network has it, None if it has it not. `since` is an aware UTC instant.

        `known` are ids of other posts of ours. `by_anyone` also finds what another program posted through this
        account (the `by` of what is found), where nothing is there that we posted. `asked`: the part was asked for
        since then, and the answer was lost. Raises NotSent if the network cannot be asked, and MayStandThere if
        something of ours appeared in its place since it was asked for, and reads otherwise.
        """

    def stands(self, part: Published) -> bool:
        """Whether a part that was out still is. Raises NotSent if the network cannot be asked."""

    def shown(self, part: Published, ready: ReadyPart) -> ReadyPart:
        """The part as readers see it: `ready` with their words and alt texts in the place of its own.

        Raises NotSent if the network cannot be asked, or has it no more.
        """

    def engagement(self, ids: Sequence[str]) -> Mapping[str, Engagement]:
        """Counts and replies of our parts, by id; what is gone is missing. Raises NotSent."""

    def edit(self, part: Published, ready: ReadyPart) -> bool:
        """Change a published part in place; False if the network shows no edits. Raises NotSent, InDoubt."""

    def remove(self, part: Published) -> None:
        """Take a part down; one that is gone already is not an error. Raises NotSent, InDoubt."""

    def close(self) -> None:
        """Let go of the connection."""


LARGEST = 100_000_000
"""Bytes of a medium; what was approved was not larger (campaign/media)."""


def content(root: Path, file: str) -> bytes:
    """The bytes of a medium. Raises OSError."""
    return storage.read(root, file, LARGEST)
