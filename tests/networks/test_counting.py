"""How long texts are on each network. The numbers were compared with Mastodon.py and twitter-text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.post import PostVersion
from outreach.networks.base import Limits
from outreach.networks.limits import limit
from outreach.networks.measuring import Count, count, measure
from outreach.networks.registry import KNOWN
from outreach.networks.too_long import length_problems, title_problems

FAMILY = "👩\u200d👩\u200d👧\u200d👦"

# As in Unicode's GraphemeBreakTest: a text, and how many characters people see in it.
GRAPHEMES = [
    ("", 0),
    ("a\u0308", 1),  # a mark stays with its letter
    ("\u0308a", 2),
    ("\r\n", 1),
    ("\n\r", 2),
    ("a\r\n\u0308b", 4),  # but no mark joins a line break
    ("🇧🇪", 1),
    ("🇧🇪🇩🇪", 2),
    ("🇧🇪🇩", 2),
    ("a🇧🇪🇩🇪b", 4),
    ("🇧\u200d🇪", 2),
    (FAMILY, 1),
    ("👩🏽\u200d💻", 1),
    ("👩\u200da", 2),  # a joiner joins only pictures
    ("✊🏿", 1),
    ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", 1),  # the flag of Scotland
    ("1\ufe0f\u20e3", 1),
    ("\u1100\u1161\u11a8", 1),  # Hangul from its letters
    ("\u1100\u1161\u1100\u1161", 2),
    ("한국어", 3),
    ("क्षि", 1),  # a Devanagari conjunct with its vowel
    ("क्\u200dष", 1),
    ("क\u0937", 2),
    ("ক্ত", 1),
    ("\u0600a", 1),  # a sign that goes before
    ("ก\u0e33", 1),
    ("e\u0301\u0323\u0308", 1),
]

MASTODON = [
    ("hello", 5),
    ("tabs\tand\r\nnew lines\n", 19),
    ("read https://example.org/a/very/long/path?with=a&query#and-fragment now", 32),
    ("two: http://example.com/ https://example.org", 52),
    ("(https://example.org/page)", 25),
    ("(see https://example.org/page.)", 30),
    ("https://en.wikipedia.org/wiki/Rust_(programming_language)", 23),
    ("https://example.org:8443/status", 23),
    ("https://www.municipality.museum/collection/item", 23),
    ("https://münchen.de/straße", 23),
    ("https://пример.рф/путь", 23),
    ("https://example.org/путь?раз=1", 29),  # the query is no longer part of the link
    ("example.org/a/very/long/path", 28),  # no protocol: in full
    ("ftp://files.example.net/resource", 32),
    ("http://127.0.0.1:3000/health", 28),
    ("https://[2001:db8::1]/status", 28),
    ("http://user:pass@example.com:8080/path", 38),
    ("https://localhost/path", 22),
    ("xhttps://example.org/path", 25),
    ("@alice", 6),
    ("@bob@social.example.com", 4),
    ("hi @carol and @dora@social.example.com!", 20),
    ("<@root> and {@admin@example.net}", 20),
    ("@first.last@example.net", 11),
    ("carol@example.com", 17),  # a mail address is no mention
    ("https://example.social/@two@example.com", 23),
    ("@a@example.com@b", 16),
    ("lists/@bob@example.com", 22),
    ("é", 1),
    ("f\u0301", 1),
    (f"{FAMILY} 🇧🇪", 3),
]

X = [
    ("This is a test.", 15),
    ("http://test.com", 23),
    ("test.com", 23),
    ("Test https://test.com test https://test.com test.com test", 86),
    ("café", 4),
    ("cafe\u0301", 4),  # composed before it is counted
    ("저찀쯿쿿", 8),
    ("の" * 140, 280),
    ("H🐱☺", 5),
    (FAMILY, 2),
    ("🇧🇪", 2),
    ("1\ufe0f\u20e3", 2),
    ("© and ©\ufe0f", 8),
    ("“quoted” – it’s", 15),
    ("€", 2),
    ("Привет", 6),
    ("notes.md and node.js", 20),
    ("www.europa.eu", 23),
    ("europa.eu/a", 23),
    ("me@example.com", 14),
]


@pytest.mark.parametrize(("text", "characters"), GRAPHEMES)
def test_bluesky_counts_the_characters_that_people_see(text: str, characters: int) -> None:
    assert count(text, "bluesky") == characters


@pytest.mark.parametrize(("text", "characters"), MASTODON)
def test_mastodon_counts_a_link_as_23_and_a_mention_without_its_server(text: str, characters: int) -> None:
    assert count(text, "mastodon") == characters
    assert count(text, "mastodon", content_warning="what") == characters + 4


@pytest.mark.parametrize(("text", "characters"), X)
def test_x_weighs_characters_and_counts_a_link_as_23(text: str, characters: int) -> None:
    assert count(text, "x") == characters


@pytest.mark.parametrize("network", ["reddit", "hackernews", "linkedin", "mailing-list"])
def test_elsewhere_code_points_count(network: str) -> None:
    assert count("e\u0301 https://example.org", network) == 22


@pytest.mark.parametrize("network", list(KNOWN))
def test_a_content_warning_counts_on_mastodon_only(network: str) -> None:
    plain, warned = count("text", network), count("text", network, content_warning="EU")
    assert warned - plain == (2 if network == "mastodon" else 0)


@pytest.mark.parametrize(
    ("network", "most"),
    [
        ("bluesky", 300),
        ("mastodon", 500),
        ("x", 280),
        ("reddit", 40_000),
        ("linkedin", 3000),
        ("hackernews", None),
        ("mailing-list", None),
    ],
)
def test_the_documented_limits_hold_where_a_server_says_nothing(network: str, most: int | None) -> None:
    assert limit(network) == most


def test_a_text_at_the_limit_fits_and_one_more_does_not() -> None:
    assert measure("x" * 300, "bluesky") == Count(value=300, limit=300, bytes=300, byte_limit=3000)
    assert measure("x" * 300, "bluesky").fits
    assert not measure("x" * 301, "bluesky").fits


def test_bluesky_limits_the_bytes_as_well() -> None:
    size = measure(FAMILY * 121, "bluesky")
    assert (size.value, size.bytes, size.fits) == (121, 3025, False)
    assert measure(FAMILY * 120, "bluesky").fits


def test_a_servers_own_limits_go_before_the_documented_ones() -> None:
    text = "see https://example.org/a/very/long/path"
    assert measure(text * 20, "mastodon", limits=Limits(characters=5000, per_url=23)).fits
    assert count(text, "mastodon", limits=Limits(per_url=None)) == len(text)
    assert count(text, "x", limits=Limits(per_url=None)) == len(text)


@given(st.text(max_size=60), st.sampled_from(list(KNOWN)))
def test_a_count_is_never_negative_and_never_above_the_heaviest_reading(text: str, network: str) -> None:
    size = measure(text, network)
    assert 0 <= size.value <= max(2 * len(text), 23 * (len(text) // 4 + 1))
    assert size.bytes >= len(text)


@given(st.lists(st.sampled_from(["word", "é", FAMILY, "🇧🇪", "한", "क्षि", "12"]), max_size=30))
def test_words_between_spaces_count_one_by_one(words: list[str]) -> None:
    for network in KNOWN:
        total = sum(count(word, network) for word in words) + max(0, len(words) - 1)
        assert count(" ".join(words), network) == total


def version(network: str, body: str = "", **rest: object) -> PostVersion:
    return PostVersion(post="launch", network=network, file="posts/launch.md", body=body, body_line=8, line=3, **rest)  # type: ignore[arg-type]


def test_texts_that_fit_are_no_problem() -> None:
    assert length_problems(["x" * 300, ""], version("bluesky")) == []
    assert length_problems(["x" * 50_000], version("mailing-list")) == []


def test_too_long_a_part_says_how_long_it_is_and_where_it_would_be_cut() -> None:
    long = "Short sentence here. " * 20
    (found,) = length_problems(["fine", long.strip()], version("bluesky", f"fine\n---\n\n{long}"))
    assert (found.file, found.line, found.code) == ("posts/launch.md", 11, "too-long")
    assert (found.about, found.is_error) == ("post:launch", True)
    assert found.message == "Part 2 of 2 counts 419 characters on Bluesky, which allows 300."
    assert "“…nce here. Short sentence here.”" in found.hint
    assert "`---`" in found.hint


def test_a_part_that_was_rendered_into_others_is_found_at_the_body() -> None:
    (found,) = length_problems(["x" * 301, "b", "c"], version("bluesky", "a\n---\nb"))
    assert found.line == 8


def test_too_many_bytes_are_said_in_bytes() -> None:
    (found,) = length_problems([FAMILY * 121], version("bluesky"))
    assert found.message == "The text has 3,025 bytes in UTF-8, Bluesky allows 3,000."


def test_the_content_warning_is_said_to_count() -> None:
    (found,) = length_problems(["x" * 499], version("mastodon", content_warning="EU"))
    assert found.message == "The text counts 501 characters with its content warning on Mastodon, which allows 500."


def test_a_network_without_threads_is_not_told_to_start_a_new_part() -> None:
    (found,) = length_problems(["word " * 700], version("linkedin"))
    assert "---" not in found.hint
    assert found.hint.startswith("Shorten it.")


def test_what_is_split_by_itself_is_a_problem_only_where_it_cannot_be() -> None:
    assert length_problems(["word " * 100], version("bluesky", split="auto")) == []
    (found,) = length_problems(["https://example.org/" + "x" * 300], version("bluesky", split="auto"))
    assert "cannot be cut" in found.hint


@pytest.mark.parametrize(("network", "most"), [("reddit", 300), ("hackernews", 80)])
def test_a_title_that_is_too_long_is_a_problem_at_its_file(network: str, most: int) -> None:
    (found,) = title_problems(["x" * most, "y" * (most + 2)], version(network))
    assert (found.code, found.file, found.about) == ("too-long", "posts/launch.md", "post:launch")
    assert f"{most + 2} characters" in found.message
    assert found.hint == "Shorten it by 2."


def test_a_network_without_titles_limits_none() -> None:
    assert title_problems(["x" * 1000], version("linkedin")) == []


def test_a_text_that_would_be_cut_into_hundreds_of_parts_is_too_long() -> None:
    warning = "w" * 499
    (problem,) = length_problems(["word " * 200], version("mastodon", content_warning=warning, split="auto"))
    assert problem.code == "too-long"
    assert "200 parts" in problem.hint
    assert length_problems(["word " * 200], version("mastodon", split="auto")) == []
