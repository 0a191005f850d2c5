"""All that is kept about one: whole, in every format, and nothing of anybody else."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import jsonschema
import pytest

from outreach.errors import CannotTell
from outreach.ledger import open_ledger
from outreach.model.event import Event, EventKind
from outreach.model.mail import KeptMessage, MailKind
from outreach.model.payload import FromMailPayload
from outreach.pages.dossier import dossier_csv, dossier_html, dossier_lines, dossier_object, dossier_workbook
from outreach.tasks.approving import approve
from outreach.tasks.dossier import dossier
from tests.sending.campaigns import run, write_campaign

THEIRS = ("Contact 0", "info@c0000.example", "Angle 0.", "CALLED-US", "HELD-THEM", "Hello Contact 0", "brief.txt")
OTHERS = ("Contact 1", "c0001", "Angle 1.", "ABOUT-THE-OTHER")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two contacts were written to; about each something was noted."""
    write_campaign(tmp_path, contacts=2)
    approve(tmp_path, ["one"])
    assert run(tmp_path, "send", "one", "--go").code == 0
    run(tmp_path, "note", "c0000", "call", "CALLED-US")
    run(tmp_path, "note", "c0001", "call", "ABOUT-THE-OTHER")
    run(tmp_path, "hold", "c0000", "--because", "HELD-THEM")
    return tmp_path


def in_every_format(root: Path, contact: str) -> dict[str, str]:
    from python_calamine import CalamineWorkbook

    found = dossier(root, contact)
    book = CalamineWorkbook.from_filelike(io.BytesIO(dossier_workbook(found)))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return {
        "html": dossier_html(found),
        "md": "\n".join(dossier_lines(found)),
        "csv": dossier_csv(found),
        "json": json.dumps(dossier_object(found)),
        "xlsx": repr(sheets),
    }


def test_everything_about_one_is_there_and_nothing_about_another(root: Path) -> None:
    for form, text in in_every_format(root, "c0000").items():
        for word in THEIRS:
            assert word in text, (form, word)
        for word in OTHERS:
            assert word not in text, (form, word)


def test_the_letter_stands_whole_as_it_left(root: Path) -> None:
    (letter,) = dossier_object(dossier(root, "c0000"))["letters"]
    assert letter["id"] == "one/c0000/0"
    assert letter["text"] == "Dear Contact 0,\n\nAngle 0.\n\nAlex Example\n"
    assert letter["to"] == "info@c0000.example"


def test_a_contact_that_is_only_in_the_ledger_has_its_story(root: Path) -> None:
    file = root / "contacts" / "all.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith("c0000")) + "\n", encoding="utf-8")
    found = dossier(root, "c0000")
    assert found.files == ()
    assert [letter.id for letter in found.letters] == ["one/c0000/0"]
    assert "CALLED-US" in in_every_format(root, "c0000")["md"]


def test_who_is_in_no_file_any_more_is_still_counted(root: Path) -> None:
    file = root / "contacts" / "all.csv"
    before = run(root, "status", "--json").json
    assert before["no_longer_listed"] == {}
    file.write_text("id,name,tier,email,personal_text\nother,Other,1,a@other.example,A.\n", encoding="utf-8")
    status = run(root, "status", "--json").json
    assert status["no_longer_listed"] == {"c0000": 1, "c0001": 1}
    assert sum(status["counts"].values()) == len(status["contacts"]) == 1
    assert "2 emails went to contacts that are no longer in contacts/: c0000, c0001." in run(root, "status").out
    (count,) = [each for each in run(root, "report", "--json").json["totals"] if each["key"] == "no_longer_listed"]
    assert (count["number"], len(count["entries"])) == (2, 2)
    for suffix in ("html", "md", "xlsx"):
        path = root / f"z.{suffix}"
        assert run(root, "report", "--public", "--out", str(path)).code == 0
        text = cells(path) if suffix == "xlsx" else path.read_text(encoding="utf-8")
        assert "no longer in contacts/" in text
        assert "c0000" not in text


def test_a_renamed_contact_is_found_by_both_its_names(root: Path) -> None:
    file = root / "contacts" / "all.csv"
    text = file.read_text(encoding="utf-8").replace("id,name", "was,id,name").replace("c0000,", "c0000,new,")
    file.write_text(text.replace("\nc0001", "\n,c0001"), encoding="utf-8")
    by_old, by_new = (run(root, "export", id).json for id in ("c0000", "new"))
    assert by_old["contact"] == "new"
    assert [letter["id"] for letter in by_old["letters"]] == ["one/new/0"]
    assert {**by_old, "at": ""} == {**by_new, "at": ""}


@pytest.mark.parametrize("words", [["report"], ["report", "--public"], ["export", "c0000"], ["status"], ["agenda"]])
def test_the_objects_are_as_their_schemas_say(root: Path, words: list[str]) -> None:
    schemas = json.loads(run(root, "schema", "--output").out)
    jsonschema.validate(run(root, *words, "--json").json, schemas[words[0]])


