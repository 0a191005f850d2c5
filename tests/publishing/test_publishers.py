"""What every network does alike: publish once, find again, say truly how it ended."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.http_service import Limits
from outreach.connections.identities import bluesky_password, mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import InDoubt, NotSent
from outreach.model.publication import Part, PartMedium, Publication, Published, ReadyPart
from outreach.model.secret import SecretKind
from outreach.networks.content_ids import blob_cid
from outreach.publishing.bluesky import bluesky
from outreach.publishing.mastodon import mastodon
from outreach.publishing.posts_outbox import posts_outbox
from outreach.publishing.publisher import Publisher
from tests.publishing.plain_file import plain_files
from tests.servers.fault_proxy import FaultProxy, fault_proxy
from tests.servers.mastodon import TOKEN, Mastodon, running_mastodon
from tests.servers.pds import PASSWORD, Pds

LIMITS = Limits(connect=2, answer=5)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"not much of a picture" * 9


@dataclass
class Place:
    """An account on a running server behind the proxy, and what stands there."""

    root: Path
    secrets: Secrets
    proxy: FaultProxy
    server: Any
    network: str
    account: dict[str, str] = field(default_factory=dict)
    did: str = ""

    def publisher(self, limits: Limits = LIMITS) -> Publisher:
        make: Any = {
            "bluesky": bluesky, "mastodon": mastodon, "outbox": posts_outbox, "plain-file": plain_files,
        }[self.network]  # fmt: skip
        return make(self.account, self.root, self.secrets, limits=limits)

    def texts(self) -> list[str]:
        if isinstance(self.server, Mastodon):
            return sorted(self.server.texts())
        if self.network == "plain-file":
            return sorted(json.loads(file.read_text())["status"] for file in self.root.glob("public/*.json"))
        if self.network == "outbox":
            return sorted(
                json.loads(file.read_text())["record"]["status"] for file in self.root.rglob("outbox/**/*.json")
            )
        return sorted(record["value"]["text"] for record in self.server.records(self.did))

    @property
    def write(self) -> str:
        """The request that makes a post public."""
        return "POST /api/v1/statuses" if self.network == "mastodon" else "POST /xrpc/com.atproto.repo.applyWrites"

    def publication(self, post: str, *texts: str, at: datetime | None = None) -> Publication:
        medium = PartMedium(
            file="picture.png", sha256=hashlib.sha256(PICTURE).hexdigest(), media_type="image/png", alt="A picture"
        )
        parts = [self._part(number, text) for number, text in enumerate(texts, 1)]
        parts[0] = replace(self._with(parts[0], medium), media=(medium,))
        return Publication(
            campaign="tests", post=post, network=self.network, account="one", revision=1,
            at=at or datetime.now(UTC), parts=tuple(parts),
        )  # fmt: skip

    def _part(self, number: int, text: str) -> Part:
        if self.network != "bluesky":
            fields = {"status": text, "visibility": "unlisted", "language": "en", "spoiler_text": "Careful"}
            return Part(number=number, text=text, record=fields)
        record = {"$type": "app.bsky.feed.post", "text": text, "langs": ["en"]}
        return Part(number=number, text=text, record=record)

    def _with(self, part: Part, medium: PartMedium) -> Part:
        if self.network != "bluesky":
            return part
        blob = {
            "$type": "blob",
            "ref": {"$link": blob_cid(medium.sha256)},
            "mimeType": "image/png",
            "size": len(PICTURE),
        }
        image = {"alt": medium.alt, "image": blob}
        labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
        embed = {"$type": "app.bsky.embed.images", "images": [image]}
        return replace(part, record={**part.record, "embed": embed, "labels": labels})


_accounts = iter(range(10_000))


@pytest.fixture(params=["bluesky", "mastodon", "outbox", "plain-file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "picture.png").write_bytes(PICTURE)
    secrets = Secrets({"OUTREACH_SECRETS": str(tmp_path / "secrets.json")}, keyring=False)
    with ExitStack() as stack:
        if request.param == "outbox":
            yield Place(tmp_path, secrets, None, None, "outbox", {"network": "mastodon"})  # type: ignore[arg-type]
            return
        if request.param == "plain-file":
            yield Place(tmp_path, secrets, None, None, "plain-file", {"folder": "public"})  # type: ignore[arg-type]
            return
        if request.param == "mastodon":
            server: Any = stack.enter_context(running_mastodon())
            proxy = stack.enter_context(fault_proxy(server.url))
            secrets.put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
            yield Place(tmp_path, secrets, proxy, server, "mastodon", {"server": proxy.url})
            return
        server = request.getfixturevalue("pds")
        handle = f"camp{next(_accounts)}"
        did = server.account(handle)
        proxy = stack.enter_context(fault_proxy(server.url))
        secrets.put(bluesky_password({"service": proxy.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
        account = {"service": proxy.url, "handle": f"{handle}.test"}
        yield Place(tmp_path, secrets, proxy, server, "bluesky", account, did)


class Told:
    """What a publisher tells whoever called it, in order."""

    def __init__(self) -> None:
        self.marked: list[int] = []
        self.out: dict[int, Published] = {}

    def mark(self, parts: Any) -> None:
        self.marked += [part.number for part in parts]

    def done(self, part: Published) -> None:
        assert part.part in self.marked
        self.out[part.part] = part


def publish(
    publisher: Publisher, publication: Publication, told: Told | None = None
) -> tuple[Told, tuple[ReadyPart, ...]]:
    told = told or Told()
    publisher.open()
    ready = publisher.ready(publication)
    missing = [part for part in ready if part.number not in told.out]
    if missing:
        publisher.publish(missing, told.out, told.mark, told.done)
    return told, ready


class TestEveryPublisher:
    """One contract."""

    def test_a_thread_is_out_once_and_in_order(self, place: Place) -> None:
        told, _ = publish(place.publisher(), place.publication("p", "One", "Two", "Three"))
        assert place.texts() == ["One", "Three", "Two"]
        assert list(told.out) == [1, 2, 3]
        assert all("://" in each.proof for each in told.out.values())
        assert all(each.url.startswith("http") or place.network == "outbox" for each in told.out.values())

    def test_what_is_out_is_found_again_and_what_is_not_is_not(self, place: Place) -> None:
        publication = place.publication("p", "One", "Two")
        told, ready = publish(place.publisher(), publication)
        publisher = place.publisher()
        publisher.open()
        assert publisher.find(ready[1], told.out, publication.at, ()) == told.out[2]
        other = publisher.ready(place.publication("other", "Never"))
        assert publisher.find(other[0], {}, publication.at, ()) is None

    def test_what_readers_see_is_shown(self, place: Place) -> None:
        told, ready = publish(place.publisher(), place.publication("p", "One", "Two"))
        publisher = place.publisher()
        publisher.open()
        assert [publisher.shown(told.out[part.number], part) for part in ready] == list(ready)
        other = replace(ready[1], text="Another")
        assert publisher.shown(told.out[2], other).text == "Two"
        publisher.remove(told.out[2])
        with pytest.raises((NotSent, FileNotFoundError)):
            publisher.shown(told.out[2], other)

    def test_a_part_is_taken_down_again(self, place: Place) -> None:
        told, ready = publish(place.publisher(), place.publication("p", "One"))
        publisher = place.publisher()
        publisher.open()
        assert publisher.stands(told.out[1])
        publisher.remove(told.out[1])
        publisher.remove(told.out[1])
        assert not publisher.stands(told.out[1])
        assert publisher.find(ready[0], {}, datetime(2026, 1, 1, tzinfo=UTC), ()) is None

    def test_a_second_publisher_goes_on_where_the_first_one_stopped(self, place: Place) -> None:
        publication = place.publication("p", "One", "Two", "Three")
        told, stop = Told(), RuntimeError("stopped")

        def stopping(parts: Any) -> None:
            if told.out:
                raise stop
            told.mark(parts)

        publisher = place.publisher()
        publisher.open()
        with contextlib.suppress(RuntimeError):
            publisher.publish(publisher.ready(publication), {}, stopping, told.done)
        publish(place.publisher(), publication, told)
        assert place.texts() == ["One", "Three", "Two"]
        assert sorted(told.out) == [1, 2, 3]


@pytest.mark.parametrize("place", ["bluesky", "mastodon"], indirect=True)
class TestEveryNetwork:
    """The same where something can break on the way."""

    def test_nothing_listens_is_surely_not_done(self, place: Place) -> None:
        publisher = place.publisher()
        publisher.open()
        ready = publisher.ready(place.publication("p", "One", "Two"))
        place.proxy.will(place.write, "drop-before", "drop-before", "drop-before")
        told = Told()
        with pytest.raises((NotSent, InDoubt)):
            publisher.publish(ready, {}, told.mark, told.done)
        assert place.texts() == []
        assert told.out == {}

    @pytest.mark.parametrize("fault", ["drop-after", "status-after=502", "truncate-after", "garbage-after"])
    def test_an_answer_that_is_lost_is_a_doubt_that_asking_ends(self, place: Place, fault: str) -> None:
        publication = place.publication("p", "One", "Two")
        publisher = place.publisher()
        publisher.open()
        ready = publisher.ready(publication)
        place.proxy.will(place.write, fault)
        told = Told()
        with contextlib.suppress(InDoubt):  # one that can ask at once need not doubt
            publisher.publish(ready, {}, told.mark, told.done)
        found = publisher.find(ready[0], {}, publication.at, ())
        assert found is not None
        told.out[1] = found
        rest = [part for part in ready if publisher.find(part, told.out, publication.at, ()) is None]
        publisher.publish(rest, told.out, told.mark, told.done) if rest else None
        assert place.texts() == ["One", "Two"]

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 429])
    def test_a_plain_no_is_surely_not_done(self, place: Place, status: int) -> None:
        publisher = place.publisher()
        publisher.open()
        ready = publisher.ready(place.publication("p", "One", "Two"))
        place.proxy.will(place.write, f"status-before={status}")
        with pytest.raises(NotSent) as refusal:
            publisher.publish(ready, {}, lambda parts: None, lambda part: None)
        assert refusal.value.stops_run == (status in (401, 403, 429))
        assert str(refusal.value).endswith(".")
        assert place.texts() == []

    def test_no_secret_is_shown(self, place: Place) -> None:
        publisher = place.publisher()
        place.proxy.will("", *["status-before=403"] * 9)
        with pytest.raises(NotSent) as refusal:
            publisher.open()
        said = f"{refusal.value!r} {refusal.value} {refusal.value.hint} {refusal.value.reply} {publisher!r}"
        assert PASSWORD not in said
        assert TOKEN not in said


def test_the_record_on_the_pds_is_the_one_that_was_computed(pds: Pds, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(PICTURE)
    did = pds.account("computed")
    secrets = Secrets({"OUTREACH_SECRETS": str(tmp_path / "s.json")}, keyring=False)
    with fault_proxy(pds.url) as proxy:
        account = {"service": proxy.url, "handle": "computed.test"}
        secrets.put(bluesky_password(account), Secret(PASSWORD))
        place = Place(tmp_path, secrets, proxy, pds, "bluesky", account, did)
        publication = place.publication("p", "Une tâche 👩‍👩‍👧", "Two", "Three")
        _, ready = publish(place.publisher(), publication)
        there = {record["uri"]: record for record in pds.records(did)}
        assert {part.uri: part.cid for part in ready} == {uri: record["cid"] for uri, record in there.items()}
        assert there[ready[2].uri]["value"]["reply"]["parent"] == {"uri": ready[1].uri, "cid": ready[1].cid}
        assert there[ready[2].uri]["value"]["reply"]["root"] == {"uri": ready[0].uri, "cid": ready[0].cid}
        publish(place.publisher(), publication)
        assert len(pds.records(did)) == 3
        session = replace(bluesky_password(account), kind=SecretKind.BLUESKY_SESSION)
        assert json.loads((secrets.get(session) or Secret("{}")).reveal())["did"] == did
        assert (tmp_path / "s.json").stat().st_mode & 0o077 == 0
