"""The seams of Mastodon.py, requests and urllib3 that publishing once rests on, under every fault, on two servers.

A newer release of any of them that sends twice, follows where it should not, or hides whether a request was sent
fails here.
"""

from __future__ import annotations

import json
import ssl
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from outreach.connections.http_service import HttpService, Limits
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import InDoubt, NotSent
from outreach.networks.mastodon_thread import is_shown_in
from outreach.publishing.mastodon import login
from outreach.publishing.mastodon.client import MastodonClient, wire
from outreach.publishing.mastodon.instance import limits_of
from tests.publishing.test_http_service import _Kind, serving
from tests.servers.fault_proxy import FaultProxy, Said, fault_proxy
from tests.servers.mastodon import CODE, TOKEN, Mastodon, running_mastodon
from tests.servers.mock import MOCK_TOKEN, running_mock

LIMITS = Limits(connect=2, answer=3)
POST = "POST /api/v1/statuses"


@dataclass
class Place:
    """A client of a server behind the proxy, and the token that the server knows."""

    proxy: FaultProxy
    token: str
    server: Mastodon | None

    def client(self) -> MastodonClient:
        return MastodonClient({"server": self.proxy.url}, Secrets({}), limits=LIMITS, token=Secret(self.token))

    def post(self) -> Any:
        return self.client().change(lambda m: m.status_post("One", idempotency_key="k"))

    def posts(self) -> int:
        """How many requests to post reached the server."""
        return sum(line.startswith(POST) for line in self.proxy.heard)


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("mastodon_mock")
    with running_mock(tmp_path_factory.mktemp("mastodon-mock")) as url:
        yield url


@pytest.fixture(params=["strict", "mastodon-mock"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with ExitStack() as stack:
        server = stack.enter_context(running_mastodon()) if request.param == "strict" else None
        url = server.url if server else request.getfixturevalue("mock")
        proxy = stack.enter_context(fault_proxy(url))
        yield Place(proxy, TOKEN if server else MOCK_TOKEN, server)


@contextmanager
def a_stranger() -> Iterator[tuple[str, list[str]]]:
    """Another server on this computer, and what it was asked."""
    asked: list[str] = []

    class Stranger(_Kind):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path} {self.headers.get('Authorization')}")
            super().do_GET()

        do_POST = do_GET

    with serving(Stranger) as port:
        yield f"http://localhost:{port}", asked


def test_a_post_is_one_request_with_its_key_and_token_as_a_form(place: Place) -> None:
    answer = place.client().change(
        lambda m: m.status_post("Ünï\n\nline", visibility="unlisted", sensitive=None, idempotency_key="k"),
        also={"language": "de"},
    )
    assert (answer.status, bool(answer.object()["id"]), place.posts()) == (200, True, 1)
    if place.server:
        (status,) = place.server.statuses.values()
        assert (status["text"], status["visibility"], status["language"]) == ("Ünï\n\nline", "unlisted", "de")
        assert list(place.server.keys) == ["k"]


@pytest.mark.parametrize(("fault", "posted"), [("drop-before", 0), ("drop-after", 1), ("truncate-after", 1)])
def test_a_connection_that_breaks_after_the_request_is_a_doubt_and_asked_once(
    place: Place, fault: str, posted: int
) -> None:
    place.proxy.will(POST, fault)
    with pytest.raises(InDoubt, match="the connection broke before it answered"):
        place.post()
    assert place.posts() == posted


def test_what_is_not_json_is_an_answer_as_it_came(place: Place) -> None:
    place.proxy.will(POST, "garbage-after")
    answer = place.post()
    assert (answer.status, answer.object(), answer.data[:6]) == (200, {}, b"<html>")


@pytest.mark.parametrize("status", [200, 429, 500, 503, 401, 404, 422])
@pytest.mark.parametrize("reset", ["soon", "", "-1", "9" * 400, "2026-13-45T99:00:00Z", "1796119200", "1e999", "\x01"])
def test_odd_rate_limits_hide_no_answer_and_nothing_waits_or_repeats(place: Place, status: int, reset: str) -> None:
    headers = {"X-RateLimit-Reset": reset, "X-RateLimit-Remaining": "0", "Date": "yesterday", "Deprecation": "true"}
    place.proxy.will_say(POST, Said(status=status, data=b'{"id": "1"}', headers=headers, heard=True))
    before = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = place.post()
    assert (answer.status, answer.object(), place.posts()) == (status, {"id": "1"}, 1)
    assert time.monotonic() - before < 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_changes_something_is_never_sent_on(place: Place, status: int) -> None:
    with a_stranger() as (url, asked):
        for target in (f"{place.proxy.url}/api/v1/statuses", f"{url}/api/v1/statuses"):
            place.proxy.will_say(POST, Said(status=status, headers={"Location": target}))
            assert place.post().status == status
        assert (place.posts(), asked) == (0, [])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_question_is_sent_on_within_its_server_and_to_no_other(place: Place, status: int) -> None:
    client, path = place.client(), "GET /api/v1/accounts/verify_credentials"
    place.proxy.will_say(path, Said(status=status, headers={"Location": "/api/v2/instance"}))
    assert client.read(lambda m: m.account_verify_credentials()).object()["configuration"] is not None
    with a_stranger() as (url, asked):
        for target in (
            url,
            f"//localhost:{url.rpartition(':')[2]}/x",
            "http://user@localhost/",
            "http://[",
            "http://a:b/",
        ):
            place.proxy.will_say(path, Said(status=status, headers={"Location": target}))
            assert client.read(lambda m: m.account_verify_credentials()).status == status
        assert asked == []
    place.proxy.will_say(path, *[Said(status=status, headers={"Location": f"{place.proxy.url}{path[4:]}"})] * 9)
    assert client.read(lambda m: m.account_verify_credentials()).status == status  # round and round


def test_an_answer_that_drips_ends_when_all_time_is_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "LIMITS", Limits(connect=1, answer=1))
    place.proxy.will_say(POST, Said(status=200, data=b'{"id": "1"}', heard=True, pause=0.2))
    before = time.monotonic()
    with pytest.raises(InDoubt, match="no answer in time"):
        place.post()
    assert time.monotonic() - before < LIMITS.connect + LIMITS.answer + 1
    assert place.posts() == 1


