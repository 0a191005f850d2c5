"""For MkDocs: the pages that lie beside docs/, and one page of docstrings for each room (see mkdocs.yml)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
"""Pages that a forge expects at the top of the repository."""


def rooms() -> list[str]:
    """Every package directly below `outreach/`."""
    return sorted(each.parent.name for each in (ROOT / "outreach").glob("*/__init__.py"))


def on_config(config: Any) -> Any:
    """List the pages of the rooms at the end of the navigation."""
    config.nav[-1]["Code"].append({"Rooms": [{room: f"code/{room}.md"} for room in rooms()]})
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are no file in docs/."""
    for name in BESIDE:
        text = re.sub(r"\]\(docs/", "](", (ROOT / name).read_text(encoding="utf-8"))
        files.append(File.generated(config, name, content=text))
    for room in rooms():
        files.append(File.generated(config, f"code/{room}.md", content=_page(room)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead links to the files beside docs/ to their pages; NOTICE is no page, so its link is taken off."""
    markdown = re.sub(r"\[([^\]]*)\]\(\.\./NOTICE\)", r"\1", markdown)
    return re.sub(r"\]\(\.\./([A-Z]+\.md)", r"](\1", markdown)


def _page(room: str) -> str:
    modules = sorted((ROOT / "outreach" / room).rglob("*.py"))
    names = [".".join(each.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for each in modules]
    lines = [f"# {room}", ""]
    for name in names:
        lines += [f"::: {name}", "    options:", "      show_submodules: false", "      heading_level: 2", ""]
    return "\n".join(lines)
