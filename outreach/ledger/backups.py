"""`backup` and `restore`: a whole ledger, its receipts and frozen bytes, in one ZIP file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from outreach.errors import (
    BackupExists,
    BackupUnreadable,
    CannotWrite,
    LedgerUnreadable,
    RestoreWouldLose,
)
from outreach.ledger import statements
from outreach.ledger.faults import translated
from outreach.ledger.opening import copy_into, open_ledger, prepared
from outreach.ledger.place import BLOBS, FOLDER, IN_USE, LEDGER, make_folder, settle, take_lock, why_not
from outreach.ledger.receipts import FILE, read_receipts, write_receipts

MANIFEST = "manifest.json"
FORMAT = "outreach backup 1"
DATABASE = "ledger.db"
REPLACED = f"{LEDGER}.before-restore"
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
    copy, aside = root / f"{LEDGER}.backing-up", target.with_name(f".{target.name}.{os.getpid()}.new")
    lock = take_lock(root, f"{FOLDER}/backup.lock", alone=True)
    try:
        copy.unlink(missing_ok=True)
        with closing(prepared(root / LEDGER, LEDGER)) as db:
            copy_into(db, copy, LEDGER)
        content = {DATABASE: copy, **_files(root)}
        manifest = _manifest(copy, content)
        if os.path.lexists(target):
            if not _is_same(target, manifest):
                raise BackupExists(str(target))
            return
        _write_archive(aside, content, manifest)
        os.link(aside, target)  # never over a file that came to be meanwhile
        settle(target.parent)
    except FileExistsError as error:
        raise BackupExists(str(target)) from error
    except OSError as error:
        raise CannotWrite(str(target), (error.strerror or type(error).__name__).lower()) from error
    finally:
        copy.unlink(missing_ok=True)
        aside.unlink(missing_ok=True)
        lock.close()


def _files(root: Path) -> dict[str, Path]:
    """What goes along beside the ledger: name in the archive -> file."""
    found = {FILE: root / FILE} if (root / FILE).is_file() else {}
    blobs = [path for path in sorted((root / BLOBS).rglob("*")) if path.is_file()]
    return found | {f"blobs/{path.relative_to(root / BLOBS).as_posix()}": path for path in blobs}


def _manifest(copy: Path, content: dict[str, Path]) -> dict[str, Any]:
    with closing(sqlite3.connect(copy)) as db:
        ledger = db.execute(statements.META, ("ledger",)).fetchone()[0]
        last, events = db.execute(statements.LAST).fetchone()
        rows = hashlib.sha256()
        for sql in statements.ROWS:
            for row in db.execute(sql):
                rows.update(repr(row).encode("utf-8"))
    digests = {name: _digest(path) for name, path in content.items()}
    head = {"format": FORMAT, "ledger": ledger, "last": last, "events": events, "rows": rows.hexdigest()}
    return {**head, "files": digests}


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_same(target: Path, manifest: dict[str, Any]) -> bool:
    """Whether the backup there holds what a new one would. The database's own bytes may differ."""
    try:
        with zipfile.ZipFile(target) as archive:
            there = _checked_manifest(archive)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
    ours, theirs = dict(manifest["files"]), dict(there["files"])
    ours.pop(DATABASE)
    theirs.pop(DATABASE)
    return ours == theirs and all(there.get(key) == manifest[key] for key in ("ledger", "rows"))


