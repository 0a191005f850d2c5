"""What the law wants to stand in a text: the number in the EU's register, and what a named person is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from outreach.model.contact import Contact
from outreach.model.facts import Facts
from outreach.model.problem import Problem
from tests.planning.campaigns import Stuff, campaign, contact, email, follow_up, materials, template, wave

NUMBER = "123456789012-34"
DG = contact("dg", eu=True, channels=(email("info@ec.europa.eu"),))
MEP = contact("mep", channels=(email("jane.doe@europarl.europa.eu"),))
ECB = contact("ecb", eu=True, channels=(email("info@ecb.europa.eu"),))
TODAY = Facts(today=date(2026, 12, 1))


def made(stuff: Stuff) -> tuple[dict[str, str], list[Problem]]:
    """The text of each letter that could be made, and what was found."""
    texts: dict[str, str] = {}

    def take(letter: Any, result: Any) -> None:
        if result is not None:
            texts[letter.id] = result.message.text

    _, merger = stuff.decided(take)
    return texts, merger.problems()


def of_the_eu(*contacts: Contact, body: str = "Hello.", today: Facts = TODAY) -> Stuff:
    named = campaign(transparency_id=NUMBER)
    return materials(*contacts, campaign=named, templates=(template(body=body),), known=today)


def test_a_text_to_one_of_the_three_institutions_without_the_number_is_one_error_and_no_letter() -> None:
    texts, (problem,) = made(of_the_eu(DG, MEP, ECB, contact("ngo")))
    assert sorted(texts) == ["first/ecb/0", "first/ngo/0"]
    assert (problem.code, problem.is_error, problem.file) == ("register-number", True, "templates/letter.md")
    assert "2 emails (first dg)" in problem.message


@pytest.mark.parametrize("body", ["{{ campaign.transparency_id }}", f"We are number {NUMBER}."])
def test_with_the_number_it_is_a_letter(body: str) -> None:
    texts, problems = made(of_the_eu(DG, MEP, body=body))
    assert (len(texts), problems) == (2, [])


def test_a_rule_that_nobody_read_for_a_year_stops_no_letter() -> None:
    texts, problems = made(of_the_eu(DG, today=Facts(today=date(2028, 1, 1))))
    assert (len(texts), problems) == (1, [])


BLOCKS = template(body="Hello.\n\n{{ source_notice }}\n\n{{ objection }}")
MARIA = contact("maria", found_at="your page", collected_on=date(2026, 1, 5))


def test_the_blocks_are_in_the_language_of_the_text_and_by_the_waves_sender() -> None:
    german = template(body=BLOCKS.body, language="de", file="templates/letter.de.md")
    texts, problems = made(
        materials(MARIA, contact("d", language="de", found_at="Ihre Seite"), templates=(BLOCKS, german))
    )
    assert problems == []
    assert "Source of your address: your page, noted on January 5, 2026." in texts["first/maria/0"]
    assert "Alex Example will not write to you again." in texts["first/maria/0"]
    assert "Herkunft Ihrer Adresse: Ihre Seite." in texts["first/d/0"]


@pytest.mark.parametrize("found_at", [None, "list.csv, line 4"])
def test_without_a_place_that_may_be_said_the_letter_is_not_made(found_at: str | None) -> None:
    texts, (problem,) = made(materials(contact("maria", found_at=found_at), templates=(BLOCKS,)))
    assert texts == {}
    assert (problem.code, "`contact.found_at` is not given" in problem.message) == ("missing-variable", True)


def test_in_a_language_without_the_words_that_is_said_and_the_text_may_have_its_own() -> None:
    finnish = {"language": "fi", "file": "templates/letter.fi.md"}
    maria = replace(MARIA, language="fi")
    texts, (problem, *_) = made(materials(maria, templates=(BLOCKS, template(body=BLOCKS.body, **finnish))))
    assert texts == {}
    assert "no words for `source_notice` in the language `fi`" in problem.message
    assert problem.hint is not None
    own = "".join(f"{{% set {name} %}}Omin sanoin.{{% endset %}}" for name in ("source_notice", "objection"))
    assert "{% set source_notice %}" in problem.hint
    texts, problems = made(materials(maria, templates=(BLOCKS, template(body=own + BLOCKS.body, **finnish))))
    assert problems == []
    assert texts["first/maria/0"].count("Omin sanoin.") == 2


def test_what_another_contact_is_called_does_not_come_in_through_the_source() -> None:
    other = contact("other", name="Rios Livres", found_at="their page")
    texts, (problem,) = made(materials(contact("maria", found_at="told us by Rios Livres"), other, templates=(BLOCKS,)))
    assert (sorted(texts), problem.code) == (["first/other/0"], "foreign-value")


def test_a_follow_up_repeats_the_source() -> None:
    waves = (wave("first", follow_up=follow_up("again")),)
    again = template("again", body="Again. {{ source_notice }}")
    stuff = materials(MARIA, campaign=campaign(*waves), templates=(BLOCKS, again))
    (letter,), merger = stuff.follow_ups()
    assert merger.problems() == []
    assert "Source of your address: your page" in letter.message.text
    assert "complain" not in letter.message.text
