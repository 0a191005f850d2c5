"""`outreach publish`: once, in order, and said truly, whatever breaks on the way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from outreach.channels.http_service import Limits
from outreach.channels.secrets import Secret, Secrets
from outreach.ledger import open_ledger
from outreach.ledger.receipts import read_receipts
from outreach.tasks.publishing import PublishOrder, publish
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS, write_posts
from tests.servers.fault_proxy import FaultProxy, fault_proxy
from tests.servers.mastodon import TOKEN, running_mastodon
from tests.servers.pds import PASSWORD, Pds

QUICK = Limits(connect=2, answer=1)
GO = PublishOrder(go=True)


@dataclass
class Here:
    """A campaign, the proxy before its server, and the server."""

    root: Path
    proxy: FaultProxy
    server: Any

    def go(self, **keys: Any) -> list[tuple[str, str, str]]:
        result = publish(self.root, PublishOrder(go=True, **keys), limits=QUICK)
        return [(action.id, str(action.result), action.reason) for action in result.actions]

    def results(self, **keys: Any) -> list[str]:
        return [result for _, result, _ in self.go(**keys)]


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    return Secrets()


@pytest.fixture
def here(tmp_path: Path, secrets: Secrets) -> Iterator[Here]:
    with running_mastodon() as server, fault_proxy(server.url) as proxy:
        secrets.put(f"mastodon:{proxy.url.partition('://')[2]}", Secret(TOKEN))
        root = write_posts(tmp_path / "campaign", accounts=f"  mastodon: {{server: '{proxy.url}'}}\n")
        yield Here(root, proxy, server)


def chain() -> list[tuple[str, str | None]]:
    return [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def test_without_go_nothing_is_published(here: Here) -> None:
    answer = outreach("publish", "--json", folder=here.root)
    assert [action["result"] for action in json.loads(answer.out)["actions"]] == ["planned"]
    assert here.proxy.heard == []


def test_a_thread_is_published_once(here: Here) -> None:
    assert here.results() == ["done"]
    assert here.results() == ["done"]
    assert here.server.chain() == chain()
    first = next(iter(here.server.statuses.values()))
    assert first["media_attachments"][0]["description"] == "A picture"
    receipts, _ = read_receipts(here.root)
    assert [receipt.id for receipt in receipts] == [f"thread/mastodon/{part}" for part in (1, 2, 3)]
    with open_ledger(here.root) as ledger:
        past = ledger.past().posts["thread", "mastodon"]
        assert past.url == first["url"].replace(here.server.url, here.proxy.url)
        assert past == ledger.full_past().posts["thread", "mastodon"]


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "status-after=500", "truncate-after", "garbage-after"])
@pytest.mark.parametrize("key_is", ["honours", "ignores", "stumbles"])
@pytest.mark.parametrize("after", [0, 1])
def test_no_part_is_doubled_or_lost(here: Here, fault: str, key_is: str, after: int) -> None:
    here.server.key_is = key_is
    here.proxy.will("POST /api/v1/statuses", *["pass"] * after, fault)
    said = here.results()
    if said == ["unknown"]:
        wait_out(here)
        said = here.results()
    assert said == ["done"]
    assert here.server.chain() == chain()


def test_what_lands_late_is_waited_for(here: Here) -> None:
    here.server.key_is = "ignores"
    here.proxy.will("POST /api/v1/statuses", "late-after=1.5")
    assert here.results() == ["unknown"]
    assert here.results() == ["unknown"]
    here.proxy.settle()
    assert here.results() == ["done"]
    assert here.server.chain() == chain()


def wait_out(here: Here) -> None:
    """Until a request without an answer cannot land any more, by the ledger's clock."""
    import sqlite3
    from datetime import UTC, datetime, timedelta

    earlier = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    with sqlite3.connect(here.root / ".outreach" / "ledger.db") as db:
        db.execute("UPDATE attempts SET committed = ? WHERE outcome = 'unknown'", (earlier,))
    db.close()


@pytest.mark.parametrize(
    ("status", "result"), [(400, "failed"), (401, "failed"), (403, "failed"), (404, "failed"), (413, "failed"),
                           (422, "failed"), (429, "failed")],
)  # fmt: skip
def test_a_refusal_is_one_sentence_and_nothing_is_out(here: Here, status: int, result: str) -> None:
    here.server.refuses = status
    here.server.headers = {"X-RateLimit-Reset": "2026-12-01T10:00:00Z"}
    ((_, said, reason),) = here.go()
    assert said == result
    assert "\n" not in reason
    assert reason
    assert here.server.statuses == {}
    if status == 429:
        assert "10:00 UTC" in reason
    here.server.refuses = None
    assert here.results() == ["done"]


