"""The folder outbox/posts/: a part of a post as a file, for a person to look at."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from outreach.channels.http_service import Limits
from outreach.channels.publisher import BeforeCommit, Done
from outreach.channels.secrets import Secrets
from outreach.errors import NotSent
from outreach.model.publication import Engagement, Publication, Published, ReadyPart
from outreach.rules.publishing.bluesky_thread import bluesky_thread
from outreach.rules.publishing.mastodon_thread import mastodon_thread

FOLDER = "outbox/posts"
_NOBODY = "did:web:outbox.invalid"


class PostsOutbox:
    """Writes `outbox/posts/NETWORK/KEY.json`; the same part always has the same name."""

    via = "outbox"
    settles = timedelta()
    repeats_safely = True

    def __init__(self, network: str, root: Path) -> None:
        self.account = f"{FOLDER}/{network}/"
        self._network = network
        self._root = root

    def open(self) -> None:
        """Nothing to be done."""

    def ready(self, publication: Publication, out: Mapping[int, Published] | None = None) -> tuple[ReadyPart, ...]:
        if self._network == "bluesky":
            return bluesky_thread(publication, _NOBODY, out)
        return mastodon_thread(publication)

    def publish(
        self, parts: Sequence[ReadyPart], out: Mapping[int, Published], before_commit: BeforeCommit, done: Done
    ) -> None:
        for part in parts:
            before_commit([part])
            self._write(part)
            done(self._published(part.number, part.key))

    def find(
        self,
        part: ReadyPart,
        out: Mapping[int, Published],
        since: datetime,
        known: Iterable[str],
        *,
        by_anyone: bool = False,
    ) -> Published | None:
        return self._published(part.number, part.key) if self._path(part.key).exists() else None

    def stands(self, part: Published) -> bool:
        return self._path(part.mark).exists()

    def engagement(self, ids: Sequence[str]) -> Mapping[str, Engagement]:
        """Nobody reads files."""
        return {}

    def edit(self, part: Published, ready: ReadyPart) -> bool:
        self._write(ready)
        return True

    def remove(self, part: Published) -> None:
        self._path(part.mark).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing to be done."""

    def _path(self, key: str) -> Path:
        return self._root / self.account / f"{key}.json"

    def _write(self, part: ReadyPart) -> None:
        path = self._path(part.key)
        aside = path.with_name(f".{path.name}.new")
        value = {"part": part.number, "of": part.of, "record": part.record}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            os.replace(aside, path)
        except OSError as error:
            raise NotSent(f"{self.account} cannot be written: {error.strerror}.", stops_run=True) from error

    def _published(self, part: int, key: str) -> Published:
        return Published(part=part, id=f"outbox://{self._network}/{key}", url="", mark=key)


def posts_outbox(
    account: Mapping[str, str],
    root: Path,
    secrets: Secrets,
    *,
    limits: Limits | None = None,
    loopback_only: bool = False,
) -> PostsOutbox:
    """The adapter for the registry: files need no secret, and reach nobody."""
    return PostsOutbox(account["network"], root)
