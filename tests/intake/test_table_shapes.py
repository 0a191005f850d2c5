"""Tables as other people make them: headers, headings, totals, hidden rows, links, and addresses in any spelling."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from outreach.intake.account import Account
from outreach.intake.shapes import shape_of
from outreach.intake.tables import read_csv, read_workbook
from outreach.intake.vocabulary import meaning
from outreach.model.found import Found


def contacts(text: str, account: Account | None = None) -> dict[str, Any]:
    return {str(each.values["name"]): each.values for each in read_csv("a.csv", text, {}, account).contacts}


def emails(values: Any) -> list[str]:
    return [channel["email"] for channel in values.get("channels", ()) if "email" in channel]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("jo [at] x.example", "jo@x.example"),
        ("jo(at)x.example", "jo@x.example"),
        ("jo {at} x {dot} example", "jo@x.example"),
        ("jo[arroba]x[punto]example", "jo@x.example"),
        ("\u200bjo@x.example", "jo@x.example"),
        ("jo\uff20x.example", "jo@x.example"),
        ("jo @ x.example", "jo@x.example"),
        ("jo dot doe at x dot example", "jo.doe@x.example"),
        ("jo punkt doe ät x punkt example", "jo.doe@x.example"),
    ],
)
def test_an_address_in_another_spelling_is_cleaned_and_listed(written: str, address: str) -> None:
    account = Account()
    assert emails(contacts(f"Name;E-mail\nBees;{written}\n", account)["Bees"]) == [address]
    assert [(each.was, each.now) for each in account.cleaned] == [(written.strip(" "), address)]
    assert not account.refusals


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("jo@@x.example", "jo@@x.example"),
        ("jo@o_org.example", "jo@o_org.example"),
        ("jo@x .example", "jo@x .example"),
        ("jo@example", "jo@example"),
        ("ask the office", "ask the office"),
    ],
)
def test_what_is_no_address_is_refused_by_its_cell(written: str, value: str) -> None:
    account = Account()
    contacts(f"Name;E-mail\nBees;{written}\nWasps;info@wasps.example\n", account)
    (refusal,) = account.refusals
    assert (refusal.place.line, refusal.place.column, refusal.value) == (2, "E-mail", value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("name,beat,latest_title,latest_words\nIda Korn,tech,One,w\nPer Holm,law,Two,w\n", ["Ida Korn", "Per Holm"]),
        ("Outlet,Beat,Mail Contact,Twitter\nThe Lantern,tech,ida@lantern.example,@i\n", ["The Lantern"]),
        ("mep_name,political_group,email\nAnna BERG,Green,anna.berg@ep.example\n", ["Anna BERG"]),
        ("Title,First,Last,Party,Email\nMr,Adam,Bell,Lab,adam.bell@p.example\n", ["Adam Bell"]),
        ("Wer,Wo,Wohin damit\nBienen,Berlin,info@b.example\nWespen,Bonn,info@w.example\n", ["Bienen", "Wespen"]),
        ("Organização;E-mail;Língua\nCasa Aberta;casa@aberta.example;PT\n", ["Casa Aberta"]),
        ("Unsere Liste;;\n;;\nName;E-Mail;Land\nEins;a@eins.example;DE\n", ["Eins"]),
        ("Name,Email\nBees,i@b.example\nName,Email\nWasps,i@w.example\n", ["Bees", "Wasps"]),
        ("Organisation,Bees,Wasps\nE-mail,i@b.example,i@w.example\n", ["Bees", "Wasps"]),
        ("Name:,Bees\nE-mail:,i@b.example\nName:,Wasps\nE-mail:,i@w.example\n", ["Bees", "Wasps"]),
        ("Name,Email\nBees,i@b.example\n,\nOrganisation,E-mail,Land\nWasps,i@w.example,DE\n", ["Bees", "Wasps"]),
    ],
)
def test_a_header_is_found_by_what_stands_below_it_and_is_never_a_contact(text: str, names: list[str]) -> None:
    assert list(contacts(text)) == names


@pytest.mark.parametrize("heading", ["NEWSPAPERS", "Regional papers:", "Zeitungen", "Presse régionale:", "A. Radio"])
@pytest.mark.parametrize("total", ["Total", "Summe", "Total général", "Razem:", "Totaal 2"])
def test_headings_totals_and_notes_of_a_table_are_no_organisations(heading: str, total: str) -> None:
    text = (
        f"Organisation,Contact person,Email\n{heading},,\nDaily One,A B,a@one.example\nDaily Two,,b@two.example\n"
        f"{total},,2\nSource: our own research 2026,,\n"
    )
    found = contacts(text)
    assert list(found) == ["Daily One", "Daily Two"]
    assert found["Daily One"]["tags"] == [heading.strip(":")]


def test_a_lone_name_that_may_be_a_heading_is_asked_about() -> None:
    account = Account()
    text = "Name,Email,City\nNorth and South,,\nBees,i@b.example,Bonn\nWasps,i@w.example,Ulm\nAnts,i@a.example,Ulm\n"
    assert "North and South" not in contacts(text, account)
    (question,) = account.questions
    answered = Account({question.id: "organisation"})
    assert "North and South" in contacts(text, answered)


def test_several_in_a_cell_are_all_taken_with_their_names_and_roles() -> None:
    text = 'Name,Email\nBees,"""Doe, Jo"" <jo@b.example>, press@b.example (press); Office: info@b.example"\n'
    values = contacts(text)["Bees"]
    assert values["channels"] == [
        {"email": "jo@b.example"}, {"email": "press@b.example", "role": "press"},
        {"email": "info@b.example", "role": "general"},
    ]  # fmt: skip
    assert values["people"] == [{"name": "Jo Doe", "email": "jo@b.example"}]


