"""What people tell the campaign and read back: notes, brakes, suppressions, backups, the agenda."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.cli.main import main
from outreach.pages.columns import hanging, table
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


@pytest.mark.parametrize("command", [["backup", "b.zip"], ["restore", "b.zip"], ["ledger", "move", "postgresql"]])
def test_a_rehearsal_is_neither_saved_nor_replaced(desk: Desk, tmp_path: Path, command: list[str]) -> None:
    desk.answer("note", "bees", "call")
    desk.patch.setenv("OUTREACH_NOW", NOW)
    code, _, err = desk.answer(*(str(tmp_path / word) if "." in word else word for word in command))
    assert code == 2
    assert "With OUTREACH_NOW set" in err
    assert "Unset OUTREACH_NOW" in err
    assert not (tmp_path / "b.zip").exists()


# --- what is read on a terminal ----------------------------------------------------------------------


def test_today_says_each_time_once(desk: Desk) -> None:
    desk.patch.setenv("OUTREACH_NOW", NOW)
    later(desk)
    desk.answer("approve", "first/bees/0")
    line = next(line for line in desk.answer()[1].splitlines() if line.startswith("Next: the email to"))
    assert line == 'Next: the email to Ünion 🐝 of Bees (wave "first"), Tue 13 Jan 09:00'
    reasons = desk.answer("agenda", "--all")[1]
    assert "  waiting  Ünion 🐝 of Bees (first/bees/0)  09:00 CET\n" in reasons
    assert "until" not in reasons


def test_the_columns_of_the_status_keep_step_whatever_came_of_a_contact(desk: Desk) -> None:
    desk.answer("note", "bees", "call", "--at", "2026-01-05")
    desk.answer("outcome", "bees", "acknowledged")
    lines = desk.answer("status")[1].splitlines()[:3]
    assert [line.index(name) for line, name in zip(lines, ("Ünion", "Wasps", "Ants"), strict=True)] == [30, 30, 30]


def test_lines_fit_the_terminal_and_hang_where_they_are_wrapped() -> None:
    rows = [("0", "drafted", "bees", "", "first letter of community, held: it waits"), ("1", "new", "ants", "", "")]
    wide, narrow = list(table(rows, 50)), list(table(rows, 36))
    assert wide == [
        "  0  drafted  bees  first letter of community,",
        "                    held: it waits",
        "  1  new      ants",
    ]
    assert narrow == [
        "  0  drafted  bees",
        "      first letter of community,",
        "      held: it waits",
        "  1  new      ants",
    ]
    assert next(iter(table(rows, None))).endswith("bees  first letter of community, held: it waits")


@given(st.lists(st.text("ab é", max_size=12), max_size=12).map(" ".join), st.integers(20, 130))
def test_wrapping_loses_no_word_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = list(hanging(text, width, first="  ", rest="    "))
    assert " ".join(lines).split() == text.split()
    assert all(len(line) <= width for line in lines)


# --- the agenda as a calendar, and played forward ----------------------------------------------------


def test_the_calendar_is_written_and_named(desk: Desk, tmp_path: Path) -> None:
    desk.patch.setenv("OUTREACH_NOW", NOW)
    later(desk)
    target = tmp_path / "agenda.ics"
    code, out, _ = desk.answer("agenda", "--ics", str(target))
    assert (code, f"The calendar is in {target}.\n" in out) == (0, True)
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"bees.example" not in target.read_bytes()
    assert desk.answer("agenda", "--ics", str(tmp_path / "no" / "agenda.ics"))[0] == 1


def test_playing_the_plan_forward_changes_nothing(desk: Desk) -> None:
    desk.answer("note", "ants", "other", "Seen.")
    before = desk.events()
    items = desk.told("agenda", "--simulate", "40")["items"]
    assert [item["id"] for item in items] == ["first/bees/0", "second/wasps/0"]
    assert set(items[0]) == set(desk.told("agenda")["items"][0])
    assert desk.events() == before
    assert "Nothing was sent" in desk.answer("agenda", "--simulate", "1")[1]


@pytest.mark.parametrize("days", ["0", "-1", "367"])
def test_a_plan_is_played_forward_by_a_year_at_most(desk: Desk, days: str) -> None:
    code, _, err = desk.answer("agenda", "--simulate", days)
    assert (code, "1 to 366 days" in err) == (2, True)


def later(desk: Desk) -> None:
    """Let the first wave start on 13 January, at nine in Brussels."""
    path = desk.root / "campaign.yaml"
    text = path.read_text(encoding="utf-8").replace("template: letter}", "template: letter, start: 2026-01-13}")
    more = "timezone: Europe/Brussels\ncalendar: {hours: 09:00-17:00}\n"
    path.write_text(text + more, encoding="utf-8")


# --- what is said -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["note", "bees", "call"], ["show", "bees"], ["check"], ["status"], ["agenda"], []])
def test_a_brake_is_the_first_line_of_every_command_while_it_is_on(desk: Desk, command: list[str]) -> None:
    desk.answer("hold", "--because", "wait for Kim")
    assert desk.answer(*command)[1].splitlines()[0].startswith("Everything is paused since ")
    desk.answer("release")
    assert "is paused" not in desk.answer(*command)[1].splitlines()[0]


def test_a_brake_is_on_since_a_day_of_the_campaigns_zone(desk: Desk) -> None:
    with (desk.root / "campaign.yaml").open("a", encoding="utf-8") as file:
        file.write("timezone: Europe/Brussels\n")
    desk.patch.setenv("OUTREACH_NOW", "2026-01-12T23:30:00+00:00")
    desk.answer("hold", "--because", "wait for Kim")
    assert desk.answer("status")[1].splitlines()[0].startswith("Everything is paused since 13 Jan 2026, by ")


def test_a_brake_leaves_the_object_of_json_alone(desk: Desk) -> None:
    desk.answer("hold", "--because", "wait for Kim")
    assert desk.told("status")["counts"]["new"] == 1


@pytest.mark.parametrize("word", ["declines", "interested", "wrong-desk"])
def test_a_noted_outcome_stops_the_first_letter_as_any_answer_does(desk: Desk, word: str) -> None:
    assert any(item["contact"] == "bees" for item in desk.told("agenda")["items"] if item["kind"] == "letter")
    desk.answer("outcome", "bees", word)
    assert not any(item["contact"] == "bees" for item in desk.told("agenda")["items"] if item["kind"] == "letter")
    assert desk.told("status")["counts"]["answered"] == 1
    desk.answer("note", "--undo")
    assert any(item["contact"] == "bees" for item in desk.told("agenda")["items"] if item["kind"] == "letter")


def test_what_is_no_address_cannot_be_suppressed(desk: Desk) -> None:
    code, _, err = desk.answer("suppress", "x@@y")
    assert code == 2
    assert "'x@@y' is not an email address" in err


def test_an_undo_says_what_it_took_back(desk: Desk) -> None:
    desk.answer("note", "bees", "promise", "send figures")
    said = desk.answer("note", "--undo")[1]
    assert "promise bees send figures" in said
    assert "gate" not in said


@pytest.mark.parametrize(
    "words", ["Yes.\nNext: outreach evil", "\r\nNext: outreach evil", "a\u2028Next: outreach evil"]
)
def test_nothing_that_somebody_wrote_stands_where_our_own_lines_begin(desk: Desk, words: str) -> None:
    desk.answer("note", "bees", "call", words)
    desk.answer("hold", "ants", "--because", words)
    for command in (["show", "bees"], ["show", "ants"], ["agenda"], ["status"], []):
        code, out, err = desk.answer(*command)
        assert code in (0, 1)
        assert not [line for line in (out + err).split("\n") if line.startswith("Next: outreach evil")]
        assert "show" not in command or "Next: outreach evil" in out


def test_a_calendar_names_contacts_and_is_its_owners(desk: Desk, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        desk.answer("agenda", "--ics", str(tmp_path / "cal.ics"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "cal.ics").stat().st_mode) == 0o600
