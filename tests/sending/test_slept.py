"""A computer that sleeps between a letter's claim and its mark wakes into another hour: it is asked again there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from outreach.ledger import open_ledger
from outreach.tasks import clock
from outreach.tasks.sending import sending
from tests.sending.campaigns import results, run, write_campaign

BRUSSELS = ZoneInfo("Europe/Brussels")
EVENING = datetime(2026, 1, 13, 16, 59, 50, tzinfo=BRUSSELS)
MORNING = datetime(2026, 1, 14, 9, tzinfo=BRUSSELS)


class Slow:
    """A clock that is handed in; `before_mark` happens once, between the claim and the mark of the first letter."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = EVENING
        self.before_mark: Callable[[], None] = lambda: None
        transport_for = sending.transport_for
        monkeypatch.setattr(sending, "transport_for", lambda *of, **keys: self._slowed(transport_for(*of, **keys)))

    def _slowed(self, transport: Any) -> Any:
        sends = transport.send

        def send(parcel: Any, mark: Callable[[], None]) -> Any:
            def slept_and_marked() -> None:
                happens, self.before_mark = self.before_mark, lambda: None
                happens()
                mark()

            return sends(parcel, slept_and_marked)

        transport.send = send
        return transport

    def sleep(self, time: timedelta) -> None:
        self.at += time


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(monkeypatch)


def approved(tmp_path: Path) -> Path:
    root = write_campaign(tmp_path, more="calendar: {days: [tue, wed, thu], hours: 09:00-17:00}\n")
    assert run(root, "approve", "one").code == 0
    return root


def sent(root: Path, *words: str) -> list[str]:
    return [id for id, result in results(root, "--go", "--no-wait", *words).items() if result == "done"]


@pytest.mark.parametrize("hours", [12, -9])
def test_a_letter_whose_hours_are_over_after_a_sleep_leaves_once_when_they_begin(
    tmp_path: Path, slow: Slow, hours: int
) -> None:
    with clock.handed_in(lambda: slow.at):
        root = approved(tmp_path)
        slow.before_mark = lambda: slow.sleep(timedelta(hours=hours))
        assert sent(root) == []
        with open_ledger(root) as ledger:
            assert ledger.unfinished() == []
        slow.at = MORNING
        assert sent(root) == ["one/c0000/0", "one/c0001/0", "one/c0002/0"]
        slow.sleep(timedelta(hours=1))
        assert sent(root) == []
    assert len(list((root / "outbox").rglob("*.eml"))) == 3


@pytest.mark.parametrize("seconds", [0, 3, 5])
def test_what_takes_a_few_seconds_to_hand_over_is_not_asked_about_again(
    tmp_path: Path, slow: Slow, seconds: int
) -> None:
    slow.at = EVENING + timedelta(seconds=9)
    with clock.handed_in(lambda: slow.at):
        root = approved(tmp_path)
        slow.before_mark = lambda: slow.sleep(timedelta(seconds=seconds))
        assert sent(root, "--limit", "1") == ["one/c0000/0"]


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_pause_between_claim_and_mark_stops_the_letter_however_short_that_was(
    tmp_path: Path, slow: Slow, seconds: int
) -> None:
    slow.at = MORNING

    def pause() -> None:
        assert run(root, "pause", "one", "--because", "Wait.").code == 0
        slow.sleep(timedelta(seconds=seconds))

    with clock.handed_in(lambda: slow.at):
        root = approved(tmp_path)
        slow.before_mark = pause
        assert sent(root) == []
        assert run(root, "resume", "one").code == 0
        assert len(sent(root)) == 3
