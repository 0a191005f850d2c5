"""Templates that would calculate, repeat or nest without end."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bombs.corpus import Files, family, letter, lines, named, quoted

BIG = "{% set a = ('f' * 60000)|int(0, 16) %}{% set b = ('e' * 30000)|int(0, 16) %}"
LOOP = "{% for i in range(9000) %}"
USES = """
    -a; +a; a|string; a|abs; a|round; a|round(2); a|float; a|int; [a, b]|sum; [a, b]|max; [a, b]|min; [a, b]|sort
    [a, b]|unique|list; a is divisibleby(b); a is divisibleby(3); a is odd; a|at_least; a|at_least(b); a in [b]
    a|filesizeformat; [b].count(a); a|length; 'x' * a; [1] * a; range(a); a ** 2; 2 ** a; b if a else 1; a == b
    '%d' % a; 'x'.center(a); a|string|int; 'x'|indent(a); 'x'|truncate(a); 'x'|wordwrap(a); [1]|batch(a)
    [1]|slice(a); 'abc'[a:]; 'abc'[::a]; a|wordcount; [a]|join; a|default(b); a.bit_length(); a.to_bytes(9)
    a|replace(1, 2); a|urlencode; a|e; a|capitalize; a|trim; a|upper; not a; a and b; [1, 2]|sum(start=a)
"""
NUMBERS = """
    literal: {{ «9»9000 }}
    literal hex: {{ 0x«f»30000 }}
    literal hex used: {% set a = 0x«f»20000 %}{% for i in range(9000) %}{% set c = a // 3 %}{% endfor %}x
    literal bin: {{ 0b«1»40000 }}
    literal oct: {{ 0o«7»40000 }}
    literal grouped: {{ «9_999»2000 }}
    literal float: {{ «9»9000.5 }}
    literal exponent: {{ 1e«9»9000 }}
    square: {% set ns = namespace(x=3) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}{{ ns.x }}
    sum of many: {{ range(9999)|sum ** 99 }}
    sum: {% set n = namespace(x=1) %}{% for i in range(9000) %}{% set n.x = [n.x, n.x]|sum %}{% endfor %}{{ n.x }}
    add: {% set n = namespace(x=1) %}{% for i in range(9000) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x }}
    take: {% set n = namespace(x=1) %}{% for i in range(9000) %}{% set n.x = n.x - -n.x %}{% endfor %}{{ n.x }}
    int by base: {% for i in range(900) %}{% set a = ('f' * 190)|int(0, 16) * 1 %}{% endfor %}x
    int of text: {{ ('9' * 90000)|int }}
    int often: {% for i in range(9000) %}{% set a = ('9' * 4000)|int %}{% endfor %}x
    int named: {% for i in range(9000) %}{% set a = ('f' * 4000)|int(default=0, base=16) %}{% endfor %}x
    float often: {% for i in range(9000) %}{% set a = ('9' * 4000)|float %}{% endfor %}x
    float infinite: {{ ('9' * 400)|float|int }} {{ 1e308 * 10 }} {{ (1e308 * 10)|round|int }}
    float large: {{ 1e308|int }} {{ (1e308|int) ** 2 }}
