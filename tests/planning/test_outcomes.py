"""Outcome words: said in one place, read everywhere, and what they do to whose turn it is."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from outreach.cli.main import app
from outreach.errors import UnknownName
from outreach.history import SubjectKind, fold, renamed
from outreach.ledger import open_ledger, opening
from outreach.ledger.place import LEDGER as LEDGER_FILE
from outreach.ledger.rows import state_of, state_text
from outreach.model.event import Event, EventKind
from outreach.model.facts import ContactFacts, Facts
from outreach.model.outcome import OUTCOME_WORDS, OUTCOMES, OutcomeWord, outcome_of, present_word
from outreach.model.past import ContactPast
from outreach.model.plan import Plan
from outreach.planning.gates import ask
from outreach.planning.status import contact_statuses
from outreach.tasks import log as telling
from outreach.tasks.log import Note, note
from outreach.tasks.looking import agenda
from outreach.web.visit import tone
from tests.cli.test_running import campaign
from tests.planning.campaigns import contact
from tests.planning.worlds import NOW, world

__all__ = ["campaign"]

LEDGER = (Path(__file__).resolve().parents[2] / "docs/ledger.md").read_text(encoding="utf-8")
QUIET = {"receipt-only", "declines"}


@pytest.fixture(autouse=True)
def _at_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW.isoformat())


def event(number: int, kind: EventKind, hours: int, value: str | None = None) -> Event:
    at = NOW - timedelta(days=2) + timedelta(hours=hours)
    return Event(kind=kind, at=at, recorded=at, by="Kim", number=number, contact="osi", value=value)


def past(*events: Event) -> ContactPast:
    return fold(events).contacts["osi"]


def turn(*events: Event) -> str:
    known = world(contacts=(contact("osi"),), past={"contacts": {"osi": past(*events)}})
    [found] = contact_statuses(known, Plan(now=NOW, items=()), frozenset())
    return found.turn


# --- the words -----------------------------------------------------------------------------------------


def test_the_words_are_those_that_were_agreed_on() -> None:
    words = ["receipt-only", "interested", "meeting", "supports", "asks", "critical", "declines", "wrong-contact"]
    assert [word for word in OUTCOME_WORDS if word in words] == words
    assert {each.word for each in OUTCOMES if each.word in words and each.ends_our_turn} == QUIET


def test_a_word_is_said_once_and_has_one_key() -> None:
    every = [word for each in OUTCOMES for word in (each.word, each.was) if word]
    assert len(every) == len(set(every))
    assert len(OUTCOMES) <= 9, "the browser has the keys 1 to 9"


def test_the_help_names_every_word() -> None:
    said = " ".join(CliRunner().invoke(app(), ["outcome", "--help"], env={"COLUMNS": "200"}).output.split())
    assert f"{', '.join(OUTCOME_WORDS[:-1])} or {OUTCOME_WORDS[-1]}." in said


def test_the_docs_have_every_word_with_its_meaning_and_whose_turn_it_is() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (ours|theirs) \|$", LEDGER, re.MULTILINE)
    assert rows == [(each.word, each.meaning, "theirs" if each.ends_our_turn else "ours") for each in OUTCOMES]


def test_the_browser_takes_the_colour_from_the_outcome() -> None:
    assert {each.word: tone(each.word) for each in OUTCOMES} == {each.word: each.tone for each in OUTCOMES}
    assert (tone("answered"), tone("bounced"), tone("nothing known")) == ("good", "bad", "plain")


# --- former words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("former", "word"), [("acknowledged", "receipt-only"), ("wrong-desk", "wrong-contact")])
def test_a_former_word_is_accepted_and_recorded_as_the_present_one(campaign: Path, former: str, word: str) -> None:
    stored = telling.outcome(campaign, "bees", former, None)
    assert stored.value == word


@pytest.mark.parametrize(("former", "word"), [("acknowledged", "receipt-only"), ("wrong-desk", "wrong-contact")])
def test_an_old_event_is_read_as_the_present_word(former: str, word: str) -> None:
    assert past(event(1, EventKind.OUTCOME, 0, former)).outcome == word


def test_a_word_of_a_newer_version_is_kept_as_it_is() -> None:
    found = past(event(1, EventKind.OUTCOME, 0, "delighted"))
    assert (found.outcome, found.settled) == ("delighted", None)
    assert present_word("delighted") == "delighted"


def test_what_is_no_word_is_refused_with_the_words(campaign: Path) -> None:
    with pytest.raises(UnknownName, match="no outcome 'meh'") as refused:
        telling.outcome(campaign, "bees", "meh", None)
    assert all(word in refused.value.hint for word in OUTCOME_WORDS)


@pytest.mark.parametrize("literal", ["'acknowledged'", "'receipt-only'"])
@pytest.mark.parametrize("gate", ["contacts['osi'].outcome == {}", "contacts['osi'].outcome in ['asks', {}]"])
def test_a_gate_may_name_an_outcome_by_its_former_word(gate: str, literal: str) -> None:
    def answer(word: str) -> bool:
        known = ContactFacts(state="answered", outcome=OutcomeWord(word))
        return ask(gate.format(literal), Facts(today=NOW.date(), contacts={"osi": known})).holds

    assert (answer("receipt-only"), answer("supports")) == (True, False)


@pytest.mark.parametrize("word", OUTCOME_WORDS)
def test_a_word_in_a_gate_equals_itself_and_nothing_else(word: str) -> None:
    seen = OutcomeWord(word)
    outcome = outcome_of(word)
    assert outcome is not None
    assert [other for other in ("", *OUTCOME_WORDS, "acknowledged", "wrong-desk") if seen == other] == [
        each for each in (word, outcome.was) if each
    ]
    assert seen != 3


# --- whose turn it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", OUTCOME_WORDS)
def test_only_a_receipt_and_a_no_end_our_turn(word: str) -> None:
    answered = event(1, EventKind.ANSWERED, 0)
    assert turn(answered) == "ours"
    quiet = {each.word for each in OUTCOMES if each.ends_our_turn}
    assert turn(answered, event(2, EventKind.OUTCOME, 1, word)) == ("theirs" if word in quiet else "ours")


def test_whoever_writes_again_after_a_no_waits_for_us() -> None:
    said = [event(1, EventKind.ANSWERED, 0), event(2, EventKind.OUTCOME, 1, "declines")]
    assert turn(*said, event(3, EventKind.ANSWERED, 2)) == "ours"


def test_a_corrected_outcome_gives_the_turn_back() -> None:
    said = [event(1, EventKind.ANSWERED, 0), event(2, EventKind.OUTCOME, 1, "declines")]
    assert turn(*said, event(3, EventKind.OUTCOME, 2, "asks")) == "ours"
    assert turn(*said, event(3, EventKind.UNDONE, 2, "2")) == "ours"


def test_a_no_to_something_that_was_never_written_down_is_their_last_word_too() -> None:
    assert turn(event(1, EventKind.OUTCOME, 1, "declines")) == "theirs"


def test_the_task_to_answer_goes_with_our_turn(campaign: Path) -> None:
    note(campaign, Note(about="bees", what="reply", text="We have it."))
    assert "answer/bees" in {item.id for item in agenda(campaign).plan.items}
    telling.outcome(campaign, "bees", "receipt-only", None)
    assert "answer/bees" not in {item.id for item in agenda(campaign).plan.items}


def test_the_state_table_keeps_when_our_turn_ended() -> None:
    made = past(event(1, EventKind.ANSWERED, 0), event(2, EventKind.OUTCOME, 1, "declines"))
    assert made.settled is not None
    assert state_of(SubjectKind.CONTACT, state_text(SubjectKind.CONTACT, made)) == made


def test_a_renamed_contact_keeps_that_our_turn_ended() -> None:
    made = fold([event(1, EventKind.ANSWERED, 0), event(2, EventKind.OUTCOME, 1, "declines")])
    kept: Any = renamed(made, [contact("osi-eu", was=("osi",))]).contacts["osi-eu"]
    assert replace(kept, contact="osi", last=made.contacts["osi"].last) == made.contacts["osi"]


def test_a_ledger_of_an_older_version_reads_its_outcomes_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [event(1, EventKind.ANSWERED, 0), event(2, EventKind.OUTCOME, 1, "acknowledged")]
    older = tuple(step for step in opening.migrations() if step[0] <= 4)
    with monkeypatch.context() as patched:
        patched.setattr(opening, "migrations", lambda: older)
        with open_ledger(tmp_path) as ledger:
            ledger.append_all(said)
            before = ledger.past()
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as db:
        body = json.loads(db.execute("SELECT body FROM state WHERE id = 'osi'").fetchone()[0])
        del body["settled"]
        body["outcome"] = "acknowledged"
        db.execute("UPDATE state SET body = ? WHERE id = 'osi'", (json.dumps(body),))
        db.commit()
    with open_ledger(tmp_path) as ledger:
        assert ledger.past() == before
    assert before.contacts["osi"].outcome == "receipt-only"
