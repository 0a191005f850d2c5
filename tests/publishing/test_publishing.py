"""`outreach publish`: once, in order, and said truly, whatever breaks on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach.connections.identities import bluesky_password, mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import CannotTell, NotSent
from outreach.ledger import open_ledger
from outreach.ledger.receipts import read_receipts
from outreach.networks.base import Budget
from outreach.networks.registry import KNOWN, network_of
from outreach.tasks.dashboard import see
from outreach.tasks.network_login import log_in_to_network
from outreach.tasks.publishing import PublishOrder, publish
from outreach.tasks.publishing.engagement import sync_posts
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import QUICK, Here, wait_out
from tests.servers.fault_proxy import Said, fault_proxy
from tests.servers.mastodon import CODE, TOKEN, running_mastodon
from tests.servers.pds import PASSWORD, Pds

GO = PublishOrder(go=True)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    return Secrets()


@pytest.fixture
def here(tmp_path: Path, secrets: Secrets) -> Iterator[Here]:
    with running_mastodon() as server, fault_proxy(server.url) as proxy:
        secrets.put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
        root = write_posts(tmp_path / "campaign", accounts=f"  mastodon: {{server: '{proxy.url}'}}\n")
        yield Here(root, proxy, server)


def chain() -> list[tuple[str, str | None]]:
    return [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def test_without_go_nothing_is_published(here: Here) -> None:
    answer = outreach("publish", "--json", folder=here.root)
    assert [action["result"] for action in json.loads(answer.out)["actions"]] == ["planned"]
    assert here.proxy.heard == []


def test_nothing_is_published_from_a_network_file_system(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.ledger.sqlite.network_file_system", lambda root: "nfs4")
    answer = outreach("publish", "--go", folder=here.root)
    assert (answer.code, "network drive (nfs4)" in answer.err) == (2, True)
    assert here.server.statuses == {}


def test_one_account_is_used_alone(here: Here) -> None:
    assert here.results(network="bluesky") == ["planned"]
    assert here.server.statuses == {}
    assert here.results(network="mastodon") == ["done"]


def test_only_the_very_post_that_was_seen_is_published(here: Here) -> None:
    seen = see(here.root).posts["thread/mastodon"].digest
    for only, result in (({"thread/mastodon": "0" * 64}, ["held"]), ({}, []), ({"thread/mastodon": seen}, ["done"])):
        done = publish(here.root, PublishOrder(go=True, only=only), limits=QUICK)
        assert [str(action.result) for action in done.actions] == result
    assert here.server.chain() == chain()


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
    if status not in (401, 403, 429):
        heard = len(here.proxy.heard)
        ((_, said, reason),) = here.go()
        assert (said, "--again" in reason) == ("failed", True)
        assert not any(line.startswith("POST") for line in here.proxy.heard[heard:])
    assert here.results(post="thread", again=True) == ["done"]


def test_what_was_refused_goes_out_once_its_words_are_others(here: Here) -> None:
    here.server.refuses = 422
    assert here.results() == ["failed"]
    here.server.refuses = None
    assert here.results() == ["failed"]
    assert here.server.statuses == {}
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text().replace("We ask", "We kindly ask"), encoding="utf-8")
    assert here.results() == ["done"]
    assert len(here.server.statuses) == 3


def test_sync_without_a_mailbox_reads_the_numbers_and_says_so(here: Here) -> None:
    assert here.results() == ["done"]
    answer = outreach("sync", folder=here.root)
    assert answer.code == 0
    assert "9 likes" in answer.out
    assert "campaign.yaml names no mailbox" in answer.out
    assert "likes" in json.loads(outreach("sync", "--json", folder=here.root).out)["posts"]["counts"]["thread/mastodon"]


def test_a_budget_is_kept_by_what_the_ledger_counts(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    of_five = replace(network_of("mastodon"), budgets=(Budget(hours=3, most=5),))
    monkeypatch.setitem(KNOWN, "mastodon", of_five)
    assert here.results() == ["done"]  # a thread of three
    other = here.root / "posts" / "other.md"
    other.write_text("---\nnetworks: [mastodon]\nat: 2026-01-13 09:00\n---\nOne.\n---\nTwo.\n", encoding="utf-8")
    run_approved = outreach("approve", "other", "--yes", folder=here.root)
    assert run_approved.code == 0
    again = subprocess.run(  # in another process: the ledger counts, not the run
        [sys.executable, "-m", "outreach", "publish", "--go", "--late", "--json", "--campaign", str(here.root)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert [action["result"] for action in json.loads(again.stdout)["actions"]] == ["done", "done"]
    monkeypatch.setitem(KNOWN, "mastodon", replace(of_five, budgets=(Budget(hours=3, most=6),)))
    third = here.root / "posts" / "third.md"
    third.write_text(other.read_text(encoding="utf-8"), encoding="utf-8")
    assert outreach("approve", "third", "--yes", folder=here.root).code == 0
    (_, held, reason) = next(each for each in here.go(late=True) if each[0] == "third/mastodon")
    assert held == "held"
    assert reason.startswith("mastodon takes 6 posts in 3 hours, and 5 were asked for; again from ")
    assert len(here.server.statuses) == 5


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


def test_what_seemed_to_be_dropped_is_looked_for_before_it_is_asked_for_again(here: Here) -> None:
    here.proxy.will_say("GET /api/v1/statuses/", *[Said(status=404, data=b'{"error": "Record not found"}')] * 3)
    ((_, said, reason),) = here.go()
    assert (said, "404" in reason) == ("failed", True)
    assert here.results(post="thread", again=True) == ["done"]
    assert here.server.chain() == chain()


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
    assert here.results() == ["failed"]
    assert len(here.server.statuses) == 1
    assert here.results(post="thread", again=True) == ["done"]
    assert here.server.chain() == chain()


def test_an_empty_ledger_posts_nothing_twice(here: Here) -> None:
    assert here.results() == ["done"]
    here.forget()
    ((_, said, reason),) = here.go()
    assert said == "held"
    assert "outreach sync" in reason
    assert here.server.chain() == chain()


def test_nothing_listens(here: Here, secrets: Secrets) -> None:
    root = write_posts(here.root, accounts="  mastodon: {server: 'http://localhost:9'}\n")
    secrets.put(mastodon_token({"server": "http://localhost:9"}), Secret(TOKEN))
    ((_, said, reason),) = Here(root, here.proxy, None).go()
    assert said == "failed"
    assert "cannot be reached" in reason
    with open_ledger(root) as ledger:
        assert list(ledger.claims()) == []


def test_a_brake_holds(here: Here) -> None:
    outreach("hold", "thread", "--because", "not now", folder=here.root)
    ((_, said, reason),) = here.go()
    assert (said, reason) == ("held", "paused: not now")
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
        secrets.put(bluesky_password({"service": proxy.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
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
        here.forget()
        here.go()
        assert len(pds.records(did)) == 3


def test_sync_finds_our_posts_again(here: Here) -> None:
    assert here.results() == ["done"]
    here.forget()
    found = outreach("sync", "--json", folder=here.root).json
    assert (found["adopted"], found["troubles"]) == ([f"thread/mastodon/{part}" for part in (1, 2, 3)], [])
    assert here.results() == ["done"]
    assert here.server.chain() == chain()


def test_a_long_thread_of_which_every_answer_is_lost_is_out_whole(here: Here) -> None:
    texts = tuple(f"Part {number}" for number in range(1, 8))
    write_posts(here.root, accounts=f"  mastodon: {{server: '{here.proxy.url}'}}\n", parts=texts)
    here.proxy.will("POST /api/v1/statuses", *["status-after=500"] * len(texts))
    assert here.results() == ["done"]
    assert here.server.chain() == [(text, texts[at - 1] if at else None) for at, text in enumerate(texts)]


def test_no_part_goes_out_below_one_that_was_deleted(here: Here) -> None:
    here.server.is_lenient = True
    here.proxy.will("POST /api/v1/statuses", "pass", "status-before=422")
    assert here.results() == ["failed"]
    here.server.statuses.clear()  # somebody deleted the first part by hand
    ((_, said, reason),) = here.go(post="thread", again=True)
    assert said == "failed"
    assert reason.startswith(
        "part 1 is no longer there, so part 2 cannot be posted below it; `outreach correct thread/mastodon"
    )
    assert here.server.statuses == {}
    assert outreach("correct", "thread", "--repost", "--go", folder=here.root).code == 0
    assert here.server.chain() == chain()


def test_a_part_that_was_put_elsewhere_is_taken_down_again(here: Here) -> None:
    here.server.key_is = "ignores"
    real = here.server.post

    def forgetful(fields: dict[str, list[str]], key: str) -> tuple[int, dict[str, object]]:
        return real({name: value for name, value in fields.items() if name != "in_reply_to_id"}, key)

    here.server.post = forgetful
    ((_, said, reason),) = here.go()
    assert said == "failed"
    assert "did not put part 2 below part 1, so it was taken down again; parts 2, 3 of 3 missing" in reason
    assert here.server.chain() == [(TEXTS[0], None)]
    here.server.post = real
    assert here.results(post="thread", again=True) == ["done"]
    assert here.server.chain() == chain()


def test_a_post_of_which_nobody_knows_is_not_taken_down_in_part(here: Here) -> None:
    here.proxy.will("POST /api/v1/statuses", "pass", "late-after=1.0")
    assert here.results() == ["unknown"]
    said = outreach("retract", "thread", "--go", folder=here.root)
    assert said.code != 0
    assert "Part 2 of thread/mastodon may or may not be published, so nothing was taken down" in said.err
    assert len(here.server.statuses) == 1
    here.proxy.settle()
    assert outreach("retract", "thread", "--go", folder=here.root).code == 0
    assert here.server.statuses == {}


def test_a_retraction_that_is_stopped_says_how_far_it_came_and_goes_on(here: Here) -> None:
    assert here.results() == ["done"]
    here.proxy.will("DELETE", "pass", "status-before=429")
    said = outreach("retract", "thread", "--go", folder=here.root)
    assert said.code != 0
    assert "accepts no more requests for now (429). Part 3 of thread is down already." in said.err
    assert len(here.server.statuses) == 2
    assert outreach("retract", "thread", "--go", folder=here.root).code == 0
    assert here.server.statuses == {}


def test_half_a_thread_is_adopted_and_completed_below_what_is_there(here: Here) -> None:
    here.proxy.will("POST /api/v1/statuses", "pass", "status-before=422")
    assert here.results() == ["failed"]
    here.forget()
    assert here.results() == ["held"]
    assert outreach("sync", "--json", folder=here.root).json["adopted"] == ["thread/mastodon/1"]
    (item,) = json.loads(outreach("agenda", "--json", folder=here.root).out)["items"]
    assert "the thread broke: parts 2, 3 of 3 missing" in item["reason"]
    assert here.results() == ["done"]
    assert here.server.chain() == chain()


def test_what_another_program_posted_is_not_ours_and_not_doubled_unasked(here: Here) -> None:
    here.server.posts_with = "Web"
    here.server.post({"status": [TEXTS[0]]}, "")
    here.server.posts_with = "outreach"
    ((_, said, reason),) = here.go()
    assert said == "held"
    assert reason.startswith("Web posted this text already: http")
    assert "outreach log thread/mastodon posted --url" in reason
    assert outreach("sync", "--json", folder=here.root).json["adopted"] == []
    assert here.results(post="thread", again=True) == ["done"]
    assert here.server.chain() == [(TEXTS[0], None), *chain()]


def test_a_doubt_is_not_ended_by_what_another_program_posted(here: Here) -> None:
    _, before = here.server.post({"status": ["Of another campaign"]}, "")  # which tells what the server calls us
    before["created_at"] = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    here.proxy.will("POST /api/v1/statuses", "drop-before")
    assert here.results() == ["unknown"]
    here.server.posts_with = "Web"
    here.server.post({"status": [TEXTS[0]]}, "")
    here.server.posts_with = "outreach"
    assert here.settled() == ["done"]
    assert here.server.chain() == [("Of another campaign", None), (TEXTS[0], None), *chain()]


@pytest.mark.parametrize("hours", [-26, 26])
def test_a_server_whose_clock_is_wrong_is_understood(here: Here, hours: int) -> None:
    here.server.ahead = timedelta(hours=hours)
    here.server.key_is = "ignores"
    here.proxy.will("POST /api/v1/statuses", "pass", "drop-after")
    assert here.settled() == ["done"]
    assert here.server.chain() == chain()


def test_receipts_of_another_computer_are_known_parts(here: Here) -> None:
    assert here.results() == ["done"]
    here.forget(receipts=False)
    assert outreach("sync", "--json", folder=here.root).json["adopted"]
    with open_ledger(here.root) as ledger:
        past = ledger.past().posts["thread", "mastodon"]
    assert (sorted(past.parts), past.of, past.gap) == ([1, 2, 3], 3, ())
    assert past.url is not None
    assert here.results() == ["done"]


def test_numbers_and_replies_are_kept_and_a_contact_s_reply_is_theirs(here: Here) -> None:
    (here.root / "contacts").mkdir()
    (here.root / "contacts" / "fsfe.yaml").write_text(
        "id: fsfe\nname: FSFE\nkind: organisation\nchannels:\n  - {mastodon: '@fsfe@social.example'}\n",
        encoding="utf-8",
    )
    assert here.results() == ["done"]
    first = next(iter(here.server.statuses))
    here.server.reply(first, "fsfe@social.example", "We support this.")
    here.server.reply(first, "somebody@else.example", "Why?")
    result = sync_posts(here.root, limits=QUICK)
    assert result.counted == {"thread/mastodon": {"likes": 9, "reposts": 6, "replies": 2, "quotes": 0}}
    assert [(event.contact, event.address, event.text) for event in result.replies] == [
        ("fsfe", "fsfe@social.example", "We support this."),
        (None, "somebody@else.example", "Why?"),
    ]
    again = sync_posts(here.root, limits=QUICK)
    assert again.replies == ()
    with open_ledger(here.root) as ledger:
        assert ledger.past().posts["thread", "mastodon"].numbers["likes"] == 9
        assert ledger.past().contacts["fsfe"].answered is not None
        assert sum(event.kind == "counted" for event in ledger.events()) == 1


def test_a_part_that_somebody_took_down_is_reported_until_it_is_recorded(here: Here) -> None:
    assert here.results() == ["done"]
    second = list(here.server.statuses)[1]
    del here.server.statuses[second]
    found = outreach("sync", "--json", folder=here.root)
    assert [gone[0].endswith(f"/{second}") for gone in found.json["posts"]["gone"].values()] == [True]
    assert "thread/mastodon  no longer there: http" in outreach("sync", folder=here.root).out
    assert here.results() == ["done"]  # nothing is published again for it
    assert outreach("unpublish", "thread/mastodon", "--go", folder=here.root).code == 0
    assert here.server.statuses == {}
    assert outreach("sync", "--json", folder=here.root).json["posts"]["gone"] == {}


def test_publishing_again_what_is_out_says_that_it_was_before(here: Here) -> None:
    assert here.results() == ["done"]
    said = outreach("publish", "thread", "--go", "--again", folder=here.root).out
    assert "thread/mastodon  published" in said
    assert "0 posts out now, 1 post before" in said


def test_a_correction_is_an_edit_where_edits_are_shown(here: Here) -> None:
    assert here.results() == ["done"]
    assert "the same as its file" in outreach("correct", "thread", folder=here.root).out
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text().replace("Third part", "Third part, corrected"), encoding="utf-8")
    assert "would be edited in place  part 3" in outreach("correct", "thread", folder=here.root).out
    assert here.server.edits == []
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert here.server.texts()[2] == "Third part, corrected"
    post.write_text(post.read_text().replace("alt: A picture", "alt: A better picture"), encoding="utf-8")
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert [list(here.server.statuses).index(id) for id in here.server.edits] == [2, 0]
    assert here.server.statuses[here.server.edits[1]]["media_attachments"]
    assert "the same as its file" in outreach("correct", "thread", folder=here.root).out


def test_a_warning_that_was_added_and_taken_away_is_edited_and_then_the_same(here: Here) -> None:
    assert here.results() == ["done"]
    post = here.root / "posts" / "thread.md"
    before = post.read_text(encoding="utf-8")
    for text, warning in (
        (before.replace("language: en", "language: en\ncontent_warning: Money"), "Money"),
        (before, ""),
    ):
        post.write_text(text, encoding="utf-8")
        assert outreach("correct", "thread", "--go", folder=here.root).code == 0
        assert {each["spoiler_text"] for each in here.server.statuses.values()} == {warning}
        assert "the same as its file" in outreach("correct", "thread", folder=here.root).out


def test_an_edit_that_is_not_shown_is_not_called_done(here: Here) -> None:
    assert here.results() == ["done"]
    here.server.edits_nothing = True
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text().replace("Third part", "Third part, corrected"), encoding="utf-8")
    said = outreach("correct", "thread", "--go", folder=here.root)
    assert said.code == 1
    assert "still shows the old text of part 3" in said.err
    assert "would be edited in place  part 3" in outreach("correct", "thread", folder=here.root).out


def test_a_correction_of_a_broken_thread_is_about_what_is_out(here: Here) -> None:
    here.proxy.will("POST /api/v1/statuses", "pass", "status-before=422")
    assert here.results() == ["failed"]
    post = here.root / "posts" / "thread.md"
    post.write_text(
        post.read_text().replace("We ask", "We kindly ask").replace("Second", "The second"), encoding="utf-8"
    )
    assert "would be edited in place  part 1" in outreach("correct", "thread", folder=here.root).out
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert here.results() == ["done"]
    assert [text[:13] for text in here.server.texts()] == ["We kindly ask", "The second pa", "Third part"]


def test_what_was_refused_for_its_alt_text_is_tried_once_that_is_another(here: Here) -> None:
    here.server.refuses = 422
    assert here.results() == ["failed"]
    here.server.refuses = None
    assert here.results() == ["failed"]
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text().replace("alt: A picture", "alt: A shorter text"), encoding="utf-8")
    assert here.results() == ["done"]


def test_what_was_taken_down_stays_down_until_somebody_says_again(here: Here) -> None:
    assert here.results() == ["done"]
    assert outreach("retract", "thread", "--go", folder=here.root).code == 0
    assert here.server.statuses == {}
    ((_, said, reason),) = here.go()
    assert said == "held"
    assert "taken down" in reason
    assert here.results(post="thread", again=True) == ["done"]
    assert here.server.chain() == chain()


def test_an_outbox_is_files_and_no_address(here: Here) -> None:
    write_posts(here.root, accounts=f"  mastodon: {{server: '{here.proxy.url}', transport: outbox}}\n")
    assert here.results() == ["done"]
    assert len(list((here.root / "outbox" / "posts" / "mastodon").glob("*.json"))) == 3
    assert here.proxy.heard == []
    with open_ledger(here.root) as ledger:
        assert ledger.past().posts["thread", "mastodon"].url is None


def test_login_goes_through_the_browser_and_keeps_the_token(here: Here, secrets: Secrets, tmp_path: Path) -> None:
    secrets.delete(mastodon_token({"server": here.proxy.url}))
    pages = []

    def person(question: str) -> str:
        pages.append(question)
        return CODE

    where = log_in_to_network(here.root, "mastodon", person)
    assert "secrets.json" in where
    assert "/oauth/authorize?client_id=client" in pages[0]
    assert here.results() == ["done"]
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_wrong_code_is_one_sentence_and_keeps_nothing(here: Here, secrets: Secrets) -> None:
    identity = mastodon_token({"server": here.proxy.url})
    secrets.delete(identity)
    with pytest.raises(NotSent) as refusal:
        log_in_to_network(here.root, "mastodon", lambda question: "wrong")
    assert "wrong" not in str(refusal.value)
    assert secrets.get(identity) is None


@pytest.mark.parametrize("path", ["/api/v1/apps", "/oauth/token", "verify_credentials"])
@pytest.mark.parametrize("data", [b"[1]", b"{}", b'{"client_id": "x"}', b'{"access_token": "x"}', b"null", b"<html>"])
def test_a_server_that_logs_in_oddly_is_one_sentence_and_keeps_the_token(
    here: Here, secrets: Secrets, path: str, data: bytes
) -> None:
    here.proxy.will_say(path, Said(status=200, data=data))
    with pytest.raises(NotSent, match=r"\.$"):
        log_in_to_network(here.root, "mastodon", lambda question: CODE)
    kept = secrets.get(mastodon_token({"server": here.proxy.url}))
    assert kept is not None
    assert kept.reveal() == TOKEN


def test_only_what_was_approved_is_published(here: Here) -> None:
    path = here.root / "campaign.yaml"
    path.write_text(path.read_text().replace("approval: none\n", ""), encoding="utf-8")
    ((_, said, reason),) = here.go()
    assert (said, reason) == ("held", "not approved; `outreach approve thread`")
    answer = outreach("approve", "thread", folder=here.root)
    assert TEXTS[1] in answer.out
    assert "Picture: picture.png, 8x6" in answer.out
    post = here.root / "posts" / "thread.md"
    before = post.read_text()
    post.write_text(before.replace("Third part", "Another part"), encoding="utf-8")
    ((_, said, reason),) = here.go()
    assert (said, reason.partition(";")[0]) == ("held", "changed since it was approved")
    post.write_text(before, encoding="utf-8")
    assert outreach("approve", "thread", "--withdraw", folder=here.root).code == 0
    assert here.results() == ["held"]
    assert json.loads(outreach("approve", "thread", "--json", folder=here.root).out)["posts"][0]["result"] == "approved"
    assert here.results() == ["done"]
    assert here.server.chain() == chain()


def test_what_is_missing_below_parts_of_another_computer_hangs_where_it_should(
    tmp_path: Path, secrets: Secrets, pds: Pds
) -> None:
    handle = f"gap{os.getpid()}"
    did = pds.account(handle)
    secrets.put(bluesky_password({"service": pds.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
    account = f"  bluesky: {{service: '{pds.url}', handle: {handle}.test}}\n"
    here = Here(write_posts(tmp_path / "c", accounts=account, networks="bluesky"), None, pds)  # type: ignore[arg-type]
    assert here.results() == ["done"]
    here.forget()
    session = pds.ask("com.atproto.server.createSession", {"identifier": f"{handle}.test", "password": PASSWORD})
    last = next(record for record in pds.records(did) if record["value"]["text"] == TEXTS[2])
    key = {"repo": did, "collection": "app.bsky.feed.post", "rkey": last["uri"].rpartition("/")[2]}
    pds.ask("com.atproto.repo.deleteRecord", key, token=session["accessJwt"])
    assert outreach("sync", "--json", folder=here.root).json["adopted"] == [
        "thread/bluesky/1", "thread/bluesky/2",
    ]  # fmt: skip
    assert here.results() == ["done"]
    records = {record["value"]["text"]: record for record in pds.records(did)}
    reply = records[TEXTS[2]]["value"]["reply"]
    assert reply["parent"] == {name: records[TEXTS[1]][name] for name in ("uri", "cid")}
    assert reply["root"] == {name: records[TEXTS[0]][name] for name in ("uri", "cid")}


def test_nothing_typed_is_nothing_tried(here: Here) -> None:
    with pytest.raises(CannotTell, match="Nothing was typed"):
        log_in_to_network(here.root, "mastodon", lambda question: " ")


def test_a_rehearsal_reaches_no_other_computer(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    write_posts(here.root, accounts="  mastodon: {server: 'https://social.example'}\n")
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-13T10:00:00+01:00")
    ((_, said, reason),) = here.go()
    assert said == "failed"
    assert "Under OUTREACH_NOW" in reason
    with pytest.raises(NotSent, match="Under OUTREACH_NOW"):
        log_in_to_network(here.root, "mastodon", lambda question: CODE)


@pytest.mark.parametrize("id", ["../../accounts/7", "1?x=1", "9" * 101, " ", "1\r\nX: 1", True])
def test_what_is_no_id_becomes_no_part_of_an_address(here: Here, id: object) -> None:
    here.proxy.will_say("POST /api/v1/statuses", Said(status=200, data=json.dumps({"id": id}).encode(), heard=True))
    assert here.results() == ["done"]
    assert here.server.chain() == chain()


def test_an_address_with_invisible_characters_is_not_written_down(here: Here) -> None:
    status = {"id": "110000", "url": "https://social.example/\u001b[2J\nfake", "in_reply_to_id": None}
    here.proxy.will_say("GET /api/v1/statuses/110000", Said(status=200, data=json.dumps(status).encode()))
    ((_, said, url),) = here.go()
    assert (said, url) == ("done", f"{here.proxy.url}/api/v1/statuses/110000")
