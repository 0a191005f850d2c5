"""Who a cell names: a person in whatever order and with whatever title; never a label, a yes or a link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.persons import people_in
from outreach.intake.vocabulary import folded, words_of

FIRST = st.sampled_from("Maria Jo Ana Piotr Zoë Łukasz Anne-Marie Óscar".split())
LAST = st.sampled_from("Sousa Prins Müller O'Neill Kowalska Berg Nuñez".split())
TITLES = st.sampled_from(["", "Ms ", "Mr. ", "Frau ", "Herr ", "Mme ", "Sra. "])  # a doctor stays one
ROLES = st.sampled_from(["Director", "Press officer", "Head of Policy", "editor", "Geschäftsführerin", "présidente"])
NOBODY = [
    "n/a", "N/A", "-", "?", "none", "unknown", "Yes", "no", "ja", "(editor)", "https://x.example/team", "www.x.example",
    "1M", "400K-900K", "85/100", "Policy team", "Press office", "Front desk", "info", "TBD", "+32 2 123 45 67", "k. A.",
    "Ressort Umwelt", "Redaktion Politik", "Rédaction Monde", "Redazione Cronaca", "Service Politique",
]  # fmt: skip


@given(
    FIRST,
    LAST,
    TITLES,
    ROLES,
    st.sampled_from(["{t}{f} {l}", "{l}, {f}", "{t}{f} {l} ({r})", "{t}{f} {l}, {r}", "{l}, {f} ({r})"]),
)
def test_a_person_is_found_in_whatever_order_and_with_whatever_title(
    first: str, last: str, title: str, role: str, shape: str
) -> None:
    people, left = people_in(shape.format(f=first, l=last, t=title, r=role))
    assert [(each["name"], each.get("role", "")) for each in people] == [
        (f"{first} {last}", role if "{r}" in shape else "")
    ]
    assert left == ""


@pytest.mark.parametrize("name", ["ليلى حداد", "דנה כהן", "王小明", "김민준", "さくら 田中"])
def test_a_name_in_a_script_without_capitals_is_a_person(name: str) -> None:
    """Otherwise it would become a field of the organisation, in a file that Git shares."""
    assert people_in(name) == ([{"name": name}], "")


@pytest.mark.parametrize("text", NOBODY)
def test_what_is_no_person_is_none(text: str) -> None:
    assert people_in(text)[0] == []


@given(st.lists(st.tuples(FIRST, LAST), min_size=1, max_size=4, unique=True), st.sampled_from(["; ", "\n", " | "]))
def test_several_people_in_a_cell_are_several(names: list[tuple[str, str]], between: str) -> None:
    people, left = people_in(between.join(f"{first} {last}" for first, last in names))
    assert [each["name"] for each in people] == [f"{first} {last}" for first, last in names]
    assert left == ""


@given(st.text(max_size=60))
def test_no_word_of_a_cell_is_lost(text: str) -> None:
    people, left = people_in(text)
    kept = " ".join([*(" ".join(each.values()) for each in people), left])
    for word in text.split():
        letters = "".join(sign for sign in word if sign.isalpha() and sign.isascii())
        if len(letters) > 4 and letters == word and folded(word) not in words_of("none"):  # such as "undefined"
            assert word.casefold() in kept.casefold()
