"""What people tell the campaign and read back: notes, brakes, suppressions, backups, the agenda."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from outreach.cli.main import main
from tests.cli.test_running import campaign

__all__ = ["campaign"]

NOW = "2026-01-06T12:00:00+00:00"


class Desk:
    """A campaign, and `outreach` in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.patch = patch
        self._capsys = capsys

    def answer(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code, the standard output and the error output."""
        self._capsys.readouterr()
        code = main([*arguments, "--campaign", str(self.root)])
        return code, *self._capsys.readouterr()

    def told(self, *arguments: str) -> Any:
        """The object of `--json`."""
        return json.loads(self.answer(*arguments, "--json")[1])

    def events(self) -> str:
        """All that the events table says, as one text."""
        with closing(sqlite3.connect(self.root / ".outreach/ledger.db")) as db:
            return repr(db.execute("SELECT * FROM events").fetchall())


@pytest.fixture
def desk(campaign: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.delenv("OUTREACH_NOW", raising=False)
    monkeypatch.setenv("OUTREACH_USER", "Alex")
    return Desk(campaign, capsys, monkeypatch)


# --- personal text -----------------------------------------------------------------------------------


def test_addresses_and_reasons_lie_apart_from_the_events(desk: Desk) -> None:
    desk.answer("suppress", "Info@Bees.example", "--because", "Kim asked me")
    desk.answer("suppress", "wasps", "--because", "Robin asked me")
    desk.answer("hold", "ants", "--because", "Toni is ill")
    events = desk.events()
    assert not [word for word in ("ees.example", "Kim", "Robin", "Toni") if word in events]
    assert "Toni is ill" in desk.answer("agenda")[1]
    states = {each["id"]: each["state"] for each in desk.told("status")["contacts"]}
    assert states == {"bees": "opted-out", "wasps": "opted-out", "ants": "new"}


def test_a_suppressed_address_can_be_named_to_undo_it(desk: Desk) -> None:
    desk.answer("suppress", "info@bees.example")
    assert desk.answer("note", "--undo", "info@bees.example")[0] == 0
    assert {each["id"]: each["state"] for each in desk.told("status")["contacts"]}["bees"] == "drafted"
    assert "bees.example" not in desk.events()


# --- backups -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_rehearsal_is_neither_saved_nor_replaced(desk: Desk, tmp_path: Path, command: str) -> None:
    desk.answer("note", "bees", "call")
    desk.patch.setenv("OUTREACH_NOW", NOW)
    code, _, err = desk.answer(command, str(tmp_path / "b.zip"))
    assert code == 2
    assert "rehearsal" in err
    assert "without OUTREACH_NOW" in err
    assert not (tmp_path / "b.zip").exists()
