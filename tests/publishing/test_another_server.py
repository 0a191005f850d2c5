"""The same on a server that others wrote (mastodon-mock), behind the fault proxy."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.identities import mastodon_token
from outreach.connections.secrets import Secret, Secrets
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import Here, wait_out
from tests.servers.fault_proxy import fault_proxy
from tests.servers.mock import MOCK_TOKEN as TOKEN
from tests.servers.mock import running_mock


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("mastodon_mock")
    with running_mock(tmp_path_factory.mktemp("mastodon-mock")) as url:
        yield url


def statuses(url: str, path: str) -> Any:
    request = urllib.request.Request(f"{url}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


@pytest.fixture
def here(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with fault_proxy(url) as proxy:
        Secrets().put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
        texts = tuple(f"{text} {tmp_path.name}" for text in TEXTS)
        root = write_posts(tmp_path / "campaign", accounts=f"  mastodon: {{server: '{proxy.url}'}}\n", parts=texts)
        yield Here(root, proxy, url)


@pytest.mark.parametrize("fault", ["pass", "drop-before", "drop-after", "status-after=500", "truncate-after"])
def test_a_thread_is_out_once(here: Here, tmp_path: Path, fault: str) -> None:
    here.proxy.will("POST /api/v1/statuses", "pass", fault)
    said = here.results()
    if said == ["unknown"]:
        wait_out(here)
        said = here.results()
    assert said == ["done"]
    me = statuses(here.server, "/api/v1/accounts/verify_credentials")["id"]
    found = [
        s for s in statuses(here.server, f"/api/v1/accounts/{me}/statuses?limit=40") if tmp_path.name in s["content"]
    ]
    found.reverse()
    assert len(found) == 3
    assert [status["in_reply_to_id"] for status in found] == [None, found[0]["id"], found[1]["id"]]


@pytest.mark.parametrize("fault", ["pass", "drop-before", "drop-after", "status-after=500", "garbage-after"])
def test_what_is_out_is_corrected_counted_and_taken_down(here: Here, tmp_path: Path, fault: str) -> None:
    assert here.results() == ["done"]
    post = here.root / "posts" / "thread.md"
    text = post.read_text(encoding="utf-8").replace("Third part", "third PART &amp; mira@example.org")
    post.write_text(text.replace("We ask", "we ask"), encoding="utf-8")
    here.proxy.will("PUT", fault, fault)
    for _ in range(3):
        said = outreach("correct", "thread", "--go", folder=here.root)
    assert "the same as its file" in said.out
    me = statuses(here.server, "/api/v1/accounts/verify_credentials")["id"]
    mine = statuses(here.server, f"/api/v1/accounts/{me}/statuses?limit=3")
    source = statuses(here.server, f"/api/v1/statuses/{mine[0]['id']}/source")["text"]
    assert source == f"third PART &amp; mira@example.org {tmp_path.name}"
    assert [each["description"] for each in mine[2]["media_attachments"]] == ["A picture"]
    assert outreach("sync", folder=here.root).code == 0
    here.proxy.will("DELETE", fault)
    for _ in range(2):
        outreach("retract", "thread", "--go", folder=here.root)
    left = statuses(here.server, f"/api/v1/accounts/{me}/statuses?limit=40")
    assert not [each for each in left if tmp_path.name in each["content"]]


def test_an_alt_text_that_the_server_keeps_as_it_was_is_not_called_corrected(here: Here) -> None:
    """This one says yes to new pictures of a status, and that is all."""
    assert here.results() == ["done"]
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text(encoding="utf-8").replace("alt: A picture", "alt: Another"), encoding="utf-8")
    said = outreach("correct", "thread", "--go", folder=here.root)
    assert (said.code, "still shows the old text of part 1" in said.err) == (1, True)
