"""`report --gdpr`: what is kept and why, from the files, and what was asked for, without anybody's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sending.campaigns import run, write_campaign

CANARIES = ("Canária", "canaria", "c0000", "c0001", "Contact 0")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A campaign with a person, an objection, and a request for data that was answered and one that is open."""
    write_campaign(tmp_path, contacts=2, more="transparency_id: null\n")
    file = tmp_path / "campaign.yaml"
    file.write_text(
        file.read_text("utf-8").replace("interest: asking}", "interest: asking them, keep_for: 2y}"), "utf-8"
    )
    (tmp_path / "contacts/maria.yaml").write_text(
        "name: Maria Canária\nkind: person\nfound_at: her page\ncollected_on: 2026-01-05\n"
        "channels: [{email: maria.canaria@jornal.example}]\n",
        encoding="utf-8",
    )
    run(tmp_path, "suppress", "c0000", "--because", "Canária asked by telephone")
    run(tmp_path, "log", "c0001", "promised", "--due", "2026-02-05", "GDPR 15: send Canária the data")
    run(tmp_path, "log", "maria-canaria", "promised", "--due", "2026-02-06", "GDPR 17: erase Canária")
    return tmp_path


def test_the_record_says_what_is_kept_and_names_nobody(root: Path) -> None:
    said = run(root, "report", "--gdpr").out
    for words in (
        "**Controller:** Alex Example, alex@sender.example",
        "**Purpose:** asking them",
        "**Legal basis:** legitimate-interest",
        "1 of 3 contacts name a person (organisation 2, person 1)",
        "names of people",
        "said for 1 of 1 (`found_at`)",
        "**Erased:** 2y after the last contact",
        "## Balancing test",
        "at most 1 reminder",
    ):
        assert words in said
    assert not [each for each in CANARIES if each.casefold() in said.casefold()]


def test_the_register_has_every_request_and_nobodys_name(root: Path) -> None:
    found = run(root, "report", "--gdpr", "--json").json
    assert [(each["kind"], each["done"]) for each in found["requests"]] == [
        ("access", False),
        ("erasure", False),
        ("objection", True),
    ]
    assert not [each for each in CANARIES if each.casefold() in str(found).casefold()]


def test_a_file_is_written_as_markdown_and_nothing_else(root: Path) -> None:
    assert run(root, "report", "--gdpr", "--out", str(root / "privacy.md")).code == 0
    assert "## Register of requests" in (root / "privacy.md").read_text("utf-8")
    assert run(root, "report", "--gdpr", "--out", str(root / "privacy.xlsx")).code == 2
    assert run(root, "report", "--gdpr", "--public").code == 2


def test_a_campaign_without_legal_notes_has_a_record_to_fill_in(tmp_path: Path) -> None:
    write_campaign(tmp_path)
    file = tmp_path / "campaign.yaml"
    file.write_text("".join(line for line in file.read_text("utf-8").splitlines(True) if "legal:" not in line), "utf-8")
    said = run(tmp_path, "report", "--gdpr").out
    assert "**Purpose:** *(write it)*" in said
    assert "Nobody asked for anything yet." in said
