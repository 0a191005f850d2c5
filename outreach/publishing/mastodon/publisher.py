"""Posts on Mastodon: part by part, each under the verified id of the one before, read back before it counts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from outreach.connections.http_service import Limits
from outreach.connections.secrets import Secrets
from outreach.errors import InDoubt, MayStandThere, NotSent
from outreach.model.publication import Engagement, Publication, Published, ReadyPart
from outreach.networks.mastodon_thread import drawn, is_same_text, is_shown_in, mastodon_thread
from outreach.publishing.mastodon.client import MastodonClient
from outreach.publishing.mastodon.engagement import counts_of, engagement_of
from outreach.publishing.mastodon.media import uploaded
from outreach.publishing.mastodon.own_statuses import OwnStatuses, application_of, instant_of
from outreach.publishing.mastodon.standing import is_there, source_of, standing
from outreach.publishing.publisher import BeforeCommit, Done
from outreach.publishing.refusals import leaves_doubt

_READ_BACK = (0.0, 0.5, 1.5)
"""Seconds before each reading back: a server may answer from a copy that is a moment behind."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""What the id of a status looks like: it becomes a part of addresses."""

_AS_WRITTEN = {"content_type": "text/plain"}
"""Else GoToSocial, Akkoma and others take a text for Markdown where the account is set so. Mastodon does not ask."""

