"""A report as tables: the same rows for HTML, Markdown and XLSX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from outreach.model.records import dataclass
from outreach.model.report import CONTACT_COLUMNS, Count, Group, Report
from outreach.words.wall_time import zone

Cell = str | int | float | Count
_ADDRESS = re.compile(r"https?://[^\s\"'<>`]+")


class Address(str):
    """A web address that a reader may follow; elsewhere a text like others."""


def address(url: str) -> str:
    """An address to follow, where it is one of the web; else only its text."""
    return Address(url) if _ADDRESS.fullmatch(url) else url


LEAST_FOR_PERCENT = 20
"""Below so many contacts that were written to a percentage says more than is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table; `key` names it in the page, `note` is a sentence above it."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def tables(report: Report) -> list[Table]:
    """All tables of the report that have a row, in their order."""
    found = (_totals, _states, _outcomes, _goals, _tiers, _waves, _contacts, _letters, _happened, _planned, _posts)
    return [table for make in found if (table := make(report)).rows]


def ranges(numbers: Iterable[int]) -> str:
    """Numbers of entries, ascending: `#3-#5, #9`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number <= spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"#{first}" if first == last else f"#{first}-#{last}" for first, last in spans)


def moment(at: datetime | None, report: Report) -> str:
    """An instant on the campaign's clocks, sortable: `2026-01-13 09:00`."""
    return f"{at.astimezone(zone(report.timezone)):%Y-%m-%d %H:%M}" if at else ""


def day(at: datetime | None, report: Report) -> str:
    """Its day."""
    return moment(at, report)[:10]


def rate_line(report: Report) -> str:
    """How many of those who were written to answered; a percentage only where there are enough of them."""
    written, answered = report.total("written"), report.total("answered")
    if written < LEAST_FOR_PERCENT:
        return ""
    return f"{answered} answered, {written} were written to ({100 * answered / written:.0f} %)."


def number(value: float) -> str:
    """A number as people write it."""
    return str(int(value)) if float(value).is_integer() else str(value)


def _counted(key: str, title: str, counts: Sequence[Count], note: str = "") -> Table:
    rows = tuple((count.label, count, ranges(count.entries)) for count in counts)
    return Table(key=key, title=title, columns=("what", "number", "ledger entries"), rows=rows, note=note)


def _totals(report: Report) -> Table:
    since = f"Since {report.since}. " if report.since else ""
    return _counted("totals", "In numbers", report.totals, since + rate_line(report))


def _states(report: Report) -> Table:
    return _counted("states", "Contacts today", report.states, "The first state that applies to each.")


def _outcomes(report: Report) -> Table:
    return _counted("outcomes", "Outcomes", report.outcomes)


def _goals(report: Report) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            goal.name,
            "not known" if goal.value is None else number(goal.value),
            goal.target,
            str(goal.by or ""),
            goal.reason or ("reached" if (goal.value or 0) >= goal.target else "not reached"),
        )
        for goal in report.goals
    ]
    return Table(key="goals", title="Goals", columns=("goal", "now", "target", "by", "standing"), rows=tuple(rows))


def _grouped(key: str, title: str, noun: str, groups: Sequence[Group]) -> Table:
    columns = tuple(count.label for count in groups[0].counts) if groups else ()
    rows: list[tuple[Cell, ...]] = [(group.name, *group.counts) for group in groups]
    return Table(key=key, title=title, columns=(noun, *columns), rows=tuple(rows))


def _tiers(report: Report) -> Table:
    return _grouped("tiers", "By tier", "tier", report.tiers)


def _waves(report: Report) -> Table:
    return _grouped("waves", "By wave", "wave", report.waves)


def _contacts(report: Report) -> Table:
    headings = {name: each.public if report.public else each.table for name, each in CONTACT_COLUMNS.items()}
    shown = {name: heading for name, heading in headings.items() if heading}
    rows = (tuple(contact_cell(getattr(line, name), report) for name in shown) for line in report.contacts)
    title = "Who was written to" if report.public else "Contacts"
    return Table(key="contacts", title=title, columns=tuple(shown.values()), rows=tuple(rows))


def contact_cell(value: object, report: Report) -> str | int:
    """A field of a contact's line as a cell: instants as days on the campaign's clocks, several values in one cell."""
    match value:
        case None:
            return ""
        case datetime():
            return day(value, report)
        case int():
            return value
        case tuple():
            return (" " if all(isinstance(each, int) for each in value) else ", ").join(map(str, value))
    return str(value)


def _letters(report: Report) -> Table:
    columns = ("when", "contact", "wave", "step", "template", "subject", "carried", "via", "result", "ledger entries")
    rows = [
        (
            moment(each.at, report), each.name, each.wave, each.step, each.template, each.subject,
            ", ".join(each.carried), each.via, each.result, ranges(each.entries),
        )
        for each in report.letters
    ]  # fmt: skip
    note = "The template is the one that the wave names today; attachments are those that were sent."
    if report.public:
        kept = (0, 1, 2, 3, 4, 6)
        columns, rows = tuple(columns[at] for at in kept), [tuple(row[at] for at in kept) for row in rows]  # type: ignore[assignment,misc]
    return Table(key="letters", title="Letters", columns=columns, rows=tuple(rows), note=note)


def _happened(report: Report) -> Table:
    columns = ("when", "contact", "what", "value", "ledger entries")
    rows = ((moment(x.at, report), x.name, x.what, x.value, f"#{x.entry}") for x in report.happenings)
    return Table(key="answers", title="Answers, outcomes, bounces", columns=columns, rows=tuple(rows))


def _planned(report: Report) -> Table:
    columns = ("letter or post", "state", "due", "why")
    rows = ((each.id, each.state, moment(each.due, report), each.reason) for each in report.planned)
    return Table(key="planned", title="Due and held", columns=columns, rows=tuple(rows))


def _posts(report: Report) -> Table:
    columns = ("post", "state", "where", "age", "when", "counted", "ledger entries")
    return Table(key="posts", title="Posts", columns=columns, rows=tuple(_post_rows(report)))


def _post_rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    for post in report.posts:
        yield (
            post.id, post.state, address(post.url), "published" if post.published else "",
            moment(post.published, report), "", ranges(post.entries),
        )  # fmt: skip
        for each in post.series:
            counted = ", ".join(f"{number(value)} {name}" for name, value in sorted(each.numbers.items()))
            yield post.id, "", "", each.when, moment(each.at, report), counted, f"#{each.entry}"
