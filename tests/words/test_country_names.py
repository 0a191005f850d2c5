"""Countries as people write them in lists."""

from __future__ import annotations

import pytest

from outreach.words.country_names import COUNTRIES, COUNTRY_NAMES, country_code


def test_a_code_in_any_case_is_its_country() -> None:
    assert {code: country_code(f" {code.lower()} ") for code in COUNTRIES} == {code: code for code in COUNTRIES}


def test_every_name_is_understood_in_capitals_too() -> None:
    assert {name: country_code(name.upper()) for name in COUNTRY_NAMES} == COUNTRY_NAMES
    assert set(COUNTRY_NAMES.values()) <= COUNTRIES


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Deutschland", "DE"),
        ("ESPAÑA", "ES"),
        ("Espana", "ES"),
        ("Czechia", "CZ"),
        ("U.S.A.", "US"),
        ("Osterreich", "AT"),
        ("United   Kingdom", "GB"),
        ("Łotwa", "LV"),
    ],
)
def test_names_in_several_languages(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("word", ["", "Brussels", "EU", "XX", "Germanyy"])
def test_what_is_no_country_is_none(word: str) -> None:
    assert country_code(word) is None
