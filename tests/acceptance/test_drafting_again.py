"""The same input gives the same bytes on any machine, and a changed file changes only its own drafts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .campaign import LETTERS
from .command import Answer, outreach, outreach_apart
from .conftest import Change
from .mail import read_letter, text_of

KOMMUNER = "contacts/no/vest/kommuner/alle.yaml"
Drafted = tuple[Path, Answer]


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Time and bytes of every draft, by path."""
    drafts = folder / "drafts"
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(drafts.rglob("*"))
        if path.is_file()
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {path: content for path, (_, content) in state(folder).items()}


def differing(before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def drafts_of(answer: Answer) -> set[str]:
    return {entry["id"] for entry in answer.json["letters"]}


def test_drafting_twice_changes_no_file(drafted_copy: Path) -> None:
    before = state(drafted_copy)
    again = outreach("draft", "--json", folder=drafted_copy)
    assert differing(before, state(drafted_copy)) == set()
    assert [entry["id"] for kind in ("letters", "posts") for entry in again.json[kind] if entry["changed"]] == []


def test_editing_one_contact_changes_exactly_its_draft(drafted_copy: Path, change: Change) -> None:
    before = state(drafted_copy)
    change(drafted_copy, KOMMUNER, "skal rive en demning", "har revet en demning")
    again = outreach("draft", "--json", folder=drafted_copy)
    assert [entry["id"] for entry in again.json["letters"] if entry["changed"]] == ["kommuner/skarvaa/0"]
    changed = differing(before, state(drafted_copy))
    assert {path for path in changed if path.startswith("drafts/letters/") and path.endswith(".eml")} == {
        "drafts/letters/kommuner/skarvaa.eml"
    }
    assert {path for path in changed if not Path(path).name.startswith(("skarvaa", "."))} == set()
    assert "har revet" in text_of(read_letter(drafted_copy / "drafts/letters/kommuner/skarvaa.eml"))


def test_editing_what_is_never_mailed_changes_no_letter(drafted_copy: Path, change: Change) -> None:
    change(drafted_copy, KOMMUNER, "context: Skarvaa er uenig innad.", "context: Skarvaa er enig innad.")
    again = outreach("draft", "--json", folder=drafted_copy)
    assert [entry["id"] for entry in again.json["letters"] if entry["changed"]] == []


def test_the_message_id_survives_another_text(drafted_copy: Path, change: Change) -> None:
    path = drafted_copy / "drafts/letters/kommuner/skarvaa.eml"
    before = read_letter(path)
    change(drafted_copy, "templates/municipio.nb.md", "Levende elver: et forslag til", "Frie elver: en bønn til")
    outreach("draft", "--json", folder=drafted_copy)
    after = read_letter(path)
    assert after["Subject"] != before["Subject"]
    assert after["Message-ID"] == before["Message-ID"]


def test_the_draft_of_a_contact_that_is_gone_is_removed(drafted_copy: Path, change: Change) -> None:
    gone = "glenmorva,O'Brien's River Trust Glenmorva,,organisation,2,ngo,IE,en,hello@glenmorva.example,general,"
    change(drafted_copy, "contacts/ngos.csv", gone + ",,,Glenmorva is shy.,2010,\n", "")
    outreach("draft", "--json", folder=drafted_copy)
    assert [path for path in contents(drafted_copy) if "glenmorva" in path] == []
    assert "drafts/letters/ngos/ribalume.eml" in contents(drafted_copy)


def test_the_draft_of_a_contact_that_asked_to_be_left_alone_is_removed(drafted_copy: Path, change: Change) -> None:
    change(drafted_copy, KOMMUNER, "name: Blåelv kommune", "do_not_contact: ba om det\n  name: Blåelv kommune")
    again = outreach("draft", "--json", folder=drafted_copy)
    assert "blaelv" in {entry["contact"] for entry in again.json["skipped"]}
    assert [path for path in contents(drafted_copy) if "blaelv" in path] == []


def test_a_draft_that_can_no_longer_be_made_does_not_stay(drafted_copy: Path, change: Change) -> None:
    change(drafted_copy, KOMMUNER, "post@skarvaa.example", "post-at-skarvaa")
    outreach("draft", "--json", folder=drafted_copy)
    assert not (drafted_copy / "drafts/letters/kommuner/skarvaa.eml").exists()
    assert (drafted_copy / "drafts/letters/kommuner/blaelv.eml").exists()


@pytest.mark.parametrize("name", ["letters/ngos/notas.txt", "letters/ngos/minha.eml", "meu/plano.md", "leia.md"])
def test_files_the_user_made_stay(drafted_copy: Path, change: Change, name: str) -> None:
    mine = drafted_copy / "drafts" / name
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("Subject: meu\n\nmeu\n", encoding="utf-8")
    change(drafted_copy, "campaign.yaml", "to: \"kind == 'person' and tier < 3\"", "to: \"id == 'ana-felgares'\"")
    outreach("draft", "--json", folder=drafted_copy)
    assert mine.read_text(encoding="utf-8") == "Subject: meu\n\nmeu\n"
    assert not (drafted_copy / "drafts/letters/pessoas/per-olav.eml").exists()


SURROUNDINGS = [
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "4242", "LC_ALL": "POSIX",
     "OUTREACH_NOW": "2026-11-05T23:30:00+00:00"},
]  # fmt: skip


