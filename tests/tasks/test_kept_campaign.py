"""A campaign that was read is not read again while its files are as they were, and never out of a stranger's cache."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach import storage
from outreach.tasks import kept_campaign, reading_campaign
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.noun_digests import noun_digest
from tests.acceptance.campaign import write_campaign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = write_campaign(tmp_path / "campaign")
    (root / ".outreach").mkdir()
    return root


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were really read, one entry each time."""
    done: list[Path] = []
    really = reading_campaign.read_campaign
    monkeypatch.setattr(reading_campaign, "read_campaign", lambda root: (done.append(root), really(root))[1])
    return done


def fresh(root: Path) -> Loaded:
    (root / kept_campaign.FILE).unlink(missing_ok=True)
    return load(root)


def test_the_second_time_nothing_is_read_and_the_same_comes_out(folder: Path, reads: list[Path]) -> None:
    first = load(folder)
    second = load(folder)
    assert (second, reads) == (first, [folder])
    assert second.attachments == first.attachments
    assert all(file.content for file in second.attachments.values())
    nouns = (*second.folder.contacts, *second.folder.templates)
    assert [second.digests[id(each)] for each in nouns] == [noun_digest(each) for each in nouns]


def test_without_records_nothing_is_kept(tmp_path: Path) -> None:
    root = write_campaign(tmp_path / "campaign")
    load(root)
    assert not (root / ".outreach").exists()


WHERE = ["campaign.yaml", "contacts/media.yaml", "templates/ciencia.md", "posts/cartao.md", "lookups.yaml",
         "contacts/new.yaml", "posts/new.md", "checklists/new.md", "contacts/deep/new.yaml"]  # fmt: skip


def edited(root: Path, name: str, act: str) -> None:
    path = root / name
    path.parent.mkdir(exist_ok=True)
    content = path.read_bytes() if path.is_file() else b"id: new\nname: New\n"
    if path.is_symlink() or path.exists():
        path.unlink()
    match act:
        case "append":
            path.write_bytes(content + b"\nsomething: else\n")
        case "same size":
            path.write_bytes(content.replace(b"e", b"a"))
            os.utime(path, (0, 0))
        case "link":
            path.symlink_to("/etc/hostname")
        case "folder":
            path.mkdir()
            path.rmdir()
        case "empty":
            path.write_bytes(b"")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(
        st.tuples(st.sampled_from(WHERE), st.sampled_from(["append", "same size", "link", "folder", "empty"])),
        min_size=1,
        max_size=4,
    )
)
def test_after_any_edit_it_is_what_a_fresh_look_finds(
    edits: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = write_campaign(tmp_path_factory.mktemp("edited") / "campaign")
    (root / ".outreach").mkdir()
    load(root)
    for name, act in edits:
        edited(root, name, act)
        assert load(root) == fresh(root), (name, act)


def test_an_attachment_that_changed_is_read_again(folder: Path) -> None:
    name, file = next(iter(load(folder).attachments.items()))
    path = folder / load(folder).campaign.attachments[name].file
    path.write_bytes(file.content + b"\n")
    assert load(folder).attachments[name].content == file.content + b"\n"


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, ("owned",))


@pytest.mark.parametrize("key", [b"\0" * 32, b"x" * 32])
def test_a_strangers_cache_is_not_even_unpickled(
    folder: Path, key: bytes, monkeypatch: pytest.MonkeyPatch, reads: list[Path]
) -> None:
    monkeypatch.chdir(folder)
    head = pickle.dumps(Bomb())
    content = len(head).to_bytes(8, "big") + head + pickle.dumps(Bomb())
    (folder / ".outreach/cache").mkdir()
    (folder / kept_campaign.FILE).write_bytes(kept_campaign._code(key, content) + content)
    load(folder)
    assert not (folder / "owned").exists()
    assert reads == [folder]


def test_one_that_says_something_else_than_the_files_is_not_used(folder: Path, reads: list[Path]) -> None:
    load(folder)
    path = folder / kept_campaign.FILE
    kept = path.read_bytes()
    for place in (0, 31, 40, len(kept) // 2, len(kept) - 1):
        path.write_bytes(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])
        before = len(reads)
        load(folder)
        assert len(reads) == before + 1
    for length in (0, 10, 32, 39, 41):
        path.write_bytes(kept[:length])
        load(folder)


def test_a_copied_folder_is_read_by_itself(folder: Path, tmp_path: Path, reads: list[Path]) -> None:
    load(folder)
    folder.rename(tmp_path / "moved")
    assert load(tmp_path / "moved").root == tmp_path / "moved"
    assert reads == [folder, tmp_path / "moved"]


def test_a_key_that_others_could_have_written_is_no_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder.parent / "config"))
        assert len(storage.own_key() or b"") == 32
        assert storage.own_key() == storage.own_key()
        (folder.parent / "config/outreach/cache.key").chmod(0o644)
        assert storage.own_key() is None
