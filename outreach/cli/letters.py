"""`outreach draft`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import counted, print_object, progress, say, say_problems
from outreach.errors import DONE, NEEDS_A_HUMAN

if TYPE_CHECKING:
    from outreach.letters.drafted import DraftResult
    from outreach.model.problem import Problem
    from outreach.tasks.drafting import Wanted

MOST_LINES = 40


def draft(
    wave: Annotated[str | None, typer.Argument(metavar="[WAVE]", help="Only this wave.")] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="EXPR", help="Only contacts for which this holds: 'tier == 0'."),
    ] = None,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="ID", help="Only this contact; prints the letter.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Write attachments into every draft, however many.")] = False,
    pages: Annotated[bool, typer.Option("--pages", help="Write a page to read beside every draft, too.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Write the drafts, one per organisation."""
    from outreach.pages.objects import draft_object
    from outreach.tasks.drafting import Wanted
    from outreach.tasks.drafting import draft as render

    wanted = Wanted(wave=wave, to=to, contact=contact, full=full, pages=pages)
    result = render(campaign_root(campaign_dir), wanted, progress("letters"))
    if as_json:
        print_object(draft_object(result))
    elif contact is not None:
        _say_letters(result, wanted, contact)
    else:
        _say_drafts(result, wanted)
    raise typer.Exit(NEEDS_A_HUMAN if _errors(result) else DONE)


def _errors(result: DraftResult) -> list[Problem]:
    return [problem for problem in result.problems if problem.is_error]


def _say_letters(result: DraftResult, wanted: Wanted, contact: str) -> None:
    """The letters themselves, as their recipients will read them."""
    from outreach.pages.letters import letter_page, manual_page

    for drafted in result.letters:
        if drafted.letter is not None:
            say(letter_page(drafted.letter))
        say(f"[{drafted.path}]")
    for by_hand in result.manual:
        say(manual_page(by_hand.task))
        say(f"[{by_hand.path}]")
    for skipped in result.skipped:
        say(f"{skipped.contact} gets no letter in {skipped.wave}: {skipped.reason}.")
    if not (result.letters or result.manual or result.skipped):
        say(_why_nothing(result, wanted, contact))
    _say_moved(result)
    say_problems(_errors(result))
    say(_next_for_one(result, wanted))


def _why_nothing(result: DraftResult, wanted: Wanted, contact: str) -> str:
    """Why no wave gave as much as a reason to leave the contact out."""
    broken = [problem.about.partition(":")[2] for problem in _errors(result) if problem.about.startswith("wave:")]
    if broken:
        return f"{contact} gets no letter as long as {', '.join(dict.fromkeys(broken))} cannot tell whom it selects."
    if wanted.to is not None:
        return f"{contact} gets no letter by this command: --to leaves it out, or no wave selects it."
    if wanted.wave is not None:
        return f"The wave {wanted.wave} does not select {contact}."
    return "No wave selects this contact."


def _next_for_one(result: DraftResult, wanted: Wanted) -> str:
    if _errors(result) and not (result.letters or result.manual):
        return "Next: outreach check"
    if result.letters:
        return "Next: open the .eml in your mail program, or outreach draft for all"
    if result.manual:
        return "Next: paste the text where it says, or outreach draft for all"
    if result.skipped:
        return "Next: outreach draft for all the others"
    if wanted.wave is not None or wanted.to is not None:
        return f"Next: outreach draft --contact {wanted.contact}, in whatever wave"
    return "Next: widen the `to` of a wave in campaign.yaml, or outreach draft for all"


def _again(wanted: Wanted) -> str:
    """The command that was given, to be given again."""
    words = ["outreach", "draft", *([wanted.wave] if wanted.wave else [])]
    words += ["--to", wanted.to] if wanted.to is not None else []
    words += [option for option, given in (("--full", wanted.full), ("--pages", wanted.pages)) if given]
    return shlex.join(words)


def _say_drafts(result: DraftResult, wanted: Wanted) -> None:
    lines = [f"  {drafted.path}  {drafted.to}  {_changed(drafted.changed)}" for drafted in result.letters]
    lines += [
        f"  {by_hand.path}  by hand: {by_hand.task.how}  {_changed(by_hand.changed)}" for by_hand in result.manual
    ]
    _say_some(lines)
    _say_some(
        [
            f"  {drafted.path}  {counted(len(drafted.post.parts), 'part')}  {_changed(drafted.changed)}"
            for drafted in result.posts
        ]
    )
    _say_some([f"  {each.contact} gets nothing in {each.wave}: {each.reason}" for each in result.skipped])
    _say_moved(result)
    errors = _errors(result)
    say_problems(errors)
    changed = sum(each.changed for found in (result.letters, result.manual, result.posts) for each in found)
    say(
        f"{counted(len(result.letters), 'letter')}, {counted(len(result.manual), 'text')} to paste by hand, "
        f"{counted(len(result.posts), 'post')}, "
        f"{len(result.skipped)} skipped; {changed} changed. Nothing was sent."
    )
    warnings = len(result.problems) - len(errors)
    if warnings:
        say(f"{counted(warnings, 'warning')}: see outreach check")
    say(_next_for_many(result, wanted))


def _next_for_many(result: DraftResult, wanted: Wanted) -> str:
    if _errors(result):
        return f"Next: fix the errors above, then {_again(wanted)}"
    if result.letters or result.manual:
        return "Next: outreach draft --contact ID"
    return "Next: outreach draft for all" if wanted.is_some else "Next: outreach check"


def _say_moved(result: DraftResult) -> None:
    """What became of files that this run did not write."""
    for path in result.removed:
        say(f"  {path}  removed, nothing calls for it any more")
    for path in result.kept:
        say(f"  {path}  is yours and was kept")


def _say_some(lines: list[str]) -> None:
    for line in lines[:MOST_LINES]:
        say(line)
    if len(lines) > MOST_LINES:
        say(f"  ... and {len(lines) - MOST_LINES:,} more")


def _changed(changed: bool) -> str:
    return "new or changed" if changed else "unchanged"
