"""Markdown as campaigners write it: lists, short lines, signatures, hashtags; never inside code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.markup import fill, shape


def token(number: int) -> str:
    return f"\ue000{chr(0xE100 + number)}\ue001"


def text(skeleton: str, *values: str) -> str:
    return fill(shape(skeleton, language="en").text, values)


LONG = "This line is longer than forty characters, so its end means nothing"


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        ("We ask:\n- a\n- b", "We ask:\n\n- a\n- b\n"),
        ("We ask:\n* a\n* b", "We ask:\n\n- a\n- b\n"),
        ("We ask:\n• a\n• b", "We ask:\n\n- a\n- b\n"),
        ("We ask:\n1. a\n2. b", "We ask:\n\n1. a\n2. b\n"),
        ("We ask:\n1) a\n2) b", "We ask:\n\n1. a\n2. b\n"),
        ("> We ask:\n> - a", "> We ask:\n>\n> - a\n"),
        ("# We ask\n- a", "We ask\n\n- a\n"),
        ("- a\n1. b", "- a\n\n1. b\n"),
    ],
)
def test_a_list_right_after_a_line_is_a_list(skeleton: str, expected: str) -> None:
    assert text(skeleton) == expected


@pytest.mark.parametrize("between", ["In the year\n2014. That was early.", "-5 degrees\n-6 degrees", "a\n*b*"])
def test_what_only_looks_like_a_list_is_none(between: str) -> None:
    assert text(between) == between.replace("*", "_") + "\n"


@pytest.mark.parametrize("indent", [2, 3, 4])
def test_lists_nest_by_two_spaces_or_more(indent: int) -> None:
    i = " " * indent
    assert text(f"- a\n{i}- b\n{i}{i}- c\n{i}- d\n- e") == "- a\n  - b\n    - c\n  - d\n- e\n"


def test_one_space_nests_nothing() -> None:
    assert text("- a\n - b") == "- a\n- b\n"


def test_a_paragraph_indented_under_an_item_belongs_to_it() -> None:
    assert text("- a\n\n  more\n\n- b\n\nend") == "- a\n\n  more\n\n- b\n\nend\n"


def test_an_item_goes_on_in_the_next_line() -> None:
    assert text(f"- {LONG}\n  and on\n- b") == f"- {LONG} and on\n- b\n"


def test_short_lines_stay_lines() -> None:
    assert text("Best regards,\nAlex\nBerlin") == "Best regards,\nAlex\nBerlin\n"
    assert "Best regards,<br>\nAlex" in fill(shape("Best regards,\nAlex", language="en").html, ())


def test_long_lines_flow_together() -> None:
    assert text(f"{LONG}\nnor does this one.") == f"{LONG} nor does this one.\n"


@pytest.mark.parametrize(("length", "breaks"), [(39, True), (40, False)])
def test_a_line_is_short_below_forty_characters(length: int, breaks: bool) -> None:
    first = "x" * length
    assert text(f"{first}\nnext") == f"{first}{chr(10) if breaks else ' '}next\n"


@pytest.mark.parametrize(("letters", "breaks"), [(27, True), (28, False)])
def test_a_value_counts_for_twelve_characters_of_a_line(letters: int, breaks: bool) -> None:
    end = "\n" if breaks else " "
    assert text(f"{'x' * letters}{token(0)}\nnext", "") == f"{'x' * letters}{end}next\n"


@pytest.mark.parametrize("after", ["", "- item", "# Heading", "***", "> quote", "```\ncode\n```"])
def test_a_short_line_before_something_else_ends_without_a_break(after: str) -> None:
    assert "<br>" not in fill(shape(f"Short\n{after}", language="en").html, ())


@pytest.mark.parametrize("fence", ["```", "~~~~", "```python"])
def test_code_is_left_as_it_is(fence: str) -> None:
    code = "Short\nlines:\n- one\n  - two\n#tag\n-- \n**x**  y\n1) z"
    kept = code.replace("-- ", "--")
    assert text(f"a:\n\n{fence}\n{code}\n{fence.rstrip('python')}\n\nb") == f"a:\n\n{kept}\n\nb\n"
    assert text("\n".join(f"    {line}" for line in code.split("\n"))) == kept + "\n"
    assert "<br>" not in fill(shape(f"{fence}\n{code}", language="en").html, ())


def test_code_in_a_list_and_in_a_quote_is_code_too() -> None:
    assert text("- a\n  ```\n  x:\n  - y\n  ```") == "- a\n\n  x:\n  - y\n"
    assert text("> ```\n> x:\n> - y\n> ```") == "> x:\n> - y\n"


def test_a_table_may_follow_a_line() -> None:
    assert text("Costs:\n| a | b |\n|---|---|\n| 1 | 2 |") == "Costs:\n\na | b\n1 | 2\n"


def test_a_hashtag_is_no_heading() -> None:
    assert text("#OpenSource and #1\n\n- #tag") == "#OpenSource and #1\n\n- #tag\n"
    assert "<h1" not in fill(shape("#OpenSource", language="en").html, ())


def test_the_line_above_a_signature_underlines_nothing() -> None:
    assert text("Thanks\n-- \nAlex") == "Thanks\n--\nAlex\n"


def test_line_ends_of_any_system_and_tabs_are_read() -> None:
    assert text("We ask:\r\n- a\r\n\t- b\rEnd") == "We ask:\n\n- a\n  - b\n    End\n"


_LINES = st.lists(
    st.sampled_from(
        ["", "word", "- item", "  - deeper", "1. one", "2) two", "> quote", "> - in it", "# Head", "***", "```",
         "    code", "| a | b |", "|---|---|", "--", "===", "  more", LONG]
    ),
    max_size=12,
)  # fmt: skip


@given(_LINES)
def test_no_word_of_a_letter_is_lost_or_moved(lines: list[str]) -> None:
    source = "\n".join(lines)
    words = ["word", "item", "deeper", "one", "two", "quote", "in", "Head", "code", "more", "means", "a", "b"]
    written = [word for word in source.replace("|", " ").split() if word in words]
    read = [word for word in text(source).replace("|", " ").split() if word in words]
    assert read == written
