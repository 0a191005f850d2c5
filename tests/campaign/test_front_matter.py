"""Keys between two lines `---`, and a body whose lines keep their numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.front_matter import read_front_matter, split_front_matter
from outreach.campaign.strict_yaml import Faulty, Mapping


def test_keys_and_body_are_taken_apart() -> None:
    read = split_front_matter("\n---\na: 1\n\nb: x\n---  \n\nBody\n---\nMore\n")
    assert isinstance(read.node, Mapping)
    assert [(entry.key, entry.line) for entry in read.node.entries] == [("a", 3), ("b", 5)]
    assert (read.body, read.body_line, read.findings) == ("\nBody\n---\nMore\n", 7, [])


@pytest.mark.parametrize("text", ["Only a body\n---\nmore\n", "", "\n\n"])
def test_without_a_first_line_of_dashes_all_is_body(text: str) -> None:
    read = split_front_matter(text)
    assert (read.node, read.body, read.body_line, read.findings) == (Mapping((), 1), text, 1, [])


def test_empty_front_matter_is_fine() -> None:
    assert split_front_matter("---\n---\nBody") == (Mapping((), 2), "Body", 3, [])


@pytest.mark.parametrize(
    "text",
    [
        "---\nsubject: x\n\nDear all,\n",
        "---\n",
        "---\nnetworks: [reddit]\n## What we did\n\n- we counted\n\n---\n\nAfter the line.\n",
        "---\nnetworks: [bluesky]\n\nToday it begins.\n---\nThe second part.\n",
    ],
)
def test_front_matter_without_an_end_is_one_problem(text: str) -> None:
    read = split_front_matter(text)
    assert isinstance(read.node, Faulty)
    assert [(f.line, f.code) for f in read.findings] == [(1, "no-front-matter-end")]


def test_front_matter_that_is_no_mapping_is_one_problem() -> None:
    read = split_front_matter("---\nsubject\n---\nx")
    assert [(f.line, f.code) for f in read.findings] == [(2, "yaml-syntax")]


def test_a_mistake_in_the_keys_has_its_line_in_the_file() -> None:
    read = split_front_matter("---\na: 1\n# b\nsubject: A: b\n---\nText: with: colons\n")
    assert [(f.line, f.code) for f in read.findings] == [(4, "yaml-unquoted")]
    assert read.body_line == 6


def test_a_file_that_cannot_be_read_has_no_keys(tmp_path: Path) -> None:
    read = read_front_matter(tmp_path, "gone.md")
    assert (read.node, read.body, [f.code for f in read.findings]) == (Faulty(1), "", ["unreadable-file"])


def test_other_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nBody\r\n")
    read = read_front_matter(tmp_path, "a.md")
    assert (read.body, read.body_line, read.findings) == ("Body\n", 4, [])


@given(st.text(st.sampled_from(list("ab:- \n\n#[]'\""))).map(lambda text: "---\n" + text))
def test_no_text_raises(text: str) -> None:
    read = split_front_matter(text)
    assert all(1 <= f.line <= text.count("\n") + 1 for f in read.findings)
