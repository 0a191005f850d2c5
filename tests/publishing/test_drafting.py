"""Wire records: facets that cover exactly their text, labels that mean what was written, keys and CIDs."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.post import PostVersion
from outreach.model.publication import Part, PartMedium, Publication
from outreach.networks.content_ids import dag_cbor, record_cid
from outreach.networks.freezing import freeze_part, thaw_part
from outreach.networks.identity import idempotency_key, record_key
from outreach.networks.mastodon_thread import mastodon_thread, words_of_html, words_of_text

VERSION = PostVersion(post="p", network="bluesky", file="posts/p.md", body="")
PUBLICATION = Publication(
    campaign="c",
    post="p",
    network="bluesky",
    account="a",
    revision=1,
    at=datetime(2026, 1, 13, 9, tzinfo=UTC),
    parts=(),
)


def test_keys_are_those_of_every_version_before() -> None:
    """Else what an older version published would be published again."""
    assert record_key(PUBLICATION, 1) == "3jygvonclalsu"
    assert idempotency_key(PUBLICATION, 1) == "34f9949c-1347-1af5-6fff-69e9cdc0e293"


@given(st.integers(1, 50), st.integers(1, 9), st.text(max_size=9))
def test_keys_follow_from_the_identity_and_nothing_else(part: int, revision: int, post: str) -> None:
    publication = replace(PUBLICATION, post=post, revision=revision)
    key = record_key(publication, part)
    assert re.fullmatch(r"[234567a-j][234567a-z]{12}", key)
    assert key == record_key(replace(publication, at=datetime(2030, 1, 1, tzinfo=UTC)), part)
    assert key != record_key(publication, part + 1)
    assert key != record_key(replace(publication, revision=revision + 1), part)
    assert idempotency_key(publication, part) != idempotency_key(publication, part + 1)


def test_a_record_has_the_cid_that_the_specification_gives() -> None:
    assert dag_cbor({"bb": 1, "a": [True, None, -1, 500]}).hex() == "a2616184f5f6201901f462626201"
    assert record_cid({}) == "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"


def test_a_part_is_frozen_whole() -> None:
    medium = PartMedium(file="a.png", sha256="00", media_type="image/png", alt="A", focus=(0.5, -1.0))
    part = Part(number=1, text="Ünï", record={"status": "Ünï"}, media=(medium,))
    (ready,) = mastodon_thread(replace(PUBLICATION, network="mastodon", parts=(part,)))
    assert thaw_part(freeze_part(ready)) == ready


def test_a_status_is_known_by_its_words_whatever_its_server_makes_of_them() -> None:
    text = "Dear @FSFE@social.example,\n\nread https://example.org/a/long/path & say yes"
    shown = (
        '<p>Dear <span class="h-card"><a href="https://social.example/@fsfe">@<span>FSFE</span></a></span>,</p><p>read '
        '<a href="https://example.org/a/long/path"><span class="invisible">https://</span><span class="ellipsis">'
        'example.org/a/long</span><span class="invisible">/path</span></a> &amp; say yes</p>'
    )
    assert words_of_html(shown) == words_of_text(text)


PIECES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=9)
    .filter(lambda word: not set(word) & set("@#:/%<>&")),
    st.sampled_from(["https://www.example.org/a?b=1&c=2", "http://example.org", "https://example.org/straße/%C3%BC"]),
    st.sampled_from(["@fsfe@social.example", "#OpenSource", "a & b", "<b>", "3 < 4", "50 %", "\n", "\n\n"]),
)  # fmt: skip


def _as_mastodon(piece: str) -> str:
    if piece.startswith("http"):
        scheme, _, rest = piece.partition("://")
        start = f'<span class="invisible">{scheme}://</span><span class="ellipsis">{html.escape(rest[:12])}</span>'
        href = html.escape(piece)
        return f'<a href="{href}" rel="nofollow">{start}<span class="invisible">{html.escape(rest[12:])}</span></a>'
    if piece[0] in "@#":
        name = piece[1:].partition("@")[0]
        return f'<a href="https://social.example/{name}" class="mention">{piece[0]}<span>{name}</span></a>'
    return html.escape(piece).replace("\n\n", "</p><p>").replace("\n", "<br />")


def _as_another(piece: str) -> str:
    if piece.startswith("http"):
        host = piece.partition("://")[2]
        return f"<a href='{html.escape(quote(piece, safe='/:?&=%'))}'>{html.escape(host[:9])}…</a>"
    if piece.startswith("@"):
        return f'<a href="https://social.example/x">{piece}</a>'
    return html.escape(piece, quote=False).replace("\n", "<br>")


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("See https://a.example/long/way", '<p>See <a href="https://a.example/long/way">a.example/l&hellip;</a></p>'),
        ("See https://a.example/long/way", '<p>See <a href="https://a.example/long/way">a.ex…/way</a></p>'),
        ("Read www.example.org today", '<p>Read <a href="http://www.example.org">www.example.org</a> today</p>'),
        ("Read www.example.org today", '<p>Read <a href="https://example.org/">example.org</a> today</p>'),
        ("We ask:\n1. money\n2. time", "<p>We ask:</p><ol><li>money</li><li>time</li></ol>"),
        ("We ask:\n1. money\n2. time", "<p>We ask:<br>1. money<br>2. time</p>"),
        ("3. April, Demo\n4. Mai", '<ol start="3"><li><p>April, Demo</p></li><li>Mai</li></ol>'),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("Step 1️⃣ done", '<p>Step <img alt="1️⃣" src="/1.png"> done</p>'),
        ("Thanks :blob_cat: all", '<p>Thanks <img class="emoji" src="/b.png" alt=":blob_cat:" title="x"> all</p>'),
        ("**Now** or *never*", "<p><strong>Now</strong> or <em>never</em></p>"),
    ],
)  # fmt: skip
def test_what_servers_draw_and_shorten_is_known_again(text: str, content: str) -> None:
    assert words_of_html(content) == words_of_text(text)


def test_a_date_is_no_mark_of_a_list() -> None:
    assert words_of_text("3. April, 18 Uhr: Demo") != words_of_text("4. April, 18 Uhr: Demo")
    assert words_of_html("<p>4. April, 18 Uhr: Demo</p>") != words_of_text("3. April, 18 Uhr: Demo")


@given(st.lists(PIECES, min_size=1, max_size=8), st.sampled_from([_as_mastodon, _as_another]))
def test_every_text_is_known_again_in_what_servers_make_of_it(pieces: list[str], shown: Callable[[str], str]) -> None:
    text = " ".join(pieces)
    content = f"<p>{' '.join(shown(piece) for piece in pieces)}</p>"
    assert words_of_html(content) == words_of_text(text)
    assert words_of_html(content) != words_of_text(f"{text} more")
