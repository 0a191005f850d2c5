"""`outreach status --health`, the clock that a run believes, and the examples of how it is started."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import yaml

from outreach.connections import server_dates
from outreach.tasks import clock, watching
from outreach.tasks.approving import approve
from outreach.tasks.health import FILE, Heartbeat, beat, health, heartbeat
from outreach.tasks.interruption import Interruption
from outreach.tasks.watching import ClockWatch, Listener, watch
from tests.sending.campaigns import ROOT, run, said, write_campaign

AT = datetime(2026, 1, 13, 9, tzinfo=UTC)


class Clock:
    """A clock that is set, and a count of seconds that nobody sets."""

    def __init__(self) -> None:
        self.at, self.passed = AT, 0.0
        server_dates.forget()

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at, self.passed = self.at + timedelta(seconds=seconds), self.passed + seconds


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.mark.parametrize(("minutes", "stops"), [(4, False), (6, True), (-4, False), (-6, True), (60 * 24 * 365, True)])
def test_a_jump_of_the_clock_stops_sending_and_its_way_back_ends_that(now: Clock, minutes: int, stops: bool) -> None:
    with clock.handed_in(now, lambda: now.passed):
        watch_ = ClockWatch()
        now.pass_(3600 * 48)
        assert watch_.trouble() == ""
        now.at += timedelta(minutes=minutes)
        assert bool(watch_.trouble()) is stops
        now.at -= timedelta(minutes=minutes)
        assert watch_.trouble() == ""


@pytest.mark.parametrize(("minutes", "stops"), [(4, False), (6, True), (-6, True)])
def test_five_minutes_off_what_a_network_says_stop_sending(minutes: int, stops: bool) -> None:
    server_dates.forget()
    watch_ = ClockWatch()
    server_dates.hear({"date": format_datetime(datetime.now(UTC) - timedelta(minutes=minutes), usegmt=True)})
    assert bool(watch_.trouble()) is stops
    for date in ("yesterday", "Fri, 31 Dec 9999 23:59:59 GMT"):
        server_dates.hear({"date": date})
        assert bool(watch_.trouble()) is stops
    server_dates.hear({"date": format_datetime(datetime.now(UTC) - timedelta(minutes=10), usegmt=True), "age": "600"})
    assert watch_.trouble() == ""
    server_dates.forget()


def rounds(monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], object]) -> None:
    left = list(steps)

    def wait(*_: object) -> bool:
        if left:
            left.pop(0)()
            return True
        return False

    monkeypatch.setattr(watching, "_wait", wait)


def test_nothing_is_sent_while_the_clock_cannot_be_believed(
    tmp_path: Path, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_campaign(tmp_path)
    acts: list[watching.Acted] = []
    with clock.handed_in(now, lambda: now.passed):
        rounds(monkeypatch, lambda: (approve(root, ["one"]), setattr(now, "at", AT + timedelta(hours=3))), lambda: None)
        watch(root, Listener(acted=acts.append), go=True)
        assert not list(root.glob("outbox/**/*.eml"))
        assert "jumped forward by 180 minutes" in acts[1].troubles[0] or "3 hours" in acts[1].troubles[0]
        beaten = heartbeat(root)
        assert beaten is not None
        assert [(each.id, each.since - AT) for each in beaten.troubles] == [("clock", timedelta(hours=3))]
        rounds(monkeypatch)
        watch(root, Listener(), go=True)
    assert len(list(root.glob("outbox/**/*.eml"))) == 3


def test_health_is_good_where_nothing_is_overdue_and_names_what_is(tmp_path: Path, now: Clock) -> None:
    root = write_campaign(tmp_path)
    with (root / "campaign.yaml").open("a") as config:
        config.write("calendar: {days: [mon, tue, wed, thu, fri, sat, sun], hours: 09:00-17:00}\n")
    with clock.handed_in(now):
        assert health(root).troubles == ()
        approve(root, ["one"])
        now.at = AT + timedelta(hours=2)
        found = health(root)
    assert [each.id for each in found.troubles] == [f"one/c{n:04}/0" for n in range(3)]


def test_a_watch_that_has_not_looked_is_named_and_one_that_was_stopped_is_not(tmp_path: Path, now: Clock) -> None:
    root = write_campaign(tmp_path)
    with clock.handed_in(now):
        beat(root, Heartbeat(at=AT, next=AT + timedelta(minutes=10), go=True))
        now.at = AT + timedelta(minutes=20)
        assert health(root).troubles == ()
        now.at = AT + timedelta(minutes=26)
        assert [(each.id, each.since) for each in health(root).troubles] == [("run", AT + timedelta(minutes=10))]
        beat(root, Heartbeat(at=AT, next=AT + timedelta(minutes=10), go=True, stopped=True))
        assert health(root).troubles == ()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"at": 1}', '{"at": "2026-01-01", "next": null}', "\x00"])
def test_a_heartbeat_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    root = write_campaign(tmp_path)
    (root / ".outreach").mkdir()
    (root / FILE).write_text(text)
    assert heartbeat(root) is None
    assert said(root, "status", "--health") == {"health": [], "run": None}


def test_the_command_says_it_in_words_and_by_its_exit_code(tmp_path: Path) -> None:
    root = write_campaign(tmp_path)
    assert "Nothing is overdue." in run(root, "status", "--health").out
    beat(root, Heartbeat(at=AT, next=AT, go=True))
    answer = run(root, "status", "--health")
    assert answer.code == 1
    assert "run  since" in answer.out
    assert said(root, "status", "--health")["health"][0]["id"] == "run"


def test_a_sleep_ends_when_a_file_changed_and_not_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_campaign(tmp_path)
    watching_ = watching._Watch(root, Listener(), Interruption(), go=False)
    watching_.round(last=False)
    assert not watching_.changed()
    (root / "templates" / "hello.md").write_text("---\nsubject: New\n---\nDear {{ contact.name }},\n")
    assert not watching_.changed()
    assert watching_.changed()
    slept: list[float] = []
    monkeypatch.setattr(Interruption, "sleep", lambda self, seconds: slept.append(seconds) or True)
    assert watching._wait(Interruption(), datetime.now(UTC) + timedelta(days=300), watching_.changed)
    assert slept == [watching.WAKE]


def test_a_stop_that_is_asked_for_while_posts_go_out_sends_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_campaign(tmp_path)
    approve(root, ["one"])
    publish = watching.publish

    def stopped(*of: object, **keys: object) -> object:
        signal.raise_signal(signal.SIGTERM)
        return publish(*of, **keys)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "publish", stopped)
    watch(root, Listener(), go=True)
    assert not list(root.glob("outbox/**/*.eml"))
    beaten = heartbeat(root)
    assert beaten is not None
    assert beaten.stopped


# --- the examples ------------------------------------------------------------------------------------

RUNNING = ROOT / "docs" / "running"
COMMAND = re.compile(r"\boutreach ((?:[a-z]+ )?[^\n|&;]*)")


def test_the_units_are_what_systemd_understands(tmp_path: Path) -> None:
    for unit in RUNNING.glob("*.*"):
        if unit.suffix in (".service", ".timer"):
            program = shutil.which("true") or "/bin/true"
            text = unit.read_text(encoding="utf-8").replace("%h/.local/bin/outreach", program)
            (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = sorted(tmp_path.iterdir())
    assert [each.name for each in units] == ["outreach-once.service", "outreach-once.timer", "outreach.service"]
    for unit in units:
        assert re.search(r"^\[(Service|Timer)\]$", unit.read_text(), re.MULTILINE)
    analyze = shutil.which("systemd-analyze")
    if analyze is not None:
        verified = subprocess.run(
            [analyze, "--user", "verify", *map(str, units)], capture_output=True, text=True, check=False,
            env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        )  # fmt: skip
        assert verified.returncode == 0, verified.stderr


def test_the_workflow_is_yaml_and_runs_commands_that_there_are() -> None:
    workflow = yaml.safe_load((RUNNING / "github-actions.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["run"]["steps"]
    assert workflow["concurrency"]["cancel-in-progress"] is False
    scripts = "\n".join(step.get("run", "") for step in steps)
    commands = re.findall(r"^\s*outreach (\w+)", scripts, re.MULTILINE)
    from outreach.cli.commands import GROUPS

    assert set(commands) <= {name for group in GROUPS.values() for name in group}
    assert {"sync", "run"} <= set(commands)
