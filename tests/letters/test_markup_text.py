"""The text part: Markdown as a person would have typed it, with the values as they are."""

from __future__ import annotations

import pytest

from outreach.errors import TemplateFault
from outreach.letters.markup import BadLink, Context, LostValue, Slot, fill, shape
from outreach.letters.markup.dialect import strict
from outreach.letters.markup.letters import Letters


def token(number: int) -> str:
    return f"\ue000{chr(0xE100 + number)}\ue001"


A, B, C = token(0), token(1), token(2)


def text(skeleton: str, *values: str) -> str:
    return fill(shape(skeleton, language="en").text, values)


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        ("One\n\n\n\nTwo", "One\n\nTwo\n"),
        ("- a\n- b", "- a\n- b\n"),
        ("- a\n\n- b", "- a\n\n- b\n"),
        ("- a\n    - b\n        - c\n- d", "- a\n  - b\n    - c\n- d\n"),
        ("1. a\n2. b\n    - c", "1. a\n2. b\n   - c\n"),
        ("9. a\n10. b\n    - c", "9. a\n10. b\n    - c\n"),
        ("> a\n>\n> b\n>\n> > c", "> a\n>\n> b\n>\n> > c\n"),
        ("# Title\nBody", "Title\n\nBody\n"),
        ("Title\n=====\n\nBody", "Title\n\nBody\n"),
        ("a\n\n***\n\nb", "a\n\n---\n\nb\n"),
        ("**strong** and *em* and ***both***", "*strong* and _em_ and *_both_*\n"),
        ("a `x *y*` b", "a x *y* b\n"),
        ("```\nif x:\n    y\n\n- z\n```", "if x:\n    y\n\n- z\n"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", "a | b\n1 | 2\n"),
        ("a<br>b", "a\nb\n"),
        ("a  \nb", "a\nb\n"),
        ("5 \\* 3 &lt; 16 &amp; 2 < 3", "5 * 3 < 16 & 2 < 3\n"),
        ("<del>old</del> new", "~old~ new\n"),
        ("![a drawing](https://x.example/a.png)", "a drawing\n"),
        ("", "\n"),
        ("<!-- a note to ourselves -->\n\nHello", "Hello\n"),
    ],
)
def test_markdown_becomes_text_that_can_be_read_aloud(skeleton: str, expected: str) -> None:
    assert text(skeleton) == expected


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        ("[our brief](https://a.example/b)", "our brief <https://a.example/b>\n"),
        ("[https://a.example/b](https://a.example/b)", "https://a.example/b\n"),
        ("<https://a.example/b>", "https://a.example/b\n"),
        ("See https://a.example/x_y_z.", "See https://a.example/x_y_z.\n"),
        ("**https://a.example/b**", "https://a.example/b\n"),
        ("[write](mailto:me@a.example)", "write <me@a.example>\n"),
        ("<me@a.example>", "me@a.example\n"),
        ("[write](mailto:me@a.example?subject=Hi)", "write <me@a.example>\n"),
        ("[**bold** word](https://a.example)", "*bold* word <https://a.example>\n"),
        ("[](https://a.example/b)", "https://a.example/b\n"),
        ("[no](javascript:alert(1)) [way](/here)", "no way\n"),
    ],
)
def test_a_link_shows_its_target_once(skeleton: str, expected: str) -> None:
    assert text(skeleton) == expected


def test_values_are_joined_in_as_they_are() -> None:
    value = "*Not* _Markdown_ <b>&amp; no [HTML](x)\n# at all"
    assert text(f"Dear {A},", value) == f"Dear {value},\n"


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        (f"**{A}**", "*Ann*\n"),
        (f"*{A}*", "_Ann_\n"),
        (f"_{A}_", "_Ann_\n"),
        (f"{A}_{B}_{C}", "Ann_Bo_Cy\n"),
        (f"- {A}\n- {B}", "- Ann\n- Bo\n"),
        (f"# {A}", "Ann\n"),
        (f"{A}\n===", "Ann\n"),
        (f"> {A}", "> Ann\n"),
        (f"| {A} | b |\n|---|---|\n| {B} | {C} |", "Ann | b\nBo | Cy\n"),
        (f"`{A}`", "Ann\n"),
        (f"    {A}\n", "Ann\n"),
        (f"[{A}](https://a.example)", "Ann <https://a.example>\n"),
        (f"![{A}](https://a.example/a.png)", "Ann\n"),
        (f"{A} <{B}>", "Ann Bo\n"),
        (f"{A} \\<{B}>", "Ann <Bo>\n"),
        (f"<{A} {B}>", "<Ann Bo>\n"),
        (f"`<{A}>`", "<Ann>\n"),
        (f"a{A}b{B}c", "aAnnbBoc\n"),
        (f"{A}{B}{C}", "AnnBoCy\n"),
    ],
)
def test_a_value_survives_wherever_it_stands(skeleton: str, expected: str) -> None:
    assert text(skeleton, "Ann", "Bo", "Cy") == expected


