"""A network is one module and one line of the registry: keys, checks, drafts, pages and publishing know it then."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITH_IT = """
import contextlib, io, json, sys
from pathlib import Path
from outreach.networks import registry
from tests.publishing.plain_file import PLAIN_FILE
registry.KNOWN[PLAIN_FILE.name] = PLAIN_FILE
from outreach.cli.main import main
root, said = Path(sys.argv[1]), []
for words in json.loads(sys.argv[2]):
    if words[0] == "change":
        path = root / "posts" / "thread.md"
        path.write_text(path.read_text().replace(*words[1:]))
        continue
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            code = main([*words, "--campaign", str(root)])
        except SystemExit as end:
            code = end.code
    public = sorted(json.loads(file.read_text())["text"] for file in root.glob("public/*.json"))
    said.append([code, out.getvalue(), public])
print(json.dumps(said))
"""
"""Commands of a program whose registry has one line more; what they said, and what is public after each."""


def outreach(root: Path, *commands: str) -> list[tuple[int, str, list[str]]]:
    words = json.dumps([command.split() for command in commands])
    ran = subprocess.run(
        [sys.executable, "-c", WITH_IT, str(root), words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return [(code or 0, said, public) for code, said, public in json.loads(ran.stdout.splitlines()[-1])]


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


def test_it_is_checked_drafted_approved_published_counted_edited_and_taken_down(campaign: Path) -> None:
    check, draft, agenda, approve, *rest = outreach(
        campaign, "check --json", "draft --json", "agenda", "approve thread --yes", "publish --go",
        "publish --go", "sync --json", "status --json", "change Two Three", "approve thread --yes",
        "correct thread --go", "unpublish thread --go",
    )  # fmt: skip
    assert json.loads(check[1])["counts"]["error"] == 0
    (drafted,) = json.loads(draft[1])["posts"]
    assert [(part["count"], part["limit"]) for part in drafted["parts"]] == [(3, 20), (3, 20)]
    assert ("thread/plain-file" in agenda[1], approve[0]) == (True, 0)
    published, again, _, status, _, corrected, taken_down = rest
    assert (published[0], published[2], again[2]) == (0, ["One", "Two"], ["One", "Two"])
    (post,) = json.loads(status[1])["posts"]
    assert (post["state"], post["counts"]["likes"]) == ("done", 2)
    assert (corrected[0], corrected[2]) == (0, ["One", "Three"])
    assert (taken_down[0], taken_down[2]) == (0, [])


def test_its_limits_keys_and_files_are_known_like_any_other_s(campaign: Path) -> None:
    (campaign / "posts" / "thread.plain-file.md").write_text("A text of more than twenty characters\n")
    (campaign / "campaign.yaml").write_text("id: small\ntitle: Small\nsender: {name: A, email: a@b.example}\n")
    check, posts, settings = outreach(campaign, "check --json", "schema posts", "schema campaign")
    said = {each["code"]: f"{each['message']} {each['hint']}" for each in json.loads(check[1])["problems"]}
    assert "counts 37 characters on Plain file, which allows 20" in said["too-long"]
    assert "plain-file: {folder: ...}" in said["network-without-account"]
    assert '"plain-file"' in posts[1]
    assert '"plain-file"' in settings[1]