_MOST_SOURCES = 5
"""Of so many statuses is asked what was written, where nothing was asked for; of the others their words tell."""


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
        self._posted = ""
        self._late = list(OwnStatuses.LATE)

    def open(self) -> None:
        self._client.open()
        if not self._me:
            answer = self._client.read(lambda m: m.account_verify_credentials())
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
            before_commit([part])
            out[part.number] = self._post(part, media, out)
            done(out[part.number])

    def _post(self, part: ReadyPart, media: Sequence[str], out: Mapping[int, Published]) -> Published:
        above = out[part.number - 1] if part.number > 1 else None
        fields = {name: value or None for name, value in part.record.items()}
        fields |= {"media_ids": media or None, "in_reply_to_id": above.id if above else None}
        answer = self._client.change(lambda m: m.status_post(idempotency_key=part.key, **fields), _AS_WRITTEN)
        is_yes = 200 <= answer.status < 300
        if not is_yes and leaves_doubt(answer.status):
            # 4.6 says 500 to a repeat although the status exists.
            raise InDoubt(f"{self.account} is in trouble ({answer.status}) and did not say whether it posted.")
        if not is_yes:
            raise self._client.refused(answer)
        id = answer.object().get("id")
        if type(id) not in (str, int) or not _ID.fullmatch(str(id)):
            raise InDoubt(f"{self.account} accepted it, but its answer could not be read.")
        if str(id) in (each.id for each in out.values()):  # never taken back for hanging in the wrong place
            raise InDoubt(f"{self.account} accepted it, but named an earlier part of the thread.")
        found, posted = self._read_back(part, str(id))
        self._posted = posted.id
        if above is not None and str(found.get("in_reply_to_id", above.id)) != above.id:
            self._take_back(posted, above)
        return posted

    def _take_back(self, posted: Published, above: Published) -> None:
        """Nothing of ours hangs where it should not. Raises NotSent, or InDoubt if it cannot be taken down."""
        wrong = f"{self.account} did not put part {posted.part} below part {above.part}"
        try:
            self.remove(posted)
        except (NotSent, InDoubt) as error:
            raise InDoubt(f"{wrong}, and it is at {posted.url}: {error}") from error
        hint = f"Look whether {above.url} is still there."
        raise NotSent(f"{wrong}, so it was taken down again.", hint=hint, permanent=True)

    def _read_back(self, part: ReadyPart, id: str) -> tuple[Mapping[str, Any], Published]:
        """The status as it is there. Raises NotSent if it does not, InDoubt if nobody can say."""
        for pause in _READ_BACK:
            time.sleep(pause)
            try:
                answer = self._client.status(id)
            except NotSent as error:
                raise InDoubt(f"{self.account} accepted it, but then: {error}") from error
            found = answer.object()
            if answer.status == 200 and str(found.get("id")) == id:
                return found, self._as_it_reads(part, found)
        if answer.status == 404 and found:
            raise NotSent(
                f"{self.account} accepted the post, but did not keep it (404): probably a spam filter.",
                hint="Ask those who run the server, then publish again.",
                permanent=True,
            )
        raise InDoubt(f"{self.account} accepted it, but does not show the post ({answer.status}).")

    def _as_it_reads(self, part: ReadyPart, found: Mapping[str, Any]) -> Published:
        """It with its `text` where the server took an earlier one of ours with the same key for this one."""
        content, posted = str(found.get("content")), self._published(part.number, found)
        if is_shown_in(part.text, content):
            return posted
        try:
            source = source_of(self._client, posted.id)
        except NotSent:  # it is out, whatever it says
            source = None
        if source is not None and is_same_text(part.text, source):
            return posted
        return replace(posted, text=source or "", drawn=drawn(content))

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
        self.open()
        own = OwnStatuses(self._client, str(self._me["id"]), self._posted, self._late)
        parent = out[part.number - 1].id if part.number > 1 and part.number - 1 in out else None
        foreign: Published | None = None
        maybe: dict[str, Published] = {}
        sources = 0
        for status in own.below(parent, since, known):
            name = application_of(status)
            is_new = own.is_newer(status, since)
            is_ours = name is None or self._is_ours(own, name) or (asked and is_new and not self._is_named(own))
            is_new = is_new and is_ours
            is_it = is_shown_in(part.text, str(status.get("content")))
            if is_new and not is_it and (asked or sources < _MOST_SOURCES):
                sources += 1
                is_it = self._was_written(part, str(status["id"]))
            if is_it:
                if is_ours:
                    return self._published(part.number, status)
                foreign = foreign or replace(self._published(part.number, status), by=str(name)[:100])
            elif is_new and asked:
                there = self._published(part.number, status)
                maybe[there.url] = there
        if maybe:
            raise MayStandThere(maybe)
        return foreign if by_anyone else None

    def _was_written(self, part: ReadyPart, id: str) -> bool:
        """Whether the server says that a status was written so, however it shows it."""
        source = source_of(self._client, id)
        return source is not None and is_same_text(part.text, source)

    def _is_ours(self, own: OwnStatuses, name: str) -> bool:
        """Whether an application is the one that we post with; of a server that does not say which, any is."""
        if not self._application:
            self._application = own.application() or "*"
        return self._application in ("*", name) or name in own.names

    def _is_named(self, own: OwnStatuses) -> bool:
        """Whether the server was seen to call us in statuses what it calls our token: Pixelfed calls all `web`."""
        return bool(own.names) or self._application in own.seen

    def stands(self, part: Published) -> bool:
        self.open()
        return is_there(self._client, part.id)

    def shown(self, part: Published, ready: ReadyPart) -> ReadyPart:
        self.open()
        return standing(self._client, part.id).as_part(ready)

    def engagement(self, ids: Sequence[str]) -> Mapping[str, Engagement]:
        self.open()
        counts = counts_of(self._client, ids)
        mine = str(self._me["id"])
        return {id: engagement_of(self._client, id, each, mine) for id, each in counts.items()}

    def edit(self, part: Published, ready: ReadyPart) -> bool:
        before = standing(self._client, part.id)
        if before.is_all_of(ready):
            return True  # an earlier try came through, and its answer was lost
        media = [uploaded(self._client, self._root, medium) for medium in ready.media]
        keys: dict[str, Any] = {"media_ids": media or None, "sensitive": bool(ready.record.get("sensitive"))}
        keys["spoiler_text"] = ready.record.get("spoiler_text") or ""  # what is not named stays on some servers
        language = ready.record.get("language")
        also = {**_AS_WRITTEN, **({"language": language} if language else {})}
        trouble: NotSent | InDoubt = NotSent(
            f"{self.account} accepted the edit, but still shows the old text of part {part.part}."
        )
        looks: Sequence[float] = _READ_BACK
        try:
            answer = self._client.change(lambda m: m.status_update(part.id, ready.text, **keys), also)
            if answer.status != 200:
                trouble = self._client.refused(answer)
                looks = _READ_BACK if leaves_doubt(answer.status) else _READ_BACK[:1]
        except InDoubt as error:
            trouble = error
        for pause in looks:  # also where it was refused: some refuse an edit that changes nothing any more
            time.sleep(pause)
            if standing(self._client, part.id).became(ready, before):
                return True
        raise trouble

    def remove(self, part: Published) -> None:
        trouble: NotSent | InDoubt = NotSent(f"{self.account} accepted taking down {part.url}, but still shows it.")
        is_said = False
        try:
            answer = self._client.change(lambda m: m.status_delete(part.id))
            is_said = answer.status == 200 and str(answer.object().get("id")) == part.id
            if answer.status not in (200, 404, 410):
                trouble = self._client.refused(answer)
                if not leaves_doubt(answer.status):
                    raise trouble
        except InDoubt as error:
            trouble = error
        for pause in _READ_BACK:
            time.sleep(pause)
            if not is_there(self._client, part.id, is_said=is_said):
                return
        raise trouble

    def close(self) -> None:
        """Nothing to be done: there is one connection per question."""

    def _published(self, part: int, status: Mapping[str, Any]) -> Published:
        """Where the server names no address for people, it is that at which it was asked."""
        id = str(status["id"])
        said = [str(status.get(name)) for name in ("url", "uri")]
        named = [url for url in said if url.startswith(("https:", "http:")) and url.isprintable()]  # `links` writes it
        url = [*named, f"{self._client.service.url}/api/v1/statuses/{id}"][0]
        return Published(part=part, id=id, url=url, mark=id, at=instant_of(status))


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
