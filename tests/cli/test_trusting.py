"""`outreach trust`, and campaigns that were found in folders of other owners."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest
import typer

from outreach.storage import trust
from tests.acceptance.command import outreach

NOW = "2026-01-05T09:00:00+00:00"
MESSAGE = "From: info@acme.example\nTo: alex@sender.example\nSubject: Hello\n\nYes.\n"


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    folder = tmp_path / "campaign"
    (folder / "contacts").mkdir(parents=True)
    (folder / "campaign.yaml").write_text(
        "id: small\ntitle: Small\nsender: {name: Alex Example, email: alex@sender.example}\n"
        "accounts: {mail: {transport: outbox, inbox: {folder: ../Maildir}}}\n"
        "waves: [{id: one, to: tier == 0, template: hello, start: 2026-01-04}]\n"
    )
    (folder / "templates").mkdir()
    (folder / "templates/hello.md").write_text("---\nsubject: Hello\n---\nHello.\n")
    for name in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    (tmp_path / "Maildir/new/1").write_text(MESSAGE)
    return folder


@pytest.mark.parametrize("written", ["../Maildir", "{tmp}/Maildir", "~/Maildir", "mail"])
def test_a_mailbox_outside_is_read_once_it_is_allowed(campaign: Path, tmp_path: Path, written: str) -> None:
    file = campaign / "campaign.yaml"
    file.write_text(file.read_text().replace("../Maildir", f'"{written.format(tmp=tmp_path)}"'))
    (campaign / "mail").symlink_to("../Maildir")
    before = outreach("sync", folder=campaign)
    assert before.code == 1
    assert "leads out of the campaign folder" in before.err
    assert f"outreach trust {tmp_path}/Maildir" in before.err
    (check,) = [
        each for each in outreach("doctor", "--json", folder=campaign).json["checks"] if each["name"] == "mailbox"
    ]
    assert not check["ok"]
    answer = outreach("trust", "Maildir", folder=campaign)
    assert answer.code == 0
    assert f"{tmp_path}/Maildir may be read by the campaign in {campaign}." in answer.out
    assert outreach("sync", "--json", folder=campaign).json["looked_at"] == 1
    assert outreach("trust", "Maildir", "--undo", folder=campaign).code == 0
    assert outreach("sync", folder=campaign).code == 1
    assert not list(campaign.rglob("*trust*"))


def test_what_is_allowed_is_for_one_campaign_or_told_outside_of_any_for_all(campaign: Path, tmp_path: Path) -> None:
    assert outreach("trust", "Maildir", "--json", folder=campaign).json == {
        "path": str(tmp_path / "Maildir"), "campaign": str(campaign), "allowed": True,
    }  # fmt: skip
    assert outreach("trust", "--json", folder=campaign).json["paths"] == [
        {"path": str(tmp_path / "Maildir"), "every_campaign": False}
    ]
    assert outreach("trust", "--json").json["paths"] == []
    answer = outreach("trust", "Maildir")
    assert "all of your campaigns on this computer" in answer.out
    assert outreach("trust", "--json").json["paths"] == [{"path": str(tmp_path / "Maildir"), "every_campaign": True}]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nowhere", "There is nothing at nowhere"),
        ("/", "contains everything on this computer"),
        (".", "contains everything on this computer"),
        ("campaign/contacts", "is in the campaign folder already"),
    ],
)
def test_a_path_that_says_nothing_or_everything_is_refused(campaign: Path, path: str, words: str) -> None:
    answer = outreach("trust", path, folder=campaign)
    assert answer.code == 2
    assert words in answer.err


def test_a_list_that_others_could_have_written_is_said(campaign: Path) -> None:
    outreach("trust", "Maildir", folder=campaign)
    assert stat.S_IMODE(trust.trusted_file().stat().st_mode) == 0o600
    trust.trusted_file().chmod(0o666)
    answer = outreach("trust", "Maildir", folder=campaign)
    assert answer.code == 2
    assert "others can write it" in answer.err


# --- whose folder ------------------------------------------------------------------------------------


@pytest.fixture
def somebody_elses(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As if the campaign's folder were another person's, and we stood in it."""
    mine = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: mine)
    monkeypatch.chdir(campaign / "contacts")
    return campaign


@pytest.mark.parametrize("command", ["", "check --json", "status", "draft", "trust"])
def test_without_a_terminal_a_campaign_of_another_owner_is_only_used_when_it_is_named(
    somebody_elses: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = outreach(*command.split())
    assert answer.code == 2
    assert f"--campaign {somebody_elses}" in answer.err
    assert "belongs to" in answer.err
    assert answer.out == ""
    assert not (somebody_elses / ".outreach").exists()
    assert outreach(*command.split(), folder=somebody_elses).code in (0, 1)
    monkeypatch.setenv("OUTREACH_CAMPAIGN", str(somebody_elses))
    assert outreach(*command.split()).code in (0, 1)


class _Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("says", [True, False])
def test_on_a_terminal_it_is_asked_and_a_yes_is_remembered(
    campaign: Path, says: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from outreach.cli import options

    monkeypatch.chdir(campaign)
    monkeypatch.setattr(trust.os, "geteuid", os.geteuid)
    real, asked = trust.other_owner, []
    monkeypatch.setattr(
        trust, "other_owner", lambda *given: None if str(campaign) in trust.trusted().folders else "mallory"
    )
    assert real(campaign, "campaign.yaml") is None
    monkeypatch.setattr(sys, "stdin", _Terminal())
    monkeypatch.setattr(options, "_is_terminal", lambda: True)
    monkeypatch.setattr(typer, "confirm", lambda words, **_: bool(asked.append(words)) or says)
    answer = outreach("check", "--json")
    assert len(asked) == 1
    assert "belongs to mallory, not to you" in answer.err
    assert answer.code in ((0, 1) if says else (2,))
    again = outreach("check", "--json")
    assert len(asked) == (1 if says else 2)
    assert again.code == answer.code
    assert says == bool(json.loads(trust.trusted_file().read_text())["folders"] if says else False)