"""


@family
def integers(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """One operator or filter on huge integers, many times."""
    signs = [f"a {sign} b" for sign in "+ - * / // % ** == < <= != > >= ~".split()]
    for what in [*signs, *(each for line in lines(USES) for each in line.split("; "))]:
        yield what, letter(f"{BIG}{LOOP}{{% set c = {what} %}}{{% endfor %}}done")
    for name, source in named(NUMBERS).items():
        yield name, letter(source)


HUGE, MANY = "('b' * 55000)", "('a' * 55000)"
ONCE = """
    MANY|replace(old='a', new=HUGE); MANY|replace('a', new=HUGE); MANY|replace(new=HUGE, old='a'); MANY|replace('', HUGE)
    MANY|replace('a', HUGE, count=55000); MANY|replace(s='x', old='a', new=HUGE); MANY.replace('a', HUGE)
    range(9999)|join(d=HUGE); range(9999)|join(HUGE, attribute='x'); MANY|join(d=HUGE); HUGE.join(['a'] * 9999)
    'x'|indent(width=100000000); ('x\\n' * 9000)|indent(width=HUGE); ('x\\n' * 9000)|indent(first=true, width=HUGE)
    'x'|center(width=100000000); 'x'.center(100000000); 'x'.ljust(width=100000000); 'x'.zfill(100000000)
    'x'.format('y'); '{:100000000}'.format('y'); '{0:{1}}'.format('y', 100000000); 'x'.join(['a'] * 9999)
    'x'.translate({}); ('\\t' * 9000).expandtabs(100000); 'x'.encode('utf-32'); 'x'|wordwrap(width=100000000)
    ('x ' * 9000)|wordwrap(width=1, wrapstring=HUGE); ('x ' * 9000)|wordwrap(1, true, HUGE)
    'x'|truncate(length=100000000, end='x', leeway=0); MANY|truncate(length=10, end=HUGE); 'x'|truncate(-100000000)
    [1]|batch(linecount=100000000, fill_with='x')|list; [1]|slice(slices=100000000)|list; MANY|default(value=HUGE)
    range(9999)|batch(linecount=1, fill_with=HUGE)|list; range(9999)|slice(slices=1000, fill_with=HUGE)|list|string
    5|round(precision=100000000); 5|round(precision=-100000000); 5.5|round(method='floor', precision=400)
    range(9999)|map('replace', '1', 'b' * 90000)|list; range(9999)|map('default', HUGE)|join; MANY|urlencode
    range(9999)|map('join', d=HUGE)|list; range(9999)|map(attribute='x', default=HUGE)|join; MANY|trim(chars=HUGE)
    range(9999)|sum(start=10 ** 70); ('€' * 60000)|urlencode; ('&lt;' * 40000)|striptags; ('<' * 100000)|striptags
    ('<!--' * 40000)|striptags; ('&#' ~ '9' * 9000)|striptags; MANY|title|upper|lower|capitalize|trim|reverse
    MANY|wordcount; MANY|list|sort|unique|list|length; MANY|list|length; MANY.split('a')|length; MANY.partition('b')
    MANY.count(''); MANY.find(HUGE); (MANY + 'c').find('a' * 27000 + 'c'); MANY.strip(HUGE); MANY|dictsort
    (MANY * 3).rpartition('b' + MANY); range(9999)|groupby('x')|length; range(9999)|selectattr('x')|list|length
    range(9999)|select('in', range(9999)|list)|list|length; range(9999)|reject('in', MANY)|list|length
    range(9999)|map('int', HUGE)|list|length; (range(9999)|list)|sort(reverse=true)|first; range(9999)|max
    range(9999)|min(attribute='x'); range(9999)|unique(attribute='x')|list; [[1]] * 9999|sum(start=[])
    range(9999)|map(attribute='x.' * 20000)|list; range(9999)|sort(attribute='x.' * 20000); ([[1]] * 5000)|sum(start=[])
    range(99)|map('_captured')|join; range(99)|map('_steps', 1)|list; [namespace(a=1)]|string; namespace(a=1)|string
"""
OFTEN = """
    MANY|replace('a', 'c'); MANY|length; MANY|upper; MANY|title; MANY|trim; MANY.find('b'); MANY.count('b'); MANY|list
    MANY|reverse; MANY|int; MANY|string; MANY|truncate(9); MANY|wordcount; MANY|striptags; MANY|urlencode; MANY == MANY
    'b' in MANY; MANY[3:]; MANY[::2]; MANY|first; MANY|last; MANY is string; MANY is upper; MANY|default('x'); MANY ~ 'x'
    range(9999)|list; range(9999)|sum; range(9999)|last; range(9999)|length; 9998 in range(9999); 'a' in range(9999)
    range(9999)|reverse|first; range(9999).count(5); range(9999).index(9998); range(9999)[9998]; range(9999)[::3]|length
    (range(9999)|list).count(5); (MANY, 1)|first; MANY + 'x'; MANY * 1; [1] * 9000; MANY.strip('b'); MANY is in(['a'])
"""


@family
def arguments(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """What is counted by its place has to be counted by its name too, and each time again."""
    for form, listed in (("{{ WHAT }}", ONCE), (LOOP + "{% set c = WHAT %}{% endfor %}x", OFTEN)):
        for what in (each for line in lines(listed) for each in line.split("; ")):
            yield what, letter(form.replace("WHAT", what.replace("MANY", MANY).replace("HUGE", HUGE)))


DEEP = """
    parentheses: «(»5000 1 «)»5000
    lists: «[»5000«]»5000
    not: «not »5000 1
    minus: «- »5000 1
    ifs: «1 if »5000 1 « else 0»5000
    else ifs: «1 if 0 else »5000 1
    attributes: contact«.fields»5000
    items: contact«['fields']»5000
    calls: contact«()»5000
    filters: 1«|string»5000
    filters with arguments: 'x'«|replace('a', 'b')»2000
    nested arguments: «'x'|default(»2000 1 «)»2000
    tests: 1« is defined»5000
    subscripts: «contact[»5000 1 «]»5000
    slices: 'abc'«[1:]»5000
    many arguments: range(«1,»5000)
    a long list: [«1,»15000]|length
    a long text: '«x»45000'|length
    escapes: '«\\x41»11000'|length
    adjacent texts: «'a' »12000
    in chain: «1 in »3000 []
    or: «step or »5000 1
    and: «step and »5000 1
    tilde: «step ~ »5000 1
    plus: «step + »5000 1
    minus chain: «step - »5000 1
    times: «1 * »5000 1
    power: «1 ** »5000 1
    compare: «1 < »5000 1
    equals: «step == »5000 1
    name: «a»45000
    attribute: contact.«a»45000
    filter name: 1|«a»45000
    test name: 1 is «a»45000
    spaces: «   »14000 step
    open text: '«\\»45000
