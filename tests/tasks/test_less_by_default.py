"""What is known of people goes to `contacts/private/`, which Git does not see; what stands in a file stays there."""

from __future__ import annotations

import csv
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.campaign.contacts import load_contacts
from outreach.campaign.contacts_plain import standing_contacts
from outreach.campaign.contacts_private import parted, together
from outreach.tasks.editing import edit_contact, new_contact, read_contact, save, take_back
from outreach.tasks.erasing.erasing import Request, erase
from outreach.tasks.importing.importing import import_documents
from outreach.tasks.merging import merge
from tests.erasing.people import bytes_with
from tests.sending.campaigns import run, said, write_campaign

LIST = [
    ("Organisation", "Contact person", "Email", "Country", "Notes"),
    ("Rios Livres", "Ana Lima", "info@rios.example", "PT", "phones on Fridays"),
    ("Haus", "", "jürgen.groß@haus.example", "PT", ""),
    ("Maria Sousa", "", "maria.sousa@jornal.example", "PT", ""),
    ("Jornal", "", "redacao@jornal.example", "PT", ""),
]
NAMES = ("Ana Lima", "jürgen", "Sousa", "maria.sousa", "Fridays")


def write_list(file: Path, rows: list[Any]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return file


def begun(folder: Path, more: str = "") -> Path:
    root = write_campaign(folder / "campaign", contacts=0, more=more)
    (root / "contacts/all.csv").unlink()
    import_documents(root, [write_list(folder / "list.csv", LIST)], go=True)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return begun(tmp_path)


def shared(root: Path) -> str:
    """What Git would show of the contacts."""
    files = [path for path in (root / "contacts").rglob("*.yaml") if "private" not in path.parts]
    return "\n".join(f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in files)


def aside(root: Path, id: str) -> dict[str, Any]:
    return dict(yaml.safe_load((root / f"contacts/private/{id}.yaml").read_text(encoding="utf-8")))


def texts(root: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((root / "contacts").rglob("*")) if path.is_file()}


def test_no_name_address_or_note_of_a_person_lands_in_a_file_that_git_shares(root: Path) -> None:
    assert [name for name in NAMES if name in shared(root)] == []
    assert "info@rios.example" in shared(root)
    assert "redacao@jornal.example" in shared(root)
    contacts, problems = load_contacts(root)
    assert problems == []
    by_id = {contact.id: contact for contact in contacts}
    assert [person.name for person in by_id["rios-livres"].people] == ["Ana Lima"]
    assert by_id["rios-livres"].internal_notes == "phones on Fridays"
    assert by_id["haus"].fields == {"Email": "jürgen.groß@haus.example"}, "no address that mail could go to"
    assert by_id["maria-sousa"].file == "contacts/private/maria-sousa.yaml"


def test_git_ignores_the_folder_in_a_campaign_that_an_older_version_began(root: Path) -> None:
    subprocess.run(["git", "-C", str(root), "init", "-q"], check=True)
    seen = subprocess.run(
        ["git", "-C", str(root), "status", "--porcelain", "-uall"], check=True, capture_output=True, text=True
    ).stdout
    assert "contacts/jornal.yaml" in seen
    assert "private" not in seen


def test_where_nobody_else_reads_the_repository_all_stands_in_one_file(tmp_path: Path) -> None:
    root = begun(tmp_path, "repository: private\n")
    assert [name for name in NAMES if name not in shared(root)] == []
    assert not (root / "contacts/private").exists()


def test_importing_twice_changes_nothing(root: Path, tmp_path: Path) -> None:
    before = texts(root)
    again = import_documents(root, [tmp_path / "list.csv"], go=True)
    assert (again.changes, again.disagreements) == ((), ())
    assert texts(root) == before


def test_what_a_person_edited_survives_in_either_file_and_what_the_list_changed_arrives(
    root: Path, tmp_path: Path
) -> None:
    file = root / "contacts/private/rios-livres.yaml"
    file.write_text(file.read_text("utf-8").replace("Ana Lima", "Ana Lima Costa") + "# by hand\n", encoding="utf-8")
    public = root / "contacts/rios-livres.yaml"
    public.write_text(public.read_text("utf-8").replace("country: PT", "country: ES"), encoding="utf-8")
    rows = [list(row) for row in LIST]
    rows[1][4] = "phones on Mondays"
    rows[4][1] = "Rita Reis"
    import_documents(root, [write_list(tmp_path / "list.csv", rows)], go=True)
    assert aside(root, "rios-livres")["people"] == [{"name": "Ana Lima Costa"}]
    assert aside(root, "rios-livres")["internal_notes"] == "phones on Mondays"
    assert "# by hand" in file.read_text("utf-8")
    assert "country: ES" in public.read_text("utf-8")
    assert aside(root, "jornal") == {"people": [{"name": "Rita Reis"}]}
    assert "Rita" not in shared(root)


def test_a_person_whom_somebody_moved_into_the_shared_file_stays_there(root: Path, tmp_path: Path) -> None:
    public, file = root / "contacts/rios-livres.yaml", root / "contacts/private/rios-livres.yaml"
    public.write_text(public.read_text("utf-8") + "people:\n  - {name: Ana Lima}\n", encoding="utf-8")
    file.write_text("internal_notes: phones on Fridays\n", encoding="utf-8")
    assert import_documents(root, [tmp_path / "list.csv"], go=True).changes == ()


def test_a_form_changes_the_file_in_which_a_value_stands_and_can_be_taken_back(root: Path) -> None:
    before = texts(root)
    people = [{"name": "Ana Lima", "role": "director"}, {"name": "Rui Dias"}]
    edit, findings = edit_contact(root, "rios-livres", {"people": people, "country": "ES"})
    assert findings == []
    assert edit.stamp == read_contact(root, "rios-livres")[1]
    assert any("contacts/private/rios-livres.yaml" in line for line in edit.difference)
    save(root, edit)
    assert aside(root, "rios-livres")["people"] == people
    assert "country: ES" in shared(root)
    assert "Rui Dias" not in shared(root)
    take_back(root, edit)
    assert texts(root) == before


@pytest.mark.parametrize(
    ("values", "files"),
    [
        ({"name": "Rui Dias", "kind": "person"}, ["contacts/private/rui-dias.yaml"]),
        ({"name": "Mar", "channels": [{"email": "info@mar.example"}]}, ["contacts/mar.yaml"]),
        ({"name": "Mar", "people": [{"name": "Rui Dias"}]}, ["contacts/mar.yaml", "contacts/private/mar.yaml"]),
    ],
)
def test_a_contact_that_is_added_in_a_form_goes_to_the_files_that_fit(
    root: Path, values: dict[str, Any], files: list[str]
) -> None:
    edit, _, id = new_contact(root, values)
    save(root, edit)
    assert [file for file in files if not (root / file).is_file()] == []
    assert "Rui Dias" not in shared(root)
    assert {**next(e for e in standing_contacts(root) if e.id == id).values, "id": id} == {"id": id, **values}
    take_back(root, edit)
    assert [file for file in files if (root / file).exists()] == []


def test_a_row_of_a_table_gets_people_and_the_table_stays(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=2)
    table = (root / "contacts/all.csv").read_bytes()
    edit, _ = edit_contact(root, "c0000", {"people": [{"name": "Ana Lima"}], "internal_notes": "kind"})
    save(root, edit)
    assert (root / "contacts/all.csv").read_bytes() == table
    assert aside(root, "c0000") == {"people": [{"name": "Ana Lima"}], "internal_notes": "kind"}


def test_merging_takes_both_files_along_and_leaves_nothing_behind(root: Path) -> None:
    merge(root, "jornal", "rios-livres", go=True)
    file = root / "contacts/private/maria-sousa.yaml"
    file.write_text(file.read_text("utf-8") + "kind: person\n", encoding="utf-8")
    merge(root, "jornal", "maria-sousa", go=True)
    assert [name for name in NAMES if name in shared(root)] == []
    (jornal,) = [each for each in standing_contacts(root) if each.id == "jornal"]
    assert sorted(each["name"] for each in jornal.values["people"]) == ["Ana Lima", "Maria Sousa"]
    assert "maria-sousa" not in shared(root) + (root / "imports.yaml").read_text("utf-8")
    assert aside(root, "jornal")["was"] == ["maria-sousa"]
    assert not (root / "contacts/private/rios-livres.yaml").exists()
    assert not (root / "contacts/private/maria-sousa.yaml").exists()


def test_what_imports_remember_of_a_person_lies_beside_their_contact_and_leaves_the_shared_file(
    root: Path, tmp_path: Path
) -> None:
    memory, theirs = root / "imports.yaml", root / "contacts/private/.imports.yaml"
    assert [name for name in (*NAMES, "maria-sousa") if name in memory.read_text("utf-8")] == []
    assert "rios-livres" in memory.read_text("utf-8")
    entries = [line for line in theirs.read_text("utf-8").splitlines() if line.startswith("  maria-sousa: ")]
    assert len(entries) == 1
    old = memory.read_text("utf-8").replace("contacts:\n", f"contacts:\n{entries[0]}\n")  # as older versions did
    memory.write_text(old, encoding="utf-8")
    theirs.unlink()
    rows = [*LIST, ("Verein", "", "info@verein.example", "DE", "")]
    again = [write_list(tmp_path / "list.csv", rows)]
    assert not import_documents(root, again, go=True).disagreements
    assert "maria-sousa" not in memory.read_text("utf-8")
    assert entries[0] in theirs.read_text("utf-8")
    assert import_documents(root, again, go=True).changes == ()
    (root / "contacts/private/maria-sousa.yaml").unlink()
    (remark,) = [each for each in import_documents(root, again, go=True).remarks if "not brought back" in each.message]
    assert "contacts/private/.imports.yaml" in remark.hint


def test_who_is_erased_goes_out_of_the_private_file(root: Path) -> None:
    assert erase(root, Request(who="Ana Lima", go=True)).is_complete
    assert bytes_with(root, "ana lima") == []
    assert aside(root, "rios-livres") == {"internal_notes": "phones on Fridays"}


def test_a_contact_that_is_erased_whole_goes_out_of_both_files(root: Path) -> None:
    assert erase(root, Request(who="rios-livres", go=True)).is_complete
    assert bytes_with(root, "rios") == []
    left = sorted(path.name for path in (root / "contacts/private").glob("[!.]*.yaml"))
    assert left == ["haus.yaml", "maria-sousa.yaml"]
    assert bytes_with(root, "fridays") == bytes_with(root, "ana lima") == []


def test_check_names_what_a_remote_shows_and_nothing_of_the_private_folder(root: Path) -> None:
    for words in (["init", "-q"], ["remote", "add", "origin", "https://forge.example/x.git"]):
        subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)
    assert "public-names" not in {each["code"] for each in said(root, "check")["problems"]}
    (root / "contacts/table.csv").write_text("name,kind\nRui Dias,person\n", encoding="utf-8")
    (found,) = [each for each in said(root, "check")["problems"] if each["code"] == "public-names"]
    assert "1 person by name" in found["message"]
    assert "contacts/table.csv" in found["message"]
    (root / "contacts/table.csv").rename(root / "contacts/private/table.csv")
    assert "public-names" not in {each["code"] for each in said(root, "check")["problems"]}
    assert "rui-dias" in run(root, "status").out


