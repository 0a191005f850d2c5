"""What people mistype: one sentence says what is wrong, and the line below it can be pasted."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from outreach.cli.main import main


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """The sentence and the hint of a command that does nothing."""
    assert main(arguments) == 2
    lines = capsys.readouterr().err.splitlines()
    return lines[0].removeprefix("outreach: "), lines[1].strip()


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("aprove letter", "approve letter"),
        ("chek", "check"),
        ("--campaign /tmp sned letter", "--campaign /tmp send letter"),
        ("--json statsu --due", "--json status --due"),
        ("relese --everything 'all of it'", "resume --everything 'all of it'"),
    ],
)
def test_a_mistyped_command_is_said_as_it_was_meant(capsys: pytest.CaptureFixture[str], given: str, meant: str) -> None:
    sentence, hint = said(capsys, *shlex.split(given))

    assert sentence.startswith("There is no command '")
    assert hint == f"Did you mean: outreach {meant}"


def test_a_word_like_no_command_leads_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "xyzzy") == ("There is no command 'xyzzy'.", "See all commands: outreach --help")


@pytest.mark.parametrize(
    ("given", "sentence", "hint"),
    [
        ("send --goo", "outreach send has no option --goo.", "Did you mean --go? See: outreach send --help"),
        (
            "send --wave hello",
            "outreach send has no option --wave.",
            "Name it directly: outreach send WAVE. See: outreach send --help",
        ),
        ("report --since gestern", "'gestern' is not a day.", "Write it as 2026-01-31. See: outreach report --help"),
        ("ledger stay x", "Invalid value for 'move': 'stay' is not one of 'move'.", "See: outreach ledger --help"),
        ("check --verbose", "outreach check has no option --verbose.", "See: outreach check --help"),
        ("--verbos", "outreach has no option --verbos.", "Did you mean --version? See: outreach --help"),
        ("demo", "outreach demo needs DIR.", "For example: outreach demo DIR. See: outreach demo --help"),
        (
            "approve",
            "outreach approve needs WAVE or POST or ID.",
            "For example: outreach approve WAVE. See: outreach approve --help",
        ),
        (
            "pause letter",
            "outreach pause needs --because TEXT.",
            'For example: outreach pause --because "TEXT". See: outreach pause --help',
        ),
        (
            "outcome fsfe",
            "outreach outcome needs WORD.",
            "For example: outreach outcome open-roads interested. See: outreach outcome --help",
        ),
        ("login", "outreach login needs ACCOUNT.", "For example: outreach login mail. See: outreach login --help"),
        ("status --wave", "--wave needs a value after it.", "See: outreach status --help"),
        (
            "agenda --simulate viel",
            "--simulate takes a whole number, such as 30.",
            "See: outreach agenda --help",
        ),
        ("lookup fsfe", "outreach lookup does not take 'fsfe'.", "See: outreach lookup --help"),
    ],
)
def test_a_mistake_in_the_line_names_its_command(
    capsys: pytest.CaptureFixture[str], given: str, sentence: str, hint: str
) -> None:
    assert said(capsys, *given.split()) == (sentence, hint)


def test_a_folder_above_campaigns_names_them_and_so_does_an_argument_that_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("bees", "our hedges"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "campaign.yaml").write_text("id: x\n", encoding="utf-8")
    (tmp_path / "letters").mkdir()

    assert said(capsys, "status")[1].startswith("Go into your campaign's folder (cd bees or cd 'our hedges').")
    assert said(capsys, "check", "our hedges")[1] == "Did you mean: outreach check --campaign 'our hedges'"
    assert said(capsys, "check", "letters")[1] == "See: outreach check --help"


def test_a_folder_with_a_list_says_how_a_campaign_is_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our list.csv").write_text("name,email\nBees,info@bees.example\n", encoding="utf-8")

    sentence, hint = said(capsys, "check")
    command = hint.partition("To start a new one: ")[2]

    assert sentence == f"{tmp_path} is not a campaign: it has no campaign.yaml, nor does a folder above it."
    assert main(shlex.split(command)[1:]) == 0
    assert (tmp_path / "my-campaign/contacts").is_dir()


def test_on_windows_one_sentence_says_what_works(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    sentence, hint = said(capsys, "check")

    assert sentence == "outreach does not run on Windows itself, but it does in WSL."
    assert "wsl --install" in hint
