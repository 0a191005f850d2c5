"""A backup is one whole file; restoring it never loses what happened since."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from outreach.errors import BackupExists, BackupUnreadable, CannotWrite, LedgerBusy, RestoreWouldLose
from outreach.ledger import Claim, open_ledger
from outreach.ledger.backups import backup, restore
from outreach.ledger.claims import add_claim
from outreach.ledger.receipts import read_receipts, write_receipts
from outreach.model.event import EventKind
from outreach.model.ids import LetterId
from outreach.model.past import Past
from tests.ledger.histories import DAY, event, receipt

K = EventKind


def tell(root: Path, *contacts: str) -> None:
    with open_ledger(root) as ledger:
        ledger.append_all(event(K.CALL, contact=contact, text=f"spoke to {contact}") for contact in contacts)


def past(root: Path) -> Past:
    with open_ledger(root) as ledger:
        assert ledger.past() == ledger.full_past()
        return ledger.past()


def tree(root: Path) -> dict[str, bytes]:
    """What lies in the folder, without SQLite's and our passing files."""
    passing = (".lock", "-wal", "-shm")
    files = [path for path in root.rglob("*") if path.is_file() and not path.name.endswith(passing)]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    root = tmp_path / "campaign"
    root.mkdir()
    tell(root, "fsfe", "osi")
    write_receipts(root, [receipt("lobbying/fsfe/0")])
    blob = root / ".outreach" / "blobs" / "ab" / "abcd"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"frozen")
    return root


@pytest.fixture
def other(tmp_path: Path) -> Path:
    root = tmp_path / "other"
    root.mkdir()
    return root


def test_a_backup_moves_everything_to_another_computer(campaign: Path, other: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "b.zip")
    restore(other, tmp_path / "b.zip")
    assert past(other) == past(campaign)
    with open_ledger(campaign) as first, open_ledger(other) as second:
        assert first.id == second.id
    assert read_receipts(other) == read_receipts(campaign)
    assert (other / ".outreach/blobs/ab/abcd").read_bytes() == b"frozen"
    assert (other / ".outreach/.gitignore").exists()


