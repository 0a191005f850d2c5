"""The documentation says what the code does: every code, key and command, and no link leads nowhere."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from outreach.campaign.schema import KINDS, json_schema
from outreach.cli.helping import pages, topics
from outreach.model.problem import LEVELS, Level
from outreach.templating.bounds import ALLOWED_METHODS
from outreach.templating.filters import ALLOWED_FILTERS, ALLOWED_TESTS
from outreach.templating.scope import CONTACT_KEYS
from scripts.reference import PAGES as GENERATED

ROOT = Path(__file__).resolve().parent.parent
ROOT_PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES = sorted([*ROOT_PAGES, *(ROOT / "docs").glob("*.md")])
FORMAT = (ROOT / "docs/format.md").read_text(encoding="utf-8")
PROBLEMS = (ROOT / "docs/problems.md").read_text(encoding="utf-8")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """The page without its examples and code, in which nothing is a link."""
    return _CODE.sub("", _FENCED.sub("", text))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#{1,6} +(.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(text: str) -> list[str]:
    found = re.findall(r"\]\(([^()\s]+(?:\([^()\s]*\))?)\)", prose(text))
    return [*found, *re.findall(r'(?:src|href)="([^"]+)"', prose(text))]


# --- problems.md -------------------------------------------------------------------------------------


def paragraphs() -> dict[str, str]:
    """What stands under each heading `### code`, up to the next heading."""
    parts = re.split(r"^(#{2,3}) (.+)$", PROBLEMS, flags=re.MULTILINE)[1:]
    return {code: text.strip() for mark, code, text in zip(*[iter(parts)] * 3, strict=True) if mark == "###"}


def test_every_code_has_its_paragraph_once_and_there_are_no_others() -> None:
    headings = re.findall(r"^### (.+)$", PROBLEMS, re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(headings) == set(LEVELS)


@pytest.mark.parametrize("code", LEVELS)
def test_a_paragraph_says_the_level_and_explains(code: str) -> None:
    text = paragraphs()[code]
    assert text.startswith("*Error.*" if LEVELS[code] is Level.ERROR else "*Warning.*")
    assert len(text) > 80


# --- format.md ---------------------------------------------------------------------------------------


def keys_of(schema: object) -> set[str]:
    """Every key in the schema of a file."""
    if isinstance(schema, list):
        return {key for each in schema for key in keys_of(each)}
    if not isinstance(schema, dict):
        return set()
    return {*schema.get("properties", ()), *(key for each in schema.values() for key in keys_of(each))}


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_stands_in_the_format_reference(kind: str) -> None:
    keys = keys_of(json_schema(kind))
    assert len(keys) >= 7
    missing = {key for key in keys if not re.search(rf"[`{{., ]{re.escape(key)}[`}}:,.]", FORMAT)}
    assert not missing


def test_every_filter_test_and_method_stands_in_the_format_reference() -> None:
    methods = {name for names in ALLOWED_METHODS.values() for name in names}
    assert not {name for name in {*ALLOWED_FILTERS, *ALLOWED_TESTS, *methods} if f"`{name}`" not in FORMAT}


def test_every_key_of_a_contact_that_templates_may_name_stands_in_the_format_reference() -> None:
    row = next(line for line in FORMAT.splitlines() if line.startswith("| `contact` |"))
    assert set(re.findall(r"\w+", row)) >= CONTACT_KEYS


def test_every_code_that_the_format_reference_names_exists() -> None:
    families = {"bad", "yaml", "missing", "unknown", "duplicate", "attachment", "template", "window", "empty"}
    named_codes = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", FORMAT))
    assert not {code for code in named_codes if code.split("-")[0] in families} - set(LEVELS)


# --- links and commands ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in targets(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            dead.append(target)
    assert not dead


def commands() -> set[str]:
    import typer.main

    from outreach.cli.main import app

    return set(getattr(typer.main.get_command(app()), "commands", {}))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_shown_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = set(re.findall(r"^\$ (?:\S*/)?outreach ([a-z][a-z-]*)", text, re.MULTILINE))
    shown |= set(re.findall(r"`(?:\S*/)?outreach ([a-z][a-z-]*)[^`\n]*`", text))
    assert shown <= commands()


def test_a_dead_link_and_a_command_in_code_are_noticed() -> None:
    page = "See [this](nowhere.md) and `[that](code.md)`.\n```\n[no](link.md)\n```\n"
    assert targets(page) == ["nowhere.md"]
    assert anchors("## Filters, tests, methods\n```\n# no heading\n```") == {"filters-tests-methods"}


# --- the manual ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == GENERATED[name](), "run: make reference"


def test_every_page_has_its_place_in_the_table_of_contents() -> None:
    listed = set(re.findall(r": ([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} <= listed
    assert not {name for name in listed if not ((ROOT / "docs" / name).exists() or (ROOT / name).exists())}


# --- the picture -------------------------------------------------------------------------------------


def test_the_picture_is_readable_in_the_dark_and_fetches_nothing() -> None:
    picture = (ROOT / "docs/flow.svg").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in picture
    assert "<title" in picture
    assert not re.findall(r'(?:href|src)="http|url\(http|@import', picture)


# --- style.md ----------------------------------------------------------------------------------------


@cache
def said_by_the_program() -> str:
    """Every text in the program, a value in it as `…`, and white space as one space."""
    found = []
    for path in sorted((ROOT / "outreach").rglob("*")):
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    found.append("".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in node.values))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
        elif path.suffix in (".html", ".js", ".toml"):
            found.append(path.read_text(encoding="utf-8"))
    return " ".join(" ".join(found).split())


def test_every_topic_and_page_of_help_that_the_program_names_exists() -> None:
    named_there = set(re.findall(r"outreach help ([a-z][a-z-]*[a-z])", said_by_the_program()))
    assert len(named_there) >= 5
    assert named_there <= {*topics(), *pages(), *commands()}


def test_the_better_sentences_are_what_the_program_says_and_there_are_two_hundred() -> None:
    said = said_by_the_program()
    page = (ROOT / "docs/style.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!where)[a-zA-Z]+ \| .+ \| (.+) \|$", page, re.MULTILINE)
    assert len(rows) >= 200
    pieces = {row: [each.strip() for each in re.split(r"…+| / ", row.replace("\\|", "|"))] for row in rows}
    assert [row for row, parts in pieces.items() if any(len(each) > 8 and each not in said for each in parts)] == []
