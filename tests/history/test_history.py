"""Events come to what a campaigner expects: the turn, the states, promises, what was undone or renamed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.history import UNDOABLE, after, fold, renamed, subjects, takes_back, why_not_undo
from outreach.history.renaming import lineage_of
from outreach.model.contact import Contact
from outreach.model.event import ANSWERS, CONTACTED, WRITTEN_AS_DRAFT, Event, EventKind
from outreach.model.past import ContactPast, Past
from tests.ledger.histories import DAY, event, histories, letter, numbered

K = EventKind


def past(*events: Event) -> Past:
    return fold(numbered(list(events)))


def fsfe(*events: Event) -> ContactPast:
    return past(*events).contacts["fsfe"]


def contact(id: str, was: tuple[str, ...] = ()) -> Contact:
    return Contact(id=id, name=id, file="contacts/a.yaml", was=was)


# --- letters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CONTACTED)
def test_a_letter_that_left_makes_a_contact_contacted(kind: EventKind) -> None:
    found = fsfe(letter(kind, value="smtp", address="a@fsfe.example"))
    assert [(x.wave, x.step, x.kind, x.via, x.address) for x in found.letters] == [
        ("lobbying", 0, kind, "smtp", "a@fsfe.example")
    ]
    assert found.ever == {"contacted"}
    assert found.ours == DAY
    assert found.answered is None


def test_letters_stand_in_the_order_in_which_they_left() -> None:
    found = fsfe(letter(K.ACCEPTED, 14, step=1), letter(K.ADOPTED, 0))
    assert [x.step for x in found.letters] == [0, 1]


@pytest.mark.parametrize(
    ("kinds", "comes_to"),
    [
        ((K.REFUSED, K.ACCEPTED), K.ACCEPTED),
        ((K.IN_DOUBT, K.ACCEPTED), K.ACCEPTED),
        ((K.IN_DOUBT, K.REFUSED), K.REFUSED),
        ((K.REFUSED, K.IN_DOUBT), K.IN_DOUBT),
        ((K.ACCEPTED, K.REFUSED), K.ACCEPTED),
        ((K.ADOPTED, K.IN_DOUBT), K.ADOPTED),
    ],
)
def test_the_last_word_about_a_letter_counts_but_one_that_left_has_left(
    kinds: tuple[EventKind, ...], comes_to: EventKind
) -> None:
    assert [x.kind for x in fsfe(*(letter(kind, day) for day, kind in enumerate(kinds))).letters] == [comes_to]


def test_a_refused_letter_or_one_in_doubt_contacts_nobody() -> None:
    assert fsfe(letter(K.REFUSED)).ever == frozenset()
    doubted = fsfe(letter(K.IN_DOUBT))
    assert doubted.ever == {"in-doubt"}
    assert doubted.ours is None


def test_a_doubt_resolved_as_sent_is_a_letter_that_left_when_the_doubt_arose() -> None:
    found = fsfe(letter(K.IN_DOUBT, value="smtp"), letter(K.RESOLVED, 3, value="sent"))
    assert [(x.kind, x.at, x.via) for x in found.letters] == [(K.ACCEPTED, DAY, "smtp")]
    assert found.ours == DAY
    assert found.ever == {"in-doubt", "contacted"}


def test_a_letter_resolved_as_not_sent_may_leave_again() -> None:
    gone = (letter(K.ACCEPTED, value="outbox"), letter(K.RESOLVED, 1, value="not-sent"))
    assert fsfe(*gone).letters == ()
    assert fsfe(*gone).ours is None
    assert "contacted" not in fsfe(*gone).ever
    again = fsfe(*gone, letter(K.ACCEPTED, 2, value="smtp"))
    assert [x.via for x in again.letters] == ["smtp"]
    assert fsfe(*gone, letter(K.ACCEPTED, 2, step=1)).letters[0].step == 1


def test_a_letter_from_the_outbox_that_a_person_sent_left_by_hand() -> None:
    found = fsfe(letter(K.ACCEPTED, value="outbox"), letter(K.RESOLVED, 1, value="sent"))
    assert [(x.kind, x.via, x.at) for x in found.letters] == [(K.ACCEPTED, "hand", DAY)]


def test_a_form_noted_without_its_wave_still_contacts() -> None:
    found = fsfe(event(K.FORM_SENT, contact="fsfe"), event(K.FORM_SENT, 1, contact="fsfe"))
    assert [x.wave for x in found.letters] == ["", ""]
    assert found.ever == {"contacted"}


# --- turn, states, promises --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_human_answer_is_one_wherever_it_came(kind: EventKind) -> None:
    found = fsfe(letter(K.ACCEPTED), event(kind, 1, contact="fsfe"))
    assert found.answered == DAY + timedelta(days=1)
    assert found.ever == {"contacted", "answered"}


def test_after_a_call_it_is_nobodys_turn_and_after_a_reply_ours() -> None:
    called = fsfe(event(K.CALL, 1, contact="fsfe"))
    assert called.answered == called.ours
    replied = fsfe(letter(K.ACCEPTED), event(K.REPLY, 1, contact="fsfe"))
    assert replied.answered is not None
    assert replied.ours == DAY
    closed = fsfe(event(K.REPLY, 1, contact="fsfe"), event(K.REPLIED_BY_US, 2, contact="fsfe"))
    assert closed.ours == DAY + timedelta(days=2)


def test_a_call_noted_late_changes_neither_the_turn_nor_what_came_last() -> None:
    found = fsfe(event(K.ANSWERED, 5, contact="fsfe"), event(K.CALL, 1, contact="fsfe"))
    assert found.answered == DAY + timedelta(days=5)
    assert found.last is not None
    assert found.last.kind is K.ANSWERED


@pytest.mark.parametrize(
    ("kind", "word", "field"),
    [
        (K.BOUNCED, "bounced", "bounced"),
        (K.OPTED_OUT, "opted-out", "opted_out"),
        (K.SUPPRESSED, "opted-out", "opted_out"),
        (K.CLOSED, "closed", "closed"),
    ],
)
def test_what_stops_a_contact_is_remembered_with_its_instant(kind: EventKind, word: str, field: str) -> None:
    found = fsfe(event(kind, contact="fsfe"))
    assert found.ever == {word}
    assert getattr(found, field) == DAY


def test_the_later_outcome_counts() -> None:
    said = [event(K.OUTCOME, 2, contact="fsfe", value="asks"), event(K.OUTCOME, 1, contact="fsfe", value="supports")]
    assert fsfe(*said).outcome == "supports"


@pytest.mark.parametrize("kind", [*ANSWERS, *CONTACTED, K.REPLIED_BY_US])
def test_a_promise_lasts_until_the_next_touch(kind: EventKind) -> None:
    promise = event(K.PROMISE, 1, contact="fsfe", text="send figures", owner="maria")
    assert [(x.number, x.owner, x.text) for x in fsfe(promise).promises] == [(1, "maria", "send figures")]
    assert fsfe(promise, letter(kind, 2)).promises == ()


@pytest.mark.parametrize("kind", [K.OTHER, K.BOUNCED, K.OUTCOME, K.REFUSED, K.IN_DOUBT])
def test_a_promise_is_not_kept_by_anything_else(kind: EventKind) -> None:
    promise = event(K.PROMISE, 1, contact="fsfe", text="send figures")
    assert len(fsfe(promise, letter(kind, 2)).promises) == 1


def test_an_answer_older_than_a_promise_that_sync_finds_later_does_not_keep_it() -> None:
    promise = event(K.PROMISE, 2, contact="fsfe", text="send figures")
    assert len(fsfe(promise, event(K.ANSWERED, 1, contact="fsfe")).promises) == 1


# --- posts, decisions, gates, holds ------------------------------------------------------------------


def test_a_post_is_published_since_the_first_note_with_the_latest_numbers() -> None:
    where = {"post": "r-linux", "network": "reddit"}
    found = past(
        event(K.POSTED, 0, **where, url="https://reddit.example/1", numbers={"upvotes": 5}),
        event(K.POSTED, 1, **where, numbers={"upvotes": 150, "replies": 3}),
    )
    post = found.posts["r-linux", "reddit"]
    assert (post.published, post.url) == (DAY, "https://reddit.example/1")
    assert post.numbers == {"upvotes": 150, "replies": 3}


def test_a_decision_can_be_taken_anew_and_a_gate_once_open_stays_open() -> None:
    found = past(
        event(K.DECIDED, 0, name="reddit", value="revise"),
        event(K.DECIDED, 1, name="reddit", value="go"),
        event(K.OPENED, 0, name="wave:lobbying"),
        event(K.OPENED, 1, name="wave:lobbying"),
    )
    assert found.decisions == {"reddit": ("go", DAY + timedelta(days=1))}
    assert found.gates == {"wave:lobbying": DAY}


def test_a_brake_holds_until_it_is_released() -> None:
    held = [event(K.HELD, name="*", value="press inquiry"), event(K.HELD, 1, name="wave:lobbying", value="typo")]
    assert [(x.target, x.because) for x in past(*held).holds] == [("*", "press inquiry"), ("wave:lobbying", "typo")]
    assert [x.target for x in past(*held, event(K.RELEASED, 2, name="*")).holds] == ["wave:lobbying"]
    again = past(held[0], event(K.HELD, 1, name="*", value="still")).holds[0]
    assert (again.because, again.since) == ("still", DAY)


def test_a_suppressed_address_and_an_opt_out_are_written_as_channels_are() -> None:
    found = past(
        event(K.SUPPRESSED, name="email:info@fsfe.example"),
        event(K.OPTED_OUT, contact="osi", address="Info@OSI.example"),
    )
    assert found.suppressed == {"email:info@fsfe.example", "email:info@osi.example"}
    assert found.contacts["osi"].opted_out == DAY


def test_the_mailbox_was_read_when_that_was_last_written_down() -> None:
    # The clock was two days ahead at the first reading: the second one is the newer one all the same.
    assert past(event(K.MAILBOX_READ, 2), event(K.MAILBOX_READ, 1)).mailbox_read == DAY + timedelta(days=1)


# --- undoing -----------------------------------------------------------------------------------------


@given(histories, st.integers(0, 25))
def test_what_is_undone_is_as_if_it_had_never_been(before: list[Event], number: int) -> None:
    history = [found for found in numbered(before) if found.kind is not K.UNDONE]
    undoing = replace(event(K.UNDONE, 9, value=str(number)), number=99)
    undoable = [found for found in history if found.number == number and found.kind in UNDOABLE]
    without = [found for found in history if found not in undoable]
    assert fold([*history, undoing]) == fold(without)


@given(histories)
def test_only_what_a_person_said_can_be_undone_and_only_once(before: list[Event]) -> None:
    history = numbered(before)
    for found in history:
        undone = any(other.value == str(found.number) and other.number > found.number
                     for other in history if other.kind is K.UNDONE)  # fmt: skip
        assert (why_not_undo(history, found.number) is None) == (found.kind in UNDOABLE and not undone)
    assert why_not_undo(history, len(history) + 1) == f"There is no event {len(history) + 1}."


def test_why_something_cannot_be_undone_is_one_sentence() -> None:
    history = numbered([letter(K.ACCEPTED), event(K.CALL, contact="fsfe"), event(K.UNDONE, value="2")])
    assert why_not_undo(history, 1) == (
        "Event 1 (accepted) happened and cannot be undone; only what a person noted or decided can."
    )
    assert why_not_undo(history, 2) == "Event 2 is undone already."
    assert why_not_undo(history, 3) == "Event 3 undid another one; note that one again instead."


def test_an_undo_before_its_event_or_of_a_letter_does_nothing() -> None:
    assert fsfe(event(K.UNDONE, value="2"), event(K.CALL, contact="fsfe")).answered == DAY
    assert len(fsfe(letter(K.ACCEPTED), event(K.UNDONE, value="1")).letters) == 1


# --- one event further -------------------------------------------------------------------------------


@given(histories)
def test_a_state_goes_on_from_the_one_before(before: list[Event]) -> None:
    history = [found for found in numbered(before) if not takes_back(found)]
    states: dict[object, object] = {}
    for found in history:
        for subject in subjects(found):
            states[subject] = after(subject, states.get(subject), found)
    whole = fold(history)
    kept = [state for state in states.values() if isinstance(state, ContactPast)]
    assert {state.contact: state for state in kept} == whole.contacts


@given(histories)
def test_the_fold_knows_no_order_but_the_numbers(before: list[Event]) -> None:
    history = numbered(before)
    assert fold(reversed(history)) == fold(history)


@given(histories)
def test_whatever_left_had_an_event_and_nobody_is_contacted_without_one(before: list[Event]) -> None:
    history = numbered(before)
    for found in fold(history).contacts.values():
        about = [x for x in history if x.contact == found.contact]
        for sent in found.letters:
            assert any((x.wave or "", x.step or 0) == (sent.wave, sent.step) for x in about)
        if found.answered:
            assert found.answered in {x.at for x in about if x.kind in ANSWERS}


# --- renaming ----------------------------------------------------------------------------------------


def test_a_renamed_contact_keeps_its_history() -> None:
    before = past(letter(K.ACCEPTED), event(K.HELD, name="contact:fsfe", value="why"), event(K.OTHER, contact="osi"))
    found = renamed(before, [contact("fsf-europe", was=("fsfe",)), contact("osi")])
    assert set(found.contacts) == {"fsf-europe", "osi"}
    assert found.contacts["fsf-europe"] == replace(before.contacts["fsfe"], contact="fsf-europe")
    assert [hold.target for hold in found.holds] == ["contact:fsf-europe"]
    assert renamed(before, [contact("fsfe"), contact("osi")]) is before


def test_what_happened_under_the_new_id_joins_what_happened_under_the_old() -> None:
    before = past(
        letter(K.ACCEPTED),
        event(K.PROMISE, 1, contact="fsfe", text="call"),
        event(K.OUTCOME, 1, contact="fsfe", value="asks"),
        event(K.CALL, 2, contact="new"),
        event(K.PROMISE, 3, contact="new", text="write"),
    )
    found = renamed(before, [contact("new", was=("fsfe",))]).contacts["new"]
    assert (len(found.letters), found.outcome, found.ever) == (1, "asks", {"contacted", "answered"})
    assert [promise.text for promise in found.promises] == ["write"]
    assert found.last is not None
    assert found.last.kind is K.PROMISE


def test_chains_are_followed_and_cycles_end() -> None:
    before = past(letter(K.ACCEPTED, contact="a"), letter(K.ACCEPTED, contact="c", wave="press"))
    chain = renamed(before, [contact("c", was=("b",)), contact("b", was=("a",))])
    assert {letter.wave for letter in chain.contacts["c"].letters} == {"lobbying", "press"}
    assert set(chain.contacts) == {"c", "b"}
    cycle = renamed(before, [contact("a", was=("c",)), contact("c", was=("a",)), contact("d", was=("d",))])
    assert [len(cycle.contacts[id].letters) for id in ("a", "c")] == [2, 2]


@given(
    histories, st.dictionaries(st.sampled_from("fsfe osi edri x y".split()), st.sampled_from("fsfe osi edri x".split()))
)
def test_renaming_loses_no_letter_and_no_refusal(before: list[Event], was: dict[str, str]) -> None:
    past_before = fold(numbered(before))
    after_it = renamed(past_before, [contact(id, was=(old,)) for id, old in was.items()])
    letters = {x for found in past_before.contacts.values() for x in found.letters}
    kept = {x for found in after_it.contacts.values() for x in found.letters}
    same = {(x.wave, x.step, x.message_id) for x in kept}
    assert kept <= letters
    for lost in letters - kept:  # a draft under the old id is over once it was sent, or is another one, under the new
        assert lost.kind in WRITTEN_AS_DRAFT
        assert (lost.wave, lost.step, lost.message_id) in same
    for id, old in was.items():
        if old in past_before.contacts and past_before.contacts[old].opted_out:
            assert after_it.contacts[id].opted_out


def test_of_a_chain_without_end_the_last_hundred_ids_count() -> None:
    ids = {f"c{number}": (f"c{number + 1}",) for number in range(5_000)}
    assert lineage_of("c0", ids) == [f"c{number}" for number in range(100)]