def test_the_same_backup_again_changes_nothing_and_another_is_refused(campaign: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    backup(campaign, target)
    before = target.read_bytes()
    backup(campaign, target)
    assert target.read_bytes() == before
    tell(campaign, "edri")
    with pytest.raises(BackupExists, match="holds something else"):
        backup(campaign, target)
    assert target.read_bytes() == before
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(BackupExists):
        backup(campaign, tmp_path / "letter.txt")


def test_a_backup_that_fails_leaves_nothing_behind(
    campaign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotWrite, match="no space left"):
        backup(campaign, tmp_path / "b.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["campaign"]
    assert not [name for name in tree(campaign) if "backing-up" in name]
    with pytest.raises(CannotWrite):
        backup(campaign, tmp_path / "no" / "b.zip")


def test_a_backup_can_be_taken_while_the_ledger_is_open(campaign: Path, other: Path, tmp_path: Path) -> None:
    with open_ledger(campaign) as ledger:
        ledger.append(event(K.CALL, contact="edri"))
        backup(campaign, tmp_path / "b.zip")
    restore(other, tmp_path / "b.zip")
    assert set(past(other).contacts) == {"fsfe", "osi", "edri"}


def test_a_newer_backup_that_holds_all_replaces_the_ledger_which_is_kept(
    campaign: Path, other: Path, tmp_path: Path
) -> None:
    backup(campaign, tmp_path / "old.zip")
    restore(other, tmp_path / "old.zip")
    before = past(other)
    tell(campaign, "edri")
    backup(campaign, tmp_path / "new.zip")
    write_receipts(other, [receipt("lobbying/edri/0")])
    restore(other, tmp_path / "new.zip")
    assert set(past(other).contacts) == {"fsfe", "osi", "edri"}
    assert len(read_receipts(other)[0]) == 2
    kept = tmp_path / "kept" / ".outreach"
    kept.mkdir(parents=True)
    shutil.copy(other / ".outreach/ledger.db.before-restore", kept / "ledger.db")
    assert past(tmp_path / "kept") == before
    restore(other, tmp_path / "new.zip")
    assert set(past(other).contacts) == {"fsfe", "osi", "edri"}


def test_a_ledger_that_knows_more_is_not_replaced(campaign: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "old.zip")
    tell(campaign, "edri", "noyb")
    before = past(campaign)
    with pytest.raises(RestoreWouldLose, match="has 2 things that"):
        restore(campaign, tmp_path / "old.zip")
    assert past(campaign) == before
    assert not [name for name in tree(campaign) if "restor" in name]


def test_a_claim_counts_as_knowing_more(campaign: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "old.zip")
    wanted = Claim(id=0, campaign="d", at=DAY, by="alex", of=LetterId(wave="w", contact="osi"))
    with open_ledger(campaign) as ledger, ledger.writing():
        add_claim(ledger._db, wanted)
    with pytest.raises(RestoreWouldLose, match="has one thing that"):
        restore(campaign, tmp_path / "old.zip")


def test_two_histories_that_went_apart_are_not_mixed(campaign: Path, other: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "b.zip")
    tell(other, "osi", "fsfe", "edri")
    with pytest.raises(RestoreWouldLose):
        restore(other, tmp_path / "b.zip")


def test_a_ledger_in_use_is_not_replaced(campaign: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "b.zip")
    with open_ledger(campaign), pytest.raises(LedgerBusy):
        restore(campaign, tmp_path / "b.zip")
    restore(campaign, tmp_path / "b.zip")


def test_a_damaged_ledger_is_replaced_and_kept(campaign: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "b.zip")
    before = past(campaign)
    (campaign / ".outreach/ledger.db").write_bytes(b"rubbish" * 1000)
    (campaign / ".outreach/ledger.db-wal").write_bytes(b"old log")
    restore(campaign, tmp_path / "b.zip")
    assert past(campaign) == before
    assert (campaign / ".outreach/ledger.db.before-restore").read_bytes() == b"rubbish" * 1000
    assert (campaign / ".outreach/ledger.db.before-restore-wal").read_bytes() == b"old log"


def test_damage_in_any_file_of_a_backup_is_noticed_before_anything_changes(campaign: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "b.zip")
    data = (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        entries = archive.infolist()
    extra = [int.from_bytes(data[entry.header_offset + 28 : entry.header_offset + 30], "little") for entry in entries]
    starts = [e.header_offset + 30 + len(e.filename) + more for e, more in zip(entries, extra, strict=True)]
    places = [start + e.compress_size // 2 for start, e in zip(starts, entries, strict=True)]
    before = tree(campaign)
    for place in places:
        (tmp_path / "bad.zip").write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        with pytest.raises(BackupUnreadable, match="cannot be restored"):
            restore(campaign, tmp_path / "bad.zip")
    (tmp_path / "bad.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(BackupUnreadable):
        restore(campaign, tmp_path / "bad.zip")
    assert tree(campaign) == before


def rewritten(source: Path, target: Path, change: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as new:
        for name in {*archive.namelist(), *change}:
            new.writestr(name, change[name] if name in change else archive.read(name))
    return target


def test_a_file_that_is_no_backup_is_said(campaign: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupUnreadable, match="there is no such file"):
        restore(campaign, tmp_path / "none.zip")
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(BackupUnreadable, match="not a backup of outreach"):
        restore(campaign, tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "zip.zip", "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(BackupUnreadable):
        restore(campaign, tmp_path / "zip.zip")


def test_nothing_is_unpacked_outside_the_folder(campaign: Path, other: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        manifest = archive.read("manifest.json").replace(b"blobs/ab/abcd", b"blobs/../../../evil")
        blob = archive.read("blobs/ab/abcd")
    bad = rewritten(tmp_path / "b.zip", tmp_path / "evil.zip", {"manifest.json": manifest, "blobs/../../../evil": blob})
    with pytest.raises(BackupUnreadable):
        restore(other, bad)
    assert not list(tmp_path.rglob("evil"))


def test_a_manifest_of_more_than_the_archive_holds_is_not_read(
    campaign: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(campaign, tmp_path / "b.zip")
    monkeypatch.setattr("outreach.ledger.backups.json.loads", lambda data: pytest.fail("it was read"))
    for manifest in (b"[" * 200_000, b"[" + b"[]," * 90_000 + b"[]]", b'{"files": ' + b"9" * 90_000 + b"}"):
        bad = rewritten(tmp_path / "b.zip", tmp_path / "bad.zip", {"manifest.json": manifest})
        with pytest.raises(BackupUnreadable, match="damaged or no backup"):
            restore(other, bad)
        with pytest.raises(BackupExists):
            backup(campaign, bad)


def test_an_archive_that_grows_without_end_is_not_unpacked(campaign: Path, other: Path, tmp_path: Path) -> None:
    backup(campaign, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in archive.namelist():
            new.writestr(name, archive.read(name))
        with new.open("blobs/ff/ffff", "w", force_zip64=True) as file:
            new.compression = zipfile.ZIP_DEFLATED
        entry = zipfile.ZipInfo("blobs/ff/eeee")
        entry.compress_type = zipfile.ZIP_DEFLATED
        with new.open(entry, "w", force_zip64=True) as file:
            for _ in range(120):
                file.write(bytes(1_000_000))
    with pytest.raises(BackupUnreadable, match="damaged or no backup"):
        restore(other, tmp_path / "bad.zip")
