"""What an import makes of a no, of a doubt, and of what a list says happened before."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import Answer, outreach

Import = Callable[..., Answer]


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2025-12-05T09:00:00+00:00")


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    """Import a table of that text into a campaign, begun with it at the first call."""
    root, table = tmp_path / "campaign", tmp_path / "list.csv"

    def run(text: str, *options: str) -> Answer:
        table.write_text(text, encoding="utf-8")
        if not root.exists():
            return outreach("init", str(root), "--from", str(table), "--json", *options)
        return outreach("import", str(table), "--go", "--json", "--campaign", str(root), *options)

    return run


def contact(tmp_path: Path, name: str) -> str:
    return (tmp_path / f"campaign/contacts/{name}.yaml").read_text(encoding="utf-8")


def states(tmp_path: Path) -> dict[str, str]:
    found = outreach("status", "--json", "--campaign", str(tmp_path / "campaign")).json
    return {each["id"]: each["state"] for each in found["contacts"]}


def waiting(found: Answer) -> list[dict[str, Any]]:
    """The questions that are open: where a list comes from has a default that does."""
    return [each for each in found.json["questions"] if not each["optional"]]


CIVI = "Organization Name,Email,Do Not Email,No Bulk Emails (User Opt Out)\nA,a@a.example,1,0\nB,b@b.example,0,0\n"
DOUBT = "Name;Email;Notes\nOpen Roads;hi@roads.example;ne pas contacter avant janvier\nRiver;r@river.example;ally\n"
STATUS = "Name,Email,Status\nA,a@a.example,Contacted 3 May 2025 - no reply\nB,b@b.example,Declined\nC,c@c.example,new\n"


def test_whoever_is_marked_is_not_asked_about_for_the_reason_beside(bring: Import, tmp_path: Path) -> None:
    found = bring("Name,Email,Do not contact,Why\nA,a@a.example,x,too many mails\nB,b@b.example,,too many mails\n")
    assert [question["affects"] for question in waiting(found)] == [["b@b.example"]]
    assert "do_not_contact: true" in contact(tmp_path, "a")


def test_an_opt_out_of_another_tool_becomes_do_not_contact_with_its_source(bring: Import, tmp_path: Path) -> None:
    found = bring(CIVI)
    assert found.code == 0
    assert 'do_not_contact: "Do Not Email: 1 (list.csv)"' in contact(tmp_path, "a")
    assert "do_not_contact" not in contact(tmp_path, "b")
    assert found.json["contacts"] == {
        "rows": 2,
        "new": 1,
        "known": 0,
        "written_to": 0,
        "no_mail": 1,
        "to_decide": 0,
        "twice": 0,
    }


def test_a_doubt_is_a_question_that_holds_the_letter_until_it_is_answered(bring: Import, tmp_path: Path) -> None:
    found = bring(DOUBT)
    (question,) = waiting(found)
    assert found.code == 1
    assert (question["line"], question["default"], question["affects"]) == (2, "do-not-contact", ["hi@roads.example"])
    assert question["choices"] == ["do-not-contact", "wait-until-2026-01-01", "ignore"]
    assert states(tmp_path) == {"open-roads": "opted-out", "river": "new"}
    assert waiting(bring(DOUBT)) == [question]


@pytest.mark.parametrize(("choice", "state", "holds"), [
    ("ignore", "new", "do_not_contact: false"),
    ("wait-until-2026-01-01", "new", "not_before: 2026-01-01"),
    ("do-not-contact", "opted-out", "do_not_contact: ne pas contacter avant janvier (list.csv)"),
])  # fmt: skip
def test_an_answer_counts_at_once_and_is_not_asked_again(
    bring: Import, tmp_path: Path, choice: str, state: str, holds: str
) -> None:
    (question,) = waiting(bring(DOUBT))
    memory = tmp_path / "campaign/imports.yaml"
    memory.write_text(
        f"{memory.read_text(encoding='utf-8')}answers: {{{question['id']}: {choice}}}\n", encoding="utf-8"
    )
    found = bring(DOUBT)
    assert (found.code, waiting(found)) == (0, [])
    assert states(tmp_path)["open-roads"] == state
    assert holds in contact(tmp_path, "open-roads")
    assert bring(DOUBT).json["written"] == []


def test_what_a_person_wrote_is_not_lifted_by_an_answer(bring: Import, tmp_path: Path) -> None:
    (question,) = waiting(bring(DOUBT))
    file, memory = tmp_path / "campaign/contacts/open-roads.yaml", tmp_path / "campaign/imports.yaml"
    file.write_text(contact(tmp_path, "open-roads").replace("ne pas contacter avant janvier (list.csv)", "they phoned"))
    memory.write_text(f"{memory.read_text(encoding='utf-8')}answers: {{{question['id']}: ignore}}\n", encoding="utf-8")
    bring(DOUBT)
    assert "do_not_contact: they phoned" in contact(tmp_path, "open-roads")


def test_a_status_becomes_an_event_with_its_day_once(bring: Import, tmp_path: Path) -> None:
    found = bring(STATUS)
    assert found.json["contacts"]["written_to"] == 2
    assert states(tmp_path) == {"a": "contacted", "b": "answered", "c": "new"}
    bring(STATUS)
    root = str(tmp_path / "campaign")
    events = outreach("show", "a", "--json", "--campaign", root).json["events"]
    assert [(event["kind"], event["at"][:10]) for event in events] == [("message-sent", "2025-05-03")]
    outreach("log", "--undo", "a", "--campaign", root)
    bring(STATUS)
    assert (
        len(outreach("show", "a", "--json", "--campaign", root).json["events"]) == 1 + 1
    )  # what was taken back stays so


def test_one_question_is_asked_about_all_rows_that_say_the_same(bring: Import) -> None:
    rows = "".join(f"Org {name},{name}@x.example,no\n" for name in "abc")
    (question,) = waiting(bring(f"Name,Email,Newsletter\n{rows}"))
    assert question["affects"] == ["a@x.example", "b@x.example", "c@x.example"]


def test_the_sentence_that_a_person_needs_stands_first(bring: Import, tmp_path: Path) -> None:
    bring(STATUS)
    (tmp_path / "more.csv").write_text(f"{STATUS}D,d@d.example,\nE,e@e.example,unsubscribed\n", encoding="utf-8")
    found = outreach("import", str(tmp_path / "more.csv"), "--campaign", str(tmp_path / "campaign"))
    lines = [line for line in found.out.splitlines() if " rows: " in line]
    assert lines == ["5 rows: 1 new, 1 you have, 2 already written to, 1 asked for no more mail."]


def test_questions_are_answered_by_a_key_in_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "list.csv"
    table.write_text(DOUBT, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("x\n3\n2\n"))
    found = outreach("init", str(tmp_path / "campaign"), "--from", str(table), "--ask")
    assert found.code == 0, found.out
    assert "Question 1 of 2 (list.csv:2)" in found.out
    assert "do_not_contact: false" in contact(tmp_path, "open-roads")
    assert "imported_from: list.csv line 2, given by a partner" in contact(tmp_path, "open-roads")
    assert "ignore" in (tmp_path / "campaign/imports.yaml").read_text(encoding="utf-8")


def test_one_key_answers_all_questions_that_are_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = tmp_path / "call.md"
    told = "- We heard that the {} would like to help us with the posters in June, at {}.\n"
    clubs = (
        ("Elm Club", "info@elmclub.example"),
        ("Fen Trust", "info@fentrust.example"),
        ("Oak Union", "x@oak.example"),
    )
    notes.write_text("# Call\n\n" + "".join(told.format(*each) for each in clubs), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n\n"))
    outreach("init", str(tmp_path / "default"), "--from", str(notes), "--ask")
    assert not list((tmp_path / "default/contacts").glob("*.yaml")), "Enter's answer, which is no, for all"
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n1\n"))
    found = outreach("init", str(tmp_path / "campaign"), "--from", str(notes), "--ask")
    assert "a  one answer for this and the other 2 like this" in found.out
    assert found.code == 0, found.out
    for each in ("elm-club", "fen-trust", "oak-union"):
        assert contact(tmp_path, each)


@pytest.mark.parametrize("keys", ["s\n", ""])
def test_a_question_that_is_skipped_or_met_by_the_end_of_input_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    table = tmp_path / "list.csv"
    table.write_text(DOUBT, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(keys))
    assert outreach("init", str(tmp_path / "campaign"), "--from", str(table), "--ask").code == 1


NOTES = """\
# Contacts

