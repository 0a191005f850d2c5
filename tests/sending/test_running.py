"""How a run goes: the pace, the pauses, the limit, what is late, and how it is stopped."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.action import ActionResult
from outreach.model.campaign import Pace
from outreach.planning.pace import earliest, gap_of
from outreach.planning.readiness import why_stop
from tests.sending.campaigns import process, results, run, said, write_campaign
from tests.servers.counting import Counting, counting

NOW = "2026-01-13T10:00:00+01:00"
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Counting]:
    with counting(tmp_path / "server") as running:
        yield running


def paced(root: Path, pace: str) -> Path:
    config = root / "campaign.yaml"
    lines = [f"pace: {pace}" if line.startswith("pace:") else line for line in config.read_text().splitlines()]
    config.write_text("\n".join(lines) + "\n")
    return root


def test_a_rehearsal_ends_at_the_first_pause(tmp_path: Path) -> None:
    root = paced(write_campaign(tmp_path), "{gap: 90s-140s}")
    run(root, "approve", "one", now=NOW)
    answer = run(root, "send", "--go", now=NOW)
    assert "1 saved in outbox/" in answer.out
    assert "The next one goes out on Tue 13 Jan 2026 10:0" in answer.out
    assert results(root, "--go", now="2026-01-13T10:05:00+01:00")["one/c0001/0"] == "done"


def test_no_more_leave_in_an_hour_or_a_day_or_to_a_domain_than_the_pace_says(tmp_path: Path) -> None:
    root = paced(write_campaign(tmp_path, contacts=9), "{gap: 0s, per_hour: 3, per_day: 5, per_domain_per_hour: 9}")
    run(root, "approve", "one", now=NOW)
    sent = {}
    for hour in ("10:00", "10:59", "11:01", "12:30", "23:59"):
        found = results(root, "--go", now=f"2026-01-13T{hour}:00+01:00")
        sent[hour] = list(found.values()).count("done")
    assert sent == {"10:00": 3, "10:59": 0, "11:01": 2, "12:30": 0, "23:59": 0}
    assert list(results(root, "--go", now="2026-01-14T00:30:00+01:00").values()).count("done") == 3


def test_a_limit_is_kept(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=5)
    run(root, "approve", "one", now=NOW)
    answer = run(root, "send", "--go", "--limit", "2", now=NOW)
    assert len(list((root / "outbox").rglob("*.eml"))) == 2
    assert "Stopped: the limit of 2 is reached." in answer.out


def test_what_came_too_late_waits_for_a_person(tmp_path: Path) -> None:
    root = write_campaign(tmp_path)
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace("template: hello,", "template: hello, until: 2026-01-10,"))
    run(root, "approve", "one", now=NOW)
    assert set(results(root, "--go", now=NOW).values()) == {"missed"}
    assert run(root, "send", "--go", now=NOW).code == 1
    assert list(results(root, "--go", "--late", now=NOW).values()).count("done") == 3


def test_the_sentence_before_says_how_many_for_real_from_whom_through_what_to_whom(
    tmp_path: Path, server: Counting
) -> None:
    root = write_campaign(tmp_path / "campaign", port=server.port)
    run(root, "approve", "one")
    said_first = run(root, "send").out
    way = "from alex@sender.example through 127.0.0.1"
    assert f"Preview: 3 emails {way}, to Contact 0, Contact 1 and Contact 2" in said_first
    assert server.taken().total() == 0


def test_a_day_on_which_nothing_leaves_says_which_day_it_is_and_when(tmp_path: Path) -> None:
    root = write_campaign(tmp_path)
    with (root / "campaign.yaml").open("a") as config:
        config.write("calendar: {days: [tue, wed], hours: 09:00-17:00}\n")
    monday = "2026-01-12T08:00:00+01:00"
    run(root, "approve", "one", now=monday)
    assert "(Mon 08:00 CET). The next email: Tue 13 Jan 2026 09:00 CET." in run(root, "send", "--go", now=monday).out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_stop_finishes_its_letter_and_says_what_is_left(
    tmp_path: Path, server: Counting, number: signal.Signals
) -> None:
    root = paced(write_campaign(tmp_path / "campaign", port=server.port), "{gap: 50m}")
    run(root, "approve", "one")
    running = process(root, "send", "--go")
    while not server.taken():
        assert running.poll() is None
    while "accepted" not in {event["kind"] for event in said(root, "show", "c0000")["events"]}:
        assert running.poll() is None
    running.send_signal(number)
    out, err = running.communicate()
    assert "Stopped: at your request." in out, err
    assert "1 accepted by your mail server" in out
    assert running.returncode == 0
    assert (root / "receipts.jsonl").read_text().count("\n") == 1
    assert server.taken().total() == 1


def test_an_edit_while_a_run_waits_counts(tmp_path: Path) -> None:
    """The next plan is made from the files as they are then: here, by the next run."""
    root = paced(write_campaign(tmp_path), "{gap: 90s}")
    run(root, "approve", "one", now=NOW)
    run(root, "send", "--go", now=NOW)
    contacts = root / "contacts" / "all.csv"
    contacts.write_text(contacts.read_text().replace("c0001,Contact 1,0", "c0001,Contact 1,5"))
    found = results(root, "--go", now="2026-01-13T10:10:00+01:00")
    assert "one/c0001/0" not in found
    assert found["one/c0002/0"] == "done"


# --- the rules -----------------------------------------------------------------------------------------


class Sent:
    """What left, as a list."""

    def __init__(self, moments: list[tuple[datetime, str]]) -> None:
        self.moments = sorted(moments)

    def _of(self, domain: str | None) -> list[datetime]:
        return [moment for moment, to in self.moments if domain in (None, to)]

    def since(self, moment: datetime, domain: str | None = None) -> int:
        return sum(each > moment for each in self._of(domain))

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        found = self._of(domain)
        return found[-nth] if len(found) >= nth else None


START = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks change the night after
paces = st.builds(
    Pace,
    per_hour=st.integers(1, 6),
    per_day=st.integers(1, 12),
    per_domain_per_hour=st.integers(1, 3),
    gap=st.tuples(st.integers(0, 300), st.integers(0, 300)).map(
        lambda ends: (timedelta(seconds=min(ends)), timedelta(seconds=max(ends)))
    ),
)


@given(paces, st.lists(st.tuples(st.sampled_from(["a.example", "b.example"]), st.integers(0, 3000)), max_size=40))
def test_letters_that_wait_their_turn_keep_the_pace(pace: Pace, letters: list[tuple[str, int]]) -> None:
    now, sent = START, Sent([])
    for number, (domain, pause) in enumerate(letters):
        now += timedelta(seconds=pause)
        while (moment := earliest(sent, pace, f"w/{number}/0", domain, now, BRUSSELS)) > now:
            now = moment
        sent.moments.append((now, domain))
    moments = [moment for moment, _ in sent.moments]
    for moment, domain in sent.moments:
        assert sum(moment - timedelta(hours=1) < each <= moment for each in moments) <= pace.per_hour
        same = sent._of(domain)
        assert sum(moment - timedelta(hours=1) < each <= moment for each in same) <= pace.per_domain_per_hour
        day = moment.astimezone(BRUSSELS).date()
        assert sum(each.astimezone(BRUSSELS).date() == day for each in moments) <= pace.per_day
    assert all(later - earlier >= pace.gap[0] for earlier, later in pairwise(moments))


@given(paces, st.text(max_size=20))
def test_the_pause_lies_between_its_ends_and_is_always_the_same(pace: Pace, letter: str) -> None:
    assert pace.gap[0] <= gap_of(pace, letter) <= pace.gap[1]
    assert gap_of(pace, letter) == gap_of(pace, letter)


D, F, U = ActionResult.DONE, ActionResult.FAILED, ActionResult.UNKNOWN


@pytest.mark.parametrize(
    ("so_far", "stops"),
    [
        ([], False),
        ([D] * 50 + [F, F], False),
        ([F, U, F], True),
        ([F, D, F, D, U, D, F, D, F], True),
        ([F, F, D, F, F], False),
    ],
)
def test_a_run_that_goes_wrong_stops_by_itself(so_far: list[ActionResult], stops: bool) -> None:
    assert (why_stop(so_far) is not None) is stops
