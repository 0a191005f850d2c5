"""A remark that nobody foresaw is asked about: in words, in a colour, struck out, in a column of yes and no."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.account import Account
from outreach.intake.doubts import DOUBTS, IGNORE, doubts_in
from outreach.intake.holding import NO_MAIL, held
from outreach.intake.joining import LIFTED
from outreach.intake.marks import marks_of
from outreach.model.found import FoundContact
from outreach.tasks.importing.documents import read_documents
from tests.intake.test_strangers_lists import no_mail, read


def contacts(remarks: list[str], file: str = "a.csv") -> list[FoundContact]:
    return [
        FoundContact(
            id=f"org-{at}",
            values={"id": f"org-{at}", "name": f"Org {at}"} | ({"internal_notes": remark} if remark else {}),
            file=file,
            line=at + 2,
        )
        for at, remark in enumerate(remarks)
    ]


def doubted(remarks: list[str]) -> set[str]:
    found = contacts(remarks)
    return {remarks[at] for at in doubts_in(found, [True] * len(found))}


@pytest.mark.parametrize(
    "remark",
    ["a fait la sourde oreille", "gęsia skórka", "blev tvär", "went all quiet on the row", "\u2020", "nee nee"],
)
def test_a_remark_that_is_not_understood_is_asked_about(remark: str) -> None:
    assert doubted([remark, "", ""]) == {remark}
    assert doubted([remark, *[""] * 40, "keen to help"]) == {remark}


@pytest.mark.parametrize(
    "remark",
    ["asked for two copies", "kommt zum Treffen, freut sich", "Director", "journaliste Léa Fontaine", "12", "NGO"],
)
def test_what_is_known_to_be_none_is_not(remark: str) -> None:
    assert doubted([remark, "", ""]) == set()


def test_where_most_of_a_long_list_is_described_descriptions_are_not_asked_about() -> None:
    described = [f"sketches gully number {at}" for at in range(30)]
    assert doubted([*described, "furious with us"]) == {"furious with us"}
    assert doubted([described[0], *[""] * 30]) == {described[0]}


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whoever_is_not_free_is_not_asked_about_again(remarks: list[str]) -> None:
    assert doubts_in(contacts(remarks), [False] * len(remarks)) == {}


@pytest.mark.parametrize(("label", "yes", "no"), [("OK?", "ja", "nein"), ("ok", "x", "no"), ("Erlaubt", "ja", "nein")])
def test_a_no_in_a_column_that_asks_for_leave_is_asked_about(tmp_path: Path, label: str, yes: str, no: str) -> None:
    text = f"Name,Email,{label}\nElm Club,info@elm.example,{yes}\nOak Union,office@oak.example,{no}\n"
    account = Account()
    assert no_mail(read(tmp_path, "a.csv", text, account), account) == ({"Oak Union"}, ["office@oak.example"])


@pytest.mark.parametrize(
    ("label", "known", "strange"),
    [
        ("Status", "kontakt 12.03", "szkoda czasu"),
        ("Esito", "da richiamare", "picche"),
        ("macht mit", "vielleicht", "auf keinen Fall"),
        ("ok pour nous ?", "oui", "non"),
        ("last_note", "lent a projector", "chairman blew his top"),
        ("Lead Status", "IN_PROGRESS", "BAD_FIT_2024"),
    ],
)
def test_how_it_stands_with_somebody_is_asked_about_where_it_is_not_understood(
    tmp_path: Path, label: str, known: str, strange: str
) -> None:
    text = f"Name,Email,{label}\nElm Club,info@elm.example,{known}\nOak Union,office@oak.example,{strange}\n"
    text += "Ash Trust,hi@ash.example,\n"
    account = Account()
    assert "Oak Union" in no_mail(read(tmp_path, "a.csv", text, account), account)[0]
    if label != "last_note":
        assert no_mail(read(tmp_path, "a.csv", text, account), account)[0] == {"Oak Union"}


@pytest.mark.parametrize(("label", "value"), [("Answered our mail?", "no"), ("State", "Kansas"), ("On Mastodon", "no")])
def test_what_else_is_known_of_somebody_is_no_remark(tmp_path: Path, label: str, value: str) -> None:
    text = f"Name,Email,{label}\nElm Club,info@elm.example,{value}\nOak Union,office@oak.example,\n"
    account = Account()
    assert no_mail(read(tmp_path, "a.csv", text, account), account) == (set(), [])


def test_all_that_may_be_a_no_is_one_question_for_a_document(tmp_path: Path) -> None:
    text = (
        "Name,Email,Notes\nElm Club,info@elm.example,letters only\nOak Union,office@oak.example,was cross\n"
        "Ash Trust,hi@ash.example,sidelong looks\nFir Fund,fir@fir.example,\nBay Lab,bay@bay.example,\n"
    )
    account = Account()
    names, asked = no_mail(read(tmp_path, "a.csv", text, account), account)
    assert names == {"Elm Club", "Oak Union", "Ash Trust"}
    assert set(asked) == {"info@elm.example", "office@oak.example", "hi@ash.example"}
    (question,) = [each for each in account.questions if each.id.startswith(NO_MAIL)]
    assert question.id.startswith(DOUBTS)
    answered = Account({question.id: IGNORE})
    found, _ = held(read(tmp_path, "a.csv", text, answered), answered, date(2026, 11, 30))
    assert [each.values.get("do_not_contact") for each in found] == [LIFTED] * 3 + [None] * 2


def workbook(tmp_path: Path, colours: dict[int, dict[str, str]], rows: int = 8) -> Path:
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Organisation", "Email"), book.add_format({"bg_color": "#D9D9D9", "bold": True}))
        for row in range(1, rows):
            look = book.add_format(colours[row]) if row in colours else None
            sheet.write_row(row, 0, (f"Club Number {row}", f"info@club{row}.example"), look)
    return file


@pytest.mark.parametrize(
    "look", [{"bg_color": "#FF9999"}, {"bg_color": "red"}, {"font_color": "#C00000"}, {"font_color": "#A6A6A6"}]
)
def test_the_few_rows_in_red_or_grey_are_asked_about(tmp_path: Path, look: dict[str, str]) -> None:
    (marks,) = marks_of(workbook(tmp_path, {3: look}).read_bytes()).values()
    assert {2, 3, 4, 5} & marks.coloured_rows.keys() == {4}


def test_a_legend_tells_of_nobody_and_the_red_row_is_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        red = book.add_format({"bg_color": "#FFC7CE"})
        sheet.write(0, 0, "red = said no")
        sheet.write_row(2, 0, ("Organisation", "Email"))
        for row in range(3, 9):
            look = red if row == 5 else None
            sheet.write_row(row, 0, (f"Club Number {row}", f"info@club{row}.example"), look)
    account = Account()
    found = read_documents([file], {}, tmp_path / "campaign", account).found
    assert no_mail([contact for each in found for contact in each.contacts], account) == (
        {"Club Number 5"},
        ["info@club5.example"],
    )


@pytest.mark.parametrize(
    "colours",
    [
        {row: {"bg_color": "#F2F2F2"} for row in range(2, 8, 2)},  # bands
        {3: {"bg_color": "#C6EFCE"}, 4: {"font_color": "#0563C1"}, 5: {"bg_color": "#FFFF00"}},
        {row: {"bg_color": "#FF9999"} for row in range(1, 8)},
    ],
)
def test_how_a_sheet_looks_is_no_mark(tmp_path: Path, colours: dict[int, dict[str, str]]) -> None:
    (marks,) = marks_of(workbook(tmp_path, colours).read_bytes()).values()
    assert not set(range(2, 9)) & marks.coloured_rows.keys()


def test_a_row_of_an_open_document_sheet_may_be_struck_out_or_red() -> None:
    styles = (
        '<style:style style:name="s" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style><style:style style:name="r" style:family="table-cell">'
        '<style:table-cell-properties fo:background-color="#ff0000"/></style:style><style:style style:name="p" '
        'style:family="table-cell"><style:text-properties style:text-line-through-style="none"/></style:style>'
    )
    looks = ("p", "s", "p", "r")
    rows = "".join(
        f'<table:table-row><table:table-cell table:style-name="{look}"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
        for look in looks
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", f'{styles}<table:table table:name="A">{rows}</table:table>')
    marks = marks_of(file.getvalue())["A"]
    assert marks.struck_rows == {2}
    assert marks.coloured_rows == {4: "red"}