def test_a_reset_in_seconds_is_understood(here: Here) -> None:
    here.server.refuses = 429
    here.server.headers = {"X-RateLimit-Reset": "1796119200"}
    ((_, _, reason),) = here.go()
    assert "UTC" in reason


def test_what_the_server_took_and_dropped_is_not_called_published(here: Here) -> None:
    here.server.drops = True
    ((_, said, reason),) = here.go()
    assert said == "failed"
    assert "404" in reason


def test_ids_that_are_no_numbers_do(here: Here) -> None:
    here.server.ids_are = "ulids"
    assert here.results() == ["done"]
    assert here.server.chain() == chain()


def test_a_thread_that_broke_says_its_gap_and_is_completed(here: Here) -> None:
    here.proxy.will("POST /api/v1/statuses", "pass", "status-before=422")
    ((_, said, reason),) = here.go()
    assert said == "failed"
    assert "parts 2, 3 of 3 missing" in reason
    agenda = json.loads(outreach("agenda", "--json", folder=here.root).out)["items"]
    assert "the thread broke" in next(item["reason"] for item in agenda if item["id"] == "thread/mastodon")
    assert here.results() == ["done"]
    assert here.server.chain() == chain()


def test_an_empty_ledger_posts_nothing_twice(here: Here) -> None:
    assert here.results() == ["done"]
    for path in (here.root / ".outreach").glob("ledger.db*"):
        path.unlink()
    (here.root / "receipts.jsonl").unlink()
    ((_, said, reason),) = here.go()
    assert said == "held"
    assert "outreach adopt" in reason
    assert here.server.chain() == chain()


def test_nothing_listens(here: Here, secrets: Secrets) -> None:
    root = write_posts(here.root, accounts="  mastodon: {server: 'http://localhost:9'}\n")
    secrets.put("mastodon:localhost:9", Secret(TOKEN))
    ((_, said, reason),) = Here(root, here.proxy, None).go()
    assert said == "failed"
    assert "cannot be reached" in reason
    with open_ledger(root) as ledger:
        assert list(ledger.claims()) == []


def test_a_brake_holds(here: Here) -> None:
    outreach("hold", "thread", "--because", "not now", folder=here.root)
    ((_, said, reason),) = here.go()
    assert (said, reason) == ("held", "on hold: not now")
    assert here.server.statuses == {}


def test_the_trouble_of_one_account_does_not_stop_the_other(here: Here) -> None:
    accounts = (
        f"  mastodon: {{server: '{here.proxy.url}'}}\n  bluesky: {{service: 'http://localhost:9', handle: a.test}}\n"
    )
    write_posts(here.root, accounts=accounts, networks="bluesky, mastodon")
    assert sorted(here.go())[0][:2] == ("thread/bluesky", "failed")
    assert here.server.chain() == chain()


def test_a_post_by_hand_counts_only_with_its_address(here: Here) -> None:
    write_posts(here.root, accounts="  mail: {transport: outbox}\n", networks="hackernews")
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text().replace("media:", "titles: [A title]\n#media:"), encoding="utf-8")
    answer = outreach("publish", "thread", "--go", folder=here.root)
    assert "paste this at https://news.ycombinator.com/submit" in answer.out
    answer = outreach("publish", "thread", "--url", "elsewhere", folder=here.root)
    assert answer.code == 2
    answer = outreach("publish", "thread", "--url", "https://news.ycombinator.com/item?id=1", folder=here.root)
    assert "published  https://news.ycombinator.com/item?id=1" in answer.out


def test_a_thread_on_the_real_pds(tmp_path: Path, secrets: Secrets, pds: Pds) -> None:
    handle = f"thread{os.getpid()}"
    did = pds.account(handle)
    with fault_proxy(pds.url) as proxy:
        secrets.put(f"bluesky:{handle}.test", Secret(PASSWORD))
        account = f"  bluesky: {{service: '{proxy.url}', handle: {handle}.test}}\n"
        here = Here(write_posts(tmp_path / "c", accounts=account, networks="bluesky"), proxy, pds)
        proxy.will("applyWrites", "drop-after")
        assert here.results() == ["done"]
        assert here.results() == ["done"]
        records = {record["uri"]: record for record in pds.records(did)}
        assert sorted(record["value"]["text"] for record in records.values()) == sorted(TEXTS)
        receipts, _ = read_receipts(here.root)
        assert sorted(f"{uri} {record['cid']}" for uri, record in records.items()) == sorted(r.proof for r in receipts)
        for record in records.values():
            value = record["value"]
            for facet in value.get("facets", []):
                span = value["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
                assert span in (facet["features"][0].get("uri"), f"#{facet['features'][0].get('tag')}")
        for path in (here.root / ".outreach").glob("ledger.db*"):
            path.unlink()
        (here.root / "receipts.jsonl").unlink()
        here.go()
        assert len(pds.records(did)) == 3
