"""`backup` and `restore`: a whole ledger, its receipts and frozen bytes, in one ZIP file."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, Any, BinaryIO

from outreach import storage
from outreach.connections.ledger_address import campaign_and_kind
from outreach.errors import (
    BackupExists,
    BackupUnreadable,
    LedgerShared,
    LedgerUnreadable,
    RestoreWouldLose,
    not_written,
)
from outreach.ledger import statements
from outreach.ledger.blobs import bring_all
from outreach.ledger.faults import translated
from outreach.ledger.marks import marks_in, write_marks
from outreach.ledger.opening import copy_into, copy_of_shared, open_ledger, prepared, remove_database
from outreach.ledger.place import BLOBS, FOLDER, IN_USE, LEDGER, make_folder, take_lock, why_not
from outreach.ledger.receipt_lines import FILE
from outreach.ledger.receipts import receipts_in, write_receipts
from outreach.ledger.shared import remembered

MANIFEST = "manifest.json"
FORMAT = "outreach backup 1"
DATABASE = "ledger.db"
REPLACED = f"{LEDGER}.before-restore"
ARRIVING = f"{LEDGER}.restoring"
_PIECE = 1 << 20
_HEAD, _LINE = 4_000, 1_000
"""Bytes of a manifest at most, and for each file in the archive: a name, and 64 digits."""
_LARGE, _DENSEST = 100_000_000, 200
"""Bytes that any backup may unpack to; a larger one, at most so many times its own size."""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a ZIP file's first day: the same content gives the same names and times


# --- backup ----------------------------------------------------------------------------------------


def backup(root: Path, target: Path) -> None:
    """Write the ledger, receipts.jsonl and the blobs into the new file `target`, whole or not at all.

    Where `target` is a backup that holds the same, nothing is done. Raises BackupExists,
    CannotWrite, and what opening the ledger raises.
    """
    with open_ledger(root):
        pass  # there is a ledger, at the present version
    base, name = storage.named(root, target)
    copy = f"{LEDGER}.backing-up"
    lock = take_lock(root, f"{FOLDER}/backup.lock", alone=True)
    try:
        campaign, is_shared = campaign_and_kind(root)
        if is_shared:
            copy_of_shared(root, campaign, copy)
            bring_all(root)
        else:
            with closing(prepared(root, LEDGER)) as db:
                copy_into(db, root, copy)
        content = {DATABASE: copy, **_files(root)}
        manifest = _manifest(root, copy, content)
        if storage.exists(base, name):
            if not _is_same(base, name, manifest):
                raise BackupExists(str(target))
            return
        with storage.begin(base, name, storage.PRIVATE) as new:
            _write_archive(new.file, root, content, manifest)
            new.commit(only_new=True)  # never over a file that came to be meanwhile
    except FileExistsError as error:
        raise BackupExists(str(target)) from error
    except OSError as error:
        raise not_written(str(target), error) from error
    finally:
        remove_database(root, copy)
        lock.close()


def _files(root: Path) -> dict[str, str]:
    """What goes along beside the ledger: name in the archive -> file, below the campaign folder."""
    found = {FILE: FILE} if storage.is_file(root, FILE) else {}
    return found | {name.removeprefix(f"{FOLDER}/"): name for name in sorted(storage.walk(root, BLOBS))}


def _manifest(root: Path, copy: str, content: dict[str, str]) -> dict[str, Any]:
    with closing(sqlite3.connect(storage.database(root, copy))) as db:
        ledger = db.execute(statements.META, ("ledger",)).fetchone()[0]
        last, events = db.execute(statements.LAST).fetchone()
        rows = hashlib.sha256()
        for sql in statements.ROWS:
            for row in db.execute(sql):
                rows.update(repr(row).encode("utf-8"))
    digests = {name: storage.digest_of(root, source) for name, source in content.items()}
    head = {"format": FORMAT, "ledger": ledger, "last": last, "events": events, "rows": rows.hexdigest()}
    return {**head, "files": digests}


def _is_same(base: Path, name: str, manifest: dict[str, Any]) -> bool:
    """Whether the backup there holds what a new one would. The database's own bytes may differ."""
    try:
        with storage.open_reading(base, name) as file, zipfile.ZipFile(file) as archive:
            there = _checked_manifest(archive)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
    ours, theirs = dict(manifest["files"]), dict(there["files"])
    ours.pop(DATABASE)
    theirs.pop(DATABASE)
    return ours == theirs and all(there.get(key) == manifest[key] for key in ("ledger", "rows"))


def _write_archive(file: BinaryIO, root: Path, content: dict[str, str], manifest: dict[str, Any]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), json.dumps(manifest, indent=1) + "\n")
        for name, source in content.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with storage.open_reading(root, source) as piece, archive.open(entry, "w", force_zip64=True) as into:
                shutil.copyfileobj(piece, into, _PIECE)


# --- restore ---------------------------------------------------------------------------------------


