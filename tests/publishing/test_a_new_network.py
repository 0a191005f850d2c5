"""A network is one module and one line of the registry: keys, checks, drafts, pages and publishing know it then."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITH_IT = """
import sys
from outreach.networks import registry
from tests.publishing.plain_file import PLAIN_FILE
registry.KNOWN[PLAIN_FILE.name] = PLAIN_FILE
from outreach.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "posts").mkdir()
    (tmp_path / "campaign.yaml").write_text(
        "id: small\ntitle: Small\nsender: {name: Alex Example, email: alex@sender.example}\n"
        "accounts:\n  plain-file: {folder: public}\n",
        encoding="utf-8",
    )
    (tmp_path / "posts" / "thread.md").write_text(
        "---\nnetworks: [plain-file]\nwindow: {from: 2020-01-01, to: 2099-12-31}\n---\nOne\n\n---\n\nTwo\n",
        encoding="utf-8",
    )
    return tmp_path


def outreach(root: Path, *words: str) -> Any:
    """A command of a program whose registry has one line more."""
    ran = subprocess.run(
        [sys.executable, "-c", WITH_IT, *words, "--campaign", str(root)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def public(root: Path) -> list[str]:
    return sorted(json.loads(file.read_text())["text"] for file in (root / "public").glob("*.json"))


def test_it_is_checked_drafted_approved_published_counted_edited_and_taken_down(campaign: Path) -> None:
    assert json.loads(outreach(campaign, "check", "--json").stdout)["counts"]["error"] == 0
    (drafted,) = json.loads(outreach(campaign, "draft", "--json").stdout)["posts"]
    assert [(part["count"], part["limit"]) for part in drafted["parts"]] == [(3, 20), (3, 20)]
    assert "Plain file" in outreach(campaign).stdout
    assert "thread/plain-file" in outreach(campaign, "agenda").stdout
    assert outreach(campaign, "approve", "thread", "--yes").returncode == 0
    for _ in range(2):
        assert outreach(campaign, "publish", "--go").returncode == 0
        assert public(campaign) == ["One", "Two"]
    outreach(campaign, "sync", "--json")
    (post,) = json.loads(outreach(campaign, "status", "--json").stdout)["posts"]
    assert (post["state"], post["counts"]["likes"]) == ("done", 2)
    path = campaign / "posts" / "thread.md"
    path.write_text(path.read_text().replace("Two", "Three"), encoding="utf-8")
    assert outreach(campaign, "approve", "thread", "--yes").returncode == 0
    assert outreach(campaign, "correct", "thread", "--go").returncode == 0
    assert public(campaign) == ["One", "Three"]
    assert outreach(campaign, "retract", "thread", "--go").returncode == 0
    assert public(campaign) == []


def test_its_limits_keys_and_files_are_known_like_any_other_s(campaign: Path) -> None:
    (campaign / "posts" / "thread.plain-file.md").write_text(
        "A text of more than twenty characters\n", encoding="utf-8"
    )
    (campaign / "campaign.yaml").write_text("id: small\ntitle: Small\nsender: {name: A, email: a@b.example}\n")
    problems = json.loads(outreach(campaign, "check", "--json").stdout)["problems"]
    said = {problem["code"]: f"{problem['message']} {problem['hint']}" for problem in problems}
    assert "counts 37 characters on Plain file, which allows 20" in said["too-long"]
    assert "plain-file: {folder: ...}" in said["network-without-account"]
    assert '"plain-file"' in outreach(campaign, "schema", "post").stdout
