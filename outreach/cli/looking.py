"""`agenda`, `status`, `show`, and Today: what a person asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, To, begun_or_empty, campaign_root
from outreach.cli.output import counted, most_lines, print_object, reader_width, say, say_some
from outreach.errors import DONE, NEEDS_A_HUMAN

if TYPE_CHECKING:
    from outreach.model.mail import KeptMessage
    from outreach.model.plan import Plan, PlanItem
    from outreach.pages.groups import Grouping
    from outreach.pages.plan_objects import ChangedObject, StatusObject
    from outreach.pages.today import TodayObject
    from outreach.planning.world import World
    from outreach.tasks.looking import AgendaResult, StatusResult


def agenda(
    everything: Annotated[bool, typer.Option("--all", help="List every email, and what is done.")] = False,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Also write a file for a calendar program.")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--simulate", metavar="DAYS", help="Play N days forward: everything is sent, nobody answers."),
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Show what is planned, and what is waiting for what."""
    from outreach.pages.plans import agenda_lines
    from outreach.tasks import looking

    root = campaign_root(campaign_dir)
    result = looking.agenda(root) if days is None else looking.simulate(root, days)
    missed = any(item.state in ("missed", "in-doubt") for item in result.plan.items)
    if ics is not None:
        _write_calendar(root, result, ics)
    if as_json:
        from outreach.pages.plan_objects import agenda_object

        print_object(agenda_object(result.plan))
        raise typer.Exit(NEEDS_A_HUMAN if missed else DONE)
    campaign = result.world.campaign
    grouping = _grouping(result.world, result.plan)
    lines = agenda_lines(result.plan, campaign.timezone, everything=everything, width=reader_width(), grouping=grouping)
    say_some([*lines], "outreach agenda --all", most=most_lines(everything=everything))
    say()
    if days is not None:
        say(f"This is what would happen within {counted(days, 'day')}. Nothing was sent or recorded.")
    if ics is not None:
        say(f"The calendar is in {ics}.")
    if result.problems:
        say("Next: outreach check")
    raise typer.Exit(NEEDS_A_HUMAN if missed else DONE)


def _grouping(world: World, plan: Plan) -> Grouping:
    from outreach.pages.groups import Grouping

    campaign = world.campaign
    return Grouping(names=world.names, decisions=campaign.decisions, now=plan.now, timezone=campaign.timezone)


def _write_calendar(root: Path, result: AgendaResult, target: Path) -> None:
    from outreach.pages.icalendar_text import icalendar_text
    from outreach.tasks.looking import write_calendar

    campaign = result.world.campaign
    write_calendar(root, target, icalendar_text(result.plan, campaign.id, campaign.title))


