"""Whoever a document sets apart from others is asked about, whatever says so, and in every format the same."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.shared import RGBColor
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.account import Account
from outreach.intake.decoration import undecorated
from outreach.intake.set_apart import set_apart
from outreach.model.found import FoundContact
from outreach.tasks.importing.documents import read_documents
from tests.intake.test_strangers_lists import no_mail, read

CLUBS = ("Elm Club", "Oak Union", "Ash Trust", "Bay Lab", "Fir Fund")


def mail(name: str) -> str:
    return f"info@{name.partition(' ')[0].lower()}.example"


def table(label: str, values: tuple[str, ...]) -> str:
    rows = (f'{name},{mail(name)},"{value}"\n' for name, value in zip(CLUBS, values, strict=True))
    return f"Name,Email,{label}\n{''.join(rows)}"


def held(folder: Path, name: str, text: str) -> set[str]:
    account = Account()
    return no_mail(read(folder, name, text, account), account)[0]


@pytest.mark.parametrize(
    ("label", "values", "apart"),
    [
        ("¿Contactar?", ("sí", "no", "sí", "sí", ""), {"Oak Union"}),
        ("Xyzzy", ("", "x", "", "", ""), {"Oak Union"}),
        ("Xyzzy", ("yes", "no", "yes", "yes", "yes"), {"Oak Union"}),
        ("Xyzzy", ("1", "0", "1", "1", ""), {"Oak Union"}),
        ("Xyzzy", ("", "2024-05-01", "", "", ""), {"Oak Union"}),
        ("Xyzzy", ("vu", "barré", "vu", "vu", "vu"), {"Oak Union"}),
        ("Post erwünscht?", ("ja", "nein, seit Mai", "ja, gern kurz", "", "nein"), {"Oak Union", "Fir Fund"}),
        ("Mag gemaild?", ("ja", "liever niet", "ja, graag", "nee", ""), {"Oak Union", "Bay Lab"}),
        ("Gestrichen", ("ja", "nein", "ja", "ja", ""), {"Elm Club", "Ash Trust", "Bay Lab"}),
        ("Xyzzy", ("", "legte grußlos auf", "", "", ""), {"Oak Union"}),
        ("Poslat?", ("ano", "ne", "ano", "ano", "ne"), {"Oak Union", "Fir Fund"}),
        ("Tags", ("press", "press, nope", "local", "ex", "local"), {"Oak Union", "Bay Lab"}),
        (
            "Note",
            ("", "talks well, but at the end of it they would not stay with the others", "", "", ""),
            {"Oak Union"},
        ),
        ("Xyzzy", ("yes", "yes", "yes", "yes", "yes"), set()),
        ("Xyzzy", ("12", "0", "1", "7", ""), set()),
        ("Xyzzy", ("S", "C", "M", "S", ""), set()),
        ("On Mastodon", ("yes", "no", "yes", "yes", ""), set()),
        ("Answered", ("yes", "no", "yes", "yes", ""), set()),
        ("Founded on", ("", "2024-05-01", "", "", ""), set()),
    ],
)
def test_a_column_that_is_not_understood_sets_the_few_apart(
    tmp_path: Path, label: str, values: tuple[str, ...], apart: set[str]
) -> None:
    assert held(tmp_path, "a.csv", table(label, values)) == apart


@pytest.mark.parametrize(
    ("heading", "is_asked"),
    [("On oublie", True), ("Nie wieder", True), ("Näille ei enää kirjoiteta", True), ("Bumper", True),
     ("Radios", False), ("Lisbon groups", False), ("Portugal", False), ("Qui on relance pour la pétition", False)],
)  # fmt: skip
def test_a_heading_over_some_is_asked_about_unless_it_says_of_what_kind_they_are(
    tmp_path: Path, heading: str, is_asked: bool
) -> None:
    items = [f"- {name}: {mail(name)}\n" for name in CLUBS]
    notes = f"# Partners\n\n## Press\n\n{''.join(items[:3])}\n## {heading}\n\n{''.join(items[3:])}"
    apart = set(CLUBS[3:]) if is_asked else set()
    assert held(tmp_path, "a.md", notes) == apart
    assert held(tmp_path, "a.txt", notes.replace("# Partners\n\n", "").replace("## ", "")) == apart


def test_one_question_is_asked_about_all_below_a_heading(tmp_path: Path) -> None:
    items = [f"- {name}: {mail(name)}\n" for name in CLUBS]
    account = Account()
    found = read(tmp_path, "a.md", f"## Press\n\n{''.join(items[:3])}\n## On oublie\n\n{''.join(items[3:])}", account)
    assert no_mail(found, account)[1] == [mail(name) for name in CLUBS[3:]]
    assert len([each for each in account.questions if not each.optional]) == 1


MARKED = (
    "NOT {}", "~~{}~~", "{} (raus!)", "✗ {}", "† {}", "{} – gestrichen", "NICHT: {}", "[{}]", "x {}", "{} ⛔",
)  # fmt: skip
FORMATS = {
    "a.csv": ("Name,Email\n", "{},{}\n"),
    "a.md": ("# Partners\n\n", "- {}: {}\n"),
    "b.md": ("# Partners\n\n| Name | Email |\n|---|---|\n", "| {} | {} |\n"),
    "a.html": ("<h1>Partners</h1><table><tr><th>Name</th><th>Email</th></tr>", "<tr><td>{}</td><td>{}</td></tr>"),
    "a.vcf": ("", "BEGIN:VCARD\nVERSION:3.0\nORG:{0}\nFN:{0}\nEMAIL:{1}\nEND:VCARD\n"),
}


@pytest.mark.parametrize("mark", MARKED)
@pytest.mark.parametrize("name", list(FORMATS))
def test_what_is_around_a_name_is_none_of_it_and_is_asked_about_in_every_format(
    tmp_path: Path, name: str, mark: str
) -> None:
    if (name, mark) == ("a.md", "[{}]"):
        return  # what Markdown calls a reference
    head, row = FORMATS[name]
    called = [mark.format(each) if each == "Oak Union" else each for each in CLUBS]
    rows = "".join(row.format(shown, mail(each)) for shown, each in zip(called, CLUBS, strict=True))
    account = Account()
    found = read(tmp_path, name, head + rows, account)
    assert {str(each.values["name"]) for each in found} == set(CLUBS)
    assert no_mail(found, account)[0] == {"Oak Union"}


@given(st.text("abcdefgh ", min_size=2, max_size=30).map(str.title).filter(lambda text: text.strip() == text))
def test_a_plain_name_stays_and_a_mark_around_it_is_taken_off(name: str) -> None:
    if name.split()[0].casefold() in ("x",):
        return
    assert undecorated(name) == (name, ())
    bare, marks = undecorated(f"~~{name}~~")
    assert " ".join(bare.split()) == " ".join(name.split())
    assert marks


@pytest.mark.parametrize(
    "name",
    ["No Borders Network", "Basta! média", "Non Una Di Meno", "EX LIBRIS", "Greenpeace (Berlin)", "taz", "C/O Berlin",
     "Wer, wenn nicht wir e.V.", "Club (der) Freunde", "100% Erneuerbar", "#GenderEquality", "R&D - Lab"],
)  # fmt: skip
def test_names_that_look_like_marks_stay(name: str) -> None:
    assert undecorated(name) == (name, ())


@pytest.mark.parametrize(
    "row",
    [
        '<tr style="text-decoration: line-through"><td>Oak Union</td><td>info@oak.example</td></tr>',
        '<tr class="gone"><td>Oak Union</td><td>info@oak.example</td></tr>',
        "<tr><td><del>Oak Union</del></td><td>info@oak.example</td></tr>",
        "<tr><td>Oak Union</td><td><s>info@oak.example</s></td></tr>",
        '<tr class="removed"><td>Oak Union</td><td>info@oak.example</td></tr>',
        '<tr style="opacity: .4"><td>Oak Union</td><td>info@oak.example</td></tr>',
        '<tr bgcolor="red"><td>Oak Union</td><td>info@oak.example</td></tr>',
        '<tr><td style="color:#c00">Oak Union</td><td>info@oak.example</td></tr>',
    ],
)
def test_a_row_of_a_page_may_be_struck_out_or_coloured(tmp_path: Path, row: str) -> None:
    others = [f"<tr><td>{name}</td><td>{mail(name)}</td></tr>" for name in CLUBS if name != "Oak Union"]
    style = "<style>.gone { text-decoration: line-through }</style>"
    page = f"{style}<h1>Partners</h1><table><tr><th>Name</th><th>Email</th></tr>{others[0]}{row}{''.join(others[1:])}"
    assert held(tmp_path, "a.html", f"{page}</table>") == {"Oak Union"}


@pytest.mark.parametrize("look", ["red", "strike", "double_strike"])
def test_a_line_of_a_word_document_may_be_struck_out_or_coloured(tmp_path: Path, look: str) -> None:
    document = docx.Document()
    document.add_heading("Partners", 1)
    for name in CLUBS:
        run = document.add_paragraph(style="List Bullet").add_run(f"{name}, {mail(name)}")
        if name == "Oak Union" and look == "red":
            run.font.color.rgb = RGBColor(0xC0, 0, 0)
        elif name == "Oak Union":
            setattr(run.font, look, True)
    file = io.BytesIO()
    document.save(file)
    (tmp_path / "a.docx").write_bytes(file.getvalue())
    account = Account()
    found = read_documents([tmp_path / "a.docx"], {}, tmp_path / "campaign", account).found
    assert no_mail([contact for each in found for contact in each.contacts], account)[0] == {"Oak Union"}


@pytest.mark.parametrize("line", ["({})", "// {}", "~~{}~~", "{} ✝", "{} <- lieber nicht", "x {}"])
def test_what_is_around_a_whole_line_is_asked_about(tmp_path: Path, line: str) -> None:
    items = [f"{name} - {mail(name)}" for name in CLUBS]
    items[1] = line.format(items[1])
    assert held(tmp_path, "a.txt", "\n".join(items)) == {"Oak Union"}


def test_a_tick_or_another_bullet_sets_apart(tmp_path: Path) -> None:
    items = "".join(f"- {'[x]' if name == 'Oak Union' else '[ ]'} {name}: {mail(name)}\n" for name in CLUBS)
    assert held(tmp_path, "a.md", f"# Partners\n\n{items}") == {"Oak Union"}
    items = "".join(f"{'+' if name == 'Oak Union' else '-'} {name}: {mail(name)}\n" for name in CLUBS)
    assert held(tmp_path, "a.txt", f"Partners\n\n{items}") == {"Oak Union"}


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("Thank Athlone Library (info@athlone.example)", "Athlone Library"),
        ("Mail Anneke: anneke@bibliotheek.example", "Anneke"),
        ("Call Bray Theatre, office@bray.example", "Bray Theatre"),
        ("Dünenfreunde anrufen: post@duenenfreunde.example", "Dünenfreunde"),
        ("Post Office Museum, info@postoffice.example", "Post Office Museum"),
        ("Mail & Guardian, news@mailguardian.example", "Mail & Guardian"),
    ],
)
def test_what_is_to_be_done_is_no_part_of_a_name(tmp_path: Path, task: str, name: str) -> None:
    text = f"# To do\n\n- Elm Club: info@elm.example\n- {task}\n"
    assert {str(each.values["name"]) for each in read(tmp_path, "a.md", text, Account())} == {"Elm Club", name}


def test_a_note_below_a_table_tells_of_those_whom_it_names(tmp_path: Path) -> None:
    text = "".join(f"{name},{mail(name)},\n" for name in CLUBS)
    text = f"Name,Email,Town\n{text},,\nNota: Oak Union e Bay Lab non vogliono più ricevere le nostre lettere.,,\n"
    assert held(tmp_path, "a.csv", text) == {"Oak Union", "Bay Lab"}


def test_a_last_row_that_counts_those_above_is_nobody(tmp_path: Path) -> None:
    text = "".join(f"{name},{mail(name)}\n" for name in CLUBS)
    found = read(tmp_path, "a.csv", f"Name,Email\n{text}Celkem 5 členů,\n", Account())
    assert {str(each.values["name"]) for each in found} == set(CLUBS)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.text(max_size=6), max_size=3), max_size=8))
def test_what_all_have_sets_nobody_apart(rows: list[dict[str, str]]) -> None:
    same = rows[0] if rows else {}
    found = [
        FoundContact(id=f"o{at}", values={"name": f"Org {at}", "fields": same}, file="a.csv", line=at)
        for at in range(3 + len(rows))
    ]
    assert set_apart(found, lambda _: False) == {}


def test_a_long_sentence_of_minutes_holds_whom_it_names(tmp_path: Path) -> None:
    text = (
        "VERBALE\n\n1. A chi scriviamo\n\nCorriere del Colle - posta@colle.example\n"
        "Radio Onda - radio@onda.example\n\n2. Osservazioni\n\n"
        "Il Corriere del Colle ci ha detto ieri che preferisce non ricevere più i nostri comunicati.\n"
    )
    assert "Corriere del Colle" in held(tmp_path, "verbale.txt", text)


@pytest.mark.parametrize("total", ["Summa", "I alt", "Yhteensä", "Celkem", "Összesen", "Toplam", "Разом", "合計"])
def test_a_last_row_that_counts_is_nobody_in_any_language(tmp_path: Path, total: str) -> None:
    rows = "".join(f"{name},{mail(name)},Town\n" for name in CLUBS)
    found = read(tmp_path, "list.csv", f"Name,Email,Place\n{rows}{total},5,\n", Account())
    assert [each.values["name"] for each in found] == list(CLUBS)
