"""Expressions: a missing key makes its comparison false, a name nobody knows is a fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import TemplateFault
from outreach.model.contact import Contact
from outreach.planning.gates.possible import GateChecker
from outreach.planning.gates.terms import Named
from outreach.templating.expressions import Expressions, selection_fault

CONTACT = Contact(
    id="fsfe",
    name="FSFE",
    file="contacts/fsfe.yaml",
    tier=0,
    tags=("policy",),
    fields={"size": "big", "staff": 12},
)
NAMED = Named(
    posts={"r-linux": frozenset({"reddit", "bluesky"})},
    contacts=tuple(Contact(id=name, name=name, file="", tier=0) for name in ("ofe", "osi")),
    decisions={"reddit": ("stop", "go", "go-strong")},
    checklists=frozenset({"before-posting"}),
)


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("tier == 0", True),
        ("tier in [1, 2]", False),
        ("'policy' in tags", True),
        ("'policy' not in tags", False),
        ("kind != 'person'", True),
        ("language == 'en'", True),
        ("fields.size == 'big' and fields.staff > 10", True),
        ("not eu", True),
        ("name.startswith('F')", True),
        # keys that were not given: the comparison is false, whatever it is
        ("country == 'BE'", False),
        ("country != 'BE'", False),
        ("country in ['BE']", False),
        ("website < 'z'", False),
        ("fields.nothing.at.all > 3", False),
        ("fields.nothing != 3", False),
        ("country", False),
    ],
)
def test_selection(source: str, holds: bool) -> None:
    assert Expressions().holds(source, CONTACT, "en") is holds
    assert selection_fault(Expressions(), source) is None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("teir == 0", "did you mean 'tier'"),
        ("tier ==", "end"),
        ("tier == 0 0", "0 does not belong there"),
        ("tier = 0", "to compare, write == and not ="),
        ("{{ tier }}", ""),
        ("tier == 'a' * 10000000000", "characters"),
        ("context == 'x'", "no key 'context'"),
        ("tier|nofilter", "nofilter"),
        ("(" * 3000, ""),
    ],
)
def test_a_selection_that_cannot_be_read_says_why(source: str, says: str) -> None:
    found = selection_fault(Expressions(), source)
    assert found is not None
    assert found.code == "bad-expression"
    assert says in str(found)


def test_comparing_a_number_with_a_text_is_a_fault_and_no_crash() -> None:
    said = "a number and a text cannot be compared or calculated with each other"
    with pytest.raises(TemplateFault, match=said):
        Expressions().holds("tier < 'a'", CONTACT, "en")


def test_a_filter_that_is_not_there_has_the_nearest_as_its_hint() -> None:
    found = selection_fault(Expressions(), "name|uper == 'X'")
    assert found is not None
    assert (str(found).endswith("there is no filter 'uper'"), found.hint) == (True, "Did you mean `upper`?")


@pytest.mark.parametrize(
    "source",
    [
        "decision('reddit') in ['go', 'go-strong']",
        "posts['r-linux'].upvotes > 50 and posts['r-linux'].bluesky.likes > 3",
        "contacts['ofe'].answered or date('2026-01-20')",
        "contacts['ofe'].state == 'answered'",
        "count('answered', tier=0) >= 2",
        "checklist('before-posting')",
    ],
)
def test_gates_may_name_what_there_is(source: str) -> None:
    assert GateChecker(NAMED).fault(source) is None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("decision('redit') == 'go'", "did you mean 'reddit'"),
        ("decision('reddit') in ['go', 'gone']", "no choice 'gone'"),
        ("posts['rlinux'].url", "did you mean 'r-linux'"),
        ("contacts['ofee'].answered", "did you mean 'ofe'"),
        ("contacts['ofe'].state == 'answerd'", "did you mean 'answered'"),
        ("count('asnwered') > 1", "did you mean 'answered'"),
        ("date('2026-02-30')", "not a day"),
        ("checklist('before')", "no checklist"),
        ("tier == 0", "no 'tier'"),
        ("range(3)", "no 'range'"),
        ("decision(1)", "in quotes"),
    ],
)
def test_a_gate_that_names_what_is_not_there_says_so(source: str, says: str) -> None:
    found = GateChecker(NAMED).fault(source)
    assert found is not None
    assert says in str(found)


@given(st.text(max_size=40))
def test_no_text_ever_raises_anything_but_a_fault(source: str) -> None:
    expressions = Expressions()
    selection_fault(expressions, source)
    GateChecker(NAMED).fault(source)


@pytest.mark.parametrize(
    "source",
    [
        "not " * 5000 + "tier",
        "(" * 5000 + "tier" + ")" * 5000,
        "tier in " + "[" * 5000 + "]" * 5000,
        "1 if " * 3000 + "tier" + " else 0" * 3000,
        "name" + "|upper" * 5000,
        "fields" + "['a']" * 5000,
        " or ".join(["tier == 0"] * 5000),
        " and ".join(["tier == 0"] * 5000),
        " + ".join(["1"] * 2000),
        "tier == " + "9" * 9000,
        "tier == -" + "9" * 9000,
        "tier == 0x" + "f" * 9000,
        "tier == " + "9" * 9000 + ".5",
        "tier in [" + "1, " * 9000 + "]",
        "a" * 9000,
        "range(9999)|select('in', range(9999)|list)|list",
        "(('f' * 60000)|int(0, 16) // 3) == tier",
        "range(9999)|map(attribute='x.' * 20000)|list",
        "range(9999)|sum and range(9999)|sum and range(9999)|sum",
    ],
)
def test_what_is_too_deep_long_or_large_is_one_fault_in_a_short_sentence(source: str) -> None:
    found = selection_fault(Expressions(), source)
    assert found is not None
    assert found.code == "bad-expression"
    assert len(str(found)) < 600
    with pytest.raises(TemplateFault):
        Expressions().holds(source, CONTACT, "en")


def test_a_hundred_names_in_one_chain_are_not_too_many() -> None:
    names = " or ".join(f"id == 'n{number}'" for number in range(300))
    assert Expressions().holds(f"{names} or id == 'fsfe'", CONTACT, "en")
    assert not Expressions().holds(names, CONTACT, "en")
    assert selection_fault(Expressions(), "id in [" + ", ".join(f"'n{number}'" for number in range(2000)) + "]") is None


def test_a_gate_that_asks_for_too_much_is_a_fault() -> None:
    asked = "decision('reddit') == 'go'"
    assert GateChecker(NAMED).fault(" and ".join([asked] * 100)) is None
    for many in (" and ".join([asked] * 101), " or ".join([asked] * 101), " and ".join(["1 == 1"] * 101)):
        found = GateChecker(NAMED).fault(many)
        assert found is not None
        assert "more than 100 things" in str(found)
