"""The manual can be followed: its transcripts, its examples of files, its options, and what it says of `--json`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from outreach.cli.commands import COMMANDS
from outreach.tasks.schemas import OUTPUTS
from scripts.reference import known_commands
from tests.manual_pages import NOW as A_TUESDAY
from tests.manual_pages import followed

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
FOLLOWED = ("tutorial.md", "first-campaign.md", "five-tools.md", "tour.md")
"""Pages that a reader can follow from the first command to the last."""
WITHOUT_JSON = {"help", "completion", "schema"}
"""What prints no object of its own: texts, and JSON Schemas."""


@pytest.mark.parametrize("name", FOLLOWED)
def test_whoever_follows_a_page_sees_what_it_shows(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTREACH_NOW", A_TUESDAY)
    page = (ROOT / "docs" / name).read_text("utf-8")
    assert followed(page, tmp_path) == page, f"run: python -m tests.manual_pages docs/{name}"


def test_a_page_that_shows_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = "```console\n$ outreach help conditions\n...\nLet it go anyway: outreach allow ID\n```\n"
    assert followed(page, tmp_path) != page


# --- what the reference covers -----------------------------------------------------------------------


def test_every_command_has_its_schema_of_json() -> None:
    assert {*COMMANDS} - WITHOUT_JSON <= {*OUTPUTS}
    headings = re.findall(r"^## (.+)$", (ROOT / "docs/json.md").read_text("utf-8"), re.MULTILINE)
    assert {name for heading in headings for name in heading.split(", ")} >= {*COMMANDS} - WITHOUT_JSON


# --- examples ----------------------------------------------------------------------------------------


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}(?: .*)?\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [page for page in DOCS if page.name != "problems.md"], ids=lambda page: page.name)
def test_every_yaml_example_can_be_read(page: Path) -> None:
    for text in blocks(page, "yaml"):
        yaml.safe_load(text)


@pytest.mark.parametrize("page", [*DOCS, ROOT / "README.md"], ids=lambda page: page.name)
def test_every_command_line_in_an_example_has_options_that_exist(page: Path) -> None:
    known = known_commands()
    for text in blocks(page, "[a-z]*"):
        for line in re.findall(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\S*/)?outreach( .*)?$", text, re.MULTILINE):
            words = shlex.split(line.split(" #")[0].split("   ")[0].split(" | ")[0])
            if not words or words[0].startswith("-"):
                continue
            options = {name for each in known[words[0]].params for name in (*each.opts, *each.secondary_opts)}
            assert {word for word in words[1:] if word.startswith("--")} <= {*options, "--help"}, line