def restore(root: Path, source: Path) -> None:
    """Put the ledger of the backup `source` in the place of the present one, which is kept beside it.

    Raises BackupUnreadable if `source` is damaged, RestoreWouldLose if the present ledger
    knows what the backup does not, LedgerBusy while anybody has it open, ReceiptsUnreadable. Then
    nothing was changed. A damaged ledger of the present is replaced without comparing. Raises LedgerShared if it
    is not in this folder.
    """
    if campaign_and_kind(root)[1] or remembered(root):
        raise LedgerShared()
    make_folder(root)
    with ExitStack() as ending:
        ending.enter_context(take_lock(root, IN_USE, alone=True, wait=False))
        ending.callback(remove_database, root, ARRIVING)
        archive = ending.enter_context(_opened(root, source, ending))
        try:
            _unpack_ledger(root, archive, source)
            _compare(root, str(source))
            _restore_receipts(root, archive)
            _restore_blobs(root, archive)
            _exchange(root)
        except OSError as error:
            raise why_not(LEDGER, error) from error


def _opened(root: Path, source: Path, ending: ExitStack) -> zipfile.ZipFile:
    """The backup, with every digest verified; its file is closed at the `ending`."""
    try:
        opened = ending.enter_context(storage.open_reading(*storage.named(root, source, follow=True)))
        archive = zipfile.ZipFile(opened)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "it is not a backup of outreach"
        raise BackupUnreadable(str(source), reason) from error
    try:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _LARGE and unpacked > _DENSEST * opened.seek(0, io.SEEK_END):
            raise ValueError("a file that grows without end")
        for name, digest in _checked_manifest(archive)["files"].items():
            with archive.open(name) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                    raise ValueError(name)
    except Exception as error:  # a damaged archive raises what it likes: zlib.error, BadZipFile, KeyError
        archive.close()
        raise BackupUnreadable(str(source), "it is damaged or no backup of outreach") from error
    return archive


def _checked_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest. Raises ValueError if the archive is not a backup of ours."""
    try:
        if archive.getinfo(MANIFEST).file_size > _HEAD + _LINE * len(archive.infolist()):
            raise ValueError("a manifest of more than is there")
        manifest = json.loads(archive.read(MANIFEST))
        names = dict(manifest["files"])
        right = manifest["format"] == FORMAT and DATABASE in names
    except (KeyError, TypeError, AttributeError, RecursionError, zipfile.BadZipFile) as error:
        raise ValueError("no manifest") from error
    if not right or not all(_is_allowed(name) for name in names):
        raise ValueError("another manifest")
    return dict(manifest)


def _is_allowed(name: str) -> bool:
    """Whether a file may be unpacked: ours, and nothing that leads out of the folder."""
    if name in (DATABASE, FILE):
        return True
    parts = name.split("/")
    return parts[0] == "blobs" and len(parts) > 1 and not {"", ".", ".."} & set(parts) and "\\" not in name


def _unpack_ledger(root: Path, archive: zipfile.ZipFile, source: Path) -> None:
    remove_database(root, ARRIVING)
    with archive.open(DATABASE) as file:
        storage.write(root, ARRIVING, _pieces(file), storage.PRIVATE)
    try:
        with closing(prepared(root, ARRIVING, shown=DATABASE)) as db, translated(root / ARRIVING, DATABASE):
            if db.execute(statements.CHECK).fetchone()[0] != "ok":
                raise LedgerUnreadable(DATABASE, "the file is damaged")
            db.execute(statements.ONE_FILE)
    except LedgerUnreadable as error:
        raise BackupUnreadable(str(source), "its ledger is damaged") from error


def _compare(root: Path, source: str) -> None:
    """Raises RestoreWouldLose if there is a sound present ledger that knows more."""
    state = storage.stat_of(root, LEDGER)
    if state is None:
        return
    try:
        with closing(prepared(root, LEDGER)) as db, translated(root / LEDGER, LEDGER):
            db.execute(statements.ATTACH, (str(storage.database(root, ARRIVING)),))
            lost = sum(int(db.execute(sql).fetchone()[0]) for sql in statements.MISSING_THERE)
            db.execute(statements.CHECKPOINT)
    except LedgerUnreadable:
        if stat.S_ISDIR(state.st_mode):
            raise
        return
    if lost:
        raise RestoreWouldLose(source, lost)


def _restore_receipts(root: Path, archive: zipfile.ZipFile) -> None:
    """Add the backup's receipts to the file; lines that are there stay."""
    if FILE not in archive.namelist():
        return
    content = archive.read(FILE)
    write_marks(root, marks_in(content))
    write_receipts(root, receipts_in(content, ())[0])


def _restore_blobs(root: Path, archive: zipfile.ZipFile) -> None:
    for name in _checked_manifest(archive)["files"]:
        target = f"{FOLDER}/{name}"
        if name.startswith("blobs/") and not storage.exists(root, target):
            with archive.open(name) as file:
                storage.write(root, target, _pieces(file), storage.PRIVATE, durable=False)


def _exchange(root: Path) -> None:
    """Keep the present ledger beside, and put the new one in its place in a single renaming."""
    if storage.exists(root, LEDGER):
        link = f"{REPLACED}.new"
        storage.remove(root, link, missing_ok=True)
        storage.link(root, LEDGER, link)
        remove_database(root, REPLACED)
        storage.rename(root, link, REPLACED)
    for end in ("-wal", "-shm"):  # what belongs to the old file must not be read into the new one
        if storage.exists(root, f"{LEDGER}{end}"):
            storage.rename(root, f"{LEDGER}{end}", f"{REPLACED}{end}")
    storage.rename(root, ARRIVING, LEDGER)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
