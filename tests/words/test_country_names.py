"""Countries as people write them in lists."""

from __future__ import annotations

import pytest
from babel import Locale

from outreach.words.country_names import COUNTRIES, country_code
from outreach.words.languages import language_of
from outreach.words.local_names import folded


def test_a_code_in_any_case_is_its_country() -> None:
    assert {code: country_code(f" {code.lower()} ") for code in COUNTRIES} == {code: code for code in COUNTRIES}


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


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Shqipëria", "AL"),
        ("Magyarország", "HU"),
        ("日本", "JP"),
        ("中国", "CN"),
        ("Ελλάδα", "GR"),
        ("Россия", "RU"),
        ("भारत", "IN"),
        ("ドイツ", "DE"),
        ("ivory coast", "CI"),
        ("Elfenbeinküste", "CI"),
        ("Etelä-Afrikka", "ZA"),
        ("Bosna i Hercegovina", "BA"),
    ],
)
def test_every_country_is_known_in_every_language(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pl", "pt"])
def test_the_names_of_a_shipped_language_are_all_understood(language: str) -> None:
    names = {code: name for code, name in Locale.parse(language).territories.items() if code in COUNTRIES}
    assert {code: country_code(name.upper()) for code, name in names.items()} == {code: code for code in names}


def test_a_name_of_two_countries_is_that_of_neither_but_a_shipped_language_decides() -> None:
    assert country_code("Nigeri") is None  # Nigeria in Albanian, Niger in Khoekhoe
    assert country_code("Island") == "IS"  # in German; Ireland is `Irland`


@pytest.mark.parametrize(
    ("name", "tag"),
    [("German", "de"), ("ALLEMAND", "de"), ("norsk", "nb"), ("日本語", "ja"), ("castellano", "es"), ("de-AT", "de-AT")],
)
def test_languages_by_name_or_tag(name: str, tag: str) -> None:
    assert language_of(name) == tag


def test_marks_that_are_letters_stay_letters() -> None:
    assert folded("バハマ") != folded("ハハマ")
    assert folded("Österreich") == folded("osterreich")
