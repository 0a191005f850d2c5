"""Templates: values kept apart from text, missing ones named, runaways stopped."""

from __future__ import annotations

import contextlib
import re
import tracemalloc
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import TemplateFault
from outreach.templating.environment import TOKEN_BASE, TOKEN_END, TOKEN_START
from outreach.templating.filters import indented, without_tags, wrapped
from outreach.templating.rendering import Rendered, Renderer
from outreach.templating.values import LANGUAGE, Later, Record
from outreach.words.encoded import Encoded

CONTACT = {
    "name": "Rivers *& Lakes*",
    "tags": ("policy", "water"),
    "empty": "",
    "nothing": None,
    "tier": 0,
    "items": "a value called items",
}


def render(source: str, **more: object) -> Rendered:
    contact = Record(
        "contact", {**CONTACT, **more}, frozenset({"short", "personal_text"}), {"context": "It is for us only."}
    )
    renderer = Renderer()
    later = Later("links.brief", renderer.will_come)
    scope = {"contact": contact, "links": Record("links", {"brief": later}), "step": 0}
    return renderer.render(source, scope)


def fault(source: str, **more: object) -> TemplateFault:
    with pytest.raises(TemplateFault) as raised:
        render(source, **more)
    return raised.value


def test_a_value_becomes_a_token_and_is_kept_beside_the_text() -> None:
    rendered = render("Dear {{ contact.name }},")
    assert rendered.skeleton == f"Dear {TOKEN_START}{chr(TOKEN_BASE)}{TOKEN_END},"
    assert rendered.plain() == "Dear Rivers *& Lakes*,"
    assert rendered.values[0].path == "contact.name"


def test_conditions_loops_and_filters_see_the_real_values() -> None:
    assert render("{% for t in contact.tags %}{{ loop.index }}{{ t|upper }} {% endfor %}").plain() == "1POLICY 2WATER "
    assert render("{% if contact.tier == 0 %}first{% endif %}").plain() == "first"
    assert render("{{ contact.tags|join(' and ') }}").plain() == "policy and water"
    assert render("{{ contact.name ~ '!' }}").plain() == "Rivers *& Lakes*!"
    assert render("{{ 'yes' if contact.short }}").plain() == ""


def test_a_value_may_be_called_like_a_method_of_dicts() -> None:
    assert render("{{ contact.items }}").plain() == "a value called items"


def test_a_macro_writes_template_text_and_keeps_its_values_apart() -> None:
    rendered = render("{% macro hello() %}**{{ contact.name }}**{% endmacro %}{{ hello() }}")
    assert rendered.skeleton == f"**{TOKEN_START}{chr(TOKEN_BASE)}{TOKEN_END}**"


def test_what_is_done_to_a_captured_text_is_done_to_the_values_in_it() -> None:
    assert render("{% set x %}To {{ contact.name }}{% endset %}{{ x|upper }}").plain() == "TO RIVERS *& LAKES*"
    assert render("{% set x %}{{ contact.tier }}{% endset %}{{ x == '0' }}").plain() == "True"


def test_a_key_of_the_format_that_was_not_given_may_be_tested_but_not_written() -> None:
    assert render("{% if contact.short %}({{ contact.short }}){% endif %}ok").plain() == "ok"
    assert render("{{ contact.short or contact.name }}").plain() == "Rivers *& Lakes*"
    assert render("{{ contact.short|default('they') }}").plain() == "they"
    found = fault("one\n\n{{ contact.short }}")
    assert (found.code, found.line, found.variable) == ("missing-variable", 3, "contact.short")


def test_a_name_nobody_knows_is_an_error_even_where_it_is_only_tested() -> None:
    found = fault("{% if contact.nmae %}x{% endif %}")
    assert found.code == "missing-variable"
    assert found.hint == "Did you mean `contact.name`?"


@pytest.mark.parametrize("key", ["empty", "nothing"])
def test_an_empty_value_is_refused(key: str) -> None:
    assert fault(f"{{{{ contact.{key} }}}}").code == "empty-variable"


def test_context_is_never_mailed() -> None:
    assert fault("{{ contact.context }}", internal_notes="secret").code == "private-variable"
    assert fault("{% if contact.context %}x{% endif %}").code == "private-variable"


