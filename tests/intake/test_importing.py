"""`outreach init --from` and `outreach import`: what is written, what stays, and what is said."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from outreach import storage
from outreach.campaign.adding import put
from tests.acceptance.command import Answer, outreach
from tests.sending.test_kills import die, killed

TABLE = """\
Organisation;Ansprechpartner;E-Mail;Land;Priorität;Bemerkungen;Größe;Nicht anschreiben
Krügers Büro;Maria Beispiel (Leitung);info@k.example;Österreich;0;Erste Notiz;12;
Norsk Forening;;post@norsk.example;NO;1;;01067;nein
;;niemand@x.example;;;;;
"""


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-05T09:00:00+00:00")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "partner.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


@pytest.fixture
def campaign(tmp_path: Path, table: Path) -> Path:
    assert outreach("init", str(tmp_path / "more-hedges"), "--from", str(table)).code == 1
    return tmp_path / "more-hedges"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".outreach" not in path.parts
    }


def again(campaign: Path, *paths: Path, go: bool = True) -> Answer:
    return outreach("import", *map(str, paths), *(["--go"] if go else []), "--json", folder=campaign)


def edited(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_campaign_in_the_folder_where_one_is_asks_for_no_cd(
    tmp_path: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    said = outreach("init", ".", "--from", str(table)).out
    assert "The campaign is here. Next:\n  outreach dashboard" in said
    assert "  cd ../there\n" in outreach("init", "../there", "--from", str(table)).out


def test_a_new_campaign_passes_check_but_for_what_only_the_user_knows(tmp_path: Path) -> None:
    assert outreach("init", str(tmp_path / "new")).code == 0
    found = outreach("check", "--json", folder=tmp_path / "new").json
    assert [each["code"] for each in found["problems"]] == ["placeholder"]
    again_ = outreach("init", str(tmp_path / "new"))
    assert (again_.code, "is a campaign already" in again_.err) == (2, True)


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    answer = outreach("init", str(tmp_path))
    assert (answer.code, "is not empty" in answer.err) == (2, True)
    assert tree(tmp_path) == {"mine.txt": b"keep me"}


def test_init_with_a_broken_document_leaves_nothing_behind(tmp_path: Path, table: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"PK")
    answer = outreach("init", str(tmp_path / "new"), "--from", str(table), str(tmp_path / "x.docx"))
    assert answer.code == 2
    assert "x.docx cannot be read: it is damaged" in answer.err
    assert not (tmp_path / "new").exists()


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("nth", [1, 2])
def test_init_that_was_killed_is_run_again(tmp_path: Path, table: Path, is_there: bool, nth: int) -> None:
    target = tmp_path / "new"
    if is_there:
        target.mkdir()

    def work() -> None:
        real, calls = storage.replace, []

        def write(*args: Any, **named: Any) -> None:
            calls.append(args)
            real(*args, **named) if len(calls) < nth else die()

        storage.replace = write
        outreach("init", str(target), "--from", str(table))

    assert killed(work)
    assert outreach("init", str(target), "--from", str(table)).code in (0, 1)
    assert (target / "campaign.yaml").is_file()
    assert (target / "contacts" / "krugers-buro.yaml").is_file()


def test_what_links_in_a_folder_of_documents_lead_to_is_not_read(campaign: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (tmp_path / "secret.csv").write_text("Name,Email\nSecret,secret@secret.example\n")
    (notes / "a.csv").write_text("Name,Email\nAaa,info@aaa.example\n")
    (notes / "b.csv").symlink_to("a.csv")
    (notes / "c.csv").symlink_to("../secret.csv")
    (notes / "d").symlink_to(tmp_path)
    os.mkfifo(notes / "e.csv")
    found = outreach("import", str(notes), "--json", folder=campaign).json
    assert [each for each in found["to_write"] if each.startswith("contacts/")] == ["contacts/aaa.yaml"]
    assert any("c.csv" in each and "leads out of its folder" in each for each in found["skipped"])
    assert any("e.csv" in each and "not an ordinary file" in each for each in found["skipped"])
    assert "secret@secret" not in json.dumps(found)
    # A link that is named itself is the person's own.
    answer = outreach("import", str(notes / "c.csv"), "--json", folder=campaign)
    assert "contacts/secret.yaml" in answer.json["to_write"]
    # Below the campaign it is the campaign's, and is not followed out of it.
    (campaign / "notes/c.csv").symlink_to(tmp_path / "secret.csv")
    answer = outreach("import", str(campaign / "notes/c.csv"), folder=campaign)
    assert answer.code == 2
    assert "leads out of its folder" in answer.err


def test_what_is_written_is_a_campaign(campaign: Path) -> None:
    assert (campaign / "contacts/krugers-buro.yaml").read_text(encoding="utf-8") == (
        "id: krugers-buro\nname: Krügers Büro\ntier: 0\ncountry: AT\n"
        "channels:\n  - {email: info@k.example}\n"
        "imported_from: partner.csv line 2\n"
        "collected_on: 2026-01-05\nfields:\n  Größe: 12\n"
    )
    assert (campaign / "contacts/private/krugers-buro.yaml").read_text(encoding="utf-8") == (
        "people:\n  - {name: Maria Beispiel, role: Leitung}\ninternal_notes: Erste Notiz\n"
    )
    norsk = (campaign / "contacts/norsk-forening.yaml").read_text(encoding="utf-8")
    assert 'country: "NO"' in norsk
    assert "do_not_contact: false" in norsk
    assert 'Größe: "01067"' in norsk
    problems = outreach("check", "--json", folder=campaign).json["problems"]
    assert [each["code"] for each in problems if each["level"] == "error"] == ["placeholder"]


def test_the_object_says_what_became_of_every_line(tmp_path: Path, table: Path) -> None:
    found = outreach("init", str(tmp_path / "c"), "--from", str(table), "--json").json
    parts = [*found["taken"], *found["noted"], *found["not_understood"]]
    assert sorted(line for each in parts for line in range(each["line"], each["end"] + 1)) == [1, 2, 3, 4]
    assert found["not_understood"] == [
        {"file": "partner.csv", "line": 4, "end": 4, "as": "a row without a name", "to": ""}
    ]
    assert found["lines"] == {"partner.csv": {"lines": 4, "taken": 3, "noted": 0, "not_understood": 1}}


def test_importing_twice_changes_nothing(campaign: Path, table: Path) -> None:
    before = tree(campaign)
    found = again(campaign, table).json
    assert found["written"] == []
    assert tree(campaign) == before


def test_without_go_a_diff_is_shown_and_nothing_is_written(campaign: Path, table: Path) -> None:
    before = tree(campaign)
    edited(table, "info@k.example", "neu@k.example")
    answer = outreach("import", str(table), folder=campaign)
    assert "-  - {email: info@k.example}\n+  - {email: neu@k.example}" in answer.out
    command = f"outreach import {shlex.quote(str(table))} --campaign {campaign} --go"
    assert answer.out.rstrip().endswith(f"Nothing was written. Next: {command}")
    assert tree(campaign) == before


def test_what_a_person_edited_is_kept_and_the_rest_follows_the_table(campaign: Path, table: Path) -> None:
    file = campaign / "contacts/krugers-buro.yaml"
    edited(file, "tier: 0\n", "# first of all\ntier: 3\n")
    edited(file, "country: AT\n", "country: AT\nowner: maria\n")
    edited(table, "info@k.example", "neu@k.example")
    found = again(campaign, table).json
    assert found["conflicts"] == []
    text = file.read_text(encoding="utf-8")
    assert "# first of all\ntier: 3\n" in text
    assert "owner: maria" in text
    assert "neu@k.example" in text
    assert "info@k.example" not in text
    assert again(campaign, table).json["written"] == []


def test_where_both_changed_the_persons_value_stays_and_both_are_shown(campaign: Path, table: Path) -> None:
    file = campaign / "contacts/private/krugers-buro.yaml"
    edited(file, "internal_notes: Erste Notiz", "internal_notes: Von Hand")
    edited(table, "Erste Notiz", "Zweite Notiz")
    conflict = again(campaign, table).json["conflicts"][0]
    assert (conflict["key"], conflict["kept"], conflict["other"]) == ("internal_notes", "Von Hand", "Zweite Notiz")
    assert "internal_notes: Von Hand" in file.read_text(encoding="utf-8")
    assert again(campaign, table).json["conflicts"] == []


def test_do_not_contact_is_never_lifted(campaign: Path, table: Path) -> None:
    file = campaign / "contacts/norsk-forening.yaml"
    edited(file, "do_not_contact: false", "do_not_contact: They asked.")
    edited(table, ";nein", ";no")
    again(campaign, table)
    assert "do_not_contact: They asked." in file.read_text(encoding="utf-8")
    edited(table, "Krügers Büro;Maria Beispiel (Leitung);info@k.example;Österreich;0;Erste Notiz;12;",
           "Krügers Büro;Maria Beispiel (Leitung);info@k.example;Österreich;0;Erste Notiz;12;ja")  # fmt: skip
    again(campaign, table)
    edited(table, "12;ja", "12;")
    again(campaign, table)
    assert "do_not_contact: true" in (campaign / "contacts/krugers-buro.yaml").read_text(encoding="utf-8")


def test_a_contact_that_was_removed_is_not_brought_back(campaign: Path, table: Path) -> None:
    (campaign / "contacts/krugers-buro.yaml").unlink()
    found = again(campaign, table).json
    assert "is not brought back" in found["remarks"][0]["message"]
    assert not (campaign / "contacts/krugers-buro.yaml").exists()


def test_a_renamed_contact_is_found_by_was(campaign: Path, table: Path) -> None:
    file = campaign / "contacts/krugers-buro.yaml"
    edited(file, "id: krugers-buro\nname: Krügers Büro\n", "id: kb\nname: KB\nwas: krugers-buro\n")
    edited(table, "info@k.example", "neu@k.example")
    again(campaign, table)
    assert "neu@k.example" in file.read_text(encoding="utf-8")
    assert len(list((campaign / "contacts").glob("*.yaml"))) == 2


def test_organisations_of_several_documents_are_one(tmp_path: Path, campaign: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(
        "Name,Email,Website,Tier\nKB Wien,info@k.example,https://k.example,0\nGmail Club,club@gmail.com,,2\n"
        "Other Club,other@gmail.com,,2\n",
        encoding="utf-8",
    )
    found = again(campaign, other).json
    assert [each["key"] for each in found["conflicts"]] == ["name"]
    names = sorted(path.name for path in (campaign / "contacts").glob("*.yaml"))
    assert names == ["gmail-club.yaml", "krugers-buro.yaml", "norsk-forening.yaml", "other-club.yaml"]
    text = (campaign / "contacts/krugers-buro.yaml").read_text(encoding="utf-8")
    assert "website: https://k.example" in text
    assert "imported_from: partner.csv line 2; other.csv line 2" in text
    both = (other, tmp_path / "partner.csv")
    assert again(campaign, *both).json["written"] == ["imports.yaml"]
    assert again(campaign, *both).json["written"] == []


def test_a_person_on_a_card_becomes_one_of_the_organisation(tmp_path: Path, campaign: Path) -> None:
    card = tmp_path / "card.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Jo Doe\nN:Doe;Jo;;;\nORG:Krügers Büro\nTITLE:Press\nEMAIL:jo@k.example\n"
        "END:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nFN:Al One\nN:One;Al;;;\nORG:Nowhere\nEMAIL:al@one.example\nEND:VCARD\n",
        encoding="utf-8",
    )
    again(campaign, card)
    text = (campaign / "contacts/private/krugers-buro.yaml").read_text(encoding="utf-8")
    assert "  - {name: Jo Doe, role: Press, email: jo@k.example}" in text
    assert "kind: person" in (campaign / "contacts/private/al-one.yaml").read_text(encoding="utf-8")
    assert again(campaign, card).json["written"] == []


def test_a_mapping_that_was_edited_is_followed(campaign: Path, table: Path) -> None:
    edited(campaign / "imports.yaml", "Größe: fields", "Größe: ignore")
    again(campaign, table)
    assert "Größe" not in (campaign / "contacts/krugers-buro.yaml").read_text(encoding="utf-8")


def test_a_folder_is_read_whole_and_what_cannot_be_read_is_said(tmp_path: Path, campaign: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/a.csv").write_text("Name,Email\nBees,bees@bees.example\n")
    (folder / ".hidden.csv").write_text("Name\nHidden\n")
    (folder / "x.odt").write_bytes(b"PK")
    (folder / "b.csv").write_bytes(b"\x00\x01\x02" * 50)
    found = again(campaign, folder).json
    assert "contacts/bees.yaml" in found["written"]
    assert len(found["skipped"]) == 3
    assert again(campaign, folder / "b.csv").code == 2


@pytest.mark.parametrize("name", ["missing.csv", "x.docx", "big.csv"])
def test_what_cannot_be_read_is_one_sentence_and_nothing_is_written(tmp_path: Path, campaign: Path, name: str) -> None:
    if name == "x.docx":
        (tmp_path / name).write_bytes(b"PK\x03\x04")
    elif name == "big.csv":
        with (tmp_path / name).open("wb") as file:
            file.truncate(50 * 1024 * 1024)
    before = tree(campaign)
    answer = outreach("import", str(tmp_path / name), "--go", folder=campaign)
    assert (answer.code, answer.err.count("\n")) == (2, 2)
    assert f"{name} cannot be read" in answer.err
    assert tree(campaign) == before


def test_a_comment_beside_what_is_changed_stays(campaign: Path, table: Path) -> None:
    file = campaign / "contacts/krugers-buro.yaml"
    edited(file, "  - {email: info@k.example}", "  - {email: info@k.example}  # the desk")
    edited(table, "info@k.example", "neu@k.example")
    assert again(campaign, table).json["conflicts"] == []
    assert "  - {email: neu@k.example}   # the desk" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "value", "outcome"),
    [
        (("calendar", "avoid"), [{"from": "07-01", "to": "07-05"}], "added"), (("calendar", "days"), ["tue"], "there"),
        (("calendar", "avoid"), [{"from": "08-01", "to": "08-31", "why": "holidays"}], "there"),
        (("waves",), [{"id": "lobbying", "to": "tier == 5"}], "there"), (("sender", "name"), "Somebody", "differs"),
        (("facts", "new"), "12", "added"),
        (("accounts", "bluesky", "service"), "https://x.example", "added"),
        (("calendar", "hours"), "09:00-17:00", "there"),
        (("decisions",), [{"id": "new", "ask": "Go?"}], "added"), (("goals",), [{"name": "x", "is": "1"}], "added"),
    ],
)  # fmt: skip
def test_a_setting_touches_no_other_line_of_campaign_yaml(
    root: Path, path: tuple[str, ...], value: object, outcome: str
) -> None:
    text = (root / "campaign.yaml").read_text(encoding="utf-8")
    done = put(text, path, value)[-1]
    if outcome == "added" and path[0] != "accounts":
        lines = done.text.split("\n")
        assert [line for line in lines if line in text.split("\n")] == text.split("\n") or path[0] in ("goals",)
        assert put(done.text, path, value)[-1].outcome == "there"
    elif path[0] != "accounts":
        assert done.text == text
    assert path[0] == "accounts" or done.outcome == outcome


def test_the_materials_beside_the_checkout_are_imported_once(tmp_path: Path, shared: Path) -> None:
    folder = tmp_path / "alliance"
    assert outreach("init", str(folder), "--from", str(shared / "materials")).code in (0, 1)
    before = tree(folder)
    found = again(folder, shared / "materials").json
    assert found["written"] == []
    assert tree(folder) == before
    for counts in found["lines"].values():
        assert counts["lines"] == counts["taken"] + counts["noted"] + counts["not_understood"]


def test_a_sender_who_is_nobody_yet_holds_every_letter(campaign: Path) -> None:
    (campaign / "templates/hello.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}\n")
    with (campaign / "campaign.yaml").open("a") as file:
        file.write("waves:\n  - {id: first, to: tier >= 0, template: hello}\n")
    found = outreach("check", "--json", folder=campaign).json["problems"]
    assert [each["message"] for each in found if each["code"] == "placeholder"] == [
        "The sender's `name` is still [Your name]."
    ]
    assert outreach("draft", "--json", folder=campaign).json["letters"] == []
    edited(campaign / "campaign.yaml", '"[Your name]"', "Alex Example")
    edited(campaign / "campaign.yaml", "    [Your name]", "    Alex Example")
    found = outreach("check", "--json", folder=campaign).json["problems"]
    assert [each["message"] for each in found if each["code"] == "placeholder"] == [
        "The sender's `email` is still you@example.org."
    ]
    edited(campaign / "campaign.yaml", "you@example.org", "alex@hedges.example")
    assert len(outreach("draft", "--json", folder=campaign).json["letters"]) == 2


# --- files that letters carry ----------------------------------------------------------------------

LETTER = """# Letters

