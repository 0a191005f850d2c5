"""Follow-ups: after the letter before, to those who did not answer, and never blindly."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from outreach.model.campaign import Calendar
from outreach.model.event import EventKind, Receipt
from outreach.model.past import Hold
from outreach.model.plan import ItemKind, ItemState
from outreach.model.times import Hours
from tests.planning.campaigns import contact, expression, follow_up, form, wave
from tests.planning.letter_plans import Planned, planned
from tests.planning.worlds import NOW, at, letter, pasts

LONG_AGO = letter(when="2025-12-09 09:00")


def after_letter(*letters: Any, read: Any = NOW, **keys: Any) -> Planned:
    """The plan once `letters` left to one contact; NOW is Tuesday 6 January 2026, 13:00 in Brussels."""
    of_contact = {"letters": letters, **keys.pop("osi", {})}
    past = {"contacts": pasts(osi=of_contact), "mailbox_read": read, **keys.pop("past", {})}
    following = follow_up("again", **keys.pop("follow_up", {}))
    contacts = keys.pop("contacts", (contact("osi"),))
    return planned(wave(follow_up=following, **keys.pop("wave", {})), contacts=contacts, past=past, **keys)


def test_a_follow_up_waits_its_time_after_the_letter() -> None:
    item = after_letter(letter(when="2026-01-05 09:00"))["first/osi/1"]
    assert (item.state, item.due, item.step) == (ItemState.WAITING, at("2026-01-19 09:00"), 1)
    assert item.kind is ItemKind.LETTER


def test_a_follow_up_keeps_to_the_calendar() -> None:
    calendar = Calendar(days=(2, 3, 4), hours=Hours(opens=time(9), closes=time(17)))
    friday = letter(when="2026-01-02 09:00")
    assert after_letter(friday, calendar=calendar)["first/osi/1"].due == at("2026-01-20 08:00")


def test_a_follow_up_whose_time_has_come_is_due() -> None:
    assert after_letter(LONG_AGO)["first/osi/1"].state is ItemState.DUE


def test_there_is_none_before_the_letter_left_or_while_that_is_in_doubt() -> None:
    assert list(after_letter().states) == ["first/osi/0"]
    assert after_letter(letter(kind=EventKind.IN_DOUBT)).states == {"first/osi/0": "in-doubt"}


def test_there_are_as_many_as_the_wave_says() -> None:
    again = letter(when="2025-12-23 09:00", step=1)
    assert after_letter(LONG_AGO, again).states == {"first/osi/0": "done", "first/osi/1": "done"}
    found = after_letter(LONG_AGO, again, follow_up={"times": 2})
    assert found.states == {"first/osi/0": "done", "first/osi/1": "done", "first/osi/2": "due"}


def test_a_follow_up_in_doubt_is_followed_by_nothing() -> None:
    again = letter(when="2025-12-10 09:00", step=1, kind=EventKind.IN_DOUBT)
    found = after_letter(LONG_AGO, again, follow_up={"times": 2})
    assert found.states == {"first/osi/0": "done", "first/osi/1": "in-doubt"}


def test_a_letter_from_another_computer_is_followed_up_here() -> None:
    receipt = Receipt(id="first/osi/0", at=LONG_AGO.at, via="smtp", proof="<1@x>", ledger="other")
    assert after_letter(past={"elsewhere": (receipt,)})["first/osi/1"].state is ItemState.DUE


def test_a_form_is_followed_up_by_hand() -> None:
    sent = letter(kind=EventKind.FORM_SENT, when="2025-12-09 09:00")
    item = after_letter(sent, contacts=(contact("osi", channels=(form("https://osi.example/"),)),))["first/osi/1"]
    assert (item.kind, item.state) == (ItemKind.TASK, ItemState.DUE)
    assert item.reason == "paste the text into the form at https://osi.example/"


@pytest.mark.parametrize(
    ("osi", "reason"),
    [
        ({"answered": at("2026-01-02 09:00")}, "no follow-up: they answered on 2 Jan"),
        ({"answered": at("2025-12-01 09:00")}, "no follow-up: they answered on 1 Dec 2025"),
        ({"bounced": at("2026-01-02 09:00")}, "no follow-up: their address bounced on 2 Jan"),
        ({"opted_out": at("2026-01-02 09:00")}, "no follow-up: they opted out on 2 Jan"),
        ({"closed": at("2026-01-02 09:00")}, "no follow-up: finished on 2 Jan"),
    ],
)
def test_who_said_anything_is_not_followed_up(osi: Any, reason: str) -> None:
    found = after_letter(LONG_AGO, osi=osi)
    assert found.states == {"first/osi/0": "done"}
    assert found.reasons == {"first/osi": reason}


def test_those_for_whom_to_does_not_hold_get_none() -> None:
    found = after_letter(LONG_AGO, follow_up={"to": expression("kind == 'person'")})
    assert (found.states, found.reasons) == ({"first/osi/0": "done"}, {})


def test_a_to_that_cannot_be_compared_holds_it() -> None:
    item = after_letter(LONG_AGO, follow_up={"to": expression("tier < 'a'")})["first/osi/1"]
    assert (item.state, item.reason.split(";")[0]) == (
        ItemState.HELD,
        "the follow-up's `to` does not work for this contact",
    )


def test_an_unmet_gate_holds_it_with_its_reason() -> None:
    item = after_letter(
        LONG_AGO, follow_up={"needs": expression("decision('news') == 'yes'")}, shut={"follow-up:first": "no news"}
    )["first/osi/1"]
    assert (item.state, item.reason, item.due) == (ItemState.HELD, "no news", None)


def test_the_waves_own_gate_does_not_hold_what_follows_a_letter_that_left() -> None:
    found = after_letter(LONG_AGO, wave={"needs": expression("date('2027-01-01')")}, shut={"wave:first": "not yet"})
    assert found["first/osi/1"].state is ItemState.DUE


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (None, "the mailbox was never read; follow-ups wait for `outreach sync`"),
        (
            at("2026-01-05 11:59"),
            "the mailbox was last read on Mon 5 Jan 12:59; follow-ups wait for `outreach sync`",
        ),
    ],
)
def test_nobody_is_followed_up_while_nobody_knows_whether_they_answered(read: Any, reason: str) -> None:
    item = after_letter(LONG_AGO, read=read)["first/osi/1"]
    assert (item.state, item.reason, item.due) == (ItemState.HELD, reason, NOW)


def test_a_mailbox_read_within_the_last_day_is_enough() -> None:
    assert after_letter(LONG_AGO, read=NOW - timedelta(hours=24))["first/osi/1"].state is ItemState.DUE


def test_an_unread_mailbox_holds_only_what_is_due() -> None:
    assert after_letter(letter(), read=None)["first/osi/1"].state is ItemState.WAITING


def test_brakes_and_errors_hold_follow_ups_too() -> None:
    brake = Hold(target="contact:osi", because="wait", since=NOW, by="maria")
    assert after_letter(LONG_AGO, past={"holds": (brake,)})["first/osi/1"].reason == "paused since 6 Jan: wait"
    found = after_letter(LONG_AGO, blocked=frozenset({"template:templates/again.md"}))
    assert found["first/osi/1"].reason == "templates/again.md has an error; see `outreach check`"


def test_a_follow_up_after_its_waves_last_day_is_missed() -> None:
    assert after_letter(LONG_AGO, wave={"until": date(2026, 1, 5)})["first/osi/1"].state is ItemState.MISSED


def test_a_wave_without_follow_up_has_none() -> None:
    past = {"contacts": pasts(osi={"letters": (LONG_AGO,)}), "mailbox_read": NOW}
    assert planned(wave(), contacts=(contact("osi"),), past=past).states == {"first/osi/0": "done"}


def test_an_unread_mailbox_holds_a_second_letter_as_well() -> None:
    past = {"contacts": pasts(osi={"letters": (letter(when="2025-11-01 09:00"),)})}
    waves = (wave(follow_up=follow_up("again")), wave("second", again=True))
    item = planned(*waves, contacts=(contact("osi"),), past=past)["second/osi/0"]
    assert (item.state, item.reason) == (ItemState.HELD, "its follow-up in `first` goes first, and is held")
