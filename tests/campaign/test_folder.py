"""The campaign folder: found from inside, loaded whole, never a traceback."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.campaign.folder import load_folder
from outreach.campaign.place import find_root
from outreach.errors import NoCampaign
from tests.campaign.campaigns import CAMPAIGN, SAMPLE, write


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


@pytest.mark.parametrize("error", [RecursionError, MemoryError, OverflowError])
@pytest.mark.parametrize(
    ("reader", "file", "about"),
    [
        ("templates.read_front_matter", "templates/bad.md", "template:templates/bad.md"),
        ("posts.read_front_matter", "posts/bad.md", "post:bad"),
        ("campaign_yaml.read_yaml", "campaign.yaml", "campaign"),
    ],
)
def test_a_file_beyond_the_reach_of_python_is_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str, file: str, about: str, error: type[Exception]
) -> None:
    """The last resort: bounds come first, and none of them is known to let anything so far."""
    module, _, name = reader.rpartition(".")
    reading = getattr(importlib.import_module(f"outreach.campaign.{module}"), name)

    def read(given: Any, *rest: Any) -> Any:
        if "bad" in f"{given} {rest}" or file == "campaign.yaml":
            raise error
        return reading(given, *rest)

    monkeypatch.setattr(f"outreach.campaign.{reader}", read)
    texts = {"campaign.yaml": CAMPAIGN, "templates/bad.md": "Hello", "templates/good.md": "---\nsubject: x\n---\nHello"}
    texts |= {
        "posts/bad.md": "---\nnetworks: [bluesky]\n---\nHello",
        "posts/good.md": "---\nnetworks: [bluesky]\n---\nHello",
    }
    folder = load_folder(write(tmp_path, texts))
    unreadable = [(problem.file, problem.about) for problem in folder.problems if problem.code == "unreadable-file"]
    assert unreadable == [(file, about)]
    assert "good" in [template.name for template in folder.templates]
    assert "good" in [post.id for post in folder.posts]