## Letter 1: Organisations

**Audience:** organisations
**Subject:** Hedges
**Attachment:** our_plan_v3.pdf

Dear {Name},

read it.

[Your name]
"""


def test_a_pdf_beside_the_notes_is_copied_and_is_the_one_they_attach(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "letters.md").write_text(LETTER, encoding="utf-8")
    (folder / "Brief 2.pdf").write_bytes(b"%PDF-1.7 ours")
    found = outreach("init", str(tmp_path / "new"), "--from", str(folder), "--json").json
    assert (tmp_path / "new/materials/brief-2.pdf").read_bytes() == b"%PDF-1.7 ours"
    assert "our-plan-v3: materials/brief-2.pdf" in (tmp_path / "new/campaign.yaml").read_text(encoding="utf-8")
    assert "was taken for it" in found["remarks"][-1]["message"]
    taken = [each for each in found["taken"] if each["file"] == "Brief 2.pdf"]
    assert [(each["line"], each["end"], each["to"]) for each in taken] == [(1, 1, "materials/brief-2.pdf")]
    again_ = outreach("import", str(folder), "--go", "--json", folder=tmp_path / "new").json
    assert (again_["written"], "materials/brief-2.pdf" in again_["unchanged"]) == ([], True)


def test_a_copied_file_never_takes_the_place_of_another(tmp_path: Path, campaign: Path) -> None:
    (campaign / "materials").mkdir(exist_ok=True)
    (campaign / "materials/brief.pdf").write_bytes(b"%PDF mine")
    (tmp_path / "brief.pdf").write_bytes(b"%PDF theirs")
    assert again(campaign, tmp_path / "brief.pdf").json["written"] == ["materials/brief-2.pdf"]
    assert (campaign / "materials/brief.pdf").read_bytes() == b"%PDF mine"
    assert (campaign / "materials/brief-2.pdf").read_bytes() == b"%PDF theirs"


def test_rows_of_a_workbook_are_counted_like_lines(tmp_path: Path, campaign: Path) -> None:
    from xlsxwriter import Workbook

    with Workbook(str(tmp_path / "x.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(
            (["Contacts 2026"], [], ["Name", "Email"], ["Moths", "info@moths.example"], ["", "x"])
        ):
            sheet.write_row(number, 0, row)
    said = outreach("import", str(tmp_path / "x.xlsx"), folder=campaign).out
    assert "x.xlsx: 4 lines with text: 2 taken, 1 kept as notes, 1 not understood." in said


def test_a_contact_file_that_cannot_be_read_is_no_fault_of_ours(tmp_path: Path, campaign: Path) -> None:
    (campaign / "contacts/torn.yaml").write_text("- name: [", encoding="utf-8")
    (tmp_path / "more.csv").write_text("Name,Email\nMoths,info@moths.example\n", encoding="utf-8")
    assert "contacts/moths.yaml" in again(campaign, tmp_path / "more.csv").json["written"]


@pytest.mark.parametrize("name", ["\u2028", "\ufeff", "\ue000\u202e"])
@pytest.mark.parametrize("suffix", ["csv", "vcf"])
def test_whoever_has_a_name_that_nobody_sees_is_imported_under_an_id(
    tmp_path: Path, campaign: Path, name: str, suffix: str
) -> None:
    card = f"BEGIN:VCARD\nVERSION:4.0\nFN:{name}\nEMAIL:a@b.example\nEND:VCARD\n"
    source = tmp_path / f"odd.{suffix}"
    source.write_text({"csv": f"name,email\n{name},a@b.example\n", "vcf": card}[suffix], encoding="utf-8")
    assert again(campaign, source).code in (0, 1)
    assert outreach("check", folder=campaign).code in (0, 1)
