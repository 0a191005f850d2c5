"""Fetching pages for link cards: the open net, and nothing that only looks like it."""

from __future__ import annotations

import gzip
import ipaddress
import ssl
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.connections.fetching import MOST_OF_A_PAGE, CannotFetch, Fetcher
from outreach.connections.reaching import Unreachable, addresses_of
from outreach.connections.web_addresses import BadWebAddress, IPAddress, is_public, target_of
from tests.lookup.web import PAGE, Canary, Web, bomb, canary, small_web

LOOPBACK = ipaddress.IPv4Address("127.0.0.1")

HOSTILE = [
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://LOCALHOST:{port}/", "http://localhost.:{port}/",
    "http://a.localhost:{port}/", "http://127.1:{port}/", "http://127.0.1:{port}/", "http://2130706433:{port}/",
    "http://0x7f000001:{port}/", "http://0x7f.0.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/", "http://0:{port}/", "http://0.0.0.0:{port}/", "http://127.127.127.127:{port}/",
    "http://[::1]:{port}/", "http://[::]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/", "http://[2001::7f00:1]:{port}/", "http://[fe80::1%25lo]:{port}/",
    "http://[fd00::1]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/", "http://１２７.0.0.1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/", "http://ⓛocalhost:{port}/", "http://loc\u00adalhost:{port}/",
    "http://example.org@127.0.0.1:{port}/", "http://127.0.0.1:{port}@example.org/", "http://user:word@127.0.0.1:{port}/",
    "http://example.org:80@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@example.org/", "http:\\\\127.0.0.1:{port}\\",
    "http:///127.0.0.1:{port}/", "http:127.0.0.1:{port}", "//127.0.0.1:{port}/", "http://127.0.0.1:{port}\t/",
    " http://127.0.0.1:{port}/", "http://127.0.0.1%2e:{port}/", "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1\n:{port}/", "ftp://127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x",
    "http://10.0.0.1:{port}/", "http://169.254.169.254/", "http://100.64.0.1/", "http://192.168.0.1/", "http://224.0.0.1/",
    "http://255.255.255.255/", "http://[ff02::1]/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://[::1/",
    "http://127.0.0.1/", "http://[::1]/", "http://0x7f.1/", "http://127.1/", "https://017700000001/", "http://intranet/",
    "http://printer.local/", "javascript:alert(1)", "http://", "", "http://[v1.x]/", "http://127.0.0.1:80:{port}/",
]  # fmt: skip


@pytest.fixture(scope="module")
def bird() -> Iterator[Canary]:
    with canary() as alive:
        yield alive


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with small_web() as alive:
        yield alive


def nobody(host: str, seconds: float) -> Sequence[IPAddress]:
    """A resolver that knows this computer under any name."""
    return [LOOPBACK]


def here(web: Web, seconds: float = 5.0) -> Fetcher:
    """A fetcher that may fetch from this computer, and from nowhere else."""
    return Fetcher(resolve=nobody, permitted=lambda address: address.is_loopback, ports={web.port}, seconds=seconds)


@pytest.mark.parametrize("url", HOSTILE)
def test_no_form_of_an_address_leads_to_this_computer(url: str, bird: Canary) -> None:
    written = url.replace("{port}", str(bird.port))
    # Even with the canary's port allowed, and a resolver that says this computer to every name.
    for fetcher in (Fetcher(resolve=nobody, seconds=2), Fetcher(resolve=nobody, ports={80, 443, bird.port}, seconds=2)):
        with pytest.raises(CannotFetch):
            fetcher.page(written)
        with pytest.raises(CannotFetch):
            fetcher.picture(written)
    assert bird.connections == 0


def test_there_are_at_least_forty_of_them() -> None:
    assert len(set(HOSTILE)) >= 40


def test_the_canary_would_have_noticed(bird: Canary) -> None:
    with canary() as other:
        fetcher = Fetcher(permitted=lambda address: address.is_loopback, ports={other.port}, seconds=2)
        with pytest.raises(CannotFetch):
            fetcher.page(f"http://127.0.0.1:{other.port}/")
        deadline = time.monotonic() + 2
        while not other.connections and time.monotonic() < deadline:
            pass
        assert other.connections == 1


