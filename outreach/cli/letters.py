"""`outreach draft`."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, To, campaign_root
from outreach.cli.output import counted, print_object, say, say_problems, say_some, showing_progress
from outreach.errors import DONE, NEEDS_A_HUMAN

if TYPE_CHECKING:
    from outreach.letters.drafted import DraftResult
    from outreach.model.problem import Problem
    from outreach.tasks.drafting import Wanted

_FEW = 3
"""So many removed drafts are named."""


def draft(
    wave: Annotated[str | None, typer.Argument(metavar="[WAVE]", help="Only this wave.")] = None,
    to: To = None,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="ID", help="Only this contact; prints the email.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Put attachments into every draft.")] = False,
    pages: Annotated[bool, typer.Option("--pages", help="Also write a page to read for every draft.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Write the drafts, one per organisation."""
    from outreach.pages.objects import draft_object
    from outreach.tasks.drafting import Wanted
    from outreach.tasks.drafting import draft as render

    wanted = Wanted(wave=wave, to=to, contact=contact, full=full, pages=pages)
    with showing_progress():
        result = render(campaign_root(campaign_dir), wanted)
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
        say(f"No email to {skipped.contact} in {skipped.wave}: {skipped.reason}.")
    if not (result.letters or result.manual or result.skipped):
        say(_why_nothing(result, wanted, contact))
    _say_moved(result)
    say_problems(_errors(result))
    say(_next_for_one(result, wanted))


def _why_nothing(result: DraftResult, wanted: Wanted, contact: str) -> str:
    """Why no wave gave as much as a reason to leave the contact out."""
    broken = [problem.about.partition(":")[2] for problem in _errors(result) if problem.about.startswith("wave:")]
    if broken:
        return f"No email to {contact}: the condition `to` of {', '.join(dict.fromkeys(broken))} has an error."
    if wanted.to is not None:
        return f"No email to {contact}: --to leaves it out, or no wave selects it."
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
        return f"Next: outreach draft --contact {wanted.contact}"
    return "Next: widen the `to` of a wave in campaign.yaml, or outreach draft for all"


def _again(wanted: Wanted) -> str:
    """The command that was given, to be given again."""
    words = ["outreach", "draft", *([wanted.wave] if wanted.wave else [])]
    words += ["--to", wanted.to] if wanted.to is not None else []
    words += [option for option, given in (("--full", wanted.full), ("--pages", wanted.pages)) if given]
    return shlex.join(words)


def _say_drafts(result: DraftResult, wanted: Wanted) -> None:
    names = result.names
    lines = [f"  {names[each.contact]}, {each.to} ({each.path}){_changed(each.changed)}" for each in result.letters]
    lines += [
        f"  {each.task.name}, to paste: {each.task.how} ({each.path}){_changed(each.changed)}" for each in result.manual
    ]
    say_some(lines, "see drafts/")
    posts = [
        f"  post, {counted(len(each.post.parts), 'part')} ({each.path}){_changed(each.changed)}"
        for each in result.posts
    ]
    say_some(posts, "see drafts/posts/")
    say_some(list(_left_out(result)), "outreach status --all")
    _say_moved(result)
    errors = _errors(result)
    say_problems(errors)
    say(_summary(result))
    warnings = len(result.problems) - len(errors)
    if warnings:
        say(f"{counted(warnings, 'warning')}: see outreach check")
    say(_next_for_many(result, wanted))


def _left_out(result: DraftResult) -> Iterator[str]:
    """A line per wave and reason: most are left out for the same."""
    from outreach.pages.groups import some_names

    groups: dict[tuple[str, str], list[str]] = {}
    for each in result.skipped:
        groups.setdefault((each.wave, each.reason), []).append(result.names.get(each.contact, each.contact))
    for (wave, reason), names in groups.items():
        who = names[0] if len(names) == 1 else f"{len(names):,} contacts ({some_names(names)})"
        yield f'  Left out of the wave "{wave}": {who}, {reason}'


def _summary(result: DraftResult) -> str:
    """`16 emails and 3 texts to paste are in drafts/ (19 new or changed). 1 contact was left out. Nothing was sent.`"""
    from outreach.pages.groups import some_names

    found = [
        (len(result.letters), "email", "emails"),
        (len(result.manual), "text to paste", "texts to paste"),
        (len(result.posts), "post", "posts"),
    ]
    parts = [f"{number:,} {one if number == 1 else many}" for number, one, many in found if number]
    count = sum(number for number, _, _ in found)
    changed = sum(each.changed for made in (result.letters, result.manual, result.posts) for each in made)
    said = f"{some_names(parts)} {'is' if count == 1 else 'are'} in drafts/ ({changed:,} new or changed)."
    left = f" {counted(len(result.skipped), 'contact')} {'was' if len(result.skipped) == 1 else 'were'} left out."
    return f"{said if parts else 'There are no drafts.'}{left if result.skipped else ''} Nothing was sent."


def _next_for_many(result: DraftResult, wanted: Wanted) -> str:
    made = [*(each.wave for each in result.letters), *(each.task.wave for each in result.manual)]
    of_waves = any(problem.about.startswith("wave:") for problem in _errors(result))
    if not (made or result.posts or result.skipped or wanted.is_some or of_waves):
        return "Next: write a text, and say who gets it: outreach dashboard, or by hand: outreach help first-campaign"
    if _errors(result):
        rest = f". Or go on with these: outreach approve {made[0]}" if made else ""
        return f"Next: fix the errors above, then {_again(wanted)}{rest}"
    if made:
        return f"Next: read and approve them: outreach approve {made[0]}"
    return "Next: outreach draft for all" if wanted.is_some else "Next: outreach check"


def _say_moved(result: DraftResult) -> None:
    """What became of files that this run did not write."""
    if len(result.removed) > _FEW:
        say(f"  {len(result.removed):,} old drafts were removed: no longer needed")
    else:
        for path in result.removed:
            say(f"  {path}  removed: no longer needed")
    for path in result.kept:
        say(f"  {path}  kept: this file is yours")


def _changed(changed: bool) -> str:
    return "" if changed else ", unchanged"