def test_the_address_of_the_contact_person_reaches_the_organisation() -> None:
    values = contacts("organization,contact_name,contact_email\nOpen Roads,Jana Prins,jana@roads.example\n")[
        "Open Roads"
    ]
    assert emails(values) == ["jana@roads.example"]
    assert values["people"] == [{"name": "Jana Prins", "email": "jana@roads.example"}]


@pytest.mark.parametrize("cell", ["n/a", "k.A.", "-", "Yes", "(editor)", "https://x.example", "nieznany"])
def test_what_stands_for_nobody_is_no_person(cell: str) -> None:
    assert "people" not in contacts(f"Organisation,Contact person,Email\nBees,{cell},i@b.example\n")["Bees"]


def test_a_cell_beyond_the_header_is_kept() -> None:
    assert contacts("Name;Notiz\nBienen;gut;naja\n")["Bienen"]["fields"] == {"column 3": "naja"}


def test_private_details_of_people_are_left_out_and_kept_only_when_asked_for() -> None:
    text = (
        "first_name,last_name,email,birthdate,Geschlecht,phone\nErika,MUSTER,erika.muster@x.example,1970-01-01,F,0032\n"
    )
    account = Account()
    assert "fields" not in contacts(text, account)["Erika Muster"]
    (question,) = account.questions
    assert question.optional
    kept = contacts(text, Account({question.id: "keep"}))["Erika Muster"]["fields"]
    assert kept["birthdate"] == "1970-01-01"


def test_an_address_without_a_name_is_asked_about_and_taken_by_its_domain() -> None:
    text = "email\nhello@roads.example\ninfo@river.example\n"
    account = Account()
    assert not contacts(text, account)
    (question,) = account.questions
    assert question.affects == ("hello@roads.example", "info@river.example")
    assert list(contacts(text, Account({question.id: "take"}))) == ["roads.example", "river.example"]


