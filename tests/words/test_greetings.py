"""How letters begin: to whom, in which language, and what is never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.contact import ContactKind, Person
from outreach.words.greetings import greeting, in_order, repaired
from outreach.words.phrases import languages
from tests.planning.campaigns import contact

MARIA = {"name": "Maria Example"}


def to(language: str, *people: dict[str, object], **more: object) -> str | None:
    return greeting(contact("a", people=tuple(Person(**each) for each in people), **more), language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "office"),
    [
        ("en", "Dear Sir or Madam"),
        ("de-AT", "Sehr geehrte Damen und Herren"),
        ("fr", "Madame, Monsieur"),
        ("pl", "Szanowni Państwo"),
    ],
)
def test_an_office_is_greeted_as_one_whoever_works_there(language: str, office: str) -> None:
    assert to(language) == to(language, MARIA) == office


@pytest.mark.parametrize(
    ("language", "person", "said"),
    [
        ("en", {"pronouns": "she"}, "Dear Ms Maria Example"),
        ("en", {"pronouns": "she/her", "title": "Dr"}, "Dear Dr Maria Example"),
        ("en", {"title": "Herr Prof. Dr."}, "Dear Prof. Dr. Maria Example"),
        ("fr", {"title": "Frau"}, "Madame Maria Example"),
        ("en", {"title": "Fr.", "pronouns": "ze/zir"}, "Dear Fr. Maria Example"),
        ("en", {"pronouns": "ze/zir"}, "Dear Maria Example"),
        ("en", {}, "Dear Maria Example"),
        ("en", {"pronouns": "they"}, "Dear Maria Example"),
        ("de", {"pronouns": "she", "title": "Dr."}, "Sehr geehrte Frau Dr. Maria Example"),
        ("de", {"pronouns": "er"}, "Sehr geehrter Herr Maria Example"),
        ("de", {"title": "Frau Dr."}, "Sehr geehrte Frau Dr. Maria Example"),
        ("de", {}, "Guten Tag Maria Example"),
        ("fr", {"title": "Mme"}, "Madame Maria Example"),
        ("es", {"pronouns": "él"}, "Estimado Sr. Maria Example"),
    ],
)
def test_a_person_is_greeted_by_pronouns_or_form_of_address_and_never_by_a_guess(
    language: str, person: dict[str, object], said: str
) -> None:
    assert to(language, {**MARIA, "greet": True, **person}) == said


@pytest.mark.parametrize(
    ("language", "person", "said"),
    [
        ("en", {"name": "MUSTERFRAU, ERIKA", "pronouns": "she"}, "Dear Ms Erika Musterfrau"),
        ("de", {"name": "Dr. Maria Example", "title": "Dr", "pronouns": "she"}, "Sehr geehrte Frau Dr Maria Example"),
        ("de", {"name": "Herr Max Example", "title": "Herr"}, "Sehr geehrter Herr Max Example"),
        ("en", {"name": "SMITH, JR"}, "Dear Smith, Jr"),
    ],
)
def test_a_name_from_a_list_is_put_in_order_and_its_title_said_once(
    language: str, person: dict[str, object], said: str
) -> None:
    assert to(language, {**person, "greet": True}) == said


def test_several_persons_are_greeted_one_after_another() -> None:
    two = ({"name": "A B", "pronouns": "she", "greet": True}, {"name": "C D", "pronouns": "he", "greet": True})
    assert to("de", *two) == "Sehr geehrte Frau A B, sehr geehrter Herr C D"


def test_a_contact_that_is_a_person_greets_itself() -> None:
    person = contact("a", name="Maria Example", kind=ContactKind.PERSON)
    assert greeting(person, "en") == "Dear Maria Example"
    known = contact(
        "a", name="Maria Example", kind=ContactKind.PERSON, people=(Person(name="Maria Example", pronouns="she"),)
    )
    assert greeting(known, "en") == "Dear Ms Maria Example"


def test_a_greeting_of_its_own_is_taken_as_it_is() -> None:
    assert to("de", {**MARIA, "greet": True}, greeting="Liebe Maria") == "Liebe Maria"


def test_a_language_without_words_has_no_greeting() -> None:
    assert to("xh") is None


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("Erika MUSTERFRAU", "Erika Musterfrau"),
        ("ERIKA MUSTERFRAU", "Erika Musterfrau"),
        ("Anne-Marie O'BRIEN", "Anne-Marie O'Brien"),
        ("JP Morgan", "JP Morgan"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
    ],
)
def test_capitals_are_repaired(name: str, better: str) -> None:
    assert repaired(name) == better


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("Example, Maria", "Maria Example"),
        ("van der Berg, Jan-Piet", "Jan-Piet van der Berg"),
        ("LIMA, Ana Maria", "Ana Maria LIMA"),
        ("Maria Example, Director", "Maria Example, Director"),
        ("Example, Jr.", "Example, Jr."),
        ("Example, Jr", "Example, Jr"),
        ("Example, PhD", "Example, PhD"),
        ("Example, CEO", "Example, CEO"),
        ("Example, M.A.", "Example, M.A."),
    ],
)
def test_a_surname_that_stands_first_is_put_last_where_that_is_certain(name: str, better: str) -> None:
    assert in_order(name) == better
    assert to("en", {"name": name, "greet": True}) == f"Dear {repaired(better)}"


@given(st.text(st.characters(categories=("L", "Zs")), max_size=20))
def test_a_repaired_name_has_the_same_letters_and_stays(name: str) -> None:
    better = repaired(name)
    assert better.casefold().split() == " ".join(name.split()).casefold().split() or "ß" in name.casefold()
    assert repaired(better) == better or better.isupper()


@pytest.mark.parametrize("tag", sorted(tag for tag, words in languages().items() if "greeting" in words))
def test_every_language_with_greetings_has_them_all(tag: str) -> None:
    words = languages()[tag]["greeting"]
    assert words["office"]
    assert all(words[each].count("{}") == 1 for each in ("she", "he", "other"))


def test_every_complete_language_has_greetings() -> None:
    assert not [tag for tag, words in languages().items() if words["complete"] and "greeting" not in words]
