"""Texts at which whoever reads, counts or cuts them is slow."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bombs.corpus import Files, campaign, contact, family, grown, letter, named, post, quoted

PIECES = """
    _a *a **a ***a _a_ *a* __a__ **a** _ * a_ a* *_a _*a **a*b __a_b ` ``a `a`` a`b [ ] [a [a] [a]( [a](b [a](b) [a][ ![
    ![a ![a]( ![a](b) [[ [](  ]( [a](< < <a <a> </ </a> <!-- --> <! <? <![CDATA[ <b> <div> <p>a <table><tr><td> <br> <script>
    & &a &amp; &# &#x &#65; &lt;b&gt; \\ \\a \\_ \\[ http:// https://a www. a@b mailto:a <https://a <a@b <https://a.b> > >>
    - * + # ~~~ ~~a ~~a~~ ^a ==a | |- [^a] *[a]: {.a} ' " ''a ... a. ( () ((a { {} %} }} 9 9. 1. 1, a- a-a. a/b.c @ @a @a.b
    #a # #1 $A e\u0301 \u0301 \ud55c \ufdfa \u0915\u094d \u200d \ufe0f \u1100 \u3002 \U0001f1e6 \U0001f1e6\U0001f1e7
    \U0001f468\u200d \U0001f468\u200d\U0001f469\u200d \U0001f3fd \U00017000 \u00ad \u2060 \u202e \u00a0 \u200b
""".split() + [
    grown(each)
    for each in (
        "word ", "**a *b ", "_a __b ", " _", " *", "_ ", "* ", '[a](b "', "[a](b 'c')", '<a b="', "<!-- a", "<img ", "> ",
        "> a↵", "> > ", "- ", "- a↵", "- - ", "* a↵", "1. ", "1. a↵", "# a↵", "a↵=↵", "a↵-↵", "---↵", "***↵", "    a↵",
        "```↵", "```a↵", "~~~↵", "| a ", "|a|b|↵", "a|b↵-|-↵", "[a]: b↵", "[a]:↵", '[a]: <b> "c"↵', ": a↵", "↵", "↵↵",
        "a↵", "a↵↵", "a  ↵", "a\\↵", " ", "(a) ", "[a] ", "{a} ", "`{a}` ", "%A% ", "W. ", "w. ", "a.b ", "a@b.c ", "@a ",
        "@a@b.example ", "https://a.example/ ", "https://a.b/( ", "a.example ", "#a ", "@a.example.org ", "1 000 ",
        "&notin;", "https://a.example/?a=b&c=d ", "a↵---↵", "{{ step }} ", "TODO ", "Ann ",
    )
]  # fmt: skip
TEXTS = """
    quotes: «>»10000 a
    list in a line: «- »10000a
    quote and list: «> - »6000a
    code in list: «- a↵↵      b↵»3000
    list loose nested: «- a↵↵  - b↵↵»3000
    table wide: |«a|»9000↵|«-|»9000
    table long: a|b↵-|-↵«a|b↵»9000
    tables: «a|b↵-|-↵a|b↵↵»3000
    definition long: [«a»20000]: https://a.example/↵↵[«a»20000]
    links: «[a](https://a.example/) »1500
    link in link: «[»2000a«](https://a.example/)»2000
    image in link: «[![»1500a«](https://a.example/b)»1500
    link target: [a](https://a.example/«(»20000
    link title: [a](https://a.example/ "«" »9000
    autolink: https://a.example/«a»40000
    autolink brackets: https://a.example/«)»40000
    autolink marks: https://a.example/«.»40000
    autolink mix: https://a.example/«).(»13000
    nested emphasis: «*a »6000«b*»6000
    nested strong: «**a »4000«b**»4000
    emphasis in brackets: «[*a»6000
    fences: «```↵a↵```↵↵»3000
    fence tick: «`»20000a«`»20000
    comment: <!--«-»40000
    tags deep: «<b>»6000a«</b>»6000
    tags unclosed: «<b>a»10000
    attributes: <a «b='c' »6000>d</a>
    entity long: &#«9»40000;
    entity huge: &#x«f»40000;
    spaces at end: a«   »13000
    a line: «a»49000
    names: «Ann and Bob and »3000
    values: «*{{ contact.name }} »1500
    values in links: «[{{ contact.name }}](https://a.example/{{ contact.name }}) »700
    loop of stars: {% for i in range(9000) %}*a{% endfor %}
    loop of underscores: {% for i in range(9000) %}_a{% endfor %}
    loop of brackets: {% for i in range(9000) %}[{% endfor %}
    placeholders: «[»200Your name«]»200 «TODO »2000
    long: «word »200000
    lines: a«↵»400000b
"""


@family
def markdown(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Texts at which converters of Markdown, and whoever looks for names and addresses, are slow."""
    for piece in PIECES:
        yield f"run {piece!r}", letter(piece * (40_000 // len(piece)))
    for name, source in named(TEXTS).items():
        yield name, letter(source)
    for name, start, step in (
        ("quotes", "", ">"),
        ("lists", "- a", "  "),
        ("ordered", "1. a", "   "),
        ("both", "a", "> - "),
    ):
        yield f"stairs of {name}", letter("\n".join(step * n + (start or " a") for n in range(150)))
    yield "fence steps", letter("".join("`" * n + "a" for n in range(280)))
    yield "definitions", letter("".join(f"[a{n}]: https://a.example/{n}\n" for n in range(1300)) + "[a] " * 2000)
    for letters in ("_*a ", "[]()!a", "_ * a [ ] ( ) ` > < - & !\n", "-> \na1.|#"):
        yield f"random {letters!r}", letter("".join(chance.choice(letters) for _ in range(40_000)))
    for number in range(4):
        yield f"random pieces {number}", letter("".join(chance.choice(PIECES) for _ in range(6000)))


