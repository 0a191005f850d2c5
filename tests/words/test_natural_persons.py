"""Whether a natural person is addressed, or kept."""

from __future__ import annotations

import pytest

from outreach.model.contact import ContactKind, Person
from outreach.words.natural_persons import addresses_person, is_personal_address, keeps_person
from tests.planning.campaigns import contact, email


@pytest.mark.parametrize(
    "address",
    [
        "maria.sousa@jornal.example", "Maria.Sousa@Jornal.example", "m.sousa@jornal.example", "sousa-m@jornal.example",
        "jane.doe@europarl.europa.eu", "ana.maria.silva@parlamento.example", "maria_sousa2@gmail.com",
        "joão.conceição@câmara.example", "maria.sousa+lists@jornal.example", "jan.van.dijk@krant.example",
        "bo.li@krant.example", "xu_yu@krant.example",
    ],
)  # fmt: skip
def test_an_address_with_a_first_and_a_last_name_is_a_persons(address: str) -> None:
    assert is_personal_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "info@verein.example", "press.office@ngo.example", "redaktion@zeitung.example", "no-reply@ngo.example",
        "eu.policy@ngo.example", "contact.lisboa@ngo.example", "amigos.lisboa@amigos-lisboa.example",
        "amigos.de.lisboa@amigosdelisboa.example", "team-berlin@ngo.example", "maria@ngo.example",
        "dg-connect@ec.europa.eu", "x.y@ngo.example",
        "2030.agenda@ngo.example", "open.forum@gmail.com", "geral@ngo.example", "secretaria.geral@ngo.example",
        "customer.care@ngo.example", "public.affairs@ngo.example", "eu.pa@ngo.example",
        "human.resources@ngo.example", "bureau.paris@ngo.example", "berlin-buero@ngo.example", "it.hr@ngo.example",
    ],
)  # fmt: skip
def test_an_address_of_an_office_is_nobodys(address: str) -> None:
    assert not is_personal_address(address)


def test_a_person_is_kept_by_kind_by_name_and_by_address() -> None:
    office = contact("a", channels=(email("info@a.example"),))
    assert not keeps_person(office)
    assert keeps_person(contact("a", kind=ContactKind.PERSON))
    assert keeps_person(contact("a", people=(Person(name="Maria Sousa"),)))
    assert keeps_person(contact("a", channels=(email("info@a.example"), email("maria.sousa@a.example"))))


def test_a_letter_to_the_office_is_to_nobody_although_a_name_is_kept() -> None:
    maria = Person(name="Maria Sousa", email="maria@a.example")
    one = contact("a", people=(maria,), channels=(email("info@a.example"),))
    assert not addresses_person(one, "info@a.example")
    assert addresses_person(one, "Maria@a.example")
    assert addresses_person(one, "maria.sousa@a.example")
    assert not addresses_person(one, None)
    assert addresses_person(contact("a", people=(Person(name="Maria Sousa", greet=True),)), "info@a.example")
    assert addresses_person(contact("a", kind=ContactKind.PERSON), None)