def status(
    wave: Annotated[str | None, typer.Option("--wave", metavar="W", help="Only this wave.")] = None,
    to: To = None,
    due: Annotated[bool, typer.Option("--due", help="Who to follow up today.")] = False,
    answers: Annotated[bool, typer.Option("--answers", help="Show messages: what they wrote.")] = False,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Show messages that belong to no contact yet.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show why each email is held.")] = False,
    health: Annotated[
        bool, typer.Option("--health", help="Show what `run` could not do, and what is overdue.")
    ] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """List contacts: who was written to, who answered."""
    from outreach.tasks.looking import status as look

    if health:
        _health(campaign_root(campaign_dir), as_json=as_json)
    result = look(campaign_root(campaign_dir), wave=wave, to=to)
    if as_json:
        found = _status_object(result)
        _add_mail(found, result, due=due, answers=answers, pen=unmatched)
        print_object(found)
    elif due or answers or unmatched:
        _say_mail(result, due=due, answers=answers, pen=unmatched)
    else:
        _say_status(result, everything=everything)
    raise typer.Exit(NEEDS_A_HUMAN if _wanting_a_person(result) else DONE)


def _health(root: Path, *, as_json: bool) -> None:
    """End with 1 if anything is overdue."""
    from outreach.pages.health import health_lines, health_object
    from outreach.tasks.health import health

    found = health(root)
    if as_json:
        print_object(health_object(found.troubles, found.heart))
    else:
        for line in health_lines(found.troubles, found.heart, found.timezone):
            say(line)
    raise typer.Exit(NEEDS_A_HUMAN if found.troubles else DONE)


def _say_status(result: StatusResult, *, everything: bool) -> None:
    from outreach.pages.plans import count_line, held_emails, item_line, not_sent_lines, status_lines, unlisted_line

    grouping, timezone = _grouping(result.world, result.plan), result.world.campaign.timezone
    most = most_lines(everything=everything)
    shown = result.statuses[:most]
    for line in status_lines(shown, timezone, reader_width(), everything=everything):
        say(line)
    if len(shown) < len(result.statuses):
        say(f"  ... and {len(result.statuses) - len(shown):,} more: outreach status --all")
    say(count_line(result.statuses))
    if result.unlisted:
        say(unlisted_line(result.unlisted))
    for line in not_sent_lines(result.world.past):
        say(line)
    if not everything:
        for line in grouping.lines(held_emails(result.plan, result.statuses)):
            say(line)
    for item in _wanting_a_person(result):
        say(f"  {item.state}: {item_line(item)}")
    if result.changed:
        _say_changed(result, grouping)


def _status_object(result: StatusResult) -> StatusObject:
    from outreach.pages.plan_objects import status_object

    changed: list[ChangedObject] = []
    if result.changed:  # which is rare; else no letter is looked at
        from outreach.pages.letters import changed_object

        changed = [changed_object(each.letter, each.frozen) for each in result.changed]
    return status_object(
        result.statuses,
        result.plan,
        result.world.past,
        result.world.campaign.timezone,
        unmatched=result.unmatched,
        unlisted=result.unlisted,
        changed=changed,
    )


def _say_changed(result: StatusResult, grouping: Grouping) -> None:
    from outreach.pages.letters import changed_lines

    for line in changed_lines([(each.letter, each.frozen) for each in result.changed], grouping.names):
        say(line)
    waves = dict.fromkeys(each.letter.wave for each in result.changed)
    say(f"Next: outreach approve {' '.join(waves)}")


def _messages(result: StatusResult, *, answers: bool) -> list[KeptMessage]:
    """Those of the contacts that were asked for, or those of nobody."""
    asked = {each.id for each in result.statuses}
    humans = ("answer", "wrong-person", "opt-out")
    if answers:
        return [each for each in result.messages if each.contact in asked and each.kind in humans]
    return [each for each in result.messages if each.contact is None]


def _add_mail(found: StatusObject, result: StatusResult, *, due: bool, answers: bool, pen: bool) -> None:
    """Adds what was asked for."""
    from outreach.pages.mail import chase_object, message_object

    timezone = result.world.campaign.timezone
    if due:
        found["due"] = [chase_object(each, timezone) for each in result.due]
    if answers:
        found["answers"] = [message_object(each, timezone) for each in _messages(result, answers=True)]
    if pen:
        found["messages"] = [message_object(each, timezone) for each in _messages(result, answers=False)]


def _say_mail(result: StatusResult, *, due: bool, answers: bool, pen: bool) -> None:
    from outreach.pages.mail import chase_lines, message_lines

    timezone = result.world.campaign.timezone
    lines = [*chase_lines(result.due)] if due else []
    lines += message_lines(_messages(result, answers=True), timezone) if answers else []
    lines += message_lines(_messages(result, answers=False), timezone) if pen else []
    for line in lines:
        say(line)
    if not lines:
        say("Nobody to follow up today." if due else "No messages.")
    if pen and lines:
        say("Next: outreach match MESSAGE CONTACT")


def _wanting_a_person(result: StatusResult) -> list[PlanItem]:
    """What came too late, may have left, or was refused."""
    refused = result.world.refused
    return [item for item in result.plan.items if item.state in ("missed", "in-doubt") or item.id in refused]


def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A contact, post, wave or letter.")],
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Show everything about a contact, wave or post."""
    from outreach.model.event import EventKind
    from outreach.pages.plan_objects import story_object
    from outreach.tasks.looking import show as look
    from outreach.words.wall_time import zone

    story = look(campaign_root(campaign_dir), name)
    if as_json:
        print_object(story_object(story.id, story.events, story.items))
        return
    say(f"{story.contact.name} ({story.id})" if story.contact else story.id)
    if story.status:
        say(f"  {story.status.state}; {'your turn' if story.status.turn == 'ours' else 'their turn'}")
    for event in story.events:
        by_digest = event.kind in (EventKind.APPROVED, EventKind.TESTED)  # a digest means nothing to a person
        shown = "" if by_digest else event.payload.shown
        words = " ".join(word for word in (shown, event.url, event.text) if word)
        day = event.at.astimezone(zone(story.timezone))
        first, *more = words.splitlines() or [""]
        say(f"  {day:%Y-%m-%d}  {event.kind.in_words:<12}  {first}  [{event.number}, {event.by}]")
        for line in more:  # what somebody wrote must not look like a line of ours
            say(f"      > {line}")
    for item in story.items:
        say(f"  {item.id}: {item.state}" + (f", {item.reason}" if item.reason else ""))


def today(campaign_dir: Path | None, as_json: bool) -> None:
    """What to approve, answer, correct, decide and do; what goes out next; what is broken."""
    from outreach.pages.columns import hanging
    from outreach.pages.plans import count_line, not_sent_lines
    from outreach.tasks.campaign import is_begun
    from outreach.tasks.today import today as look

    root = campaign_root(campaign_dir) if as_json else begun_or_empty(campaign_dir)
    if not is_begun(root):
        say("Nothing is here yet. Start in your browser: with your files, an example, or one contact by hand.")
        say("  outreach dashboard")
        say("Or here: outreach init . --from YOUR-FILES")
        return
    result = look(root)
    said = result.text
    if as_json:
        from outreach.pages.plan_objects import agenda_object

        errors = sum(problem.is_error for problem in result.problems)
        found: TodayObject = {**said.object(), **agenda_object(result.plan), "errors": errors}
        print_object(found)
        return
    for text in said.lines():
        for line in hanging(text, reader_width(), rest="    "):
            say(line)
    if not result.sections:
        say("Nothing to do today.")
    say(count_line(result.statuses))
    for line in not_sent_lines(result.world.past):
        say(line)
    if said.next():
        say(f"Next: {said.next()}")
