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
