"""A text is edited in fields: what nobody touched stays byte for byte, and what a form cannot say is not lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.front_matter import parts_of, with_values
from outreach.errors import CannotTell
from outreach.tasks.campaign import load
from outreach.tasks.editing import as_form, edit_fields, save
from tests.web.dashboards import NOW, write_full_campaign

FILE = "templates/hello.md"
TEXT = """---
# for all
subject: "Hello: {{ contact.name }}"   # seen first
roles: [policy, general]
mentions:
  - c0001   # our neighbours
format: both
---

Dear {{ contact.name }},

A line.
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    root = write_full_campaign(tmp_path / "campaign")
    (root / FILE).write_text(TEXT, encoding="utf-8")
    return root


def shown(text: str, file: str = FILE) -> dict[str, str]:
    form = as_form(file, text)
    assert form is not None
    return {**form.values, "": form.body}


def test_the_form_has_the_words_without_the_keys_above_them(root: Path) -> None:
    values = shown(TEXT)
    assert values[""] == "Dear {{ contact.name }},\n\nA line."
    assert (values["subject"], values["roles"]) == ("Hello: {{ contact.name }}", "policy, general")


def test_what_was_not_touched_stays_byte_for_byte(root: Path) -> None:
    values = shown(TEXT)
    assert not edit_fields(root, FILE, values, values[""]).changes
    assert not edit_fields(root, FILE, {}, values[""].replace("\n", "\r\n")).changes


def test_one_field_and_the_words_change_and_comments_stay(root: Path) -> None:
    edit = edit_fields(root, FILE, {**shown(TEXT), "subject": "Hedges: now", "cc": "a@b.example, c@d.example"}, "Hi.")
    save(root, edit)
    text = (root / FILE).read_text(encoding="utf-8")
    assert re.match('---\n# for all\nsubject: "Hedges: now" +# seen first\n', text)
    assert "  - c0001   # our neighbours\nformat: both\n" in text
    assert "cc: [a@b.example, c@d.example]\n" in text
    assert text.endswith("---\n\nHi.\n")


def test_an_emptied_field_goes_and_a_comment_that_would_go_with_it_is_not_lost(root: Path) -> None:
    save(root, edit_fields(root, FILE, {"format": ""}, shown(TEXT)[""]))
    assert "format" not in (root / FILE).read_text(encoding="utf-8")
    with pytest.raises(CannotTell, match="a comment that would be lost"):
        edit_fields(root, FILE, {"mentions": ""}, "Hi.")


def test_what_a_field_cannot_say_has_none(root: Path) -> None:
    post = "---\nnetworks: [bluesky]\nhashtags: {bluesky: [a]}\ntitles: ['One, two', Three]\n---\nWords.\n"
    values = shown(post, "posts/x.md")
    assert "hashtags" not in values
    assert values["titles"] == "One, two\nThree"
    assert "subject" not in shown("---\nsubject: |\n  one\n  two\n---\nHi.\n")


@pytest.mark.parametrize("text", ["---\nsubject: a: b\n---\nHi\n", "---\nsubject: x\nHi\n", "---\n- a\n---\nHi\n"])
def test_a_file_whose_keys_cannot_be_known_is_shown_whole_only(root: Path, text: str) -> None:
    assert as_form(FILE, text) is None
    (root / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CannotTell, match="cannot be shown as a form"):
        edit_fields(root, FILE, {"subject": "y"}, "Hi")


def test_a_text_without_keys_gets_them_and_windows_line_ends_stay(root: Path) -> None:
    assert with_values("Hi\n", {"subject": "A"}, "Hi\n") == "---\nsubject: A\n---\nHi\n"
    (root / FILE).write_bytes(TEXT.replace("\n", "\r\n").encode())
    save(root, edit_fields(root, FILE, {"subject": "New"}, "One.\nTwo."))
    content = (root / FILE).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.endswith(b"---\r\n\r\nOne.\r\nTwo.\r\n")
    assert not [each for each in load(root).problems if each.file == FILE and each.is_error]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)


@given(subject=WORDS, body=st.lists(WORDS, max_size=4), keys=st.sampled_from(["", "format: text\n", "# c\nroles: x\n"]))
def test_whatever_is_typed_comes_back_as_it_was_typed(subject: str, body: list[str], keys: str) -> None:
    words = "\n".join(body).strip("\n")
    after = with_values(f"---\n{keys}---\nOld.\n", {"subject": subject} if subject.strip() else {}, f"{words}\n")
    assert after is not None
    parts = parts_of(after)
    assert parts is not None
    assert "".join(parts) == after
    assert parts.body == f"{words}\n"
    form = as_form(FILE, after)
    assert form is not None
    assert form.values["subject"] == (subject if subject.strip() else "")
    assert keys in after