def test_a_port_that_nobody_listens_on_was_sent_nothing() -> None:
    client = MastodonClient({"server": "http://localhost:9"}, Secrets({}), limits=LIMITS, token=Secret(TOKEN))
    with pytest.raises(NotSent, match=r"cannot be reached \(connection refused\)"):
        client.change(lambda m: m.status_post("One"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_is_not_trusted_or_of_another_name_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    if host != "localhost":
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with serving(_Kind, context) as port:
        client = MastodonClient({"server": f"https://{host}:{port}"}, Secrets({}), limits=LIMITS, token=Secret(TOKEN))
        with pytest.raises(NotSent, match=r"cannot be reached \(its certificate is "):
            client.change(lambda m: m.status_post("One"))


def test_the_authority_of_this_computer_is_trusted_and_the_list_of_certifi_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "none"))
    with serving(_Kind, context) as port:
        client = MastodonClient(
            {"server": f"https://localhost:{port}"}, Secrets({}), limits=LIMITS, token=Secret(TOKEN)
        )
        assert client.read(lambda m: m.status("1")).object() == {"host": f"localhost:{port}"}


def test_neither_a_proxy_nor_netrc_gets_to_see_anything(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_stranger() as (url, asked):
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, url)
        (tmp_path / ".netrc").write_text("default login other password stolen\n")
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        assert place.post().status == 200
        assert asked == []


def test_a_token_and_an_id_are_never_taken_for_the_name_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / TOKEN).write_text("something-of-mine\nhttps://elsewhere.example\n")
    (tmp_path / "client").write_text("something-of-mine\nand-more\n")
    with running_mastodon() as server, fault_proxy(server.url) as proxy:
        assert Place(proxy, TOKEN, server).post().status == 200
        application = login.register(proxy.url)
        assert application.id == "client"
        assert login.exchange(proxy.url, application, Secret(CODE)).reveal() == TOKEN


def test_no_server_names_another_one_that_gets_the_code() -> None:
    with running_mastodon() as server, fault_proxy(server.url) as proxy, a_stranger() as (url, asked):
        said = {"token_endpoint": f"{url}/oauth/token", "authorization_endpoint": f"{url}/oauth/authorize"}
        proxy.will_say("/.well-known/", *[Said(status=200, data=json.dumps(said).encode())] * 9)
        application = login.register(proxy.url)
        assert application.page.startswith(f"{proxy.url}/oauth/authorize?client_id=client")
        assert login.exchange(proxy.url, application, Secret(CODE)).reveal() == TOKEN
        assert asked == []


def test_a_status_line_that_repeats_the_token_is_not_quoted_with_it() -> None:
    class Echoing(_Kind):
        def do_GET(self) -> None:
            self.wfile.write(f"no HTTP, but {self.headers['Authorization']}\r\n\r\n".encode())

    with serving(Echoing) as port:
        client = MastodonClient(
            {"server": f"http://localhost:{port}"}, Secrets({}), limits=LIMITS, token=Secret("A-Token")
        )
        with pytest.raises(NotSent, match=r"\[secret\]") as refusal:
            client.status("1")
        assert "a-token" not in f"{refusal.value!r}{refusal.value}".lower()


def test_media_go_to_the_interface_of_today_and_are_not_waited_for(place: Place) -> None:
    answer = place.client().change(
        lambda m: m.media_post(b"\x89PNG", "image/png", description="An “alt”", focus=(0.5, -1), file_name='a".png')
    )
    assert answer.status in (200, 202, 422)
    assert [line for line in place.proxy.heard if "media" in line] == ["POST /api/v2/media"]


def test_statuses_are_read_page_by_page(place: Place) -> None:
    client = place.client()
    for number in range(5):
        client.change(lambda m, n=number: m.status_post(f"Status {n}"))
    me = client.read(lambda m: m.account_verify_credentials()).object()["id"]
    answer, page = client.page(lambda m: m.account_statuses(me, exclude_reblogs=True, limit=2))
    seen = [each["id"] for each in answer.json()]
    for _ in range(2):
        answer, page = client.page(lambda m, page=page: m.fetch_next(page))
        seen += [each["id"] for each in answer.json()]
    assert len(seen) == len(set(seen)) >= 5


def test_what_a_server_allows_is_asked_of_its_instance(place: Place) -> None:
    assert limits_of(place.proxy.url).server == place.proxy.url
    assert "GET /api/v2/instance" in place.proxy.heard


def test_a_mistake_of_ours_is_not_called_a_doubt() -> None:
    opened = wire(HttpService("http://localhost:9"), LIMITS)
    with pytest.raises(ZeroDivisionError):
        opened.ask(lambda: 1 / 0)


@pytest.mark.parametrize("piece", ["<a href='x'>", "<a href='", "<ol start=1", "<img alt='", "<", "</p>  ", "<br "])
def test_tags_that_do_not_end_are_read_at_once(piece: str) -> None:
    """With patterns that look for the end of each, this takes hours."""
    assert not is_shown_in("Four words of ours", piece * 20_000)
