"""A report as one HTML file: no script, nothing from elsewhere, and every value escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from outreach.model.report import Count, Report
from outreach.pages.report_charts import charts
from outreach.pages.report_tables import Address, Cell, moment, ranges, tables
from outreach.pages.saying import ENGLISH, Say

_SHOWN = 50
"""So many entries are written out behind a number; of the rest there are the numbers."""


def report_html(report: Report, say: Say = ENGLISH) -> str:
    """The whole page."""

    def unfolded(count: Count) -> list[str]:
        entries = (report.entries[number] for number in count.entries[:_SHOWN] if number in report.entries)
        return [
            " ".join(filter(None, [f"#{x.number}", moment(x.at, report), say(x.kind), x.about, x.value]))
            for x in entries
        ]

    return layout("report.html").render(
        report=report,
        say=say,
        tables=tables(report, say),
        charts=charts(report, say),
        said=lambda at: moment(at, report),
        is_count=is_count,
        is_address=lambda cell: isinstance(cell, Address),
        is_number=lambda cell: isinstance(cell, int | float),
        unfolded=unfolded,
        rest=lambda count: ranges(count.entries[_SHOWN:]) if report.entries else ranges(count.entries),
    )


def is_count(cell: Cell) -> bool:
    """Whether the cell unfolds to entries of the ledger."""
    return isinstance(cell, Count)


@cache
def layout(name: str) -> Template:
    """A page of `layouts/`, in which every value is escaped."""
    loader = PackageLoader("outreach.pages", "layouts")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)