@family
def headers(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Subjects, names and addresses that have no end."""
    for piece in (
        "h",
        "h ",
        "€",
        "€ ",
        "\U0001f1e6",
        "=?",
        "?=",
        "=?utf-8?q?a?= ",
        '\\"',
        "<",
        "(",
        ",",
        "[",
        ".",
        "a.b ",
    ):
        yield f"subject {piece!r}", letter("Hello", subject='"' + piece * (40_000 // len(piece)) + '"')
    yield "subject from loop", letter("Hello", subject='"{% for i in range(9999) %}abcd{% endfor %}"')
    yield "subject from filter", letter("Hello", subject="\"{{ 'a' * 190000 }}\"")
    for piece in ("n", "n ", "€ ", '"', "(", "a.", "<", ","):
        yield (
            f"name {piece!r}",
            contact(f"name: {quoted(piece * (19_000 // len(piece)) + 'n')}, channels: [{{email: x@x.example}}]"),
        )
        yield f"sender {piece!r}", campaign("name: Alex,", f"name: {quoted(piece * (1_900 // len(piece)) + 'n')},")
    yield "title", campaign("title: C", "title: " + "n " * 20_000)
    yield "signature", campaign("signature: Alex", f"signature: '{'_a' * 20_000}'") | letter("{{ sender.signature }}")
    for address in (
        "«a»40000@x.example",
        "«a.»20000@x.example",
        "x@«a.»20000example",
        "x@«é»20000.example",
        "«@»40000",
        "«a@»9000b.example",
    ):
        yield f"email {address}", contact(f"name: X, channels: [{{email: {quoted(grown(address))}}}]")
    yield "form", contact(f"name: X, channels: [{{form: 'https://x.example/{'(' * 19_000}'}}]")
    yield "website", contact(f"name: X, website: 'https://{'a.' * 9_000}example/'")
    yield "bluesky", contact(f"name: X, channels: [{{bluesky: {'a-.' * 9_000}example}}]")
    yield "mastodon", contact(f"name: X, channels: [{{mastodon: '@{'a.' * 9_000}@{'a.' * 9_000}example'}}]")


@family
def posts(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Texts that are cut into threads, counted in graphemes, and searched for links, mentions and tags."""
    thread = "networks: [bluesky, mastodon]\nat: 2027-01-12 15:00\nsplit: auto"
    everywhere = "networks: [bluesky, mastodon, x, linkedin, reddit, hackernews, mailing-list]\nat: 2027-01-12 15:00\ntitles: [A]"
    for piece in PIECES:
        yield f"run {piece!r}", post(piece * (45_000 // len(piece)))
    for piece in chance.sample(PIECES, 20):
        yield f"everywhere {piece!r}", post(piece * (45_000 // len(piece)), everywhere)
    for name, text in named("""
        odd handle: @«ab.»15000ab_
        brackets in a link: https://a.example/«(a»20000
        marks in a link: https://a.example/«.!»20000
        marks inside a link: https://a.example/«.!»20000a
        hyphens in a host: https://«a-»20000.example/
        one word: «w»45000
        spaces: a«   »15000b
        long link: https://a.example/«a»45000
        long tag: #«a»45000
        long handle: @«a.»20000example
        half a million: «word »100000
        five million: «word »1000000
        loop: {% for i in range(9999) %}word word {% endfor %}
        loop of parts: {% for i in range(9999) %}a↵---↵{% endfor %}
        """).items():
        yield name, post(text)
    yield "numbered", post("word " * 9_000, thread.replace("auto", "numbered"))
    yield "half a million unsplit", post("word " * 100_000, everywhere)
    for room in (0, 1, 2, 10, 100):
        yield f"warning leaves {room}", post("word " * 9_000, f"{thread}\ncontent_warning: {'w' * (500 - room)}")
    yield "long warning", post("Hello", f"{thread}\ncontent_warning: {'w ' * 20_000}")
    yield "titles", post("Hello", everywhere.replace("[A]", "[" + ", ".join(["t" * 50] * 900) + "]"))
    yield "long title", post("Hello", everywhere.replace("[A]", f"['{chr(0x1F1E6) * 10_000}']"))
    yield "hashtags", post("Hello", f"{thread}\nhashtags: [{', '.join(f'a{n}' for n in range(9_000))}]")
    yield "link", post("Hello", f"{everywhere}\nlink: https://a.example/{'a' * 40_000}")
    yield "card", post("Hello", f"{thread}\ncard: https://a.example/{'(' * 40_000}")
    for number in range(4):
        yield f"random {number}", post("".join(chance.choice(PIECES) for _ in range(7_000)))
    for keys in ("at: 9999-12-31", "at: 0001-01-01", "at: 9999-12-31 23:59", "window: {from: 0001-01-01, to: 9999-12-31}",
                 "window: {from: 9999-12-30, to: 9999-12-31, days: [mon]}", "after: q + 99999w",
                 "window: {from: 2026-01-01, to: 9999-12-31, days: [mon], hours: 00:00-00:01, timezone: Asia/Kathmandu}"):  # fmt: skip
        other = {"posts/q.md": "---\nnetworks: [bluesky]\nat: 2026-01-12 10:00\n---\nq\n"}
        yield keys, post("Hello", f"networks: [bluesky]\n{keys}") | other