## Bee Friends
**Email:** info@bees.example
**Status:** unsubscribed

## Wasp Watch
**Email:** info@wasps.example
Please do not contact them again.

## Ant Farm
- info@ants.example
- They like ants. Do not hesitate to write.

## ~~Old Org~~
- old@old.example

## Do not contact

- Moth Trust: moth@moth.example

## Fly Union
- fly@fly.example
"""


def test_notes_hold_whom_a_line_a_heading_or_a_struck_name_takes_out(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    found = outreach("init", str(tmp_path / "campaign"), "--from", str(tmp_path / "notes.md"), "--json").json
    held = {id for id, state in states(tmp_path).items() if state == "opted-out"}
    assert held >= {"bee-friends", "wasp-watch", "old-org", "moth-trust"}
    assert held.isdisjoint({"ant-farm", "fly-union"})
    assert [each["line"] for each in found["questions"] if not each["optional"]] == [15]


def test_a_row_that_names_the_rows_below_it_counts_for_them(bring: Import, tmp_path: Path) -> None:
    bring("Name,Email,Notes\nA,a@a.example,\nDO NOT CONTACT,,\nB,b@b.example,\n")
    assert states(tmp_path) == {"a": "new", "b": "opted-out"}


def test_of_several_columns_any_that_says_no_counts(bring: Import, tmp_path: Path) -> None:
    bring(
        "Name,Email,Do not contact,Unsubscribed,Opt out\nA,a@a.example,yes,no,no\nB,b@b.example,no,yes,no\n"
        "C,c@c.example,no,no,yes\nD,d@d.example (unsubscribed),no,no,no\nE,e@e.example,n/a,-,\n"
    )
    assert states(tmp_path) == {**dict.fromkeys("abcd", "opted-out"), "e": "new"}


def test_a_card_says_no_in_its_note_or_its_categories(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:{0}\nORG:{0}\nEMAIL:{0}@x.example\n{1}\nEND:VCARD\n"
    said = ("NOTE:asked to be removed", "CATEGORIES:Press,Do not email", "NOTE:our best ally", "X-OPTOUT:true")
    cards = "".join(card.format(name, line) for name, line in zip("abcd", said, strict=True))
    (tmp_path / "cards.vcf").write_text(cards, encoding="utf-8")
    outreach("init", str(tmp_path / "campaign"), "--from", str(tmp_path / "cards.vcf"))
    assert states(tmp_path) == {"a": "opted-out", "b": "opted-out", "c": "new", "d": "opted-out"}


def test_the_name_of_a_file_or_sheet_counts_for_all_in_it(tmp_path: Path) -> None:
    (tmp_path / "unsubscribed_members_export_1a2b.csv").write_text("Email Address,Name\na@a.example,A\n", "utf-8")
    outreach("init", str(tmp_path / "campaign"), "--from", str(tmp_path / "unsubscribed_members_export_1a2b.csv"))
    assert states(tmp_path) == {"a": "opted-out"}


# --- lists of addresses that must never be written to ----------------------------------------------


def suppress(tmp_path: Path, name: str, text: str, *options: str) -> Answer:
    (tmp_path / name).write_text(text, encoding="utf-8")
    root = str(tmp_path / "campaign")
    return outreach("import", "--suppress", str(tmp_path / name), "--json", *options, "--campaign", root)


LISTS = {
    "a.csv": "email\nA@a.example\nlater@x.example\n",
    "b.csv": "email,donotContact\na@a.example,TRUE\nlater@x.example,yes\nb@b.example,FALSE\n",
    "c.txt": "a@a.example\n\n<later@x.example>\n",
    "d.md": "# No mail\n\n- Somebody: a [at] a.example\n- later@x.example\n",
    "e.vcf": "BEGIN:VCARD\nVERSION:3.0\nFN:A\nEMAIL:a@a.example\nEMAIL:later@x.example\nEND:VCARD\n",
    "g.html": "<h1>No mail</h1><ul><li>A: a@a.example</li><li><s>later@x.example</s></li></ul>",
    "f.csv": "Unsubscribed Email;UNSUB_TIME\na@a.example;2025-01-01\nlater@x.example;2025-01-01\n",
}


@pytest.mark.parametrize("name", list(LISTS))
def test_whoever_is_on_a_list_gets_no_mail_also_who_comes_later(bring: Import, tmp_path: Path, name: str) -> None:
    people = "Organisation,Email\nA,a@a.example\nB,b@b.example\n"
    bring(people)
    looked = suppress(tmp_path, name, LISTS[name])
    assert [(each["address"], each["contact"]) for each in looked.json["suppressed"]] == [
        ("a@a.example", "a"), ("later@x.example", None)
    ]  # fmt: skip
    assert states(tmp_path) == {"a": "new", "b": "new"}
    suppress(tmp_path, name, LISTS[name], "--go")
    assert f"do_not_contact: a@a.example is listed in {name}" in contact(tmp_path, "a")
    found = bring(f"{people}Later,later@x.example\n")
    assert states(tmp_path) == {"a": "opted-out", "b": "new", "later": "opted-out"}
    assert found.json["contacts"]["no_mail"] == 2
    suppress(tmp_path, name, LISTS[name], "--go")
    assert suppress(tmp_path, name, LISTS[name], "--go").json["written"] == []


def test_a_list_and_contacts_may_be_imported_together(bring: Import, tmp_path: Path) -> None:
    bring("Name,Email\nX,x@x.example\n")
    (tmp_path / "people.csv").write_text("Name,Email\nNew,new@new.example\nX,x@x.example\n", encoding="utf-8")
    found = suppress(tmp_path, "no.txt", "x@x.example new@new.example", str(tmp_path / "people.csv"), "--go")
    assert states(tmp_path) == {"x": "opted-out", "new": "opted-out"}
    assert [each["contact"] for each in found.json["suppressed"]] == ["x", "new"]


def test_what_is_no_address_on_a_list_is_said(bring: Import, tmp_path: Path) -> None:
    bring("Name,Email\nX,x@x.example\n")
    found = suppress(tmp_path, "no.csv", "email\nx@@x.example\n", "--go")
    assert found.code == 1
    assert [each["value"] for each in found.json["refused"]] == ["x@@x.example"]


def test_import_needs_something_to_import(bring: Import, tmp_path: Path) -> None:
    assert outreach("import").code == 2


def test_an_entry_that_is_struck_out_in_a_workbook_is_asked_about(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "list.xlsx")
    sheet, struck = book.add_worksheet(), book.add_format({"font_strikeout": True})
    for at, row in enumerate((("Name", "Email"), ("A", "a@a.example"), ("B", "b@b.example"))):
        sheet.write_row(at, 0, row, struck if at == 2 else None)
    book.close()
    found = outreach("init", str(tmp_path / "campaign"), "--from", str(tmp_path / "list.xlsx"), "--json")
    assert [each["affects"] for each in waiting(found)] == [["b@b.example"]]
    assert states(tmp_path) == {"a": "new", "b": "opted-out"}


def test_answers_that_were_given_to_a_preview_are_kept(
    bring: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring("Name,Email\nX,x@x.example\n")
    (tmp_path / "more.csv").write_text(DOUBT, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n1\n"))
    root = str(tmp_path / "campaign")
    looked = outreach("import", str(tmp_path / "more.csv"), "--ask", "--campaign", root)
    assert "Nothing was written" in looked.out
    assert "not asked for again" in looked.out
    assert waiting(outreach("import", str(tmp_path / "more.csv"), "--json", "--campaign", root)) == []
    assert set(states(tmp_path)) == {"x"}


def test_many_rows_over_many_contacts_take_seconds(bring: Import) -> None:
    many = int(os.environ.get("OUTREACH_MANY_ROWS", "300"))
    rows = [f"Circle {number:05},info@c{number}.example,note {number}" for number in range(many * 2)]
    bring("Name,Email,Notes\n" + "\n".join(rows[:many]) + "\n")
    found = bring("Name,Email,Notes\n" + "\n".join(f"{row} more" for row in rows[many // 2 :]) + "\n")
    assert found.json["contacts"]["new"] == many
    assert found.seconds < 2 + many / 50


def test_a_line_above_the_columns_counts_for_all_below(bring: Import, tmp_path: Path) -> None:
    bring("People who asked not to be contacted\n\nName,Email\nA,a@a.example\nB,b@b.example\n")
    assert states(tmp_path) == {"a": "opted-out", "b": "opted-out"}


def test_the_name_of_a_sheet_counts_for_its_rows(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "list.xlsx")
    for name, rows in (("Contacts", "ab"), ("Do not contact", "bc")):
        sheet = book.add_worksheet(name)
        for at, row in enumerate([("Name", "Email"), *((each.upper(), f"{each}@{each}.example") for each in rows)]):
            sheet.write_row(at, 0, row)
    book.close()
    outreach("init", str(tmp_path / "campaign"), "--from", str(tmp_path / "list.xlsx"))
    assert states(tmp_path) == {"a": "new", "b": "opted-out", "c": "opted-out"}
