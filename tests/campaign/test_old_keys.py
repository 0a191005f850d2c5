"""Keys of older versions: read as before in files, templates and expressions, and each says its new name once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.campaign.contacts_plain import changed, contacts_in
from outreach.campaign.definitions.definition import Definition
from outreach.campaign.strict_yaml import read_yaml
from outreach.model.contact import FORMER_KEYS
from tests.acceptance.command import outreach
from tests.campaign.test_contacts import one
from tests.campaign.variations import MORE, SAMPLES, lines_of, paths, raw, said
from tests.campaign.variations import changed as with_change
from tests.sending.campaigns import write_campaign

OLD_CONTACTS = [
    ("angle: Yours.", {"personal_text": "Yours."}),
    ("context: Ours.", {"internal_notes": "Ours."}),
    ("stage: research\nfind: an address", {"missing": "an address"}),
    ("stage: research", {"missing": "how to reach them"}),
    ("stage: ready", {"missing": None}),
    ("find: who decides", {"missing": None, "internal_notes": "To find out: who decides"}),
    ("source: their site", {"found_at": "their site", "imported_from": None}),
    ("source: partner.csv line 2", {"found_at": None, "imported_from": "partner.csv line 2"}),
    ("source: 'notes/list.md, line 7'", {"imported_from": "notes/list.md, line 7"}),
]


@pytest.mark.parametrize(("text", "new"), OLD_CONTACTS)
def test_an_old_key_means_what_it_meant(text: str, new: dict[str, str | None]) -> None:
    (contact,), problems = one(f"name: A\n{text}\n")
    assert {key: getattr(contact, key) for key in new} == new
    assert {code for _, code, _ in problems} == {"old-key"}


def old_names(of: type[Definition] = Definition) -> dict[str, str]:
    """Every old name of a key that a definition has -> the name of today."""
    found = dict(getattr(of, "_was", {})) if of.__module__.startswith("outreach.") else {}
    for each in of.__subclasses__():
        found |= old_names(each)
    return found


def called(root: Path, new: str, name: str) -> tuple[list[tuple[int, str, str, str]], str]:
    """What is found and read in a file with every key, in which the key `new` is called `name`."""

    def rename(group: Any, key: str) -> Any:
        return {name if each == key else each: value for each, value in group.items()}

    for file, text in SAMPLES.items():
        data = raw(read_yaml(text)[0])
        data = {**(data[0] if isinstance(data, list) else data), **MORE.get(file, {})}
        for path in paths(data):
            if path[-1] == new:
                return said(root, file, "\n".join(lines_of(with_change(data, path, rename))) + "\n")
    raise AssertionError(f"no sample has {new}")


@pytest.mark.parametrize(("old", "new"), sorted(old_names().items()))
def test_every_old_name_of_a_key_is_read_as_the_new_one_and_says_it_once(tmp_path: Path, old: str, new: str) -> None:
    (before, values), (after, same) = called(tmp_path, new, old), called(tmp_path, new, new)
    assert values == same
    (more,) = (each for each in before if each not in after)
    assert more[1:] == ("old-key", f"`{old}` is now `{new}`.", f"Write `{new}:` instead; the old name is still read.")


def test_every_old_key_of_a_contact_has_a_case_above() -> None:
    tried = {line.partition(":")[0] for text, _ in OLD_CONTACTS for line in text.splitlines()}
    assert tried == set(FORMER_KEYS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "campaign"
    write_campaign(root, more="  - {id: two, to: \"stage == 'research' or angle == 'x'\", template: hello}\n")
    rows = "id,name,tier,email,angle\nc1,One,0,one@one.example,First.\nc2,Two,0,two@two.example,Second.\n"
    (root / "contacts/all.csv").write_text(rows, encoding="utf-8")
    body = (root / "templates/hello.md").read_text(encoding="utf-8").replace("personal_text", "angle")
    (root / "templates/hello.md").write_text(body, encoding="utf-8")
    return root


def test_a_template_and_an_expression_with_old_names_work_and_each_is_said_once(root: Path) -> None:
    problems = outreach("check", "--json", folder=root).json["problems"]
    old = [(each["file"], each["line"], each["message"]) for each in problems if each["code"] == "old-key"]
    assert old == [
        ("campaign.yaml", 10, "`contact.angle` is now `contact.personal_text`."),
        ("campaign.yaml", 10, "`contact.stage` is now `contact.missing`."),
        ("contacts/all.csv", 2, "`angle` is now `personal_text`."),
    ]
    assert [each["hint"][:42] for each in problems if "`contact.stage`" in each["message"]] == [
        "Write `missing` instead of `stage == 'rese"
    ]
    outreach("draft", "--contact", "c1", folder=root)
    assert "First." in (root / "drafts/letters/one/c1.md").read_text(encoding="utf-8")


def test_what_an_import_changes_takes_the_place_of_the_old_key() -> None:
    text = "id: a\nname: A\nangle: Old.\nstage: research\nfind: an address\ncountry: BE\n"
    (contact,) = contacts_in(text, "contacts/a.yaml")
    new = changed(text, contact, {**contact.values, "personal_text": "New."})
    assert new is not None
    assert "angle" not in new
    assert "stage: research\nfind: an address\n" in new
    (again,) = contacts_in(new, "contacts/a.yaml")
    assert again.values["personal_text"] == "New."
    found = {key: value for key, value in contact.values.items() if key != "missing"}
    without = changed(text, contact, found)
    assert without is not None
    assert "stage" not in without
    assert "find" not in without


def test_an_old_name_in_a_template_is_said_at_its_line_and_only_in_tags(root: Path) -> None:
    words = "A word: contact.source.\n\n{% if\n contact.source %}x{% endif %}\n{{ contact.angle }}\n"
    body = f"---\nsubject: Hello\n---\n{words}"
    (root / "templates/again.md").write_text(body, encoding="utf-8")
    (root / "templates/hello.md").write_text("---\nsubject: Hi\n---\nHi.\n", encoding="utf-8")
    problems = outreach("check", "--json", folder=root).json["problems"]
    old = [(each["file"], each["line"]) for each in problems if "`contact.source`" in each["message"]]
    assert old == [("templates/again.md", 7)]


def test_a_row_without_a_name_is_told_under_an_old_column_too(root: Path) -> None:
    file = root / "contacts/all.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("c2,Two", "c2,"), encoding="utf-8")
    problems = outreach("check", "--json", folder=root).json["problems"]
    assert [each["line"] for each in problems if each["message"] == "This row has no `name`."] == [3]


def test_a_fault_in_an_old_key_is_told_at_its_line(root: Path) -> None:
    (root / "contacts/one.yaml").write_text("id: one\nname: A\ntier: 0\nangle: See [Your name].\n"
                                            "channels: [{email: a@one.example}]\n")  # fmt: skip
    problems = outreach("check", "--json", folder=root).json["problems"]
    assert [(each["file"], each["line"]) for each in problems if each["code"] == "placeholder"] == [
        ("contacts/one.yaml", 4)
    ]


def test_old_words_of_gates_subjects_private_files_and_the_command_line_are_said_once(root: Path) -> None:
    campaign = root / "campaign.yaml"
    asked = "contacts['c1'].outcome == 'acknowledged' and count('new', find='x') >= 0"
    campaign.write_text(
        campaign.read_text().replace(", template: hello}\n", f', template: hello, needs: "{asked}"}}\n')
    )
    hello = root / "templates/hello.md"
    hello.write_text(hello.read_text().replace("subject: Hello", "subject: Hello {{ contact.source }}"))
    (root / "contacts/private").mkdir()
    (root / "contacts/private/c1.yaml").write_text("context: They like bees.\n", encoding="utf-8")
    problems = outreach("check", "--json", folder=root).json["problems"]
    said = [(each["file"], each["line"], each["message"]) for each in problems if each["code"] == "old-key"]
    assert len({message for _, _, message in said}) == len(said)
    assert set(said) >= {
        ("campaign.yaml", 10, "`acknowledged` is now `receipt-only`."),
        ("campaign.yaml", 10, "`find` is now `missing`."),
        ("contacts/private/c1.yaml", 1, "`context` is now `internal_notes`."),
        ("templates/hello.md", 2, "`contact.source` is now `contact.found_at`."),
    }
    answer = outreach("status", "--to", "angle and stage != 'research'", "--json", folder=root)
    assert [each["id"] for each in answer.json["contacts"]] == ["c1", "c2"]
    assert answer.err.splitlines() == [
        '"angle" is now "personal_text". The old name still works.',
        '"stage" is now "missing". The old name still works.',
    ]
