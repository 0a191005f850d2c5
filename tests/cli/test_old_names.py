"""Names of commands: short summaries; those of older versions: they do the same as before, and say the new one once."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from outreach.cli.commands import OLD_NAMES
from outreach.cli.main import app
from outreach.model.event import LOGGED_BEFORE
from outreach.model.outcome import OUTCOMES
from tests.acceptance.command import outreach
from tests.cli.every import write_everything

NOW = "2026-01-08T10:00:00+01:00"
CALLS = [
    (["note", "c0000", "they-called", "Friendly."], "log"),
    (["hold", "--because", "Wait."], "pause"),
    (["close", "c0001"], "done"),
    (["open", "two", "--because", "It is time."], "allow"),
    (["resolve", "one/c0000/0", "--sent"], "confirm"),
    (["assign", "m1", "c0000"], "match"),
    (["retract", "bees"], "unpublish"),
    (["export", "c0000"], "access-request"),
    (["adopt"], "sync"),
    (["forget", "c0000"], "erase"),
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    return write_everything(tmp_path / "campaign")


@pytest.mark.parametrize(("words", "today"), CALLS, ids=[words[0] for words, _ in CALLS])
def test_an_old_name_says_the_new_one_and_does_the_same(root: Path, words: list[str], today: str) -> None:
    before = outreach(*words, folder=root)
    said = f'"{words[0]}" is now "{today}". The old name still works.\n'
    assert before.err.count(said) == 1
    after = outreach(today, *words[1:], folder=root)
    assert (before.code, before.err.replace(said, "")) == (after.code, after.err)


@pytest.mark.parametrize("words", [["hold"], ["hold", "--help"], ["--json", "hold", "--nonsense"]])
def test_help_and_mistakes_say_the_new_name_too(root: Path, words: list[str]) -> None:
    assert outreach(*words, folder=root).err.count('"hold" is now "pause".') == 1


def test_release_is_resume(root: Path) -> None:
    assert outreach("pause", "--because", "Wait.", folder=root).code == 0
    assert '"release" is now "resume"' in outreach("release", folder=root).err
    assert outreach("resume", folder=root).code == 2


def test_every_old_name_has_a_case_above() -> None:
    assert {words[0]: today for words, today in CALLS} | {"release": "resume"} == OLD_NAMES


@pytest.mark.parametrize(("before", "today"), [each for each in LOGGED_BEFORE.items() if each[1]])
def test_an_old_word_of_the_log_is_the_same_event(root: Path, before: str, today: str) -> None:
    old = outreach("log", "c0000", before, "--json", folder=root)
    assert f'"{before}" is now "{today}".' in old.err
    new = outreach("log", "c0000", today, "--json", folder=root)
    assert not new.err
    assert old.json["kind"] == new.json["kind"] == before


@pytest.mark.parametrize("word", [word for word, today in LOGGED_BEFORE.items() if today is None])
def test_a_word_without_a_better_one_is_taken_in_silence(root: Path, word: str) -> None:
    answer = outreach("log", "c0000", word, "--json", folder=root)
    assert (answer.json["kind"], answer.err) == (word, "")


@pytest.mark.parametrize(("before", "today"), [(each.was, each.word) for each in OUTCOMES if each.was])
def test_an_old_word_of_an_outcome_is_written_down_as_the_new_one(root: Path, before: str, today: str) -> None:
    answer = outreach("outcome", "c0000", before, "--json", folder=root)
    assert (answer.json["name"] or answer.json["value"]) == today
    assert answer.err == f'"{before}" is now "{today}". The old name still works.\n'


@pytest.mark.parametrize(
    ("word", "turn", "said"),
    [
        ("they-called", "ours", "they called"),
        ("we-called", "theirs", "we called"),
        ("they-wrote", "ours", "they wrote"),
        ("met", "theirs", "met"),
    ],
)
def test_who_spoke_decides_whose_turn_it_is(root: Path, word: str, turn: str, said: str) -> None:
    outreach("log", "c0000", word, folder=root)
    contacts = {each["id"]: each for each in outreach("status", "--json", folder=root).json["contacts"]}
    assert (contacts["c0000"]["state"], contacts["c0000"]["turn"]) == ("answered", turn)
    assert said in outreach("show", "c0000", folder=root).out


def test_show_uses_the_words_of_today_and_no_digests(root: Path) -> None:
    outreach("approve", "one", folder=root)
    outreach("pause", "c0000", "--because", "a holiday", folder=root)
    said = outreach("show", "c0000", folder=root).out
    assert "paused" in said
    assert "held " not in said
    assert not re.search(r"\b[0-9a-f]{12}\b", said)


def test_help_names_no_old_command(root: Path) -> None:
    text = outreach("--help", folder=root).out
    listed = {line.split()[0] for line in text.splitlines() if line.startswith("  ") and line.strip()}
    assert "pause" in listed
    assert not listed & {words[0] for words, _ in CALLS} - {"export"}


def test_no_summary_of_a_command_is_cut() -> None:
    shown = [command for command in app().registered_commands if not command.hidden]
    summaries = [inspect.getdoc(command.callback) or "" for command in shown]
    assert len(summaries) > 30
    assert not [each for each in summaries if not 10 < len(each.split("\n")[0]) <= 60]
    assert "..." not in outreach("--help").out.replace("opt-out ...", "").replace("[ARGS]...", "")
