"""Files are opened, made, renamed and looked at in `outreach/storage/`, and elsewhere only where it is listed here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "outreach"

# What touches a disk, by the name that is called.
OF_PATHS = {
    "read_text", "write_text", "read_bytes", "write_bytes", "touch", "unlink", "rename", "mkdir", "rmdir", "chmod",
    "symlink_to", "hardlink_to", "iterdir", "glob", "rglob", "exists", "is_file", "is_dir", "stat", "lstat",
    "samefile", "readlink", "open",
}  # fmt: skip
OF_OS = {
    "open", "fdopen", "replace", "rename", "renames", "link", "symlink", "unlink", "remove", "mkdir", "makedirs",
    "rmdir", "removedirs", "listdir", "scandir", "walk", "fwalk", "stat", "lstat", "chmod", "truncate", "mkfifo",
    "readlink", "utime",
}  # fmt: skip
OF_PATH_MODULE = {"exists", "lexists", "isfile", "isdir", "islink", "getsize", "getmtime"}
MODULES = {"shutil", "tempfile", "glob", "fileinput", "linecache", "mmap", "dbm", "shelve", "runpy", "zipfile.ZipFile"}

# Where it may be otherwise, and why. A line here is a promise that no file of a campaign is meant.
LISTED: dict[str, dict[str, str]] = {
    "connections/secrets.py": dict.fromkeys(
        ("stat", "read_text", "os.open", "open", "os.replace", "unlink", "mkdir"), "secrets lie outside of any campaign"
    ),
    "cli/main.py": {"open": "the null device, for closed streams", "os.open": "the null device"},
    "cli/helping.py": dict.fromkeys(("iterdir", "read_text"), "the topics of help, in the package"),
    "cli/output.py": {"shutil": "the width of a terminal"},
    "cli/options.py": {"is_file": "the path that was named with --campaign"},
    "connections/git.py": {
        **dict.fromkeys(
            ("tempfile", "exists", "symlink_to", "open", "write_bytes", "write_text"),
            "a Git directory of ours; HEAD was looked at first",
        ),
        **dict.fromkeys(("os.path.lexists", "os.lstat"), "looks at a .git, which may be above the campaign"),
        "shutil": "where the program lies",
    },
    "connections/remotes.py": dict.fromkeys(
        ("mkdir", "os.fdopen", "os.open", "read_text"), "remotes that a person confirmed, outside of any campaign"
    ),
    "words/local_names.py": {"read_bytes": "the names of a language, in the Babel package"},
    "words/zones_of_countries.py": {"read_text": "the table of zones, in the tzdata package"},
    "words/phrases.py": dict.fromkeys(("iterdir", "read_text"), "the words of languages, in the package"),
    "campaign/place.py": {"os.path.lexists": "looks for a campaign, before there is one to open"},
    "campaign/media.py": {"open": "pictures, out of bytes that were read already"},
    "intake/word_document.py": {
        "open": "a part of a document whose bytes were read already",
        "zipfile.ZipFile": "over bytes that were read already",
    },
    "intake/open_document.py": {
        "zipfile.ZipFile": "an .odt out of bytes that storage has read",
    },
    "intake/bounds.py": {
        "open": "a part of an archive whose bytes were read already",
        "zipfile.ZipFile": "over bytes that were read already",
    },
    "intake/marks.py": {
        "open": "a part of a workbook whose bytes were read already",
        "zipfile.ZipFile": "over bytes that were read already",
    },
    "ledger/backups.py": {
        "shutil": "copies between files that are open",
        "open": "an entry of an archive whose file is open",
        "zipfile.ZipFile": "over files that storage opened",
        "sqlite3.connect": "a path that storage.database looked at",
    },
    "ledger/faults.py": {"is_dir": "what SQLite fails at, for its sentence", "exists": "the same"},
    "ledger/migrating.py": {"iterdir": "migrations, in the package", "read_text": "migrations, in the package"},
    "ledger/opening.py": {"sqlite3.connect": "a path that storage.database looked at"},
    "ledger/place.py": {"read_text": "the mounts of this computer"},
    "pages/report_files.py": {"zipfile.ZipFile": "over bytes"},
    "tasks/erasing/contents.py": {"zipfile.ZipFile": "over bytes that were read already"},
    "tasks/erasing/office.py": {"zipfile.ZipFile": "over bytes that were read already"},
    "tasks/importing/beginning.py": {
        **dict.fromkeys(
            ("exists", "is_dir", "iterdir", "mkdir", "rename", "shutil", "write_text"),
            "makes the folder of a campaign, before there is one",
        ),
    },
    "tasks/importing/documents.py": {"is_dir": "documents that a person named, wherever they lie"},
    "tasks/kept_campaign.py": dict.fromkeys(
        ("stat", "os.scandir", "is_dir"), "the program's own files: a change asks for a new look"
    ),
    "tasks/trusting.py": {"os.path.lexists": "the path that a person allows"},
    "web/statics.py": {"read_bytes": "the style and scripts, in the package", "iterdir": "the same"},
    "web/catalogue.py": {"read_text": "words, in the package"},
}


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), filename=str(module))


def dotted(node: ast.expr) -> str:
    """`os.path.exists` for such an expression; "" where it is more than names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (inner := dotted(node.value)):
        return f"{inner}.{node.attr}"
    return ""


