"""Pace and hours hold over all computers together: what one sent counts for the others; no run outlasts the hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from outreach.tasks.approving import approve
from outreach.tasks.clock import handed_in
from outreach.tasks.working import LETTERS, do_work
from tests.sending.campaigns import FAST, write_campaign
from tests.sending.test_workers import another_host
from tests.servers.counting import Counting, counting
from tests.servers.postgres import put_into_postgres

TUESDAY = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Counting]:
    (tmp_path / "server").mkdir()
    with counting(tmp_path / "server") as running:
        yield running


def hosts(
    folder: Path, server: Counting, address: str, patch: pytest.MonkeyPatch, pace: str, more: str = ""
) -> list[Path]:
    root = write_campaign(folder / "one", port=server.port, contacts=6, more=more)
    file = root / "campaign.yaml"
    file.write_text(file.read_text().replace(FAST, pace))
    with handed_in(lambda: TUESDAY):
        assert {each.verdict for each in approve(root, ["one"]).letters} == {"approved"}
        put_into_postgres(root, address, patch)
    return [root, another_host(root, "two"), another_host(root, "three")]


@pytest.mark.parametrize("pace", ["{gap: 0s, per_hour: 2}", "{gap: 0s, per_domain_per_hour: 9, per_day: 2}"])
def test_what_one_computer_sent_counts_for_the_pace_of_the_others(
    tmp_path: Path, server: Counting, postgres: str, monkeypatch: pytest.MonkeyPatch, pace: str
) -> None:
    folders = hosts(tmp_path, server, postgres, monkeypatch, pace)
    sent = []
    for hours in (0, 0.99, 1.01, 24.5):
        moment = TUESDAY + timedelta(hours=hours)
        with handed_in(lambda moment=moment: moment):
            sent += [len(do_work(folder, LETTERS).actions) for folder in folders]
    of_hour, of_day = [2, 0, 0, 0, 0, 0, 2, 0, 0, 2, 0, 0], [2, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]
    assert sent == (of_hour if "per_hour: 2" in pace else of_day)


def test_a_gap_is_kept_between_letters_of_different_computers(
    tmp_path: Path, server: Counting, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = hosts(tmp_path, server, postgres, monkeypatch, "{gap: 10m}")
    sent = []
    for minutes, folder in zip((0, 9, 10, 19, 21), (*folders, *folders), strict=False):
        moment = TUESDAY + timedelta(minutes=minutes)
        with handed_in(lambda moment=moment: moment):
            sent.append(len(do_work(folder, LETTERS).actions))
    assert sent == [1, 0, 1, 0, 1]


def test_a_run_ends_with_the_hours(
    tmp_path: Path, server: Counting, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = 'calendar: {hours: "09:00-17:00"}\n'
    folders = hosts(tmp_path, server, postgres, monkeypatch, FAST, hours)
    closes = datetime(2026, 1, 13, 16, 0, tzinfo=UTC)  # 17:00 in Brussels
    with handed_in(lambda: closes + timedelta(seconds=12 * len(server.letters()) - 30)):
        sent = [len(do_work(folder, LETTERS).actions) for folder in folders]
    dates = [parsedate_to_datetime(letter["date"]) for letter in server.letters()]
    assert (sent, len(dates)) == ([3, 0, 0], 3)
    assert max(dates) < closes
