"""Whose names a list has: found in its cells, whatever its columns are called, and asked where two ways are left."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.intake.account import Account, id_of
from outreach.intake.notes.markdown import read_notes
from outreach.intake.pages import text_of_page
from outreach.intake.persons import in_order, turned
from outreach.intake.tables import read_csv, read_workbook
from outreach.intake.vcard import read_cards
from outreach.intake.vocabulary import order_of_names
from outreach.model.found import Found
from tests.intake.test_strangers_lists import named, read


def table(text: str, account: Account | None = None, known: dict[str, str] | None = None) -> dict[str, Any]:
    found = read_csv("a.csv", text, {"a.csv": known or {}}, account)
    return {str(each.values["name"]): each.values for each in found.contacts}


def emails(found: Found) -> dict[str, list[str]]:
    return {
        str(each.values["name"]): [
            channel["email"] for channel in each.values.get("channels", ()) if "email" in channel
        ]
        for each in found.contacts
    }


ROWS = [
    ("Elm Gazette", "Jana Prins", "jana@elmgazette.example"),
    ("Radio Fen", "Marek Wolf", "newsroom@radiofen.example"),
    ("Harbour Ledger", "Una Bell", "u.bell@harbourledger.example"),
]


@pytest.mark.parametrize(
    "labels",
    [
        ("Titel", "Redaktion", "Mailadresse"),  # both are words for other things in our vocabulary
        ("Spolek", "Kontaktní osoba", "E-mailová adresa"),
        ("Qwx", "Name", "Zyx"),
        ("Organisation", "Ansprechpartner", "E-Mail"),
    ],
)
@settings(max_examples=6)
@given(st.permutations(range(3)))
def test_the_column_in_the_domains_has_the_organisations_in_any_order(
    labels: tuple[str, str, str], order: list[int]
) -> None:
    lines = [";".join(cells[at] for at in order) for cells in (labels, *ROWS)]
    found = table("\n".join(lines) + "\n")
    assert set(found) == {name for name, _, _ in ROWS}
    assert {each["people"][0]["name"] for each in found.values()} == {person for _, person, _ in ROWS}


SIGNED = (
    "When,Your name,What group are you with?,Where can we reach you?\n"
    "1,Hannah Bell,Shore Watch,hb@free.example\n2,Marek Wolf,Elm Friends,mw@else.example\n"
    "3,Jana Prins,Quiet Nights,jp@there.example\n"
)


def test_where_two_readings_are_left_a_person_is_asked_and_the_answer_counts_also_over_what_is_stored() -> None:
    account = Account()
    table(SIGNED, account)
    (question,) = account.questions
    assert "Shore Watch" in question.ask
    people = {"Hannah Bell", "Marek Wolf", "Jana Prins"}
    assert set(table(SIGNED, Account({question.id: "people"}))) == people
    groups = {"Shore Watch", "Elm Friends", "Quiet Nights"}
    stored = {"Your name": "name", "What group are you with?": "fields"}
    assert set(table(SIGNED, Account({question.id: "organisations"}), stored)) == groups
    written = Account()
    by_hand = {"Your name": "person", "What group are you with?": "name"}
    assert set(table(SIGNED, written, by_hand)) == groups


def test_members_of_one_house_are_the_contacts_and_not_their_towns() -> None:
    text = "Ref,Town,Member,E-mail\n"
    text += "".join(f"{n},{town},{name},{name.lower().replace(' ', '.')}@house.example\n" for n, (town, name) in
                    enumerate([("Riva", "Ann Lee"), ("Elmton", "Marek Wolf"), ("Fenby", "Una Bell")]))  # fmt: skip
    assert set(table(text)) == {"Ann Lee", "Marek Wolf", "Una Bell"}


@pytest.mark.parametrize(
    ("label", "order"),
    [("Nazwisko i imię", "last-first"), ("Prénom et nom", "first-last"), ("Name, Vorname", "last-first"),
     ("Vor- und Nachname", "first-last"), ("Nombre y apellidos", "first-last"), ("Last name", ""), ("Verein", "")],
)  # fmt: skip
def test_a_label_says_in_which_order_names_stand(label: str, order: str) -> None:
    assert order_of_names(label) == order


def test_names_that_stand_last_name_first_are_turned_and_degrees_are_no_first_names() -> None:
    assert [turned(name) for name in ("Wolna Anna", "LE GOFF Yann", "Anna Wolna", "van der Berg Jan")] == [
        "Anna Wolna", "Yann Le Goff", "Anna Wolna", "Jan van der Berg",
    ]  # fmt: skip
    assert in_order("Eva Černá, Ph.D.") == "Eva Černá, Ph.D."


def test_addresses_in_remarks_are_one_question_a_column() -> None:
    text = "Organisation,E-mail,Remarks\nElm Club,info@elm.example,also: old@elm2.example\nFen Club,a@fen.example,-\n"
    account = Account()
    table(text, account)
    (question,) = account.questions
    assert question.affects == ("old@elm2.example",)
    assert not account.refusals
    taken = table(text, Account({question.id: "take"}))
    assert [each["email"] for each in taken["Elm Club"]["channels"]] == ["info@elm.example", "old@elm2.example"]


def test_a_column_of_addresses_and_phones_is_one_of_addresses() -> None:
    found = table("Paper,Newsroom,Tip line\nElm,news@elm.example,tips@elm.example\nFen,news@fen.example,06-12345678\n")
    assert {each["email"] for each in found["Elm"]["channels"]} == {"news@elm.example", "tips@elm.example"}


def test_the_same_address_in_every_row_is_of_whoever_keeps_the_list() -> None:
    rows = "".join(f"Club {n},info@club{n}.example,keeper@us.example\n" for n in "abcd")
    account = Account()
    found = table(f"Organisation,E-mail,Entered from\n{rows}", account)
    assert not any("keeper@us.example" in str(each["channels"]) for each in found.values())
    assert [each.affects for each in account.questions] == [("keeper@us.example",)]


def sheet(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(at, column, cell)
    return file.getvalue()


def test_tables_side_by_side_are_two() -> None:
    found = read_workbook("a.xlsx", sheet([
        ["Clubs", "Mail", "", "Press", "Mail"],
        ["Row Club", "info@row.example", "", "Elm Paper", "news@elm.example"],
        ["Sail Club", "post@sail.example", "", "Fen Online", "news@fen.example"],
        ["Angling", "a@angling.example", "", "", ""],
    ]))  # fmt: skip
    assert emails(found) == {
        "Row Club": ["info@row.example"], "Sail Club": ["post@sail.example"], "Angling": ["a@angling.example"],
        "Elm Paper": ["news@elm.example"], "Fen Online": ["news@fen.example"],
    }  # fmt: skip
    lines = [line for each in found.passages for line in range(each.line, each.end + 1)]
    assert sorted(lines) == [1, 2, 3, 4]


def test_a_second_table_and_a_second_header_row_are_found_by_the_addresses_below() -> None:
    rows = [
        ["Xyz", "Abc", "Tips"], ["Elm", "9", "tips@elm.example"], ["Fen", "8", "news@fen.example"], [],
        ["Podcasts"], ["Program", "Producent", "", "Nås på"],
        ["Klima Kvart", "Lina Falk", "", "lina@kvart.example"],
    ]  # fmt: skip
    assert set(emails(read_workbook("a.xlsx", sheet(rows)))) == {"Elm", "Fen", "Klima Kvart"}
    rows = [["Förening", "Kontakt", "", "Ort"], ["", "Namn", "E-post", ""], ["Elm", "Nils Ek", "nils@elm.example", "X"],
            ["Fen", "Maja Ek", "maja@fen.example", "Y"]]  # fmt: skip
    assert set(emails(read_workbook("a.xlsx", sheet(rows)))) == {"Elm", "Fen"}


def test_a_lone_column_of_names_with_addresses_has_names() -> None:
    found = read_csv("a.csv", 'Elm Shop <shop@elm.example>\nFen e.V. <fen@fen.example>\n"Oak" <oak@oak.example>\n')
    assert emails(found) == {
        "Elm Shop": ["shop@elm.example"],
        "Fen e.V.": ["fen@fen.example"],
        "Oak": ["oak@oak.example"],
    }


def notes(text: str, account: Account | None = None) -> dict[str, list[str]]:
    return emails(read_notes("a.md", text, account or Account()))


def test_a_definition_list_names_its_terms_and_a_menu_nobody() -> None:
    account = Account()
    page = (
        "<nav><a href='/'>Home</a> <a href='mailto:web@us.example'>Webmaster</a></nav><h1>Partners</h1><dl>"
        "<dt>Clean Loire</dt><dd>Rivers. <a href='mailto:c@loire.example'>Write</a></dd>"
        "<dt>Elm Club</dt><dd>Fens. info (at) elm.example</dd></dl>"
    )
    text = text_of_page("a.html", page, account)
    assert notes(text, account) == {"Clean Loire": ["c@loire.example"], "Elm Club": ["info@elm.example"]}
    assert [each.value for each in account.refusals] == ["web@us.example"]


def test_the_desks_in_a_table_belong_to_the_heading() -> None:
    text = (
        "# Desks\n\n## The Humber Mail\n\n| Desk | Who | Email |\n|---|---|---|\n| News | Carl Stead | "
        "news@humbermail.example |\n| Arts | Ann Lee | ann.lee@humbermail.example |\n"
    )
    assert notes(text) == {"The Humber Mail": ["news@humbermail.example", "ann.lee@humbermail.example"]}


def test_two_names_in_a_sentence_are_never_one_contact() -> None:
    account = Account()
    text = "Tom writes to the Elm Gazette, news@elmgazette.example, and Radio Fen: studio@radiofen.example\n"
    taken = notes(text, account)
    together = [found for found in taken.values() if len(found) > 1]
    asked = {address for each in account.questions for address in each.affects}
    assert not together
    assert asked | {one for found in taken.values() for one in found} == {
        "news@elmgazette.example", "studio@radiofen.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line", ["ul. Lipowa 3, 31-000 Kraków", "12 rue des Lilas 3", "Kanalstraße 12", "4524 CC Sluis"]
)
def test_a_postal_line_is_no_name(line: str) -> None:
    assert set(notes(f"# List\n\n**Elm Club**\n\n{line}\ninfo@elm.example\n\n**Fen Club**\n\ninfo@fen.example\n")) == {
        "Elm Club", "Fen Club",
    }  # fmt: skip


def test_cards_of_people_at_organisations_are_asked_about() -> None:
    who = "N:Bell;Una\nFN:Una Bell\nORG:Elm Club\nTITLE:Chair\nEMAIL:una@elm.example"
    card = f"BEGIN:VCARD\nVERSION:3.0\n{who}\nEND:VCARD\n"
    account = Account()
    assert set(emails(read_cards("a.vcf", card, account))) == {"Una Bell"}
    assert [each.affects for each in account.questions] == [("una@elm.example",)]
    answer = {id_of("whose-names", "a.vcf", "cards"): "organisations"}
    (contact,) = read_cards("a.vcf", card, Account(answer)).contacts
    assert (contact.values["name"], contact.values["people"]) == (
        "Elm Club", [{"name": "Una Bell", "role": "Chair", "email": "una@elm.example"}],
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "- Maria Vale (Elm Harbour Club), maria.vale@elmharbour.example",
        "- Maria Vale - Elm Harbour Club - maria.vale@elmharbour.example",
    ],
)
def test_the_organisation_beside_a_person_is_kept_as_that(tmp_path: Path, line: str) -> None:
    found = named(read(tmp_path, "notes.md", f"# Partners\n\n- Bird Fund, info@birdfund.example\n{line}\n"))
    assert found.keys() == {"Bird Fund", "Maria Vale"}
    assert found["Maria Vale"]["fields"] == {"organisation": "Elm Harbour Club"}
    assert "people" not in found["Maria Vale"]


def test_a_person_at_an_organisation_is_none_of_its_name(tmp_path: Path) -> None:
    text = "# Partners\n\n- Bird Fund, info@birdfund.example\n- Maria Vale at Elm Club (maria@elmclub.example)\n"
    assert named(read(tmp_path, "notes.md", text)).keys() == {"Bird Fund", "Elm Club"}


def test_a_line_above_people_of_several_houses_is_none_of_them(tmp_path: Path) -> None:
    text = (
        "Minutes of 4 May\n\nThose present\n Maria Vale (Elm Harbour Club) maria.vale@elmharbour.example\n"
        " Jan Moor, Oak Union, jan.moor@oakunion.example\n"
    )
    found = named(read(tmp_path, "minutes.txt", text))
    assert {name: each["fields"]["organisation"] for name, each in found.items()} == {
        "Maria Vale": "Elm Harbour Club",
        "Jan Moor": "Oak Union",
    }


def test_a_last_name_first_with_a_role_behind_is_turned(tmp_path: Path) -> None:
    text = 'Name,Email\n"Vale, Maria (Chair)",maria.vale@house.example\n"Moor, Jan",jan.moor@house.example\n'
    found = named(read(tmp_path, "a.csv", text))
    assert found.keys() == {"Maria Vale", "Jan Moor"}
