"""First letters: each in exactly one state, with the sentence that says why."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from outreach.history.address_marks import mark_of
from outreach.model.campaign import AfterWave, Calendar, Pace, TemplateChoice, Wave
from outreach.model.contact import Channel, ChannelKind
from outreach.model.event import EventKind, Receipt
from outreach.model.past import Approval, Hold
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.recipient import Recipient, Verdict, Why
from outreach.model.times import Hours, YearlySpan
from tests.planning.campaigns import contact, email, expression, follow_up, form, wave
from tests.planning.letter_plans import planned, wall
from tests.planning.worlds import NOW, at, days, letter, pasts

OFFICE = Calendar(days=(2, 3, 4), hours=Hours(opens=time(9), closes=time(17)))
ONE_A_DAY = Pace(per_day=1)
START = wall("2026-01-13 00:00")


def only(**keys: Any) -> PlanItem:
    """The one letter of a wave to one contact; NOW is Tuesday 6 January 2026, 13:00 in Brussels."""
    return planned(keys.pop("wave", wave()), **{"contacts": (contact("osi"),), **keys})["first/osi/0"]


# --- due and waiting -------------------------------------------------------------------------------


def test_a_letter_without_start_is_due_now() -> None:
    item = only(calendar=OFFICE)
    assert (item.state, item.due, item.kind, item.zone) == (ItemState.DUE, NOW, ItemKind.LETTER, "Europe/Brussels")


def test_a_letter_waits_for_its_waves_start_and_says_until_when() -> None:
    item = only(wave=wave(start=START), calendar=OFFICE)
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-13 08:00"))
    assert item.reason == "until Tue 13 Jan 09:00"


def test_a_start_in_another_year_is_said_with_its_year() -> None:
    assert only(wave=wave(start=wall("2027-01-12 10:30"))).reason == "until Tue 12 Jan 2027 10:30"


def test_a_start_inside_a_gap_is_the_first_moment_after_it() -> None:
    assert only(wave=wave(start=wall("2026-03-29 02:30"))).due == at("2026-03-29 01:00")


def test_an_overdue_letter_waits_for_the_next_allowed_moment() -> None:
    item = only(wave=wave(start=wall("2025-12-01 00:00")), calendar=OFFICE, now=at("2026-01-09 12:00"))
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-13 08:00"))


def test_nothing_leaves_in_a_time_to_avoid() -> None:
    christmas = Calendar(avoid=(YearlySpan(first=(12, 24), last=(1, 1)),))
    item = only(wave=wave(start=wall("2025-12-24 10:00")), calendar=christmas, now=at("2025-12-20 10:00"))
    assert item.due == at("2026-01-01 23:00")


def test_a_calendar_without_any_moment_holds_the_letter_and_says_so() -> None:
    never = Calendar(avoid=(YearlySpan(first=(1, 1), last=(12, 31)),))
    item = only(calendar=never)
    assert (item.state, item.due) == (ItemState.HELD, None)
    assert item.reason.startswith("the calendar has no free time in the 800 days from 6 Jan on")


def test_hours_are_the_recipients_where_the_calendar_says_so() -> None:
    calendar = Calendar(days=(3,), hours=Hours(opens=time(9), closes=time(10)), recipient_time=True)
    contacts = (contact("here"), contact("nepal", timezone="Asia/Kathmandu"), contact("spain", country="ES"))
    found = planned(calendar=calendar, contacts=contacts)
    assert found["first/here/0"].due == at("2026-01-07 08:00")
    assert found["first/nepal/0"].due == at("2026-01-07 03:15")
    assert found["first/spain/0"].due == at("2026-01-07 08:00")
    assert [item.recipient_zone for item in found.items] == [None, "Asia/Kathmandu", None]


def test_a_recipients_own_zone_is_said_even_where_our_hours_count() -> None:
    item = only(contacts=(contact("osi", country="GB"),), calendar=OFFICE)
    assert (item.recipient_zone, item.due) == ("Europe/London", NOW)


# --- by hand ---------------------------------------------------------------------------------------


def test_a_contact_with_only_a_form_is_a_task() -> None:
    item = only(contacts=(contact("osi", channels=(form("https://osi.example/write"),), owner="maria"),))
    assert (item.kind, item.state, item.owner) == (ItemKind.TASK, ItemState.DUE, "maria")
    assert item.reason == "paste the text into the form at https://osi.example/write"


def test_a_task_that_waits_says_until_when_and_what_then() -> None:
    handle = Channel(kind=ChannelKind.MASTODON, address="@osi@social.example")
    item = only(contacts=(contact("osi", channels=(handle,)),), wave=wave(start=START))
    assert item.reason == "until Tue 13 Jan 00:00; then send the text to @osi@social.example on Mastodon"


def test_a_form_that_was_filled_in_is_done() -> None:
    sent = letter(wave="", kind=EventKind.FORM_SENT, via="")
    found = planned(
        wave(), contacts=(contact("osi", channels=(form(),)),), past={"contacts": pasts(osi={"letters": (sent,)})}
    )
    assert (found["first/osi/0"].state, found["first/osi/0"].reason) == (ItemState.DONE, "sent by hand on 5 Jan")


def test_a_form_noted_without_its_wave_stays_the_first_letter_after_a_follow_up() -> None:
    letters = (letter(wave="", kind=EventKind.FORM_SENT), letter(step=1, when="2026-01-06 09:00"))
    found = planned(
        wave(follow_up=follow_up("again")),
        contacts=(contact("osi"),),
        past={"contacts": pasts(osi={"letters": letters})},
    )
    assert found.states == {"first/osi/0": "done", "first/osi/1": "done"}


# --- done, in doubt, stopped -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (letter(via="outbox"), "saved on this computer on 5 Jan, not sent"),
        (letter(when="2025-12-23 12:00"), "sent on 23 Dec 2025 via smtp"),
        (letter(kind=EventKind.ADOPTED), "sent from another computer on 5 Jan"),
    ],
)
def test_a_letter_that_left_is_done(sent: Any, reason: str) -> None:
    item = only(past={"contacts": pasts(osi={"letters": (sent,)})}, blocked=frozenset({"campaign"}))
    assert (item.state, item.due, item.reason) == (ItemState.DONE, sent.at, reason)


def test_a_letter_of_which_only_the_receipt_is_here_left_from_another_computer() -> None:
    receipt = Receipt(id="first/osi/0", at=at("2026-01-05 09:00"), via="smtp", proof="<1@x>", ledger="other")
    item = only(past={"elsewhere": (receipt,)})
    assert (item.state, item.reason) == (ItemState.DONE, "sent from another computer on 5 Jan")


def test_a_receipt_under_an_old_id_counts_for_the_renamed_contact() -> None:
    receipt = Receipt(id="first/old/0", at=at("2026-01-05 09:00"), via="smtp", proof="<1@x>", ledger="other")
    assert only(past={"elsewhere": (receipt,)}, contacts=(contact("osi", was=("old",)),)).state is ItemState.DONE


def test_a_letter_in_doubt_is_shown_as_such() -> None:
    item = only(past={"contacts": pasts(osi={"letters": (letter(kind=EventKind.IN_DOUBT),)})})
    assert (item.state, item.since) == (ItemState.IN_DOUBT, at("2026-01-05 09:00"))
    assert "outreach confirm first/osi/0" in item.reason


def test_a_letter_that_was_refused_is_planned_again() -> None:
    assert only(past={"contacts": pasts(osi={"letters": (letter(kind=EventKind.REFUSED),)})}).state is ItemState.DUE


@pytest.mark.parametrize(
    ("past", "reason"),
    [
        ({"answered": at("2026-01-05 09:00")}, "they answered on 5 Jan"),
        ({"bounced": at("2026-01-05 09:00")}, "their address bounced on 5 Jan"),
        ({"opted_out": at("2026-01-05 09:00")}, "they opted out on 5 Jan"),
        ({"closed": at("2026-01-05 09:00")}, "finished on 5 Jan"),
    ],
)
def test_who_said_no_or_answered_gets_no_letter(past: Any, reason: str) -> None:
    found = planned(contacts=(contact("osi"),), past={"contacts": pasts(osi=past)})
    assert (found.items, found.reasons) == ([], {"first/osi": reason})


def test_a_suppressed_address_gets_no_letter() -> None:
    found = planned(contacts=(contact("osi"),), past={"suppressed": frozenset({"info@osi.example"})})
    assert found.reasons == {"first/osi": "they asked for no more mail"}


def test_who_is_not_to_be_written_to_is_left_out_with_the_reason() -> None:
    contacts = (contact("a", do_not_contact="they asked"), contact("b", missing="an address"), contact("c", via="a"))
    assert planned(contacts=contacts).reasons == {
        "first/a": "do not contact: they asked",
        "first/b": "still to research: an address",
        "first/c": "reached through a, not directly",
    }


def test_one_first_letter_per_contact_whatever_the_wave_is_called() -> None:
    found = planned(
        wave("new"), contacts=(contact("osi"),), past={"contacts": pasts(osi={"letters": (letter("lobbying"),)})}
    )
    assert (found.items, found.reasons) == ([], {"new/osi": "already written to in `lobbying` on 5 Jan"})


def test_a_letter_stays_where_it_left_though_an_earlier_wave_selects_the_contact_now() -> None:
    past = {"contacts": pasts(osi={"letters": (letter("second"),)})}
    found = planned(wave("first"), wave("second"), contacts=(contact("osi"),), past=past)
    assert found.states == {"second/osi/0": "done"}
    assert found.reasons == {"first/osi": "already written to in `second` on 5 Jan"}


def test_a_contact_that_two_waves_select_gets_its_letter_in_the_first() -> None:
    found = planned(wave("first"), wave("second"), contacts=(contact("osi"),))
    assert found.states == {"first/osi/0": "due"}
    assert found.reasons == {"second/osi": "gets its first letter in `first`"}


def test_an_address_gets_one_first_letter() -> None:
    shared = (email("Office@shared.example"),)
    contacts = (contact("a", channels=shared), contact("b", channels=(email("office@shared.example"),)))
    assert planned(contacts=contacts).reasons == {"first/b": "same address as a, which gets the letter"}


def test_only_a_letter_that_is_made_takes_its_address() -> None:
    shared = (email("office@shared.example"),)
    contacts = (contact("a", channels=shared), contact("b", channels=shared), contact("c", channels=shared))
    found = planned(contacts=contacts, blocked=frozenset({"contact:a"}))
    assert found.states == {"first/a/0": "held", "first/b/0": "due"}
    assert found.reasons == {"first/c": "same address as b, which gets the letter"}


def test_a_wave_written_again_writes_once_to_each_address() -> None:
    shared = (email("office@shared.example"),)
    contacts = (contact("a", channels=shared), contact("b", channels=shared))
    assert planned(wave(again=True), contacts=contacts).states == {"first/a/0": "due"}


def test_an_address_that_was_written_to_for_somebody_else_gets_no_second_letter() -> None:
    sent = letter("old", address="info@osi.example")
    found = planned(contacts=(contact("osi"),), past={"contacts": pasts(gone={"letters": (sent,)})})
    assert found.reasons == {
        "first/osi": "already written to in `old` on 5 Jan, at the same address as gone; "
        "if it is the same contact, write `was: gone`"
    }


def test_a_letter_that_left_is_still_shown_when_the_wave_selects_the_contact_no_more() -> None:
    past = {"contacts": pasts(osi={"letters": (letter(),)})}
    found = planned(wave(follow_up=follow_up("again")), contacts=(contact("osi", tier=3),), past=past)
    assert found.states == {"first/osi/0": "done"}
    assert found.reasons == {"first/osi": "no follow-up: `first` no longer chooses it"}


# --- held ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "whose"),
    [
        ("campaign", "campaign.yaml"),
        ("wave:first", "the wave"),
        ("contact:osi", "the contact"),
        ("template:templates/letter.md", "templates/letter.md"),
    ],
)
def test_an_error_in_the_files_holds_the_letters_it_touches(about: str, whose: str) -> None:
    item = only(blocked=frozenset({about}), wave=wave(start=START))
    assert (item.state, item.reason) == (ItemState.HELD, f"{whose} has an error; see `outreach check`")
    assert item.due == at("2026-01-12 23:00")


def test_an_error_elsewhere_holds_nothing() -> None:
    assert only(blocked=frozenset({"wave:other", "contact:other", "post:first"})).state is ItemState.DUE


def test_a_letter_without_template_or_channel_is_held() -> None:
    assert only(wave=wave(name="nothing")).reason == "the template nothing does not exist; see `outreach check`"
    assert only(contacts=(contact("osi", channels=()),)).reason.startswith("no email address, form or account")


@pytest.mark.parametrize("target", ["*", "wave:first", "contact:osi"])
def test_a_brake_holds_and_says_since_when_and_why(target: str) -> None:
    brake = Hold(target=target, because="the board meets first", since=at("2026-01-05 09:00"), by="maria")
    item = only(past={"holds": (brake,)})
    assert (item.state, item.since) == (ItemState.HELD, brake.since)
    assert item.reason == "paused since 5 Jan: the board meets first"
    assert item.due == NOW


def test_what_is_held_keeps_nobody_waiting() -> None:
    brake = Hold(target="contact:a", because="", since=NOW, by="maria")
    found = planned(contacts=(contact("a"), contact("b")), past={"holds": (brake,)}, pace=ONE_A_DAY)
    assert found.states == {"first/a/0": "held", "first/b/0": "due"}


def test_an_unmet_gate_outranks_a_start_that_lies_ahead() -> None:
    gated = wave(start=START, needs=expression("decision('go') == 'yes'"))
    item = only(wave=gated, shut={"wave:first": "decision('go') is not known yet"})
    assert (item.state, item.reason, item.due) == (ItemState.HELD, "decision('go') is not known yet", None)
    assert only(wave=gated).state is ItemState.WAITING


# --- after another wave ----------------------------------------------------------------------------

OFE = wave("ofe", to="tier == 1")


def after(**keys: Any) -> Wave:
    return wave("rest", after=AfterWave(wave="ofe", delay=days(5), **keys))


CONTACTS = (contact("openforum", tier=1), contact("osi"))


def test_a_wave_waits_for_the_one_it_comes_after() -> None:
    item = planned(OFE, after(), contacts=CONTACTS)["rest/osi/0"]
    assert (item.state, item.reason) == (ItemState.HELD, "after the wave ofe, which is not sent yet")
    assert item.due == NOW + timedelta(days=5)  # at the earliest


def test_it_begins_its_delay_after_the_last_letter_of_that_wave() -> None:
    past = {"contacts": pasts(openforum={"letters": (letter("ofe", "2026-01-05 09:00"),)})}
    item = planned(OFE, after(), contacts=CONTACTS, past=past)["rest/osi/0"]
    assert (item.state, item.due) == (ItemState.WAITING, at("2026-01-10 09:00"))


def test_it_waits_until_every_letter_of_that_wave_has_left() -> None:
    past = {"contacts": pasts(openforum={"letters": (letter("ofe", "2025-12-05 09:00"),)})}
    contacts = (*CONTACTS, contact("other", tier=1))
    item = planned(OFE, after(), contacts=contacts, past=past)["rest/osi/0"]
    assert item.reason == "after the wave ofe, of which 1 is not sent yet"


def test_who_is_left_out_of_that_wave_keeps_nobody_waiting() -> None:
    past = {
        "contacts": pasts(
            openforum={"letters": (letter("ofe", "2025-12-05 09:00"),)}, other={"answered": at("2025-12-04 09:00")}
        )
    }
    contacts = (*CONTACTS, contact("other", tier=1))
    assert planned(OFE, after(), contacts=contacts, past=past)["rest/osi/0"].state is ItemState.DUE


def test_a_wave_in_which_nothing_left_begins_nothing() -> None:
    item = planned(OFE, after(), contacts=(contact("osi"),))["rest/osi/0"]
    assert (item.state, item.reason) == (ItemState.HELD, "after the wave ofe, in which no email was sent")
    assert item.due is None


def test_or_opens_it_earlier() -> None:
    other = after(otherwise=expression("contacts['openforum'].answered"))
    assert planned(OFE, other, contacts=CONTACTS)["rest/osi/0"].state is ItemState.DUE
    item = planned(OFE, other, contacts=CONTACTS, shut={"after:rest": "no"})["rest/osi/0"]
    assert item.reason.endswith("; or as soon as contacts['openforum'].answered")


def test_the_later_of_start_and_after_counts() -> None:
    past = {"contacts": pasts(openforum={"letters": (letter("ofe", "2026-01-05 09:00"),)})}
    later = wave("rest", start=START, after=AfterWave(wave="ofe", delay=days(5)))
    assert planned(OFE, later, contacts=CONTACTS, past=past)["rest/osi/0"].due == at("2026-01-12 23:00")


def test_a_wave_may_come_after_one_that_stands_below_it() -> None:
    past = {"contacts": pasts(openforum={"letters": (letter("ofe", "2026-01-05 09:00"),)})}
    assert planned(after(), OFE, contacts=CONTACTS, past=past)["rest/osi/0"].due == at("2026-01-10 09:00")


def test_a_letter_that_was_missed_keeps_nobody_waiting() -> None:
    past = {"contacts": pasts(openforum={"letters": (letter("ofe", "2025-12-05 09:00"),)})}
    over = wave("ofe", to="tier == 1", until=date(2025, 12, 31))
    found = planned(after(), over, contacts=(*CONTACTS, contact("late", tier=1)), past=past)
    assert found.states == {"rest/osi/0": "due", "ofe/openforum/0": "done", "ofe/late/0": "missed"}


def test_waves_that_wait_for_one_another_are_held() -> None:
    circle = wave("ofe", to="tier == 1", after=AfterWave(wave="rest"))
    found = planned(circle, after(), contacts=CONTACTS)
    assert found.states == {"ofe/openforum/0": "held", "rest/osi/0": "held"}


# --- missed ----------------------------------------------------------------------------------------


def test_a_letter_whose_wave_has_ended_is_missed() -> None:
    over = wave(start=wall("2025-12-02 10:00"), until=date(2026, 1, 5))
    item = only(wave=over)
    assert (item.state, item.reason) == (ItemState.MISSED, "its wave ended on 5 Jan")
    assert item.due == at("2025-12-02 09:00")


def test_until_includes_its_day() -> None:
    assert only(wave=wave(until=date(2026, 1, 6))).state is ItemState.DUE


def test_a_letter_whose_next_moment_lies_after_until_is_missed() -> None:
    item = only(wave=wave(until=date(2026, 1, 10)), calendar=OFFICE, now=at("2026-01-08 17:00"))
    assert item.state is ItemState.MISSED
    assert item.reason == "its turn would come on Tue 13 Jan 09:00, after its wave's last day, 10 Jan"


def test_a_letter_whose_turn_the_pace_puts_after_until_is_missed_and_takes_nobodys_turn() -> None:
    contacts = (contact("a"), contact("b"), contact("c", tier=1))
    waves = (wave(until=date(2026, 1, 6)), wave("second", to="tier == 1"))
    found = planned(*waves, contacts=contacts, pace=ONE_A_DAY)
    assert found.states == {"first/a/0": "due", "first/b/0": "missed", "second/c/0": "waiting"}
    assert found["second/c/0"].due == at("2026-01-06 23:00")


# --- again -----------------------------------------------------------------------------------------


def again(**keys: Any) -> Wave:
    return wave("second", again=True, **keys)


def test_a_second_wave_waits_until_the_thread_before_it_is_over() -> None:
    past = {"contacts": pasts(osi={"letters": (letter(when="2026-01-01 09:00"),)})}
    found = planned(wave(follow_up=follow_up("again")), again(), contacts=(contact("osi"),), past=past)
    # The follow-up comes 14 days after the letter, and 14 more pass.
    assert found["first/osi/1"].due == at("2026-01-15 09:00")
    assert found["second/osi/0"].due == at("2026-01-29 09:00")
    assert found["second/osi/0"].reason == "until Thu 29 Jan 10:00, after its letter in `first` had time for an answer"


def test_an_answer_ends_the_thread_before_it() -> None:
    past = {"contacts": pasts(osi={"letters": (letter(when="2026-01-01 09:00"),), "answered": at("2026-01-03 09:00")})}
    found = planned(wave(follow_up=follow_up("again")), again(), contacts=(contact("osi"),), past=past)
    assert found.states == {"first/osi/0": "done", "second/osi/0": "due"}
    assert found.reasons == {"first/osi": "no follow-up: they answered on 3 Jan"}


def test_who_declined_or_answered_the_second_letter_too_is_not_written_to_again() -> None:
    first, second = letter(when="2026-01-01 09:00"), letter("second", "2026-01-04 09:00")
    declined = {"letters": (first,), "answered": at("2026-01-03 09:00"), "outcome": "declines"}
    found = planned(wave(), again(), contacts=(contact("osi"),), past={"contacts": pasts(osi=declined)})
    assert found.reasons == {"second/osi": "they answered on 3 Jan"}
    both = {"letters": (first, second), "answered": at("2026-01-05 09:00")}
    waves = (wave(), again(follow_up=follow_up("again")))
    found = planned(*waves, contacts=(contact("osi"),), past={"contacts": pasts(osi=both)})
    assert found.reasons == {"second/osi": "no follow-up: they answered on 5 Jan"}


def test_two_letters_to_one_contact_never_leave_together() -> None:
    found = planned(wave(), again(), contacts=(contact("osi"),))
    assert found.states == {"first/osi/0": "due", "second/osi/0": "waiting"}
    assert found["second/osi/0"].due == NOW + timedelta(days=1)


def test_a_second_wave_waits_for_a_letter_in_doubt() -> None:
    past = {"contacts": pasts(osi={"letters": (letter(kind=EventKind.IN_DOUBT),)})}
    found = planned(wave(), again(), contacts=(contact("osi"),), past=past)
    assert (
        found["second/osi/0"].reason == "the email of `first` to them may have been sent; say which: `outreach confirm`"
    )


def test_another_wave_is_held_while_a_letter_is_in_doubt() -> None:
    past = {"contacts": pasts(osi={"letters": (letter("old", kind=EventKind.IN_DOUBT),)})}
    item = only(past=past)
    assert item.state is ItemState.HELD
    assert item.reason == "the email in `old` may have been sent on 5 Jan; say which: `outreach confirm`"


def test_a_template_for_some_is_left_out_for_the_others() -> None:
    choosy = Wave(
        id="first",
        to=expression("tier == 0"),
        templates=(TemplateChoice(template="letter", condition=expression("'policy' in tags")),),
    )
    found = planned(choosy, contacts=(contact("a", tags=("policy",)), contact("b")))
    assert found.states == {"first/a/0": "due"}
    assert found.reasons == {"first/b": "the wave has no template for this contact"}


# --- addresses that only receipts know -------------------------------------------------------------

KEY = b"k" * 32


def marked(ident: str, address: str = "info@osi.example") -> Receipt:
    """The receipt of a letter that left on 5 January, with the mark of its address."""
    return Receipt(id=ident, at=at("2026-01-05 09:00"), via="smtp", proof="<1@x>", ledger="b", to=mark_of(address, KEY))


@pytest.mark.parametrize("again", [False, True])
def test_a_contact_renamed_without_was_is_not_written_to_again(again: bool) -> None:
    contacts = (contact("new", channels=(email("Info@OSI.example"),)),)
    found = planned(wave(again=again), contacts=contacts, receipts=(marked("first/osi/0"),), address_keys=(b"x", KEY))
    assert found.items == []
    assert found.reasons == {
        "first/new": "already written to in `first` on 5 Jan, at the same address as osi; "
        "if it is the same contact, write `was: osi`"
    }


def test_another_address_a_follow_up_or_another_wave_written_again_is_no_reason() -> None:
    contacts = (contact("new", channels=(email("info@osi.example"),)),)
    receipts = (marked("first/osi/0", "info@fsfe.example"), marked("first/osi/1"), marked("old/osi/0"))
    found = planned(wave(again=True), contacts=contacts, receipts=receipts, address_keys=(KEY,))
    assert found.states == {"first/new/0": "due"}


# --- a wave that cannot be compared with a contact --------------------------------------------------


def test_a_wave_holds_whom_it_chooses_and_not_whom_it_cannot_be_compared_with() -> None:
    contacts = (contact("a"), contact("b", tier=None, short="x"))
    found = planned(wave("first", to="tier == 0 or short < 3"), wave("second", to="true"), contacts=contacts)
    assert found["first/a/0"].reason == "the wave's `to` does not work for a contact; see `outreach check`"
    assert found.states == {"first/a/0": "held", "second/b/0": "due"}
    assert found.reasons == {"second/a": "gets its first letter in `first`"}


def test_a_contact_that_an_earlier_wave_leaves_out_gets_its_letter_in_the_next() -> None:
    choosy = Wave(
        id="first",
        to=expression("tier == 0"),
        templates=(TemplateChoice(template="letter", condition=expression("'policy' in tags")),),
    )
    found = planned(choosy, wave("second"), contacts=(contact("a"),))
    assert found.states == {"second/a/0": "due"}


def test_what_nobody_approved_keeps_nobody_waiting_that_is_approved() -> None:
    class Approved:
        """Every letter renders; that of b is approved."""

        def verdict(self, letter: Recipient) -> Verdict:
            return Verdict(digest=letter.contact.id)

        def digest_then(self, letter: Recipient, approval: Approval) -> str | None:
            return None

    approvals = {"first/b/0": Approval(digest="b"), "first/c/0": Approval(digest="before")}
    found = planned(
        contacts=tuple(contact(name) for name in "abc"),
        pace=ONE_A_DAY,
        verdicts=Approved(),
        past={"approvals": approvals},
    )
    assert [(item.id, item.state, item.why) for item in found.items] == [
        ("first/a/0", ItemState.DUE, Why.APPROVAL),
        ("first/b/0", ItemState.DUE, None),
        ("first/c/0", ItemState.WAITING, Why.APPROVAL),
    ]
    assert found["first/a/0"].reason == "not approved; `outreach approve first`"
    assert found["first/c/0"].reason == "changed since it was approved; `outreach approve first`"


# --- asked to wait ---------------------------------------------------------------------------------


def test_who_asked_to_be_written_to_later_waits_until_that_day() -> None:
    asked = (contact("osi", not_before=date(2026, 1, 7)),)
    held = only(contacts=asked)
    assert (held.state, held.reason) == (ItemState.HELD, "not before 7 Jan, as their file says")
    assert only(contacts=asked, now=at("2026-01-06 23:01")).state is ItemState.DUE