def test_an_empty_name_goes_on_with_the_one_above_where_the_domain_says_so() -> None:
    account = Account()
    text = "Organisation,Person,Email\nRoads,Jana Prins,j@r.example\n,Tom Eik,t@r.example\n,Bo Lind,b@else.example\n"
    found = read_csv("a.csv", text, {}, account)
    assert [each.values["name"] for each in found.contacts] == ["Roads", "Roads", "Bo Lind"]
    assert [each.affects for each in account.questions] == [("b@else.example",)]
    apart = "First name,Last name,Email,Company\nJo,Doe,jo@r.example,Roads\nLee,Wong,lee.wong@post.example,\n"
    assert list(contacts(apart, alone := Account())) == ["Roads", "Lee Wong"]
    assert not alone.questions


def workbook() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("List")
    sheet.write_row(0, 0, ["Organisation", "Contact person", "E-mail", "Website"])
    sheet.merge_range(1, 0, 2, 0, "Open Roads")
    sheet.write_row(1, 1, ["Jana Prins", "jana@roads.example"])
    sheet.write_row(2, 1, ["Tom Eik", "tom@elsewhere.example"])
    sheet.write_row(3, 0, ["River Watch", ""])
    sheet.write_url(3, 2, "mailto:info@river.example", string="Write to them")
    sheet.write_url(3, 3, "https://river.example/", string="Homepage")
    sheet.write_row(4, 0, ["Old Club", "", "old@club.example"])
    sheet.set_row(4, None, None, {"hidden": True})
    hidden = book.add_worksheet("old")
    hidden.write_row(0, 0, ["Name", "E-mail"])
    hidden.write_row(1, 0, ["Gone", "gone@gone.example"])
    hidden.hide()
    book.close()
    return file.getvalue()


def test_a_workbook_gives_links_and_merged_cells_and_refuses_what_is_hidden() -> None:
    account = Account()
    found: Found = read_workbook("k.xlsx", workbook(), {}, account)
    said = [(each.values["name"], emails(each.values)) for each in found.contacts]
    assert said == [
        ("Open Roads", ["jana@roads.example"]),
        ("Open Roads", ["tom@elsewhere.example"]),
        ("River Watch", ["info@river.example"]),
    ]
    assert found.contacts[2].values["website"] == "https://river.example/"
    assert {each.value for each in account.refusals} == {"old@club.example", "gone@gone.example"}
    assert {each.place.sheet for each in account.refusals} == {"List", "old"}


@pytest.mark.parametrize(
    ("label", "target"),
    [
        ("E-mail 1 - Value", "email"), ("Primary Email", "email"), ("Secondary Email", "email"),
        ("E-mail 2 Address", "email"),
        ("Organization Name", "name"), ("Account Name", "name"), ("Denominazione", "name"), ("Associação", "name"),
        ("Correio eletrónico", "email"), ("País", "country"), ("Adresse électronique", "email"),
        ("Osoba do kontaktu", "person"), ("Data de nascimento", "private"), ("Geburtsdatum", "private"),
        ("contact_email", "person_email"), ("office e-mail", "email"), ("Presse-E-Mail", "email"),
    ],
)  # fmt: skip
def test_columns_of_exports_and_of_eight_languages_are_known(label: str, target: str) -> None:
    assert (meaning(label) or ("?",))[0] == target


def test_a_country_may_be_the_sign_on_cars_where_the_label_says_so_and_nowhere_else() -> None:
    signs = {"D": "DE", "A": "AT", "F": "FR", "CH": "CH", "SLO": "SI", "AUT": "AT", "uk": "GB", "Q": None, "SU": None}
    rows = "".join(f"Club {at},x@club{at}.example,{sign},{sign}\n" for at, sign in enumerate(signs))
    found = read_csv("a.csv", f"Name,Mail,Land,Plot\n{rows}", {}, Account())
    assert [each.values.get("country") for each in found.contacts] == list(signs.values())
    assert dict(found.columns[0].columns)["Plot"] == "fields"
    assert shape_of("A") == "text"


