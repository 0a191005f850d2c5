"""A report as Markdown, in which nothing of what it holds can be markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.model.report import Count, Report
from outreach.pages.report_tables import Cell, Table, moment, tables
from outreach.pages.saying import ENGLISH, Say

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~!&$])")
# But for joiners, without which names in Persian and many emoji are others.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


def plain(text: str) -> str:
    """One line in which nothing is a control character, invisible, or turns the direction of what follows."""
    return _INVISIBLE.sub(" ", text).strip()


def report_markdown(report: Report, say: Say = ENGLISH) -> str:
    """The whole report."""
    return "\n".join(report_lines(report, say)) + "\n"


def report_lines(report: Report, say: Say = ENGLISH) -> Iterator[str]:
    """Its lines; they read well on a terminal, too."""
    yield f"<!-- outreach report -->\n# {say('{title}: who was contacted', title=escaped(report.title))}"
    yield ""
    at = f"{moment(report.now, report)} ({report.timezone})"
    kind = say("Public report of {at}", at=at) if report.public else say("Report of {at}", at=at)
    since = f", {say('since {day}', day=report.since)}" if report.since else ""
    yield f"{kind}{since}."
    for table in tables(report, say):
        yield ""
        yield f"## {table.title}"
        yield ""
        if table.note:
            yield table.note
            yield ""
        yield from table_lines(table)
    if report.about_texts:
        yield f"\n## {say('Texts')}\n\n{escaped(say.found(report.about_texts) or report.about_texts)}"
    for text in report.templates:
        yield f"\n## {say('Text of {file}', file=escaped(text.file))}\n"
        yield from (f"    {plain(line)}" for line in [text.subject, "", *text.body.splitlines()])
    if report.left_out:
        yield f"\n## {say('Left out')}\n"
        yield from (f"- {escaped(say.found(each) or each)}" for each in report.left_out)


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