"""
TAGS = """
    if: «{% if 1 %}»900x«{% endif %}»900
    if deep: «{% if step == 0 %}»90x«{% endif %}»90
    elif: {% if 0 %}«{% elif 0 %}x»3000{% endif %}
    for: «{% for i in [1] %}»60x«{% endfor %}»60
    for wide: «{% for i in [1, 2] %}»14x«{% endfor %}»14
    for in row: «{% for i in [1] %}x{% endfor %}»1300
    for filtered: «{% for i in range(9999) if i == 1 %}x{% endfor %}»30
    recursive: {% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}
    recursive wide: {% for i in range(5) recursive %}{% if loop.depth < 40 %}{{ loop(range(5)) }}{% endif %}{% endfor %}
    cycle: {% for i in range(9999) %}{{ loop.cycle('a', 'b') }}{% endfor %}
    changed: {% set t = 'a' * 50000 %}{% for i in range(9999) %}{% if loop.changed(t) %}{% endif %}{% endfor %}x
    macro: {% macro f() %}{{ f() }}{% endmacro %}{{ f() }}
    macro pair: {% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}
    macro tree: {% macro f(n) %}{% for i in range(3) %}{% if n %}{{ f(n - 1) }}{% endif %}{% endfor %}{% endmacro %}{{ f(20) }}
    macro varargs: {% macro f(n) %}{% if n %}{{ f(n - 1, varargs, varargs) }}{% endif %}{% endmacro %}{{ f(40) }}
    macro kwargs: {% macro f(n) %}{% if n %}{{ f(n - 1, a=kwargs, b=kwargs) }}{% endif %}{% endmacro %}{{ f(40) }}
    macro doubles: {% macro f(x) %}{{ x }}{{ x }}{% endmacro %}{% set a %}ab{% endset %}«{% set a = f(a) %}»40{{ a }}
    set: «{% set a = 1 %}»3000x
    set blocks: «{% set a %}»300x«{% endset %}»300
    set block doubles: {% set x %}ab{% endset %}«{% set x %}{{ x }}{{ x }}{% endset %}»60{{ x }}
    with: «{% with a = 1 %}»400x«{% endwith %}»400
    unpack: {% set «a, »10000b = [1] %}x
    unpack deep: {% for «(a, »3000b«)»3000 in [1] %}{% endfor %}
    outputs: «{{ step }}»4900
    outputs of text: «{{ contact.name }} »2400
    comments: «{# x #}»6000x
    open comment: «{#»20000
    open output: «{{»20000
    open block: «{%»20000
    closed: «}}»20000
    raw: {% raw %}«{{ x }}»5000{% endraw %}
    open raw: «{% raw %}»5000
    trims: «{{- 'x' -}}   ↵»2500
    angles: «.angle {{ x»3000
    angles open: «['personal_text'] {% »3000
    namespace of lists: {% set n = namespace(l=[1]) %}{% for i in range(60) %}{% set n.l = [n.l, n.l, n.l] %}{% endfor %}x
    namespace of itself: {% set n = namespace() %}{% for i in range(60) %}{% set n.a = namespace(b=n.a, c=n.a) %}{% endfor %}{{ n.a|string }}
    lists deep: {% set n = namespace(l=[1]) %}{% for i in range(9000) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l|string }}
    tuples deep: {% set n = namespace(l=(1,)) %}{% for i in range(9000) %}{% set n.l = (((n.l,),),) %}{% endfor %}{{ [n.l]|unique|list|length }}
    text grows: {% set n = namespace(x='a') %}{% for i in range(9000) %}{% set n.x = n.x ~ 'b' %}{% endfor %}{{ n.x }}
    list grows: {% set n = namespace(x=[]) %}{% for i in range(9000) %}{% set n.x = n.x + [i] %}{% endfor %}{{ n.x|length }}
    lists kept: {% set n = namespace(x=[]) %}{% for i in range(900) %}{% set n.x = n.x + [range(9999)|list] %}{% endfor %}x
    ranges kept: {% set n = namespace(x=[]) %}{% for i in range(9000) %}{% set n.x = n.x + [range(9999)] %}{% endfor %}x
"""


@family
def shapes(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Sources that are deep or long: parser, compiler and renderer each have a stack of their own."""
    for name, source in named(DEEP).items():
        yield name, letter(f"{{{{ {source} }}}}")
    for name, source in named(TAGS).items():
        yield name, letter(source)
        if len(source) < 2000:
            yield f"{name} in a subject", letter("Hello", subject=quoted(source))
    yield "macros", letter("".join(f"{{% macro f{n}() %}}x{{% endmacro %}}" for n in range(1300)))
    yield "names", letter("".join(f"{{% set a{n} = {n} %}}" for n in range(2000)) + "x")
    yield "keywords", letter("{{ 'x'|replace(" + ",".join(f"a{n}=1" for n in range(3000)) + ") }}")
    yield "namespace", letter("{% set n = namespace(" + ", ".join(f"a{n}=1" for n in range(3000)) + ") %}x")


@family
def jumbles(chance: random.Random) -> Iterator[tuple[str, Files]]:
    """Random operations on random large things, in loops."""
    for number in range(70):
        yield f"template {number}", letter(_Jumble(chance).template())


class _Jumble:
    """Expressions that make a text, a number or a list of other such expressions."""

    TEXT = "'a' * 9000;'a b ' * 4000;contact.name;'<b>' * 3000;'\\n' * 5000;s;ns.s;i|string;'1' * 4000;'€' * 9000"
    TEXTS = (
        "T|replace(t, t);T|replace('a', new=t);T|upper;T|title;T|trim;(T ~ t);(T + t);(T * n);T|indent(n);T|wordwrap(n)"
        ";L|join(t);T[n:];T[::n];T|truncate(n);T|urlencode;T|striptags;T.strip(t);T|reverse;T.split(t)|join"
        ";T.removeprefix(t);L|string;T|string|e"
    )
    NUMBER = "9;-1;1000;i;ns.n;10 ** 70;0;3.5;n;1e300"
    NUMBERS = (
        "(N + N);(N - N);(N * N);(N / N);(N // N);(N % N);(N ** N);T|length;T|int;T|int(0, 36);T|wordcount;T.count(t);L|sum"
        ";L|length;N|round(n);N|abs;L|max;(-N);T.find(t);N|float;N|int"
    )
    LIST = "range(3000);contact.tags;ns.l;[1, 2, 3];range(9999);l"
    LISTS = (
        "L|list;(L|list + l|list);(L|list * n);L|sort;L|map('string')|list;L|batch(n)|list;L|slice(n)|list;L|unique|list"
        ";T|list;T.split();L|reverse|list;L|select('in', l)|list;[t, L];[N] * n;L|list|groupby('x');T.splitlines()"
    )

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def of(self, kind: str, depth: int) -> str:
        few, many = {"t": (self.TEXT, self.TEXTS), "n": (self.NUMBER, self.NUMBERS), "l": (self.LIST, self.LISTS)}[kind]
        if depth <= 0:
            return f"({self.chance.choice(few.split(';'))})"
        form = self.chance.choice(many.split(";"))
        found = ""
        for character, after in zip(form, [*form[1:], " "], strict=True):
            alone = not after.isalpha() and (not found or not found[-1].isalpha())
            if character in "TNL" and alone:
                found += self.of(character.lower(), depth - 1)
            elif character in "tnl" and alone and (not found or found[-1] in "(, *:[="):
                found += self.of(character, 0)
            else:
                found += character
        return found

    def template(self) -> str:
        made = "{% set ns = namespace(s='ab', n=3, l=[1, 2]) %}{% set s = 'xy' %}{% set n = 2 %}{% set l = [5] %}"
        made += "{% set i = 0 %}"
        for _ in range(self.chance.randint(1, 4)):
            body = ""
            for _ in range(self.chance.randint(1, 3)):
                kind = self.chance.choice("tnl")
                body += f"{{% set ns.{'s' if kind == 't' else kind} = {self.of(kind, self.chance.randint(1, 3))} %}}"
                if self.chance.random() < 0.3:
                    sign = self.chance.choice(("==", "in", "<", "!="))
                    body += (
                        f"{{% if {self.of(kind, 1)} {sign} {self.of(self.chance.choice('tnl'), 1)} %}}y{{% endif %}}"
                    )
            times = self.chance.choice((0, 3, 60, 900, 9000))
            made += f"{{% for i in range({times}) %}}{body}{{% endfor %}}" if times else body
        return made + "{{ ns.s }} {{ ns.n }}"
