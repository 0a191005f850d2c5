"""The folder outbox/: a letter as a file, for a person to send or to look at."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from outreach.channels.secrets import Secrets
from outreach.errors import NotSent
from outreach.model.campaign import MailAccount
from outreach.model.dispatch import Accepted, Found, Parcel
from outreach.model.ids import LetterId

FOLDER = "outbox"


class Outbox:
    """Writes `outbox/WAVE/CONTACT.eml`, `CONTACT.1.eml` for the first follow-up; never over another file."""

    via = FOLDER
    account = f"{FOLDER}/"

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self) -> None:
        """Nothing to be done."""

    def send(self, parcel: Parcel, before_commit: Callable[[], None]) -> Accepted:
        path = self._path(parcel)
        aside = path.with_name(f".{path.name}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(aside, "wb") as file:
                for piece in parcel.pieces():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            _make_room(path)
        except OSError as error:
            raise NotSent(f"{self._shown(path)} cannot be written: {error.strerror}.", stops_run=True) from error
        before_commit()
        try:
            os.replace(aside, path)
        except OSError as error:
            raise NotSent(f"{self._shown(path)} cannot be written: {error.strerror}.", stops_run=True) from error
        return Accepted(via=self.via, reply=self._shown(path), proof=parcel.message_id)

    def find(self, parcel: Parcel) -> Found:
        """Whether the file is there: it came to be after the mark, or not at all."""
        return Found.THERE if self._path(parcel).exists() else Found.NOT_THERE

    def close(self) -> None:
        """Nothing to be done."""

    def _path(self, parcel: Parcel) -> Path:
        letter = LetterId.parse(parcel.id)
        suffix = f".{letter.step}" if letter.step else ""
        return self._root / FOLDER / letter.wave / f"{letter.contact}{suffix}.eml"

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _make_room(path: Path) -> None:
    """Keep whatever stands in the letter's place (a rehearsal's, a person's) under another name. Raises OSError."""
    number = 1
    while path.exists():
        kept = path.with_name(f"{path.stem}.kept-{number}{path.suffix}")
        if not kept.exists():
            path.rename(kept)
        number += 1


def outbox(account: MailAccount, root: Path, secrets: Secrets, *, loopback_only: bool = False) -> Outbox:
    """The adapter for the registry: files need no secret, and reach nobody."""
    return Outbox(root)
