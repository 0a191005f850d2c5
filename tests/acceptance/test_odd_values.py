"""What a stranger writes in good faith arrives as meant, or is said to be left out."""

from __future__ import annotations

from pathlib import Path

from .command import Answer, outreach
from .conftest import Change
from .mail import page_of, read_letter, text_of

PRESS_ONLY = """\
id: bare-presse
name: Bare Presse
kind: institution
country: NO
language: nb
channels: [{email: presse@barepresse.example, role: press}]
"""


def test_a_value_made_ready_for_a_link_is_not_encoded_twice(copy: Path, change: Change) -> None:
    link = "[side](https://rios.example/?navn={{ contact.name | urlencode }})"
    change(copy, "templates/municipio.nb.md", "Vennlig hilsen", link)
    outreach("draft", "--json", folder=copy)
    links = page_of(read_letter(copy / "drafts/letters/kommuner/blaelv.eml")).links
    expected = "https://rios.example/?navn=Bl%C3%A5elv%20kommune%20%E2%80%93%20%C3%98vre%20%C3%86lvdal"
    assert expected in links


def test_tags_in_a_table_may_be_typed_as_in_yaml(copy: Path, change: Change) -> None:
    change(copy, "contacts/ngos.csv", '"ngo, rios"', '"[ngo, rios]"')
    outreach("draft", "--json", folder=copy)
    assert "Tags we keep: ngo + rios." in text_of(read_letter(copy / "drafts/letters/ngos/zarqamar.eml"))


def test_check_names_a_contact_whose_only_address_no_template_may_use(copy: Path) -> None:
    (copy / "contacts/presse.yaml").write_text(PRESS_ONLY, encoding="utf-8")
    found: Answer = outreach("check", "--json", folder=copy)
    assert "contacts/presse.yaml" in {problem["file"] for problem in found.json["problems"]}
    drafted = outreach("draft", "--json", folder=copy)
    assert "bare-presse" in {entry["contact"] for entry in drafted.json["skipped"]}


def test_without_an_eml_nobody_is_told_to_open_one(copy: Path) -> None:
    (copy / "contacts/presse.yaml").write_text(PRESS_ONLY, encoding="utf-8")
    skipped = outreach("draft", "--contact", "bare-presse", folder=copy)
    assert (
        "gets no email in kommuner: its only address has the role press, which municipio does not name." in skipped.out
    )
    assert ".eml" not in skipped.out
    assert skipped.out.splitlines()[-1] == "Next: outreach check"
    made = outreach("draft", "--contact", "skarvaa", folder=copy)
    assert "Next: open the .eml" in made.out


def test_a_contact_reached_by_hand_is_a_text_to_paste(copy: Path) -> None:
    answer = outreach("draft", "--contact", "tagarrelo", folder=copy)
    assert ".eml" not in answer.out
    assert "Next: paste the text" in answer.out


def test_an_expression_that_guesses_what_was_meant_ends_with_one_mark(copy: Path) -> None:
    answer = outreach("draft", "--to", "teir == 0", folder=copy)
    assert "did you mean 'tier'?\n" in answer.err