def test_a_list_in_a_sentence_is_refused_with_the_way_out() -> None:
    assert "join" in fault("{{ contact.tags }}").hint


def test_a_value_that_comes_later_is_shown_and_said() -> None:
    rendered = render("\n{{ links.brief }}")
    assert rendered.plain() == "\n⟦links.brief⟧"
    assert rendered.later == {"links.brief": 2}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("links\nbrief\n{% if links.brief %}x{% endif %}", 3),
        ("a\n{% if x is defined or links['brief'] == 'y' %}x{% endif %}", 2),
        ("links.brief\n\n{% if\nlinks.brief %}x{% endif %}", 4),
        ("{% set all = links %}\n{% if all.brief %}x{% endif %}", 1),
        ("{{ 'links.briefing' }}\n{% if links.brief %}{% endif %}", 2),
    ],
)
def test_a_value_that_comes_later_and_is_only_tested_names_the_line_of_the_test(source: str, line: int) -> None:
    assert render(source).later == {"links.brief": line}


_NESTED = "{% set ns = namespace(l=(1,)) %}{% for i in range(26) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}"
_LONG = "{% set s = 'a' * 190000 %}{% for i in range(9000) %}"

RUNAWAYS = [
    _NESTED + "{{ [ns.l]|unique|list|length }}",
    _NESTED + "{{ ns.l|string|length }}",
    _NESTED + "{{ ns.l ~ '' }}",
    _NESTED + "{% if ns.l == ns.l[0] %}{% endif %}",
    _LONG + "{% set t = s[1:] %}{% endfor %}",
    _LONG + "{% set t = s.split() %}{% endfor %}",
    _LONG + "{% if s.isalpha() %}{% endif %}{% endfor %}",
    _LONG + "{% if s is upper %}{% endif %}{% endfor %}",
    _LONG + "{% if 'b' in s %}{% endif %}{% endfor %}",
    "{% for i in range(9000) %}{% if -1 in range(9999)|list %}{% endif %}{% endfor %}",
    "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
    "{% for i in range(10000000) %}x{% endfor %}",
    "{% for i in range(9999) %}" + "x" * 1000 + "{% endfor %}",
    "{{ 'a' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 2 ** 100000000 }}",
    "{{ 999999999999 * 10 ** 70 }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}",
    "{% set x %}ab{% endset %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60,
    "{{ 'x'|replace('x', 'y' * 90000)|replace('y', 'z' * 90000) }}",
    "{{ ('x ' * 50000)|title|replace(' ', 'y' * 50000) }}",
    "{{ 5|round(-1000000000) }}",
    "{{ range(10000)|join('x' * 100000) }}",
    "{{ 'x'|indent(1001) }}",
    "{{ ('x\n' * 9000)|indent(1000) }}",
    "{{ ('x\n' * 9000)|indent('y' * 1000) }}",
    "{{ 'x'|wordwrap(1001) }}",
    "{{ ('x ' * 9000)|wordwrap(1, wrapstring='y' * 1000) }}",
    "{{ [1]|batch(1001, 'x')|list|length }}",
    "{{ [1]|slice(1001)|list|length }}",
    "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = [1]|batch(1000, ns.x) %}{% endfor %}"
    "{{ ns.x|join }}",
    "{% set ns = namespace(x=['a']) %}{% for i in range(60) %}{% set ns.x = ns.x|slice(1000, ns.x) %}{% endfor %}"
    "{{ ns.x|join }}",
    "{% set ns = namespace(x=[]) %}{% for i in range(2000) %}{% set ns.x = ns.x + [i] %}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x] %}{% endfor %}",
    "{% for i in range(900) %}{% set x = [1] * 9000 %}{% endfor %}",
    "{% for i in range(900) %}{% set x = range(9000)|list %}{% endfor %}",
    "{% set s = 'b' * 50000 %}{% for i in range(900) %}{% set x = 'x'|default(default_value=s) %}{% endfor %}",
    "{% set s = 'b' * 50000 %}{% for i in range(900) %}{% set x = 'x' is sameas(other=s) %}{% endfor %}",
    "{% set s = 'b' * 50000 %}{% for i in range(900) %}{% set x = 'x'.count(s[:90], i) %}{{ s.find('c') }}{% endfor %}",
    "{{ range(9000)|select('in', range(9000)|list)|list|length }}",
    "{{ range(9000)|map(attribute='x.' * 20000)|list }}",
    "{{ ('a' * 50000).strip('b' * 50000) }}",
    "{{ ('a' * 90000).rpartition('b' + 'a' * 40000) }}",
    "{{ ('a' * 50000)|trim(chars='b' * 50000) }}",
    "{{ range(9999)|map(attribute='x', default='b' * 55000)|join }}",
    "{{ ([[1]] * 3000)|sum(start=[]) }}",
]


