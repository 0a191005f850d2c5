"""Help is found by what a person wants to do; a shell completes what the campaign holds."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from outreach.campaign.campaign_yaml import FILE
from outreach.cli.commands import COMMANDS, GROUPS
from outreach.cli.completing import candidates
from outreach.cli.helping import pages, topics
from tests.acceptance.command import outreach
from tests.sending.campaigns import write_campaign


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_campaign(tmp_path / "campaign")
    monkeypatch.chdir(root)
    return root


def test_help_lists_every_command_once_under_what_it_is_for() -> None:
    said = outreach("--help").out
    for title, group in GROUPS.items():
        block = re.split(r"\n\n", said.partition(f"\n{title}:\n")[2])[0]
        assert [line.split()[0] for line in block.splitlines()] == list(group)
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_in_help_is_what_the_command_says_of_itself(name: str) -> None:
    module, _, function = COMMANDS[name].function.partition(".")
    command = getattr(import_module(f"outreach.cli.{module}"), function)
    first = (inspect.getdoc(command) or "").split("\n")[0]
    assert COMMANDS[name].summary == (first if first.endswith("...") else first.removesuffix("."))
    assert len(COMMANDS[name].summary) <= 60


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_shows_names_and_no_types_of_python(name: str) -> None:
    said = outreach(name, "--help").out
    assert not re.search(r"<(?:str|int|bool|list|Path)|\{[A-Z]|\[\[", said), said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("name", topics())
def test_a_topic_fits_a_terminal_and_names_commands_that_exist(name: str) -> None:
    said = outreach("help", name)
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 120
    assert set(re.findall(r"outreach ([a-z-]+)(?= |$)", said.out)) - {"itself"} <= set(COMMANDS)


def test_help_explains_commands_and_knows_what_was_meant() -> None:
    assert outreach("help", "send").out == outreach("send", "--help").out
    assert "conditions" in outreach("help").out
    wrong = outreach("help", "condition")
    assert (wrong.code, "conditions" in wrong.err) == (2, True)


def test_names_of_the_campaign_are_completed(folder: Path) -> None:
    assert candidates(["sta"]) == ["status"]
    assert candidates(["send", ""]) == ["one"]
    assert candidates(["show", "c000"])[:2] == ["c0000", "c0001"]
    assert candidates(["status", "--wave", ""]) == ["one"]
    assert "--json" in candidates(["status", "--j"])
    assert candidates(["show", "--campaign", str(folder), "c0000"]) == ["c0000"]


@pytest.mark.parametrize("words", [["show", ""], ["nothing", "x"], ["show", "--campaign", "/nowhere", ""], []])
def test_where_there_is_nothing_to_complete_nothing_is_said(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = outreach("complete", "--", *words)
    assert (found.code, found.err) == (0, "")


def test_bash_completes(folder: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    script = outreach("completion", "bash").out + (
        f'\noutreach() {{ "{sys.executable}" -m outreach "$@"; }}\n'
        "COMP_WORDS=(outreach show c000); COMP_CWORD=2; _outreach_complete; echo ${COMPREPLY[@]}\n"
    )
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=folder)
    assert run.stdout.split()[:2] == ["c0000", "c0001"]


def test_the_example_is_a_campaign_that_can_be_drafted_anywhere(tmp_path: Path) -> None:
    place = tmp_path / "example"
    assert outreach("demo", str(place)).code == 0
    assert (place / FILE).is_file()
    drafted = outreach("draft", "--json", folder=place)
    assert len(drafted.json["letters"]) > 10
    again = outreach("demo", str(place))
    assert (again.code, "campaign already" in again.err) == (2, True)


def test_help_shows_the_pages_of_the_manual() -> None:
    assert "mail-accounts" in outreach("help").out
    assert outreach("help", "format").out.startswith("# ")
    assert "outreach help format" in outreach("help", "formatt").err


@pytest.mark.parametrize("group", GROUPS)
def test_help_of_a_group_lists_its_commands(group: str) -> None:
    word = group.split()[0].lower()
    said = outreach("help", word)
    assert said.code == 0
    if not {word} & {*COMMANDS, *topics(), *pages()}:  # these come first
        assert all(f"  {name} " in said.out for name in GROUPS[group])


@pytest.mark.parametrize(
    ("topic", "meant"), [("mail", "mailbox"), ("importing", "import"), ("condition", "conditions")]
)
def test_a_topic_that_does_not_exist_leads_to_lines_that_can_be_pasted(topic: str, meant: str) -> None:
    said = outreach("help", topic)
    assert said.code == 2
    assert f"outreach help {meant}" in said.err
    assert all(outreach("help", each).code == 0 for each in re.findall(r"outreach help ([a-z0-9-]+)", said.err))
