"""The HTML part: a small complete document that mail clients show well, the values escaped."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest

from outreach.letters.markup import Context, Slot, fill, shape
from outreach.letters.markup.pieces import LINK_STYLE


def token(number: int) -> str:
    return f"\ue000{chr(0xE100 + number)}\ue001"


A, B, C = token(0), token(1), token(2)


def whole(skeleton: str, *values: str, language: str = "en") -> str:
    return fill(shape(skeleton, language=language).html, values)


def body(skeleton: str, *values: str) -> str:
    """The body without its styles and directions."""
    found = re.search(r"<body[^>]*>\n(.*)\n\s*</body>", whole(skeleton, *values), re.DOTALL)
    assert found
    return re.sub(r' (?:style|dir)="[^"]*"', "", found[1]).strip()


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        ("Hello", "<p>Hello</p>"),
        ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>"),
        ("##### deep", "<h4>deep</h4>"),
        ("<b>a</b> <i>b</i> <u>c</u>", "<p><strong>a</strong> <em>b</em> c</p>"),
        ("3. a", '<ol start="3"><li>a</li></ol>'),
        ("![alt](https://x.example/a.png)", "<p>alt</p>"),
        ("https://a.example/?a=1&b=2.", '<p><a href="https://a.example/?a=1&amp;b=2">'
         "https://a.example/?a=1&amp;b=2</a>.</p>"),
        ('[x](https://a.example "y")', '<p><a href="https://a.example" title="y">x</a></p>'),
        ("(https://a.example/b_(c))", '<p>(<a href="https://a.example/b_(c)">https://a.example/b_(c)</a>)</p>'),
        ("[x https://a.example](https://b.example)", '<p><a href="https://b.example">x https://a.example</a></p>'),
        ("`https://a.example`", "<p><code>https://a.example</code></p>"),
        ("<div>a</div><div>b</div>", "<p>a</p>\n<p>b</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_becomes_html(skeleton: str, expected: str) -> None:
    assert body(skeleton) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('A & <b>"B\'', "A &amp; &lt;b&gt;&quot;B&#x27;"),
        ("*a* _b_ [c](d)", "*a* _b_ [c](d)"),
        ("a\nb\r\nc\rd", "a<br>b<br>c<br>d"),
        ("https://a.example/?a=1&b=2", '<a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>'),
        ("HTTPS://a.example", '<a href="HTTPS://a.example">HTTPS://a.example</a>'),
        ("me+x@a.example", '<a href="mailto:me%2Bx@a.example">me+x@a.example</a>'),
        ("see https://a.example", "see https://a.example"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('https://a.example/"onclick=x', "https://a.example/&quot;onclick=x"),
        ("https://", "https://"),
        ("me@a", "me@a"),
        ("@me@a.example", "@me@a.example"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_value_is_plain_text_and_an_address_a_link(value: str, expected: str) -> None:
    assert body(f"-{A}-", value) == f"<p>-{expected}-</p>"


@pytest.mark.parametrize("skeleton", [f"[{A}](https://b.example)", f"`{A}`", f"    {A}", f"[*{A}*](https://b.example)"])
def test_no_link_begins_inside_a_link_or_code(skeleton: str) -> None:
    assert 'href="https://a.example"' not in whole(skeleton, "https://a.example")


@pytest.mark.parametrize(
    ("skeleton", "value", "target"),
    [
        (f"[x]({A})", "https://a.example/?a=1&b='2", None),
        (f"[x](https://a.example/?q={A})", 'a b&"<', "https://a.example/?q=a%20b%26%22%3C"),
        (f"https://a.example/{A}", "ü/", "https://a.example/%C3%BC%2F"),
        (f"[x](mailto:{A}?subject=y)", "me@a.example", "mailto:me@a.example?subject=y"),
        (f"[x](mailto:{A})", "me@a.example?bcc=you@b.example", "mailto:me@a.example%3Fbcc%3Dyou@b.example"),
        (f'<a href="{A}">x</a>', "http://a.example", "http://a.example"),
    ],
)  # fmt: skip
def test_a_value_in_a_target_stays_in_it(skeleton: str, value: str, target: str | None) -> None:
    expected = escape(value) if target is None else target
    assert f'<a href="{expected}"' in whole(skeleton, value)


def test_an_address_that_shows_itself_counts_its_value_once() -> None:
    made = shape(f"https://a.example/{A}", language="en")
    slots = [piece for piece in made.html if isinstance(piece, Slot)]
    assert slots == [Slot(0, Context.HTML_URL_PART), Slot(0, Context.HTML_SHOWN)]


def test_the_document_is_complete_and_carries_its_styles_inline() -> None:
    html = whole("# Hi\n\n> q\n\n| a |\n|---|\n| b |\n\n[x](https://a.example)", language="de-AT")
    assert html.startswith('<!DOCTYPE html><html lang="de-AT"><head>')
    assert html.endswith("</html>\n")
    assert '<meta charset="utf-8">' in html
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "max-width: 600px" in html
    for tag in ("body", "h1", "blockquote", "table", "th", "td", "a"):
        assert re.search(rf"<{tag}[^>]* style=", html), tag
    assert "<style" not in html
    assert "class=" not in html


def test_nothing_is_remote_and_no_ground_is_forced_on_dark_mode() -> None:
    html = whole("![x](https://a.example/a.png)\n\n[x](https://a.example)\n\n> a\n\n***\n\n`b`")
    assert not re.search(r"src=|url\(|@import|<link|background|[^-]color: #(?!1a73e8)", html)


def test_a_link_made_of_a_value_looks_like_every_other() -> None:
    html = whole(f"{A} [x](https://b.example)", "https://a.example")
    assert html.count(f'style="{LINK_STYLE}"') == 2


@pytest.mark.parametrize(
    ("language", "direction"),
    [("en", "auto"), ("ar", "rtl"), ("he-IL", "rtl"), ("az-Arab", "rtl"), ("ur-Latn", "auto"), ("FA", "rtl")],
)
def test_the_letter_runs_in_the_direction_of_its_language(language: str, direction: str) -> None:
    html = whole("> Hi", language=language)
    assert f'<body dir="{direction}"' in html
    assert '<p dir="auto"' in html
    assert ("border-right" in html) is (direction == "rtl")


def test_a_language_stays_inside_its_attribute() -> None:
    assert '<html lang="&quot;>x"><head>' in whole("Hi", language='">x').replace("&gt;x", ">x")


_SKELETON = f"# {A}\n\nDear *{B}*,\n- [x]({C})\n- https://a.example/{A}\n\n| a | {B} |\n|---|---|\n| 1 | 2 |\n"

_PROGRAM = """
import hashlib, sys
from outreach.letters.markup import shape
made = shape(sys.stdin.read(), language="en")
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_same_skeleton_has_the_same_shape_in_every_process(seed: str) -> None:
    made = shape(_SKELETON, language="en")
    assert made == shape(_SKELETON, language="en")
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=_SKELETON,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"},
    )
    assert done.stdout.strip() == hashlib.sha256(repr(made).encode()).hexdigest()
