"""Who may ask: the right Host, the token once, forms of our own pages; and no look changes anything."""

from __future__ import annotations

import gzip
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.routing import Route

from outreach.web.application import ROUTES
from tests.web.dashboards import Visitor, written

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SAMPLES = {
    "wave": "one", "contact": "c0000", "step": "0", "digest": "0" * 64, "sha256": "0" * 64, "name": "app.css",
    "format": "html",
}  # fmt: skip


def path_of(route: Route) -> str:
    """An address that the route answers."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda match: SAMPLES[match[1]], route.path)


FRAMED = ("/report/as/html", "/report/whole", "/report/month", "/report/month/html")
"""Whole documents with a style of their own, behind a policy under which nothing runs and nothing is loaded."""
PATHS = sorted({path_of(route) for route in ROUTES})
WRITING = sorted(path_of(route) for route in ROUTES if "POST" in (route.methods or ()))


def test_every_method_of_every_route_wants_the_right_host(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    port = urlsplit(visitor.address).port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}", ""):
        for path in PATHS:
            for method in METHODS:
                body = urlencode({"because": "x"}) if method in ("POST", "PUT", "PATCH") else None
                answer = visitor.ask(method, path, body, Host=host, Origin=f"http://{host}" if body else None)
                assert answer.status in (400, 403), (host, method, path, answer.status)
                assert b"Small" not in answer.body
    assert written(campaign) == before


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_the_names_of_this_computer_are_right_hosts(visitor: Visitor, host: str) -> None:
    assert visitor.get("/", Host=f"{host}:{urlsplit(visitor.address).port}").status == 200


@pytest.mark.parametrize("cookie", ["", "outreach-{port}=", "outreach-{port}=wrong", "outreach-1=x", "{right}x"])
def test_without_the_cookie_every_method_of_every_route_says_no(visitor: Visitor, campaign: Path, cookie: str) -> None:
    before = written(campaign)
    visitor.cookie = cookie.format(port=urlsplit(visitor.address).port, right=visitor.cookie)
    for path in [*PATHS, "/nothing", "/enter?token=", "/enter?token=wrong", "/static/../app.css", "//evil.example/"]:
        for method in METHODS:
            answer = visitor.ask(method, path, "form_token=x" if method == "POST" else None)
            assert answer.status == 403, (method, path, answer.status)
            assert b"Small" not in answer.body
    assert written(campaign) == before


def test_the_token_lets_one_browser_in_once(stranger: Visitor) -> None:
    split = urlsplit(stranger.address)
    entrance = f"{split.path}?{split.query}"
    assert stranger.ask("HEAD", entrance).status == 403  # whoever only looks whether the address lives
    first, second = stranger.get(entrance), stranger.get(entrance)
    assert (first.status, second.status) == (200, 403)
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "set-cookie" not in second.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "https://{host}"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null", "Sec_Fetch_Site": None},
        {"Origin": None, "Sec_Fetch_Site": None},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
    ],
    ids=str,
)
def test_nothing_is_written_for_another_site(visitor: Visitor, campaign: Path, headers: dict[str, str | None]) -> None:
    said = {name: value and value.format(host=visitor.host) for name, value in headers.items()}
    form = {"because": "x", "id": "one/c0000/0", "digest": visitor.shown_digest("/letters/one/c0000/0")}
    before = written(campaign)
    for path in WRITING:
        assert visitor.post(path, form, **said).status == 403, path
    assert written(campaign) == before


def test_nothing_is_written_without_the_token_of_the_form(visitor: Visitor, campaign: Path) -> None:
    form = {"because": "x", "id": "one/c0000/0", "digest": visitor.shown_digest("/letters/one/c0000/0")}
    before = written(campaign)
    for path in WRITING:
        for token in ({}, {"form_token": ""}, {"form_token": "wrong"}):
            assert visitor.ask("POST", path, urlencode(form | token)).status == 403, path
    assert written(campaign) == before


def test_what_the_forms_do_is_not_done_by_looking(visitor: Visitor, campaign: Path) -> None:
    form = urlencode({"form_token": visitor.token(), "because": "x", "target": "", "language": "de"})
    before = written(campaign)
    for path in WRITING:
        for method in ("GET", "HEAD"):
            assert visitor.ask(method, f"{path}?{form}").status in (200, 405), path
    assert written(campaign) == before
    assert 'lang="en"' in visitor.page("/")[:100]


def test_a_crawl_of_every_link_changes_nothing(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    todo, done = ["/"], set()
    while todo and len(done) < 150:  # the calendar goes on for ever
        path = todo.pop(0)
        if path in done:
            continue
        done.add(path)
        assert visitor.ask("HEAD", path).status in (200, 204, 405)
        answer = visitor.get(path)
        assert answer.status in (200, 204, 405), f"{path}: {answer.status} {answer.text[:300]}"
        if answer.headers.get("content-type", "").startswith("text/html"):
            links = re.findall(r'(?:href|src|hx-get|action)="([^"#]*)', answer.text)
            todo += [unescape(link) for link in links if link.startswith("/")]
    assert len(done) > 40
    assert written(campaign) == before


def test_what_is_too_long_or_has_no_length_is_not_read(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    assert visitor.post("/hold", {"because": "x" * 70_000}).status == 413
    assert (
        visitor.ask("POST", "/hold", "1\r\nx\r\n0\r\n\r\n", Content_Length=None, Transfer_Encoding="chunked").status
        == 413
    )
    assert written(campaign) == before


def test_every_answer_says_what_the_browser_may_do(visitor: Visitor) -> None:
    for path in [*PATHS, "/nothing"]:
        headers = visitor.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert path in FRAMED or "unsafe-inline" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


def test_only_the_files_of_the_pages_are_kept_by_a_browser_and_only_as_they_are(visitor: Visitor) -> None:
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.page("/"))
    assert len(linked) == 4
    for path in linked:
        plain, packed = visitor.get(path), visitor.get(path, Accept_Encoding="br, gzip")
        assert "immutable" in plain.headers["cache-control"]
        assert gzip.decompress(packed.body) == plain.body
        assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
        for other in (path.partition("?")[0], f"{path}0"):
            assert visitor.get(other).headers["cache-control"] == "no-store"
        assert Visitor(visitor.address).get(path).status == 403


def test_a_letters_html_stands_in_a_frame_that_may_do_nothing(visitor: Visitor) -> None:
    digest = visitor.shown_digest("/letters/one/c0000/0")
    policy = visitor.get(f"/shown/{digest}").headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert re.search(r"<iframe[^>]* sandbox ", visitor.page("/letters/one/c0000/0"))


def test_a_framed_report_may_do_nothing_either(visitor: Visitor) -> None:
    for path in FRAMED:
        answer = visitor.get(path)
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert not re.findall(r"<script|\sstyle=|\son\w+=|javascript:", answer.text), path
    assert re.search(r"<iframe[^>]* sandbox ", visitor.page("/report"))


def test_no_page_has_a_script_or_a_style_of_its_own(visitor: Visitor) -> None:
    for path in sorted({*PATHS} - {*FRAMED}):
        text = visitor.get(path).text
        if "<!doctype" in text[:20]:
            assert not re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", text), path


def test_nothing_of_a_page_leads_to_another_server(visitor: Visitor) -> None:
    for path in PATHS:
        text = visitor.get(path).text
        if "<!doctype" in text[:20]:
            assert not re.findall(r'(?:src|href|action|hx-get|content)="(?:https?:)?//', text), path