# -- the parting of values ----------------------------------------------------------------------------

names = st.sampled_from(["Ana Lima", "Rui Dias", "Eva Au", "Jo Doe"])
mails = st.sampled_from(["info@a.example", "ana.lima@a.example", "press@a.example", "rui.dias@b.example"])
sides = st.fixed_dictionaries(
    {},
    optional={
        "people": st.lists(names, unique=True, min_size=1).map(lambda found: [{"name": each} for each in found]),
        "channels": st.lists(mails, unique=True, min_size=1).map(lambda found: [{"email": each} for each in found]),
        "greeting": st.sampled_from(["Dear Ana Lima", "Hello all"]),
        "fields": st.dictionaries(st.sampled_from("ab"), st.sampled_from(["12", "ana.lima@a.example"]), min_size=1),
        "internal_notes": st.sampled_from(["one", "two", "one\n\ntwo", "two\n\none"]),
    },
)


@settings(max_examples=60)
@given(sides, sides, sides, st.booleans())
def test_both_files_together_say_what_is_wanted_in_its_order_and_a_second_time_nothing_changes(
    wanted: dict[str, Any], own: dict[str, Any], laid: dict[str, Any], private: bool
) -> None:
    values = {"name": "A", **wanted}
    mine, theirs = parted(values, {"name": "A", **own}, laid, private=private)
    assert together(mine, theirs) == values
    assert parted(values, mine, theirs, private=private) == (mine, theirs)
    if private:
        known = {person["name"] for person in own.get("people", ())}
        assert {person["name"] for person in mine.get("people", ())} <= known


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(names, mails), min_size=1, max_size=4), st.booleans())
def test_a_second_import_of_any_list_changes_nothing(rows: list[tuple[str, str]], organised: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        head = ("Organisation", "Contact person", "Email") if organised else ("Name", "Email")
        lines: list[Any] = [head, *(((f"Org {at}", *row) if organised else row) for at, row in enumerate(rows))]
        root = write_campaign(Path(name) / "campaign", contacts=0)
        (root / "contacts/all.csv").unlink()
        paths = [write_list(Path(name) / "list.csv", lines)]
        import_documents(root, paths, go=True)
        before = texts(root)
        assert import_documents(root, paths, go=True).changes == ()
        assert texts(root) == before
