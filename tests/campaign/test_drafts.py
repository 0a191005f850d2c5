"""The drafts folder: ours is rebuilt and swept, a person's is left alone."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import storage
from outreach.campaign import private
from outreach.campaign.drafts import DraftFolder
from outreach.errors import CannotWrite, DraftingStopped
from outreach.storage import UNFINISHED, writing

PATH = "drafts/letters/lobbying/fsfe.eml"
PAGE = "drafts/letters/lobbying/fsfe.md"
MANIFEST = ".outreach/cache/drafts.json"


def put(root: Path, contents: dict[str, bytes], *, sweep: bool = True) -> tuple[dict[str, bool], list[str], list[str]]:
    with DraftFolder(root) as folder:
        changed = {path: folder.put(path, repr(data), lambda data=data: [data]) for path, data in contents.items()}
        removed = folder.sweep(lambda path: True) if sweep else []
    return changed, removed, folder.kept


def words(path: Path) -> bytes:
    """What a draft of ours says behind its first line, which says that it is ours."""
    mark, _, rest = path.read_bytes().partition(b"\n")
    assert mark.startswith((b"X-Outreach-Draft: ", b"<!-- outreach draft "))
    return rest


def tree(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / "drafts").rglob("*") if not path.is_dir())


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
    assert words(tmp_path / PATH) == b"one"


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
    assert words(tmp_path / PATH) == b"one"


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
    assert words(tmp_path / PATH) == b"one"
    assert (tmp_path / PATH).with_name("fsfe.yours.eml").read_bytes() == b"first edit"
    assert (tmp_path / PATH).with_name("fsfe.yours-2.eml").read_bytes() == b"second edit"


@pytest.mark.parametrize(
    "manifest", [b"", b"{", b"[]", b'{"version": 2, "complete": 1, "files": {"x": 3}}', b"\xff", b"[" * 9999]
)
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


# --- ownership without a manifest --------------------------------------------------------------------


def without_manifest(root: Path) -> Path:
    shutil.rmtree(root / ".outreach")
    return root


def copied(root: Path) -> Path:
    return Path(shutil.copytree(root, root.with_name("copy"), copy_function=shutil.copyfile))


def touched(root: Path) -> Path:
    for path in (root / "drafts").rglob("*"):
        os.utime(path, (1, 1))
    return root


def with_other_line_ends(root: Path) -> Path:
    for path in (root / "drafts").rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    return without_manifest(root)


MOVES = [without_manifest, copied, touched, with_other_line_ends]


@pytest.mark.parametrize("move", MOVES)
def test_ours_is_known_as_ours_anywhere(tmp_path: Path, move) -> None:
    stale = "drafts/letters/media/lwn.eml"
    root = tmp_path / "campaign"
    put(root, {PATH: b"one\r\n", PAGE: b"one\n", stale: b"two\r\n"})
    root = move(root)
    _, removed, kept = put(root, {PATH: b"new\r\n", PAGE: b"new\n"})
    assert (removed, kept) == ([stale], [])
    assert tree(root) == [PATH, PAGE]
    assert words(root / PATH) == b"new\r\n"


@pytest.mark.parametrize("move", [without_manifest, copied, touched])
def test_where_nothing_is_new_a_moved_campaign_keeps_its_files(tmp_path: Path, move) -> None:
    root = tmp_path / "campaign"
    put(root, {PATH: b"one", PAGE: b"one"})
    root = move(root)
    before = {path: path.stat().st_mtime_ns for path in (root / "drafts").rglob("*.*")}
    assert put(root, {PATH: b"one", PAGE: b"one"}) == ({PATH: False, PAGE: False}, [], [])
    assert {path: path.stat().st_mtime_ns for path in (root / "drafts").rglob("*.*")} == before


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("path", [PATH, PAGE])
def test_an_edited_draft_is_known_as_edited_anywhere(tmp_path: Path, move, path: str) -> None:
    root = tmp_path / "campaign"
    put(root, {path: b"Dear team,\nhello.\n"})
    (root / path).write_bytes((root / path).read_bytes().replace(b"hello", b"hullo"))
    root = move(root)
    _, _, kept = put(root, {path: b"Dear team,\nhello.\n"})
    assert [b"hullo" in (root / each).read_bytes() for each in kept] == [True]


@pytest.mark.parametrize("move", MOVES)
def test_a_copy_that_a_person_made_of_a_draft_is_theirs(tmp_path: Path, move) -> None:
    root = tmp_path / "campaign"
    put(root, {PATH: b"one"})
    shutil.copy2(root / PATH, (root / PATH).with_name("kept-by-me.eml"))
    root = move(root)
    put(root, {})
    assert tree(root) == ["drafts/letters/lobbying/kept-by-me.eml"]


@given(edit=st.binary(max_size=60))
def test_whatever_a_person_wrote_at_a_drafts_path_is_never_lost(
    tmp_path_factory: pytest.TempPathFactory, edit: bytes
) -> None:
    root = tmp_path_factory.mktemp("campaign")
    (root / PATH).parent.mkdir(parents=True)
    (root / PATH).write_bytes(edit)
    _, _, kept = put(root, {PATH: b"one"})
    assert [(root / each).read_bytes() for each in kept] == [edit]


# --- runs that do not come to their end ----------------------------------------------------------------


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours runs behind it."""


