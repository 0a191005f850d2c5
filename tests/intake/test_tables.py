"""Tables in any form become contacts, and every row is accounted for."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.contacts_plain import settled
from outreach.errors import UnreadableSource
from outreach.intake.tables import read_csv, read_workbook
from outreach.intake.text import decoded
from outreach.intake.vocabulary import meaning
from outreach.model.found import Found
from outreach.words.country_names import country_code
from outreach.words.languages import language_of


def only(found: Found) -> dict[str, Any]:
    assert len(found.contacts) == 1, found
    return dict(found.contacts[0].values)


def accounted(found: Found, text: str) -> None:
    """Every line with text stands in exactly one passage."""
    lines = [line for each in found.passages for line in range(each.line, each.end + 1)]
    assert len(lines) == len(set(lines))
    filled = {number for number, line in enumerate(text.split("\n"), 1) if line.strip()}
    assert filled <= set(lines)


TABLE = "Organisation{0}E-Mail{0}Land\nKrügers Büro{0}info@k.example{0}Österreich\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_any_separator_encoding_and_line_end_is_read(delimiter: str, encoding: str, line_end: str) -> None:
    data = TABLE.format(delimiter).replace("\n", line_end).encode(encoding)
    values = only(read_csv("a.csv", decoded(data, "a.csv").text))
    assert values["name"] == "Krügers Büro"
    assert values["country"] == "AT"
    assert values["channels"] == [{"email": "info@k.example"}]
    assert values["imported_from"] == "a.csv line 2"


@pytest.mark.parametrize(
    ("header", "targets"),
    [
        ("Name,E-mail,Second e-mail,Website,Country,Language,Priority,Tags,Notes,Phone,Contact person,Job title",
         "name email email website country language tier tags internal_notes phone person person_role"),
        ("Firma,E-Mail-Adresse,Webseite,Land,Sprache,Priorität,Themen,Bemerkungen,Telefon,Ansprechpartner,Funktion",
         "name email website country language tier tags internal_notes phone person person_role"),
        ("Nom,Courriel,Site web,Pays,Langue,Priorité,Mots-clés,Remarques,Téléphone,Personne de contact,Fonction",
         "name email website country language tier tags internal_notes phone person person_role"),
        ("Nombre,Correo electrónico,Sitio web,País,Idioma,Prioridad,Etiquetas,Notas,Teléfono,Persona de contacto,Cargo",
         "name email website country language tier tags internal_notes phone person person_role"),
        ("Nome,Posta elettronica,Sito web,Paese,Lingua,Priorità,Etichette,Commenti,Telefono,Referente,Ruolo",
         "name email website country language tier tags internal_notes phone person person_role"),
        ("Naam,E-mailadres,Webstek,Land,Taal,Prioriteit,Trefwoorden,Opmerkingen,Telefoon,Contactpersoon,Functie",
         "name email website country language tier tags internal_notes phone person person_role"),
        ("Nazwa,Adres e-mail,Strona internetowa,Kraj,Język,Priorytet,Tagi,Uwagi,Telefon,Osoba kontaktowa,Stanowisko",
         "name email website country language tier tags internal_notes phone person person_role"),
        ("Organisation,Nicht kontaktieren,Kontaktformular,Mastodon,Bluesky,Aufhänger,Art,Zuständig,Abkürzung",
         "name do_not_contact form mastodon bluesky personal_text kind owner short"),
    ],
)  # fmt: skip
def test_columns_are_known_in_seven_languages(header: str, targets: str) -> None:
    assert [(meaning(label) or ("?",))[0] for label in header.split(",")] == targets.split()


@pytest.mark.parametrize(
    ("text", "code"),
    [("Österreich", "AT"), ("osterreich", "AT"), ("Pays-Bas", "NL"), ("Włochy", "IT"), ("NO", "NO"), ("UK", "GB"),
     ("U.S.A.", "US"), ("Narnia", None)],
)  # fmt: skip
def test_countries_are_known_by_name(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_languages_are_known_by_name() -> None:
    assert [language_of(word) for word in ("Deutsch", "français", "DE", "de-at", "klingon")] == [
        "de", "fr", "de", "de-AT", None,
    ]  # fmt: skip


def test_cells_hold_more_than_one_thing() -> None:
    text = (
        "Organisation;Name;E-Mail;E-Mail (Presse);Tags;Kein Schlüssel;Nicht anschreiben\n"
        'X;Maria Beispiel (Leitung);"Info <info@x.example>, Jo Doe <jo@x.example>";p@x.example;a, b;01067;ja\n'
    )
    values = only(read_csv("a.csv", text))
    assert values["channels"] == [
        {"email": "info@x.example", "role": "general"}, {"email": "jo@x.example"},
        {"email": "p@x.example", "role": "press"},
    ]  # fmt: skip
    assert values["people"] == [
        {"name": "Maria Beispiel", "role": "Leitung"},
        {"name": "Jo Doe", "email": "jo@x.example"},
    ]
    assert values["tags"] == ["a", "b"]
    assert values["fields"] == {"Kein Schlüssel": "01067"}
    assert values["do_not_contact"] is True


def test_titles_empty_rows_and_rows_without_a_name_are_accounted_for() -> None:
    text = "Unsere Kontakte 2025;;\n;;\nName;E-Mail;Land\nEins;a@eins.example;DE\n;;\n;b@zwei.example;\nDrei;;Narnia\n"
    found = read_csv("liste.csv", text)
    accounted(found, text)
    assert [each.id for each in found.contacts] == ["eins", "drei"]
    assert [(each.line, each.kind) for each in found.passages if each.kind == "not-understood"] == [
        (6, "not-understood")
    ]
    assert found.texts[0].body == "Unsere Kontakte 2025\n"
    assert found.contacts[1].values["fields"] == {"Land": "Narnia"}


def test_quoted_line_ends_and_quotation_marks_that_never_close() -> None:
    text = 'Name,Notes\n"A","one\ntwo"\n"B,broken\nC,fine\n'
    found = read_csv("a.csv", text)
    accounted(found, text)
    assert [each.id for each in found.contacts] == ["a", "c"]
    assert found.contacts[0].values["internal_notes"] == "one\ntwo"
    assert [each.line for each in found.passages if each.kind == "not-understood"] == [4]


def test_a_table_without_a_name_gives_nothing_and_says_what_would_help() -> None:
    found = read_csv("a.csv", "Datum,Betrag\n2026-01-01,5\n")
    assert not found.contacts
    assert "imports.yaml" in found.remarks[0].hint
    assert {each.kind for each in found.passages} == {"not-understood"}


def test_a_stored_mapping_is_followed() -> None:
    known = {"a.csv": {"Datum": "name", "Betrag": "fields"}}
    assert only(read_csv("a.csv", "Datum,Betrag\nAhoi,5\n", known))["name"] == "Ahoi"


def test_a_first_row_of_data_is_guessed_and_asked_about() -> None:
    found = read_csv("a.csv", "Bees,info@bees.example\nWasps,info@wasps.example\n")
    assert [each.id for each in found.contacts] == ["bees", "wasps"]
    assert "guessed" in found.remarks[0].message


def workbook() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Liste")
    sheet.write_row(0, 0, ["Verteiler"])
    sheet.merge_range(2, 0, 2, 1, "Organisation")
    sheet.merge_range(2, 2, 2, 3, "Kontakt")
    sheet.write_row(3, 0, ["Name", "Land", "E-Mail", "Erfasst am"])
    sheet.write_row(4, 0, ["Eins", "Polska", "a@eins.example"])
    import datetime

    sheet.write_datetime(4, 3, datetime.datetime(2025, 12, 14), book.add_format({"num_format": "yyyy-mm-dd"}))
    other = book.add_worksheet("Presse")
    other.write_row(0, 0, ["Medium", "Name", "Priorität"])
    other.write_row(1, 0, ["", "Zeitung", 2])
    book.close()
    return file.getvalue()


def test_workbooks_have_sheets_merged_headers_dates_and_numbers() -> None:
    found = read_workbook("k.xlsx", workbook())
    one, two = (each.values for each in found.contacts)
    assert (one["name"], one["country"], one["collected_on"]) == ("Eins", "PL", "2025-12-14")
    assert one["imported_from"] == "k.xlsx#Liste line 5"
    assert (two["name"], two["tier"]) == ("Zeitung", 2)


@pytest.mark.parametrize("data", [b"", b"no table at all", b"PK\x03\x04 broken"])
def test_a_damaged_workbook_is_one_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match=r"k\.xlsx cannot be read"):
        read_workbook("k.xlsx", data)


def test_an_archive_that_is_no_workbook_is_one_sentence() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(UnreadableSource):
        read_workbook("k.ods", file.getvalue())


CELLS = st.text("aB@.;,\"'\n\t<>():/-é0 ", max_size=12) | st.sampled_from("a@b.example https://x.example NO x".split())
LABELS = st.sampled_from("Name E-Mail Land Notes Tags Person Mastodon Form Zip Tier Kind".split())


@given(st.lists(LABELS, min_size=1, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=8))
def test_any_table_is_accounted_for_and_gives_contacts_that_can_be_written(
    labels: list[str], rows: list[list[str]]
) -> None:
    import csv

    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([labels, *rows])
    found = read_csv("a.csv", file.getvalue())
    accounted(found, file.getvalue())
    for contact in found.contacts:
        assert settled(contact.values)["name"]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    accounted(read_csv("a.csv", text), text.replace("\r\n", "\n").replace("\r", "\n"))
