"""Servers that answer each question of ours with something else than was asked for: said, and nothing breaks.

Whatever an endpoint says, no command ends in a traceback; and once the server has come to its senses everything
is out, once.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from outreach.ledger.receipts import read_receipts
from outreach.publishing.bluesky import session
from outreach.publishing.mastodon import publisher
from outreach.publishing.mastodon.own_statuses import OwnStatuses
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS
from tests.publishing.here import Here
from tests.servers.fault_proxy import Said
from tests.servers.mastodon import Mastodon

ODD = [
    b"", b"null", b"[]", b"{}", b"5", b'"yes"', b"[null, [], {}]", b'{"id": null}', b"\xff\xfe", b"[" * 100_000,
    b'{"id": "\\ud800", "url": "\\udc00", "created_at": 3, "content": 7}', b'{"id": ' + b"9" * 5000 + b"}",
    b'[{"id": [], "content": null, "created_at": "yesterday", "in_reply_to_id": {}}, {"id": "1"}]',
    b'{"did": 5, "accessJwt": [], "refreshJwt": null, "didDoc": "x"}', b'{"cid": 5, "uri": [], "value": null}',
    b'{"blob": {"ref": 5}}', b'{"results": [5, null, {}]}', b'{"results": {}}', b'{"posts": [null, 5, {"uri": 1}]}',
    b'{"thread": {"replies": [null, {"post": {"author": 5, "record": [], "indexedAt": 1}}, {"post": {"uri": 3}}]}}',
    b'{"descendants": [null, {"in_reply_to_id": "ID", "account": "x"}, {"in_reply_to_id": "ID", "created_at": []}]}',
    b'{"descendants": [{"in_reply_to_id": "ID", "account": {"acct": "a"}, "created_at": "soon", "content": []}]}',
]  # fmt: skip
ENDPOINTS = [
    ("mastodon", "verify_credentials"), ("mastodon", "POST /api/v2/media"), ("mastodon", "POST /api/v1/statuses"),
    ("mastodon", "GET /api/v1/statuses/"), ("mastodon", "GET /api/v1/accounts/7/statuses"),
    ("bluesky", "createSession"), ("bluesky", "uploadBlob"), ("bluesky", "applyWrites"), ("bluesky", "getRecord"),
]  # fmt: skip
ABOUT_WHAT_IS_OUT = [("mastodon", "/context"), ("mastodon", "GET /api/v1/statuses/"), ("bluesky", "getPosts"),
                     ("bluesky", "getPostThread")]  # fmt: skip


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LOGINS_AT_ONCE", 10_000)
    monkeypatch.setattr(session, "LOGINS_A_DAY", 10_000)
    monkeypatch.setattr(publisher, "_READ_BACK", (0.0,))
    monkeypatch.setattr(OwnStatuses, "LATE", (0.0,))


def says(here: Here, *arguments: str) -> None:
    """A command ends as it should, whatever it heard."""
    answer = outreach(*arguments, "--json", folder=here.root)
    assert answer.code in (0, 1), answer.err
    assert isinstance(json.loads(answer.out or "{}"), dict)


def as_another(world: Here, folder: Path, number: int) -> Here:
    """The same campaign under another id, of which nobody has heard."""
    copy = Here(Path(shutil.copytree(world.root, folder / str(number))), world.proxy, world.server)
    path = copy.root / "campaign.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: small", f"id: small{number}"), encoding="utf-8")
    if isinstance(world.server, Mastodon):
        world.server.statuses.clear()
    return copy


@pytest.mark.parametrize(("world", "endpoint"), ENDPOINTS, indirect=["world"])
def test_nothing_breaks_whatever_an_endpoint_says(world: Here, endpoint: str, tmp_path: Path) -> None:
    for number, data in enumerate(ODD):
        here = as_another(world, tmp_path, number)
        before = len(here.out())
        here.proxy.will_say(endpoint, *[Said(status=200, data=data)] * 4)
        for command in (["sync"], ["publish", "--go"], ["agenda"]):
            says(here, *command)
        here.proxy.answers.clear()
        assert here.settled(post="thread", again=True) == ["done"], data[:80]
        assert len(here.out()) == before + len(TEXTS), data[:80]


@pytest.mark.parametrize(("world", "endpoint"), ABOUT_WHAT_IS_OUT, indirect=["world"])
def test_nothing_breaks_whatever_is_said_of_what_is_out(world: Here, endpoint: str) -> None:
    assert world.results() == ["done"]
    receipts, _ = read_receipts(world.root)
    first = receipts[0].proof.rpartition(" ")[2]
    if isinstance(world.server, Mastodon):
        world.server.reply(first, "somebody@else.example", "Why?")
    posts = [{"uri": receipt.proof.partition(" ")[0], "replyCount": 1} for receipt in receipts]
    for data in ODD:
        world.proxy.will_say(endpoint, *[Said(status=200, data=data.replace(b"ID", first.encode()))] * 3)
        world.proxy.will_say("getPosts", Said(status=200, data=json.dumps({"posts": posts}).encode()))
        says(world, "sync")
        world.proxy.answers.clear()
    assert world.results() == ["done"]


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_a_page_in_the_place_of_an_upload_s_answer_is_not_called_another_file(world: Here) -> None:
    world.proxy.will_say("uploadBlob", Said(status=200, data=b"<html>Sign in</html>"))
    ((_, result, reason),) = world.go()
    assert (result, "picture.png" in reason, "could not be understood" in reason) == ("failed", True, True)
    assert world.results() == ["done"]
