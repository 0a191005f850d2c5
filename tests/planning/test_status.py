"""Where contacts stand: the first state that applies, whose turn it is, and counts that add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.contact import Contact
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.recipient import Why
from outreach.model.state import ContactState
from outreach.planning.states import STATES
from outreach.planning.status import ContactStatus, LastEvent, NextStep, contact_statuses, counts
from tests.planning.campaigns import contact
from tests.planning.worlds import NOW, letter, pasts, world

BEFORE = NOW - timedelta(days=1)

SIGNS: dict[ContactState, dict[str, Any]] = {
    ContactState.OPTED_OUT: {"past": {"opted_out": NOW}},
    ContactState.CLOSED: {"past": {"closed": NOW}},
    ContactState.ANSWERED: {"past": {"answered": NOW}},
    ContactState.BOUNCED: {"past": {"bounced": NOW}},
    ContactState.IN_DOUBT: {"letters": (letter(kind=EventKind.IN_DOUBT, step=1),)},
    ContactState.CONTACTED: {"letters": (letter(),)},
    ContactState.MANUAL: {"by_hand": True},
    ContactState.TO_RESEARCH: {"contact": {"missing": "an address"}},
    ContactState.APPROVED: {"approved": True},
    ContactState.DRAFTED: {"drafted": True},
    ContactState.NEW: {},
}
"""What alone puts a contact into each state."""


def item(ident: str, **keys: Any) -> PlanItem:
    defaults: dict[str, Any] = {"kind": ItemKind.LETTER, "state": ItemState.WAITING, "zone": "UTC"}
    wave, name, step = ident.split("/") if ident.count("/") == 2 else (None, ident.split("/")[1], None)
    where = {"contact": name, "wave": wave, "step": None if step is None else int(step)}
    return PlanItem(id=ident, **{**defaults, **where, **keys})


def stand(
    made: Contact, *items: PlanItem, drafted: bool = False, approved: bool = False, elsewhere: bool = False, **past: Any
) -> ContactStatus:
    receipt = Receipt(id=f"first/{made.id}/0", at=NOW, via="smtp", proof="<1>", ledger="other")
    known = world(
        contacts=(made,),
        past={"contacts": pasts(osi=past) if past else {}, "elsewhere": (receipt,) if elsewhere else ()},
    )
    ids = frozenset({"first/osi/0"})
    none: frozenset[str] = frozenset()
    plan = Plan(now=NOW, items=items)
    [found] = contact_statuses(known, plan, ids if drafted else none, ids if approved else none)
    return found


def with_signs(states: set[ContactState]) -> ContactStatus:
    signs = [SIGNS[state] for state in states]
    past: dict[str, Any] = {}
    for sign in signs:
        past |= sign.get("past", {})
    letters = tuple(each for sign in signs for each in sign.get("letters", ()))
    if letters:
        past["letters"] = letters
    keys = {key: value for sign in signs for key, value in sign.get("contact", {}).items()}
    by_hand = [item("first/osi/0", kind=ItemKind.TASK)] if any(sign.get("by_hand") for sign in signs) else []
    return stand(
        contact("osi", **keys),
        *by_hand,
        drafted=any(sign.get("drafted") for sign in signs),
        approved=any(sign.get("approved") for sign in signs),
        **past,
    )


# -- states ---------------------------------------------------------------------------------------


def test_the_table_has_every_state_in_the_order_of_the_promise() -> None:
    assert [state for state, _ in STATES] == list(ContactState)
    assert set(SIGNS) == set(ContactState)


@pytest.mark.parametrize("state", list(ContactState))
def test_each_state_has_its_sign(state: ContactState) -> None:
    assert with_signs({state}).state is state


@given(st.sets(st.sampled_from(list(ContactState))))
def test_the_state_is_the_first_that_applies(states: set[ContactState]) -> None:
    first = next((state for state in ContactState if state in states), ContactState.NEW)
    assert with_signs(states).state is first


def test_whoever_must_not_be_written_to_counts_as_opted_out() -> None:
    assert stand(contact("osi", do_not_contact="they asked"), answered=NOW).state is ContactState.OPTED_OUT
    suppressed = world(contacts=(contact("osi"),), past={"suppressed": frozenset({"email:info@osi.example"})})
    assert contact_statuses(suppressed, Plan(now=NOW, items=()), frozenset())[0].state is ContactState.OPTED_OUT


def test_a_letter_that_was_refused_reached_nobody() -> None:
    assert stand(contact("osi"), letters=(letter(kind=EventKind.REFUSED),)).state is ContactState.NEW


def test_a_letter_from_another_computer_reached_them_too() -> None:
    found = stand(contact("osi"), drafted=True, elsewhere=True)
    assert (found.state, found.turn) == (ContactState.CONTACTED, "theirs")


def test_only_a_letter_by_hand_that_is_not_done_waits_for_a_hand() -> None:
    task = ItemKind.TASK
    assert stand(contact("osi"), item("first/osi/0", kind=task, state=ItemState.HELD)).state is ContactState.MANUAL
    assert stand(contact("osi"), item("first/osi/0", kind=task, state=ItemState.DONE)).state is ContactState.NEW
    assert stand(contact("osi"), item("answer/osi", kind=task)).state is ContactState.NEW
    broken = item("first/osi/0", kind=task, state=ItemState.HELD, why=Why.PROBLEM)
    assert stand(contact("osi"), broken).state is ContactState.NEW, "a text that cannot be made is nothing to paste"
    assert stand(contact("osi"), item("first/osi/0")).state is ContactState.NEW


# -- turns, waves, what was last and what is next -------------------------------------------------


@pytest.mark.parametrize(
    ("past", "turn"),
    [
        ({}, "ours"),
        ({"letters": (letter(),), "ours": BEFORE}, "theirs"),
        ({"letters": (letter(),), "ours": BEFORE, "answered": NOW}, "ours"),
        ({"ours": NOW, "answered": BEFORE}, "theirs"),
        ({"ours": NOW, "answered": NOW}, "theirs"),
        ({"answered": NOW}, "ours"),
        ({"answered": NOW, "closed": NOW}, "theirs"),
        ({"answered": NOW, "opted_out": NOW}, "theirs"),
    ],
)
def test_it_is_our_turn_before_any_contact_and_after_their_last_word(past: dict[str, Any], turn: str) -> None:
    assert stand(contact("osi"), **past).turn == turn


def test_the_wave_is_that_of_the_last_letter_or_else_of_the_planned_one() -> None:
    planned = item("second/osi/0")
    assert stand(contact("osi"), planned, letters=(letter("first"), letter("third"), letter(""))).wave == "third"
    assert stand(contact("osi"), planned).wave == "second"
    assert stand(contact("osi")).wave is None


def test_what_happened_last_says_how_a_letter_left_and_what_was_noted() -> None:
    sent = Event(kind=EventKind.ACCEPTED, at=NOW, recorded=NOW, by="jo", value="smtp", text="x")
    assert stand(contact("osi"), last=sent).last == LastEvent(type="accepted", at=NOW, via="smtp", text="x")
    word = Event(kind=EventKind.OUTCOME, at=NOW, recorded=NOW, by="jo", value="asks")
    assert stand(contact("osi"), last=word, outcome="asks").last == LastEvent(type="outcome", at=NOW)
    assert stand(contact("osi")).last is None


def test_what_is_next_is_the_first_open_item_of_that_contact() -> None:
    items = [
        item("first/osi/0", state=ItemState.DONE, due=BEFORE),
        item("first/ofe/0", due=NOW),
        item("first/osi/1", due=NOW + timedelta(days=3)),
        item("research/osi", kind=ItemKind.TASK, reason="find them"),
    ]
    assert stand(contact("osi"), *items).next == NextStep(what='follow-up 1 of "first"', due=NOW + timedelta(days=3))
    assert stand(contact("osi"), items[3]).next == NextStep(what="find them")
    assert stand(contact("osi"), items[1]).next is None


def test_what_is_held_says_why() -> None:
    held = item("first/osi/0", state=ItemState.HELD, reason="decision('d') is not known yet")
    assert stand(contact("osi"), held).next == NextStep(
        what="""first email of "first", held: decision('d') is not known yet"""
    )
    by_hand = item("first/osi/0", kind=ItemKind.TASK, state=ItemState.MISSED)
    assert stand(contact("osi"), by_hand).next == NextStep(what='first text to paste of "first", missed')


# -- counts ---------------------------------------------------------------------------------------


@given(st.lists(st.sets(st.sampled_from(list(ContactState))), max_size=12))
def test_counts_add_up_and_name_every_state(everybody: list[set[ContactState]]) -> None:
    found = [with_signs(states) for states in everybody]
    numbers = counts(found)
    assert list(numbers) == [state.value for state in ContactState]
    assert sum(numbers.values()) == len(everybody)
    assert all(numbers[state] == sum(each.state is state for each in found) for state in ContactState)


def test_every_contact_of_the_files_has_a_standing_in_their_order() -> None:
    names = [f"c{number}" for number in range(5)]
    made = world(contacts=tuple(contact(name, tier=None) for name in names), past={"contacts": pasts(gone={})})
    found = contact_statuses(made, Plan(now=datetime(2026, 1, 1, tzinfo=UTC), items=()), frozenset())
    assert [(each.id, each.name, each.tier) for each in found] == [
        (name, f"Organisation {name}", None) for name in names
    ]
