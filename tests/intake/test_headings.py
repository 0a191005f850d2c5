"""Headings that say no, in notes without marks for headings: whom they are about, and that they are nobody."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.command import Answer, outreach


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-11-01T09:00:00+00:00")


def imported(folder: Path, name: str, text: str) -> tuple[dict[str, Any], Answer]:
    """The contacts of a document by name, each with its `do_not_contact`."""
    (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    answer = outreach("init", str(folder / "new"), "--from", str(folder / name), "--no-ask", "--json")
    found = [yaml.safe_load(each.read_text(encoding="utf-8")) for each in (folder / "new/contacts").rglob("*.yaml")]
    return {each["name"]: each.get("do_not_contact") for each in found if "name" in each}, answer


LISTS = """\
    Partners

    Alder Group - alder@alder.example
    Birch Group - birch@birch.example

    {title}

    Cedar Group - cedar@cedar.example
    Elder Group - elder@elder.example
    rook@rook.example

    Press

    Fir Post - fir@fir.example
    Gorse Post - gorse@gorse.example
    """


@pytest.mark.parametrize("title", ["Unsubscribed", "Do not contact:", "Partners who asked us to stop", "Abgemeldet"])
def test_a_line_alone_that_says_no_is_about_those_below_it_up_to_the_next(tmp_path: Path, title: str) -> None:
    found, answer = imported(tmp_path, "list.txt", LISTS.format(title=title))
    held = {name for name, says in found.items() if says}
    assert held == {"Cedar Group", "Elder Group"}
    assert set(found) == {"Alder Group", "Birch Group", "Fir Post", "Gorse Post", *held}
    assert "rook@rook.example" in str(answer.json["suppressed"])


def test_a_remark_below_a_contact_stays_with_it(tmp_path: Path) -> None:
    text = """\
        Moth Trust
        moth@moth.example

        Do not contact any more.

        Newt Trust
        newt@newt.example
        """
    found, _ = imported(tmp_path, "list.txt", text)
    assert found == {"Moth Trust": "Do not contact any more. (list.txt)", "Newt Trust": None}


def test_a_line_on_which_it_is_not_clear_whom_it_is_about_holds_both(tmp_path: Path) -> None:
    text = """\
        Moth Trust
        moth@moth.example

        Unsubscribed

        Newt Trust
        newt@newt.example
        """
    found, _ = imported(tmp_path, "list.txt", text)
    assert all(found.values())


def test_a_bold_line_that_says_what_follows_is_nobody(tmp_path: Path) -> None:
    text = """\
        # Kontakte

        **Vereine**

        - Hasenbund: info@hasenbund.example
        - Igelbund: info@igelbund.example

        **Nicht mehr anschreiben:**

        - Jagdbund: info@jagdbund.example
        """
    found, _ = imported(tmp_path, "list.md", text)
    assert set(found) == {"Hasenbund", "Igelbund", "Jagdbund"}
    assert [name for name, says in found.items() if says] == ["Jagdbund"]


@pytest.mark.parametrize("above", ["Unsubscribed: 4,Active: 2,,", "Unsubscribed: 4 Active: 2,,,"])
def test_counts_above_a_table_hold_nobody(tmp_path: Path, above: str) -> None:
    table = f"{above}\nOutlet,Name,Email,Status\nGale,Uma Ray,uma@gale.example,active\n"
    table += "Storm,Ned Fox,ned@storm.example,unsubscribed\n"
    found, _ = imported(tmp_path, "list.csv", table)
    assert [name for name, says in found.items() if says] == ["Storm"]


@pytest.mark.parametrize("above", ["Unsubscribed", "Unsubscribed since 3 May 2025", "Unsubscribed: 2"])
def test_any_other_line_that_says_no_above_a_table_holds_all_of_it(tmp_path: Path, above: str) -> None:
    table = f"{above},,\nOutlet,Name,Email\nGale,Uma Ray,uma@gale.example\nStorm,Ned Fox,ned@storm.example\n"
    found, _ = imported(tmp_path, "list.csv", table)
    assert all(found.values())


def test_a_note_below_a_table_is_nobody_and_its_address_is_said(tmp_path: Path) -> None:
    table = "Outlet,Email\nGale,uma@gale.example\nStorm,ned@storm.example\nSource: the office press@office.example,\n"
    found, answer = imported(tmp_path, "list.csv", table)
    assert set(found) == {"Gale", "Storm"}
    assert answer.code == 1
    assert "press@office.example" in str(answer.json["questions"]) + str(answer.json["refused"])


def test_two_sentences_with_an_address_are_asked_about(tmp_path: Path) -> None:
    text = """\
        # Minutes

        - Gale: uma@gale.example
        - Storm: ned@storm.example

        Next meeting: Tuesday. Questions to me@ourcampaign.example.
        """
    found, answer = imported(tmp_path, "list.md", text)
    assert set(found) == {"Gale", "Storm"}
    assert any("me@ourcampaign.example" in each["affects"] for each in answer.json["questions"])


def test_what_was_struck_out_keeps_its_name_without_the_marks(tmp_path: Path) -> None:
    found, _ = imported(
        tmp_path, "list.md", "# Contacts\n\n| Name | Email |\n|---|---|\n| ~~Fox~~ | ~~i@fox.example~~ |\n"
    )
    assert [(name, bool(says)) for name, says in found.items()] == [("Fox", True)]


def test_parentheses_behind_a_name_are_not_cut_nor_lost(tmp_path: Path) -> None:
    text = """\
        Contacts

        - Terre Partagée (terrepartagee.example), formulaire https://terrepartagee.example/contact
        - TV Blick (keine Anfragen per Mail, Formular: https://blick.example/kontakt)
        - M. Hugo Perrin (PS, Nord) hugo.perrin@assemblee.example
        """
    found, _ = imported(tmp_path, "list.txt", text)
    assert set(found) == {"Terre Partagée", "TV Blick", "M. Hugo Perrin"}
    assert "PS, Nord" in (tmp_path / "new/contacts/private/m-hugo-perrin.yaml").read_text(encoding="utf-8")


def test_words_above_names_are_a_heading_in_any_language(tmp_path: Path) -> None:
    text = """\
        Associazione Olmo
        Referente: Gina Testa
        email: gina@olmo.example

        Cancellati:
        Gruppo Larice, larice@gruppo.example

        Amici:
        Comitato Pino, pino@comitato.example
        """
    found, _ = imported(tmp_path, "list.txt", text)
    assert {name: bool(says) for name, says in found.items()} == {
        "Associazione Olmo": False,
        "Gruppo Larice": True,
        "Comitato Pino": False,
    }


def test_abbreviations_in_a_name_end_no_sentence(tmp_path: Path) -> None:
    text = """\
        Verteiler

        1. Aktion Grünzug e. V. - Hr. Dr. Uwe Stein (1. Vorsitzender) - stein@gruenzug.example
        2. M. Hugo Perrin - hugo@perrin.example
        3. Org An - an@an.example
        """
    found, _ = imported(tmp_path, "list.txt", text)
    assert {name[:14] for name in found} == {"Aktion Grünzug", "M. Hugo Perrin", "Org An"}


def test_a_note_below_the_signature_is_asked_about(tmp_path: Path) -> None:
    text = """\
        Subject: A bench for our street

        Dear {Name},

        please sign until Friday.

        Kind regards,
        [Your name]

        Note: not before Monday.
        """
    _, answer = imported(tmp_path, "letter.txt", text)
    (question,) = [each for each in answer.json["questions"] if each["id"].startswith("letter-end")]
    assert question["ask"] == "Does the letter end before line 10 (Note: not before Monday.)?"
    (letter,) = (tmp_path / "new/templates").glob("*.md")
    assert letter.name == "letter.md"
    assert "Monday" not in letter.read_text(encoding="utf-8")


@pytest.mark.parametrize("title", ["## Not interested", "## Absagen", "Declined:", "## Only by phone"])
def test_a_heading_that_leaves_a_doubt_holds_those_below_it_and_asks_once(tmp_path: Path, title: str) -> None:
    text = f"# Contacts\n\n- Gale: uma@gale.example\n- Storm: ned@storm.example\n\n{title}\n\n"
    text += "- Moss: al@moss.example\n- Fern: bea@fern.example\n"
    found, answer = imported(tmp_path, "list.md", text)
    assert {name for name, says in found.items() if says} == {"Moss", "Fern"}
    (question,) = [each for each in answer.json["questions"] if each["id"].startswith("no-mail")]
    assert question["affects"] == ["al@moss.example", "bea@fern.example"]


def test_a_list_of_people_who_must_not_get_mail_holds_all_of_them(tmp_path: Path) -> None:
    text = '# people who must not get mail\nstop@nowhere.example\n"Leo Mann" <leo@fields.example>\n'
    found, answer = imported(tmp_path, "list.txt", text)
    assert all(found.values())
    assert "stop@nowhere.example" in str(answer.json["suppressed"])


@pytest.mark.parametrize("title", ["Villages near the river", "North", "Friends of the campaign"])
@pytest.mark.parametrize("item", ["- {0}: {1}", "- {0} <{1}>", "- **{0}** - {1}", "- {0}, {1}"])
def test_a_heading_above_contacts_is_none_of_them_whatever_it_says(tmp_path: Path, title: str, item: str) -> None:
    items = [item.format(*each) for each in (("Moss Trust", "al@moss.example"), ("Fern", "bea@fern.example"))]
    text = f"# Contacts\n\n- Gale: uma@gale.example\n\n## {title}\n\n" + "\n".join(items) + "\n"
    found, _ = imported(tmp_path, "list.md", text)
    assert set(found) == {"Gale", "Moss Trust", "Fern"}


def test_members_of_a_parliament_are_people_and_their_heading_is_nobody(tmp_path: Path) -> None:
    text = "# Contacts\n\n## Green MEPs\n\n- Anna Berg: anna.berg@ep.example\n- Luca Neri: luca.neri@ep.example\n"
    found, _ = imported(tmp_path, "list.md", text)
    assert set(found) == {"Anna Berg", "Luca Neri"}


def test_the_addresses_of_one_organisation_stay_its_own(tmp_path: Path) -> None:
    text = "# Contacts\n\n## Moss\n\n- General: info@moss.example\n- Press: press@moss.example\n\n"
    text += "## Fox Society (unsubscribed)\n\n- Email: fox@fox.example\n\n"
    text += "## Hare League - do not contact\n\ni@hare.example\n"
    found, _ = imported(tmp_path, "list.md", text)
    assert {name: bool(says) for name, says in found.items()} == {
        "Moss": False,
        "Fox Society": True,
        "Hare League": True,
    }


def test_a_remark_beside_a_name_is_none_of_the_name(tmp_path: Path) -> None:
    text = "Partners\n\nFox Society (unsubscribed): fox@fox.example\nGale - uma@gale.example\n"
    found, _ = imported(tmp_path, "list.txt", text)
    assert {name: bool(says) for name, says in found.items()} == {"Fox Society": True, "Gale": False}


def test_lists_and_hosts_of_one_domain_are_one_organisation(tmp_path: Path) -> None:
    text = "# Contacts\n\n## Bees\n\n- Project leader: leader@bees.example\n- Discussion: talk@lists.bees.example\n"
    found, _ = imported(tmp_path, "list.md", text)
    assert set(found) == {"Bees"}


def test_rows_that_head_others_in_a_page_are_asked_about_and_tell_of_those_below_only(tmp_path: Path) -> None:
    row = "<tr><td>{0}</td><td>{1}</td><td>{2}</td></tr>"
    rows = [
        "<tr><th>Organisation</th><th>Country</th><th>Contact</th></tr>",
        "<tr><td colspan=3><b>Full members</b></td></tr>",
        row.format("Gale", "Austria", "uma@gale.example"),
        row.format("Storm", "Belgium", "ned@storm.example"),
        "<tr><td colspan=3><b>Former members (do not contact)</b></td></tr>",
        row.format("Moss", "Chile", "al@moss.example"),
        row.format("Total", "3 countries", ""),
    ]
    found, answer = imported(tmp_path, "list.html", f"<html><body><table>{''.join(rows)}</table></body></html>")
    assert {name: bool(says) for name, says in found.items()} == {"Gale": False, "Storm": False, "Moss": True}
    assert [each["ask"] for each in answer.json["questions"] if each["id"].startswith("heading")] == [
        "Is `Full members` an organisation, or a heading of the rows below it?"
    ]


@pytest.mark.parametrize("label", ["Enquiries", "Secretariat", "Rückfragen", "Renseignements", "Inlichtingen"])
def test_a_label_before_an_address_is_nobody(tmp_path: Path, label: str) -> None:
    text = f"Gale Trust - uma@gale.example\nStorm Trust - ned@storm.example\n\n{label}: a@umbrella.example\n"
    found, answer = imported(tmp_path, "list.txt", text)
    assert set(found) == {"Gale Trust", "Storm Trust"}
    assert "a@umbrella.example" in str(answer.json["questions"]) + str(answer.json["refused"])
