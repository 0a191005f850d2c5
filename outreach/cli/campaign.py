"""`outreach check`."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import counted, most_lines, print_object, say, say_problems
from outreach.errors import DONE, NEEDS_A_HUMAN, NOTHING_DONE
from outreach.model.problem import Level


def check(
    everything: Annotated[bool, typer.Option("--all", help="List all problems.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Find mistakes before anything goes out."""
    from outreach.pages.objects import check_object
    from outreach.tasks.checking import check as find

    result = find(campaign_root(campaign_dir))
    found = check_object(result.problems)
    errors, warnings = (found["counts"][level] for level in (Level.ERROR, Level.WARNING))
    if as_json:
        print_object(found)
    else:
        most = most_lines(everything=everything)
        listed = list(result.problems)
        if most is not None and len(listed) > most:  # errors stop something, so nobody should have to look for them
            listed = sorted(listed, key=lambda problem: not problem.is_error)[:most]
        say_problems(listed)
        if len(listed) < len(result.problems):
            say(f"... and {len(result.problems) - len(listed):,} more: outreach check --all")
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
        return "Fix campaign.yaml first: outreach needs it for everything else. Then: outreach check"
    if errors:
        return "Only what is named above is stopped. Fix the files, or go on with the rest: outreach draft"
    return "Next: outreach draft"
