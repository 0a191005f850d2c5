"""Whatever a template or a contact holds: values whole in both parts, nothing active in the HTML."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import escape
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outreach.letters.markup import BadLink, Context, LostValue, Shape, Slot, fill, shape

TAGS = set(
    "html head meta body p br strong em a ul ol li blockquote h1 h2 h3 h4 code pre hr table thead tbody tr th td del"
    .split()
)  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "style"},
    "ol": {"start", "style", "dir"},
    "meta": {"charset", "name", "content"},
    "html": {"lang"},
}
TARGET = re.compile(r"(?i)https?://|mailto:")


def token(number: int) -> str:
    return f"\ue000{chr(0xE100 + number)}\ue001"


class Reading(HTMLParser):
    """What a browser would see: the tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def active(self) -> list[str]:
        """Whatever is not on the list of what a letter may hold."""
        found = [tag for tag, _ in self.tags if tag not in TAGS]
        for tag, attributes in self.tags:
            allowed = ATTRIBUTES.get(tag, {"style", "dir"})
            found += [f"{tag}[{name}]" for name, _ in attributes if name not in allowed]
            found += [
                f"{name}={value}"
                for name, value in attributes
                if (name == "href" and not TARGET.match(value or ""))
                or (name == "style" and re.search(r"url|expression|import|behavior", value or ""))
            ]
        return found

    def outline(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(name for name, _ in attributes)) for tag, attributes in self.tags]


XSS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    '<a href="https://a.example" onclick="alert(1)" style="position:fixed" class=c id=i target=_blank>x</a>',
    '<a href="https://a.example" title="&quot; onmouseover=alert(1) x=&quot;">x</a>',
    "<iframe src=https://a.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=https://a.example><input name=x><button>go</button></form>",
    "<link rel=stylesheet href=https://a.example/a.css>",
    "<style>@import 'https://a.example/a.css'; p{background:url(https://a.example)}</style>",
    "<meta http-equiv=refresh content='0;url=https://a.example'>",
    "<base href=https://a.example>",
    "<p style='background:url(https://a.example)'>x</p>",
    "<table background=https://a.example><tr><td background=//a.example>x</td></tr></table>",
    "<video src=x><audio src=x><source src=x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE html><html onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:alert(1))",
    "[x](//a.example)",
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](https://a.example "\\"><script>alert(1)</script>")',
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![" onerror="alert(1)](x)',
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    'https://a.example/"><script>alert(1)</script>',
    '<https://a.example/"onclick=alert(1)>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | c |",
]


@pytest.mark.parametrize("attack", XSS)
def test_nothing_active_comes_from_a_template(attack: str) -> None:
    for skeleton in (attack, f"Hello {attack} there", f"> - {attack}", f"**{attack}**"):
        assert Reading(fill(shape(skeleton, language="en").html, ())).active() == []


_PLACES = ["{}", "**{}**", "- {}", "# {}", "> {}", "`{}`", "```\n{}\n```", "| {} | b |\n|---|---|\n| c | d |",
           "[{}](https://a.example)", "[x](https://a.example/{})", "[x](mailto:{})", "https://a.example/{}",
           "<{}>", "<{}@a.example>", "<a href='https://a.example/{}'>x</a>", "<p>{}</p>"]  # fmt: skip


@pytest.mark.parametrize("attack", XSS)
def test_nothing_active_comes_from_a_value(attack: str) -> None:
    for place in _PLACES:
        made = shape(place.format(token(0)), language="en")
        assert Reading(fill(made.html, [attack])).active() == []
        quiet = Reading(fill(made.html, ["x"])).outline()
        assert Reading(fill(made.html, [attack.replace("\n", " ")])).outline() == quiet


@pytest.mark.parametrize("attack", XSS)
def test_no_attack_is_a_target(attack: str) -> None:
    with pytest.raises(BadLink):
        fill(shape(f"[x]({token(0)})", language="en").html, [attack])


# -- any letter ----------------------------------------------------------------------------

_VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Co"]), max_size=30),
    st.sampled_from([*XSS, "https://a.example/?a=1&b=2", "me@a.example", "two\nlines", "&amp;", "<b>", "", " x "]),
)
_SOUND = st.sampled_from(
    ["word ", "word\n", "\n\n", "long enough a line not to be taken for a short one\n", "@", "@ ", "**@**", "*@* ",
     "_@_ ", "\n- @\n", "\n- a\n  - @\n", "\n1. @\n2. b\n", "\n# @\n", "\n> @\n", "\n> - @\n", "`@` ", "<@> ",
     "[@](https://a.example) ", "[x](https://a.example/?q=@) ", "https://a.example/@ ", "<https://a.example/@> ",
     "\n\n| @ | b |\n|---|---|\n| @ | d |\n\n", "\n\n```\n@\n```\n\n", "@: ", "(@)", "\n-- \n", "\n***\n", "5 < 6 & ",
     "\n\n    @\n\n", "\\*", "#@ ", "a@b"]
)  # fmt: skip
_ROUGH = st.one_of(_SOUND, st.sampled_from([*"*_`~[]()<>!#-+|\\&;:/@@@ \n\n\t=1.",
    "[x](@)", "![@](x)", "<!--", "-->", "</p>", "<div>", "<table>", "<td>", "<pre>", "<a href='@'>", "</a>", "<b>",
    "javascript:", "[x]: @\n", "[x][x]", "mailto:@", "    ", "```", "~~~\n", "<li>", "<ul>", "<@", "&lt;", "\u202e",
]))  # fmt: skip


