"""`checklists/*.md`: their `- [ ]` lines are tasks, and their names can stand in gates."""

from __future__ import annotations

from pathlib import Path

from outreach.files.findings import as_problems
from outreach.files.listing import list_files
from outreach.files.text import read_text
from outreach.model.problem import Problem


def load_checklists(root: Path) -> tuple[list[str], list[Problem]]:
    """The names of the campaign's checklists, and those that cannot be read."""
    found, faults = list_files(root, "checklists", (".md",))
    problems = [problem for file, fault in faults for problem in as_problems([fault], file, f"checklist:{file}")]
    names = []
    for item in found:
        name = item.path.name[: -len(".md")]
        names.append(name)
        _, findings = read_text(item.path)
        problems += as_problems(findings, item.file, f"checklist:{name}")
    return names, problems
