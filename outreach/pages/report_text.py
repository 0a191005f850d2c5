"""A report as Markdown, in which nothing of what it holds can be markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.model.report import Count, Report
from outreach.pages.report_tables import Cell, Table, moment, tables

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~!&$])")
# But for joiners, without which names in Persian and many emoji are others.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


def plain(text: str) -> str:
    """One line in which nothing is a control character, invisible, or turns the direction of what follows."""
    return _INVISIBLE.sub(" ", text).strip()


def report_markdown(report: Report) -> str:
    """The whole report."""
    return "\n".join(report_lines(report)) + "\n"


def report_lines(report: Report) -> Iterator[str]:
    """Its lines; they read well on a terminal, too."""
    yield f"<!-- outreach report -->\n# {escaped(report.title)}: who was contacted"
    yield ""
    kind = "Public report" if report.public else "Report"
    since = f", since {report.since}" if report.since else ""
    yield f"{kind} of {moment(report.now, report)} ({report.timezone}){since}."
    for table in tables(report):
        yield ""
        yield f"## {table.title}"
        yield ""
        if table.note:
            yield table.note
            yield ""
        yield from table_lines(table)
    if report.about_texts:
        yield f"\n## Texts\n\n{escaped(report.about_texts)}"
    for text in report.templates:
        yield f"\n## Text of {escaped(text.file)}\n"
        yield from (f"    {plain(line)}" for line in [text.subject, "", *text.body.splitlines()])
    if report.left_out:
        yield "\n## Left out\n"
        yield from (f"- {escaped(each)}" for each in report.left_out)


def table_lines(table: Table) -> Iterator[str]:
    """A table in Markdown."""
    yield f"| {' | '.join(table.columns)} |"
    yield f"|{'---|' * len(table.columns)}"
    for row in table.rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Count):
        return str(cell.number)
    return cell if isinstance(cell, str) and re.fullmatch(r"[#\d, -]*", cell) else escaped(str(cell))


def escaped(text: str) -> str:
    """Text on one line in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", plain(text))
