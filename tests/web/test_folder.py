"""Git keeps old versions only where a person said so, without what is private, and runs nothing of the folder."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.web.dashboards import NOW, Visitor, served


def versions(root: Path) -> list[str]:
    found = subprocess.run(["git", "log", "--format=%s"], cwd=root, capture_output=True, text=True, check=False)
    return found.stdout.splitlines()


def kept(root: Path) -> set[str]:
    found = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)
    return set(found.stdout.splitlines())


@pytest.mark.parametrize("answer", ["", "no", "yes"])
def test_a_new_folder_is_asked_once_and_begun_as_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    root = tmp_path / "hedges"
    root.mkdir()
    with served(root) as address:
        visitor = Visitor(address).come_in()
        page = visitor.page("/")
        assert "Keep old versions of your files (Git)?" in page
        assert "also after you erase a person" in page
        token = re.search(r'name="form_token" value="([^"]+)"', page)
        assert token is not None
        visitor.ask("POST", "/begin", f"form_token={token[1]}&what=example&git={answer}")
        assert (root / ".git").is_dir() == (answer == "yes")
        assert "Keep old versions of your files" not in visitor.page("/")
        assert ("Keep this version" in visitor.page("/folder")) == (answer == "yes")
    if answer == "yes":
        assert versions(root) == ["outreach: the campaign is begun"]
        assert "contacts/bees.yaml" in kept(root)
        assert not {name for name in kept(root) if name.startswith((".outreach/", "mailbox/", "outbox/"))}


def test_where_git_has_the_folder_or_is_missing_nobody_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "above" / "hedges"
    root.mkdir(parents=True)
    (tmp_path / "above" / ".git").mkdir()
    with served(root) as address:
        assert "(Git)?" not in Visitor(address).come_in().page("/")
    (tmp_path / "above" / ".git").rmdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    with served(root) as address:
        assert "(Git)?" not in Visitor(address).come_in().page("/")


def test_a_version_is_kept_later_without_private_files_and_without_running_a_hook(
    visitor: Visitor, campaign: Path
) -> None:
    (campaign / ".gitignore").write_text("contacts/private/\n", encoding="utf-8")
    private = campaign / "contacts" / "private"
    private.mkdir()
    (private / "c0001.yaml").write_text("id: c0001\n", encoding="utf-8")
    assert visitor.post("/keep-version", {"act": "begin"}).status == 303
    assert "Nothing changed since the last version." in visitor.page("/folder")
    assert not {name for name in kept(campaign) if name.startswith(("contacts/private/", ".outreach/"))}
    hook = campaign / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {campaign}/ran\n", encoding="utf-8")
    hook.chmod(0o755)
    with (campaign / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(f'[core]\n\tfsmonitor = touch {campaign}/ran\n[filter "x"]\n\tclean = touch {campaign}/ran\n')
    (campaign / ".gitattributes").write_text("* filter=x\n", encoding="utf-8")
    visitor.post("/keep-version", {})
    assert len(versions(campaign)) == 2
    assert not (campaign / "ran").exists()
    visitor.post("/keep-version", {})
    assert len(versions(campaign)) == 2, "nothing changed, so no version is added"
