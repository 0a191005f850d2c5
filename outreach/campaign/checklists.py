"""`checklists/*.md`: their `- [ ]` lines are tasks, and their names can be in gates."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.campaign.findings import as_problems
from outreach.campaign.listing import list_files
from outreach.campaign.text import read_text
from outreach.model.checklist import Checklist, ChecklistItem
from outreach.model.problem import Problem

# GitHub Flavored Markdown, section 5.3 (task list items), at any depth of nesting.
_ITEM = re.compile(r"\s*[-*+]\s+\[(?P<tick>[ xX])\]\s+(?P<text>\S.*)")
# CommonMark, section 4.5 (fenced code blocks); deeper indentation too, for those inside of a list.
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})(?P<info>.*)")


def load_checklists(root: Path) -> tuple[list[Checklist], list[Problem]]:
    """The campaign's checklists, sorted by name, and what cannot be read of them."""
    found, faults = list_files(root, "checklists", (".md",))
    problems = [problem for file, fault in faults for problem in as_problems([fault], file, f"checklist:{file}")]
    checklists = []
    for item in found:
        name = item.path.name[: -len(".md")]
        text, findings = read_text(item.root, item.path)
        problems += as_problems(findings, item.file, f"checklist:{name}")
        checklists.append(Checklist(name=name, file=item.file, items=tuple(items_of(text or ""))))
    return sorted(checklists, key=lambda checklist: checklist.name), problems


def items_of(text: str) -> list[ChecklistItem]:
    """The task lines of a Markdown text, with their line numbers; those inside of code fences are none."""
    items = []
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        mark = _FENCE.match(line)
        if mark and not fence and not (mark["fence"][0] == "`" and "`" in mark["info"]):
            fence = mark["fence"]
        elif mark and fence and mark["fence"].startswith(fence) and not mark["info"].strip():
            fence = ""
        elif not fence and (found := _ITEM.match(line)):
            items.append(ChecklistItem(text=found["text"].strip(), ticked=found["tick"] != " ", line=number))
    return items