@pytest.mark.parametrize(
    "said",
    [
        ["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["2606:2800:220:1::1", "::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"], ["64:ff9b:1::7f00:1"], ["100.64.0.1"], ["169.254.169.254"], ["10.1.2.3"], ["fe80::1"],
        ["0.0.0.0"], ["::"], ["2002:7f00:1::1"], ["224.0.0.1"], ["192.88.99.1"],
    ],
)  # fmt: skip
def test_a_name_that_resolves_to_an_inner_address_is_not_connected_to(said: list[str], bird: Canary) -> None:
    fetcher = Fetcher(resolve=lambda host, seconds: [ipaddress.ip_address(each) for each in said], ports={bird.port})
    with pytest.raises(CannotFetch, match="which is not a public address"):
        fetcher.page(f"http://rebinding.example:{bird.port}/")
    assert bird.connections == 0


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(web: Web, bird: Canary) -> None:
    """Rebinding: the second answer would be another address; it is never asked for."""
    answers = [[LOOPBACK], [ipaddress.ip_address("10.0.0.1")]]
    asked = []

    def rebinding(host: str, seconds: float) -> Sequence[IPAddress]:
        asked.append(host)
        return answers[min(len(asked) - 1, 1)]

    url = web.serve("/once").replace("127.0.0.1", "named.example")
    fetcher = Fetcher(resolve=rebinding, permitted=lambda address: address == LOOPBACK, ports={web.port})
    assert fetcher.page(url).data == PAGE
    assert asked == ["named.example"]
    assert web.asked[-1] == ("/once", f"named.example:{web.port}")
    # Asked again, it has moved inside, and is refused.
    with pytest.raises(CannotFetch, match="not a public address"):
        fetcher.page(url)


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.2:{port}/", "http://[::1]:{port}/", "//127.0.0.2:{port}/", "http://inner.example:{port}/",
        "http://2130706434:{port}/", "http://x@127.0.0.2:{port}/", "file:///etc/passwd", "http://[::ffff:127.0.0.2]:{port}/",
        "http://localhost:{port}/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [301, 303, 307])
def test_a_redirect_to_an_inner_address_is_refused(to: str, status: int, web: Web, bird: Canary) -> None:
    """`127.0.0.1` stands for the open net here; every other address of this computer is within."""
    start = web.redirect(f"/to/{status}", to.replace("{port}", str(bird.port)), status)
    inner = ipaddress.ip_address("127.0.0.2")
    fetcher = Fetcher(
        resolve=lambda host, seconds: [inner],
        permitted=lambda address: address == LOOPBACK,
        ports={web.port, bird.port},
        seconds=3,
    )
    with pytest.raises(CannotFetch):
        fetcher.page(start)
    assert bird.connections == 0


def test_redirects_are_followed_five_times_and_relative_ones_too(web: Web) -> None:
    web.serve("/end")
    for number in range(7):
        web.redirect(f"/hop/{number}", f"{number - 1}" if number else "/end#part")
    assert here(web).page(f"{web.url}/hop/4").url == f"{web.url}/end"
    with pytest.raises(CannotFetch, match="more than 5 redirects"):
        here(web).page(f"{web.url}/hop/5")


def test_an_endless_redirect_ends(web: Web) -> None:
    with pytest.raises(CannotFetch, match="on and on"):
        here(web).page(web.redirect("/round", "/round"))


def test_a_large_body_is_refused_packed_or_not(web: Web) -> None:
    with pytest.raises(CannotFetch, match="larger than 2 MB"):
        here(web).page(web.serve("/large", bytes(MOST_OF_A_PAGE + 1)))
    with pytest.raises(CannotFetch, match="larger than 2 MB"):
        here(web).page(web.serve("/bomb", bomb(400_000_000), Content_Encoding="gzip"))
    with pytest.raises(CannotFetch, match="larger than 10 MB"):
        here(web).picture(web.serve("/bomb.png", bomb(40_000_000), "image/png", Content_Encoding="gzip"))
    assert here(web).page(web.serve("/packed", gzip.compress(PAGE), Content_Encoding="gzip")).data == PAGE


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip"])
def test_what_cannot_be_unpacked_is_said(packing: str, web: Web) -> None:
    with pytest.raises(CannotFetch, match="not asked for"):
        here(web).page(web.serve("/odd", PAGE, Content_Encoding=packing))


def test_a_damaged_and_a_short_body_are_said(web: Web) -> None:
    with pytest.raises(CannotFetch, match="damaged"):
        here(web).page(web.serve("/damaged", b"no gzip at all", Content_Encoding="gzip"))
    with pytest.raises(CannotFetch, match="cut short"):
        here(web).page(web.serve("/half", gzip.compress(PAGE)[:-9], Content_Encoding="gzip"))
    with pytest.raises(CannotFetch, match=r"cut short|broke"):
        here(web).page(web.serve("/short", PAGE, Content_Length="5000"))


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "", "text/plain", "application/octet-stream"])
def test_a_page_is_a_web_page(media_type: str, web: Web) -> None:
    with pytest.raises(CannotFetch, match="no web page"):
        here(web).page(web.serve("/kind", PAGE, media_type))


