"""A report as tables: the same rows for HTML, Markdown and XLSX."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from outreach.model.dossier import Dossier
from outreach.model.records import dataclass
from outreach.model.report import CONTACT_COLUMNS, Count, Group, LetterLine, Report
from outreach.pages.saying import ENGLISH, Say
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


class Rows(Collection[tuple[Cell, ...]]):
    """The row of each thing, made when it is read: a large campaign has hundreds of thousands."""

    def __init__(self, things: Collection[Any], row: Callable[[Any], tuple[Cell, ...]]) -> None:
        self._things, self._row = things, row

    def __len__(self) -> int:
        return len(self._things)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return map(self._row, self._things)

    def __contains__(self, row: object) -> bool:
        return any(row == each for each in self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table; `key` names it in the page, `note` is a sentence above it."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: Collection[tuple[Cell, ...]]
    note: str = ""


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "counted": ("what", "number", "ledger entries"),
    "goals": ("goal", "now", "target", "by", "standing"),
    "letters": (
        "when", "contact", "wave", "step", "template", "subject", "carried", "via", "result", "ledger entries",
    ),
    "answers": ("when", "contact", "what", "value", "ledger entries"),
    "planned": ("letter or post", "state", "due", "why"),
    "posts": ("post", "state", "where", "age", "when", "counted", "ledger entries"),
}  # fmt: skip
"""The columns of each table whose columns are always the same."""
_IN_WORDS = ("what", "state", "outcome", "result", "standing", "why", "next", "held because")
"""The columns that hold words of ours, which are said in the report's language; the others hold names and numbers."""


def tables(report: Report, say: Say = ENGLISH) -> Iterator[Table]:
    """All tables of the report that have a row, in their order; each is made when it is asked for."""
    found = (_totals, _states, _outcomes, _goals, _tiers, _waves, _contacts, _letters, _happened, _planned, _posts)
    return (_said(table, say) for make in found if (table := make(report, say)).rows)


def _said(table: Table, say: Say) -> Table:
    """The table with its columns, and the words of ours in its cells, in the report's language."""
    in_words = [place for place, column in enumerate(table.columns) if column in _IN_WORDS]

    @cache
    def in_language(text: str) -> str:
        return said if (said := say(text)) != text else say.found(text) or text

    def row(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        said = list(cells)
        for place in in_words:
            cell = said[place]
            said[place] = in_language(cell) if type(cell) is str else cell
        return tuple(said)

    rows = Rows(table.rows, row) if in_words else table.rows
    return replace(table, columns=tuple(map(say, table.columns)), rows=rows)


def ranges(numbers: Iterable[int]) -> str:
    """Numbers of entries, ascending: `#3-#5, #9`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number <= spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"#{first}" if first == last else f"#{first}-#{last}" for first, last in spans)


def moment(at: datetime | None, report: Report | Dossier) -> str:
    """An instant on the campaign's clocks, sortable: `2026-01-13 09:00`."""
    return at.astimezone(zone(report.timezone)).isoformat(" ")[:16] if at else ""


def day(at: datetime | None, report: Report) -> str:
    """Its day."""
    return moment(at, report)[:10]


def rate_line(report: Report, say: Say = ENGLISH) -> str:
    """How many of those who were written to answered; a percentage only where there are enough of them."""
    written, answered = report.total("written"), report.total("answered")
    if written < LEAST_FOR_PERCENT:
        return ""
    share = f"{100 * answered / written:.0f}"
    return say("{n} answered, {written} were written to ({share} %).", n=answered, written=written, share=share)


def number(value: float) -> str:
    """A number as people write it."""
    return str(int(value)) if float(value).is_integer() else str(value)


def _counted(key: str, title: str, counts: Sequence[Count], note: str = "") -> Table:
    rows = tuple((count.label, count, ranges(count.entries)) for count in counts)
    return Table(key=key, title=title, columns=COLUMNS["counted"], rows=rows, note=note)


def _totals(report: Report, say: Say) -> Table:
    since = say("Since {day}.", day=report.since) + " " if report.since else ""
    return _counted("totals", say("In numbers"), report.totals, since + rate_line(report, say))


def _states(report: Report, say: Say) -> Table:
    return _counted("states", say("Contacts today"), report.states, say("The first state that applies to each."))


def _outcomes(report: Report, say: Say) -> Table:
    return _counted("outcomes", say("Outcomes"), report.outcomes)


def _goals(report: Report, say: Say) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            goal.name,
            say("not known") if goal.value is None else number(goal.value),
            goal.target,
            str(goal.by or ""),
            goal.reason or ("reached" if (goal.value or 0) >= goal.target else "not reached"),
        )
        for goal in report.goals
    ]
    return Table(key="goals", title=say("Goals"), columns=COLUMNS["goals"], rows=tuple(rows))


