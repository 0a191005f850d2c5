"""A month for its readers: a page to print or send, and a workbook. No numbers of the ledger, no script, no picture."""

from __future__ import annotations

from outreach.pages.report_data import workbook
from outreach.pages.report_html import layout
from outreach.pages.report_tables import Table
from outreach.reporting.monthly import MonthReport
from outreach.words.windows import MONTHS

NAMES = {"us": "Report", "board": "Report to the board", "funder": "Report to the funder", "public": "Public report"}


def month_name(report: MonthReport) -> str:
    """`November 2026`."""
    return f"{MONTHS[report.first.month - 1]} {report.first.year}"


def month_html(report: MonthReport) -> str:
    """The whole page; every value is escaped."""
    return layout("report_month.html").render(report=report, name=NAMES[report.audience], month=month_name(report))


def month_workbook(report: MonthReport) -> bytes:
    """A sheet of numbers, and one for what else the page has."""
    month = month_name(report)
    lines = tuple((line.label, line.month, line.total) for line in report.lines)
    sheets = [Table(key="month", title=month, columns=("", month, "Total"), rows=lines)]
    if report.says:
        sheets.append(Table(key="says", title="In words", columns=("",), rows=((report.says,),)))
    if report.goals:
        goals = tuple((x.name, "" if x.value is None else x.value, x.target, str(x.by or "")) for x in report.goals)
        sheets.append(Table(key="goals", title="Goals", columns=("Goal", "Now", "Target", "By"), rows=goals))
    if report.statements:
        said = tuple((name, each.quote, each.url) for name, each in report.statements)
        sheets.append(Table(key="said", title="Statements", columns=("Who", "What", "Where"), rows=said))
    if report.named:
        sheets.append(Table(key="named", title="Who answered", columns=("Who", "What"), rows=report.named))
    return workbook(sheets, report.now)
