"""A machine without network: said in time, nothing changed, and no secret anywhere."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from outreach.connections.http_service import Limits
from outreach.connections.identities import bluesky_password, mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.ledger import open_ledger
from outreach.tasks.publishing import PublishOrder, publish
from tests.publishing.campaigns import write_posts
from tests.publishing.test_publishing import chain
from tests.servers.fault_proxy import fault_proxy
from tests.servers.mastodon import TOKEN, running_mastodon

LIMITS = Limits(connect=1, answer=1)
_PASSWORD = "a-password-that-nobody-may-see"


@pytest.mark.parametrize("is_deaf", [False, True])
def test_it_is_said_in_time_and_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_deaf: bool) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if is_deaf:
            listener.listen()
        url = f"http://localhost:{port}"
        Secrets().put(bluesky_password({"service": url, "handle": "a.test"}), Secret(_PASSWORD))
        Secrets().put(mastodon_token({"server": url}), Secret(TOKEN))
        accounts = f"  bluesky: {{service: '{url}', handle: a.test}}\n  mastodon: {{server: '{url}'}}\n"
        root = write_posts(tmp_path / "c", accounts=accounts, networks="bluesky, mastodon")
        before = time.monotonic()
        result = publish(root, PublishOrder(go=True), limits=LIMITS)
        assert time.monotonic() - before < 2 * (LIMITS.connect + LIMITS.answer) + 1
    said = {action.id: (str(action.result), action.reason) for action in result.actions}
    assert {each for each, _ in said.values()} == {"failed"}
    assert all("no answer in time" in why if is_deaf else "cannot be reached" in why for _, why in said.values())
    with open_ledger(root) as ledger:
        assert list(ledger.claims()) == []
    with running_mastodon() as server, fault_proxy(server.url) as proxy:
        Secrets().put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
        write_posts(root, accounts=accounts.replace(f"server: '{url}'", f"server: '{proxy.url}'"), networks="mastodon")
        publish(root, PublishOrder(go=True), limits=LIMITS)
        assert server.chain() == chain()
    for path in (path for path in root.rglob("*") if path.is_file()):
        assert TOKEN.encode() not in path.read_bytes(), path
        assert _PASSWORD.encode() not in path.read_bytes(), path
    assert TOKEN not in str(said)
    assert _PASSWORD not in str(said)
