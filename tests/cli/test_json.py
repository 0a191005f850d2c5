"""`--json`: each command prints the object that its schema describes (tests/acceptance/objects.py checks each run)."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest

import outreach as outreach_package
from outreach.cli.commands import COMMANDS, OLD_NAMES
from outreach.pages.json_schema import Count, Fields, Schema, json_schema
from tests.acceptance.command import outreach
from tests.acceptance.objects import closed, schemas, validator
from tests.cli.every import NOW, every_command, write_everything
from tests.inbox.messages import message

PACKAGE = Path(outreach_package.__file__).parent
LETTERS = {"id", "wave", "step", "contact", "to", "subject", "path", "digest", "changed"}
PASSAGE = {"file", "line", "end", "as", "to"}
PROBLEM = {"file", "line", "code", "level", "message", "hint"}
IMPORT = {
    "": {"taken", "noted", "not_understood", "written", "unchanged", "questions", "refused", "cleaned"},
    **dict.fromkeys(("taken", "noted", "not_understood"), PASSAGE),
    "questions": {"id", "file", "line", "ask", "choices", "default", "affects"},
    "refused": {"file", "line", "sheet", "column", "value", "reason"},
    "cleaned": {"file", "line", "was", "now"},
}
ACTIONS = {"": {"actions"}, "actions": {"id", "kind", "result", "reason", "receipt"}}
PROMISED: dict[str, dict[str, set[str]]] = {
    "check": {"": {"problems", "counts"}, "problems": PROBLEM, "counts": {"error", "warning"}},
    "draft": {
        "": {"letters", "manual", "posts", "skipped", "problems"},
        "letters": LETTERS,
        "manual": {"id", "contact", "how", "path"},
        "posts": {"id", "post", "network", "parts", "path", "digest", "changed"},
        "posts.parts": {"text", "count", "limit"},
        "skipped": {"contact", "wave", "reason"},
        "problems": PROBLEM,
    },
    "send": ACTIONS,
    "publish": ACTIONS,
    "status": {
        "": {"contacts", "posts", "counts", "unmatched", "in_doubt"},
        "contacts": {"id", "name", "tier", "state", "outcome", "wave", "turn", "last", "next", "proposed", "failed"},
        "contacts.last": {"type", "at", "via", "text"},
        "contacts.next": {"what", "due"},
        "posts": {"id", "network", "state", "url", "counts"},
    },
    "today": {
        "": {"sections", "next"},
        "sections": {"id", "count", "items"},
        "sections.items": {"id", "text", "due", "command"},
    },
    "agenda": {
        "": {"items"},
        "items": {"id", "kind", "contact", "post", "network", "wave", "step", "state", "due", "local", "reason"},
    },
    "import": IMPORT,
    "init": IMPORT,
}
"""What scripts were promised of each object: where in it -> keys that are always there."""


def prints_json(name: str) -> bool:
    module, _, function = COMMANDS[name].function.partition(".")
    return "as_json" in inspect.signature(getattr(import_module(f"outreach.cli.{module}"), function)).parameters


def at(schema: dict[str, Any], path: str) -> dict[str, Any]:
    for name in filter(None, path.split(".")):
        schema = next(each for each in schema.get("anyOf", [schema]) if name in each["properties"])["properties"][name]
        schema = schema.get("items", schema)
    return schema


def test_every_command_with_json_has_a_schema() -> None:
    assert set(schemas()) == {name for name in COMMANDS if prints_json(name)} | {"today", "export"}


def test_what_is_printed_has_a_type_of_its_own() -> None:
    """mypy can only prove of a TypedDict that it is what the schema says."""
    loose = []
    for module in sorted(PACKAGE.rglob("*.py")):
        for part in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if (
                isinstance(part, ast.FunctionDef)
                and part.name.endswith("_object")
                and "pages" in module.parts
                and part.name != "_object"
            ):
                kinds = ast.unparse(part.returns).split(" | ") if part.returns else [""]
                loose += [(module.name, part.name) for kind in kinds if not kind.endswith("Object")]
            if isinstance(part, ast.Call) and ast.unparse(part.func) == "print_object":
                loose += [(module.name, part.lineno) for each in part.args if isinstance(each, ast.Dict)]
    assert not loose


@pytest.mark.parametrize("command", PROMISED)
def test_the_keys_that_scripts_rely_on_are_required(command: str) -> None:
    for path, keys in PROMISED[command].items():
        schema = at(schemas()[command], path)
        assert keys <= set(schema.get("anyOf", [schema])[0]["required"]), path


def test_later_versions_may_add_keys() -> None:
    assert all("additionalProperties" not in schema for name, schema in schemas().items() if name != "schema")


BY_THE_CLOCK = [["backup", "kept.zip"], ["restore", "kept.zip"]]
"""Commands that a rehearsal does not have."""


def test_every_command_prints_what_its_schema_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    monkeypatch.chdir(tmp_path)
    root, document, beside = write_everything(tmp_path / "campaign"), tmp_path / "more.csv", tmp_path / "beside"
    beside.mkdir()
    document.write_text("name,email\nNew One,info@newone.example\n", encoding="utf-8")
    (root / "mailbox/1.eml").write_bytes(message("info@c0001.example", "Which day?", at=datetime.fromisoformat(NOW)))
    of_mail = (["sync"], ["sort", "m1", "answer"], ["reply", "c0001", "--template", "hello"], ["match", "m1", "c0000"])
    printed = set()
    for words in [*every_command("text", beside, document), *of_mail, ["merge", "odd", "c0001"], *BY_THE_CLOCK]:
        name = OLD_NAMES.get(words[0], words[0]) if words else "today"
        if name in schemas():
            if words in BY_THE_CLOCK:
                monkeypatch.delenv("OUTREACH_NOW", raising=False)
            here = [] if name in ("demo", "trust") else ["--campaign", str(root)]
            printed |= {name} if outreach(*words, "--json", *here).out.startswith("{") else set()
    # These need a server or a person; their own tests run them.
    assert schemas().keys() - printed == {"dashboard", "export", "ledger", "login", "serve", "worker"}


class Word(StrEnum):
    ONE = "one"
    TWO = "two"


@dataclass
class Found:
    number: int
    on: date | None
    lines: tuple[int, ...] = ()


class Small(TypedDict):
    """A thing."""

    word: Word | None
    size: Count
    odd: Literal["a", "b"]
    more: NotRequired[list[str]]


@pytest.mark.parametrize(
    ("of", "schema"),
    [
        (str | None, {"type": ["string", "null"]}),
        (Word, {"enum": ["one", "two"]}),
        (dict[str, Any], {"type": "object"}),
        (dict[str, float], {"type": "object", "additionalProperties": {"type": "number"}}),
        (Annotated[str, Schema(pattern="^a$")] | None, {"type": ["string", "null"], "pattern": "^a$"}),
        (str | int, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (
            dict[Word, int],
            {
                "type": "object",
                "properties": {"one": {"type": "integer"}, "two": {"type": "integer"}},
                "required": ["one", "two"],
            },
        ),
        (
            Small,
            {
                "type": "object",
                "description": "A thing.",
                "properties": {
                    "word": {"enum": ["one", "two", None]},
                    "size": {"type": "integer", "minimum": 0},
                    "odd": {"enum": ["a", "b"]},
                    "more": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["odd", "size", "word"],
            },
        ),
        (
            Annotated[dict[str, Any], Fields(Found, name=str)],
            {
                "type": "object",
                "properties": {
                    "number": {"type": "integer", "minimum": 0},
                    "on": {"type": ["string", "null"], "format": "date"},
                    "lines": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                    "name": {"type": "string"},
                },
                "required": ["lines", "name", "number", "on"],
            },
        ),
    ],
    ids=lambda each: str(each).partition(" object at ")[0][:60],
)
def test_a_schema_is_read_off_a_type(of: Any, schema: dict[str, Any]) -> None:
    assert json_schema(of) == schema


def test_our_check_notices_a_key_too_many_and_a_time_without_offset() -> None:
    good = {"items": []}
    assert validator("agenda").is_valid(good)
    assert not validator("agenda").is_valid({**good, "more": 1})
    assert closed({"anyOf": [{"properties": {}}]}) == {"anyOf": [{"properties": {}, "additionalProperties": False}]}
    event = dict.fromkeys(schemas()["log"]["required"])
    event |= {"number": 1, "kind": "posted", "at": "2026-01-05T10:00:00+00:00", "by": "a", "numbers": {}}
    assert validator("log").is_valid(event)
    assert not validator("log").is_valid({**event, "at": "2026-01-05T10:00:00"})
