"""`report`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.errors import CannotTell

if TYPE_CHECKING:
    from outreach.model.report import Report

FORMATS = (".html", ".md", ".csv", ".xlsx", ".json")


def report(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A file: .html, .md, .csv, .xlsx or .json.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Only what everybody may read.")] = False,
    since: Annotated[
        datetime | None, typer.Option("--since", metavar="DATE", formats=["%Y-%m-%d"], help="Only from this day on.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Who was contacted when, with what, through what, and what came of it."""
    from outreach.pages.report_data import report_object
    from outreach.pages.report_text import report_lines
    from outreach.tasks.reporting import report as make
    from outreach.tasks.reporting import write_report

    if out is not None and out.suffix not in FORMATS:
        raise CannotTell(f"A report cannot be written as {out.name!r}", f"End its name in one of {', '.join(FORMATS)}.")
    root = campaign_root(campaign_dir)
    made = make(root, since=since.date() if since else None, public=public)
    if out is not None:
        write_report(out, _content(made, out.suffix))
    if as_json:
        print_object(report_object(made))
        return
    if out is None:
        for line in report_lines(made):
            say(line)
    else:
        say(f"The report is in {out}.")
        for each in made.left_out:
            say(f"  left out: {each}")
    say("Next: outreach report --out report.html" if out is None else "Next: outreach status")


def _content(made: Report, suffix: str) -> bytes:
    import json

    from outreach.pages.report_data import report_csv, report_object, report_workbook
    from outreach.pages.report_html import report_html
    from outreach.pages.report_text import report_markdown

    if suffix == ".xlsx":
        return report_workbook(made)
    if suffix == ".json":
        return (json.dumps(report_object(made), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    text = {".html": report_html, ".md": report_markdown, ".csv": report_csv}[suffix]
    return text(made).encode("utf-8", "replace")
