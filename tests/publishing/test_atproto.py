"""The seams of the SDK `atproto` that "published once" rests on: after each fault it is known what was sent.

An upgrade that sends twice, follows a redirect, drops `swapRecord: null`, renews a session by itself or hides an answer
fails here, on the real PDS.
"""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.errors import NotSent
from outreach.publishing.bluesky.session import AS_IT_IS
from outreach.publishing.bluesky.wire import Wire
from tests.publishing.campaigns import write_posts
from tests.publishing.test_http_service import _Dripping as Dripping
from tests.publishing.test_http_service import authority, serving
from tests.servers.fault_proxy import FaultProxy, Said, fault_proxy
from tests.servers.pds import PASSWORD, Pds

__all__ = ["authority"]
LIMITS = Limits(connect=2, answer=3)
PUT = "com.atproto.repo.putRecord"
_handles = iter(range(1000))


class Account:
    """An account on the real PDS, behind the fault proxy, and the SDK's client for it."""

    def __init__(self, pds: Pds, proxy: FaultProxy) -> None:
        handle = f"seam{next(_handles)}"
        self.pds, self.proxy, self.did = pds, proxy, pds.account(handle)
        self.wire = Wire(HttpService(proxy.url), LIMITS)
        login = self.wire.answer_to(lambda c: c.login(f"{handle}.test", PASSWORD, fetch_bsky_profile=False))
        self.session = login.object()
        self.wire.take_up(handle, self.did, self.session["accessJwt"], self.session["refreshJwt"])

    def put(self, text: str, key: str = "3jzfcijpj2z2a") -> Answer:
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-01-06T09:00:00Z"}
        value = {
            "repo": self.did,
            "collection": "app.bsky.feed.post",
            "rkey": key,
            "record": record,
            "swapRecord": None,
        }
        body, headers = json.dumps(value).encode(), {"Content-Type": "application/json"}
        return self.wire.answer_to(lambda c: c.invoke_procedure(PUT, content=body, headers=headers, **AS_IT_IS))

    def texts(self) -> list[str]:
        return sorted(record["value"]["text"] for record in self.pds.records(self.did))

    def asked(self, name: str) -> int:
        return sum(name in line for line in self.proxy.heard)


@pytest.fixture
def account(pds: Pds) -> Iterator[Account]:
    with fault_proxy(pds.url) as proxy:
        yield Account(pds, proxy)


@pytest.mark.parametrize(
    ("fault", "is_there"),
    [("drop-before", False), ("drop-after", True), ("truncate-after", True), ("late-after=0.2", True)],
)
def test_a_request_without_an_answer_may_have_been_heard(account: Account, fault: str, is_there: bool) -> None:
    account.proxy.will(PUT, fault)
    with pytest.raises(NoAnswer, match="the connection broke") as lost:
        account.put("One")
    assert lost.value.reached
    account.proxy.settle()
    assert account.texts() == ["One"] * is_there


@pytest.mark.parametrize(
    "said",
    [
        Said(status=200, data=b"<html>Welcome to our hotel</html>", headers={"Content-Type": "text/html"}),
        Said(status=200, data=b'{"uri": ', headers={"Content-Type": "application/json"}),
        Said(status=200, data=b'{"uri": 5}', headers={"Content-Type": "application/json"}),
        Said(status=429, headers={"RateLimit-Reset": "soon", "Retry-After": "-5"}),
        Said(status=400, data=b'{"error": 7}', headers={"Content-Type": "application/json"}),
        Said(status=599, data=b"\xff\xfe"),
    ],
)
def test_an_answer_is_given_as_it_came_whatever_the_sdk_makes_of_it(account: Account, said: Said) -> None:
    account.proxy.will_say(PUT, said)
    answer = account.put("One")
    assert (answer.status, answer.data) == (said.status, said.data)
    assert {name.lower() for name in said.headers} <= answer.headers.keys()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_so_that_nothing_is_asked_twice(account: Account, status: int) -> None:
    account.proxy.will_say(
        PUT, Said(status=status, headers={"Location": f"{account.proxy.url}/xrpc/{PUT}"}, heard=True)
    )
    assert account.put("One").status == status
    assert account.asked(PUT) == 1


def test_a_server_that_drips_is_left_in_time(account: Account) -> None:
    account.proxy.will_say(PUT, Said(status=200, data=b"{}", pause=0.2))
    before = time.monotonic()
    with pytest.raises(NoAnswer, match="no answer in time") as lost:
        account.put("One")
    assert lost.value.reached
    assert time.monotonic() - before < LIMITS.connect + LIMITS.answer + 1