def _grouped(key: str, title: str, noun: str, groups: Sequence[Group]) -> Table:
    columns = tuple(count.label for count in groups[0].counts) if groups else ()
    rows: list[tuple[Cell, ...]] = [(group.name, *group.counts) for group in groups]
    return Table(key=key, title=title, columns=(noun, *columns), rows=tuple(rows))


def _tiers(report: Report, say: Say) -> Table:
    return _grouped("tiers", say("By tier"), "tier", report.tiers)


def _waves(report: Report, say: Say) -> Table:
    return _grouped("waves", say("By wave"), "wave", report.waves)


def _contacts(report: Report, say: Say) -> Table:
    headings = {name: each.public if report.public else each.table for name, each in CONTACT_COLUMNS.items()}
    shown = {name: heading for name, heading in headings.items() if heading}
    rows = Rows(report.contacts, lambda line: tuple(contact_cell(getattr(line, name), report) for name in shown))
    title = say("Who was written to") if report.public else say("Contacts")
    return Table(key="contacts", title=title, columns=tuple(shown.values()), rows=rows)


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


def _letters(report: Report, say: Say) -> Table:
    note = say("The template is the one that the wave names today; attachments are those that were sent.")
    kept = (0, 1, 2, 3, 4, 6) if report.public else range(len(COLUMNS["letters"]))

    def row(each: LetterLine) -> tuple[Cell, ...]:
        cells = (
            moment(each.at, report), each.name, each.wave, each.step, each.template, each.subject,
            ", ".join(each.carried), each.via, each.result, ranges(each.entries),
        )  # fmt: skip
        return tuple([cells[at] for at in kept])

    columns = tuple(COLUMNS["letters"][at] for at in kept)
    return Table(key="letters", title=say("Letters"), columns=columns, rows=Rows(report.letters, row), note=note)


def _happened(report: Report, say: Say) -> Table:
    rows = Rows(report.happenings, lambda x: (moment(x.at, report), x.name, x.what, x.value, f"#{x.entry}"))
    return Table(key="answers", title=say("Answers, outcomes, bounces"), columns=COLUMNS["answers"], rows=rows)


def _planned(report: Report, say: Say) -> Table:
    rows = Rows(report.planned, lambda each: (each.id, each.state, moment(each.due, report), each.reason))
    return Table(key="planned", title=say("Due and held"), columns=COLUMNS["planned"], rows=rows)


def _posts(report: Report, say: Say) -> Table:
    return Table(key="posts", title=say("Posts"), columns=COLUMNS["posts"], rows=tuple(_post_rows(report, say)))


def _post_rows(report: Report, say: Say) -> Iterator[tuple[Cell, ...]]:
    for post in report.posts:
        yield (
            post.id, post.state, address(post.url), say("published") if post.published else "",
            moment(post.published, report), "", ranges(post.entries),
        )  # fmt: skip
        for each in post.series:
            counted = ", ".join(f"{number(value)} {name}" for name, value in sorted(each.numbers.items()))
            yield post.id, "", "", each.when, moment(each.at, report), counted, f"#{each.entry}"
