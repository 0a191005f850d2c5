"""What `send` says where nothing goes out: until when that is, and else why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from outreach.model.action import Action, ActionResult
from outreach.pages.sending import why_nothing, why_stopped
from outreach.planning.readiness import next_moment
from outreach.words.said_time import said_moment
from tests.sending.campaigns import run, write_campaign

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
ZONE = "Europe/Brussels"
minutes = st.integers(1, 100_000)


def waiting(after: int) -> Action:
    due = NOW + timedelta(minutes=after)
    reason = f"until {said_moment(due, ZONE)}"
    return Action(id=f"w/c{after}/0", kind="letter", result=ActionResult.HELD, reason=reason, due=due, only_waits=True)


def held(after: int, reason: str) -> Action:
    due = NOW + timedelta(minutes=after)
    return Action(id=f"w/h{after}/0", kind="letter", result=ActionResult.HELD, reason=reason, due=due)


reasons = st.sampled_from(["not approved; `outreach approve w`", "decision('go') is not known yet", "on hold"])


@given(st.lists(minutes, min_size=1, max_size=6), st.lists(st.tuples(minutes, reasons), max_size=6))
def test_the_moment_is_that_of_the_next_letter_that_only_waits(waits: list[int], holds: list[tuple[int, str]]) -> None:
    actions = [*map(waiting, waits), *(held(*each) for each in holds)]
    said = why_nothing(actions, NOW, next_moment(actions, NOW), ZONE)
    first = said_moment(NOW + timedelta(minutes=min(waits)), ZONE)
    assert said == f"Nothing goes out now (Tue 10:00 CET). The next email: {first}."


@given(st.lists(st.tuples(minutes, reasons), min_size=1, max_size=6))
def test_what_is_held_promises_no_moment(holds: list[tuple[int, str]]) -> None:
    actions = [held(*each) for each in holds]
    assert next_moment(actions, NOW) is None
    assert why_nothing(actions, NOW, None, ZONE) == "Nothing goes out now."


def test_follow_ups_in_two_weeks_do_not_hide_the_letter_that_may_leave_in_an_hour(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=5)
    campaign = (root / "campaign.yaml").read_text(encoding="utf-8")
    (root / "campaign.yaml").write_text(campaign.replace("per_hour: 100000", "per_hour: 3"), encoding="utf-8")
    (root / "contacts" / "broken.yaml").write_text("{name: Nobody, tier: 0}\n", encoding="utf-8")
    now = "2026-01-13T10:00:00+01:00"
    run(root, "approve", "one", "--yes", now=now)
    assert run(root, "send", "one", "--go", "--no-wait", now=now).out.count("saved in outbox/") == 4  # with the sum
    said = run(root, "send", "one", "--go", "--no-wait", now=now).out
    assert "The next email: Tue 13 Jan 2026 11:00 CET." in said
    assert "until Tue 27 Jan (" not in said


def test_the_reason_why_a_run_stopped_is_said_once() -> None:
    """The line of the email has said it: below it stands what helps, or nothing."""
    failed = Action(id="w/a/0", kind="letter", result=ActionResult.FAILED, reason="mail.example refused the login")
    assert (
        why_stopped([failed], "mail.example refused the login. Enter the right password") == "Enter the right password"
    )
    assert why_stopped([failed], "mail.example refused the login") == ""
    assert (
        why_stopped([failed], "3 emails in a row did not go through") == "Stopped: 3 emails in a row did not go through"
    )


def test_status_calls_an_email_in_the_outbox_saved_and_never_accepted(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1)
    now = "2026-01-13T10:00:00+01:00"
    run(root, "approve", "one", "--yes", now=now)
    run(root, "send", "--go", "--no-wait", now=now)

    line = next(each for each in run(root, "status", now=now).out.splitlines() if "Contact 0" in each)

    assert "saved in outbox/ 13 Jan" in line
    assert "accepted" not in line
