"""What is known of people lies in `contacts/private/ID.yaml`, and is laid over the contact."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.campaign.contacts import load_contacts
from outreach.model.contact import Contact
from outreach.model.problem import Problem

PUBLIC = "name: Rios Livres\nwas: [rios]\npeople: [{name: Rui Dias}]\nchannels: [{email: info@rios.example}]\n"
PRIVATE = (
    "people: [{name: Ana Lima, role: director}, {name: Rui Dias, role: driver}]\n"
    "channels: [{email: ana.lima@rios.example, role: director}, {email: Info@rios.example}]\n"
    "internal_notes: prefers the phone\n"
)


def loaded(root: Path, files: dict[str, str]) -> tuple[list[Contact], list[Problem]]:
    for name, text in files.items():
        file = root / "contacts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return load_contacts(root)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("private/rios-livres.yaml", PRIVATE),
        ("private/anything.yaml", f"id: rios-livres\n{PRIVATE}"),
        ("private/rios.yaml", PRIVATE),
    ],
)
def test_it_is_laid_over_the_contact_each_person_and_channel_once(tmp_path: Path, name: str, text: str) -> None:
    (contact,), problems = loaded(tmp_path, {"rios-livres.yaml": PUBLIC, name: text})
    assert problems == []
    assert [(each.name, each.role) for each in contact.people] == [("Rui Dias", None), ("Ana Lima", "director")]
    assert [each.address for each in contact.channels] == ["info@rios.example", "ana.lima@rios.example"]
    assert contact.internal_notes == "prefers the phone"
    assert contact.file == "contacts/rios-livres.yaml"


def test_notes_of_both_files_are_kept(tmp_path: Path) -> None:
    files = {"a.yaml": "name: A\ninternal_notes: one\n", "private/a.yaml": "internal_notes: two\n"}
    (contact,), _ = loaded(tmp_path, files)
    assert contact.internal_notes == "one\n\ntwo"


def test_a_file_with_a_name_is_a_contact_as_before(tmp_path: Path) -> None:
    contacts, problems = loaded(tmp_path, {"a.yaml": "name: A\n", "private/b.yaml": "name: B\n"})
    assert ([each.id for each in contacts], problems) == (["a", "b"], [])


def test_what_is_of_nobody_and_other_keys_are_said(tmp_path: Path) -> None:
    files = {"a.yaml": "name: A\n", "private/b.yaml": "internal_notes: x\n", "private/a.yaml": "tier: 1\npeople: []\n"}
    contacts, problems = loaded(tmp_path, files)
    assert len(contacts) == 1
    assert sorted((each.file, each.line, each.code) for each in problems) == [
        ("contacts/private/a.yaml", 1, "unknown-key"),
        ("contacts/private/b.yaml", 1, "unknown-reference"),
    ]
