"""Long lists: a terminal shows the beginning and says how to see the rest; a pipe gets everything."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from outreach.cli.main import main
from outreach.cli.output import MOST_LINES
from outreach.cli.terminal import page
from tests.sending.campaigns import write_campaign

MANY = 60


class Terminal(io.StringIO):
    """A standard output that a person reads."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-06T09:00:00+01:00")
    monkeypatch.setenv("NO_COLOR", "1")
    root = write_campaign(tmp_path / "campaign", contacts=MANY)
    monkeypatch.chdir(root)
    return root


def rows(text: str) -> int:
    return len(re.findall(r"\(c\d{4}\)", text))


def test_a_terminal_shows_the_first_contacts_and_how_to_see_all(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", shown)
        main(["status"])
        some = shown.getvalue()
        main(["status", "--all"])
        everything = shown.getvalue()[len(some) :]
    main(["status"])
    piped = capsys.readouterr().out

    assert rows(some) == MOST_LINES
    assert f"  ... and {MANY - MOST_LINES} more: outreach status --all\n{MANY} contacts: {MANY} with a draft\n" in some
    assert rows(everything) == rows(piped) == MANY


def test_mistakes_that_stop_something_come_first_where_not_all_are_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MANY):
        (folder / f"contacts/z{number:02}.yaml").write_text("nam: Bees\n", encoding="utf-8")
    shown = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", shown)
        main(["check"])
    main(["check", "--all"])
    everything = capsys.readouterr().out
    found = re.findall(r"^\S+:\d+: (error|warning): ", everything, re.MULTILINE)

    levels = re.findall(r"^\S+:\d+: (error|warning): ", shown.getvalue(), re.MULTILINE)
    assert len(levels) == MOST_LINES
    assert levels == sorted(found)[:MOST_LINES], "errors before warnings"
    assert f"... and {len(found) - MOST_LINES} more: outreach check --all\n" in shown.getvalue()


def test_contacts_left_out_for_one_reason_are_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    campaign = folder / "campaign.yaml"
    campaign.write_text(campaign.read_text("utf-8").replace("name: Alex Example", 'name: "[Your name]"'), "utf-8")

    main(["draft"])
    lines = [line for line in capsys.readouterr().out.splitlines() if "Left out" in line]

    assert lines == [
        f'  Left out of the wave "one": {MANY} contacts (Contact 0, Contact 1 and {MANY - 2} more), '
        "the sender's name or address is not right yet; see `outreach check`"
    ]


@pytest.mark.parametrize("no_pager", ["", "1"])
def test_a_pager_is_for_terminals_and_for_those_who_want_one(monkeypatch: pytest.MonkeyPatch, no_pager: str) -> None:
    paged: list[str] = []
    monkeypatch.setenv("NO_PAGER", no_pager)
    monkeypatch.setattr("pydoc.pager", paged.append)
    shown, piped = Terminal(), io.StringIO()
    monkeypatch.setattr("sys.stdout", shown)
    page("Dear all")
    monkeypatch.setattr("sys.stdout", piped)
    page("Dear all")

    assert paged == ([] if no_pager else ["Dear all"])
    assert shown.getvalue() == ("Dear all\n" if no_pager else "")
    assert piped.getvalue() == "Dear all\n"
