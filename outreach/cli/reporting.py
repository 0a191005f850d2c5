"""`report` and `export`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.errors import CannotTell

if TYPE_CHECKING:
    from outreach.model.dossier import Dossier
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
    about: Annotated[
        str | None, typer.Option("--for", metavar="CONTACT", help="All that was sent to one and is kept about it.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Who was contacted when, with what, through what, and what came of it."""
    if about is not None:
        if public or since:
            raise CannotTell("--for tells one contact everything", "Leave --public and --since out.")
        _say_dossier(campaign_root(campaign_dir), about, out, as_json=as_json)
        return
    from outreach.pages.report_data import report_object
    from outreach.pages.report_text import report_lines
    from outreach.tasks.reporting import report as make
    from outreach.tasks.reporting import write_report

    _known_format(out)
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


def export(
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Whose.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A file: .json, .html, .md, .csv or .xlsx.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """All that was sent to one and is kept about it, for them (GDPR Art. 15)."""
    _say_dossier(campaign_root(campaign_dir), contact, out, as_json=as_json or out is None)


def _say_dossier(root: Path, contact: str, out: Path | None, *, as_json: bool) -> None:
    from outreach.pages.dossier import dossier_lines, dossier_object
    from outreach.tasks.dossier import dossier
    from outreach.tasks.reporting import write_report

    _known_format(out)
    found = dossier(root, contact)
    if out is not None:
        write_report(out, _dossier_content(found, out.suffix))
    if as_json:
        print_object(dossier_object(found))
    elif out is None:
        for line in dossier_lines(found):
            say(line)
    else:
        say(f"All that is kept about {contact} is in {out}. It holds personal data: it is for them.")
        say(f"Next: outreach show {contact}")


def _known_format(out: Path | None) -> None:
    if out is not None and out.suffix not in FORMATS:
        raise CannotTell(f"A report cannot be written as {out.name!r}", f"End its name in one of {', '.join(FORMATS)}.")


def _dossier_content(found: Dossier, suffix: str) -> bytes:
    import json

    from outreach.pages import dossier as pages

    if suffix == ".xlsx":
        return pages.dossier_workbook(found)
    if suffix == ".json":
        return (json.dumps(pages.dossier_object(found), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    if suffix == ".md":
        return ("\n".join(pages.dossier_lines(found)) + "\n").encode("utf-8", "replace")
    text = pages.dossier_html(found) if suffix == ".html" else pages.dossier_csv(found)
    return text.encode("utf-8", "replace")
