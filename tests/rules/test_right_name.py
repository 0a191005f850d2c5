"""The right name: whole names, placeholders left standing, claims, and what is meant for us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.contact import Channel, ChannelKind, Contact, Person
from outreach.rules.names import NameIndex
from outreach.rules.right_name import leaked, placeholder, wrong_page_claim


def contact(name: str, short: str | None = None, **more: object) -> Contact:
    ident = name.casefold().replace(" ", "-")
    return Contact(id=ident, name=name, short=short, file="contacts/x.yaml", **more)  # type: ignore[arg-type]


def found(text: str, *contacts: Contact, people: bool = False) -> list[str]:
    return [match.text for match in NameIndex(contacts, people=people).find(text)]


def test_the_longest_name_wins() -> None:
    contacts = (contact("Linux Foundation"), contact("Linux Foundation Europe"))
    assert found("the Linux Foundation Europe says", *contacts) == ["Linux Foundation Europe"]
    assert found("the Linux Foundation says", *contacts) == ["Linux Foundation"]


def test_only_whole_names_count() -> None:
    assert found("KDEs and OpenKDE", contact("KDE")) == []
    assert found("KDE's board, and (KDE).", contact("KDE")) == ["KDE", "KDE"]
    assert found("we register here", contact("The Register")) == []


def test_a_name_too_short_to_mean_anything_is_not_looked_for() -> None:
    assert found("in the EU", contact("Union", "EU")) == []


def test_composed_and_decomposed_letters_are_the_same_name() -> None:
    assert found("bei Kru\u0308gers", contact("Kr\u00fcgers")) == ["Kr\u00fcgers"]


def test_addresses_and_people_are_found_in_contact_data() -> None:
    other = contact(
        "Other",
        channels=(Channel(kind=ChannelKind.EMAIL, address="press@other.example"),),
        people=(Person(name="Ada Vik"),),
    )
    assert found("ask press@other.example or Ada Vik", other, people=True) == [
        "press other example",
        "Ada Vik",
    ]
    assert found("ask Ada Vik", other) == []


def test_foreign_names_are_those_of_others() -> None:
    index = NameIndex([contact("Alpha"), contact("Beta")])
    assert index.foreign("Alpha", "alpha", frozenset()) is None
    assert index.foreign("Alpha and Beta", "alpha", frozenset({"beta"})) is None
    match = index.foreign("Alpha and Beta", "alpha", frozenset())
    assert match is not None
    assert match.text == "Beta"


@given(
    st.lists(st.text("abc -", min_size=3, max_size=12), min_size=1, max_size=5),
    st.text("abc -.", max_size=80),
)
def test_whatever_is_found_is_a_name(names: list[str], text: str) -> None:
    index = NameIndex([contact(name) for name in names])
    spelled = {" ".join(name.replace("-", " ").split()) for name in names}
    assert all(match.text in spelled for match in index.find(text))


@pytest.mark.parametrize(
    "text",
    [
        "Best, [Your name]",
        "see [link]",
        "[link to wherever you host it]",
        "[link when posted]",
        "reception [if true]",
        "I work in [relevant field]",
        "Dear {Name},",
        "Dear {First name},",
        "to <<Company>>",
        "TODO: write this",
        "by XXX",
        "{{ contact.name }}",
        "Hallo [Ihr Name]",
        "%FIRSTNAME%",
        "[insert organisation here]",
    ],
)
def test_a_placeholder_left_standing_is_seen(text: str) -> None:
    assert placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "as agreed [1]",
        "he wrote [sic] that",
        "a list of todos",
        "the [...] fund",
        "[our brief](https://example.org)",
        "C:{}",
        "nothing special <here>",
        "EUR 200-300 million",
    ],
)
def test_ordinary_brackets_are_left_alone(text: str) -> None:
    assert placeholder(text) is None


def test_a_page_count_that_no_attached_pdf_has_is_a_false_claim() -> None:
    assert wrong_page_claim("the full brief (17 pages)", [18]) == "17 pages"
    assert wrong_page_claim("a 17-page brief", [18]) == "17-page"
    assert wrong_page_claim("17 Seiten", [18]) == "17 Seiten"
    assert wrong_page_claim("18 pages, 2 pages of it summary", [18, 2]) is None
    assert wrong_page_claim("17 pages", []) is None


def test_context_that_stands_in_a_letter_is_seen() -> None:
    context = "They said no twice. Their chair knows us well from Ghent."
    assert leaked(context, "Dear all, their budget is small.") is None
    assert leaked(context, "Since\ntheir chair knows us. Their chair knows us well from Ghent.")
