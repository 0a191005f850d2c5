"""What a named person is told: in every language that is complete, and never with a file's name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Legal, Sender
from outreach.words.notices import objection, public_place, source_notice
from outreach.words.phrases import languages
from tests.planning.campaigns import campaign, contact

SENDER = Sender(name="Ana Lima", email="ana@rios.example")
SPOKEN = sorted(tag for tag, words in languages().items() if words.get("complete") or "notice" in words)
MARIA = contact("maria", found_at="your page\n https://jornal.example/team. ", collected_on=date(2026, 1, 13))
WHOLE = campaign(legal=Legal(basis="consent", keep_for="2y"), links={"privacy": "https://rios.example/privacy"})


@pytest.mark.parametrize("language", [*SPOKEN, "sv-FI", "pt-BR", "DE"])
def test_every_language_that_has_the_words_says_where_from_since_when_how_long_and_how_to_stop(language: str) -> None:
    said = source_notice(MARIA, WHOLE, SENDER, language)
    stop = objection(SENDER, language)
    assert said is not None
    assert stop is not None
    assert "your page https://jornal.example/team" in said
    assert "2026" in said
    assert "13" in said
    assert "2 " in said
    assert "Ana Lima" in said
    assert said.endswith("https://rios.example/privacy")
    assert "{" not in said + stop


def test_in_english_it_reads_so() -> None:
    assert source_notice(MARIA, WHOLE, SENDER, "en") == (
        "Source of your address: your page https://jornal.example/team, noted on January 13, 2026. It is kept for 2 "
        "years after the last contact. You can ask Ana Lima what is kept about you, have it corrected or deleted, and "
        "complain to a data protection authority. More about this: https://rios.example/privacy"
    )
    assert objection(SENDER, "en") == (
        "You can object at any time: one word in reply is enough, and Ana Lima will not write to you again."
    )


def test_a_follow_up_repeats_the_source_and_not_the_rest() -> None:
    assert source_notice(MARIA, campaign(), SENDER, "de", step=1) == (
        "Herkunft Ihrer Adresse: your page https://jornal.example/team, notiert am 13. Januar 2026."
    )


@pytest.mark.parametrize(
    ("keep_for", "said"), [("6mo", "6 Monate"), ("1 y", "1 Jahr"), ("90d", "90 Tage"), ("3w", "3 Wochen")]
)
def test_a_time_is_written_in_the_language(keep_for: str, said: str) -> None:
    made = campaign(legal=Legal(basis="consent", keep_for=keep_for))
    assert f"nach dem letzten Kontakt {said} gespeichert." in str(source_notice(MARIA, made, SENDER, "de"))


def test_a_language_without_words_says_nothing() -> None:
    assert objection(SENDER, "eo") is None
    assert source_notice(MARIA, WHOLE, SENDER, "eo") is None


@pytest.mark.parametrize(
    ("found_at", "place"),
    [
        (None, None),
        (" ", None),
        ("contacts.csv, line 3", None),
        ("the list partner-list 2026.xlsx", None),
        ("notes/people.md", None),
        ("their website", "their website"),
        ("www.example.org/team.html", "www.example.org/team.html"),
        ("https://example.org/team.html", "https://example.org/team.html"),
        ("the programme at https://example.org/a.pdf, page 3.", "the programme at https://example.org/a.pdf, page 3"),
    ],
)
def test_a_place_that_names_a_file_of_ours_is_none(found_at: str | None, place: str | None) -> None:
    assert public_place(found_at) == place


@given(
    st.text(st.characters(exclude_characters="/"), max_size=60), st.sampled_from(["csv", "xlsx", "vcf", "txt", "yaml"])
)
def test_no_file_name_comes_through(words: str, ending: str) -> None:
    assert public_place(f"{words} list.{ending}") is None
