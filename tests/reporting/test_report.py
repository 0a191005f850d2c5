"""A report's numbers are those of `status` in every format, and nothing in it is anybody's markup or formula."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.model.report import Measured, PostLine, Report
from outreach.pages.report_charts import charts, whole_ticks
from outreach.pages.report_data import DANGEROUS, report_csv, report_object
from outreach.pages.report_html import report_html
from outreach.pages.report_text import report_markdown
from outreach.rules.history import fold, taken_back, takes_back
from outreach.rules.planning import plan
from outreach.rules.reporting import Book, for_everybody, make_report
from outreach.rules.standing import counts, standing
from tests.ledger.histories import histories, numbered
from tests.rules.campaigns import contact, materials
from tests.rules.worlds import world

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
    contacts = [contact(id, name=name, angle="secret angle", context="secret context")
                for id, name in zip(("fsfe", "osi", "edri"), names, strict=True)]  # fmt: skip
    known = world(contacts=tuple(contacts), past=fold(events))
    planned = plan(known)
    standings = standing(known, planned, frozenset())
    book = Book(contacts, taken_back(filter(takes_back, events)))
    for event in events:
        book.take(event)
    return make_report(known, planned, standings, book, {}), counts(standings)


@given(histories)
def test_the_numbers_of_every_format_are_those_of_status(history: list[Any]) -> None:
    report, expected = made(history)
    markdown = report_markdown(report).partition("## Where contacts stand today")[2].partition("\n## ")[0]
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
    public = for_everybody(report, materials())
    assert not [line for line in public.contacts if line.outcome or line.state or line.answers]
    assert public.left_out
    report_html(public)


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
