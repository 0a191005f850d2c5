"""`report` and `export`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import counted, print_object, say
from outreach.errors import CannotTell
from outreach.model.erasure import Place

_MOST_FILES = 10


def report(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A file: .html, .md, .csv, .xlsx or .json.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Only what the public may read.")] = False,
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="DATE", formats=["%Y-%m-%d"], help="Only what happened from this day on."),
    ] = None,
    about: Annotated[
        str | None,
        typer.Option("--for", metavar="CONTACT", help="Everything that you sent to a contact and keep about it."),
    ] = None,
    gdpr: Annotated[
        bool, typer.Option("--gdpr", help="Privacy records: what is kept, why, how long, and requests without names.")
    ] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Make a report: who was contacted, who answered."""
    if gdpr:
        if public or since or about is not None:
            raise CannotTell("--gdpr is a report of its own", "Remove --public, --since and --for.")
        _say_records(campaign_root(campaign_dir, aside=True), out, as_json=as_json)
        return
    if about is not None:
        if public or since:
            raise CannotTell("--for tells one contact everything", "Remove --public and --since.")
        _say_dossier(campaign_root(campaign_dir, aside=True), about, out, as_json=as_json)
        return
    from outreach.pages.report_data import report_object
    from outreach.pages.report_files import report_bytes
    from outreach.pages.report_text import report_lines
    from outreach.tasks.reporting import report as make
    from outreach.tasks.reporting import write_report
    from outreach.web.catalogue import words_in

    _known_format(out)
    root = campaign_root(campaign_dir, aside=True)
    made = make(root, since=since.date() if since else None, public=public)
    words = words_in(made.language, "")
    if out is not None:
        write_report(root, out, report_bytes(made, out.suffix, words), public=public)
    if as_json:
        print_object(report_object(made))
        return
    if out is None:
        for line in report_lines(made, words):
            say(line)
    else:
        say(f"The report is in {out}.")
        for each in made.left_out:
            say(f"  left out: {each}")
    say("Next: outreach report --out report.html" if out is None else "Next: outreach status")


def _say_records(root: Path, out: Path | None, *, as_json: bool) -> None:
    from outreach.pages.processing import processing_lines, processing_markdown, processing_object
    from outreach.tasks.reporting import records, write_report

    if out is not None and out.suffix != ".md":
        raise CannotTell(f"the records cannot be written as {out.name!r}", "End its name in .md.")
    found = records(root)
    if out is not None:
        write_report(root, out, [processing_markdown(found).encode()])
    if as_json:
        print_object(processing_object(found))
    elif out is None:
        for line in processing_lines(found):
            say(line)
    else:
        say(f"The records are in {out}.")
        say("Next: outreach check")


def access_request(
    contact: Annotated[str, typer.Argument(metavar="WHO", help="A contact's id, name, address, handle or number.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A file: .json, .html, .md, .csv or .xlsx.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Give a person their data (GDPR access request)."""
    _say_dossier(campaign_root(campaign_dir, aside=True), contact, out, as_json=as_json or out is None)


def _say_dossier(root: Path, contact: str, out: Path | None, *, as_json: bool) -> None:
    from outreach.pages.dossier import dossier_lines, dossier_object
    from outreach.pages.report_files import dossier_file
    from outreach.tasks.dossier import dossier
    from outreach.tasks.erasing.erasing import files_naming
    from outreach.tasks.reporting import write_report

    _known_format(out)
    found = dossier(root, contact)
    if out is not None:
        write_report(root, out, [dossier_file(found, out.suffix)])
    if as_json:
        print_object(dossier_object(found))
    elif out is None:
        for line in dossier_lines(found):
            say(line)
    else:
        named = [each for each in files_naming(root, contact) if root / each.where != out.absolute()]
        what = "Their contact, emails and history are" if named else f"All that is kept about {contact} is"
        say(f"{what} in {out}. It holds personal data: it is for them.")
        if named:
            places = ", ".join(_place(each) for each in named[:_MOST_FILES])
            more = f", and {len(named) - _MOST_FILES} more" if len(named) > _MOST_FILES else ""
            say(
                f"Not in it: notes, checklists and other files that name them: {places}{more}. Copy what is about them."
            )
        if found.others:
            others = counted(found.others, "other person", "other people")
            say(f"Left out: what {others} wrote there. Each may ask for theirs, by their address.")
        say(f"Next: outreach show {found.id}")


def _place(place: Place) -> str:
    """`notes/a.md line 3`."""
    many = "" if len(place.lines) == 1 else "s"
    return f"{place.where} line{many} {', '.join(map(str, place.lines))}" if place.lines else place.where


def _known_format(out: Path | None) -> None:
    from outreach.pages.report_files import FORMATS

    if out is not None and out.suffix not in FORMATS:
        raise CannotTell(f"A report cannot be written as {out.name!r}", f"End its name in one of {', '.join(FORMATS)}.")
