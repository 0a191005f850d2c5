"""The folder outbox/posts/: a part of a post as a file, for a person to look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from outreach import storage
from outreach.connections.http_service import Limits
from outreach.connections.secrets import Secrets
from outreach.errors import NotSent, Refused
from outreach.model.publication import Engagement, Publication, Published, ReadyPart
from outreach.networks.registry import network_of
from outreach.publishing.publisher import BeforeCommit, Done

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
        return network_of(self._network).ready(publication, _NOBODY, out)

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
        asked: bool = False,
    ) -> Published | None:
        return self._published(part.number, part.key) if self._stands(part.key) else None

    def stands(self, part: Published) -> bool:
        return self._stands(part.mark)

    def shown(self, part: Published, ready: ReadyPart) -> ReadyPart:
        try:
            record = json.loads(storage.read(self._root, self._path(part.mark)))["record"]
            words = str(record.get("text", record.get("status")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotSent(f"{self._path(part.mark)} cannot be read.", permanent=True) from error
        return replace(ready, record=record, text=words)

    def engagement(self, ids: Sequence[str]) -> Mapping[str, Engagement]:
        """Nobody reads files."""
        return {}

    def edit(self, part: Published, ready: ReadyPart) -> bool:
        self._write(ready)
        return True

    def remove(self, part: Published) -> None:
        try:
            storage.remove(self._root, self._path(part.mark), missing_ok=True)
        except OSError as error:
            raise self._not_written(error) from error

    def close(self) -> None:
        """Nothing to be done."""

    def _path(self, key: str) -> str:
        return f"{self.account}{key}.json"

    def _stands(self, key: str) -> bool:
        return storage.is_file(self._root, self._path(key))

    def _not_written(self, error: OSError) -> NotSent:
        hint = error.hint if isinstance(error, Refused) else ""
        return NotSent(f"{self.account} cannot be written: {error.strerror}.", hint=hint, stops_run=True)

    def _write(self, part: ReadyPart) -> None:
        value = {"part": part.number, "of": part.of, "record": part.record}
        try:
            text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
            storage.write(self._root, self._path(part.key), [text.encode()], storage.PRIVATE, durable=False)
        except OSError as error:
            raise self._not_written(error) from error

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
