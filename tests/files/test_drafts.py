"""The drafts folder: ours is rebuilt and swept, a person's is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from outreach.errors import CannotWrite
from outreach.files.drafts import DraftFolder

PATH = "drafts/letters/lobbying/fsfe.eml"


def put(root: Path, contents: dict[str, bytes], *, sweep: bool = True) -> tuple[dict[str, bool], list[str], list[str]]:
    with DraftFolder(root) as folder:
        changed = {path: folder.put(path, repr(data), lambda data=data: [data]) for path, data in contents.items()}
        removed = folder.sweep(lambda path: True) if sweep else []
    return changed, removed, folder.kept


def all_files(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_the_same_drafts_again_change_no_file(tmp_path: Path) -> None:
    assert put(tmp_path, {PATH: b"one"})[0] == {PATH: True}
    before = all_files(tmp_path)
    assert put(tmp_path, {PATH: b"one"})[0] == {PATH: False}
    assert all_files(tmp_path) == before


def test_a_draft_that_nothing_calls_for_any_more_is_removed_with_its_folder(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one", "drafts/letters/media/lwn.eml": b"two"})
    assert put(tmp_path, {PATH: b"one"})[1] == ["drafts/letters/media/lwn.eml"]
    assert not (tmp_path / "drafts/letters/media").exists()
    assert (tmp_path / PATH).read_bytes() == b"one"


def test_a_file_that_a_person_made_is_never_removed(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one"})
    mine = tmp_path / "drafts/letters/lobbying/notes.txt"
    mine.write_bytes(b"mine")
    put(tmp_path, {})
    assert mine.read_bytes() == b"mine"
    assert not (tmp_path / PATH).exists()


def test_an_edited_draft_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one"})
    (tmp_path / PATH).write_bytes(b"edited by hand")
    changed, _, kept = put(tmp_path, {PATH: b"one"})
    assert changed == {PATH: True}
    assert kept == ["drafts/letters/lobbying/fsfe.yours.eml"]
    assert (tmp_path / kept[0]).read_bytes() == b"edited by hand"
    assert (tmp_path / PATH).read_bytes() == b"one"


def test_an_edited_draft_that_nothing_calls_for_is_left_where_it_is(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one"})
    (tmp_path / PATH).write_bytes(b"edited by hand")
    _, removed, kept = put(tmp_path, {})
    assert (removed, kept) == ([], [PATH])
    assert (tmp_path / PATH).read_bytes() == b"edited by hand"


def test_a_draft_that_was_only_touched_is_not_taken_for_an_edited_one(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one"})
    os.utime(tmp_path / PATH, (1, 1))
    changed, _, kept = put(tmp_path, {PATH: b"one"})
    assert (changed, kept) == ({PATH: False}, [])


def test_a_second_edited_draft_does_not_overwrite_the_first(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one"})
    for edit in (b"first edit", b"second edit"):
        (tmp_path / PATH).write_bytes(edit)
        put(tmp_path, {PATH: b"one"})
    texts = {path.name: path.read_bytes() for path in (tmp_path / PATH).parent.iterdir()}
    assert texts == {
        "fsfe.eml": b"one",
        "fsfe.yours.eml": b"first edit",
        "fsfe.yours-2.eml": b"second edit",
    }


def test_after_a_killed_run_our_own_drafts_are_not_taken_for_a_persons(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    folder.put(PATH, "old", lambda: [b"old"])  # killed here: the manifest never says that it ended
    changed, _, kept = put(tmp_path, {PATH: b"new"})
    assert (changed, kept) == ({PATH: True}, [])
    assert [path.name for path in (tmp_path / PATH).parent.iterdir()] == ["fsfe.eml"]


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b'{"complete": 1, "files": {"x": 3}}', b"\xff"])
def test_a_damaged_manifest_loses_nobodys_work(tmp_path: Path, manifest: bytes) -> None:
    put(tmp_path, {PATH: b"one"})
    (tmp_path / ".outreach/cache/drafts.json").write_bytes(manifest)
    (tmp_path / PATH).write_bytes(b"edited by hand")
    put(tmp_path, {PATH: b"one"})
    assert b"edited by hand" in [data for _, data in all_files(tmp_path).values()]


def test_a_folder_in_the_place_of_a_draft_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / PATH).mkdir(parents=True)
    with pytest.raises(CannotWrite, match="cannot be written"):
        put(tmp_path, {PATH: b"one"})
