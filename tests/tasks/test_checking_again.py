"""A check renders only what changed since an earlier one found nothing, and says the same as one that renders all."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.campaign.private import CACHE
from outreach.campaign.verdicts import CHECKED
from outreach.letters.merger import Merger
from outreach.model.problem import Problem
from outreach.model.recipient import Recipient
from outreach.tasks.checking import check

CAMPAIGN = """\
id: bees
title: Bees
timezone: UTC
sender: {name: Alex Example, email: alex@example.org}
waves: [{id: all, to: "true", template: letter}]
"""
LETTER = "---\nsubject: For {{ contact.name }}\n---\nDear all, I write about {{ contact.fields.topic }}.\n"
CONTACTS = "id,name,email,topic\n" + "".join(
    f"c{number},Organisation {number},info@c{number}.example,rivers\n" for number in range(5)
)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The contacts for which a letter was rendered."""
    made: list[str] = []
    really = Merger.make

    def make(merger: Merger, to: Recipient) -> object:
        made.append(to.contact.id)
        return really(merger, to)

    monkeypatch.setattr(Merger, "make", make)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "bees"
    files = {"campaign.yaml": CAMPAIGN, "templates/letter.md": LETTER, "contacts/all.csv": CONTACTS}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def afresh(root: Path) -> tuple[Problem, ...]:
    """What a check says that has nothing to remember."""
    for path in (root / CACHE).iterdir():
        path.unlink()
    return check(root).problems


def test_a_check_renders_nothing_again_where_nothing_has_changed(folder: Path, rendered: list[str]) -> None:
    first = check(folder)
    assert len(rendered) == 5
    rendered.clear()
    assert (check(folder), rendered) == (first, [])


@pytest.mark.parametrize(
    ("file", "before", "after", "again"),
    [
        ("contacts/all.csv", "Organisation 3,info", "Organisation 3,office", ["c0", "c1", "c2", "c3", "c4"]),
        ("contacts/all.csv", "c3.example,rivers", "c3.example,lakes", ["c3"]),
        ("contacts/all.csv", "c3.example,rivers", "c3.example,", ["c3"]),
        ("templates/letter.md", "I write", "[Your name] writes", ["c0", "c1", "c2", "c3", "c4"]),
        ("templates/letter.md", "contact.fields.topic", "contact.fields.topik", ["c0", "c1", "c2", "c3", "c4"]),
        ("campaign.yaml", "Alex Example", "Kim Example", ["c0", "c1", "c2", "c3", "c4"]),
    ],
)
def test_what_changed_is_rendered_again_and_said_as_by_a_first_check(
    folder: Path, rendered: list[str], file: str, before: str, after: str, again: list[str]
) -> None:
    check(folder)
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    rendered.clear()
    found = check(folder).problems
    assert rendered == again
    assert found == afresh(folder)
    rendered.clear()
    assert check(folder).problems == found
    faulty = {problem.about.rpartition(":")[2] for problem in found if "all.csv" in problem.file}
    assert set(rendered) in (faulty, set(again) if found else set())


def test_a_letter_with_a_warning_is_rendered_again_so_that_it_is_said_again(folder: Path, rendered: list[str]) -> None:
    text = (folder / "templates/letter.md").read_text(encoding="utf-8")
    (folder / "templates/letter.md").write_text(f"{text}\nAsk Organisation 1.\n", encoding="utf-8")
    first = check(folder).problems
    assert any("Organisation 1" in problem.message for problem in first)
    rendered.clear()
    assert check(folder).problems == first
    assert rendered == ["c0", "c2", "c3", "c4"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}'])
def test_what_was_remembered_and_cannot_be_read_counts_for_nothing(folder: Path, content: bytes) -> None:
    first = check(folder).problems
    (folder / CHECKED).write_bytes(content)
    assert check(folder).problems == first
