"""`erase`: a person's data, everywhere."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.cli.terminal import asked as typed
from outreach.errors import DONE, NEEDS_A_HUMAN, CannotTell

if TYPE_CHECKING:
    from outreach.model.erasure import Erasure


def erase(
    who: Annotated[
        str | None, typer.Argument(metavar="WHO", help="A contact's id, a name, address, handle or phone number.")
    ] = None,
    asked: Annotated[
        datetime | None,
        typer.Option("--asked", metavar="DATE", formats=["%Y-%m-%d"], help="When they asked for it. Default: today."),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="NAME", help="Another of their names, such as initials. May be repeated."),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Everybody whose data you keep longer than legal.keep_for.")
    ] = False,
    go: Annotated[bool, typer.Option("--go", help="Erase. This cannot be undone.")] = False,
    no_mark: Annotated[
        bool, typer.Option("--no-mark", help="Keep no coded mark. A later list can bring them back.")
    ] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Erase a person's data everywhere."""
    from outreach.pages.erasing import erasure_object
    from outreach.tasks.clock import now
    from outreach.tasks.erasing.erasing import Request
    from outreach.tasks.erasing.erasing import erase as take_out

    root = campaign_root(campaign_dir)
    if due == (who is not None):
        raise CannotTell("Say who is to be erased", "outreach erase WHO, or outreach erase --due")
    if who is None:
        _erase_due(root, go=go, forget=no_mark, as_json=as_json)
        return
    day = asked.date() if asked else _when() if go and not as_json else None
    found = take_out(root, Request(who=who, also=tuple(also or ()), asked=day, go=go, forget=no_mark))
    if as_json:
        print_object(erasure_object(found, now().date()))
    else:
        _show([found], now().date())
    if not as_json and not found.done:
        names = "".join(f" --also {_quoted(each)}" for each in also or ())
        say(f"Next: outreach erase {_quoted(who)}{names}{' --no-mark' if no_mark else ''} --go")
    raise typer.Exit(DONE if found.is_complete else NEEDS_A_HUMAN)


def _erase_due(root: Path, *, go: bool, forget: bool, as_json: bool) -> None:
    from outreach.pages.erasing import ErasuresObject, OverListObject, OverObject, day_text, erasure_object
    from outreach.tasks.clock import now
    from outreach.tasks.erasing.retention import erase_due, has_period, kept_too_long

    if go:
        done = list(erase_due(root, forget=forget))
        if as_json:
            print_object(ErasuresObject(erased=[erasure_object(each, now().date()) for each in done]))
        else:
            _show(done, now().date())
        raise typer.Exit(DONE if all(each.is_complete for each in done) else NEEDS_A_HUMAN)
    over = kept_too_long(root)
    if as_json:
        objects = [OverObject(who=e.who, name=e.name, within=e.within, until=e.until.isoformat()) for e in over]
        print_object(OverListObject(kept_too_long=objects))
        return
    for each in over:
        say(f"{each.name}{f' ({each.within})' if each.within else ''}: to be kept until {day_text(each.until)}")
    say(
        f"Nothing was erased. {len(over)} are kept for longer than legal.keep_for says."
        if over
        else "There is nobody to erase."
    )
    if not over and not has_period(root):
        say("campaign.yaml does not say how long you keep people's data. For example `keep_for: 2y` under `legal`.")
    if over:
        say("Next: outreach erase --due --go")


def _show(erasures: list[Erasure], today: date) -> None:
    from outreach.pages.erasing import erasure_lines

    for each in erasures:
        for line in erasure_lines(each, today):
            say(line)


def _when() -> date | None:
    """The day on which they asked, as the person at the keyboard says it; None for today."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    said = typed("When did they ask? (2026-01-05, or Enter for today)", may_be_empty=True).strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise CannotTell(f"{said!r} is not a day", "Write 2026-01-05.") from error


def _quoted(who: str) -> str:
    return f'"{who}"' if " " in who else who
