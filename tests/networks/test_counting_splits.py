"""The parts of a body, and where a part that is too long is cut: nothing lost, nothing cut through."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from outreach.networks.base import Limits
from outreach.networks.measuring import measure
from outreach.networks.registry import KNOWN
from outreach.networks.splitting import part_lines, parts, split, split_point

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
LINK = "https://example.org/brief?lang=en"
THREADS = ["bluesky", "mastodon", "x"]
PIECES = st.sampled_from(
    ["word", "a", "Ende.", " ", " ", " ", "\n", "\n\n", "! ", FAMILY, "🇧🇪", "한국", "क्षि", "e\u0301", "日本語。",
     LINK, "www.assemblee-nationale.fr", "@Alice.Bsky.Social", "@bob@social.example.com", "#opensource",
     "1,000,000.50", "---", "(", ")", ".", "@", "\u0301", "\u200d", "me@example.org"]
)  # fmt: skip
WHOLE = [LINK, "www.assemblee-nationale.fr", "@Alice.Bsky.Social", "@bob@social.example.com", "#opensource",
         "1,000,000.50", "me@example.org"]  # fmt: skip
TEXTS = st.lists(PIECES, max_size=150).map("".join)


@pytest.mark.parametrize("network", THREADS)
def test_a_line_of_three_hyphens_starts_the_next_part(network: str) -> None:
    assert parts("one\n---\ntwo\n\nstill two\n---\nthree", network) == ["one", "two\n\nstill two", "three"]


@pytest.mark.parametrize("body", ["a\n----\nb", "a\n --- \nb", "a --- b", "a\n- --\nb", "a\n***\nb"])
def test_any_other_line_starts_none(body: str) -> None:
    assert parts(body, "bluesky") == [body]


def test_white_space_that_nobody_sees_after_the_hyphens_does_not_matter() -> None:
    assert parts("a\n---  \nb\r\n---\r\nc", "bluesky") == ["a", "b\r", "c"]


def test_blank_lines_at_the_edges_and_empty_parts_are_left_out() -> None:
    assert parts("---\n\n  \n  a\n\nb \n \n---\n\n---\n", "mastodon") == ["  a\n\nb "]
    assert parts("\n \n", "mastodon") == []


@pytest.mark.parametrize("network", ["reddit", "hackernews", "linkedin", "mailing-list"])
def test_where_there_are_no_threads_the_body_is_one_part(network: str) -> None:
    assert parts("\none\n---\ntwo\n", network) == ["one\n---\ntwo"]


def test_each_part_knows_the_line_on_which_it_begins() -> None:
    assert part_lines("\none\n---\n\n\ntwo\nmore\n---\nthree", "bluesky") == [2, 6, 9]


@given(st.lists(st.sampled_from(["a", " b", "---", "", "--", "é "]), max_size=20), st.sampled_from(list(KNOWN)))
def test_the_parts_hold_every_line_that_is_neither_blank_nor_a_break(lines: list[str], network: str) -> None:
    body = "\n".join(lines)
    kept = [line for part in parts(body, network) for line in part.split("\n") if line.strip()]
    assert kept == [line for line in lines if line.strip() and not (KNOWN[network].has_threads and line == "---")]
    begins = [body.split("\n")[number - 1] for number in part_lines(body, network)]
    assert begins == [part.split("\n")[0] for part in parts(body, network)]


def test_a_text_that_fits_is_not_cut() -> None:
    assert split_point("x" * 300, "bluesky") == 300
    assert split_point("", "bluesky") == 0


def ten(text: str, characters: int = 10) -> str:
    return text[: split_point(text, "bluesky", limits=Limits(characters=characters))]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("One. Two\n\nthree four", "One. Two\n\n"),  # the end of a paragraph first
        ("One.\n\nTwo three four", "One.\n\n"),
        ("a\n\nTwo is too long", "a\n\nTwo is "),  # unless it would leave next to nothing
        ("One two. Three four", "One two. "),  # then of a sentence
        ("Go! e.g. two three", "Go! e.g. "),  # which goes on after "e.g.", so that this is a word
        ("One two thr", "One two "),  # then of a word
        ("onetwothreefour", "onetwothre"),  # then anywhere
        ("one twothreefour", "one "),
        ("今日は。明日は雨が降る", "今日は。明日は雨が降"),
        ("今日は雨。明日は雨が降る", "今日は雨。"),
        ("one 1,000,000 two", "one "),
        ("one #hashtags two", "one "),
        ("abcd@ef.example x", ""),  # all of it one word that is never cut
        ("one two 33 %", "one two "),
    ],
)
def test_a_cut_is_made_where_a_reader_would_make_it(text: str, head: str) -> None:
    assert ten(text) == head


def test_white_space_that_does_not_fit_any_more_begins_the_rest() -> None:
    assert ten("one twothr four") == "one twothr"


def test_a_link_that_is_itself_too_long_cannot_be_cut() -> None:
    text = "https://example.org/" + "x" * 300
    assert split_point(text, "bluesky") == 0
    with pytest.raises(ValueError, match="longer than the network allows"):
        split(text, "bluesky")
    assert split_point(text, "mastodon") == len(text)  # where it counts 23


def test_a_content_warning_that_fills_the_limit_leaves_no_room() -> None:
    assert split_point("text", "mastodon", content_warning="w" * 500) == 0
    assert split_point("a text", "mastodon", content_warning="w" * 498) == 2


def test_bytes_cut_as_well_as_characters() -> None:
    assert split_point(FAMILY * 200, "bluesky") == len(FAMILY) * 120


@given(TEXTS, st.sampled_from(THREADS), st.integers(25, 60))
def test_the_head_fits_and_cuts_through_no_character(text: str, network: str, most: int) -> None:
    limits = Limits(characters=most, bytes=most * 6, per_url=None if network == "bluesky" else 23)
    end = split_point(text, network, limits=limits)
    assert measure(text[:end], network, limits=limits).fits
    assert end in {0, *(match.end() for match in regex.finditer(r"\X", text))}


@given(
    st.lists(st.sampled_from([*WHOLE, "word", "Ende."]), max_size=40),
    st.sampled_from(THREADS),
    st.integers(40, 90),
)
def test_pieces_lose_nothing_and_keep_links_mentions_hashtags_and_numbers_whole(
    words: list[str], network: str, most: int
) -> None:
    text = " ".join(words)
    limits = Limits(characters=most, per_url=None if network == "bluesky" else 23)
    pieces = split(text, network, limits=limits)
    assert "".join(pieces) == text
    assert [word for piece in pieces for word in piece.split()] == words
    assert all(measure(piece, network, limits=limits).fits for piece in pieces)


@given(TEXTS, st.sampled_from(THREADS))
def test_pieces_joined_are_the_text_and_each_of_them_fits(text: str, network: str) -> None:
    limits = Limits(characters=120, per_url=None if network == "bluesky" else 23)
    try:
        pieces = split(text, network, limits=limits)
    except ValueError:
        return  # so many signs in a row that they make one word, longer than the limit
    assert "".join(pieces) == text
    assert all(pieces)
    assert all(measure(piece, network, limits=limits).fits for piece in pieces)


@pytest.mark.parametrize(
    "text",
    ["." * 30_000, "a-" * 15_000, "@a" * 15_000, "https://a.aa/" + "(" * 30_000, " " * 30_000, "1," * 15_000,
     "a@" * 15_000, "https://" * 4_000, "a." * 10_000, "\n \n" * 10_000],
)  # fmt: skip
def test_a_long_run_of_signs_is_measured_and_cut_in_good_time(text: str) -> None:
    """Each of these once took a carelessly written pattern minutes; they hang rather than fail."""
    for network in KNOWN:
        assert 0 <= split_point(text, network) <= len(text)


def test_a_book_is_cut_without_being_read_anew_for_each_part(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = 0

    def counting(text: str, *arguments: object, **named: object) -> object:
        nonlocal measured
        measured += len(text)
        return measure(text, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("outreach.networks.splitting.measure", counting)

    def effort(words: int) -> int:
        nonlocal measured
        measured = 0
        assert "".join(split("word " * words, "bluesky")) == "word " * words
        return measured

    assert effort(9_000) < 3 * effort(4_500)


@given(TEXTS, st.sampled_from(THREADS), st.integers(20, 60))
def test_what_lies_far_behind_has_no_say_in_where_a_cut_is(text: str, network: str, most: int) -> None:
    limits = Limits(characters=most, per_url=23)
    far = text + " and so on" * 300
    near = far[: len(text) + 1200]
    assert split_point(far, network, limits=limits) == split_point(near, network, limits=limits)
