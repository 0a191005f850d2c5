"""Writing below a folder: through no link, whole or not at all, never over an edit."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from outreach import storage
from outreach.errors import EditedMeanwhile, LeadsOut, LinkInTheWay, NotAFile, NotAFolder
from outreach.storage import PRIVATE, UNFINISHED, digest
from tests.storage.traps import TRAPS, canary_tree, picture

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign folder, and a canary tree beside it."""
    canary_tree(tmp_path / "canary")
    (tmp_path / "campaign").mkdir()
    return tmp_path / "campaign"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_what_is_private_is_its_owners_whatever_the_umask(folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        storage.write(folder, "drafts/letters/a.eml", [b"Dear", b" you"], PRIVATE)
        storage.open_lock(folder, ".outreach/x.lock").close()
        storage.database(folder, ".outreach/x.db", make=True)
    finally:
        os.umask(before)
    assert (folder / "drafts/letters/a.eml").read_bytes() == b"Dear you"
    for name in ("drafts", "drafts/letters", ".outreach"):
        assert mode(folder / name) == 0o700
    assert mode(folder / "drafts/letters/a.eml") == 0o600
    assert mode(folder / ".outreach/x.db") == 0o600
    assert mode(folder / ".outreach/x.lock") & 0o077 == 0


def test_a_folder_of_ours_that_came_open_to_all_is_closed_and_kept_out_of_git(folder: Path) -> None:
    (folder / ".outreach").mkdir()
    (folder / ".outreach").chmod(0o777)
    storage.make_private_folder(folder, ".outreach")
    assert mode(folder / ".outreach") == 0o700
    assert (folder / ".outreach/.gitignore").read_text() == "*\n"
    (folder / ".outreach/.gitignore").write_text("mine\n")
    storage.make_private_folder(folder, ".outreach")
    assert (folder / ".outreach/.gitignore").read_text() == "mine\n"


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_what_people_edit_keeps_its_mode_and_is_new_as_the_umask_wants(folder: Path, umask: int) -> None:
    (folder / "old.yaml").write_text("old")
    (folder / "old.yaml").chmod(0o664)
    before = os.umask(umask)
    try:
        storage.replace(folder, "old.yaml", digest(b"old"), b"new")
        storage.replace(folder, "contacts/new.yaml", None, b"new")
    finally:
        os.umask(before)
    assert mode(folder / "old.yaml") == 0o664
    assert mode(folder / "contacts/new.yaml") == 0o666 & ~umask
    assert mode(folder / "contacts") == 0o777 & ~umask


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("place", ["a", "a/b"])
def test_no_writing_reaches_through_what_a_stranger_put_there(folder: Path, trap: str, place: str) -> None:
    canary = folder.parent / "canary"
    before = picture(canary)
    (folder / place).parent.mkdir(exist_ok=True)
    TRAPS[trap](folder / place, canary)
    for name in (place, f"{place}/c", f"{place}/c/d"):
        for write in (
            lambda name=name: storage.replace(folder, name, None, b"ours"),
            lambda name=name: storage.replace(folder, name, digest(b"x"), b"ours"),
            lambda name=name: storage.open_lock(folder, name).close(),
            lambda name=name: storage.database(folder, name, make=True),
            lambda name=name: os.close(storage.make_folder(folder, name, PRIVATE)),
        ):
            with pytest.raises((OSError, EditedMeanwhile)):
                write()
    for name in (f"{place}/c", f"{place}/c/d"):
        with pytest.raises((LinkInTheWay, NotAFolder)):
            storage.write(folder, name, [b"ours"], PRIVATE)
    storage.write(folder, place, [b"ours"], PRIVATE)  # the trap itself makes way
    assert (folder / place).read_bytes() == b"ours"
    assert not (folder / place).is_symlink()
    assert picture(canary) == before


@pytest.mark.parametrize("trap", [name for name in TRAPS if name != "a chain of links"])
def test_a_trap_at_the_name_of_an_unfinished_file_is_not_followed(folder: Path, trap: str) -> None:
    canary = folder.parent / "canary"
    before = picture(canary)
    for aside in (UNFINISHED, ".x.eml.new"):
        TRAPS[trap](folder / aside, canary)
        storage.write(folder, "x.eml", [b"ours"], PRIVATE, aside=aside)
        assert not (folder / aside).is_symlink()
    assert (folder / "x.eml").read_bytes() == b"ours"
    assert picture(canary) == before


def test_a_link_that_comes_back_at_the_last_moment_is_not_followed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, canary = os.unlink, folder.parent / "canary"
    before = picture(canary)

    def unlink(name: str, *, dir_fd: int) -> None:
        with suppress(FileNotFoundError):
            real(name, dir_fd=dir_fd)
        os.symlink(canary / "file.txt", name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", unlink)
    with pytest.raises(FileExistsError):
        storage.write(folder, "x.eml", [b"ours"], PRIVATE, aside=UNFINISHED)
    assert picture(canary) == before


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_a_database_is_not_opened_through_a_link_at_any_of_its_files(folder: Path, end: str) -> None:
    (folder / "x.db").write_bytes(b"")
    (folder / f"x.db{end}").unlink(missing_ok=True)
    (folder / f"x.db{end}").symlink_to(folder.parent / "canary/file.txt")
    with pytest.raises(LinkInTheWay):
        storage.database(folder, "x.db")


def test_a_pipe_is_no_lock_and_no_database(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(NotAFile):
        storage.open_lock(folder, "pipe")
    with pytest.raises(NotAFile):
        storage.database(folder, "pipe")


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "..", "", "."])
def test_a_name_that_climbs_is_never_written(folder: Path, name: str) -> None:
    for write in (
        lambda: storage.write(folder, name, [b"x"], PRIVATE),
        lambda: storage.replace(folder, name, None, b"x"),
        lambda: storage.remove(folder, name),
        lambda: storage.rename(folder, name, "y"),
    ):
        with pytest.raises(LeadsOut):
            write()


class Stopped(Exception):
    pass


def test_a_writing_that_fails_leaves_everything_as_it_was(folder: Path) -> None:
    def pieces():  # type: ignore[no-untyped-def]
        yield b"half"
        raise Stopped

    (folder / "a.txt").write_text("before")
    with pytest.raises(Stopped):
        storage.write(folder, "a.txt", pieces(), PRIVATE)
    assert picture(folder).keys() == {"a.txt"}
    assert (folder / "a.txt").read_text() == "before"


def test_an_unfinished_file_appears_only_when_it_is_committed(folder: Path) -> None:
    with storage.begin(folder, "outbox/a.eml", PRIVATE) as new:
        new.file.write(b"Dear")
        new.finish()
        assert not (folder / "outbox/a.eml").exists()
        new.commit()
    assert (folder / "outbox/a.eml").read_bytes() == b"Dear"
    with storage.begin(folder, "outbox/b.eml", PRIVATE) as new:
        new.file.write(b"Dear")
    assert [each.name for each in (folder / "outbox").iterdir()] == ["a.eml"]


def test_folders_that_are_kept_open_are_looked_up_again_once_they_were_removed(folder: Path) -> None:
    with storage.folders_kept_open():
        for word in (b"one", b"two"):
            storage.write(folder, "drafts/w/a.eml", [word], PRIVATE)
            assert storage.read(folder, "drafts/w/a.eml") == word
            storage.remove(folder, "drafts/w/a.eml")
            assert storage.remove_empty(folder, "drafts/w")
            assert not storage.exists(folder, "drafts/w/a.eml")
    assert list((folder / "drafts").iterdir()) == []


def test_folders_that_are_kept_open_are_closed_in_the_end(folder: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    with storage.folders_kept_open(), storage.folders_kept_open():
        for number in range(100):
            storage.write(folder, f"a{number}/b/c.txt", [b"x"], PRIVATE)
        assert len(os.listdir("/dev/fd")) < before + 70
    assert len(os.listdir("/dev/fd")) == before


# --- edits -------------------------------------------------------------------------------------------


def test_an_edit_that_was_made_meanwhile_is_kept(folder: Path) -> None:
    (folder / "a.yaml").write_text("read")
    read = digest(b"read")
    (folder / "a.yaml").write_text("edited")
    with pytest.raises(EditedMeanwhile) as caught:
        storage.replace(folder, "a.yaml", read, b"ours")
    assert caught.value.exit_code == 1
    assert "a.yaml was edited" in str(caught.value)
    assert (folder / "a.yaml").read_text() == "edited"
    assert [each.name for each in folder.iterdir()] == ["a.yaml"]


def test_a_file_that_came_to_be_or_went_away_meanwhile_is_an_edit(folder: Path) -> None:
    (folder / "a.yaml").write_text("theirs")
    with pytest.raises(EditedMeanwhile):
        storage.replace(folder, "a.yaml", None, b"ours")
    (folder / "a.yaml").unlink()
    with pytest.raises(EditedMeanwhile):
        storage.replace(folder, "a.yaml", digest(b"theirs"), b"ours")
    assert list(folder.iterdir()) == []


def test_an_edit_at_the_very_last_moment_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison comes after everything that takes time: writing and flushing the new file."""
    (folder / "a.yaml").write_text("read")
    real = os.fsync

    def edit(handle: int) -> None:
        (folder / "a.yaml").write_text("edited")
        real(handle)

    monkeypatch.setattr(os, "fsync", edit)
    with pytest.raises(EditedMeanwhile):
        storage.replace(folder, "a.yaml", digest(b"read"), b"ours")
    assert (folder / "a.yaml").read_text() == "edited"


def test_where_a_file_system_has_no_hard_links_a_new_file_is_made_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*names: object, **folders: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    storage.replace(folder, "a.yaml", None, b"ours")
    with pytest.raises(EditedMeanwhile):
        storage.replace(folder, "a.yaml", None, b"more")
    assert (folder / "a.yaml").read_bytes() == b"ours"


ADDER = """
import sys
from contextlib import suppress
from pathlib import Path
from outreach import storage
from outreach.errors import EditedMeanwhile

root, mark = Path(sys.argv[1]), sys.argv[2]
for number in range(40):
    while True:
        text = storage.read(root, "list.txt")
        try:
            storage.replace(root, "list.txt", storage.digest(text), text + f"{mark}{number}\\n".encode())
            break
        except EditedMeanwhile:
            pass
"""


def test_processes_that_add_to_one_file_at_once_lose_nothing(folder: Path) -> None:
    (folder / "list.txt").write_text("")
    workers = [subprocess.Popen([sys.executable, "-c", ADDER, str(folder), mark], cwd=ROOT) for mark in "abc"]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0, 0]
    lines = (folder / "list.txt").read_text().split()
    assert sorted(lines) == sorted(f"{mark}{number}" for mark in "abc" for number in range(40))
    assert [each.name for each in folder.iterdir()] == ["list.txt"]