@pytest.mark.parametrize(
    ("skeleton", "value", "expected"),
    [
        (f"[x]({A})", "https://a.example/?q=1&r=2", "x <https://a.example/?q=1&r=2>"),
        (f"[x](<{A}>)", "https://a.example/", "x <https://a.example/>"),
        (f"[x]({A}/more)", "https://a.example", "x <https://a.example/more>"),
        (f"[x]({A})", "mailto:me@a.example", "x <me@a.example>"),
        (f"[x](https://a.example/?q={A})", "a b&c=ü", "x <https://a.example/?q=a%20b%26c%3D%C3%BC>"),
        (f"https://a.example/{A}", "a/b", "https://a.example/a%2Fb"),
        (f"<https://a.example/{A}?x>", "a b", "https://a.example/a%20b?x"),
        (f"[x](https://{A}/b)", "a.example", "x <https://a.example/b>"),
        (f"[x](mailto:{A})", "me@a.example", "x <me@a.example>"),
        (f"[x](mailto:me@a.example?subject={A})", "a b", "x <me@a.example?subject=a%20b>"),
        (f"<{A}>", "https://a.example/", "https://a.example/"),
        (f"[x]({A})", "⟦posts.r-linux.url⟧", "x <⟦posts.r-linux.url⟧>"),
        (f"[x][1]\n\n[1]: {A}", "https://a.example/", "x <https://a.example/>"),
    ],
)
def test_a_value_in_a_target_is_written_as_addresses_are(skeleton: str, value: str, expected: str) -> None:
    assert text(skeleton, value) == expected + "\n"


@pytest.mark.parametrize(
    "value",
    ["javascript:alert(1)", "a.example", "", "https://", "https://a.example/ x", " https://a.example",
     "https://a.example/\n", "data:text/html,x", "mailto:", "mailto:me", "//a.example", 'https://a.example/"x',
     "https://a.example/<b>", "ftp://a.example/", "me@a.example", "⟦\"⟧"],
)  # fmt: skip
def test_a_target_that_is_no_whole_address_is_refused_in_both_parts(value: str) -> None:
    made = shape(f"{B} [x]({A})", language="en")
    for pieces in (made.text, made.html):
        with pytest.raises(BadLink) as caught:
            fill(pieces, [value, "b"])
        assert (caught.value.value, caught.value.number) == (value, 0)


@pytest.mark.parametrize(
    "skeleton",
    [
        f"<!-- {A} -->",
        f"![x](https://a.example/{A}.png)",
        f'[x](https://a.example "{A}")',
        f"[x](javascript:{A})",
        f"[x](java{A}script:alert)",
        f"[x](/{A})",
        f"<script>{A}</script>",
        f'<p class="{A}">x</p>',
        f"```{A}\nx\n```",
        f"[never used]: {A}",
    ],
)
def test_a_value_that_neither_part_would_show_is_said(skeleton: str) -> None:
    with pytest.raises(LostValue) as caught:
        shape(f"Hello {B}\n\n{skeleton}", language="en")
    assert caught.value.numbers == (0,)


def test_pieces_say_where_each_value_stands() -> None:
    made = shape(f"{A} [x]({B}?q={C})", language="en")
    assert made.text == (
        Slot(0, Context.TEXT),
        " x <",
        Slot(1, Context.TEXT_URL),
        "?q=",
        Slot(2, Context.TEXT_URL_PART),
        ">\n",
    )


@pytest.mark.parametrize(
    "skeleton",
    [
        "[" * 20_000,
        "- " * 10_000 + "x",
        "1. " * 10_000 + "x",
        "> - " * 9_000 + "x",
        "<a " * 7_000,
        "<img " * 5_000,
        "word " * 20_000,
        "# a\n" * 20_000,
        "a\n" * 6_000,
        "a\n\n" * 6_000,
        "|" + "a|" * 12_000 + "\n|" + "-|" * 9_000,
        "a|b\n-|-\na|b\n\n" * 3_000,
        "*a*" * 13_000,
        "_a" * 20_000,
    ],
)
def test_a_text_that_would_take_too_long_is_a_fault_of_the_template(skeleton: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        shape(skeleton, language="en")
    assert caught.value.code == "template-bound"
    assert not isinstance(caught.value.__cause__, RecursionError)
    assert text("- a") == "- a\n"


def test_a_long_text_of_ordinary_marks_is_no_tangle() -> None:
    sentence = "This *matters* to **everybody** who uses [it](https://example.org/) or `code`, and _more_ to some. "
    assert shape(f"{sentence * 5}\n\n" * 60, language="en").text
    assert shape(sentence * 80, language="en").text
    assert shape("- - - - - - - - - - - - - - - - - - - - - - - -\n\na", language="en").text == ("---\n\na\n",)


def test_what_follows_an_underlined_heading_is_read_once() -> None:
    assert strict(Letters("One\n===\ntext\nTwo\n---\ntext")) == "One\n===\n\ntext  \nTwo\n---\n\ntext"
    assert text("One\n===\ntext\n\nTwo\n---\n- item") == "One\n\ntext\n\nTwo\n\n- item\n"


def test_the_text_of_a_whole_letter() -> None:
    skeleton = f"""Dear {A} team,

we ask for:
- a fund
- a treaty

> "Nobody pays."
> {B}

Thank you,
Alex
"""
    assert text(skeleton, "OFE", "A maintainer") == (
        "Dear OFE team,\n\nwe ask for:\n\n- a fund\n- a treaty\n\n"
        '> "Nobody pays."\n> A maintainer\n\nThank you,\nAlex\n'
    )


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        ("[Plan](host/plan) now.", "Plan <host/plan> now.\n"),
        ("[host/plan](host/plan)", "host/plan\n"),
        ("[Above](#plan)", "Above\n"),
        ("[Plan](javascript:alert)", "Plan\n"),
    ],
)
def test_a_link_without_its_scheme_keeps_what_it_leads_to(skeleton: str, expected: str) -> None:
    made = shape(skeleton, language="en")
    assert "".join(map(str, made.text)) == expected
    assert "<a " not in "".join(map(str, made.html))
