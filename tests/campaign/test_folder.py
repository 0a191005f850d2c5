"""The campaign folder: found from inside, loaded whole, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.campaign.folder import find_root, load_folder
from outreach.errors import NoCampaign
from tests.campaign.campaigns import SAMPLE, write


def test_the_campaign_is_found_from_anywhere_inside(tmp_path: Path) -> None:
    write(tmp_path, {**SAMPLE, "contacts/a/b/c.txt": ""})
    assert find_root(tmp_path) == tmp_path
    assert find_root(tmp_path / "contacts/a/b") == tmp_path
    with pytest.raises(NoCampaign):
        find_root(Path("/"))


def test_everything_is_loaded_at_once(tmp_path: Path) -> None:
    folder = load_folder(write(tmp_path, SAMPLE))
    assert folder.problems == ()
    assert folder.campaign is not None
    assert folder.campaign.id == "alliance"
    assert [contact.id for contact in folder.contacts] == ["openforum-europe", "krugers-buro"]
    assert [template.name for template in folder.templates] == ["advocacy"]
    assert [post.id for post in folder.posts] == ["other", "start"]


def test_all_problems_are_there_in_order_and_the_same_every_time(tmp_path: Path) -> None:
    write(tmp_path, SAMPLE)
    write(
        tmp_path,
        {"posts/z.md": "x", "contacts/b.yaml": "tier: x\nnam: B\n", "templates/t.md": "x", "campaign.yaml": "id: X\n"},
    )
    folder = load_folder(tmp_path)
    assert folder.campaign is None
    assert [(p.file, p.code) for p in folder.problems] == [
        ("campaign.yaml", "bad-value"),
        ("campaign.yaml", "missing-key"),
        ("campaign.yaml", "missing-key"),
        ("contacts/b.yaml", "bad-value"),
        ("contacts/b.yaml", "unknown-key"),
        ("posts/z.md", "missing-key"),
        ("templates/t.md", "missing-key"),
    ]
    assert load_folder(tmp_path) == folder


def test_a_folder_without_anything_is_one_problem(tmp_path: Path) -> None:
    folder = load_folder(tmp_path)
    assert [(p.file, p.code) for p in folder.problems] == [("campaign.yaml", "unreadable-file")]


def test_names_that_are_no_text_can_still_be_shown(tmp_path: Path) -> None:
    (tmp_path / "contacts").mkdir()
    try:
        Path(os.fsdecode(os.fsencode(tmp_path / "contacts") + b"/b\xff.yaml")).write_bytes(b"\xff")
    except OSError:  # this file system holds text only
        return
    for problem in load_folder(tmp_path).problems:
        problem.file.encode("utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(SAMPLE)), st.binary(max_size=40), st.integers(0, 400))
def test_no_bytes_anywhere_raise(tmp_path: Path, name: str, junk: bytes, at: int) -> None:
    write(tmp_path, SAMPLE)
    data = SAMPLE[name].encode("utf-8")
    (tmp_path / name).write_bytes(data[:at] + junk + data[at:])
    folder = load_folder(tmp_path)
    assert all(problem.line >= 1 and problem.message for problem in folder.problems)
