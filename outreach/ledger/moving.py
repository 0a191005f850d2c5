"""`outreach ledger move`: a whole ledger into another database, and the seal on the one that it leaves.

    make       an empty ledger with the same id, marked as arriving: nobody can write in it
    copy       every row, in one transaction
    check      the same rows in both, and events that come to the same states
    seal       the last transaction of the old ledger: from then on it sends and writes nothing
    arrive     the mark goes, and the new ledger is in use; in a folder, that its ledger was shared is forgotten

At no moment can both be used. A move that was stopped goes on when it is asked for again. A ledger that was left in
PostgreSQL is not dropped, since other computers learn from its seal where the history went; the folder remembers it
(`LEFT`), so that who erases somebody is told that the sealed tables still have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import UUID

from outreach import storage
from outreach.connections.ledger_address import campaign_and_kind
from outreach.errors import LedgerCopyDiffers, LedgerSealed, LedgerThere, NoLedger
from outreach.ledger import statements
from outreach.ledger.blobs import all_kept, bring_all, kept
from outreach.ledger.copying import copy_rows, is_copy
from outreach.ledger.database import Database, is_replaceable, writing
from outreach.ledger.erasing import Whom, erase
from outreach.ledger.opening import prepared, remove_database
from outreach.ledger.place import IN_USE, LEDGER, make_folder, take_lock, why_not
from outreach.ledger.shared import (
    arriving_in_shared,
    forget_shared,
    left_in_shared,
    opened_shared,
    remember_left,
    schema_of,
    shown_of_shared,
)
from outreach.model.records import dataclass

FILE, SHARED = "sqlite", "postgresql"
KEPT_ASIDE = f"{LEDGER}.before-move"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """What a move carries: the id of the ledger and how much it holds, where to, and whether it is done."""

    ledger: str
    events: int
    to: str
    done: bool
    left: str = ""
    """Where the tables of the old ledger remain in PostgreSQL: server, database and schema."""


def move(root: Path, to: str, *, go: bool) -> Move:
    """Move the campaign's ledger to PostgreSQL (`postgresql`) or back into its folder (`sqlite`).

    Without `go` nothing is changed. Raises NoLedger if the other one of the two has none, LedgerThere if one
    that is in use is in the target's place, LedgerBusy while anybody on this computer has the ledger open,
    LedgerCopyDiffers, and what opening both raises.
    """
    make_folder(root)
    with ExitStack() as ending:
        ending.enter_context(take_lock(root, IN_USE, alone=True, wait=False))
        old = ending.enter_context(_source(root, to))
        with old.translated():
            ledger, shown = _meta(old, "ledger") or "", shown_of_shared(root) if to == SHARED else LEDGER
            events = int(old.execute(statements.LAST).fetchone()[1])
            if (sealed := _meta(old, statements.SEALED)) is not None:
                _go_on(root, to, ledger, sealed)
            elif go:
                _carry(root, to, old, UUID(ledger), shown, ending)
        done, left = go or sealed is not None, ""
        if to == FILE and done:
            left = f"{shown_of_shared(root)}, schema {schema_of(ledger)}"
            remember_left(root, [*left_in_shared(root), left])
            forget_shared(root)
        elif done:
            remember_left(root, (each for each in left_in_shared(root) if not each.endswith(schema_of(ledger))))
        return Move(ledger=ledger, events=events, to=shown, done=done, left=left)


def _carry(root: Path, to: str, old: Database, ledger: UUID, shown: str, ending: ExitStack) -> None:
    if to == FILE:
        bring_all(root)
    with writing(old):
        new: Database
        if to == SHARED:
            new = shared = arriving_in_shared(root, ledger)
            with shared.translated():
                for digest in all_kept(root):
                    shared.keep(digest, kept(root, digest))
        else:
            new = _arriving_in_file(root)
        ending.callback(new.close)
        with new.translated():
            with writing(new):
                copy_rows(old, new)
            if not is_copy(old, new):
                raise LedgerCopyDiffers(shown)
        old.execute(statements.PUT_META, (statements.SEALED, shown))
    _arrive(new)


def _go_on(root: Path, to: str, ledger: str, sealed: str) -> None:
    """End a move that was stopped behind the seal. Raises LedgerSealed if the ledger went elsewhere."""
    with _source(root, FILE if to == SHARED else SHARED) as new, new.translated():
        if _meta(new, "ledger") != ledger or _meta(new, statements.SEALED) is not None:
            raise LedgerSealed(LEDGER, sealed)
        _arrive(new)


def _arrive(new: Database) -> None:
    with new.translated(), writing(new):
        new.execute(statements.REMOVE_META, (statements.ARRIVING,))


@contextmanager
def _source(root: Path, to: str) -> Iterator[Database]:
    """The ledger in the other place than `to`. Raises NoLedger."""
    if to == SHARED:
        if storage.stat_of(root, LEDGER) is None:
            raise NoLedger(LEDGER)
        with closing(prepared(root, LEDGER)) as file:
            yield file
        return
    shared = opened_shared(root)
    if shared is None:
        raise NoLedger(shown_of_shared(root))
    with closing(shared):
        yield shared


def _arriving_in_file(root: Path) -> Database:
    """A new ledger in the folder, which arrives; one that was sealed there is kept aside. Raises LedgerThere."""
    try:
        if storage.stat_of(root, LEDGER) is not None:
            with closing(prepared(root, LEDGER)) as there, there.translated():
                if not is_replaceable(there):
                    raise LedgerThere(LEDGER)
                there.execute(statements.ONE_FILE)
            remove_database(root, KEPT_ASIDE)
            storage.rename(root, LEDGER, KEPT_ASIDE)
            remove_database(root, LEDGER)
    except OSError as error:
        raise why_not(LEDGER, error) from error
    new = prepared(root, LEDGER)
    with new.translated():
        new.execute(statements.PUT_META, (statements.ARRIVING, "1"))
    return new


def _meta(db: Database, key: str) -> str | None:
    row = db.execute(statements.META, (key,)).fetchone()
    return None if row is None else str(row[0])


def left_behind(root: Path) -> bool:
    """Whether the ledger that was moved into PostgreSQL still is in the folder, sealed."""
    _, is_shared = campaign_and_kind(root)
    return is_shared and storage.exists(root, LEDGER)


def erase_behind(root: Path, whom: Whom) -> None:
    """Take somebody out of that one too; its seal stays. Raises LedgerBusy, LedgerUnreadable."""
    if left_behind(root):
        with closing(prepared(root, LEDGER)) as db:
            with db.translated(), writing(db):
                erase(db, whom)
            db.compact()
