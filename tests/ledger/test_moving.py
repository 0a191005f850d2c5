"""`outreach ledger move`: all of a ledger goes over, at no moment are two in use, and a sealed one does nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from outreach.errors import (
    AlreadyClaimed,
    LedgerArriving,
    LedgerBusy,
    LedgerCopyDiffers,
    LedgerElsewhere,
    LedgerIsAnother,
    LedgerNamedAnew,
    LedgerNotMoved,
    LedgerSealed,
    LedgerShared,
    LedgerThere,
    NoLedger,
)
from outreach.ledger import Claim, Ledger, moving, open_ledger
from outreach.ledger.attempts import AttemptResult
from outreach.ledger.backups import backup, restore
from outreach.ledger.blobs import keep, kept, place
from outreach.ledger.moving import move
from outreach.ledger.shared import left_in_shared
from outreach.model.event import EventKind
from outreach.model.ids import LetterId
from outreach.model.mail import KeptMessage, MailKind
from tests.ledger.histories import DAY, event, letter, receipt
from tests.ledger.test_kills import die, in_a_child
from tests.servers.postgres import database_of_its_own

K = EventKind
OF = LetterId(wave="lobbying", contact="fsfe", step=0)
WANTED = Claim(id=0, campaign="small", at=DAY, by="alex", of=OF, address="a@b.c", date="today")


@pytest.fixture
def root(tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign with a ledger in its folder, and an empty database for it."""
    monkeypatch.setenv("OUTREACH_LEDGER", database_of_its_own(postgres))
    says(tmp_path, "sqlite")
    with open_ledger(tmp_path) as ledger:
        fill(ledger)
        keep(tmp_path, b"approved")
    return tmp_path


def says(root: Path, kind: str) -> None:
    (root / "campaign.yaml").write_text(f"id: small\nledger: {kind}\n", encoding="utf-8")


def begun_elsewhere(root: Path) -> None:
    """The campaign's ledger in PostgreSQL, begun in another clone."""
    (clone := root / "clone").mkdir()
    says(clone, "postgresql")
    with open_ledger(clone):
        pass


def fill(ledger: Ledger) -> None:
    """Something in every table."""
    ledger.append_all([event(K.CALL, contact="fsfe", text="a\0b", address="a@b.c"), event(K.UNDONE, value="1")])
    attempt = ledger.begin(WANTED, digest="0" * 64, at=DAY)
    ledger.mark(attempt, letter(K.COMMITTING))
    ledger.settle(attempt, AttemptResult.ACCEPTED, DAY, event=letter(K.ACCEPTED), receipt=receipt("lobbying/fsfe/0"))
    record = ledger.mail()
    message = KeptMessage(
        key="<1@x>", place="INBOX", kind=MailKind.ANSWER, rule="r", at=DAY, sender="a@b.c", subject="Re", text=""
    )
    record.keep(message, [event(K.REPLY, contact="fsfe")], DAY)
    record.keep_cursor("a", "INBOX", "1:2")
    record.keep_files("a", "cur", ["x"])


def all_of(ledger: Ledger) -> Any:
    record = ledger.mail()
    return (
        ledger.id, list(ledger.events()), ledger.past(), list(ledger.claims()), ledger.receipts(), record.messages(),
        ledger.attempts(next(ledger.claims())), record.cursor("a", "INBOX"), record.has_file("a", "cur", "x"),
        record.events_of(1),
    )  # fmt: skip


def test_all_goes_over_and_back(root: Path) -> None:
    with open_ledger(root) as ledger:
        before = all_of(ledger)
    digest = keep(root, b"approved")
    for to in ("postgresql", "sqlite", "postgresql"):
        assert not move(root, to, go=False).done
        moved = move(root, to, go=True)
        assert (moved.done, moved.events, moved.ledger) == (True, len(before[1]), before[0])
        assert left_in_shared(root) == ([moved.left] if to == "sqlite" else [])
        schema = f"outreach_{UUID(before[0]).hex}"
        assert moved.left.endswith(schema) if to == "sqlite" else moved.left == ""
        says(root, to)
        with open_ledger(root) as ledger:
            assert all_of(ledger) == before
            assert ledger.past() == ledger.full_past()
            assert ledger.append(event(K.CALL, contact="osi")).number == len(before[1]) + 1
            ledger.append(event(K.UNDONE, value=str(len(before[1]) + 1)))
            before = all_of(ledger)
        (root / place(digest)).unlink()
        assert kept(root, digest) == b"approved" if to == "postgresql" else True
        keep(root, b"approved")


