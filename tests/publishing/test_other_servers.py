"""Servers that speak Mastodon's API in ways of their own: nothing twice, nothing lost, only what differs edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from outreach.connections.identities import mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.publishing.mastodon import publisher
from outreach.publishing.mastodon.instance import limits_of
from outreach.publishing.mastodon.own_statuses import OwnStatuses
from outreach.tasks.publishing.correcting import correct
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import QUICK, Here, wait_out
from tests.publishing.test_mastodon_doubts import WRITTEN, change, write_each
from tests.servers.fault_proxy import fault_proxy
from tests.servers.mastodon import (
    TOKEN,
    Mastodon,
    as_akkoma,
    as_gotosocial,
    as_pixelfed,
    as_sharkey,
    running_mastodon,
)

POST = "POST /api/v1/statuses"
FAULTS = [
    "drop-before", "drop-after", "status-before=500", "status-after=502", "truncate-after", "garbage-after",
    "status-before=429", "late-after=0.2",
]  # fmt: skip
CHAIN = [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


@pytest.fixture(params=[as_gotosocial, as_akkoma, as_pixelfed, as_sharkey], ids=lambda each: each.__name__[3:])
def here(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    monkeypatch.setattr(publisher, "_READ_BACK", (0.0,))
    monkeypatch.setattr(OwnStatuses, "LATE", (0.0,))
    with running_mastodon() as server, fault_proxy(server.url) as proxy:
        manners: Callable[[Mastodon], None] = request.param
        manners(server)
        Secrets().put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
        yield Here(write_posts(tmp_path / "c", accounts=f"  mastodon: {{server: '{proxy.url}'}}\n"), proxy, server)


def until_done(here: Here, *paths: str) -> None:
    """Publish until it is out; nothing else may be said on the way."""
    for _ in range(4):
        said = here.results(post="thread", again=True)
        assert set(said) <= {"unknown", "failed", "done", "held"}
        if said == ["done"]:
            return
        here.proxy.settle()
        wait_out(here)
    raise AssertionError(here.go())


def test_a_thread_is_out_once_whatever_breaks_and_is_edited_where_it_differs_and_taken_down(here: Here) -> None:
    for fault in FAULTS:
        here.proxy.will(POST, "pass", fault)
        until_done(here)
        assert here.server.chain() == CHAIN, fault
        change(here, "Second part", "The second")
        here.proxy.will("PUT", fault)
        for _ in range(2):
            outreach("correct", "thread", "--go", folder=here.root)
        assert [text[:10] for text in here.server.texts()] == ["We ask for", "The second", "Third part"], fault
        assert {each["content_type"] for each in here.server.statuses.values()} == {"text/plain"}
        change(here, "The second", "Second part")
        here.proxy.will("DELETE", fault)
        for _ in range(2):
            outreach("unpublish", "thread", "--go", folder=here.root)
        assert here.server.statuses == {}, fault


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("here", [as_pixelfed], indirect=True)
def test_a_first_part_is_posted_once_where_every_status_is_called_another_application_s(
    here: Here, *, again: bool
) -> None:
    here.proxy.will(POST, "drop-after")
    assert here.settled(post="thread", again=again) == ["done"]
    assert here.server.chain() == CHAIN


@pytest.mark.parametrize("here", [as_akkoma, as_sharkey], indirect=True)
def test_whatever_it_makes_of_a_text_a_lost_answer_posts_it_once(here: Here) -> None:
    write_each(here)
    here.proxy.will(POST, *["drop-after"] * len(WRITTEN))
    assert set(here.results()) == {"done"}
    wait_out(here)
    here.results()
    assert sorted(here.server.texts()) == sorted(WRITTEN.values())


@pytest.mark.parametrize("receipts", [True, False])
def test_after_a_lost_ledger_only_the_part_that_differs_is_edited(here: Here, receipts: bool) -> None:
    assert here.results() == ["done"]
    here.forget(receipts=not receipts)
    assert outreach("sync", folder=here.root).code == 0
    assert here.results() == ["done"]
    assert [each.how for each in correct(here.root, "thread", go=True, limits=QUICK)] == ["the same as its file"]
    change(here, "Second part, with", "Second part – with")
    for go in (False, True):
        (found,) = correct(here.root, "thread", go=go, limits=QUICK)
        assert (found.parts, found.done) == ((2,), go)
    change(here, "alt: A picture", "alt: A river")
    assert correct(here.root, "thread", go=True, limits=QUICK)[0].parts == (1,)
    assert here.server.edits == [list(here.server.statuses)[number] for number in (1, 0)]
    assert correct(here.root, "thread", go=False, limits=QUICK)[0].how == "the same as its file"


@pytest.mark.parametrize("here", [as_pixelfed], indirect=True)
def test_of_a_post_of_one_part_sync_says_that_it_cannot_know_and_nothing_goes_out_twice(here: Here) -> None:
    write_posts(here.root, accounts=f"  mastodon: {{server: '{here.proxy.url}'}}\n", parts=TEXTS[:1])
    assert here.results() == ["done"]
    here.forget()
    url = next(iter(here.server.statuses.values()))["url"].replace(here.server.url, here.proxy.url)
    for _ in range(2):
        synced = outreach("sync", "--json", folder=here.root)
        (said,) = synced.json["troubles"]
        assert (synced.code, said.startswith(f"thread/mastodon: web posted this text already: {url}")) == (1, True)
        assert here.results() == ["held"]
    assert outreach("log", "thread/mastodon", "posted", "--url", url, folder=here.root).code == 0
    assert (outreach("sync", folder=here.root).code, here.results()) == (0, ["done"])
    change(here, "We ask", "We kindly ask")
    for arguments in ((), ("--go",), ("--repost", "--go")):
        said = outreach("correct", "thread", *arguments, folder=here.root)
        assert (said.code, f"by hand: change it at {url}" in said.out) == (1, True)
    assert here.server.chain() == CHAIN[:1]


def test_what_it_allows_is_known(here: Here) -> None:
    allows = json.dumps(here.server.allows)
    found = limits_of(here.proxy.url)
    assert (found.characters or 500) == (5000 if "5000" in allows else 500)
    assert f"{found.description}" in (allows if "description" in allows else "None")
