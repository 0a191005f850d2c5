"""Facets on Bluesky: the cases of the official rich text, three differences that are meant, and generated texts."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.markup.conversion import without_punctuation
from outreach.networks.facets import facets, mentioned

DID = "did:plc:x"
KNOWN = ["handle.com", "middle.com", "full123-chars.test", "alice.com", "alice.bsky.social", "rs.com", "a.bcd.com"]

# As in the detection tests of @atproto/api's rich text: a text, and its pieces that are marked, with what they mean.
MENTIONS = [
    ("no mention", []),
    ("@handle.com middle end", ["@handle.com"]),
    ("start @handle.com end", ["@handle.com"]),
    ("start middle @handle.com", ["@handle.com"]),
    ("@handle.com @middle.com @handle.com", ["@handle.com", "@middle.com", "@handle.com"]),
    ("@full123-chars.test", ["@full123-chars.test"]),
    ("not@right", []),
    ("not@handle.com", []),
    ("@handle.com!@#$chars", ["@handle.com"]),
    ("@handle.com\n@middle.com", ["@handle.com", "@middle.com"]),
    ("parenthetical (@handle.com)", ["@handle.com"]),
    ("👨‍👩‍👧‍👧 @handle.com 👨‍👩‍👧‍👧", ["@handle.com"]),
    ("@alice.com's post", ["@alice.com"]),
    ("@alice.com, @alice.com. @alice.com: @alice.com!", ["@alice.com"] * 4),
    ("hi @Alice.Bsky.Social!", ["@Alice.Bsky.Social"]),
    ("@alice", []),
    ("@unknown.example", []),
]
LINKS = [
    ("start https://middle.com end", [("https://middle.com", "https://middle.com")]),
    ("start https://middle.com/foo/bar end", [("https://middle.com/foo/bar", "https://middle.com/foo/bar")]),
    ("start https://middle.com/foo/bar?baz=bux end", [("https://middle.com/foo/bar?baz=bux",) * 2]),
    ("start https://middle.com/foo/bar?baz=bux#hash end", [("https://middle.com/foo/bar?baz=bux#hash",) * 2]),
    ("https://start.com/foo/bar?baz=bux#hash middle end", [("https://start.com/foo/bar?baz=bux#hash",) * 2]),
    ("start middle https://end.com/foo/bar?baz=bux#hash", [("https://end.com/foo/bar?baz=bux#hash",) * 2]),
    ("https://newline1.com\nhttps://newline2.com", [("https://newline1.com",) * 2, ("https://newline2.com",) * 2]),
    ("👨‍👩‍👧‍👧 https://middle.com 👨‍👩‍👧‍👧", [("https://middle.com",) * 2]),
    ("start middle.com end", [("middle.com", "https://middle.com")]),
    ("start middle.com/foo/bar end", [("middle.com/foo/bar", "https://middle.com/foo/bar")]),
    ("start middle.com/foo/bar?baz=bux#hash end", [("middle.com/foo/bar?baz=bux#hash",
                                                      "https://middle.com/foo/bar?baz=bux#hash")]),
    ("a.com b.com", [("a.com", "https://a.com"), ("b.com", "https://b.com")]),
    ("not.. a..url ..here", []),
    ("e.g.", []),
    ("something-cool.jpg", []),
    ("website.com.jpg", []),
    ("e.g./foo", []),
    ("Classic article https://socket3.wordpress.com/2018/02/03/designing/ ",
     [("https://socket3.wordpress.com/2018/02/03/designing/",) * 2]),
    ("https://foo.com https://bar.com/whatever https://baz.com",
     [("https://foo.com",) * 2, ("https://bar.com/whatever",) * 2, ("https://baz.com",) * 2]),
    ("punctuation https://foo.com, https://bar.com/whatever; https://baz.com.",
     [("https://foo.com",) * 2, ("https://bar.com/whatever",) * 2, ("https://baz.com",) * 2]),
    ("parenthentical (https://foo.com)", [("https://foo.com",) * 2]),
    ("except for https://foo.com/thing_(cool)", [("https://foo.com/thing_(cool)",) * 2]),
    ("www.assemblee-nationale.fr.", [("www.assemblee-nationale.fr", "https://www.assemblee-nationale.fr")]),
    ("see notes.md and main.py", []),
    ("version v1.2.nodomain and 12.30.uhr, example.notadomain/path", []),
    ("اقرأ: https://example.org/نهر، ثم", [("https://example.org/نهر",) * 2]),
    ("اقرأ https://example.org/نهر؛ أو https://example.org/ماء؟", [("https://example.org/نهر",) * 2,
                                                                  ("https://example.org/ماء",) * 2]),
    ("詳しくは https://example.org/川。次は https://example.org/水、と", [("https://example.org/川",) * 2,
                                                             ("https://example.org/水",) * 2]),
    ("（https://example.org/川） 「https://example.org」！", [("https://example.org/川",) * 2,
                                                          ("https://example.org",) * 2]),
    ("見て(https://example.org/川)ね、[https://example.org]を", [("https://example.org/川",) * 2,
                                                            ("https://example.org",) * 2]),
    ("(https://example.org/a_(b)c)です https://example.org/a)b", [("https://example.org/a_(b)c",) * 2,
                                                                ("https://example.org/a)b",) * 2]),
    ("देखें https://example.org/नदी। ፡ https://example.org/x።", [("https://example.org/नदी",) * 2,
                                                             ("https://example.org/x",) * 2]),
    ("см. https://example.org/река… и www.example.org؟", [("https://example.org/река",) * 2,
                                                       ("www.example.org", "https://www.example.org")]),
    ("https://example.org/a_(b)） and https://xn--e1afmkfd.xn--p1ai/a", [("https://example.org/a_(b)",) * 2,
                                                                  ("https://xn--e1afmkfd.xn--p1ai/a",) * 2]),
]  # fmt: skip
TAGS = [
    ("#a", ["a"]),
    ("#a #b", ["a", "b"]),
    ("#1", []),
    ("#1a", ["1a"]),
    ("#tag", ["tag"]),
    ("body #tag", ["tag"]),
    ("#tag body", ["tag"]),
    ("body #tag body", ["tag"]),
    ("body #1", []),
    ("body #1a", ["1a"]),
    ("body #a1", ["a1"]),
    ("#", []),
    ("#?", []),
    ("text #", []),
    ("text # text", []),
    (f"body #{'a' * 64}", ["a" * 64]),
    (f"body #{'a' * 65}", []),
    ("its a #double#rainbow", ["double"]),  # the official one takes "double#rainbow": meant
    ("##hashash", []),
    ("body #tag.", ["tag"]),
    ("body #tag, #other!", ["tag", "other"]),
    ("this #️⃣tag should not be a tag", []),
    ("this ##️⃣tag should not be a tag", []),
    ("no match (\\u200B): #\u200btag", []),
    ("match \u200b in it #ta\u200bg", ["ta"]),
    ("some #punctuation...", ["punctuation"]),
    ("works #with_underscore", ["with_underscore"]),
    ("#🍎 and #été", ["🍎", "été"]),
    ("full width \uff03tag", ["tag"]),
    ("a#b", []),
]  # fmt: skip


def marked(text: str, kind: str, dids: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """What is marked in the bytes, beside what it means."""
    data = text.encode()
    name = {"link": "uri", "mention": "did", "tag": "tag"}[kind]
    return [
        (data[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode(), each["features"][0][name])
        for each in facets(text, dict.fromkeys(KNOWN, DID) if dids is None else dids)
        if each["features"][0]["$type"].endswith(f"#{kind}")
    ]


@pytest.mark.parametrize(("text", "shown"), MENTIONS)
def test_mentions_are_those_of_the_official_rich_text(text: str, shown: list[str]) -> None:
    assert marked(text, "mention") == [(each, DID) for each in shown]


@pytest.mark.parametrize(("text", "links"), LINKS)
def test_links_are_those_of_the_official_rich_text(text: str, links: list[tuple[str, str]]) -> None:
    assert marked(text, "link") == links


@pytest.mark.parametrize(("text", "tags"), TAGS)
def test_hashtags_are_those_of_the_official_rich_text(text: str, tags: list[str]) -> None:
    assert [tag for _, tag in marked(text, "tag")] == tags


PIECES = st.sampled_from(
    ["word", " ", "\n", "(", ")", ".", ",", "!", "'s", "#", "#tag", "#été", "#1", "@alice.com", "@Alice.Bsky.Social",
     "https://example.org/a_(b)", "www.assemblee-nationale.fr", "a.bcd.com", "👨‍👩‍👧‍👧", "e\u0301", "한국",
     "@", "\u200b", "\uff03", "é", "🇧🇪"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_each_facet_covers_exactly_its_text_and_none_overlap(text: str) -> None:
    data, end = text.encode(), 0
    for each in facets(text, dict.fromkeys(KNOWN, DID)):
        start, stop, (feature,) = each["index"]["byteStart"], each["index"]["byteEnd"], each["features"]
        assert end <= start < stop <= len(data)
        end = stop
        shown = data[start:stop].decode()  # which fails inside a character
        if "uri" in feature:
            assert feature["uri"] in (shown, f"https://{shown}")
        elif "tag" in feature:
            assert shown[0] in "#\uff03"
            assert shown[1:] == feature["tag"]
        else:
            assert mentioned(shown) == [shown[1:].casefold()]


@given(st.text(max_size=80))
def test_any_text_is_marked_within_itself(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    for each in facets(data.decode(), {}):
        data[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode()


SIGNS = regex.findall(r"[\p{Terminal_Punctuation}\p{Quotation_Mark}…¡¿]", "".join(map(chr, range(0x110000))))


@given(st.sampled_from(SIGNS), st.sampled_from(["a", "نهر", "川", "река"]))
def test_a_sign_that_ends_a_sentence_in_any_script_is_no_part_of_a_link(sign: str, end: str) -> None:
    link = f"https://example.org/{end}"
    for text in (f"{link}{sign}", f"{link}{sign} x", f"{link}{sign}{sign}"):
        assert marked(text, "link") == [(link, link)], text


@pytest.mark.parametrize("tail", ["", "然后", " x", "ثم"])
@pytest.mark.parametrize("sign", [*"՜՝՞⸮…‥。，；」』】》）”»›", "\u200f", "\u2069", "\u200b"])
def test_a_sign_of_a_sentence_ends_a_link_whatever_stands_behind_it(sign: str, tail: str) -> None:
    assert marked(f"https://example.org/nx{sign}{tail}", "link") == [("https://example.org/nx",) * 2]


@pytest.mark.parametrize(
    "link", ["https://ja.example/ジョン・レノン", "https://fr.example/L’Eau", "https://zh.example/水（河）"]
)
def test_signs_within_an_address_stay_in_it(link: str) -> None:
    assert marked(f"{link}。", "link") == [(link, link)]


@pytest.mark.parametrize("before", ["链接：", "见", "👉", "➡️", "—", "「", "<", "ดู"])
def test_a_link_begins_without_a_space_where_no_word_can_run_into_it(before: str) -> None:
    assert marked(f"{before}https://example.org/a", "link") == [("https://example.org/a",) * 2]


def test_a_port_belongs_to_a_link_and_an_archive_is_a_file() -> None:
    assert marked("at example.org:8080/a, not", "link") == [("example.org:8080/a", "https://example.org:8080/a")]
    assert marked("data.zip and talk.mov", "link") == []


@pytest.mark.parametrize("sign", "，。、؟،؛।")
def test_a_sign_of_a_sentence_ends_a_hashtag_without_a_space(sign: str) -> None:
    assert marked(f"#水{sign}然后", "tag") == [("#水", "水")]


def cut_sign_by_sign(shown: str) -> str:
    """What ends a sentence, and a closing bracket that was not opened, taken off one at a time."""
    while shown and (shown[-1] in ".,;:!?…»“”\"'" or unopened(shown)):
        shown = shown[:-1]
    return shown


def unopened(shown: str) -> bool:
    pairs = {")": "(", "]": "[", "}": "{"}
    return shown[-1] in pairs and shown.count(shown[-1]) > shown.count(pairs[shown[-1]])


@given(st.text(st.sampled_from('a./()[]{},!"'), max_size=30))
def test_a_link_ends_where_it_would_if_it_were_cut_sign_by_sign(end: str) -> None:
    link = f"https://a.example/{end}"
    (found,) = facets(link, {})
    assert found["features"][0]["uri"] == cut_sign_by_sign(link)
    bare = link.replace('"', "")
    assert without_punctuation(bare) == cut_sign_by_sign(bare)


def test_a_handle_that_goes_on_as_no_handle_does_is_none() -> None:
    assert mentioned("@" + "ab." * 15_000 + "ab_") == []
    assert mentioned("@alice.bsky.social. @bob.example, @carol.example_x @dan.example-") == [
        "alice.bsky.social",
        "bob.example",
        "dan.example",
    ]
