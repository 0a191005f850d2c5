"""A month for its readers as a Word document, with Word's own headings, lists and table, to edit and to read aloud."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from outreach.pages.posts import post_name
from outreach.pages.report_month import NAMES, goal_text
from outreach.pages.saying import ENGLISH, Say, month_name
from outreach.reporting.monthly import MonthReport
from outreach.words.visible import without_controls

if TYPE_CHECKING:
    from docx.document import Document

_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LONGEST = 255  # characters of a property, in Word
_TABLE = "Light List Accent 1"


def month_document(report: MonthReport, say: Say = ENGLISH) -> bytes:
    """The whole document. Texts are texts: nothing in them becomes a field, a link or markup."""
    from docx import Document

    document, month = Document(), month_name(report.first, say)
    about = document.core_properties
    about.title, about.author, about.comments = _plain(f"{report.title}, {month}")[:_LONGEST], "", ""
    about.language = say.language
    about.created = about.modified = report.now
    document.add_heading(_plain(report.title), 0)
    document.add_paragraph(f"{say(NAMES[report.audience])}, {month}", "Subtitle")
    for line in report.says.splitlines():
        if line.strip():
            document.add_paragraph(_plain(line))
    _numbers(document, report, month, say)
    for title, lines in _lists(report, say).items():
        if lines:
            document.add_heading(title, 1)
        for line in lines:
            document.add_paragraph(_plain(line), "List Bullet")
    document.add_paragraph(say("Nothing was tracked: nobody's opening or clicking was counted."))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _numbers(document: Document, report: MonthReport, month: str, say: Say) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_heading(say("What was done"), 1)
    table = document.add_table(rows=1 + len(report.lines), cols=3, style=_TABLE)
    lines = [(say(e.label), str(e.month), str(e.total)) for e in report.lines]
    rows = [(say("Activity"), month, say("Total")), *lines]
    for row, texts in zip(table.rows, rows, strict=True):
        for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.text = text
            if at:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _lists(report: MonthReport, say: Say) -> dict[str, list[str]]:
    """What is in lists, by its heading."""
    goals = [f"{goal.name}: {goal_text(goal, say)}" for goal in report.goals]
    posts = [
        ", ".join(
            (
                ": ".join(filter(None, (post_name(post.id), post.url))),
                *(f"{n:g} {name}" for name, n in post.numbers.items()),
            )
        )
        for post in report.posts
    ]
    statements = [f"“{said.quote}” ({who})" for who, said in report.statements]
    named = [f"{who}: {say(what)}" for who, what in report.named]
    lists = (goals, posts, statements, named)
    titles = (say("Goals"), say("Posts"), say("What others say"), say("Who answered"))
    return dict(zip(titles, lists, strict=True))


def _plain(text: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("\ufffd", without_controls(text))