def _write_archive(path: Path, content: dict[str, Path], manifest: dict[str, Any]) -> None:
    with open(path, "xb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), json.dumps(manifest, indent=1) + "\n")
            for name, source in content.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                with open(source, "rb") as piece, archive.open(entry, "w", force_zip64=True) as into:
                    shutil.copyfileobj(piece, into, _PIECE)
        file.flush()
        os.fsync(file.fileno())


# --- restore ---------------------------------------------------------------------------------------


def restore(root: Path, source: Path) -> None:
    """Put the ledger of the backup `source` in the place of the present one, which is kept beside it.

    Raises BackupUnreadable where `source` is damaged, RestoreWouldLose where the present ledger
    knows what the backup does not, LedgerBusy while anybody has it open, ReceiptsUnreadable. Then
    nothing was changed. A damaged ledger of the present is replaced without comparing.
    """
    make_folder(root)
    arriving = root / f"{LEDGER}.restoring"
    with ExitStack() as ending:
        ending.enter_context(take_lock(root, IN_USE, alone=True, wait=False))
        ending.callback(_remove, arriving)
        archive = ending.enter_context(_opened(source))
        try:
            _unpack_ledger(archive, arriving, source)
            _compare(root, arriving, str(source))
            _restore_receipts(root, archive)
            _restore_blobs(root, archive)
            _exchange(root, arriving)
        except OSError as error:
            raise why_not(LEDGER, error) from error


def _opened(source: Path) -> zipfile.ZipFile:
    """The backup, with every digest verified."""
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "it is no backup of outreach"
        raise BackupUnreadable(str(source), reason) from error
    try:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _LARGE and unpacked > _DENSEST * os.path.getsize(source):
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
    """The manifest. Raises ValueError where the archive is no backup of ours."""
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


def _unpack_ledger(archive: zipfile.ZipFile, arriving: Path, source: Path) -> None:
    _remove(arriving)
    with archive.open(DATABASE) as file, open(arriving, "wb") as into:
        shutil.copyfileobj(file, into, _PIECE)
    try:
        with closing(prepared(arriving, DATABASE)) as db, translated(arriving, DATABASE):
            if db.execute(statements.CHECK).fetchone()[0] != "ok":
                raise LedgerUnreadable(DATABASE, "the file is damaged")
            db.execute(statements.ONE_FILE)
    except LedgerUnreadable as error:
        raise BackupUnreadable(str(source), "its ledger is damaged") from error


def _compare(root: Path, arriving: Path, source: str) -> None:
    """Raises RestoreWouldLose where there is a sound present ledger that knows more."""
    if not (root / LEDGER).exists():
        return
    try:
        with closing(prepared(root / LEDGER, LEDGER)) as db, translated(root / LEDGER, LEDGER):
            db.execute(statements.ATTACH, (str(arriving),))
            lost = sum(int(db.execute(sql).fetchone()[0]) for sql in statements.MISSING_THERE)
            db.execute(statements.CHECKPOINT)
    except LedgerUnreadable:
        if (root / LEDGER).is_dir():
            raise
        return
    if lost:
        raise RestoreWouldLose(source, lost)


def _restore_receipts(root: Path, archive: zipfile.ZipFile) -> None:
    """Add the backup's receipts to the file; lines that are there stay."""
    if FILE not in archive.namelist():
        return
    folder = root / FOLDER / "receipts.restoring"
    folder.mkdir(exist_ok=True)
    try:
        (folder / FILE).write_bytes(archive.read(FILE))
        receipts, _ = read_receipts(folder)
    finally:
        shutil.rmtree(folder)
    write_receipts(root, receipts)


def _restore_blobs(root: Path, archive: zipfile.ZipFile) -> None:
    for name in _checked_manifest(archive)["files"]:
        target = root / FOLDER / name
        if name.startswith("blobs/") and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = target.with_name(f"{target.name}.new")
            with archive.open(name) as file, open(aside, "wb") as into:
                shutil.copyfileobj(file, into, _PIECE)
            os.replace(aside, target)


def _exchange(root: Path, arriving: Path) -> None:
    """Keep the present ledger beside, and put the new one in its place in a single renaming."""
    present, kept = root / LEDGER, root / REPLACED
    with open(arriving, "rb") as file:
        os.fsync(file.fileno())
    if present.exists():
        link = root / f"{REPLACED}.new"
        link.unlink(missing_ok=True)
        os.link(present, link)
        _remove(kept)
        os.replace(link, kept)
    for end in ("-wal", "-shm"):  # what belongs to the old file must not be read into the new one
        leftover = present.with_name(present.name + end)
        if leftover.exists():
            os.replace(leftover, kept.with_name(kept.name + end))
    os.replace(arriving, present)
    settle(present.parent)


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
