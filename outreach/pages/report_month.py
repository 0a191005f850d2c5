"""A month for its readers: a page to print or send, and a workbook. No numbers of the ledger, no script, no picture."""

from __future__ import annotations

from outreach.model.report import GoalLine
from outreach.pages.posts import post_name
from outreach.pages.report_data import workbook
from outreach.pages.report_html import layout
from outreach.pages.report_tables import Table
from outreach.pages.saying import ENGLISH, Say, month_name
from outreach.reporting.monthly import MonthReport

NAMES = {"us": "Report", "board": "Report to the board", "funder": "Report to the funder", "public": "Public report"}


def goal_text(goal: GoalLine, say: Say) -> str:
    """`12 of 20, by 2026-02-15`."""
    now = say("not known yet") if goal.value is None else f"{goal.value:g}"
    said = say("{now} of {target}", now=now, target=goal.target)
    return say("{what}, by {day}", what=said, day=goal.by) if goal.by else said


def month_html(report: MonthReport, say: Say = ENGLISH) -> str:
    """The whole page; every value is escaped."""
    name, month = say(NAMES[report.audience]), month_name(report.first, say)
    return layout("report_month.html").render(
        report=report, name=name, month=month, say=say, goal_text=goal_text, post_name=post_name
    )


def month_workbook(report: MonthReport, say: Say = ENGLISH) -> bytes:
    """A sheet of numbers, and one for what else the page has."""
    month = month_name(report.first, say)
    lines = tuple((say(line.label), line.month, line.total) for line in report.lines)
    sheets = [Table(key="month", title=month, columns=("", month, say("Total")), rows=lines)]
    if report.says:
        sheets.append(Table(key="says", title=say("In words"), columns=("",), rows=((report.says,),)))
    if report.goals:
        goals = tuple((x.name, "" if x.value is None else x.value, x.target, str(x.by or "")) for x in report.goals)
        columns = (say("Goal"), say("Now"), say("Target"), say("By"))
        sheets.append(Table(key="goals", title=say("Goals"), columns=columns, rows=goals))
    if report.posts:
        posts = tuple((post_name(each.id), each.url) for each in report.posts)
        sheets.append(Table(key="posts", title=say("Posts"), columns=(say("What"), say("Where")), rows=posts))
    if report.statements:
        said = tuple((name, each.quote, each.url) for name, each in report.statements)
        sheets.append(
            Table(key="said", title=say("Statements"), columns=(say("Who"), say("What"), say("Where")), rows=said)
        )
    if report.named:
        named = tuple((who, say(what)) for who, what in report.named)
        sheets.append(Table(key="named", title=say("Who answered"), columns=(say("Who"), say("What")), rows=named))
    return workbook(sheets, report.now)
