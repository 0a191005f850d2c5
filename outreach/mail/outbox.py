"""The folder outbox/: a letter as a file, for a person to send or to look at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from outreach import storage
from outreach.connections.secrets import Secrets
from outreach.errors import NotSent, Refused
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
        with ExitStack() as ending:
            try:
                new = ending.enter_context(storage.begin(self._root, path, storage.PRIVATE))
                for piece in parcel.pieces():
                    new.file.write(piece)
                new.finish()
                self._make_room(path)
            except OSError as error:
                raise _not_written(path, error) from error
            before_commit()
            try:
                new.commit()
            except OSError as error:
                raise _not_written(path, error) from error
        return Accepted(via=self.via, reply=str(path), proof=parcel.message_id)

    def find(self, parcel: Parcel) -> Found:
        """Whether the file is there: it came to be after the mark, or not at all."""
        return Found.THERE if storage.is_file(self._root, self._path(parcel)) else Found.NOT_THERE

    def close(self) -> None:
        """Nothing to be done."""

    def _path(self, parcel: Parcel) -> PurePosixPath:
        letter = LetterId.parse(parcel.id)
        suffix = f".{letter.step}" if letter.step else ""
        return PurePosixPath(FOLDER, letter.wave, f"{letter.contact}{suffix}.eml")

    def _make_room(self, path: PurePosixPath) -> None:
        """Keep whatever is in the letter's place (a rehearsal's, a person's) under another name. Raises OSError."""
        number = 1
        while storage.exists(self._root, path):
            kept = path.with_name(f"{path.stem}.kept-{number}{path.suffix}")
            if not storage.exists(self._root, kept):
                storage.rename(self._root, path, kept)
            number += 1


def _not_written(path: PurePosixPath, error: OSError) -> NotSent:
    hint = error.hint if isinstance(error, Refused) else ""
    return NotSent(f"{path} cannot be written: {error.strerror}.", hint=hint, stops_run=True)


def outbox(account: MailAccount, root: Path, secrets: Secrets, *, loopback_only: bool = False) -> Outbox:
    """The adapter for the registry: files need no secret, and reach nobody."""
    return Outbox(root)