@pytest.mark.parametrize("surroundings", SURROUNDINGS, ids=["far-east", "plain-ascii"])
def test_the_same_input_gives_the_same_bytes_anywhere(
    original: Path, drafted: Drafted, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    folder = tmp_path / "um sítio" / "com espaço"
    shutil.copytree(original, folder)
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    answer = outreach_apart("draft", "--json", cwd=folder / "contacts/no", environment=surroundings, umask=0o077)
    assert answer.code == 0, answer.err
    assert len(answer.json["letters"]) == len(LETTERS)
    assert contents(folder) == contents(drafted[0])
    digests = {entry["id"]: entry["digest"] for entry in drafted[1].json["letters"]}
    assert {entry["id"]: entry["digest"] for entry in answer.json["letters"]} == digests


def test_the_campaign_can_be_named_by_the_environment(copy: Path, tmp_path: Path) -> None:
    answer = outreach_apart("draft", "--json", cwd=tmp_path, environment={"OUTREACH_CAMPAIGN": str(copy)})
    assert len(answer.json["letters"]) == len(LETTERS)


def test_a_folder_without_a_campaign_is_bad_usage(tmp_path: Path) -> None:
    for arguments in (["check"], ["draft"]):
        answer = outreach_apart(*arguments, cwd=tmp_path)
        assert answer.code == 2
        assert "campaign.yaml" in answer.err
        assert "Traceback" not in answer.err


def test_a_wave_can_be_drafted_alone(copy: Path) -> None:
    answer = outreach("draft", "ngos", "--json", folder=copy)
    assert drafts_of(answer) == {f"ngos/{letter.contact}/0" for letter in LETTERS if letter.wave == "ngos"}
    letters = [path for path in contents(copy) if path.endswith(".eml")]
    assert all(path.startswith("drafts/letters/ngos/") for path in letters)


def test_an_expression_narrows_the_letters(copy: Path) -> None:
    answer = outreach("draft", "--to", "tier == 0 and country == 'NO'", "--json", folder=copy)
    assert drafts_of(answer) == {"kommuner/brimelva-kommune/0"}


def test_one_contact_can_be_drafted_alone(copy: Path) -> None:
    answer = outreach("draft", "--contact", "skarvaa", "--json", folder=copy)
    assert drafts_of(answer) == {"kommuner/skarvaa/0"}


@pytest.mark.parametrize("arguments", [["ngos"], ["--to", "tier == 0"], ["--contact", "skarvaa"]])
def test_drafting_some_leaves_the_other_drafts_alone(drafted_copy: Path, arguments: list[str]) -> None:
    before = state(drafted_copy)
    outreach("draft", *arguments, "--json", folder=drafted_copy)
    assert differing(before, state(drafted_copy)) == set()


def test_one_contact_is_shown_on_the_terminal(copy: Path) -> None:
    answer = outreach("draft", "--contact", "skarvaa", folder=copy)
    assert answer.code == 0
    for shown in ("Skarvaa kommune", "post@skarvaa.example", "Levende elver", "skal rive en demning"):
        assert shown in answer.out


@pytest.mark.parametrize(
    "arguments",
    [["nosuchwave"], ["--contact", "nobody"], ["--to", "tier =="], ["--to", "tier == 0", "--nonsense"]],
)
def test_bad_usage_does_nothing_and_says_so(copy: Path, arguments: list[str]) -> None:
    answer = outreach("draft", *arguments, "--json", folder=copy)
    assert answer.code == 2
    assert answer.err.strip()
    assert "Traceback" not in answer.err
    assert not list(copy.rglob("*.eml"))


@pytest.mark.parametrize("marks", ["crlf", "bom", "both"])
def test_windows_line_ends_and_byte_order_marks_change_no_letter(copy: Path, drafted: Drafted, marks: str) -> None:
    for path in [*copy.rglob("*.yaml"), *copy.rglob("*.md"), *copy.rglob("*.csv")]:
        content = path.read_bytes()
        content = content if marks == "bom" else content.replace(b"\n", b"\r\n")
        path.write_bytes(content if marks == "crlf" else b"\xef\xbb\xbf" + content)
    answer = outreach("draft", "--json", folder=copy)
    assert [problem for problem in answer.json["problems"] if problem["level"] == "error"] == []
    digests = {entry["id"]: entry["digest"] for entry in drafted[1].json["letters"]}
    assert {entry["id"]: entry["digest"] for entry in answer.json["letters"]} == digests


def test_a_contact_value_is_never_a_template(copy: Path, change: Change) -> None:
    change(copy, KOMMUNER, "vi vil se på.", "{{ contact.context }}{% raw %}")
    outreach("draft", "--json", folder=copy)
    letter = copy / "drafts/letters/kommuner/skarvaa.eml"
    if letter.exists():  # it may also be refused as a placeholder left standing
        assert "{{ contact.context }}{% raw %}" in text_of(read_letter(letter))
        assert "uenig" not in text_of(read_letter(letter))
