"""Files that are deep, wide, long or say what nobody means: YAML, tables, expressions, numbers and days."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bombs.corpus import (
    CAMPAIGN,
    CONTACT,
    TEMPLATE,
    Files,
    campaign,
    contact,
    family,
    grown,
    letter,
    named,
    post,
    quoted,
)

NESTED = """
    lists: «[»N«]»N
    open lists: «[»N
    mappings: «{a: »N«}»N
    open mappings: «{a: »N
    mixed: «[{a: »N«}]»N
    closed: «]»N
    pairs: «[a: »N«]»N
    quoted: «{'a': »N«}»N
    questions: «{? »N«}»N
    commas: [«,»N]
    quotes: «'»N
    half: «[»N«]»9
    colons: «a: »N
    dashes: «- »N
    inside: {a: {b: «[»N«]»N}}
"""
CONTACTS = """
    stairs: name: X↵fields:↵ a:↵  a:↵   a:↵    a:↵     a:↵      a:↵       a: «↵                  a:»90
    block in a line: name: X↵fields:↵  «- »20000a
    questions: name: X↵fields:↵  «? »20000a
    same key: name: X↵«name: Y↵»20000
    long key: name: X↵«k»40000: v
    long known key: name: X↵«nam»400: v
    aliases: name: X↵fields:↵  a: &a [x, x]↵  b: [«*a, »9000]
    merge keys: name: X↵fields:↵  a: &a {b: c}↵«  <<: *a↵»9000
    tags: name: X↵fields:↵  a: [«!!python/object:os.system v, »4000]
    comments: name: X↵«a: b #c↵»9000
    hashes in a list: name: X↵tags: [↵«#a,↵»9000]
    hash behind a list: name: X↵tags: [«a, »20000b] #c
    torn: name: X↵fields: {«a b, »20000c}
    huge scalar: name: X↵personal_text: «a»3000000
    huge quoted: name: X↵personal_text: "«\\x41»700000"
    huge block: name: X↵personal_text: |↵«  a↵»400000
    open quote: name: X↵personal_text: "«a b: c↵»20000
    open list: name: X↵tags: [«a, »20000
    many open lists: «- name: X↵  tags: [a↵»3000
    many signs: «- name: @x↵»5000
    many colons: «- name: a: b: c↵  personal_text: 'x↵»3000
    tabs: name: X↵«	personal_text: x↵»9000
    no key: «words↵»20000
    braces: name: {{«{»20000
    moustaches: name: X↵fields: [«{{ a }}, »9000]
    open moustaches: name: X↵fields: [«{{ a, »9000]
    quoted pieces: name: X↵fields: [«'a' b, »9000]
    spaces: name: X↵personal_text: a«    »50000b #c
    hashes: name: X↵personal_text: a« #»50000
    words: name: X↵«a »50000
    dashes: «- »30000
    minus lines: «-↵»30000
    empty contacts: «- {}↵»9000
    same contacts: «- {name: A}↵»3000
    documents: «---↵name: X↵»9000
    directives: «%YAML 1.1↵»9000---↵name: X
    separators: name: X↵personal_text: 'a«\u2028»20000'
    control characters: name: X↵personal_text: a↵«# \x07↵»20000
    blank: «↵»90000
    indented: «                    ↵»9000
    id line: name: X↵id:« »90000x
"""


@family
def yaml(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Nested and long YAML at every door."""
    for number in (90, 900, 3000, 20000):
        for name, value in named(NESTED.replace("N", str(number))).items():
            doors = {
                "a contact": {"contacts/b.yaml": f"- id: x\n  name: X\n  fields: {value}\n- id: y\n  name: Y\n"},
                "one contact": {"contacts/b.yaml": f"name: X\nfields: {value}\n"},
                "the campaign": {"campaign.yaml": f"{CAMPAIGN}facts: {value}\n"},
                "front matter": {"templates/hello.md": f"---\nsubject: x\nattachments: {value}\n---\nHello\n"},
                "a post": {"posts/p.md": f"---\nnetworks: {value}\n---\nHello\n"},
                "lookups": {"lookups.yaml": f"handles: {value}\n"},
                "imports": {"imports.yaml": f"answers: {value}\n"},
            }
            door = chance.choice(list(doors))
            yield f"{number} {name} in {door}", doors[door]
    for name, text in named(CONTACTS).items():
        yield name, {"contacts/b.yaml": text + "\n"}
    for number in (500, 3000):
        stairs = "\n".join(" " * deep + "a:" for deep in range(1, number))
        yield f"stairs {number}", {"contacts/b.yaml": f"name: X\nfields:\n{stairs}\n"}
        yield f"stairs {number} in the campaign", {"campaign.yaml": f"{CAMPAIGN}facts:\n{stairs}\n"}
    many = [f"k{number}: v" for number in range(100_000)]
    yield "keys", {"contacts/b.yaml": "name: X\nfields:\n  " + "\n  ".join(many) + "\n"}
    yield "unknown keys", {"contacts/b.yaml": "name: X\n" + "\n".join(many[:20_000]) + "\n"}
    yield "unknown keys of the campaign", {"campaign.yaml": CAMPAIGN + "\n".join(many[:20_000]) + "\n"}
    yield (
        "anchors",
        {"contacts/b.yaml": "name: X\nfields: {" + ", ".join(f"k{n}: &a{n} v" for n in range(9_000)) + "}\n"},
    )
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    yield "laughs", {"contacts/b.yaml": f"name: X\na0: &a0 lol\n{laughs}"}
    for name, text in named("""
        fences: «---↵»20000
        no end: ---↵«a: b↵»20000
        of words: ---↵«words↵↵»20000---
        of spaces: ---↵«     ↵»20000---
        """).items():
        yield f"front matter {name}", {"templates/hello.md": text}


@family
def tables(chance: random.Random) -> Iterator[tuple[str, Files]]:
    for name, text in named("""
        huge cell: name,personal_text↵X,«a»2000000
        huge quoted cell: name,personal_text↵X,"«a↵»700000"
        open quote: name,personal_text↵X,"«a,↵»90000
        open quotes: name,personal_text↵«X,"a↵»9001
        bad quotes: name,personal_text↵«X,"a"b↵»9000
        quotes: name,personal_text↵X,«"»100001
        same columns: name,«a,»20000↵X
        nameless columns: name«,»20000↵X
        nameless cells: name«,»900↵«X,a,a,a,a,a,a,a↵»3000
        same rows: name↵«X↵»5000
        short rows: name,a,b↵«X↵»5000Y,b
        tags: name,tags↵X,"«;»100000"
        tags in brackets: name,tags↵X,"[«'a',»30000]"
        number: name,tier↵X,«9»9000
        number as a field: name,area↵X,«9»9000
        long header: name,«a»200000↵X,1
        header of quotes: «"»50000↵X
        no header: «↵»50000
        separators: name«;,	»9000↵X
        spaces: name,personal_text↵X,«    »50000
        """).items():
        yield name, {"contacts/b.csv": text + "\n"}
    for name in ("c", "email", "emial", "email_role_", "Name"):
        yield f"columns {name}", {"contacts/b.csv": "name," + ",".join(f"{name}{n}" for n in range(5_000)) + "\nX\n"}
    yield "rows", {"contacts/b.csv": "name,email\n" + "".join(f"A{n},a{n}@x.example\n" for n in range(3_000))}


SELECTIONS = """
    or: «tier == 0 or »5000tier == 1
    and: «tier == 0 and »5000tier == 1
    or 300: «tier == 0 or »300tier == 1
    number: tier == «9»9000
    number hex: tier == 0x«f»9000
    number negative: tier == -«9»9000
    number float: tier == «9»9000.5
    number exponent: tier == 1e«9»9000
    numbers: «tier == 99999999999999999999999999999999999999999999999999999999999999999999999999999 or »20tier
    number in a list: tier in [«9»9000, 1]
    product: tier == «1000000000000000000 * »9 1
    power: tier == 9 ** 9 ** 9 ** 9
    parentheses: «(»5000tier«)»5000
    parentheses 20: «(»20tier == 0«)»20
    lists: tier in «[»5000«]»5000
    not: «not »5000tier
    minus: «-»5000 1 == tier
    ifs: «1 if »3000tier« else 0»3000
    compare: tier« < 1»5000
    equals: tier« == 0»5000
    in: tier« in tags»3000
    plus: tier == «1 + »5000 0
    tilde: name == «'a' ~ »5000'b'
    filters: name«|upper»5000 == 'A'
    tests: name« is string»3000
    attributes: fields«.a»5000
    items: fields«['a']»5000
    calls: name«.upper()»3000 == 'A'
    text: name == '«a»40000'
    list: tier in [«1, »20000 0]
    range: tier in range(10 ** 9)
    range listed: tier in range(9999)|list
    repeated: name == 'a' * 10 ** 9
    big: (('f' * 60000)|int(0, 16) // ('e' * 30000)|int(0, 16)) == tier
    bigs: «('f' * 60000)|int(0, 16) // 3 == tier or »200tier
    replace: ('a' * 55000)|replace(old='a', new='b' * 55000) == name
    join: range(9999)|join(d='a' * 90000) == name
    sorts: «(range(9999)|list|sort(reverse=true)) and »300tier
    sums: «range(9999)|sum and »300tier
    attribute: range(9999)|map(attribute='x.' * 20000)|list
    mappings: «{»3000«}»3000
    spaces: «    »10000tier
    name: «a»40000
    signs: «+»40000
    braces: «{{ tier }}»3000
    comments: «{# #}»3000
    tangle: («not (- »900 1«)»900
"""
GATES = """
    decisions: «decision('d') == 'a' and »3000date('2026-01-13')
    or decisions: «decision('d') == 'a' or »3000date('2026-01-13')
    decisions 90: «decision('d') == 'a' and »90date('2026-01-13')
    posts: «posts['p'].likes > 1 and »3000date('2026-01-13')
    posts deep: posts['p']«.likes»5000 > 1
    items deep: posts«['p']»5000
    open: «posts[»5000
    open few: «posts[»9
    open call: decision('d'
    contacts: «contacts['ann'].answered or »3000date('2026-01-13')
    counts: «count('answered') > 1 and »3000date('2026-01-13')
    count key: count('new', tier=«9»9000) > 1
    count list: count('new', tier=[«1, »9000]) > 1
    count unknown: count('new', «a»9000=1) > 1
    date: date('9999-12-31')
    date odd: date('«9»9000')
    number: count('new') > «9»9000
    number hex: count('new') > 0x«f»9000
    number float: count('new') > «9»9000.5
    number grouped: count('new') > «9_9»3000
    sum: count('new') > «1 + »5000 1
    product: count('new') * «1000000000000000000 * »300 1 > 1
    power: count('new') ** 9 ** 9 > 1
    calls: «date(»3000«)»3000
    brackets: «(»5000date('2026-01-13')«)»5000
    closing: «)»5000
    ifs: «date('2026-01-13') if »2000 1« else 0»2000
    plain: «1 == 1 and »3000 1
    no such thing: decision('«x»9000')
"""


@family
def expressions(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """What stands in `to`, `if`, `needs`, `is`, `or`."""
    for name, source in named(SELECTIONS).items():
        said = quoted(source)
        yield f"to {name}", campaign('to: "tier == 0"', f"to: {said}")
        other = chance.choice(
            (f"template: [{{if: {said}, use: hello}}, {{use: hello}}]", f"template: hello, follow_up: {{after: 3d, template: hello, to: {said}}}")
        )  # fmt: skip
        yield f"{other[10:17]} {name}", campaign("template: hello", other)
    decision = "decisions: [{id: d, ask: A, choices: [a, b]}]\n"
    for name, source in named(GATES).items():
        said = quoted(source)
        in_waves = [
            f"template: hello, needs: {said}",
            f"template: hello, follow_up: {{after: 3d, template: hello, needs: {said}}}",
        ]
        elsewhere = [
            {"campaign.yaml": f"{CAMPAIGN}{decision}goals: [{{name: g, is: {said}, target: 1}}]\n"},
            {
                "campaign.yaml": CAMPAIGN + decision,
                **post("Hello", f"networks: [bluesky]\nat: 2027-01-12 15:00\nneeds: {said}"),
            },
            {
                "campaign.yaml": f"{CAMPAIGN}  - {{id: v, to: tier, template: hello, after: {{wave: w, or: {said}}}}}\n{decision}"
            },
        ]
        placed = [{"campaign.yaml": CAMPAIGN.replace("template: hello", each) + decision} for each in in_waves]
        yield f"needs {name}", post("Hello") | placed[0]
        yield f"elsewhere {name}", post("Hello") | chance.choice([placed[1], *elsewhere])
    words = [
        "tier",
        "tags",
        "name",
        "fields",
        "==",
        "in",
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        "'a'",
        "9" * 200,
        "+",
        "*",
    ]
    words += ["**", "|", "sum", "join", "range", ",", "~", "%", ".", "if", "else", "is"]
    for number in range(20):
        source = " ".join(chance.choices(words, k=chance.choice((10, 100, 3000))))
        yield f"jumble {number}", campaign('to: "tier == 0"', f"to: {quoted(source)}")


ODD = """
    «9»9000;-«9»9000;0x«f»9000;1e999;«9»5000.5;\u0661\u0662;\u00b2;1_000;9999-12-31;0001-01-01;99999999999d;99999w;99999d
    9999-99-99;24:00;nan;.inf;«1:»5000;9999-12-31 23:59;0000-00-00;-0;1e308
"""
DOORS = """
    tier: contact name: X, tier: V
    collected_on: contact name: X, collected_on: V
    contact id: contact name: X, id: V
    contact zone: contact name: X, timezone: V
    country: contact name: X, country: V
    zone: timezone: Europe/Brussels => timezone: V
    language: language: en => language: V
    per_hour: pace: {gap: 0s} => pace: {gap: 0s, per_hour: V}
    per_day: pace: {gap: 0s} => pace: {gap: 0s, per_day: V}
    gap: pace: {gap: 0s} => pace: {gap: V}
    start: template: hello => template: hello, start: V
    until: template: hello => template: hello, until: V
    follow-up: template: hello => template: hello, follow_up: {after: V, template: hello}
    times: template: hello => template: hello, follow_up: {after: 3d, template: hello, times: V}
    keep_for: interest: x => interest: x, keep_for: V
    port: {transport: outbox} => {transport: smtp, host: h.example, port: V}
    after: waves: => decisions: [{id: d, ask: A, choices: [a, b], after: w + V}]↵waves:
    by: waves: => decisions: [{id: d, ask: A, choices: [a, b], by: V}]↵waves:
    hours: waves: => calendar: {hours: V}↵waves:
    avoid: waves: => calendar: {avoid: [{from: V, to: V}]}↵waves:
    holidays: waves: => calendar: {holidays: [V]}↵waves:
    target: waves: => goals: [{name: g, is: "count('new')", target: V}]↵waves:
    digest: waves: => digest: {at: V}↵waves:
    version: waves: => attachments: {a: {file: campaign.yaml, version: V}}↵waves:
"""


@family
def values(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Numbers, days, spans and zones that nobody means."""
    odd = [grown(each.strip()) for line in ODD.strip().split("\n") for each in line.split(";")]
    for door, rule in named(DOORS).items():
        for value in chance.sample(odd, 4):
            old, arrow, new = rule.replace("V", value).partition(" => ")
            made = campaign(old, new) if arrow else contact(old.removeprefix("contact "))
            yield f"{door} {value[:14]}", made
    facts = "{{ facts.a }}{{ facts.a|int }}{{ facts.a|float }}{{ facts.a|round }}{{ facts.a * 2 }}"
    other = {"posts/q.md": "---\nnetworks: [bluesky]\nat: 2026-01-12 10:00\n---\nq\n"}
    for value in odd:
        yield f"fact {value[:14]}", {"campaign.yaml": f"{CAMPAIGN}facts: {{a: {value}}}\n", **letter(facts)}
        yield (
            f"field {value[:14]}",
            contact(f"name: X, fields: {{a: {value}}}") | letter("{{ contact.fields.a|default(1) }}"),
        )
    for keys in (
        "at: V",
        "window: {from: V, to: V}",
        "window: {from: 2027-01-01, to: 2027-02-01, hours: V}",
        "after: q + V",
    ):
        for value in chance.sample(odd, 4):
            yield f"{keys} {value[:14]}", post("Hello", f"networks: [bluesky]\n{keys.replace('V', value)}") | other
    for zone in (
        "../../../../etc/passwd",
        "Europe/" + "x" * 40_000,
        "/dev/zero",
        "Etc/GMT+99",
        "posixrules",
        "Europe",
        "localtime",
    ):
        yield f"zone {zone[:30]}", campaign("timezone: Europe/Brussels", f"timezone: '{zone}'")


@family
def folders(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """What else lies in a campaign, and many of it."""
    for name, text in named("""
        checklists/a.md: «- [ ] a↵»90000
        checklists/b.md: «- [»90000
        checklists/c.md: - [ ]«   »100000
        lookups.yaml: handles: «{a: »5000
        receipts.jsonl: «[»100000
        receipts.jsonl : {"id": «9»9000}
        receipts.jsonl  : «{}↵»50000
        receipts.jsonl   : {"id": "«a»3000000"}
        receipts.jsonl    : {"id": 1e999999, "at": NaN}
        imports.yaml: answers: «[»5000
        """).items():
        yield f"{name}: {text[:12]!r}", {name.strip(): text + "\n"}
    yield "languages", {f"templates/hello.{a}{b}.md": TEMPLATE for a in "abcdefg" for b in "abcdefgh"}
    yield "templates", {f"templates/t{number}.md": TEMPLATE for number in range(300)}
    yield "contact files", {f"contacts/c{number}.yaml": f"name: N{number}\n" for number in range(400)}
    yield (
        "posts",
        {f"posts/p{number}.md": "---\nnetworks: [bluesky]\nat: 2027-01-12 10:00\n---\nq\n" for number in range(100)},
    )
    ids = (
        f"- {{name: '{'A ' * 300}{number}', tier: 0, channels: [{{email: a{number}@x.example}}]}}\n"
        for number in range(20)
    )
    yield "long names", {"contacts/b.yaml": "".join(ids)}
    names = "".join(
        f"- {{name: '{'A ' * length}Z', channels: [{{email: n{length}@x.example}}]}}\n" for length in range(1, 300)
    )
    yield "names that begin alike", {"contacts/b.yaml": names, **letter("A " * 20_000)}
    yield "many contacts", {"contacts/b.yaml": CONTACT + "".join(f"- {{name: A{n}, tier: 1}}\n" for n in range(2_000))}


@family
def chains(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Waves, posts and decisions that wait for one another, and many of them."""
    waves = "".join(
        f"  - {{id: w{n}, to: tier, template: hello, after: {f'w{n - 1}' if n > 1 else 'w'} + 520w}}\n"
        for n in range(1, 300)
    )
    yield "waves", {"campaign.yaml": CAMPAIGN + waves}
    waves = "".join(f"  - {{id: w{n}, to: tier, template: hello, after: w{(n + 1) % 300}}}\n" for n in range(300))
    yield "circle of waves", {"campaign.yaml": CAMPAIGN + waves}
    yield "same waves", {"campaign.yaml": CAMPAIGN + "  - {id: w, to: tier, template: hello}\n" * 1_000}
    one = "---\nnetworks: [bluesky]\nafter: p%d + 520w\n---\nq\n"
    first = {"posts/p0.md": "---\nnetworks: [bluesky]\nat: 2026-01-12 10:00\n---\nq\n"}
    yield "posts", first | {f"posts/p{n}.md": one % (n - 1) for n in range(1, 300)}
    yield "circle of posts", {f"posts/p{n}.md": one % ((n + 1) % 300) for n in range(300)}
    asked = "".join(f"  - {{id: d{n}, ask: A, choices: [a, b], after: d{n - 1} + 520w}}\n" for n in range(1, 2_000))
    yield "decisions", {"campaign.yaml": f"{CAMPAIGN}decisions:\n  - {{id: d0, ask: A, choices: [a, b]}}\n{asked}"}
    goals = "".join(f"  - {{name: g{n}, is: \"count('new') > {n}\", target: 1}}\n" for n in range(1_000))
    yield "goals", {"campaign.yaml": f"{CAMPAIGN}goals:\n{goals}"}
    via = "".join(f"- {{id: c{n}, name: C{n}, via: c{n + 1}}}\n" for n in range(1_000))
    yield "via", {"contacts/b.yaml": f"{via}- {{id: c1000, name: C, via: c0}}\n"}
    was = "".join(f"- {{id: c{n}, name: C{n}, was: c{n + 1}}}\n" for n in range(1_000))
    yield "was", {"contacts/b.yaml": was}
    yield (
        "avoided",
        {
            "campaign.yaml": f"{CAMPAIGN}calendar: {{avoid: [{{from: 01-01, to: 12-31}}]}}\n",
            **post("Hello", "networks: [bluesky]\nwindow: {from: 1900-01-01, to: 2999-12-31}"),
        },
    )
    spans = ", ".join("{from: 01-01, to: 12-30}" for _ in range(2_000))
    yield (
        "avoided often",
        {"campaign.yaml": f"{CAMPAIGN}calendar: {{days: [mon], avoid: [{spans}], hours: 00:00-00:01}}\n"},
    )
