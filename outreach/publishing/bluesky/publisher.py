"""Posts on Bluesky, through the SDK `atproto`: putRecord that may only create, and a thread as one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from outreach.connections.http_service import Answer, Limits, NoAnswer, member, objects
from outreach.connections.secrets import Secrets
from outreach.errors import InDoubt, NotSent
from outreach.model.publication import Engagement, PartMedium, Publication, Published, ReadyPart
from outreach.networks.bluesky import COLLECTION, bluesky_thread
from outreach.networks.content_ids import blob_cid
from outreach.networks.identity import public_url
from outreach.publishing.bluesky.engagement import counts_of, engagement_of
from outreach.publishing.bluesky.session import AS_IT_IS, BlueskySession
from outreach.publishing.publisher import BeforeCommit, Done, content
from outreach.publishing.refusals import about_file, leaves_doubt

_OTHER_WORDS = ("InvalidRequest", "NotFound")
"""What other servers, and the reference one until 2024, call a record that is not there: `Could not locate record`."""
_NO_TRANSACTIONS = ("MethodNotImplemented", "XRPCNotSupported")
"""What a server says that does not know applyWrites: there a thread goes out part by part, each under its own key."""
_MOST_WRITES = 200  # in one call of com.atproto.repo.applyWrites; servers refuse more


class BlueskyPublisher:
    """One account on Bluesky."""

    via = "bluesky"
    repeats_safely = True

    def __init__(self, session: BlueskySession, root: Path, limits: Limits) -> None:
        self.account = session.handle
        self.settles = timedelta(seconds=limits.answer + 30)
        self._session = session
        self._root = root

    def open(self) -> None:
        self._session.open()

    def ready(self, publication: Publication, out: Mapping[int, Published] | None = None) -> tuple[ReadyPart, ...]:
        return bluesky_thread(publication, self._session.did, out)

    def publish(
        self, parts: Sequence[ReadyPart], out: Mapping[int, Published], before_commit: BeforeCommit, done: Done
    ) -> None:
        for medium in dict.fromkeys(medium for part in parts for medium in part.media):
            self._upload(medium)
        before_commit(parts)
        for each in self._put(parts):
            done(each)

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
        there = self._record_at(part.uri)
        if there is None:
            return None
        text = member(there, "value").get("text")
        return replace(_published(part.number, part.uri, str(there["cid"])), text=str(text or ""))

    def stands(self, part: Published) -> bool:
        return self._record_at(part.id) is not None

    def shown(self, part: Published, ready: ReadyPart) -> ReadyPart:
        there = self._record_at(part.id)
        if there is None:
            raise NotSent(f"{self.account}: part {part.part} is no longer on Bluesky.", permanent=True)
        value = member(there, "value")
        alts = [str(each.get("alt") or "") for each in objects(member(value, "embed").get("images"))]
        media = tuple(replace(medium, alt=alt) for medium, alt in zip(ready.media, alts, strict=False))
        return replace(ready, text=str(value.get("text") or ""), media=(*media, *ready.media[len(media) :]))

    def _record_at(self, uri: str) -> dict[str, Any] | None:
        """The record that the PDS has at an address of ours, with its CID; None if it has none. Raises NotSent."""
        self._session.open()
        query = {"repo": self._session.did, "collection": COLLECTION, "rkey": uri.rpartition("/")[2]}
        answer = self._session.read(lambda client: client.com.atproto.repo.get_record(query, **AS_IT_IS))
        found = answer.object()
        if answer.status == 200 and found.get("uri") == uri and isinstance(found.get("cid"), str):
            return found
        error, said = str(found.get("error")), str(found.get("message")).lower()
        is_none = error == "RecordNotFound" or (error in _OTHER_WORDS and "record" in said)
        if answer.status in (400, 404) and is_none:
            return None
        raise self._session.refused(answer)

    def engagement(self, ids: Sequence[str]) -> Mapping[str, Engagement]:
        counts = counts_of(self._session, ids)
        return {id: engagement_of(self._session, id, each) for id, each in counts.items()}

    def edit(self, part: Published, ready: ReadyPart) -> bool:
        """Never: readers of Bluesky would go on seeing the old text."""
        return False

    def remove(self, part: Published) -> None:
        self._session.open()
        key = part.id.rpartition("/")[2]
        value = {"repo": self._session.did, "collection": COLLECTION, "rkey": key}
        answer = self._session.write(lambda client: client.com.atproto.repo.delete_record(value, **AS_IT_IS))
        if answer.status != 200:
            raise self._session.refused(answer)
        if self._record_at(part.id) is not None:  # a portal on the way says yes to everything
            raise NotSent(f"{self.account}: Bluesky accepted it, but part {part.part} is still there.")

    def close(self) -> None:
        """Nothing to be done: there is one connection per question."""

    # --- writing -----------------------------------------------------------------------------------

    def _put(self, parts: Sequence[ReadyPart]) -> list[Published]:
        answer = self._write(parts)
        found = answer.object()
        if answer.status == 200:
            said = _cids(found, parts, answer)
            if said != [part.cid for part in parts]:
                raise InDoubt(f"{self.account}: Bluesky stored a different text from the one that was sent.")
            return [_published(part.number, part.uri, part.cid) for part in parts]
        if len(parts) > 1 and found.get("error") in _NO_TRANSACTIONS:
            return [each for part in parts for each in self._put([part])]
        # A key that is taken is answered with 400 for one record and 500 for several: it is our own post then,
        # from a try of which we never heard.
        there = self._there(parts)
        if there is not None:
            return there
        if leaves_doubt(answer.status):
            raise InDoubt(f"{self.account}: Bluesky is in trouble ({answer.status}) and did not say what it did.")
        raise self._session.refused(answer)

    def _there(self, parts: Sequence[ReadyPart]) -> list[Published] | None:
        """All the parts as they are there; None if one is missing, or nobody can say."""
        found = []
        for part in parts:
            try:
                one = self.find(part, {}, part.at, ())
            except NotSent:
                return None
            if one is None:
                return None
            found.append(one)
        return found

    def _write(self, parts: Sequence[ReadyPart]) -> Answer:
        if len(parts) > _MOST_WRITES:
            raise NotSent(f"A thread of {len(parts)} parts is too long for Bluesky.", permanent=True)
        if len(parts) == 1:
            part = parts[0]
            value: dict[str, Any] = {
                "repo": self._session.did,
                "collection": COLLECTION,
                "rkey": part.key,
                "record": part.record,
                "swapRecord": None,  # only where there is no record yet
                "validate": True,
            }
            return self._session.write_json("com.atproto.repo.putRecord", value)
        writes = [
            {"$type": "com.atproto.repo.applyWrites#create", "collection": COLLECTION, "rkey": part.key,
             "value": part.record}
            for part in parts
        ]  # fmt: skip
        value = {"repo": self._session.did, "writes": writes, "validate": True}
        return self._session.write_json("com.atproto.repo.applyWrites", value)

    def _upload(self, medium: PartMedium) -> None:
        """Bring a file to the server, where nobody sees it before a record names it."""
        try:
            data = content(self._root, medium.source)
        except OSError as error:
            raise NotSent(f"{medium.file} cannot be read: {error.strerror}.", permanent=True) from error
        if hashlib.sha256(data).hexdigest() != medium.sha256:
            raise NotSent(f"{medium.file} was changed since it was approved.", hint="Approve the post again.")
        try:
            headers = {"Content-Type": medium.media_type}
            answer = self._session.write(
                lambda client: client.com.atproto.repo.upload_blob(data, headers=headers, **AS_IT_IS)
            )
        except InDoubt as error:
            raise NotSent(f"{medium.file} could not be uploaded: {error}", stops_run=True) from error
        said = member(member(answer.object(), "blob"), "ref").get("$link")
        if answer.status != 200 or not isinstance(said, str):
            raise about_file(self._session.refused(answer), medium.file)
        if said != blob_cid(medium.sha256):
            raise NotSent(f"Bluesky stored a different file from {medium.file}.")


def _cids(found: Mapping[str, Any], parts: Sequence[ReadyPart], answer: Answer) -> list[object]:
    """The CIDs in an answer to putRecord or applyWrites. Raises InDoubt for an answer that names none."""
    try:
        answer.json()
    except NoAnswer as error:
        raise InDoubt(f"Bluesky: {error}.") from error
    results = found.get("results") if len(parts) > 1 else [found]
    if not isinstance(results, list) or not all(isinstance(each, dict) for each in results):
        raise InDoubt("Bluesky did not say what it stored.")
    return [each.get("cid") for each in results]


def _published(part: int, uri: str, cid: str) -> Published:
    return Published(part=part, id=uri, url=public_url(uri), mark=cid)


def bluesky(
    account: Mapping[str, str],
    root: Path,
    secrets: Secrets,
    *,
    limits: Limits | None = None,
    loopback_only: bool = False,
) -> BlueskyPublisher:
    """The adapter for the registry. Raises NotSent."""
    limits = limits or Limits()
    session = BlueskySession(account["service"], account["handle"], secrets, limits=limits, loopback_only=loopback_only)
    return BlueskyPublisher(session, root, limits)
