"""Documents as they are in the world: pages, minutes, messages, workbooks of others. Who is in them arrives.

Each stands for a kind that is found in public: a members' page with logos, MPs by constituency, a drawn tree.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from outreach.errors import UnreadableSource
from outreach.intake.account import Account
from outreach.intake.no_means_no import Says, read_text
from outreach.intake.notes.placeholders import with_variables
from outreach.tasks.importing.documents import read_documents
from outreach.words.named_day import is_day
from tests.intake.test_strangers_lists import named, no_mail, reached, read


def asked(account: Account) -> str:
    return " ".join(each.ask for each in account.questions)


@pytest.mark.parametrize("text", ["di 17/3", "Monday, 3 May", "12.5.2026", "Montag", "le 4 avril"[3:], "2026-05-12"])
def test_a_day_is_a_day(text: str) -> None:
    assert is_day(text)


@pytest.mark.parametrize("text", ["Radio 98.4", "Agenda 2030", "Studio 54", "12 Monkeys", "Mai", "Elm Club", "3", ""])
def test_a_name_with_a_number_is_no_day(text: str) -> None:
    assert not is_day(text)


def test_a_day_before_a_call_is_nobody(tmp_path: Path) -> None:
    text = (
        "# Belnotities\n\n**ma 16/3** – Natuur Zuid gebeld (Karin Bos, k.bos@natuurzuid.example): doet mee.\n\n"
        "**do 19/3** – Boerenbelang: niet meer mailen (info@boerenbelang.example).\n\n"
        "Next meeting: 9 July 2026. Minutes taken by Lena Vogt (lena@office.example)\n"
    )
    account = Account()
    found = read(tmp_path, "calls.md", text, account)
    assert named(found).keys() == {"Natuur Zuid", "Boerenbelang"}
    assert no_mail(found, account)[0] == {"Boerenbelang"}
    assert [each.value for each in account.refusals] == ["lena@office.example"]


def test_a_table_of_html_in_markdown_is_a_table(tmp_path: Path) -> None:
    text = (
        "# Partners\n\nWho signed:\n\n<table>\n<tr><th>Organisation</th><th>E-mail</th></tr>\n\n"
        "<tr><td>Elm Club</td><td>info@elm.example</td></tr>\n<tr><td>Oak Society</td>\n"
        '<td><a href="mailto:hi@oak.example">write</a></td></tr>\n</table>\n\nThanks.\n'
    )
    found = read(tmp_path, "README.md", text)
    assert {name: reached(each) for name, each in named(found).items()} == {
        "Elm Club": ["info@elm.example"], "Oak Society": ["hi@oak.example"]
    }  # fmt: skip
    assert [each.line for each in found] == [8, 9]


def test_a_row_of_logos_in_a_readme_is_cards(tmp_path: Path) -> None:
    text = (
        "# Supporters\n\n<table><tr><td><a href='https://fern.example'><img src=a><br><b>Fern Code</b></a><br>"
        "oss@fern.example</td><td><a href='https://moss.example'><b>Moss Lab</b></a></td></tr></table>\n\n"
        "- Elm Club: info@elm.example\n- Oak Club: info@oak.example\n"
    )
    account = Account()
    found = named(read(tmp_path, "SUPPORTERS.md", text, account))
    assert "Fern Code" in " ".join(found) + asked(account)


def test_a_drawn_tree_has_the_organisations_above_their_desks(tmp_path: Path) -> None:
    text = (
        "# Groups\n\n```\nElm University:\n├── physics@elm.example (Confirmed)\n└── office@elm.example\n\n"
        "Oak Trust:\n├── hello@oak.example\n└── press@oak.example (Press)\n```\n"
    )
    assert {name: reached(each) for name, each in named(read(tmp_path, "g.md", text)).items()} == {
        "Elm University": ["physics@elm.example", "office@elm.example"],
        "Oak Trust": ["hello@oak.example", "press@oak.example"],
    }


def test_who_an_address_names_is_who_it_is_of(tmp_path: Path) -> None:
    text = (
        "DEPUTIES\n\n1re circonscription\nM. Bastien Roux (Groupe vert)\nTel. 04 55 55 01 01\n"
        "bastien.roux@ass.example\n\n"
        "2e circonscription\nMme Ana Carpin (Centre)\nana.carpin@ass.example\n"
    )
    assert named(read(tmp_path, "d.txt", text)).keys() == {"Bastien Roux", "Ana Carpin"}


def test_a_last_name_before_a_first_one_is_a_person(tmp_path: Path) -> None:
    page = (
        "<h1>Diputados</h1><ul><li><a href='/1'>Alonso Vega, Lucía</a> (G.P. Mixto) <a>la@cortes.example</a></li>"
        "<li>de la Cruz Sanz, Ana (G.P. Mixto) ac@cortes.example</li><li>Radio Norte, Ana Gil: ag@radionorte.example"
        "</li></ul>"
    )
    account = Account()
    found = named(read(tmp_path, "d.html", page, account))
    for name in ("Lucía Alonso Vega", "Ana de la Cruz Sanz", "Radio Norte"):
        assert name in found or name in asked(account)


def test_names_with_indented_labels_below_are_each_their_own(tmp_path: Path) -> None:
    text = (
        "ELENCO ADERENTI\n\nSponda Viva\n  Presidente: Ugo Riva\n  e-mail: info@spondaviva.example\nCanoa Delta\n"
        "  Referente: Ada Foce\n  e-mail: ada@canoadelta.example\n"
    )
    found = named(read(tmp_path, "soci.txt", text))
    assert {name: reached(each) for name, each in found.items()} == {
        "Sponda Viva": ["info@spondaviva.example"], "Canoa Delta": ["ada@canoadelta.example"]
    }  # fmt: skip


def test_a_page_of_members_has_people_whatever_they_are_there(tmp_path: Path) -> None:
    page = (
        "<h2>Committee on Rivers – Members</h2><ul><li><b>Chair:</b> Prof. Ada Weir (Liberal) — ada.weir@s.example</li>"
        "<li><b>Vice-Chair:</b> Tom Lock (Labour) — tom.lock@s.example</li><li>Anna Ford (Green) — anna.ford@s.example"
        "</li></ul>"
    )
    account = Account()
    found = named(read(tmp_path, "c.html", page, account))
    for name in ("Ada Weir", "Tom Lock", "Anna Ford"):
        assert name in " ".join(found) + asked(account)
    assert not any("Chair" in name or "Committee" in name for name in found)


def test_a_message_with_a_list_is_no_letter(tmp_path: Path) -> None:
    text = (
        "Subject: contacts for the press conference\n\nHi all, here they are:\n\n"
        "1. Il Mattino – Carla Neri – c.neri@mattino.example\n2. TeleValle: redazione@televalle.example\n"
        "\nCheers,\nElisa\n"
    )
    account = Account()
    found = read_documents_of(tmp_path, "list.md", text, account)
    assert {"Il Mattino", "TeleValle"} <= {str(each.values["name"]) for each in found.contacts}
    assert not found.texts or all(text.folder != "templates" for text in found.texts)


def read_documents_of(folder: Path, name: str, text: str, account: Account):  # type: ignore[no-untyped-def]
    (folder / name).write_text(text, encoding="utf-8")
    (found,) = read_documents([folder / name], {}, folder / "campaign", account).found
    return found


MEMBERS = (
    "<h1>Our members</h1><div><a href='https://elmclub.example'><img src=e.png alt='Elm Club logo'></a>"
    "<h3>Elm Club</h3><a href='mailto:info@elmclub.example'>info@elmclub.example</a></div><div><a href='https://oaktrust.example'>"
    "<img src=o.png alt='Oak Trust'></a><h3>Oak Trust</h3><a href='mailto:hi@oaktrust.example'>Email</a></div>"
    "<a href='https://fenfund.example'><h3>Fen Fund</h3></a><p>Ireland</p><h2>Observers</h2>"
    "<a href='https://moorsoc.example'><img alt='Moorsoc'></a><a href='https://tarnnet.example'><img alt='Tarnnet'></a>"
    "<h2>Get in touch</h2><p>Membership officer: Ilse Brook, members@rivers.example</p>"
    "<footer>Rivers Coalition, office@rivers.example</footer>"
)


def test_a_logo_has_the_website_of_the_name_below_it_and_whoever_made_the_page_is_asked_about(tmp_path: Path) -> None:
    account = Account()
    found = named(read(tmp_path, "members.html", MEMBERS, account))
    assert {name: each.get("website") for name, each in found.items()} == {
        "Elm Club": "https://elmclub.example", "Oak Trust": "https://oaktrust.example",
        "Fen Fund": "https://fenfund.example",
    }  # fmt: skip
    assert "Moorsoc, Tarnnet" in asked(account)
    assert "members@rivers.example" in asked(account)


def test_minutes_tell_of_those_present_by_name(tmp_path: Path) -> None:
    text = (
        "# Minutes\n\nPresent:\n\n- Tom Barley – Fen Network – tom@fen.example\n"
        "- Jo Silt – Lower Anglers – jo.silt@anglers.example\n\n"
        "## Any other business\n\nJo Silt asked that the Anglers no longer receive the weekly emails.\n"
    )
    account = Account()
    found = read(tmp_path, "minutes.md", text, account)
    assert no_mail(found, account)[0] == {"Jo Silt"}
    assert named(found)["Jo Silt"]["fields"] == {"organisation": "Lower Anglers"}


def test_a_heading_with_an_address_tells_of_that_address_only(tmp_path: Path) -> None:
    text = "# off: kunz@kiez.example (unsubscribed)\nElm Club <info@elm.example>\nOak Trust <hi@oak.example>\n"
    account = Account()
    assert not no_mail(read(tmp_path, "v.txt", text, account), account)[0]


def test_those_below_rejected_are_asked_about(tmp_path: Path) -> None:
    text = "# Funders\n\n- Elm Fund, info@elm.example\n\n## Rejected\n\n- Oak Fund, hi@oak.example\n"
    account = Account()
    assert no_mail(read(tmp_path, "f.md", text, account), account)[1] == ["hi@oak.example"]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("id;vorname;nachname;wahlkreis_name;email_buero\n1;Ida;Korn;Havel;ida.korn@l.example\n2;Bo;Lind;Spree;\n",
         {"Ida Korn", "Bo Lind"}),
        ("Title,Forename,Surname,Ward,Email\nCllr,Ida,Korn,Abbey,ida.korn@b.example\n,VACANT,,Docks,\n", {"Ida Korn"}),
        ("Nr,Organisation,E-Mail,2025,2026,Code\n1,Elm Club,a@elm.example,5,6,A\n2,Oak Trust,b@oak.example,5,6,B\n"
         ",Total,,10,12,\n\nLegend\nA,yearly\nB,once\n", {"Elm Club", "Oak Trust"}),
        ("Organisation,E-Mail,Coming\nElm Club,a@elm.example,yes\nOak Trust,b@oak.example,no\nSum coming total:,,1\n",
         {"Elm Club", "Oak Trust"}),
        ('Organisation,E-Mail\n"Elm Institute\nAuenweg 3, 06120 Halle",a@elm.example\n"Oak Society\nChair: Ann Lee",'
         "b@oak.example\n", {"Elm Institute", "Oak Society"}),
    ],
)  # fmt: skip
def test_what_else_a_table_says_is_no_name(tmp_path: Path, table: str, names: set[str]) -> None:
    assert named(read(tmp_path, "t.csv", table)).keys() == names


def test_a_label_for_any_gender_and_a_person_below_a_name_are_understood(tmp_path: Path) -> None:
    table = 'Verein;Vorsitzende/r;E-Mail\nElm e.V.;Ann Lee;a@elm.example\n"Oak\nChair: Bo Lind";;b@oak.example\n'
    found = named(read(tmp_path, "t.csv", table))
    assert [each["people"][0]["name"] for each in found.values()] == ["Ann Lee", "Bo Lind"]


def test_how_a_letter_begins_is_the_greeting(tmp_path: Path) -> None:
    table = (
        "Institution,Ansprechpartner,Anrede,E-Mail\n"
        "Elm,Kai Dreyer,\"Sehr geehrter Herr Professor Dreyer,\",k@elm.example\n"
        "Oak,Cara Dunn,Frau,cara@oak.example\n"
    )  # fmt: skip
    found = named(read(tmp_path, "t.csv", table))
    assert found["Elm"]["greeting"] == "Sehr geehrter Herr Professor Dreyer"
    assert "greeting" not in found["Oak"]


def test_why_them_is_what_a_letter_asks_for(tmp_path: Path) -> None:
    assert with_variables("Dear [Person],\n[Why them]") == "Dear {{ contact.name }},\n{{ contact.personal_text }}"
    table = "Outlet,Email,Why them\nElm,a@elm.example,They counted.\n"
    assert named(read(tmp_path, "t.csv", table))["Elm"]["personal_text"] == "They counted."
    table = "Outlet,Email,Why them,Pitch angle\nElm,a@elm.example,They counted.,Count again.\n"
    values = named(read(tmp_path, "u.csv", table))["Elm"]
    assert (values["internal_notes"], values["personal_text"]) == ("They counted.", "Count again.")


def test_what_office_keeps_beside_an_open_document_is_no_list(tmp_path: Path) -> None:
    name = "~$partners.xlsx"
    (tmp_path / name).write_bytes(b"\x05Ann Lee" + bytes(100))
    (tmp_path / "l.csv").write_text("Name,Email\nElm,a@elm.example\n", encoding="utf-8")
    with pytest.raises(UnreadableSource, match="it is not a list"):
        read_documents([tmp_path / name], {}, tmp_path / "none", Account())
    (skipped,) = read_documents([tmp_path], {}, tmp_path / "none", Account()).skipped
    assert "Close the document in Office" in skipped


def test_a_line_break_in_a_word_cell_makes_no_address(tmp_path: Path) -> None:
    from docx import Document

    document, file = Document(), io.BytesIO()
    document.add_table(rows=1, cols=2).rows[0].cells[1].text = "Tel. 11\noffice@elm.example\nwww.elm.example"
    document.save(file)
    assert zipfile.is_zipfile(file)
    (tmp_path / "a.docx").write_bytes(file.getvalue())
    account = Account()
    read_documents([tmp_path / "a.docx"], {}, tmp_path / "none", account)
    assert "office@elm.examplewww" not in str(account.refusals)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ne contacter qu'à partir du 15 mars", date(2027, 3, 15)),
        ("bitte erst ab dem 1. März anschreiben", date(2027, 3, 1)),
        ("on leave, write again after 1 September 2027", date(2027, 9, 1)),
        ("contattare solo dopo il 1° febbraio", date(2027, 2, 1)),
        ("contactar a partir de septiembre", date(2027, 9, 1)),
        ("recontacter seulement après le 1er mai", date(2027, 5, 1)),
        ("pas contactar", None),
        ("contacted after 1 May 2025", None),
    ],
)
def test_a_day_from_which_we_may_write_is_asked_about(text: str, day: date | None) -> None:
    said = read_text(text, date(2026, 11, 30))
    assert (said.until if said and said.says is Says.ASK else None) == day
