"""Bluesky's numbers and replies, from the real AppView: what others do with our posts is what `sync` says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.identities import bluesky_password
from outreach.connections.secrets import Secret, Secrets
from outreach.ledger import open_ledger
from outreach.model.publication import PostSync
from outreach.tasks.publishing.correcting import retract
from outreach.tasks.publishing.engagement import sync_posts
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import Here
from tests.servers.pds import PASSWORD, Pds, running_network

SECONDS = 30
"""How long the AppView may take to have heard of something; it takes well under one."""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with running_network(tmp_path_factory.mktemp("network")) as server:
        yield server


@pytest.fixture
def here(network: Pds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A thread that is out, by `alliance.test`; the contact FSFE is `fsfe.test`."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    did = network.account("alliance")
    Secrets().put(bluesky_password({"service": network.url, "handle": "alliance.test"}), Secret(PASSWORD))
    account = f"  bluesky: {{service: '{network.url}', handle: alliance.test}}\n"
    root = write_posts(tmp_path / "c", accounts=account, networks="bluesky")
    (root / "contacts").mkdir()
    (root / "contacts" / "fsfe.yaml").write_text(
        "id: fsfe\nname: FSFE\nkind: organisation\nchannels:\n  - {bluesky: fsfe.test}\n", encoding="utf-8"
    )
    found = Here(root, None, (network, did))  # type: ignore[arg-type]
    assert found.results() == ["done"]
    return found


class Somebody:
    """Another account, which does something with our posts."""

    def __init__(self, network: Pds, name: str) -> None:
        self._network = network
        self._did = network.account(name)
        login = network.ask("com.atproto.server.createSession", {"identifier": f"{name}.test", "password": PASSWORD})
        self._token = str(login["accessJwt"])

    def makes(self, collection: str, **record: Any) -> None:
        value = {"$type": collection, "createdAt": datetime.now(UTC).isoformat(), **record}
        asked = {"repo": self._did, "collection": collection, "record": value}
        self._network.ask("com.atproto.repo.createRecord", asked, self._token)


def synced(here: Here, expected: dict[str, float]) -> PostSync:
    """A sync, as soon as the AppView has heard of all that is expected."""
    until = time.monotonic() + SECONDS
    while True:
        result = sync_posts(here.root)
        if result.counted.get("thread/bluesky", {}).items() >= expected.items():
            return result
        assert time.monotonic() < until, (result, expected)
        time.sleep(0.1)


def test_what_others_do_with_our_posts_is_counted_and_a_contact_s_reply_is_an_answer(here: Here) -> None:
    network, did = here.server
    ours = {record["value"]["text"]: {"uri": record["uri"], "cid": record["cid"]} for record in network.records(did)}
    first, second = ours[TEXTS[0]], ours[TEXTS[1]]
    fsfe, other = Somebody(network, "fsfe"), Somebody(network, "anna")
    for who in (fsfe, other):
        who.makes("app.bsky.feed.like", subject=first)
    other.makes("app.bsky.feed.like", subject=second)
    other.makes("app.bsky.feed.repost", subject=first)
    quote = {"$type": "app.bsky.embed.record", "record": first}
    other.makes("app.bsky.feed.post", text="Read this", embed=quote)
    fsfe.makes("app.bsky.feed.post", text="We support this.", reply={"root": first, "parent": second})
    result = synced(here, {"likes": 3, "reposts": 1, "quotes": 1, "replies": 1})
    with open_ledger(here.root) as ledger:
        replies = [event for event in ledger.events() if event.kind == "reply"]
        assert [(event.contact, event.address, event.text) for event in replies] == [
            ("fsfe", "fsfe.test", "We support this.")
        ]
        assert ledger.past().contacts["fsfe"].answered is not None
        assert ledger.past().posts["thread", "bluesky"].numbers["likes"] == 3
    assert result.troubles == ()
    assert sync_posts(here.root).replies == ()
    assert [each.how for each in retract(here.root, "thread", go=True)]
    assert network.records(did) == []
