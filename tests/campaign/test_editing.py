"""Forms change one contact of a file: the others stay byte for byte, and what is read back is what was typed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.campaign.contacts_csv import from_csv, with_cells
from outreach.errors import CannotTell, EditedMeanwhile, UnknownName
from outreach.tasks import editing
from outreach.tasks.campaign import load
from tests.sending.campaigns import run, write_campaign

CELL = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"], exclude_characters="\x85"), min_size=1
).map(lambda text: text.strip() or "x")


@settings(max_examples=40, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=4), CELL, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
@example(['two "words"', "x"], 'a, "b"; c', ",", "\r\n")
def test_a_cell_that_is_changed_is_read_back_and_the_other_rows_stay(
    old: list[str], new: str, delimiter: str, end: str
) -> None:
    out = io.StringIO()
    table = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    table.writerow(["id", "name", "owner", "website"])
    for number, cell in enumerate(old):
        table.writerow([f"c{number}", f"Name {number}", cell, ""])
    text = out.getvalue()
    line = 2
    made = with_cells(text, line, {"owner": new})
    assert made is not None
    rows = list(csv.reader(io.StringIO(made, newline=""), delimiter=delimiter))
    assert rows[1] == ["c0", "Name 0", new, ""]
    assert made.split(end, 2)[2] == text.split(end, 2)[2]
    assert made.split(end, 1)[0] == text.split(end, 1)[0]


def test_a_table_without_a_column_for_a_value_says_so() -> None:
    assert with_cells("id,name\na,A\n", 2, {"owner": "kim"}) is None
    assert with_cells("id,name\na,A\n", 2, {"owner": ""}) == "id,name\na,A\n"


def test_a_row_over_several_lines_is_replaced_whole() -> None:
    text = 'name,email,internal_notes\nA,a@a.example,"one\ntwo"\nB,b@b.example,x\n'
    made = with_cells(text, 2, {"channels": [{"email": "new@a.example"}]})
    assert made == 'name,email,internal_notes\nA,new@a.example,"one\ntwo"\nB,b@b.example,x\n'
    assert [each.channels[0].address for each in from_csv(made or "", "x").contacts] == ["new@a.example", "b@b.example"]


def test_an_empty_list_that_nobody_changed_stays(tmp_path: Path) -> None:
    write_campaign(tmp_path, contacts=1)
    file = tmp_path / "contacts" / "two.yaml"
    text = "- id: two\n  tags: []  # none yet\n  name: Two\n"
    file.write_text(text, encoding="utf-8")
    edit, findings = editing.edit_contact(tmp_path, "two", {"owner": "kim"})
    assert (edit.after, findings) == (f"{text}  owner: kim\n", [])


def test_a_contact_in_yaml_keeps_its_comments_and_its_neighbours(tmp_path: Path) -> None:
    write_campaign(tmp_path, contacts=1)
    file = tmp_path / "contacts" / "two.yaml"
    text = "# ours\n- id: one\n  name: One   # the first\n  fields: {seats: 5}\n- id: two\n  name: Two\n"
    file.write_text(text, encoding="utf-8")
    edit, findings = editing.edit_contact(tmp_path, "two", {"owner": "kim", "fields": {}})
    assert findings == []
    assert edit.after == f"{text}  owner: kim\n"
    editing.save(tmp_path, edit)
    again, _ = editing.edit_contact(tmp_path, "one", {"fields": {"seats": "5"}})
    assert again.before == again.after, "a number that a form can only say as text stays a number"
    editing.take_back(tmp_path, edit)
    assert file.read_text(encoding="utf-8") == text


def test_what_somebody_wrote_since_is_neither_overwritten_nor_taken_back(tmp_path: Path) -> None:
    write_campaign(tmp_path, contacts=1)
    edit, _, id = editing.new_contact(tmp_path, {"name": "Añb Org", "tags": ["x"]})
    assert (edit.read, id) == (None, "anb-org")
    editing.save(tmp_path, edit)
    with pytest.raises(EditedMeanwhile):
        editing.save(tmp_path, edit)
    file = tmp_path / edit.file
    file.write_text("id: anb-org\nname: Theirs\n", encoding="utf-8")
    with pytest.raises(EditedMeanwhile):
        editing.take_back(tmp_path, edit)
    assert "Theirs" in file.read_text(encoding="utf-8")


def test_only_templates_and_posts_are_texts_to_be_edited(tmp_path: Path) -> None:
    write_campaign(tmp_path, contacts=1)
    for name in ("campaign.yaml", "templates/../campaign.yaml", "/etc/passwd", "templates/none.md", "templates/a/b.md"):
        with pytest.raises(UnknownName):
            editing.edit_text(tmp_path, name, "x")
    (tmp_path / "templates" / "odd.md").write_bytes(b"\xff")
    with pytest.raises(CannotTell):
        editing.edit_text(tmp_path, "templates/odd.md", "x")


def test_a_look_at_what_would_be_is_kept_nowhere(tmp_path: Path) -> None:
    write_campaign(tmp_path, contacts=2)
    assert run(tmp_path, "status").code == 0  # there is a ledger, so that what is read is kept
    edit, _ = editing.edit_contact(tmp_path, "c0001", {"personal_text": "Quite another paragraph."})
    assert "Quite another paragraph." in editing.look(tmp_path, edit, "c0001").letters[0].message.text
    for _ in range(2):
        assert [each.personal_text for each in load(tmp_path).folder.contacts] == ["Angle 0.", "Angle 1."]