def test_a_picture_is_a_picture_and_a_missing_page_is_said(web: Web) -> None:
    with pytest.raises(CannotFetch, match="no picture"):
        here(web).picture(web.serve("/page", PAGE))
    with pytest.raises(CannotFetch, match="answers 404"):
        here(web).page(f"{web.url}/nothing")


def test_a_server_that_drips_is_left_in_time(web: Web) -> None:
    began = time.monotonic()
    with pytest.raises(CannotFetch, match="too long"):
        here(web, seconds=0.5).page(f"{web.url}/drip")
    assert time.monotonic() - began < 3


def test_a_server_without_tls_behind_https_is_said(web: Web) -> None:
    with pytest.raises(CannotFetch, match="the connection broke"):
        here(web).page(web.url.replace("http:", "https:"))


def test_tls_asks_for_the_name_and_connects_to_the_address(web: Web) -> None:
    asked = []

    class Context(ssl.SSLContext):
        def wrap_socket(self, sock, *args, server_hostname=None, **keys):  # type: ignore[no-untyped-def,override]
            asked.append((server_hostname, sock.getpeername()[0]))
            raise ssl.SSLError("enough")

    fetcher = Fetcher(
        resolve=nobody, permitted=lambda a: a == LOOPBACK, ports={web.port}, context=Context(ssl.PROTOCOL_TLS_CLIENT)
    )
    with pytest.raises(CannotFetch):
        fetcher.page(f"https://named.example:{web.port}/")
    assert asked == [("named.example", "127.0.0.1")]


def test_a_name_that_nobody_knows_is_said() -> None:
    def unknown(host: str, seconds: float) -> Sequence[IPAddress]:
        raise Unreachable(f"the name {host} is not known")

    with pytest.raises(CannotFetch, match="not known") as caught:
        Fetcher(resolve=unknown).page("https://example.org/")
    assert caught.value.offline
    assert LOOPBACK in addresses_of("localhost", 5)


@given(st.ip_addresses())
def test_public_is_narrower_than_what_python_calls_global(address: IPAddress) -> None:
    assert not is_public(address) or address.is_global


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://example.org{text}"):
        try:
            target = target_of(url)
        except BadWebAddress:
            continue
        assert target.port in (80, 443)
        assert target.path.isascii()
        assert target.host.isascii()
        assert not {" ", "\r", "\n"} & set(target.path + target.host)


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://example.org", "example.org", "/"),
        ("https://Example.ORG:443/a%20b?c=d#e", "example.org", "/a%20b?c=d"),
        ("https://bücher.example/straße?ä", "xn--bcher-kva.example", "/stra%C3%9Fe?%C3%A4"),
        ("http://93.184.216.34/", "93.184.216.34", "/"),
        ("https://www.assemblee-nationale.fr/x?a=b&c", "www.assemblee-nationale.fr", "/x?a=b&c"),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai", "/"),
    ],
)
def test_ordinary_addresses_are_taken_apart(url: str, host: str, path: str) -> None:
    target = target_of(url)
    assert (target.host, target.path) == (host, path)
