"""Posts on Mastodon: part by part, each under the verified id of the one before, read back before it counts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from outreach.connections.http_service import Limits
from outreach.connections.secrets import Secrets
from outreach.errors import InDoubt, NotSent
from outreach.model.publication import Engagement, Publication, Published, ReadyPart
from outreach.networks.mastodon_thread import is_shown_in, mastodon_thread
from outreach.publishing.mastodon.client import MastodonClient
from outreach.publishing.mastodon.engagement import counts_of, engagement_of
from outreach.publishing.mastodon.media import uploaded
from outreach.publishing.mastodon.own_statuses import OwnStatuses, application_of
from outreach.publishing.publisher import BeforeCommit, Done
from outreach.publishing.refusals import leaves_doubt

_READ_BACK = (0.0, 0.5, 1.5)
"""Seconds before each reading back: a server may answer from a copy that is a moment behind."""


class MastodonPublisher:
    """One account on one server."""

    via = "mastodon"
    repeats_safely = False

    def __init__(self, client: MastodonClient, root: Path, limits: Limits) -> None:
        self.account = client.host
        self.settles = timedelta(seconds=limits.answer + min(30, limits.answer))
        self._client = client
        self._root = root
        self._me: dict[str, Any] = {}
        self._application = ""

    def open(self) -> None:
        self._client.open()
        if not self._me:
            answer = self._client.read("/api/v1/accounts/verify_credentials")
            if answer.status != 200 or "id" not in answer.object():
                raise self._client.refused(answer)
            self._me = answer.object()

    def ready(self, publication: Publication, out: Mapping[int, Published] | None = None) -> tuple[ReadyPart, ...]:
        return mastodon_thread(publication)

    def publish(
        self, parts: Sequence[ReadyPart], out: Mapping[int, Published], before_commit: BeforeCommit, done: Done
    ) -> None:
        out = dict(out)
        for part in parts:
            media = [uploaded(self._client, self._root, medium) for medium in part.media]
            fields = {**_fields(part.record), **({"media_ids[]": media} if media else {})}
            if part.number > 1:
                fields["in_reply_to_id"] = out[part.number - 1].id
            before_commit([part])
            out[part.number] = self._post(part, fields, out.get(part.number - 1))
            done(out[part.number])

    def _post(self, part: ReadyPart, fields: Mapping[str, Any], above: Published | None) -> Published:
        answer = self._client.change("POST", "/api/v1/statuses", fields, key=part.key)
        is_yes = 200 <= answer.status < 300
        if not is_yes and leaves_doubt(answer.status):
            # 4.6 says 500 to a repeat although the status exists.
            raise InDoubt(f"{self.account} is in trouble ({answer.status}) and did not say whether it posted.")
        if not is_yes:
            raise self._client.refused(answer)
        id = answer.object().get("id")
        if not isinstance(id, str | int) or not id:
            raise InDoubt(f"{self.account} said yes, and then nothing that could be read.")
        found, posted = self._read_back(part, str(id))
        if above is not None and str(found.get("in_reply_to_id")) != above.id:
            self._take_back(posted, above)
        return posted

    def _take_back(self, posted: Published, above: Published) -> None:
        """Nothing of ours hangs where it should not. Raises NotSent, or InDoubt where it cannot be taken down."""
        wrong = f"{self.account} did not put part {posted.part} below part {above.part}"
        try:
            self.remove(posted)
        except (NotSent, InDoubt) as error:
            raise InDoubt(f"{wrong}, and it stands at {posted.url}: {error}") from error
        hint = f"Look whether {above.url} is still there."
        raise NotSent(f"{wrong}, so it was taken down again.", hint=hint, permanent=True)

    def _read_back(self, part: ReadyPart, id: str) -> tuple[Mapping[str, Any], Published]:
        """The status as it stands there. Raises NotSent where it does not, InDoubt where nobody can say."""
        for pause in _READ_BACK:
            time.sleep(pause)
            try:
                answer = self._client.read(f"/api/v1/statuses/{id}")
            except NotSent as error:
                raise InDoubt(f"{self.account} said yes, but then: {error}") from error
            found = answer.object()
            if answer.status == 200 and str(found.get("id")) == id:
                return found, _published(part.number, found)
        if answer.status == 404:
            raise NotSent(
                f"{self.account} said that it had posted, and keeps nothing (404): probably a filter against spam.",
                hint="Ask those who run the server, then publish again.",
                permanent=True,
            )
        raise InDoubt(f"{self.account} said yes, but does not show the post ({answer.status}).")

    def find(
        self,
        part: ReadyPart,
        out: Mapping[int, Published],
        since: datetime,
        known: Iterable[str],
        *,
        by_anyone: bool = False,
    ) -> Published | None:
        self.open()
        own = OwnStatuses(self._client, str(self._me["id"]))
        parent = out[part.number - 1].id if part.number > 1 and part.number - 1 in out else None
        foreign: Published | None = None
        for status in own.like(part.text, parent, since, known):
            name = application_of(status)
            if name is None or self._is_ours(own, name):
                return _published(part.number, status)
            foreign = foreign or replace(_published(part.number, status), by=name)
        return foreign if by_anyone else None

    def _is_ours(self, own: OwnStatuses, name: str) -> bool:
        """Whether an application is the one that we post with; of a server that does not say which, any is."""
        if not self._application:
            self._application = own.application() or "*"
        return self._application in ("*", name)

    def stands(self, part: Published) -> bool:
        self.open()
        answer = self._client.read(f"/api/v1/statuses/{part.id}")
        if answer.status not in (200, 404, 410):
            raise self._client.refused(answer)
        return answer.status == 200

    def engagement(self, ids: Sequence[str]) -> Mapping[str, Engagement]:
        counts = counts_of(self._client, ids)
        mine = str(self._me.get("acct", ""))
        return {id: engagement_of(self._client, id, each, mine) for id, each in counts.items()}

    def edit(self, part: Published, ready: ReadyPart) -> bool:
        media = [uploaded(self._client, self._root, medium) for medium in ready.media]
        fields = {**_fields(ready.record), **({"media_ids[]": media} if media else {})}
        fields.pop("visibility", None)
        fields.setdefault("spoiler_text", "")  # what is not named stays on some servers
        answer = self._client.change("PUT", f"/api/v1/statuses/{part.id}", fields)
        if answer.status != 200:
            raise self._client.refused(answer)
        for pause in _READ_BACK:
            time.sleep(pause)
            if is_shown_in(ready.text, str(self._client.read(f"/api/v1/statuses/{part.id}").object().get("content"))):
                return True
        raise NotSent(f"{self.account} said yes to the edit, and still shows what part {part.part} said before.")

    def remove(self, part: Published) -> None:
        answer = self._client.change("DELETE", f"/api/v1/statuses/{part.id}")
        if answer.status not in (200, 404):
            raise self._client.refused(answer)

    def close(self) -> None:
        """Nothing to be done: there is one connection per question."""


def _fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """The form fields of a record: what is empty is left out, truth is written as servers read it."""
    words = {name: value for name, value in record.items() if value not in (None, "", [], ())}
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in words.items()}


def _published(part: int, status: Mapping[str, Any]) -> Published:
    id = str(status["id"])
    return Published(part=part, id=id, url=str(status.get("url") or status.get("uri") or ""), mark=id)


def mastodon(
    account: Mapping[str, str],
    root: Path,
    secrets: Secrets,
    *,
    limits: Limits | None = None,
    loopback_only: bool = False,
) -> MastodonPublisher:
    """The adapter for the registry. Raises NotSent."""
    limits = limits or Limits()
    client = MastodonClient(account, secrets, limits=limits, loopback_only=loopback_only)
    return MastodonPublisher(client, root, limits)
