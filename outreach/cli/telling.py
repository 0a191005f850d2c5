"""`note`, `decide`, `open`, `outcome`, `close`, `hold`, `release`, `suppress`: what a person says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.errors import CannotTell

if TYPE_CHECKING:
    from outreach.model.event import Event

Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is shown wherever it matters.")]
Text = Annotated[list[str] | None, typer.Argument(metavar="[TEXT]", help="Anything worth remembering.")]

_NUMBER = re.compile(r"([A-Za-z][\w-]*)=(-?\d+(?:\.\d+)?)")


def note(
    about: Annotated[str | None, typer.Argument(metavar="CONTACT or POST", help="Whom or what it is about.")] = None,
    what: Annotated[
        str | None,
        typer.Argument(metavar="WHAT", help="call, meeting, form-sent, message-sent, reply, promise, posted or other."),
    ] = None,
    rest: Annotated[list[str] | None, typer.Argument(metavar="[KEY=NUMBER...] [TEXT]")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="WHEN", help="2026-01-06 or 2026-01-06 14:00.")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="Until when: 2026-01-20 or 14d.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Who of us looks after it.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where a post was published.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the last note or decision, of ABOUT if named.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Write down what happened elsewhere."""
    from outreach.tasks import telling

    root = campaign_root(campaign_dir)
    if undo:
        event = telling.undo(root, about)
        still = "A gate that is open stays open; `outreach hold` stops what is behind it."
        _said(event, f"Undone: event {event.value}. {still}", as_json)
        return
    if about is None or what is None:
        raise CannotTell("A note needs whom it is about and what happened", "outreach note fsfe call 'Friendly.'")
    numbers = {match[1]: float(match[2]) for word in rest or () if (match := _NUMBER.fullmatch(word))}
    words = [word for word in rest or () if not _NUMBER.fullmatch(word)]
    told = telling.Note(
        about=about,
        what=what,
        at=at,
        due=due,
        owner=owner,
        url=url,
        numbers=numbers,
        text=" ".join(words) or None,
    )
    event = telling.note(root, told)
    _said(event, f"Noted: {about} {what}.", as_json)


def decide(
    decision: Annotated[str, typer.Argument(metavar="ID", help="The decision, as in campaign.yaml.")],
    choice: Annotated[str, typer.Argument(metavar="CHOICE", help="One of its choices.")],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Decide what only a person can judge."""
    from outreach.tasks import telling

    event = telling.decide(campaign_root(campaign_dir), decision, choice, _joined(text))
    _said(event, f"Decided: {decision} is {choice}.", as_json)


def open_gate(
    gate: Annotated[str, typer.Argument(metavar="GATE", help="A wave or post whose `needs` is not met.")],
    because: Because,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Open a gate by hand; it stays open."""
    from outreach.tasks import telling

    event = telling.open_gate(campaign_root(campaign_dir), gate, because)
    _said(event, f"Open: {gate}, because {because}", as_json)


def outcome(
    contact: Annotated[str, typer.Argument(metavar="CONTACT")],
    word: Annotated[
        str,
        typer.Argument(
            metavar="WORD",
            help="acknowledged, interested, meeting, supports, asks, critical, declines or wrong-desk.",
        ),
    ],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Say what came of a contact."""
    from outreach.tasks import telling

    event = telling.outcome(campaign_root(campaign_dir), contact, word, _joined(text))
    _said(event, f"{contact}: {word}.", as_json)


def close(
    contact: Annotated[str, typer.Argument(metavar="CONTACT")],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Say that nothing more is to be done about a contact."""
    from outreach.tasks import telling

    event = telling.close(campaign_root(campaign_dir), contact, _joined(text))
    _said(event, f"Closed: {contact}.", as_json)


def hold(
    because: Because,
    target: Annotated[
        str | None, typer.Argument(metavar="[WAVE, CONTACT or POST]", help="Nothing named: everything.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """The brake: nothing of it goes out until it is released."""
    from outreach.tasks import telling

    event = telling.hold(campaign_root(campaign_dir), target, because)
    _said(event, f"On hold: {target or 'everything'}, because {because}", as_json)


def release(
    target: Annotated[str | None, typer.Argument(metavar="[WAVE, CONTACT or POST]")] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Take the brake off again."""
    from outreach.tasks import telling

    event = telling.release(campaign_root(campaign_dir), target)
    _said(event, f"Released: {target or 'everything'}.", as_json)


def suppress(
    who: Annotated[str, typer.Argument(metavar="CONTACT or ADDRESS")],
    because: Annotated[str | None, typer.Option("--because", metavar="TEXT")] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """No more mail to a contact or address, whatever the files say."""
    from outreach.tasks import telling

    event = telling.suppress(campaign_root(campaign_dir), who, because)
    _said(event, f"No more mail to {who}.", as_json)


def _joined(words: list[str] | None) -> str | None:
    return " ".join(words or ()) or None


def _said(event: Event, sentence: str, as_json: bool) -> None:
    from outreach.pages.plans import event_object

    if as_json:
        print_object(event_object(event))
        return
    say(sentence)
    say("Next: outreach agenda")