@pytest.mark.parametrize("source", RUNAWAYS)
def test_a_runaway_template_is_stopped(source: str) -> None:
    assert fault(source).code == "template-bound"


HUGE, MANY = "('b' * 55000)", "('a' * 55000)"


@pytest.mark.parametrize(
    "what",
    [
        f"{MANY}|replace(old='a', new={HUGE})",
        f"{MANY}|replace('a', new={HUGE})",
        f"{MANY}|replace(new={HUGE}, old='a')",
        f"range(9999)|join(d={HUGE})",
        f"'x'|indent(width={HUGE})",
        "'x'|indent(width=1001)",
        "'x'|wordwrap(width=1001)",
        f"('x ' * 9000)|wordwrap(width=1, wrapstring={HUGE})",
        "[1]|batch(linecount=1001)|list",
        "[1]|slice(slices=1001)|list",
        "5|round(precision=1000000000)",
        f"(['ab'] * 5000)|map('join', d={HUGE})|list",
        f"range(9999)|map('int', default={HUGE})|list",
        f"{MANY} is in(seq={HUGE} * 3)",
    ],
)
def test_an_argument_by_its_name_costs_what_it_costs_by_its_place(what: str) -> None:
    tracemalloc.start()
    assert fault(f"{{{{ {what} }}}}").code == "template-bound"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


_BIG = "{% set a = ('f' * 60000)|int(0, 16) %}"


@pytest.mark.parametrize(
    "source",
    [
        _BIG,
        "{{ 0x" + "f" * 70 + " ** 2 }}",
        "{{ 1e308|int }}",
        "{{ 10 ** 70 * 10 ** 70 }}",
        "{{ (2 ** 255) + (2 ** 255) }}",
        "{{ -(2 ** 255) - (2 ** 255) - 1 }}",
        "{{ [2 ** 255, 2 ** 255]|sum }}",
        "{{ [2 ** 255]|sum(start=2 ** 255) }}",
        "{{ ('9' * 400)|int }}",
        "{{ [('f' * 400)]|map('int', 0, 16)|list }}",
        "{% for i in range(2 ** 200) %}{% endfor %}",
    ],
)
def test_no_whole_number_is_there_that_is_too_large_to_calculate_with(source: str) -> None:
    assert fault(source).code == "template-bound"


_numbers = st.integers(-(2**260), 2**260) | st.integers(-9, 9)
_calculations = st.recursive(
    _numbers.map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+ - * // %".split()), inner).map(
        lambda parts: f"({' '.join(parts)})"
    ),
    max_leaves=6,
)


def outcome(source: str) -> str | TemplateFault:
    try:
        return render(source).plain()
    except TemplateFault as found:
        return found


@given(_calculations)
def test_a_calculation_gives_what_it_gives_in_python_or_ends_at_a_bound(source: str) -> None:
    found = outcome(f"{{{{ {source} }}}}")
    if isinstance(found, str):
        assert found == str(eval(source))
    elif "divided by zero" in str(found):
        with pytest.raises(ZeroDivisionError):
            eval(source)
    else:
        assert "more than 256 bits" in str(found) or "more than 77 digits" in str(found)
        assert max(int(number).bit_length() for number in re.findall("[0-9]+", source)) > 40


