"""Bluesky's numbers and replies, from a server that speaks as its AppView does."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach.connections.identities import bluesky_password
from outreach.connections.secrets import Secret, Secrets
from outreach.ledger import open_ledger
from outreach.networks.engagement import milestone
from outreach.tasks.publishing.engagement import sync_posts
from tests.publishing.campaigns import write_posts
from tests.publishing.here import QUICK, Here
from tests.servers.appview import AppView, running_appview
from tests.servers.pds import PASSWORD, Pds


def campaign(pds: Pds, appview: AppView, root: Path, monkeypatch: pytest.MonkeyPatch, parts: int) -> tuple[Here, str]:
    monkeypatch.setenv("OUTREACH_SECRETS", str(root / "secrets.json"))
    handle = f"view{random.randrange(10**9)}"
    did = pds.account(handle)
    Secrets().put(bluesky_password({"service": appview.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
    account = f"  bluesky: {{service: '{appview.url}', handle: {handle}.test}}\n"
    texts = tuple(f"Part {number}" for number in range(1, parts + 1))
    (root / "c" / "contacts").mkdir(parents=True)
    (root / "c" / "contacts" / "fsfe.yaml").write_text(
        "id: fsfe\nname: FSFE\nkind: organisation\nchannels:\n  - {bluesky: fsfe.example}\n", encoding="utf-8"
    )
    here = Here(write_posts(root / "c", accounts=account, networks="bluesky", parts=texts), appview.upstream, pds)
    assert here.results() == ["done"]
    return here, did


def test_numbers_come_25_at_a_time_and_replies_are_a_contact_s(
    pds: Pds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_appview(pds.url) as appview:
        here, did = campaign(pds, appview, tmp_path, monkeypatch, 27)
        uris = {record["value"]["text"]: record["uri"] for record in pds.records(did)}
        appview.reply(uris["Part 1"], "fsfe.example", "We support this.")
        appview.reply(uris["Part 27"], "other.example", "Why?")
        appview.gone = {uris["Part 2"]}
        result = sync_posts(here.root, limits=QUICK)
        assert result.troubles == ()
        assert result.gone == {}  # the AppView hides it, the repository has it
        assert appview.asked == [25, 2]
        assert result.counted == {"thread/bluesky": {"likes": 52, "reposts": 26, "replies": 2, "quotes": 0}}
        assert [(event.contact, event.text) for event in result.replies] == [
            ("fsfe", "We support this."),
            (None, "Why?"),
        ]
        assert sync_posts(here.root, limits=QUICK).replies == ()
        with open_ledger(here.root) as ledger:
            assert ledger.past().contacts["fsfe"].answered is not None


def test_numbers_are_kept_at_each_age_once() -> None:
    published, kept, said = datetime(2026, 1, 1, tzinfo=UTC), [], []
    for hours in (0.5, 1.5, 2, 25, 26, 24 * 8, 24 * 9, 24 * 31, 24 * 40):
        name = milestone(published, published + timedelta(hours=hours), kept)
        kept.append(name)
        said.append(name)
    assert said == ["now", "1h", "now", "24h", "now", "7d", "now", "30d", "now"]
