"""`log`, `decide`, `allow`, `outcome`, `done`, `pause`, `resume`, `suppress`: what a person says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import announce, print_object, say, say_new_name
from outreach.errors import CannotTell
from outreach.model.event import LOGGED, LOGGED_BEFORE
from outreach.model.outcome import OUTCOME_WORDS, present_word

if TYPE_CHECKING:
    from outreach.model.event import Event


def _one_line(text: str | None) -> str | None:
    """A reason stands in sentences."""
    return " ".join(text.split()) if text else text


Because = Annotated[
    str,
    typer.Option("--because", metavar="TEXT", help="Why; everybody sees the reason.", callback=_one_line),
]
Text = Annotated[list[str] | None, typer.Argument(metavar="[TEXT]", help="What they said, or anything to remember.")]

_NUMBER = re.compile(r"([A-Za-z][\w-]*)=(-?\d+(?:\.\d+)?)")


def log(
    about: Annotated[str | None, typer.Argument(metavar="CONTACT or POST", help="Who or what it is about.")] = None,
    what: Annotated[
        str | None,
        typer.Argument(metavar="WHAT", help=f"{', '.join([*LOGGED][:-1])} or {[*LOGGED][-1]}."),
    ] = None,
    rest: Annotated[list[str] | None, typer.Argument(metavar="[KEY=NUMBER...] [TEXT]")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="WHEN", help="2026-01-06 or 2026-01-06 14:00.")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="Until when: 2026-01-20 or 14d.")] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Who of your team looks after it.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="ADDRESS", help="Where a post was published.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the last entry or decision, of ABOUT if named.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Log a call, a meeting or a message."""
    from outreach.tasks import log

    if undo:
        _undo(about, campaign_dir, as_json)
        return
    if about is None or what is None:
        raise CannotTell("Say who it is about and what happened", "outreach log fsfe they-called 'Friendly.'")
    if today := LOGGED_BEFORE.get(what):
        say_new_name(what, today)
    numbers = {match[1]: float(match[2]) for word in rest or () if (match := _NUMBER.fullmatch(word))}
    words = [word for word in rest or () if not _NUMBER.fullmatch(word)]
    text = " ".join(words) or None

    told = log.Note(about=about, what=what, at=at, due=due, owner=owner, url=url, numbers=numbers, text=text)
    _tell(
        campaign_dir, as_json, lambda root: log.note(root, told), f"Logged: {about} {LOGGED_BEFORE.get(what) or what}."
    )


def _undo(about: str | None, campaign_dir: Path | None, as_json: bool) -> None:
    from outreach.tasks import log

    taken_back: list[Event] = []

    def tell(root: Path) -> Event:
        event, last = log.undo(root, about)
        taken_back.append(last)
        return event

    def sentence(event: Event) -> str:
        last = taken_back[0]
        words = (last.kind, last.contact or last.post or last.payload.names, last.payload.shown, last.text)
        said = f"Undone: event {last.number} ({' '.join(str(word) for word in words if word)})."
        opens = last.kind in ("decided", "posted", "opened")
        return f"{said} A condition that it met stays met; `outreach pause` stops what is behind it." if opens else said

    _tell(campaign_dir, as_json, tell, sentence)


def decide(
    decision: Annotated[str, typer.Argument(metavar="ID", help="The decision, as in campaign.yaml.")],
    choice: Annotated[str, typer.Argument(metavar="CHOICE", help="One of its choices.")],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Answer one of the campaign's decisions."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.decide(root, decision, choice, _joined(text)),
        f"Decided: {decision} is {choice}.",
    )


def allow(
    gate: Annotated[
        str, typer.Argument(metavar="GATE", help="A wave or post with a condition (`needs`) that is not met.")
    ],
    because: Because,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Let a wave or post go although its condition is not met."""
    from outreach.tasks import log

    _tell(campaign_dir, as_json, lambda root: log.open_gate(root, gate, because), f"Allowed: {gate}, because {because}")


def outcome(
    contact: Annotated[str, typer.Argument(metavar="CONTACT")],
    word: Annotated[
        str,
        typer.Argument(
            metavar="WORD",
            help=f"{', '.join(OUTCOME_WORDS[:-1])} or {OUTCOME_WORDS[-1]}.",
        ),
    ],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Record a contact's position, such as supports."""
    from outreach.tasks import log

    if (today := present_word(word)) != word:
        say_new_name(word, today)
    _tell(campaign_dir, as_json, lambda root: log.outcome(root, contact, word, _joined(text)), f"{contact}: {today}.")


def done(
    contact: Annotated[str, typer.Argument(metavar="CONTACT")],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Mark a contact as finished."""
    from outreach.tasks import log

    _tell(campaign_dir, as_json, lambda root: log.close(root, contact, _joined(text)), f"Done: {contact}.")


def pause(
    because: Because,
    target: Annotated[
        str | None, typer.Argument(metavar="[WAVE, CONTACT or POST]", help="What to pause. Default: everything.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Pause everything, or one wave, contact or post."""
    from outreach.tasks import log

    def hold(root: Path) -> Event:
        announce(list)  # this pause would be said before it is reported
        return log.hold(root, target, because)

    what = target or "everything"
    _tell(
        campaign_dir,
        as_json,
        hold,
        f"Paused: {what}, because {because}\nTo resume: outreach resume {target or ''}".rstrip(),
    )


def resume(
    target: Annotated[str | None, typer.Argument(metavar="[WAVE, CONTACT or POST]")] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Resume what was paused."""
    from outreach.tasks import log

    _tell(campaign_dir, as_json, lambda root: log.release(root, target), f"Resumed: {target or 'everything'}.")


def suppress(
    who: Annotated[str, typer.Argument(metavar="CONTACT or ADDRESS")],
    because: Annotated[str | None, typer.Option("--because", metavar="TEXT", callback=_one_line)] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Never write to a contact or address again."""
    from outreach.tasks import log

    _tell(campaign_dir, as_json, lambda root: log.suppress(root, who, because), f"No more mail to {who}.")


def _joined(words: list[str] | None) -> str | None:
    return " ".join(words or ()) or None


def _tell(
    campaign_dir: Path | None,
    as_json: bool,
    tell: Callable[[Path], Event],
    sentence: str | Callable[[Event], str],
) -> None:
    """Tell it the campaign in its folder, and say what was written down."""
    from outreach.pages.plan_objects import event_object

    event = tell(campaign_root(campaign_dir))
    if as_json:
        print_object(event_object(event))
        return
    say(sentence if isinstance(sentence, str) else sentence(event))