def draft_until(root: Path, contents: dict[str, bytes], stop: BaseException) -> None:
    """Put all of `contents`, then stop."""
    with DraftFolder(root) as folder:
        for path, data in contents.items():
            folder.put(path, repr(data), lambda data=data: [data])
        raise stop


def is_complete(root: Path) -> bool:
    return bool(json.loads((root / MANIFEST).read_text())["complete"])


def test_what_a_killed_run_wrote_is_ours(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"old"})
    manifest = (tmp_path / MANIFEST).read_bytes()
    with pytest.raises(Killed):
        draft_until(tmp_path, {PATH: b"newer", "drafts/letters/media/lwn.eml": b"two"}, Killed())
    (tmp_path / MANIFEST).write_bytes(manifest)  # as it was before: a killed run never wrote it
    unfinished = tmp_path / "drafts/letters/media" / UNFINISHED
    unfinished.write_bytes(b"tw")
    _, removed, kept = put(tmp_path, {PATH: b"newest"})
    assert (removed, kept) == (["drafts/letters/media/lwn.eml"], [])
    assert tree(tmp_path) == [PATH]


@pytest.mark.parametrize("moment", ["_write_all", "os.pwrite", "os.fstat"])
def test_a_new_draft_that_was_never_finished_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def killed(*given: object) -> None:
        if moment == "_write_all":
            os.write(given[0], b"".join(given[1])[:30])  # type: ignore[arg-type, call-overload]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(writing if moment[0] == "_" else writing.os, moment.removeprefix("os."), killed)
        with pytest.raises(Killed):
            put(tmp_path, {PATH: b"one"})
    if moment == "os.pwrite":
        assert (tmp_path / PATH).read_bytes().startswith(b"X-Outreach-Draft: unfinished")
    _, removed, kept = put(tmp_path, {PATH: b"one or another"})
    assert (removed, kept, tree(tmp_path)) == ([], [], [PATH])
    assert words(tmp_path / PATH) == b"one or another"


@pytest.mark.parametrize("left", [b"", b"X-Outreach-Draft: unfinished------------------------------\r\nhalf a let"])
def test_an_unfinished_draft_that_nothing_calls_for_is_removed(tmp_path: Path, left: bytes) -> None:
    with pytest.raises(Killed):
        draft_until(tmp_path, {PATH: b"one"}, Killed())
    other = tmp_path / "drafts/letters/media/lwn.eml"
    other.parent.mkdir()
    other.write_bytes(left)
    assert put(tmp_path, {PATH: b"one"})[1:] == (["drafts/letters/media/lwn.eml"], [])


def test_what_a_person_edits_after_a_killed_run_is_kept(tmp_path: Path) -> None:
    with pytest.raises(Killed):
        draft_until(tmp_path, {PATH: b"one"}, Killed())
    (tmp_path / PATH).write_bytes((tmp_path / PATH).read_bytes() + b"and a line of mine")
    _, _, kept = put(tmp_path, {PATH: b"new"})
    assert [(tmp_path / each).read_bytes().endswith(b"of mine") for each in kept] == [True]