CHAINS: dict[str, Callable[[int], str]] = {
    "not": lambda many: "not " * many + "1",
    "minus": lambda many: "- " * many + "1",
    "else": lambda many: "1 if 0 else " * many + "1",
    "attributes": lambda many: "contact" + ".name" * many,
    "filters": lambda many: "1" + "|string" * many,
    "slices": lambda many: "'abc'" + "[0:]" * many,
    "plus": lambda many: " + ".join("1" * many),
    "power": lambda many: " ** ".join("1" * many),
    "parentheses": lambda many: "(" * many + "1" + ")" * many,
    "lists": lambda many: "[" * many + "]" * many + "|length",
    "arguments": lambda many: "1|default(" * many + "1" + ")" * many,
}


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("many", [1, 10, 19])
def test_what_is_nested_within_reason_is_read(chain: str, many: int) -> None:
    if chain == "attributes":
        many = 1
    assert render("{{ " + CHAINS[chain](many) + " }}").plain()


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("many", [29, 95, 101, 150, 1000, 10_000])
def test_what_is_nested_beyond_is_one_fault_at_its_line_and_never_ends_a_descent(chain: str, many: int) -> None:
    found = outcome("a\nb\n{{ " + CHAINS[chain](many)[:49_000] + " }}")
    if isinstance(found, TemplateFault):
        assert found.line == 3
        assert found.code != "template-syntax" or "too deeply" in str(found) or "holds more than" in str(found)
        assert not isinstance(found.__cause__, RecursionError)


@pytest.mark.parametrize(("opened", "closed"), [("if 1", "endif"), ("for i in [1]", "endfor"), ("set a", "endset")])
def test_blocks_inside_blocks_are_read_fifteen_deep(opened: str, closed: str) -> None:
    def nested(deep: int) -> str:
        return f"{{% {opened} %}}" * deep + "x" + f"{{% {closed} %}}" * deep

    render(nested(15))
    found = fault("\n" + nested(16))
    assert (found.code, found.line) == ("template-syntax", 2)


_values = st.sampled_from(["0", "1", "''", "'a'", "contact.tier", "contact.name"])


@given(st.lists(_values, min_size=1, max_size=60), st.data())
def test_a_chain_of_or_and_and_means_what_it_means_in_python(values: list[str], data: st.DataObject) -> None:
    joints = [data.draw(st.sampled_from([" or ", " and "])) for _ in values[1:]]
    source = "".join(map("".join, zip(values, [*joints, ""], strict=True)))
    expected = eval(source, {"contact": SimpleNamespace(**CONTACT)})
    assert render(f"{{{{ {source} }}}}|").plain() == f"{expected}|"


def test_a_chain_of_many_names_is_no_deeper_than_one_of_two() -> None:
    assert render("{% if " + " or ".join(["contact.tier"] * 900) + " or 1 %}x{% endif %}").plain() == "x"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ " + "9" * 78 + " }}", "more than 77 digits"),
        ("{{ 1." + "9" * 78 + " }}", "more than 77 digits"),
        ("{{ " + "a" * 201 + " }}", "more than 200 characters"),
        ("{{ [" + "1, " * 3000 + "] }}", "more than 5,000 names, values and signs"),
    ],
)
def test_what_is_too_long_in_a_tag_is_said_at_its_line(source: str, says: str) -> None:
    found = fault(f"one\n{source}")
    assert (found.code, found.line) == ("template-syntax", 2)
    assert says in str(found)


def test_a_filter_of_our_own_cannot_be_reached_by_its_name() -> None:
    assert fault("{{ [contact.name]|map('_captured')|first }}").code == "template-failed"