def test_of_two_columns_that_mean_people_the_one_in_the_domains_has_the_organisations() -> None:
    text = "Who,Person,Mail\nGreen Banks,Maya Stone,maya@greenbanks.example\nCanal Watch,,info@canalwatch.example\n"
    found = read_csv("a.csv", text + "Weir Action,Tom Reed,tom@weiraction.example\n", {}, Account())
    assert [each.values["name"] for each in found.contacts] == ["Green Banks", "Canal Watch", "Weir Action"]
    assert dict(found.columns[0].columns) == {"Who": "name", "Person": "person", "Mail": "email"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.csv", "email,donotContact\nhello@roads.example,TRUE\ninfo@river.example,TRUE\n"),
        ("a.csv", "E-Mail;Abgemeldet am\nhello@roads.example;2025-01-01\ninfo@river.example;2025-01-02\n"),
        ("do_not_contact.csv", "email\nhello@roads.example\ninfo@river.example\n"),
    ],
)
def test_addresses_of_which_only_a_no_is_known_get_no_mail_and_are_not_asked_about(file: str, text: str) -> None:
    account = Account()
    assert not read_csv(file, text, {}, account).contacts
    assert list(account.no_mail) == ["hello@roads.example", "info@river.example"]
    assert not account.questions


def test_a_formula_that_links_is_an_address_and_what_stands_beside_the_cells_is_refused() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["Name", "E-mail"])
        sheet.write(1, 0, "Bees")
        sheet.write_formula(1, 1, '=HYPERLINK("mailto:i@bees.example","write")', None, "write")
        sheet.write_row(2, 0, ["Wasps", "i@wasps.example"])
        sheet.write_comment(2, 1, "or ask old@wasps.example")
        sheet.set_footer("&Coffice@us.example")
    account = Account()
    found = read_workbook("a.xlsx", file.getvalue(), {}, account)
    assert [emails(each.values) for each in found.contacts] == [["i@bees.example"], ["i@wasps.example"]]
    assert {each.value for each in account.refusals} == {"old@wasps.example", "office@us.example"}


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))


def open_document(rows: str) -> bytes:
    file = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0">'
            f'<m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {SPACES} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return file.getvalue()


def test_an_open_document_gives_links_and_refuses_hidden_rows_too() -> None:
    def row(*cells: str, more: str = "") -> str:
        texts = (f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in cells)
        return f"<table:table-row{more}>{''.join(texts)}</table:table-row>"

    link = '<text:a xlink:href="mailto:i@bees.example">write</text:a>'
    hidden = row("Old", "o@old.example", more=' table:visibility="collapse"')
    account = Account()
    rows = row("Name", "E-mail") + row("Bees", link) + hidden + row("Wasps", "i@wasps.example")
    found = read_workbook("a.ods", open_document(rows), {}, account)
    assert [emails(each.values) for each in found.contacts] == [["i@bees.example"], ["i@wasps.example"]]
    assert [each.value for each in account.refusals] == ["o@old.example"]


def test_the_last_name_beside_a_first_one_is_no_second_person() -> None:
    (one,) = contacts("EMAIL;NOM;PRENOM;SOCIETE\nluc@bocage.example;MARTIN;Luc;Bocage Demain\n").values()
    assert one["name"] == "Bocage Demain"
    assert [each["name"] for each in one["people"]] == ["Luc Martin"]


def test_an_organisation_is_no_person_of_its_own() -> None:
    table = "Contact Type,Display Name,Organization Name,First Name,Last Name,Email\n"
    table += "Organization,Lough Watch,Lough Watch,,,info@lough.example\n"
    table += "Individual,Nora Burke,Peat,Nora,Burke,n@peat.example\n"
    found = contacts(table)
    assert "people" not in found["Lough Watch"]
    assert [each["name"] for each in found["Peat"]["people"]] == ["Nora Burke"]


def test_a_footer_below_a_report_is_a_note_and_no_row_without_a_name() -> None:
    table = "Salutation,First Name,Last Name,Account Name,Email\nMs.,Rosa,Quinn,Tree Council,rosa@tree.example\n"
    table += "Confidential Information - Do Not Distribute\nGenerated By: Jo Adm 12/11/2026 10:14\n"
    found = read_csv("a.csv", table)
    assert [each.id for each in found.contacts] == ["tree-council"]
    assert not [each for each in found.passages if each.kind == "not-understood"]
    assert "Do Not Distribute" in found.texts[0].body


