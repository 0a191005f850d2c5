"""`check` says what a remote of the repository would show of people."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.sending.campaigns import said, write_campaign

PEOPLE = {
    "maria.yaml": "name: Maria Sousa\nkind: person\nchannels: [{email: maria.sousa@jornal.example}]\n"
    "internal_notes: kind\n",
    "rios.yaml": "name: Rios\nchannels: [{email: info@rios.example}]\n"
    "people: [{name: Ana Lima, email: ana.lima@rios.example}]\n",
}


def shown(root: Path) -> list[str]:
    return [each["message"] for each in said(root, "check")["problems"] if each["code"] == "public-names"]


def shared(root: Path, url: str) -> None:
    for words in (["init", "-q"], ["remote", "add", "origin", url]):
        subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_campaign(tmp_path)
    for name, text in PEOPLE.items():
        (tmp_path / "contacts" / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("url", ["https://forge.example/me/campaign.git", "git@forge.example:me/campaign.git"])
def test_names_addresses_and_notes_in_files_that_git_shares_are_counted(root: Path, url: str) -> None:
    assert shown(root) == []
    shared(root, url)
    assert shown(root) == [
        "Whoever can read the repository at forge.example sees 2 people by name, 2 personal addresses and 1 internal "
        "note (first contacts/maria.yaml)."
    ]


@pytest.mark.parametrize("who", ["private", "public"])
def test_a_remote_on_this_computer_or_a_repository_of_which_it_is_said_shows_nothing(root: Path, who: str) -> None:
    shared(root, str(root.parent / "other.git"))
    assert shown(root) == []
    subprocess.run(["git", "-C", str(root), "remote", "set-url", "origin", "https://forge.example/x.git"], check=True)
    file = root / "campaign.yaml"
    file.write_text(file.read_text("utf-8") + f"repository: {who}\n", "utf-8")
    assert shown(root) == []


def test_what_lies_in_the_private_folder_is_not_shared(root: Path) -> None:
    shared(root, "https://forge.example/x.git")
    (root / "contacts/private").mkdir()
    for name in PEOPLE:
        (root / "contacts" / name).rename(root / "contacts/private" / name)
    assert shown(root) == []