def test_a_namespace_is_never_written_out() -> None:
    doubling = "{% for i in range(60) %}{% set ns.a = namespace(b=ns.a, c=ns.a) %}{% endfor %}"
    for use in ("{{ ns|string }}", "{{ [ns]|join }}", "{{ ns ~ '' }}", "{{ 'x'|replace('x', ns) }}"):
        assert fault("{% set ns = namespace(a=1) %}" + doubling + use).code == "template-failed"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ contact.name.format(1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 1 / 0 }}",
    ],
)
def test_what_a_letter_never_needs_is_not_there(source: str) -> None:
    assert fault(source).code == "template-failed"


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'x' %}",
        "{% extends 'x' %}",
        "{{ contact.name|nofilter }}",
        "{{ 'x'|center(1000000000) }}",
        "{% if %}",
        "{{ contact.name",
        "{% endfor %}",
        "{{ {'a': 1} }}",
        "{{ " + "(" * 5000 + ")" * 5000 + " }}",
        "{% macro f() %}{{ kwargs }}{% endmacro %}",
        "{% macro f() %}{{ varargs }}{% endmacro %}",
    ],
)
def test_what_cannot_be_read_is_a_syntax_fault(source: str) -> None:
    assert fault(source).code == "template-syntax"


def test_a_fault_knows_its_line() -> None:
    assert fault("a\nb\n{% if contact.tier > 'x' %}{% endif %}").line == 3
    assert fault("a\n{{ contact.nmae }}").line == 2
    assert fault("a\n\n\n{% nonsense %}").line == 4


# -- filters ----------------------------------------------------------------------------------

PEOPLE = tuple(
    Record("person", {"name": name, "role": role})
    for name, role in (("Ada", "press"), ("Bo", "policy"), ("Cy", "press"))
)
FIELDS = Record("contact.fields", {"town": "Ghent", "area": 7})


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ contact.name|e }}{{ contact.name|escape }}", "Rivers *& Lakes*Rivers *& Lakes*"),
        ("{% for row in range(5)|batch(2, 'x') %}{{ row|join }},{% endfor %}", "01,23,4x,"),
        ("{% for column in range(5)|slice(2, 'x') %}{{ column|join }},{% endfor %}", "012,34x,"),
        ("{{ 1400000|filesizeformat }}", "1.4 MB"),
        (
            "{% for role, them in contact.people|groupby('role') %}{{ role }}: {{ them|map(attribute='name')|join }}; "
            "{% endfor %}",
            "policy: Bo; press: AdaCy; ",
        ),
        (
            "{% for g in contact.people|groupby('role') %}{{ g.grouper }} {{ g.list|length }} {% endfor %}",
            "policy 1 press 2 ",
        ),
        ("{{ 'a\n\nb'|indent(2) }}", "a\n\n  b"),
        ("{{ 'a\n\nb'|indent('> ', first=true, blank=true) }}", "> a\n> \n> b"),
        ("{{ '<p>One <!-- <b> --> &amp;\n <b>two</b></p> 1 < 2'|striptags }}", "One & two 1 < 2"),
        ("{{ 'one two three\nfour'|wordwrap(7) }}", "one two\nthree\nfour"),
        ("{{ 'abcdefgh ij'|wordwrap(3) }}", "abc\ndef\ngh\nij"),
        ("{{ 'abcdefgh ij'|wordwrap(3, false, '/') }}", "abcdefgh/ij"),
        ("{% for k, v in contact.fields|items %}{{ k }}={{ v }} {% endfor %}", "town=Ghent area=7 "),
        ("{% for k, v in contact.fields|dictsort %}{{ k }}={{ v }} {% endfor %}", "area=7 town=Ghent "),
        ("{% for k, v in contact.short|items %}{{ k }}{% endfor %}ok", "ok"),
        ("{{ [('a b', '&')]|urlencode }}", "a+b=%26"),
    ],
)
def test_the_usual_filters_do_what_they_do_elsewhere(source: str, text: str) -> None:
    assert render(source, people=PEOPLE, fields=FIELDS).plain() == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ contact.nmae|items }}",
        "{{ contact.nmae|striptags }}",
        "{{ 'x'|indent(contact.nmae) }}",
        "{{ contact.nmae|e }}",
    ],
)
def test_a_filter_does_not_hide_that_a_value_is_missing(source: str) -> None:
    assert fault(source).variable == "contact.nmae"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ contact.tier < 'a' }}", "a number and a text cannot be compared or calculated with each other"),
        ("{{ 'a' + 1 }}", "a text and a number cannot be"),
        ("{{ 1 + 'a' }}", "a number and a text cannot be"),
        ("{{ 1 - 'a' }}", "a number and a text cannot be"),
        ("{{ contact.tags + 'a' }}", "a list and a text cannot be"),
        ("{{ -contact.name }}", "a text cannot be calculated with"),
        ("{{ 'a' * 'b' }}", "cannot be repeated by a text"),
        ("{{ 'a' in 5 }}", "nothing can be looked for in a number"),
        ("{{ 5 in 'abc' }}", "a number cannot be looked for in a text"),
        ("{{ contact.tags|sum }}", "the filter `sum` cannot be used so: a number and a text cannot be"),
        ("{{ contact.name|sum }}", "a number and a text cannot be"),
        ("{{ 5|length }}", "a number has no length"),
        ("{{ 5|join }}", "a number is not a list"),
        ("{{ [1, 'a']|sort }}", "a text and a number cannot be"),
        ("{{ contact.name() }}", "a text cannot be called"),
        ("{{ 1 / 0 }}", "divided by zero"),
        ("{{ 'abc'|at_least }}", "the filter `at_least` cannot be used so: 'abc' is not a number"),
        ("{{ 'abc'|filesizeformat }}", "'abc' is not a number"),
        ("{{ 5|truncate(1, 2, 3, 4, 5, 6) }}", "too few values, too many"),
        ("{{ contact.name|upper(x=1) }}", "too few values, too many"),
        ("{% for a, b in [1] %}{% endfor %}", "a number cannot be taken apart"),
        ("{{ range('a') }}", "a text is not a whole number"),
        ("{{ contact|list }}", "a group of values is not a list"),
        ("{{ contact.tags|map('nofilter')|join }}", "there is no filter 'nofilter'"),
        ("{{ []|first }}", "an empty list has no first"),
        ("{{ 'x'|indent('a', 'b', 'c', 'd') }}", "too few values, too many"),
        ("{{ 'x'|wordwrap(0) }}", "a whole number from 1 to 1,000"),
        ("{{ 'x'|items }}", "only a group of values has names"),
        ("{{ contact|dictsort(by='size') }}", "by 'key' or by 'value'"),
    ],
)
def test_what_does_not_fit_is_said_in_words_of_ours(source: str, says: str) -> None:
    found = fault(source)
    assert found.code in ("template-failed", "missing-variable")
    assert says in str(found)
    assert found.hint
    assert not re.search(r"\b(str|int|NoneType|tuple|Record|SizedList|object|operand|argument)\b", str(found))