def test_tags_lose_the_marks_of_the_tool_that_wrote_them() -> None:
    assert contacts('Name,Tags\nBees,"""Press"",""VIP"""\n')["Bees"]["tags"] == ["Press", "VIP"]
    assert contacts("Name,Labels\nBees,* myContacts ::: Allies\n")["Bees"]["tags"] == ["myContacts", "Allies"]


FOOTED = """\
Account Name,Email,Description
Harbour Trust,ella@harbour.example,
Light House,jun@light.example,
Total,"2 papers, 3 addresses",
"² estimated; corrections to list@maker.example",,
,,
Sub-total,2,
Contacts by account,,
Copyright 2026 All rights reserved,,
"""


def test_footers_totals_in_words_and_footnotes_with_an_address_are_no_contacts() -> None:
    account = Account()
    assert set(contacts(FOOTED, account)) == {"Harbour Trust", "Light House"}
    assert [refusal.value for refusal in account.refusals] == ["list@maker.example"]


def test_a_table_on_its_side_is_turned_below_numbered_heads_too() -> None:
    rows = ",Org 1,Org 2,Org 3\nOrganisation,Bike Union,Walk Club,Tram Friends\n"
    text = f"{rows}E-mail,al@bike.example,bea@walk.example,tram@friends.example\nPermission to email,yes,no,yes\n"
    assert {name: emails(values) for name, values in contacts(text).items()} == {
        "Bike Union": ["al@bike.example"],
        "Walk Club": ["bea@walk.example"],
        "Tram Friends": ["tram@friends.example"],
    }


@pytest.mark.parametrize(
    "text",
    [
        "Ref,Branch,Secretary,E-mail\nA1,Dock Union,Bob Hook,d@x.example\nA2,Rail Union,Secretary vacant,r@x.example\n",
        "Commune,Maire,Mél\nDock Union,M. Luc FABRE,d@x.example\nRail Union,Mme Ann Petit,r@x.example\n",
        "Timestamp,What are you called?,Where can we write to you?\n2026/05/01 10:00:00,Dock Union,d@x.example\n"
        "2026/05/01 11:00:00,Rail Union,r@x.example\n",
        "Name,Vorname,Nachname,Organisation 1 - Name,E-Mail 1 - Wert\nBob Hook,Bob,Hook,Dock Union,d@x.example\n"
        "Una Bell,Una,Bell,Rail Union,r@x.example\n",
    ],
)
def test_numbers_moments_and_people_beside_organisations_are_not_their_names(text: str) -> None:
    found = contacts(text)
    assert {name: emails(values) for name, values in found.items()} == {
        "Dock Union": ["d@x.example"],
        "Rail Union": ["r@x.example"],
    }
    assert {person["name"] for each in found.values() for person in each.get("people", ())} <= {
        *("Bob Hook", "Una Bell", "Luc FABRE", "Ann Petit"),
    }


def test_people_whose_addresses_have_their_names_are_the_contacts_and_not_their_party() -> None:
    text = "Ward,Councillor,Party,Email,Contact preference\nAbbey,Cllr Jane Okafor,Green,cllr.okafor@c.example,Email\n"
    text += "Abbey,Cllr Bill Reed (Leader),Labour,cllr.reed@c.example,Phone only\n"
    assert [name.partition(" (")[0] for name in contacts(text)] == ["Cllr Jane Okafor", "Cllr Bill Reed"]


def test_a_row_that_says_whose_list_it_is_is_no_contact() -> None:
    account = Account()
    text = "Ente,Referente,E-mail\nComune di Riva,Laura Neri,protocollo@riva.example\nPro Loco,,info@loco.example\n"
    assert set(contacts(f"{text}Elenco a cura di redazione@rete.example,,\n", account)) == {
        "Comune di Riva",
        "Pro Loco",
    }
    assert [refusal.value for refusal in account.refusals] == ["redazione@rete.example"]
