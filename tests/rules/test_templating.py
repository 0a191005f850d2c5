"""Templates: values kept apart from text, missing ones named, runaways stopped."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import TemplateFault
from outreach.rules.templating.environment import TOKEN_BASE, TOKEN_END, TOKEN_START
from outreach.rules.templating.rendering import Rendered, Renderer
from outreach.rules.templating.values import Later, Record

CONTACT = {
    "name": "Rivers *& Lakes*",
    "tags": ("policy", "water"),
    "empty": "",
    "nothing": None,
    "tier": 0,
    "items": "a value called items",
}


def render(source: str, **more: object) -> Rendered:
    contact = Record("contact", {**CONTACT, **more}, frozenset({"short", "angle"}), {"context": "It is for us only."})
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
    assert fault("{{ contact.context }}", context="secret").code == "private-variable"
    assert fault("{% if contact.context %}x{% endif %}").code == "private-variable"


def test_a_list_in_a_sentence_is_refused_with_the_way_out() -> None:
    assert "join" in fault("{{ contact.tags }}").hint


def test_a_value_that_comes_later_is_shown_and_said() -> None:
    rendered = render("\n{{ links.brief }}")
    assert rendered.plain() == "\n⟦links.brief⟧"
    assert rendered.later == {"links.brief": 2}
    assert render("{% if links.brief %}x{% endif %}").later == {"links.brief": 0}


RUNAWAYS = [
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
]


@pytest.mark.parametrize("source", RUNAWAYS)
def test_a_runaway_template_is_stopped(source: str) -> None:
    assert fault(source).code == "template-bound"


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
    ],
)
def test_what_cannot_be_read_is_a_syntax_fault(source: str) -> None:
    assert fault(source).code == "template-syntax"


def test_a_fault_knows_its_line() -> None:
    assert fault("a\nb\n{% if contact.tier > 'x' %}{% endif %}").line == 3
    assert fault("a\n{{ contact.nmae }}").line == 2
    assert fault("a\n\n\n{% nonsense %}").line == 4


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
def test_a_value_arrives_as_it_was(value: str) -> None:
    assert render("<{{ contact.name }}>", name=value).plain() == f"<{value}>"
