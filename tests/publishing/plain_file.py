"""A network of the tests' own: one module, and one line in the registry. It writes each part to a folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from outreach.connections.secrets import Secrets
from outreach.model.publication import Engagement, Publication, Published, ReadyPart
from outreach.networks.base import AccountKey, Limits, Network
from outreach.networks.identity import record_key
from outreach.publishing.publisher import BeforeCommit, Done


def _ready(publication: Publication, owner: str, out: Mapping[int, Published] | None = None) -> tuple[ReadyPart, ...]:
    return tuple(
        ReadyPart(
            number=part.number,
            of=len(publication.parts),
            key=record_key(publication, part.number),
            text=part.text,
            record=part.record,
            at=publication.at,
        )
        for part in publication.parts
    )


class PlainFiles:
    """An account that is a folder."""

    via = "plain-file"
    settles = timedelta()
    repeats_safely = True

    def __init__(self, folder: Path) -> None:
        self.account = folder.name
        self._folder = folder

    def open(self) -> None:
        self._folder.mkdir(exist_ok=True)

    def ready(self, publication: Publication, out: Mapping[int, Published] | None = None) -> tuple[ReadyPart, ...]:
        return _ready(publication, self.account, out)

    def publish(
        self, parts: Sequence[ReadyPart], out: Mapping[int, Published], before_commit: BeforeCommit, done: Done
    ) -> None:
        for part in parts:
            before_commit([part])
            self._file(part.key).write_text(json.dumps(part.record), encoding="utf-8")
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
        return self._published(part.number, part.key) if self._file(part.key).exists() else None

    def stands(self, part: Published) -> bool:
        return self._file(part.mark).exists()

    def shown(self, part: Published, ready: ReadyPart) -> ReadyPart:
        record = json.loads(self._file(part.mark).read_text())
        return replace(ready, record=record, text=record.get("text", record.get("status")))

    def engagement(self, ids: Sequence[str]) -> Mapping[str, Engagement]:
        return {id: Engagement(counts={"likes": 1}) for id in ids}

    def edit(self, part: Published, ready: ReadyPart) -> bool:
        self._file(part.mark).write_text(json.dumps(ready.record), encoding="utf-8")
        return True

    def remove(self, part: Published) -> None:
        self._file(part.mark).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing to be done."""

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.json"

    def _published(self, part: int, key: str) -> Published:
        return Published(part=part, id=f"file://{key}", url=f"https://files.example/{key}", mark=key)


def plain_files(account: Mapping[str, str], root: Path, secrets: Secrets, **keys: Any) -> PlainFiles:
    """The adapter for the registry."""
    return PlainFiles(root / account["folder"])


PLAIN_FILE = Network(
    name="plain-file",
    label="Plain file",
    called="plain files?",
    publisher="tests.publishing.plain_file.plain_files",
    account=(AccountKey(name="folder", kind="line", doc="Where the files go", required=True),),
    limits=Limits(characters=20),
    has_threads=True,
    ready=_ready,
    edits=True,
)