def test_looking_changes_nothing(root: Path) -> None:
    move(root, "postgresql", go=False)
    with open_ledger(root) as ledger:
        ledger.append(event(K.CALL, contact="osi"))
    says(root, "postgresql")
    with pytest.raises(LedgerNotMoved):  # there is none
        open_ledger(root)


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
def test_a_sealed_ledger_can_be_read_and_nothing_else(root: Path, to: str) -> None:
    move(root, "postgresql", go=True)
    if to == "sqlite":
        says(root, "postgresql")
        with open_ledger(root) as used:
            assert move(root, to, go=True).done
            with pytest.raises(LedgerSealed, match="was moved to"):
                used.append(event(K.CALL))  # it was open before the seal
    with open_ledger(root) as ledger:
        assert ledger.past() == ledger.full_past()
        other = LetterId(wave="lobbying", contact="osi", step=0)
        tries: tuple[Callable[[], object], ...] = (
            lambda: ledger.append(event(K.CALL)),
            lambda: ledger.begin(Claim(id=0, campaign="small", at=DAY, by="a", of=other), digest="0", at=DAY),
            lambda: ledger.mail().keep_cursor("a", "INBOX", "9"),
            ledger.rebuild_state,
        )
        for each in tries:
            with pytest.raises(LedgerSealed, match="was moved to"):
                each()


def test_a_letter_of_the_old_ledger_is_claimed_in_the_new_one(root: Path) -> None:
    move(root, "postgresql", go=True)
    says(root, "postgresql")
    with open_ledger(root) as ledger, pytest.raises(AlreadyClaimed):
        ledger.begin(WANTED, digest="1", at=DAY)


def test_a_ledger_that_is_in_use_is_not_moved(root: Path) -> None:
    with open_ledger(root), pytest.raises(LedgerBusy):
        move(root, "postgresql", go=True)


def test_an_empty_shared_ledger_does_not_take_the_place_of_one_in_the_folder(root: Path) -> None:
    says(root, "postgresql")
    for options in ({}, {"create": False}):
        with pytest.raises(LedgerNotMoved, match="still in"):
            open_ledger(root, **options)
    assert move(root, "postgresql", go=True).done
    with open_ledger(root) as ledger, pytest.raises(AlreadyClaimed):
        ledger.begin(WANTED, digest="1", at=DAY)


def test_two_ledgers_do_not_become_one(root: Path) -> None:
    begun_elsewhere(root)
    assert move(root, "postgresql", go=False).done is False
    says(root, "postgresql")
    with open_ledger(root):
        pass
    (root / ".outreach" / "ledger.id").unlink()
    with open_ledger(root) as other:
        other.append(event(K.CALL, contact="osi"))
    with pytest.raises(LedgerThere):
        move(root, "postgresql", go=True)
    with pytest.raises(LedgerThere):
        move(root, "sqlite", go=True)
    with open_ledger(root) as ledger:
        ledger.append(event(K.CALL))
    (root / ".outreach" / "ledger.id").unlink()
    says(root, "sqlite")
    with open_ledger(root) as ledger:
        ledger.append(event(K.CALL))


@pytest.mark.parametrize("text", ["id: small\nledger: sqlite\n", "id: small\n", " ledger: postgresql\n", None])
def test_a_folder_whose_ledger_is_shared_never_uses_a_file_instead(root: Path, text: str | None) -> None:
    (root / ".outreach" / "ledger.db").unlink()
    says(root, "postgresql")
    with open_ledger(root) as ledger:
        ledger.append(event(K.CALL))
    if text is None:
        (root / "campaign.yaml").unlink()
    else:
        (root / "campaign.yaml").write_text(text, encoding="utf-8")
    for options in ({}, {"create": False}, {"rehearsal": True}):
        with pytest.raises(LedgerElsewhere, match="is in PostgreSQL, but campaign"):
            open_ledger(root, **options)
    assert not (root / ".outreach" / "ledger.db").exists()