def touches(node: ast.Call) -> str:
    """How a call may touch the disk; "" for one that does not."""
    name = dotted(node.func)
    module, _, last = name.rpartition(".")
    if name in ("open", "io.open", "os.fdopen", "zipfile.ZipFile", "ZipFile", "sqlite3.connect"):
        return "zipfile.ZipFile" if last == "ZipFile" else name
    if module == "os":
        return name if last in OF_OS else ""
    if module == "os.path":
        return name if last in OF_PATH_MODULE else ""
    if module == "storage" or module.split(".")[0] in ("ast", "webbrowser"):
        return ""
    if isinstance(node.func, ast.Attribute) and node.func.attr in OF_PATHS:
        is_port = node.func.attr == "open" and not node.args and not node.keywords  # a transport's, a publisher's
        is_reader = node.func.attr == "read_text" and len(node.args) > 2  # of a key's text
        is_sent = node.func.attr == "write_bytes" and len(node.args) > 1  # to a server
        return "" if is_port or is_reader or is_sent else node.func.attr
    return ""


@cache
def found(module: Path) -> tuple[tuple[int, str], ...]:
    """Line and name of everything in a module that may touch the disk."""
    return tuple(_found(module))


def _found(module: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and (name := touches(node)):
            yield node.lineno, name
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names if each.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in ("os", "os.path", "io", *MODULES):
            yield node.lineno, str(node.module)


def elsewhere() -> list[Path]:
    return [each for each in sorted(PACKAGE.rglob("*.py")) if each.relative_to(PACKAGE).parts[0] != "storage"]


def test_no_file_is_opened_outside_of_storage_but_what_is_listed() -> None:
    strange = [
        f"{module.relative_to(ROOT)}:{line} {name}"
        for module in elsewhere()
        for line, name in found(module)
        if name not in LISTED.get(module.relative_to(PACKAGE).as_posix(), {})
    ]
    assert not strange, "use outreach.storage"


def test_the_list_names_nothing_that_is_gone() -> None:
    there = {module.relative_to(PACKAGE).as_posix(): {name for _, name in found(module)} for module in elsewhere()}
    gone = [f"{file} {name}" for file, names in LISTED.items() for name in names if name not in there.get(file, set())]
    assert not gone


@pytest.mark.parametrize(
    "line",
    [
        "open(path, 'w')", "path.open('rb')", "path.open(mode='w')", "io.open(path)", "(root / name).read_text()",
        "(root / name).read_text(encoding='utf-8')", "path.write_text('x')", "path.read_bytes()",
        "path.write_bytes(data)", "os.replace(a, b)", "os.open(path, os.O_RDONLY)", "path.rename(other)",
        "path.unlink(missing_ok=True)", "root.rglob('*')", "(root / 'a').exists()", "os.path.exists(path)",
        "import shutil", "from tempfile import mkdtemp", "from os import replace", "sqlite3.connect(path)",
        "ZipFile(path)", "zipfile.ZipFile(path)", "path.mkdir(parents=True)", "os.walk(folder)",
    ],
)  # fmt: skip
def test_the_guard_notices(tmp_path: Path, line: str) -> None:
    (tmp_path / "sly.py").write_text(f"{line}\n")
    assert len(list(found(tmp_path / "sly.py"))) == 1


@pytest.mark.parametrize(
    "line",
    ["storage.read(root, name)", "transport.open()", "'a'.replace('b', 'c')", "reader.read_text(cell, key, 1, [])"],
)
def test_the_guard_leaves_alone(tmp_path: Path, line: str) -> None:
    (tmp_path / "plain.py").write_text(f"{line}\n")
    assert list(found(tmp_path / "plain.py")) == []
