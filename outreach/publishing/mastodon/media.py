"""Files on a Mastodon server: uploaded, and waited for no longer than is sensible."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from outreach.errors import InDoubt, NotSent
from outreach.model.publication import PartMedium
from outreach.publishing.mastodon.client import MastodonClient
from outreach.publishing.publisher import content
from outreach.publishing.refusals import about_file

LONGEST_SECONDS = 120.0
# Large files are processed after the upload was accepted (202); until it is done, GET /api/v1/media/:id answers 206.
_READY, _ACCEPTED, _PROCESSING = 200, 202, 206


def uploaded(client: MastodonClient, root: Path, medium: PartMedium, *, longest: float = LONGEST_SECONDS) -> str:
    """The id of a medium that is ready to be attached. Raises NotSent; nobody sees a file before its status."""
    try:
        data = content(root, medium.source)
    except OSError as error:
        raise NotSent(f"{medium.file} cannot be read: {error.strerror}.", permanent=True) from error
    if hashlib.sha256(data).hexdigest() != medium.sha256:
        raise NotSent(f"{medium.file} was changed since it was approved.", hint="Approve the post again.")
    keys = {"description": medium.alt, "focus": medium.focus, "file_name": medium.file.rpartition("/")[2]}
    try:
        answer = client.change(lambda m: m.media_post(data, medium.media_type, synchronous=False, **keys))
    except InDoubt as error:
        raise NotSent(f"{medium.file} could not be uploaded: {error}", stops_run=True) from error
    id = answer.object().get("id")
    if answer.status not in (_READY, _ACCEPTED) or not id:
        raise about_file(client.refused(answer), medium.file)
    if answer.status == _ACCEPTED:
        _await(client, str(id), medium.file, longest)
    return str(id)


def _await(client: MastodonClient, id: str, file: str, longest: float) -> None:
    until, pause = time.monotonic() + longest, 0.2
    while True:
        answer = client.read(lambda m: m.media(id))
        if answer.status == _READY:
            return
        if answer.status != _PROCESSING:
            raise about_file(client.refused(answer), file)
        if time.monotonic() + pause > until:
            raise NotSent(f"{client.host} did not process {file} within {longest:.0f} seconds.")
        time.sleep(pause)
        pause = min(pause * 1.5, 5.0)