def test_the_file_of_another_ledger_is_not_used_in_place_of_the_shared_one(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "earlier.zip")
    begun_elsewhere(root)
    says(root, "postgresql")
    with open_ledger(root):
        pass
    says(root, "sqlite")
    with pytest.raises(LedgerElsewhere):
        open_ledger(root)
    with pytest.raises(LedgerShared):
        restore(root, tmp_path / "earlier.zip")


def test_a_ledger_that_was_moved_is_not_begun_anew_at_another_address(
    root: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(root, "postgresql", go=True)
    says(root, "postgresql")
    right = os.environ["OUTREACH_LEDGER"]
    monkeypatch.setenv("OUTREACH_LEDGER", database_of_its_own(postgres))
    for _ in range(2):
        with pytest.raises(LedgerIsAnother):
            open_ledger(root)
    monkeypatch.setenv("OUTREACH_LEDGER", right)
    with open_ledger(root) as ledger:
        assert ledger.past().contacts


def test_a_ledger_that_was_moved_into_the_folder_is_used(root: Path) -> None:
    move(root, "postgresql", go=True)
    says(root, "postgresql")
    move(root, "sqlite", go=True)
    says(root, "sqlite")
    with open_ledger(root) as ledger:
        ledger.append(event(K.CALL))


@pytest.mark.parametrize(("read", "now"), [("postgresql", "sqlite"), ("sqlite", "postgresql")])
def test_the_ledger_is_the_one_that_was_named_when_the_campaign_was_read(root: Path, read: str, now: str) -> None:
    says(root, now)
    with pytest.raises(LedgerNamedAnew):
        open_ledger(root, kind=read)


def test_where_there_is_none_there_is_nothing_to_move(root: Path) -> None:
    with pytest.raises(NoLedger):
        move(root, "sqlite", go=True)


def test_a_copy_that_differs_seals_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = moving.copy_rows

    def losing(source: Any, target: Any) -> None:
        real(source, target)
        target.execute("DELETE FROM receipts")

    monkeypatch.setattr(moving, "copy_rows", losing)
    with pytest.raises(LedgerCopyDiffers):
        move(root, "postgresql", go=True)
    with open_ledger(root) as ledger:
        ledger.append(event(K.CALL))
    monkeypatch.setattr(moving, "copy_rows", real)
    assert move(root, "postgresql", go=True).done


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
@pytest.mark.parametrize(("at", "when"), [("copy_rows", "after"), ("is_copy", "after"), ("_arrive", "before")])
def test_killed_at_any_point_one_ledger_is_in_use_and_the_move_goes_on(root: Path, to: str, at: str, when: str) -> None:
    from_ = "sqlite" if to == "postgresql" else "postgresql"
    if to == "sqlite":
        move(root, "postgresql", go=True)
        says(root, "postgresql")
    with open_ledger(root) as ledger:
        before = all_of(ledger)

    def die_within() -> None:
        real = getattr(moving, at)

        def dying(*args: Any) -> Any:
            if when == "after":
                real(*args)
            die()

        setattr(moving, at, dying)
        move(root, to, go=True)

    assert in_a_child(die_within)
    usable = []
    for kind in (from_, to):
        says(root, kind)
        try:
            with open_ledger(root, create=False) as ledger:
                ledger.append(event(K.UNDONE, value="999999"))
                usable.append(kind)
                before = all_of(ledger)
        except (LedgerSealed, LedgerArriving, LedgerElsewhere):
            continue
    assert len(usable) <= 1
    assert usable == ([from_] if at != "_arrive" else [])  # behind the seal neither, until the move goes on
    assert move(root, to, go=True).done
    says(root, to)
    with open_ledger(root) as ledger:
        assert all_of(ledger) == before
        ledger.append(event(K.CALL))
    says(root, from_)
    with pytest.raises((LedgerSealed, LedgerElsewhere)), open_ledger(root) as ledger:
        ledger.append(event(K.CALL))
