"""The real PDS, started once for all tests of this folder, and a campaign with an account on either network."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.connections.identities import bluesky_password, mastodon_token
from outreach.connections.secrets import Secret, Secrets
from tests.publishing.campaigns import write_posts
from tests.publishing.here import Here
from tests.servers.fault_proxy import fault_proxy
from tests.servers.mastodon import TOKEN, running_mastodon
from tests.servers.pds import PASSWORD, Pds, running_pds


@pytest.fixture(scope="package")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with running_pds(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture(params=["mastodon", "bluesky"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    """A campaign with an account on a network, behind the fault proxy."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    if request.param == "mastodon":
        with running_mastodon() as server, fault_proxy(server.url) as proxy:
            Secrets().put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
            account = f"  mastodon: {{server: '{proxy.url}'}}\n"
            yield Here(write_posts(tmp_path / "c", accounts=account), proxy, server)
        return
    pds: Pds = request.getfixturevalue("pds")
    handle = f"world{random.randrange(10**9)}"
    did = pds.account(handle)
    with fault_proxy(pds.url) as proxy:
        Secrets().put(bluesky_password({"service": proxy.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
        account = f"  bluesky: {{service: '{proxy.url}', handle: {handle}.test}}\n"
        yield Here(write_posts(tmp_path / "c", accounts=account, networks="bluesky"), proxy, (pds, did))