def test_a_run_that_failed_says_so_in_the_manifest_until_one_ends(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a fault"):
        draft_until(tmp_path, {PATH: b"one"}, ValueError("a fault"))
    assert not is_complete(tmp_path)
    put(tmp_path, {PATH: b"one"})
    assert is_complete(tmp_path)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files named in the list take half of what is written, and then there is no room."""
    full: list[str] = []
    real = private.write_whole

    begin = writing.begin

    def half(*args, **kwargs):
        new = begin(*args, **kwargs)
        new.file = _Half(new.file)
        return new

    def write(root: Path, path: str, *content: bytes) -> None:
        if path.rpartition("/")[2] not in full:
            return real(root, path, *content)
        with monkeypatch.context() as patch:
            patch.setattr(writing, "begin", half)
            real(root, path, *content)
        return None

    real_new = storage.write_new

    def half_of_all(handle: int, pieces: list[bytes]) -> None:
        content = b"".join(pieces)
        os.write(handle, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    def write_new(root: Path, path: str, *more) -> object:
        with monkeypatch.context() as patch:
            if path.rpartition("/")[2] in full:
                patch.setattr(writing, "_write_all", half_of_all)
            return real_new(root, path, *more)

    monkeypatch.setattr("outreach.campaign.drafts.write_whole", write)
    monkeypatch.setattr(storage, "write_new", write_new)
    return full


class _Half:
    def __init__(self, file) -> None:
        self.file = file

    def close(self) -> None:
        self.file.close()

    def write(self, content: bytes) -> None:
        self.file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_old_draft_whole_and_a_manifest_that_says_so(
    tmp_path: Path, full_disk: list[str]
) -> None:
    other = "drafts/letters/lobbying/ofe.eml"
    put(tmp_path, {PATH: b"old", other: b"old"})
    full_disk.append("ofe.eml")
    with pytest.raises(CannotWrite, match="No space left") as raised:
        put(tmp_path, {PATH: b"new", other: b"new"})
    assert raised.value.exit_code == 1
    assert words(tmp_path / other) == b"old"
    assert tree(tmp_path) == [PATH, other]
    assert not is_complete(tmp_path)
    full_disk.clear()
    assert put(tmp_path, {PATH: b"new", other: b"new"}) == ({PATH: False, other: True}, [], [])


def test_where_the_first_draft_finds_no_room_nothing_was_done(tmp_path: Path, full_disk: list[str]) -> None:
    full_disk.append("fsfe.eml")
    with pytest.raises(CannotWrite) as raised:
        put(tmp_path, {PATH: b"new"})
    assert raised.value.exit_code == 2
    assert tree(tmp_path) == []


def test_ctrl_c_after_a_change_needs_a_human(tmp_path: Path) -> None:
    with pytest.raises(DraftingStopped) as raised:
        draft_until(tmp_path, {PATH: b"one"}, KeyboardInterrupt())
    assert raised.value.exit_code == 1
    with pytest.raises(KeyboardInterrupt):
        draft_until(tmp_path, {PATH: b"one"}, KeyboardInterrupt())


# --- two at once, and links ----------------------------------------------------------------------------


def test_a_second_draft_at_the_same_time_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(private.time, "sleep", waited.append)
    with DraftFolder(tmp_path), pytest.raises(private.DraftsBusy) as raised:
        put(tmp_path, {PATH: b"one"})
    assert raised.value.exit_code == 2
    assert not (tmp_path / "drafts").exists()
    assert 0 < sum(waited) < 3


def test_a_second_draft_goes_on_once_the_first_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {})
    first = (tmp_path / ".outreach/cache/drafts.lock").open("ab")
    fcntl.flock(first, fcntl.LOCK_EX)
    monkeypatch.setattr(private.time, "sleep", lambda seconds: first.close())
    assert put(tmp_path, {PATH: b"one"})[0] == {PATH: True}


@pytest.mark.parametrize("target_is_there", [True, False])
def test_a_link_at_a_drafts_path_is_kept_aside_and_never_followed(tmp_path: Path, target_is_there: bool) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    if target_is_there:
        elsewhere.write_bytes(b"mine")
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).symlink_to(elsewhere)
    _, _, kept = put(tmp_path, {PATH: b"one"})
    assert kept == ["drafts/letters/lobbying/fsfe.yours.eml"]
    assert (tmp_path / kept[0]).readlink() == elsewhere
    assert words(tmp_path / PATH) == b"one"
    assert not (tmp_path / PATH).is_symlink()
    assert elsewhere.exists() is target_is_there
    assert not target_is_there or elsewhere.read_bytes() == b"mine"


def test_a_link_to_the_very_same_words_is_no_draft(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one"})
    moved = tmp_path / "moved.eml"
    (tmp_path / PATH).rename(moved)
    (tmp_path / PATH).symlink_to(moved)
    assert put(tmp_path, {PATH: b"one"})[2] == ["drafts/letters/lobbying/fsfe.yours.eml"]
    assert not (tmp_path / PATH).is_symlink()


def test_a_link_in_the_place_of_a_stale_draft_is_left(tmp_path: Path) -> None:
    put(tmp_path, {PATH: b"one"})
    moved = tmp_path / "moved.eml"
    (tmp_path / PATH).rename(moved)
    (tmp_path / PATH).symlink_to(moved)
    _, removed, kept = put(tmp_path, {})
    assert (removed, kept) == ([], [PATH])
    assert moved.exists()


def test_a_link_at_the_name_of_an_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_bytes(b"mine")
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).with_name(UNFINISHED).symlink_to(elsewhere)
    put(tmp_path, {PATH: b"one"})
    assert elsewhere.read_bytes() == b"mine"
    assert tree(tmp_path) == [PATH]
