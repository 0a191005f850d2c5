"""A clock that was ahead: why everything waits is said, what to do about it, and then the campaign goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Pace
from outreach.model.past import ContactPast, Past
from outreach.model.plan import ItemState
from outreach.model.post import AfterPost
from outreach.model.times import Delay
from outreach.planning.ahead import TOLERANCE, counted, counts_as_of, gate_of, in_future
from outreach.planning.pace import AsOf, earliest
from outreach.planning.plan import plan
from outreach.words.wall_time import zone
from tests.planning.campaigns import campaign, contact, follow_up, template, wave
from tests.planning.worlds import BRUSSELS, NOW, letter, post, published, world
from tests.sending.campaigns import run, said, write_campaign

FUTURE = datetime(2028, 3, 3, 11, 0, tzinfo=UTC)
WHY = (
    "1 email is dated in the future (Fri 3 Mar 2028 12:00): the clock is behind now, or was ahead then; "
    "set it, or if it is right now, say `outreach allow clock --because TEXT`"
)


def past_with(at: datetime, **keys: object) -> Past:
    return Past(contacts={"osi": ContactPast(contact="osi", letters=(replace(letter(), at=at),))}, **keys)  # type: ignore[arg-type]


def reasons(past: Past, now: datetime = NOW) -> dict[str, tuple[ItemState, str]]:
    waves = wave(follow_up=follow_up("again"))
    known = world(
        campaign=campaign(waves, timezone=BRUSSELS), contacts=(contact("osi"), contact("fsfe")),
        templates=(template(), template("again")), past=past, now=now,
    )  # fmt: skip
    return {item.id: (item.state, item.reason) for item in plan(known).items if item.state is not ItemState.DONE}


def test_an_email_that_is_dated_in_the_future_holds_the_others_and_says_so() -> None:
    found = reasons(past_with(FUTURE, mailbox_read=NOW))
    assert found == {"first/fsfe/0": (ItemState.HELD, WHY), "first/osi/1": (ItemState.HELD, WHY)}


def test_clocks_a_few_minutes_apart_hold_nothing() -> None:
    found = reasons(past_with(NOW + TOLERANCE, mailbox_read=NOW))
    assert found["first/fsfe/0"][0] is ItemState.WAITING


def test_who_says_that_the_clock_is_right_goes_on_from_there() -> None:
    past = past_with(FUTURE, mailbox_read=NOW, gates={gate_of([FUTURE]): NOW - timedelta(days=3)})
    found = reasons(counted(past, NOW))
    assert found["first/fsfe/0"][0] is ItemState.DUE
    assert found["first/osi/1"] == (ItemState.WAITING, "until Sat 17 Jan 13:00")


def test_a_clock_that_is_ahead_again_is_said_again() -> None:
    later = FUTURE + timedelta(days=30)
    past = past_with(later, gates={gate_of([FUTURE]): NOW})
    assert in_future(counted(past, NOW), NOW) == [later]
    assert reasons(counted(past, NOW))["first/fsfe/0"][0] is ItemState.HELD


def test_a_mailbox_that_was_read_in_the_future_was_not_read() -> None:
    found = reasons(past_with(NOW - timedelta(days=20), mailbox_read=FUTURE))
    assert found["first/osi/1"] == (
        ItemState.HELD,
        "the mailbox was read on Fri 3 Mar 2028 12:00, in the future; follow-ups wait for `outreach sync`",
    )


def test_a_post_that_comes_after_one_of_the_future_says_so() -> None:
    first = post("thread", "bluesky")
    after = AfterPost(post="thread", delay=Delay(length=timedelta(days=2), text="2d"))
    known = world(posts=(first, post("recap", "bluesky", after=after)),
                  past=Past(posts=published("thread", "bluesky", "2028-03-03 11:00")))  # fmt: skip
    item = next(item for item in plan(known).items if item.post == "recap")
    assert item.state is ItemState.HELD
    assert item.reason.startswith("thread is dated in the future (Fri 3 Mar 2028 12:00 CET): the clock is behind now")


# --- the pace of what really left --------------------------------------------------------------------


class Left:
    """What left, as the ledger counts it."""

    def __init__(self, moments: list[datetime]) -> None:
        self.moments = sorted(moments, reverse=True)

    def last(self, nth: int = 1, domain: str | None = None) -> datetime | None:
        return self.moments[nth - 1] if nth <= len(self.moments) else None


minutes = st.lists(st.integers(-3000, 3_000_000), max_size=12)


@given(minutes, st.integers(-3000, 0), st.integers(1, 14))
def test_what_is_dated_in_the_future_counts_as_of_the_moment_that_a_person_named(
    left: list[int], named: int, nth: int
) -> None:
    moments = [NOW + timedelta(minutes=each) for each in left]
    as_of = NOW + timedelta(minutes=named)
    found, right = AsOf(Left(moments), NOW, as_of), Left([as_of if each > NOW else each for each in moments])
    assert found.last(nth) == right.last(nth)
    pace = Pace(per_hour=3, per_day=5)
    arguments = (pace, "w/c/0", "", NOW, zone(BRUSSELS))
    assert earliest(found, *arguments) == earliest(right, *arguments) <= NOW + timedelta(days=1)


@given(minutes)
def test_nothing_of_the_past_is_dated_otherwise(left: list[int]) -> None:
    gates = {gate_of([FUTURE]): NOW - timedelta(days=1)}
    for each in left:
        at = NOW + timedelta(minutes=each)
        as_of = counts_as_of(gates, at, NOW)
        assert (as_of is None) == (at <= NOW + TOLERANCE or at > FUTURE)


# --- a campaign --------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [False, True])
def test_a_campaign_whose_clock_was_in_2028_is_brought_back(tmp_path: Path, read: bool) -> None:
    root = write_campaign(tmp_path, contacts=3, mail="{transport: outbox, inbox: {folder: mailbox}}")
    (root / "mailbox").mkdir()
    then, now = "2028-03-03T12:00:00+01:00", "2026-01-13T10:00:00+01:00"
    assert run(root, "approve", "one", "--yes", now=then).code == 0
    assert run(root, "send", "one", "--go", "--no-wait", "--limit", "1", now=then).code == 0
    if read:
        assert run(root, "sync", now=then).code == 0
    letters = [each for each in said(root, "agenda", now=now)["items"] if each["state"] == "held"]
    assert {each["id"] for each in letters} == {"one/c0000/1", "one/c0001/0", "one/c0002/0"}
    assert all("dated in the future (Fri 3 Mar 2028 12:00)" in each["reason"] for each in letters)
    assert run(root, "send", "--go", now=now).out.count("1 email is dated in the future") == 1
    assert "dated in the future" in run(root, "doctor", now=now).out
    assert run(root, "open", "clock", "--because", "It was wrong in March.", now=now).code == 0
    sent = said(root, "send", "one", "--go", now=now)["actions"]
    assert [each["result"] for each in sent if each["id"].endswith("/0")] == ["done", "done"]
    assert run(root, "sync", now="2026-01-28T10:00:00+01:00").code == 0
    items = {each["id"]: each for each in said(root, "agenda", now="2026-01-28T10:00:00+01:00")["items"]}
    assert items["one/c0000/1"]["state"] == "due"
    assert run(root, "open", "clock", "--because", "Once more.", now=now).code == 2