def test_what_was_encoded_for_a_link_is_known_as_such() -> None:
    (value,) = render("{{ contact.name|urlencode }}").values
    assert isinstance(value.text, Encoded)
    assert (value.text, value.text.readable) == ("Rivers%20%2A%26%20Lakes%2A", "Rivers *& Lakes*")


def test_what_would_come_out_too_large_is_refused_before_it_is_made() -> None:
    for make in (lambda: indented("x\n" * 9_000, "y" * 1000), lambda: wrapped("x " * 9_000, 1, wrapstring="y" * 1000)):
        with pytest.raises(TemplateFault, match="characters"):
            make()


@given(st.text(max_size=300), st.integers(1, 20))
def test_wrapped_lines_are_no_longer_than_their_width_and_lose_no_word(text: str, width: int) -> None:
    lines = wrapped(text, width).split("\n")
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(st.sampled_from("<>-! ab\n"), max_size=200))
def test_no_whole_tag_is_left_by_striptags(text: str) -> None:
    assert not re.search("<(?!!--)[^>]*>", without_tags(text))


@given(st.text(max_size=60))
def test_no_source_text_ever_raises_anything_else(source: str) -> None:
    with contextlib.suppress(TemplateFault):
        render(source)


@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                "contact",
                ".",
                "name",
                "|",
                "upper",
                "if",
                "for",
                "in",
                " ",
                "'",
                "(",
                ")",
                "set",
                "=",
                "endif",
                "endfor",
                "[",
                "]",
                "~",
                "*",
                "9",
            ]
        ),
        max_size=30,
    )
)
def test_no_jumble_of_template_words_ever_raises_anything_else(words: list[str]) -> None:
    with contextlib.suppress(TemplateFault):
        render(" ".join(words))


