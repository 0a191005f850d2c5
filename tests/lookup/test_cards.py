"""What a page says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.networks.link_cards import MOST_OF_A_TITLE, PageCard, card_of

URL = "https://example.org/a/page"


def read(html: str, media_type: str = "text/html; charset=utf-8") -> PageCard:
    return card_of(html.encode(), media_type, URL)


@pytest.mark.parametrize(
    ("html", "card"),
    [
        (
            '<meta property="og:title" content="Ti &amp; tle"><meta property="og:description" content="De\nscr">'
            '<meta property="og:image" content="../x.png"><title>Other</title>',
            PageCard(title="Ti & tle", description="De scr", picture="https://example.org/x.png"),
        ),
        ("<title> A\n t</title><meta name=description content='s'>", PageCard(title="A t", description="s")),
        ("<svg><title>Logo</title></svg><title>Page</title>", PageCard(title="Page")),
        ("<title>One</title><title>Two</title>", PageCard(title="One")),
        ("<meta name='twitter:title' content='Bird'><title>x</title>", PageCard(title="Bird")),
        ("<meta property='og:title' content=''><title>Fallback</title>", PageCard(title="Fallback")),
        (
            "<base href='/b/'><title>T</title><meta property='og:image' content='i.png'>",
            PageCard(title="T", picture="https://example.org/b/i.png"),
        ),
        ("words only", PageCard(title="")),
        ("", PageCard(title="")),
        ("<meta property='og:title' content='a\x00\u202eb'>", PageCard(title="a b")),
        ("<meta property='og:image' content='http://[bad'><title>T", PageCard(title="T")),
    ],
)  # fmt: skip
def test_open_graph_goes_before_plain_html(html: str, card: PageCard) -> None:
    assert read(html) == card


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "cp1252", "utf-16"])
def test_the_characters_are_those_of_the_page(charset: str) -> None:
    data = "<title>Straße für alle</title>".encode(charset)
    assert card_of(data, f"text/html; charset={charset}", URL).title == "Straße für alle"


def test_a_page_names_its_own_characters_and_a_wrong_name_is_no_harm() -> None:
    page = '<meta charset="iso-8859-1"><title>Grüße</title>'.encode("iso-8859-1")
    assert card_of(page, "text/html", URL).title == "Grüße"
    assert card_of("<title>Grüße</title>".encode(), "text/html; charset=no-such", URL).title == "Grüße"
    assert card_of("<title>Grüße</title>".encode("cp1252"), "text/html", URL).title == "Grüße"


def test_a_long_title_is_cut() -> None:
    title = read(f"<title>{'word ' * 200}</title>").title
    assert len(title) <= MOST_OF_A_TITLE
    assert title.endswith("…")


@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/html; charset=utf-16", "text/html; charset=idna"]))
def test_any_bytes_are_read(data: bytes, media_type: str) -> None:
    card = card_of(b"<title>" + data, media_type, URL)
    assert "\n" not in card.title
