"""Who is the same: certain by address or by a name with nothing against it; asked where it is not; never by a slug."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.account import Account, id_of
from outreach.intake.near_names import near
from outreach.intake.sameness import Appearance, grouped, identity_of_name, name_key
from outreach.words.slugs import slug_of


def seen(document: str, name: str, *emails: str, **values: Any) -> Appearance:
    channels = {"channels": [{"email": email} for email in emails]} if emails else {}
    known_from = values.pop("known_from", frozenset())
    id = values.pop("id", slug_of(name))
    return Appearance(document=document, id=id, values={"name": name, **channels, **values}, known_from=known_from)


def asked(*appearances: Appearance, **answers: str) -> tuple[list[list[int]], list[str]]:
    account = Account(answers)
    return grouped(appearances, account), [question.id.rpartition("-")[0] for question in account.questions]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Greenpeace 日本", "Greenpeace 台灣"), ("Мир 1", "Лес 1"), ("Δέλτα ΜΚΟ", "Γάμμα ΜΚΟ"), ("東京", "京都"),
        ("شبكة A", "مجلة A"), ("Verein №5 Я", "Verein №5 Ю"),
    ],
)  # fmt: skip
def test_names_whose_slugs_are_equal_are_two(one: str, other: str) -> None:
    assert asked(seen("a", one, "x@x.example"), seen("a", other, "y@y.example")) == ([[0], [1]], [])
    assert asked(seen("a", one), seen("", other, id=identity_of_name(other))) == ([[0], [1]], [])
    assert identity_of_name(one) != identity_of_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Krügers Büro", "KRÜGERS  BÜRO"), ("Réseau «Libre»", "Reseau Libre"), ("Łódź", "Lodz"), ("Мир 1", "МИР 1")],
)  # fmt: skip
def test_one_name_written_in_two_ways_is_one(one: str, other: str) -> None:
    assert asked(seen("a", one), seen("b", other)) == ([[0, 1]], [])
    assert identity_of_name(one) == identity_of_name(other)


def test_namesakes_at_different_addresses_are_asked_about_and_stay_two() -> None:
    smiths = [seen("a", "John Smith", f"john.smith{number}@parliament.example") for number in ("", "2")]
    assert asked(*smiths) == ([[0], [1]], ["namesake"])
    id = id_of("namesake", "a", "john-smith")
    assert asked(*smiths, **{id: "same"}) == ([[0, 1]], [])
    assert asked(*smiths, **{id: "different"}) == ([[0], [1]], [])
    branches = (seen("a", "Greenpeace", "be@gp-be.example"), seen("b", "Greenpeace", "fr@gp-fr.example"))
    assert asked(*branches) == ([[0], [1]], ["namesake"])
    assert asked(seen("a", "A", country="BE"), seen("a", "A", country="FR")) == ([[0], [1]], ["namesake"])


def test_one_name_with_nothing_against_it_is_one() -> None:
    assert asked(seen("a", "Bees", "info@bees.example"), seen("b", "Bees")) == ([[0, 1]], [])
    assert asked(seen("a", "Bees", "info@bees.example"), seen("b", "Bees", "press@bees.example")) == ([[0, 1]], [])
    papers = [
        seen("a", "The Daily", f"{name}@daily-{name}.example", people=[{"name": f"{name} Korn"}]) for name in ("i", "p")
    ]  # fmt: skip
    assert asked(*papers) == ([[0, 1]], [])


def test_who_is_in_the_campaign_from_a_document_is_known_there_though_its_address_was_edited() -> None:
    known = seen("", "John Smith", "new@x.example", known_from=frozenset({"a"}))
    found = seen("a", "John Smith", "old@y.example")
    assert asked(found, known) == ([[0, 1]], [])
    assert asked(seen("b", "John Smith", "old@y.example"), known) == ([[0], [1]], ["namesake"])


def test_two_of_the_campaign_are_merged_only_when_a_person_says_so() -> None:
    rows = (
        seen("a", "John Smith", "a@x.example", kind="person"),
        seen("a", "John Smith", "b@x.example", kind="person"),
    )
    known = (
        seen("", "John Smith", "a@x.example", id="john-smith"), seen("", "John Smith", "b@x.example", id="john-smith-2")
    )  # fmt: skip
    assert asked(*rows, *known) == ([[0, 2], [1, 3]], ["namesake"])
    account = Account({id_of("namesake", "", "john-smith"): "same"})
    assert grouped((*rows, *known), account) == [[0, 2], [1, 3]]
    assert list(account.merges) == [("john-smith", "john-smith-2")]


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("Open Forum Europe", "OpenForum Europe", True), ("Open Roads", "Open Roads e.V.", True),
        ("Bits of Freedom", "Bits of Fredom", True), ("Greenpeace Belgien", "Greenpeace Belgium", False),
        ("Open Forum Europe (OFE)", "Open Forum Europe", True), ("Tenants North", "Tenants South", False),
        ("Ward 1 Residents", "Ward 2 Residents", False), ("Bee Friends", "Bee Foes", False),
        ("Youth for Climate", "Youth for Climate Belgium", False), ("Radio Nova", "Radio Nora", True),
    ],
)  # fmt: skip
def test_near_names_are_proposed_and_never_merged_silently(one: str, other: str, is_near: bool) -> None:
    assert bool(list(near([one, other]))) is is_near
    a, b = seen("a", one, "x@x.example"), seen("b", other, "y@y.example")
    assert asked(a, b) == ([[0], [1]], ["near-name"] if is_near else [])
    if is_near:
        id = id_of("near-name", "b", "\n".join(sorted((one, other))))
        assert asked(a, b, **{id: "same"}) == ([[0, 1]], [])


def test_two_people_of_nearly_one_name_with_a_mailbox_each_are_two() -> None:
    people = [seen("a", name, f"{name[:4].lower()}@x.example", kind="person") for name in ("Anna Berg", "Anne Berg")]
    assert asked(*people) == ([[0], [1]], [])


NAMES = st.sampled_from("Bees|Bees e.V.|Мир 1|Лес 1|John Smith|Bee".split("|")) | st.text(min_size=1, max_size=12)


@given(
    st.lists(
        st.builds(
            lambda document, name, email, person: seen(
                document, name, *([f"{email}@x.example"] if email else []), **({"kind": "person"} if person else {})
            ),
            st.sampled_from(["a", "b", ""]), NAMES, st.sampled_from(["", "info", "jo", "ann"]), st.booleans(),
        ),
        max_size=9,
    )
)  # fmt: skip
def test_every_contact_is_in_one_group_and_no_two_of_the_campaign_are_one(appearances: list[Appearance]) -> None:
    groups = grouped(appearances)
    assert sorted(at for group in groups for at in group) == list(range(len(appearances)))
    for group in groups:
        assert sum(appearances[at].document == "" for at in group) <= 1
    assert groups == grouped(appearances)


@given(st.text(max_size=20), st.text(max_size=20))
def test_names_have_one_id_exactly_where_they_are_one_name(one: str, other: str) -> None:
    if name_key(one) == name_key(other):
        assert identity_of_name(one) == identity_of_name(other) or not (one.isascii() and other.isascii())
    assert identity_of_name(one) == slug_of(identity_of_name(one))


def test_ten_thousand_of_one_name_are_read_in_time() -> None:
    cards = [seen("a", "Info", f"p{number}@x{number}.example") for number in range(10_000)]
    groups, questions = asked(*cards)
    assert (len(groups), questions) == (10_000, ["namesake"])