@given(st.text(st.characters(exclude_categories=("Cs", "Co")), min_size=1).filter(str.strip))
def test_a_value_arrives_as_it_was_but_for_line_breaks_at_its_end(value: str) -> None:
    end = "\n"
    assert render("<{{ contact.name }}>", name=value).plain() == f"<{value.rstrip(end)}>"


@pytest.mark.parametrize(
    "source",
    [
        "{{ contact|string }}",
        "{{ contact|upper }}",
        "{{ contact ~ '' }}",
        "{{ [contact]|join }}",
        "{{ contact.name.upper|string }}",
        "{{ none|string }}",
        "{{ contact.nothing ~ '!' }}",
        "{{ ['a', none]|join }}",
    ],
)
def test_nothing_that_only_python_knows_comes_into_a_letter(source: str) -> None:
    assert fault(source).code in ("template-failed", "empty-variable")


@pytest.mark.parametrize("source", ["a\n\ue000\ue100\ue001", "a\n\uf8ff", "a\n{{ '\\ue000\\ue100\\ue001' }}"])
def test_characters_that_stand_for_values_are_refused_in_the_template_itself(source: str) -> None:
    found = fault(source)
    assert (found.code, found.line) == ("unsafe-text", 2)


def test_pieces_of_texts_and_lists_can_still_be_cut_and_compared() -> None:
    assert render("{{ contact.name[:6] }}").plain() == "Rivers"
    assert render("{{ contact.tags[1:]|join }}").plain() == "water"
    assert render("{% if contact.tags == ('policy', 'water') %}yes{% endif %}").plain() == "yes"
    assert render("{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}").plain() == "1234"
    assert render("{% if contact.short is not defined %}yes{% endif %}").plain() == "yes"


# --- days and numbers in the language of the text ----------------------------------------------------


@pytest.mark.parametrize(
    ("language", "source", "said"),
    [
        ("en", "{{ '2026-01-13'|date }}", "January 13, 2026"),
        ("en-GB", "{{ '2026-01-13'|date }}", "13 January 2026"),
        ("de", "{{ '2026-01-13'|date }}", "13. Januar 2026"),
        ("de", "{{ '2026-01-13'|date('short') }}", "13.01.26"),
        ("fr", "{{ '2026-01-13'|date('full') }}", "mardi 13 janvier 2026"),
        ("de", "{{ 200000|number }}", "200.000"),
        ("de", "{{ '1234.5'|number }}", "1.234,5"),
        ("en", "{{ 1234567|number }}", "1,234,567"),
        ("xx", "{{ 1234567|number }}", "1,234,567"),
    ],
)
def test_days_and_numbers_are_written_in_the_language_of_the_text(language: str, source: str, said: str) -> None:
    assert Renderer().render(source, {LANGUAGE: language}).plain() == said


@pytest.mark.parametrize("source", ["{{ 'soon'|date }}", "{{ '2026-01-13'|date('odd') }}", "{{ 'many'|number }}",
                                    "{{ (10**15 + 1)|number }}", "{{ true|number }}"])  # fmt: skip
def test_what_is_no_day_or_number_is_a_fault(source: str) -> None:
    with pytest.raises(TemplateFault):
        Renderer().render(source, {LANGUAGE: "en"})


@pytest.mark.parametrize(
    "written", [r"\x1b[31m", r"\x07", r"\x9b", r"\r", r"\0", r"\u202e", r"\u2066", r"\u2028", r"\x7f", "\u2029"]
)
@pytest.mark.parametrize(
    "tag", ["{{{{ '{}' }}}}", "{{% set x = ['{}'] %}}{{{{ x|join }}}}", "{{{{ 'a'|replace('a', 'b{}c') }}}}"]
)
def test_no_text_in_a_tag_writes_what_no_file_may_hold(tag: str, written: str) -> None:
    found = outcome("a\n" + tag.format(written))
    assert isinstance(found, TemplateFault)
    assert (found.code, found.line) == ("template-syntax", 2)
    assert f"{ord(written.encode('ascii', 'backslashreplace').decode('unicode-escape')[0]):04X}" in str(found)
    assert isinstance(outcome("a\n" + tag.format(r"b\n\tc")), str)
