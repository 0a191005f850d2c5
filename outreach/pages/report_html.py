"""A report as one HTML file: no script, nothing from elsewhere, and every value escaped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from itertools import islice
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from outreach.model.report import Count, PostLine, Report
from outreach.pages.report_tables import Address, Cell, moment, ranges, tables
from outreach.pages.saying import ENGLISH, Say

_SHOWN = 50
"""So many entries are written out behind a number; of the rest there are the numbers."""


_TOGETHER = 50
"""So many small pieces of a page make one that is sent."""
_ROWS = 100
"""So many rows of a table are one of these pieces."""


@lru_cache(maxsize=10_000)
def _text_cell(text: str) -> str:
    """Many rows say the same names, words and minutes."""
    return f"<td><bdi>{escape(text)}</bdi></td>"


def report_html(report: Report, say: Say = ENGLISH) -> str:
    """The whole page."""
    return "".join(report_pieces(report, say))


def report_pieces(report: Report, say: Say = ENGLISH) -> Iterator[str]:
    """The page piece by piece, so that a browser shows its beginning while the rest is made."""

    def cell_of(cell: Cell) -> str:
        if type(cell) is str:  # which nearly all are
            return _text_cell(cell)
        match cell:
            case Count(entries=()):
                return f'<td class="n">{cell.number}</td>'
            case Count():
                lines = "".join(f"<li>{escape(line)}</li>" for line in unfolded(cell) if line)
                return f'<td class="n"><details><summary>{cell.number}</summary><ul>{lines}</ul></details></td>'
            case Address():
                there = escape(cell)
                return f'<td><a href="{there}" rel="noopener noreferrer nofollow"><bdi>{there}</bdi></a></td>'
            case str():
                return _text_cell(cell)
        return f'<td class="n"><bdi>{cell}</bdi></td>'

    def lines_of(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
        """The lines of a table, many at once: what Jinja2 does for each piece takes as long as a row."""
        lines = (f"<tr>{''.join(map(cell_of, row))}</tr>\n" for row in rows)
        while some := "".join(islice(lines, _ROWS)):
            yield some

    def unfolded(count: Count) -> Iterator[str]:
        entries = (report.entries[number] for number in count.entries[:_SHOWN] if number in report.entries)
        for x in entries:
            yield " ".join(filter(None, [f"#{x.number}", moment(x.at, report), say(x.kind), x.about, x.value]))
        yield ranges(count.entries[_SHOWN:] if report.entries else count.entries)

    pieces = layout("report.html").stream(
        report=report,
        say=say,
        tables=tables(report, say),
        charts=charts(report, say),
        said=lambda at: moment(at, report),
        lines_of=lines_of,
    )
    pieces.enable_buffering(_TOGETHER)
    return pieces


@cache
def layout(name: str) -> Template:
    """A page of `layouts/`, in which every value is escaped."""
    loader = PackageLoader("outreach.pages", "layouts")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


_MOST_WEEKS = 60


def charts(report: Report, say: Say = ENGLISH) -> list[str]:
    """The charts that have something to show."""
    found = []
    states = [count for count in report.states if count.number]
    if states:
        found.append(
            _drawn(
                "states", say("Contacts today"), [say(count.label) for count in states],
                [(say("contacts"), [count.number for count in states])], lying=True,
            )
        )  # fmt: skip
    weeks = report.weeks[-_MOST_WEEKS:]
    if len(weeks) > 1:
        series = [(say("letters"), [week.letters for week in weeks])]
        answers = [week.answers for week in weeks if week.answers is not None]
        if len(answers) == len(weeks):
            series.append((say("answers"), answers))
        found.append(_drawn("weeks", say("Letters and answers by week"), [str(week.monday) for week in weeks], series))
    return [*found, *(_post(post, number, say) for number, post in enumerate(report.posts) if len(post.series) > 1)]


def _post(post: PostLine, number: int, say: Say) -> str:
    """What was counted on a post over time."""
    keys = list(dict.fromkeys(key for measured in post.series for key in measured.numbers))
    series = [(key, [int(measured.numbers.get(key, 0)) for measured in post.series]) for key in keys]
    return _drawn(
        f"post-{number}", say("Numbers of {post}", post=post.id), [measured.when for measured in post.series], series
    )


def _drawn(
    name: str, title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, lying: bool = False
) -> str:
    from pygal import Bar, HorizontalBar
    from pygal.etree import etree

    etree.to_etree()  # pygal takes lxml where that is installed, whose trees take none of our elements
    # pygal leaves an import hook of Python 2 behind, which would make every later import warn.
    sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    # pygal draws lying bars from the bottom upwards, and people read from the top.
    order: Callable[[Sequence[Any]], list[Any]] = (lambda found: list(found)[::-1]) if lying else list
    chart = (HorizontalBar if lying else Bar)(
        js=[], width=720, height=60 + 34 * len(labels) if lying else 260, print_values=lying, show_legend=not lying,
        legend_at_bottom=True, x_label_rotation=0 if lying else 35, truncate_label=40, spacing=8, explicit_size=False,
        show_y_guides=not lying, show_x_guides=False, disable_xml_declaration=True, max_scale=6, show_x_labels=True,
    )  # fmt: skip
    chart.uuid = name
    chart.x_labels = order(labels)
    chart.y_labels = whole_ticks(max(value for _, values in series for value in values))
    chart.value_formatter = lambda value: f"{value:g}"
    for label, values in series:
        chart.add(label, order(values))
    chart.add_xml_filter(lambda root: _ours(root, name, title, labels, series))
    return str(chart.render(is_unicode=True))


def whole_ticks(most: int) -> list[int]:
    """The marks on a scale of counts: whole numbers from 0 on, six steps at the most, the last not below `most`."""
    step = max(1, -(-most // 6))
    return list(range(0, most + step, step))


def _ours(
    root: ElementTree.Element, name: str, title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]
) -> ElementTree.Element:
    for parent in list(root.iter()):
        children: list[Any] = list(parent)  # comments among them, whose tag is a function
        for child in children:
            if callable(child.tag) or child.tag in ("script", "defs", "title", "desc") or _is_tip(child):
                parent.remove(child)
    said = "; ".join(
        f"{label}: " + ", ".join(f"{day} {value}" for day, value in zip(labels, values, strict=True))
        for label, values in series
    )
    for position, (tag, text) in enumerate((("title", title), ("desc", said))):
        part = ElementTree.Element(tag, {"id": f"{name}-{tag}"})
        part.text = text
        root.insert(position, part)
    root.attrib.update({"role": "img", "aria-labelledby": f"{name}-title {name}-desc", "class": "chart"})
    return root


def _is_tip(element: ElementTree.Element) -> bool:
    return "tooltip-overlay" in element.get("class", "")
