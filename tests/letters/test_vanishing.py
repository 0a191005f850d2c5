"""Every word of a body arrives in the text and in the HTML part, or it is a Problem where it stands."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import TemplateFault
from outreach.letters.markup import shape
from outreach.letters.vanishing import vanishing
from tests.planning.campaigns import campaign, contact, materials, template

ORDINARY = (
    "Dear all,",
    "- one\n- two\n  - deeper",
    "1. first\n2) second",
    "**bold** and *soft* and un*believ*able",
    "see [our page](https://a.example/b_(c) \"the title\") or <https://a.example>",
    "write to <kim@a.example> or <mailto:kim@a.example>",
    "<b>bold</b>, <i>soft</i> and <a href='https://a.example' title=\"t\">a link</a>",
    "one<br>two<br/>three",
    "<ul><li>one<li>two</ul>",
    "<div>\n\ninside\n\n</div>",
    "<table><tr><td>a<td>b</table>",
    "<font color=red>red</font> and <span class=\"x y\">plain</span>",
    "a line<p>another line",
    "if 1 < 2 and 3 > 2, I <3 it",
    "`<First Name>` and ``<b> ` </i>`` in code",
    "```html\n<First Name>\n<b>\n```",
    "    <YOUR ARTICLE> in code",
    "\\<First Name> and &lt;Name&gt; and &copy; &amp; more",
    "<!-- a note to ourselves -->",
    "a claim [1], and [another][two]\n\n[1]: https://a.example\n[two]: https://b.example \"Title of it\"",
    "as agreed [^1]\n\n[^1]: in the annex",
    "| a | b |\n|---|---|\n| c | d |",
    "« Bonjour à tous », «Olá», \u201eGuten Tag\u201c",
    "# Heading\n\n> quoted\n> > twice",
    "2014. That was a year.",
    "\u2022 a bullet\n\u2022 another",
    "Cafe\u0301 and na\u00efve, soft\u00adhyphen",
)  # fmt: skip
LOST = {
    "Dear <First Name>,": "placeholder",
    "I saw <YOUR ARTICLE> x": "placeholder",
    "<<Company>> hi": "placeholder",
    "<<sehr gut>> hi": "placeholder",
    "Dear <name>": "placeholder",
    "<Address>, hello": "placeholder",
    "<Link> is here": "placeholder",
    "the sum<Sum of all>": "placeholder",
    "see <www.example.org> ok": "placeholder",
    "<tel:+49123> x": "placeholder",
    "if a<b and c>d": "placeholder",
    "<i, the author> say": "placeholder",
    "over\n<two\nlines> of it": "placeholder",
    "Prices are <b> 5 and more.": "unclosed-tag",
    "<b/>all of it": "unclosed-tag",
    "<div>one": "unclosed-tag",
    "<p>one": "unclosed-tag",
    "<h2>Title": "unclosed-tag",
    "<ul><li>one": "unclosed-tag",
    "<li>one": "unclosed-tag",
    "<a href='https://a.example'>here": "unclosed-tag",
    "<em><b>crossed</em></b>": "unclosed-tag",
    "words <!-- internal": "unclosed-tag",
    "words <!-- internal\n\nmore --> and": "unclosed-tag",
    "<script>alert</script> x": "text-lost",
    "x <style>y</style>": "text-lost",
    "a <template>hidden</template> c": "text-lost",
    "x <? php ?> y": "text-lost",
    "x <![CDATA[ y ]]> z": "text-lost",
    "[Note]: important": "text-lost",
    "| a | b |\n|---|---|\n| c | d | extra |": "text-lost",
}  # fmt: skip


def codes(body: str) -> list[str]:
    return sorted({loss.code for loss in vanishing(body, shape(body, language="en"))})


@pytest.mark.parametrize("body", ORDINARY)
def test_ordinary_texts_are_left_alone(body: str) -> None:
    assert vanishing(body, shape(body, language="en")) == []


@pytest.mark.parametrize(("body", "code"), LOST.items())
def test_what_would_vanish_is_a_problem(body: str, code: str) -> None:
    assert codes(body) == [code]
    assert codes(f"Dear all,\n\n{body}\n\n- one\n- two\n\nBest regards,\nAlex") == [code]


@given(st.lists(st.sampled_from(ORDINARY), min_size=1, max_size=6))
def test_ordinary_texts_together_are_left_alone(bodies: list[str]) -> None:
    assert codes("\n\nAnd then:\n\n".join(bodies)) == []


PIECES = (
    "{}", "Dear {},", "- {}\n- b", "1. {}", "> {}", "# {}", "**{}** *x*", "[{}](https://a.example)", "[{}]: word",
    "[{}]: two words", "<{}>", "<<{}>>", "</{}>", "<b>{}", "{} <b>", "<div>{}", "{}</div>", "<i {}>", "<p {}='x'>",
    "<{} x", "x {} >", "<!-- x\n\n{}", "`{}", "```\n{}", "```\n{}\n```", "    {}", "\\<{}>", "&lt;{}&gt;",
    "| {} |\n|---|\n| b | {} |", "<script>{}</script>", "<style>{}", "<title>{}", "<table><tr><td>{}", "<td>{}",
    "<select>{}", "<svg>{}</svg>", "<?{}?>", "<![CDATA[{}]]>", "![{}](x.png)", "<img alt='{}'>",
    "<textarea>{}</textarea>", "{}<br>", "<a href='https://a.example'>{}</a>", "x\n{}\n---",
    "<template>{}</template>", "~~{}~~", "{}<", "{}\u00ad{}",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
def test_every_word_arrives_in_both_parts_or_is_a_problem(pieces: list[str]) -> None:
    words = [f"word{number}x" for number in range(len(pieces))]
    body = "\n\n".join(piece.format(*[word] * 2) for piece, word in zip(pieces, words, strict=True))
    try:
        made = shape(body, language="en")
    except TemplateFault:
        return  # too tangled, which is told, too
    if vanishing(body, made):
        return
    text, html = ("".join(piece for piece in part if isinstance(piece, str)) for part in (made.text, made.html))
    shown = unescape(re.sub(r"<[^<>]*>", "", html.partition("<body")[2]))
    assert [word for word in words if word not in text or word not in shown] == []


@pytest.mark.parametrize(
    ("body", "line", "code"),
    [
        ("Hello,\n\nI saw <YOUR ARTICLE> and liked it.\n", 6, "placeholder"),
        ("Hello,\n\n{{ contact.name }} is <First\nName>.\n", 6, "placeholder"),
        ("Hello {{ contact.name }},\n\nPrices are <b> 5.\n\n- one\n", 6, "unclosed-tag"),
        ("Hello,\n\n[Note]: important\n", 6, "text-lost"),
        ("Hello,\n\nDear ____,\n", 6, "placeholder"),
        ("Hello,\n\nDear *|FNAME|*,\n", 4, "placeholder"),
        ("Hello,\n\n{{ contact.personal_text }}\n", 9, "placeholder"),
        ("Hello,\n\n{{ facts.hook }}\n", 6, "placeholder"),
    ],
)
def test_it_is_told_where_it_stands_and_no_letter_is_made(body: str, line: int, code: str) -> None:
    one = contact("a", personal_text="You are <First Name>, «Name».", lines={"personal_text": 9})
    stuff = materials(one, campaign=campaign(facts={"hook": "INSERT NAME HERE"}), templates=(template(body=body),))
    made: list[object] = []
    _, merger = stuff.decided(lambda letter, text: made.append(text))
    assert made == [None]
    assert [(problem.line, problem.code) for problem in merger.problems()] == [(line, code)]