def test_headers_that_drip_end_in_time_over_tls(
    authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with serving(Dripping, authority[0]) as port:
        with pytest.raises(NoAnswer, match="no answer in time") as lost:
            resolve(f"https://localhost:{port}")
        assert lost.value.reached


def test_a_post_that_is_there_is_never_overwritten(account: Account) -> None:
    assert account.put("One").status == 200
    refused = account.put("Two")
    assert (refused.status, refused.object()["error"]) == (400, "InvalidSwap")
    assert account.texts() == ["One"]


def resolve(url: str) -> Answer:
    wire = Wire(HttpService(url), LIMITS)
    return wire.answer_to(lambda c: c.com.atproto.identity.resolve_handle({"handle": "a.test"}, **AS_IT_IS))


def test_a_port_where_nobody_listens_was_told_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(NoAnswer, match="cannot be reached") as lost:
            resolve(f"http://127.0.0.1:{free.getsockname()[1]}")
    assert not lost.value.reached


@pytest.mark.parametrize(
    "before",
    ["HTTQ/1.1 ", "HTTP/1.1 200 OK\r\nBad Header ", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
)
def test_an_answer_that_is_no_http_is_not_quoted(before: str) -> None:
    class Echoing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.wfile.write(f"{before}{said}\r\n\r\n".encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with serving(Echoing) as port:
        wire = Wire(HttpService(f"http://localhost:{port}"), LIMITS)
        with pytest.raises(NoAnswer, match="illegal") as lost:
            wire.answer_to(lambda c: c.login("a.test", "an it's password", fetch_bsky_profile=False))
    assert (lost.value.reached, "password" in str(lost.value)) == (True, False)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_nobody_trusts_ends_it_before_anything_is_sent(
    authority: tuple[ssl.SSLContext, Path], host: str
) -> None:
    with serving(Dripping, authority[0]) as port:
        with pytest.raises(NoAnswer, match="its certificate") as lost:
            resolve(f"https://{host}:{port}")
        assert not lost.value.reached


def test_a_handshake_that_never_ends_was_told_nothing() -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    with closing(silent), pytest.raises(NoAnswer, match="no answer in time") as lost:
        resolve(f"https://127.0.0.1:{silent.getsockname()[1]}")
    assert not lost.value.reached


def test_a_resolver_that_nobody_answers_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: end.wait(60) and [])
    with pytest.raises(NoAnswer, match="did not resolve in time") as lost:
        resolve("https://social.example")
    end.set()
    assert not lost.value.reached


def test_an_access_token_is_never_renewed_behind_our_lock(account: Account) -> None:
    """`e30.e30.e30` says nothing of its end, and the SDK would ask for another one by its own clock."""
    account.wire.take_up("a", account.did, "e30.e30.e30", account.session["refreshJwt"])
    query = {"repo": account.did, "collection": "app.bsky.feed.post", "rkey": "3jzfcijpj2z2a"}
    for call in (
        lambda c: c.com.atproto.repo.get_record(query, **AS_IT_IS),
        lambda c: c.com.atproto.repo.delete_record(query, **AS_IT_IS),
        lambda c: c.com.atproto.repo.upload_blob(b"GIF89a", **AS_IT_IS),
        lambda c: c.app.bsky.feed.get_posts({"uris": ["at://x"]}, **AS_IT_IS),
        lambda c: c.app.bsky.feed.get_post_thread({"uri": "at://x"}, **AS_IT_IS),
    ):
        assert account.wire.answer_to(call).status >= 400
    assert account.asked("refreshSession") == 0


def test_a_pds_that_the_server_names_elsewhere_gets_no_token(account: Account) -> None:
    elsewhere = {"id": account.did, "service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer",
                                                 "serviceEndpoint": "http://localhost:9"}]}  # fmt: skip
    data = json.dumps({**account.session, "didDoc": elsewhere}).encode()
    account.proxy.will_say("createSession", Said(status=200, data=data, headers={"Content-Type": "application/json"}))
    account.wire.answer_to(lambda c: c.login("a.test", PASSWORD, fetch_bsky_profile=False))
    with pytest.raises(NoAnswer) as stopped:
        account.put("One")
    assert not stopped.value.reached
    account.wire.take_up("a", account.did, account.session["accessJwt"], account.session["refreshJwt"])
    assert account.put("One").status == 200


def test_under_outreach_now_no_other_computer_is_asked() -> None:
    with pytest.raises(NotSent, match="Under OUTREACH_NOW nothing is sent"):
        HttpService("https://bsky.social", loopback_only=True)


LIGHT = """
import sys
from pathlib import Path
from outreach.cli.main import main
for words in (["check"], ["draft"], ["agenda"], ["status"], ["publish"]):
    main([*words, "--campaign", sys.argv[1]])
print(sorted({"atproto", "atproto_client", "httpx", "httpcore", "mastodon", "requests"} & sys.modules.keys()))
"""


def test_what_only_looks_at_the_campaign_imports_no_sdk(tmp_path: Path) -> None:
    accounts = "  bluesky: {handle: a.example.org}\n  mastodon: {server: 'https://social.example'}\n"
    root = write_posts(tmp_path / "c", accounts=accounts, networks="bluesky, mastodon")
    ran: Any = subprocess.run([sys.executable, "-c", LIGHT, str(root)], capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines()[-1:] == ["[]"], ran.stdout + ran.stderr
