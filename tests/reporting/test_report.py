"""A report's numbers are those of `status` in every format, and nothing in it is anybody's markup or formula."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.history import fold, taken_back, takes_back
from outreach.model.report import CONTACT_COLUMNS, ContactLine, Measured, PostLine, Report, Statement
from outreach.pages.report_data import DANGEROUS, report_csv, report_object
from outreach.pages.report_html import charts, report_html, whole_ticks
from outreach.pages.report_tables import tables
from outreach.pages.report_text import report_markdown
from outreach.planning.plan import plan
from outreach.planning.status import contact_statuses, counts
from outreach.reporting import Book, for_everybody, make_report
from tests.ledger.histories import histories, numbered
from tests.planning.campaigns import contact, materials
from tests.planning.worlds import world

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "@SUM(A1)",
    "\u202eevil",
    "a|b\n# c",
    "",
)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.found.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "src"]
        self.links += [value for name, value in attrs if name == "href"]


def made(history: list[Any], names: tuple[str, ...] = ("F", "O", "E")) -> tuple[Report, dict[str, int]]:
    events = numbered(history)
    contacts = [contact(id, name=name, personal_text="secret angle", internal_notes="secret context")
                for id, name in zip(("fsfe", "osi", "edri"), names, strict=True)]  # fmt: skip
    known = world(contacts=tuple(contacts), past=fold(events))
    planned = plan(known)
    statuses = contact_statuses(known, planned, frozenset())
    book = Book(contacts, taken_back(filter(takes_back, events)))
    for event in events:
        book.take(event)
    return make_report(known, planned, statuses, book, {}), counts(statuses)


@given(histories)
def test_the_numbers_of_every_format_are_those_of_status(history: list[Any]) -> None:
    report, expected = made(history)
    markdown = report_markdown(report).partition("## Contacts today")[2].partition("\n## ")[0]
    page = report_html(report).partition('<section id="states">')[2].partition("</section>")[0]
    for state, number in expected.items():
        assert f"| {state} | {number} |" in markdown.replace("\\", "")
        [shown] = re.findall(rf"<bdi>{state}</bdi></td><td class=\"n\">(?:<details><summary>)?(\d+)<", page)
        assert int(shown) == number
    assert json.loads(json.dumps(report_object(report)))["counts"] == expected
    rows = list(csv.DictReader(io.StringIO(report_csv(report).removeprefix("\ufeff"))))
    assert {state: sum(row["state"] == state for row in rows) for state in expected} == expected
    assert sum(int(row["letters"]) for row in rows) == report.total("letters")
    assert sum(group.counts[0].number for group in report.tiers) == report.total("contacts") == len(rows)


@given(histories)
def test_a_report_has_the_entry_of_every_event_that_it_counts(history: list[Any]) -> None:
    events, (report, _) = {event.number: event for event in numbered(history)}, made(history)
    counts = [*report.totals, *report.states, *report.outcomes, *(each for x in report.waves for each in x.counts)]
    assert {number for each in counts for number in each.entries} <= set(report.entries)
    assert [*report.entries] == sorted(report.entries) == [each.number for each in report.entries.values()]
    for number, each in report.entries.items():
        assert (each.kind, each.at) == (str(events[number].kind), events[number].at)
        assert (
            any(name in each.about for name in (events[number].contact, events[number].post) if name) or not each.about
        )
    assert [each["number"] for each in report_object(report)["entries"]] == [*report.entries]


@settings(max_examples=20)
@given(histories, st.tuples(*[st.sampled_from(NASTY)] * 3))
def test_no_name_becomes_markup_or_a_formula_and_no_note_is_told(history: list[Any], names: tuple[str, ...]) -> None:
    report, _ = made(history, names)
    page = report_html(report)
    elements = Elements()
    elements.feed(page)
    assert not elements.found & {"script", "img", "iframe", "a", "link"}
    assert elements.links == []
    text = report_csv(report).removeprefix("\ufeff")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(DANGEROUS)]
    assert "secret" not in page + text + report_markdown(report) + json.dumps(report_object(report))


@settings(max_examples=20)
@given(histories)
def test_a_public_report_tells_no_outcome_by_name(history: list[Any]) -> None:
    report, _ = made(history)
    public = for_everybody(report, (), materials().materials)
    assert not [line for line in public.contacts if line.outcome or line.state or line.answers]
    assert public.left_out
    report_html(public)


@settings(max_examples=20)
@given(histories)
def test_a_public_report_keeps_of_a_contact_only_what_its_columns_call_public(history: list[Any]) -> None:
    empty = {each.name: each.default for each in fields(ContactLine)}
    for line in for_everybody(made(history)[0], (), materials().materials).contacts:
        private = {name for name, column in CONTACT_COLUMNS.items() if column.public is None}
        assert {name: getattr(line, name) for name in private} == {name: empty[name] for name in private}


def test_every_field_of_a_contact_is_a_column_of_every_format() -> None:
    report, _ = made([])
    assert tuple(CONTACT_COLUMNS) == tuple(each.name for each in fields(ContactLine))
    header = report_csv(report).removeprefix("\ufeff").partition("\r\n")[0]
    assert header.split(",") == [column.csv for column in CONTACT_COLUMNS.values()]
    [table] = [each for each in tables(report) if each.key == "contacts"]
    assert table.columns == tuple(column.table for column in CONTACT_COLUMNS.values() if column.table)
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert set(report_object(report)["contacts"][0]) == set(CONTACT_COLUMNS)


def test_a_contact_is_shown_as_people_write_it() -> None:
    at = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)  # the sixth in Brussels
    statement = Statement(quote="Good.", url="https://a.example/")
    line = ContactLine(id="a", tier=None, first=at, templates=("x", "y"), entries=(3, 5), statement=statement)
    row = next(csv.DictReader(io.StringIO(report_csv(replace(made([])[0], contacts=(line,))).removeprefix("\ufeff"))))
    shown = {
        name: row[name] for name in ("tier", "first", "latest", "templates", "entries", "public_statement", "letters")
    }
    assert list(shown.values()) == ["", "2026-01-06", "", "x, y", "3 5", "Good. https://a.example/", "0"]


@given(most=st.integers(0, 10_000))
def test_a_scale_of_counts_has_whole_numbers_and_reaches_the_highest(most: int) -> None:
    ticks = whole_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert len(ticks) <= 8
    assert all(isinstance(tick, int) for tick in ticks)


def test_what_came_of_a_post_is_drawn_where_there_are_two_counts() -> None:
    at = datetime(2026, 1, 6, tzinfo=UTC)
    series = tuple(
        Measured(when=when, at=at, numbers={"likes": likes, "replies": 1}, entry=1)
        for when, likes in (("1h", 2), ("24h", 9))
    )
    report, _ = made([])
    post = PostLine(
        id="<b>thread</b>/mastodon", network="mastodon", state="published", url="", published=at, series=series
    )
    addresses = (
        "https://a.example/@us/1?a=1&b=2",
        "javascript:alert(1)",
        'https://a.example/"onclick="x',
        "data:text/html,x",
    )
    elements = Elements()
    elements.feed(report_html(replace(report, posts=tuple(replace(post, url=each) for each in addresses))))
    assert elements.links == ["https://a.example/@us/1?a=1&b=2"]
    (chart,) = charts(replace(report, states=(), posts=(post, replace(post, series=series[:1]))))
    assert "likes: 1h 2, 24h 9; replies: 1h 1, 24h 1" in chart
    assert "<b>" not in chart


def test_markdown_shows_names_in_any_writing_and_turns_none_around() -> None:
    names = ("\u0646\u0627\u0645\u0647\u200c\u0627\u06cc", "👩\u200d👩\u200d👧", "exe.\u202egpj\u061c\u200f\u206a")
    text = report_markdown(made([], names)[0])
    assert names[0] in text
    assert names[1] in text
    assert "| exe. gpj |" in text