def test_a_letter_whose_bytes_are_gone_is_said(root: Path) -> None:
    for blob in (root / ".outreach" / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    assert "Its bytes are not kept any more." in in_every_format(root, "c0000")["html"]


def test_the_command_writes_each_format_and_changes_nothing_else(root: Path) -> None:
    def state() -> str:
        return hashlib.sha256((root / ".outreach" / "ledger.db").read_bytes()).hexdigest()

    before = state()
    for suffix in ("html", "md", "csv", "xlsx", "json"):
        said = run(root, "report", "--for", "c0000", "--out", str(root / f"x.{suffix}"))
        assert said.code == 0
        assert (root / f"x.{suffix}").stat().st_size > 0
    exported, reported = run(root, "export", "c0000").json, run(root, "report", "--for", "c0000", "--json").json
    assert exported["letters"] == reported["letters"]
    assert exported["events"] == reported["events"]
    assert state() == before


@pytest.mark.parametrize("words", [["export", "c000"], ["report", "--for", "c000"]])
def test_an_unknown_name_is_one_sentence(root: Path, words: list[str]) -> None:
    said = run(root, *words)
    assert said.code == 2
    assert "Did you mean 'c000" in said.err


@pytest.mark.parametrize(
    "who", ["+49 30 5550001", "0049 (30) 555-0001", "030 5550001", "@one@social.example", "One, Person"]
)
def test_whoever_asks_may_say_a_number_or_a_handle(root: Path, who: str) -> None:
    person = (
        "name: Person One\nkind: person\nfields: {phone: +49 30 5550001}\nchannels: [{mastodon: '@one@social.example'}]"
    )
    (root / "contacts/one.yaml").write_text(f"id: one\n{person}", encoding="utf-8")
    assert dossier(root, who).id == "one"
    (root / "contacts/two.yaml").write_text(f"id: two\n{person}", encoding="utf-8")
    with pytest.raises(CannotTell, match="one or two"):
        dossier(root, who)


def test_for_and_public_exclude_each_other(root: Path) -> None:
    assert run(root, "report", "--for", "c0000", "--public").code == 2


@pytest.mark.parametrize("public", [(), ("--public",)])
def test_notes_and_the_words_of_a_brake_stand_in_no_other_report(root: Path, public: tuple[str, ...]) -> None:
    run(root, "hold", "--because", "HELD-ALL")
    run(root, "outcome", "c0001", "supports", "SAID-IN-PRIVATE")
    printed = run(root, "report", *public)
    assert "HELD-ALL" in printed.err  # whoever runs it is told; the document is for others
    texts = {"stdout": printed.out, "--json": run(root, "report", *public, "--json").out}
    for suffix in ("html", "md", "csv", "json", "xlsx"):
        path = root / f"y.{suffix}"
        said = run(root, "report", *public, "--out", str(path))
        assert said.code == 0
        texts |= {
            suffix: cells(path) if suffix == "xlsx" else path.read_text(encoding="utf-8"),
            f"{suffix} out": said.out,
        }
    for where, text in texts.items():
        for word in ("CALLED-US", "HELD-THEM", "HELD-ALL", "SAID-IN-PRIVATE", "ABOUT-THE-OTHER"):
            assert word not in text, (where, word)


def cells(path: Path) -> str:
    """All that a workbook says, in its sheets and about itself."""
    with ZipFile(path) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


def test_what_one_person_wrote_does_not_go_to_another_of_the_same_organisation(root: Path) -> None:
    (root / "contacts/all.csv").unlink()
    (root / "contacts/house.yaml").write_text(
        "id: c0000\nname: Contact 0\ntier: 0\nchannels: [{email: info@c0000.example}]\n"
        "people: [{name: Ann Lee, email: ann@c0000.example}, {name: Bob Ray, email: bob@c0000.example}]\n",
        encoding="utf-8",
    )
    with open_ledger(root) as ledger:
        for number, who in enumerate(("ann", "bob", "info")):
            at = datetime(2026, 1, 20, number, tzinfo=UTC)
            message = KeptMessage(
                key=f"<{who}@x>", place="inbox", kind=MailKind.ANSWER, rule="a reply", at=at,
                sender=f"{who}@c0000.example", subject="Re", text=f"SAID-BY-{who}", contact="c0000",
            )  # fmt: skip
            said = Event.saying(
                EventKind.ANSWERED, FromMailPayload(), at=at, recorded=at, by="outreach", contact="c0000",
                address=message.sender, text=message.text,
            )  # fmt: skip
            ledger.mail().keep(message, [said], at)
    heard = {who: json.dumps(dossier_object(dossier(root, who))) for who in ("Ann Lee", "bob@c0000.example", "c0000")}
    for who, own in (("Ann Lee", "ann"), ("bob@c0000.example", "bob"), ("c0000", "info")):
        assert [each for each in ("ann", "bob", "info") if f"SAID-BY-{each}" in heard[who]] == [own], who
    assert "Bob Ray" not in heard["Ann Lee"]
    assert dossier(root, "c0000").others == 2
    answered = run(root, "access-request", "ann@c0000.example", "--out", str(root / "ann.html"))
    assert (answered.code, "what 2 other people wrote" in answered.out) == (0, True)