def numbered(parts: list[str]) -> str:
    """The parts with a token for each @."""
    first, *rest = "".join(parts).split("@")
    return first + "".join(token(number) + part for number, part in enumerate(rest))


def slots(made: Shape) -> list[Slot]:
    return [piece for piece in (*made.text, *made.html) if isinstance(piece, Slot)]


def chosen(made: Shape, number: int, data: st.DataObject) -> list[str]:
    """A value for each slot; those that must be an address are one."""
    targets = {slot.number for slot in slots(made) if slot.context is Context.HTML_URL}
    return ["https://a.example/" if n in targets else data.draw(_VALUES) for n in range(number)]


@given(st.lists(_SOUND, max_size=12), st.data())
def test_every_value_stands_raw_in_the_text_and_escaped_in_the_html(parts: list[str], data: st.DataObject) -> None:
    skeleton = numbered(parts)
    made = shape(skeleton, language="en")
    values = chosen(made, skeleton.count("\ue000"), data)
    text, html = fill(made.text, values), fill(made.html, values)
    for slot in slots(made):
        value = values[slot.number]
        if slot.context is Context.TEXT:
            assert value in text
        elif slot.context in (Context.HTML, Context.HTML_PLAIN):
            assert escape(value).replace("\r\n", "<br>").replace("\n", "<br>").replace("\r", "<br>") in html
        else:
            assert quote(value, safe="") in (html if slot.context.startswith("html") else text)
    assert text.endswith("\n")
    assert not re.search(r"[\ue000\ue001\U00017000-\U000187f7\U000f0000-\U000ffffd]", made_of(made))


def made_of(made: Shape) -> str:
    return "".join(piece for piece in (*made.text, *made.html) if isinstance(piece, str))


@given(st.lists(_SOUND, max_size=12))
def test_both_parts_say_the_same(parts: list[str]) -> None:
    skeleton = numbered(parts)
    made = shape(skeleton, language="en")
    values = [f"value{number}" for number in range(skeleton.count("\ue000"))]
    said = re.sub(r"[\W_]", "", Reading(fill(made.html, values)).text)
    written = iter(re.sub(r"[\W_]", "", fill(made.text, values)))
    assert all(letter in written for letter in said)  # the text says targets and numbers besides


@given(st.lists(_ROUGH, max_size=25), st.data())
def test_no_value_brings_a_tag_or_gets_lost_unsaid(parts: list[str], data: st.DataObject) -> None:
    skeleton = numbered(parts)
    try:
        made = shape(skeleton, language="en")
    except LostValue:
        assume(False)
    assert made == shape(skeleton, language="en")
    values = chosen(made, skeleton.count("\ue000"), data)
    html = Reading(fill(made.html, values))
    assert html.active() == []
    calm = [value if value == "https://a.example/" else "x" for value in values]
    loud = [
        value if calm[number] != "x" else re.sub(r"[\r\n]", "", f"{value}<i>") for number, value in enumerate(values)
    ]
    assert Reading(fill(made.html, loud)).outline() == Reading(fill(made.html, calm)).outline()


@given(st.lists(_ROUGH, max_size=25))
def test_the_text_part_is_tidy(parts: list[str]) -> None:
    skeleton = numbered(parts)
    try:
        made = shape(skeleton, language="en")
    except LostValue:
        assume(False)
    text = fill(made.text, ["https://a.example/"] * skeleton.count("\ue000"))
    assert re.search(r"(?:\A|[^\n])\n\Z", text)
    assert not re.search(r" $", text, re.MULTILINE)


@given(st.text(max_size=60))
def test_any_text_at_all_makes_a_letter(source: str) -> None:
    try:
        made = shape(source, language="en")
    except LostValue:
        assume(False)
    assert Reading(fill(made.html, ["x"] * 0x1700)).active() == []


def test_letters_that_stand_for_values_may_stand_in_a_letter_too() -> None:
    made = shape(f"\U00017000 {token(0)} \U00017001 \U000f0001 \ue000\uf8ff", language="en")
    assert fill(made.text, ["x"]) == "\U00017000 x \U00017001 \ufffd \ue000\uf8ff\n"


def test_the_highest_number_of_a_value_works() -> None:
    made = shape(token(0x16FF), language="en")
    assert made.text == (Slot(0x16FF, Context.TEXT), "\n")


def test_threads_may_shape_at_the_same_time() -> None:
    skeletons = [f"- {token(number)}\n- [x](https://a.example/{number})\n" * 5 for number in range(40)]
    skeletons = [skeleton.replace(token(n), f"item {n}") for n, skeleton in enumerate(skeletons)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda skeleton: shape(skeleton, language="en"), skeletons))
    assert made == [shape(skeleton, language="en") for skeleton in skeletons]
