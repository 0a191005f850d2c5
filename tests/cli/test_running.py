"""The command line as a whole: options before the command, any stream, any end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from outreach.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = """\
id: bees
title: Bées
sender: {name: Alex Example, email: alex@example.org}
waves:
  - {id: first, to: "tier == 0", template: letter}
  - {id: second, to: "tier == 1", template: other}
legal: {basis: legitimate-interest}
"""
CONTACTS = """\
- {id: bees, name: Ünion 🐝 of Bees, tier: 0, channels: [{email: info@bees.example}]}
- {id: wasps, name: Wasps, tier: 1, channels: [{email: info@wasps.example}]}
- {id: ants, name: Ants, tier: 2, channels: [{email: info@ants.example}]}
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    root = tmp_path / "campaign"
    for name in ("contacts", "templates"):
        (root / name).mkdir(parents=True)
    (root / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (root / "contacts/all.yaml").write_text(CONTACTS, encoding="utf-8")
    (root / "templates/letter.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }},\n", encoding="utf-8")
    (root / "templates/other.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}.\n", encoding="utf-8")
    return root


def run(
    *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None, shell: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """`outreach` as a process, or a shell line in which "$@" is it."""
    argv = [sys.executable, "-m", "outreach", *arguments]
    argv = ["bash", "-c", shell, "bash", *argv] if shell else argv
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    return subprocess.run(argv, cwd=cwd, env=variables, capture_output=True, check=False, timeout=60)


# --- options before the command ----------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "draft", "status", "agenda"])
def test_options_before_the_command_count(
    campaign: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--campaign", str(campaign), "--json", command]) in (0, 1)
    assert isinstance(json.loads(capsys.readouterr().out), dict)


def test_an_option_behind_the_command_wins(
    campaign: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--campaign", str(tmp_path / "nowhere"), "check", "--campaign", str(campaign)]) in (0, 1)
    assert "nowhere" not in capsys.readouterr().err


def test_the_campaign_may_be_named_by_its_file(campaign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", "--campaign", str(campaign / "campaign.yaml")]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["counts"]["error"] == 0


def test_another_file_is_no_campaign(campaign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--campaign", str(campaign / "templates/letter.md")]) == 2
    assert "letter.md is a file, and not a campaign's folder." in capsys.readouterr().err


def test_an_unknown_schema_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "foo"]) == 2
    assert capsys.readouterr().err == (
        "outreach: There is no schema 'foo'.\n  There are: campaign, contacts, templates, posts, lookups.\n"
    )


# --- streams -------------------------------------------------------------------------------------------


def test_json_is_the_same_object_in_any_encoding(campaign: Path) -> None:
    done = run("draft", "--json", "--to", "id == 'ants' or tier == 0", cwd=campaign)
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(run("check", "--json", cwd=campaign).stdout)
    for encoding in ("ascii", "latin-1", "cp1252", "utf-8"):
        again = run("check", "--json", cwd=campaign, environment={"PYTHONIOENCODING": encoding})
        assert again.returncode in (0, 1), again.stderr
        assert json.loads(again.stdout.decode(encoding)) == found, encoding


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_a_stream_cannot_show_is_escaped(campaign: Path, encoding: str) -> None:
    (campaign / "templates/letter.md").write_text("---\nsubject: 🐝 é\n---\n🐝 é\n", encoding="utf-8")
    environment = {"PYTHONIOENCODING": encoding}
    done = run("draft", "--contact", "bees", cwd=campaign, environment=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "\\U0001f41d" in done.stdout.decode(encoding)
    as_json = run("draft", "--contact", "bees", "--json", cwd=campaign, environment=environment)
    assert json.loads(as_json.stdout.decode(encoding))["letters"][0]["subject"] == "🐝 é"


def test_an_error_that_a_stream_cannot_show_is_escaped(campaign: Path) -> None:
    done = run("draft", "--contact", "ümlaut🐝", cwd=campaign, environment={"PYTHONIOENCODING": "ascii:strict"})
    assert done.returncode == 2
    assert b"There is no contact '\\xfcmlaut\\U0001f41d'" in done.stderr


@pytest.mark.parametrize("arguments", [("schema",), ("draft",), ("draft", "--json"), ("--help",)])
def test_a_reader_who_has_gone_is_no_error(campaign: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, cwd=campaign, shell='"$@" | true; echo "${PIPESTATUS[0]}"')
    assert (done.stdout, done.stderr) == (b"0\n", b"")


def test_a_closed_output_is_no_error(campaign: Path) -> None:
    done = run("draft", cwd=campaign, shell='"$@" >&-; echo $?')
    assert (done.stdout, done.stderr) == (b"0\n", b"")


# --- how it ends ---------------------------------------------------------------------------------------


def test_ctrl_c_before_anything_was_written_is_nothing_done(
    campaign: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(root: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("outreach.tasks.drafting.load", stop)
    assert main(["draft", "--campaign", str(campaign)]) == 2
    assert capsys.readouterr().err == "outreach: Stopped.\n"


def test_ctrl_c_after_a_draft_was_written_needs_a_human(
    campaign: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(noun: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("outreach.tasks.drafting.report", stop)
    assert main(["draft", "--campaign", str(campaign)]) == 1
    assert "Stopped. Some drafts are new" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(["draft", "--campaign", str(campaign)]) == 0
    assert not list((campaign / "drafts").rglob("*.yours*"))


def test_a_draft_that_cannot_be_written_after_others_needs_a_human(campaign: Path) -> None:
    (campaign / "drafts/letters/second/wasps.eml").mkdir(parents=True)
    assert main(["draft", "--campaign", str(campaign)]) == 1
    assert (campaign / "drafts/letters/first/bees.eml").exists()


# --- drafting some ---------------------------------------------------------------------------------------


def answer(campaign: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["draft", *arguments, "--campaign", str(campaign)])
    return code, capsys.readouterr().out


def test_a_contact_whose_letter_cannot_be_made_loses_its_old_draft_and_hears_why(
    campaign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(campaign, capsys)
    letter = campaign / "drafts/letters/first/bees.eml"
    assert letter.exists()
    (campaign / "templates/letter.md").write_text("---\nsubject: Hello\n---\n{{ contact.nmae }}\n", encoding="utf-8")
    code, out = answer(campaign, capsys, "--contact", "bees")
    assert code == 1
    assert not letter.exists()
    assert "drafts/letters/first/bees.eml  removed" in out
    assert "templates/letter.md:4: error: " in out
    assert out.splitlines()[-1] == "Next: outreach check"
    assert (campaign / "drafts/letters/second/wasps.eml").exists()


@pytest.mark.parametrize(
    "arguments", [["first"], ["--contact", "bees"], ["--to", "tier == 0"], ["first", "--contact", "bees"]]
)
def test_errors_elsewhere_do_not_touch_what_was_asked_for(
    campaign: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    (campaign / "templates/other.md").write_text("---\nsubject: Hello\n---\n{{ contact.nmae }} {{\n", encoding="utf-8")
    (campaign / "contacts/bad.yaml").write_text("id: hornets\nname: Hornets\nchannels: [{email: x}]\n")
    assert answer(campaign, capsys)[0] == 1
    code, out = answer(campaign, capsys, *arguments)
    assert (code, "error" in out) == (0, False)


@pytest.mark.parametrize("arguments", [["second"], ["--contact", "wasps"], ["--to", "tier == 1"]])
def test_errors_in_what_was_asked_for_are_said(
    campaign: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    (campaign / "templates/other.md").write_text("---\nsubject: Hello\n---\n{{ contact.nmae }} {{\n", encoding="utf-8")
    code, out = answer(campaign, capsys, *arguments)
    assert code == 1
    assert "templates/other.md:4: error: " in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--contact", "ants"], "No wave selects this contact."),
        (["second", "--contact", "bees"], "The wave second does not select bees."),
        (["--to", "tier == 9", "--contact", "bees"], "No email to bees: --to leaves it out"),
    ],
)
def test_why_a_contact_gets_nothing_is_said_as_it_is(
    campaign: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, out = answer(campaign, capsys, *arguments)
    assert code == 0
    assert said in out
    assert ".eml" not in out


def test_a_wave_that_cannot_tell_whom_it_selects_is_named(campaign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (campaign / "campaign.yaml").write_text(CAMPAIGN.replace("tier == 0", "teir == 0"), encoding="utf-8")
    code, out = answer(campaign, capsys, "--contact", "bees")
    assert code == 1
    assert "No wave selects" not in out
    assert "No email to bees: the condition `to` of first has an error." in out


def test_drafting_a_contact_leaves_the_stale_drafts_of_others(
    campaign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(campaign, capsys)
    text = (campaign / "campaign.yaml").read_text(encoding="utf-8").replace("tier == 1", "tier == 7")
    (campaign / "campaign.yaml").write_text(text, encoding="utf-8")
    answer(campaign, capsys, "--contact", "bees")
    assert (campaign / "drafts/letters/second/wasps.eml").exists()
    answer(campaign, capsys, "--contact", "wasps")
    assert not (campaign / "drafts/letters/second").exists()


def test_a_post_that_goes_to_no_network_is_no_fault_of_ours(campaign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post = campaign / "posts/lonely.md"
    post.parent.mkdir(exist_ok=True)
    post.write_text("---\nat: 2026-01-05 10:00\n---\nHello\n", encoding="utf-8")
    assert main(["note", "lonely", "posted", "--campaign", str(campaign)]) == 2
    assert "lonely has no `networks`" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("command", ["status", "check"])
def test_output_for_which_the_disk_has_no_room_is_one_sentence(campaign: Path, command: str) -> None:
    answer = run(command, cwd=campaign, shell='"$@" >/dev/full')
    assert answer.returncode == 1
    assert answer.stderr.decode().splitlines() == [
        "outreach: The output cannot be written: the disk is full.",
        "  Free some space, then run it again.",
    ]
