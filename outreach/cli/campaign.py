"""`outreach check`."""

from __future__ import annotations

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import counted, print_object, say, say_problems
from outreach.errors import DONE, NEEDS_A_HUMAN, NOTHING_DONE
from outreach.model.problem import Level


def check(campaign_dir: CampaignDir = None, as_json: Json = False) -> None:
    """Find mistakes before anything goes out."""
    from outreach.pages.objects import check_object
    from outreach.tasks.checking import check as find

    result = find(campaign_root(campaign_dir))
    found = check_object(result.problems)
    errors, warnings = (found["counts"][level] for level in (Level.ERROR, Level.WARNING))
    if as_json:
        print_object(found)
    else:
        say_problems(result.problems)
        say(_summary(errors, warnings))
        say(_next(result.readable, errors))
    if not result.readable:
        raise typer.Exit(NOTHING_DONE)
    raise typer.Exit(NEEDS_A_HUMAN if result.problems else DONE)


def _summary(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "No problems found."
    return f"{counted(errors, 'error')}, {counted(warnings, 'warning')}."


def _next(readable: bool, errors: int) -> str:
    if not readable:
        return "Nothing can be drafted until campaign.yaml is fixed. Next: fix it, then outreach check"
    if errors:
        return "An error blocks only what it touches. Next: fix it, or outreach draft for the rest"
    return "Next: outreach draft"
