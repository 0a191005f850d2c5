"""A thread with everything in it, on the real PDS: read back, it is what was computed, byte for byte."""

from __future__ import annotations

import json
import random
import urllib.request
from pathlib import Path

import pytest

from outreach.connections.identities import bluesky_password
from outreach.connections.secrets import Secret, Secrets
from outreach.ledger import open_ledger
from outreach.ledger.blobs import kept
from outreach.networks.content_ids import record_cid
from outreach.networks.freezing import thaw_part
from tests.acceptance.command import outreach
from tests.publishing.campaigns import write_posts
from tests.publishing.here import Here
from tests.servers.fault_proxy import FaultProxy, fault_proxy
from tests.servers.pds import PASSWORD, Pds

PAGE = "https://example.org/brief"
PARTS = (
    "Öffentliches Geld 👩‍👩‍👧 for @fsfe.example and #OpenSource",
    f"Read ☕ {PAGE} (with #Straße)",
    "Thanks, @fsfe.example!",
)


def _campaign(tmp_path: Path, pds: Pds, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> tuple[Here, str]:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    handle = f"rich{random.randrange(10**9)}"
    did = pds.account(handle)
    Secrets().put(bluesky_password({"service": proxy.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
    account = f"  bluesky: {{service: '{proxy.url}', handle: {handle}.test}}\n"
    root = write_posts(tmp_path / "c", accounts=account, networks="bluesky", parts=PARTS)
    post = root / "posts" / "thread.md"
    post.write_text(post.read_text().replace("language: en\n", f"language: en\ncard: {PAGE}\n"), encoding="utf-8")
    (root / "lookups.yaml").write_text(
        "handles:\n  fsfe.example: {did: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'}\n"
        f"cards:\n  '{PAGE}': {{title: The brief, description: Two pages}}\n",
        encoding="utf-8",
    )
    return Here(root, proxy, pds), did


def test_what_stands_there_is_what_the_ledger_held_before_the_first_call(
    tmp_path: Path, pds: Pds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fault_proxy(pds.url) as proxy:
        here, did = _campaign(tmp_path, pds, proxy, monkeypatch)
        said = here.go()
        assert [result for _, result, _ in said] == ["done"], said
        assert here.results() == ["done"]
        records = {record["uri"]: record for record in pds.records(did)}
        with open_ledger(here.root) as ledger:
            frozen = [
                thaw_part(kept(here.root, attempt.digest))
                for claim in ledger.claims()
                for attempt in ledger.attempts(claim)
            ]
        assert {part.uri: part.cid for part in frozen} == {uri: record["cid"] for uri, record in records.items()}
        assert {part.uri: record_cid(part.record) for part in frozen} == {part.uri: part.cid for part in frozen}
    by_text = {record["value"]["text"]: record["value"] for record in records.values()}
    assert set(by_text) == set(PARTS)
    covered = [
        (value["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(), facet["features"][0])
        for value in by_text.values()
        for facet in value.get("facets", [])
    ]
    assert sorted(text for text, _ in covered) == ["#OpenSource", "#Straße", "@fsfe.example", "@fsfe.example", PAGE]
    for text, feature in covered:
        named = {"@": feature.get("did"), "#": f"#{feature.get('tag')}"}.get(text[0], feature.get("uri"))
        assert named in (text, "did:plc:ewvi7nxzyoun6zhxrhs64oiz")
    image = by_text[PARTS[0]]["embed"]["images"][0]
    assert image["alt"] == "A picture"
    blob = f"{pds.url}/xrpc/com.atproto.sync.getBlob?did={did}&cid={image['image']['ref']['$link']}"
    with urllib.request.urlopen(blob, timeout=10) as answer:
        assert len(answer.read()) == image["image"]["size"]
    external = by_text[PARTS[1]]["embed"]["external"]
    assert (external["uri"], external["title"]) == (PAGE, "The brief")


@pytest.mark.parametrize("lost", [(), (2, 3)])
def test_adopt_finds_a_thread_by_its_keys_and_nothing_is_out_twice(
    tmp_path: Path, pds: Pds, monkeypatch: pytest.MonkeyPatch, lost: tuple[int, ...]
) -> None:
    with fault_proxy(pds.url) as proxy:
        here, did = _campaign(tmp_path, pds, proxy, monkeypatch)
        assert here.results() == ["done"]
        uris = {record["value"]["text"]: record["uri"] for record in pds.records(did)}
        token = pds.ask("com.atproto.server.createSession", {"identifier": did, "password": PASSWORD})["accessJwt"]
        for number in lost:
            key = uris[PARTS[number - 1]].rpartition("/")[2]
            pds.ask("com.atproto.repo.deleteRecord", _record(did, key), token=token)
        _forget(here.root)
        adopted = json.loads(outreach("adopt", "--json", folder=here.root).out)["adopted"]
        assert adopted == [f"thread/bluesky/{number}" for number in (1, 2, 3) if number not in lost]
        assert here.results() == ["done"]
        records = pds.records(did)
        assert {record["value"]["text"]: record["uri"] for record in records} == uris
        assert len(records) == 3


def test_adopt_finds_what_stands_in_the_outbox(tmp_path: Path) -> None:
    accounts = "  mastodon: {server: 'https://social.example', transport: outbox}\n"
    here = Here(write_posts(tmp_path / "c", accounts=accounts), None, None)  # type: ignore[arg-type]
    assert here.results() == ["done"]
    _forget(here.root)
    files = sorted((here.root / "outbox" / "posts").rglob("*.json"))
    adopted = json.loads(outreach("adopt", "--json", folder=here.root).out)["adopted"]
    assert adopted == [f"thread/mastodon/{number}" for number in (1, 2, 3)]
    assert here.results() == ["done"]
    assert sorted((here.root / "outbox" / "posts").rglob("*.json")) == files


def _record(did: str, key: str) -> dict[str, str]:
    return {"repo": did, "collection": "app.bsky.feed.post", "rkey": key}


def _forget(root: Path) -> None:
    for path in (root / ".outreach").glob("ledger.db*"):
        path.unlink()
    (root / "receipts.jsonl").unlink()
