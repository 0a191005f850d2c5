"""`note`, `decide`, `open`, `outcome`, `close`, `hold`, `release`, `suppress`: what a person says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.errors import CannotTell
from outreach.model.outcome import OUTCOME_WORDS, present_word

if TYPE_CHECKING:
    from outreach.model.event import Event


def _one_line(text: str | None) -> str | None:
    """A reason stands in sentences."""
    return " ".join(text.split()) if text else text


Because = Annotated[
    str,
    typer.Option("--because", metavar="TEXT", help="Why; it is shown wherever it matters.", callback=_one_line),
]
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
    from outreach.tasks import log

    if undo:
        _undo(about, campaign_dir, as_json)
        return
    if about is None or what is None:
        raise CannotTell("A note needs whom it is about and what happened", "outreach note fsfe call 'Friendly.'")
    numbers = {match[1]: float(match[2]) for word in rest or () if (match := _NUMBER.fullmatch(word))}
    words = [word for word in rest or () if not _NUMBER.fullmatch(word)]
    text = " ".join(words) or None

    told = log.Note(about=about, what=what, at=at, due=due, owner=owner, url=url, numbers=numbers, text=text)
    _tell(campaign_dir, as_json, lambda root: log.note(root, told), f"Noted: {about} {what}.")


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
        return f"{said} A gate that it opened stays open; `outreach hold` stops what is behind it." if opens else said

    _tell(campaign_dir, as_json, tell, sentence)


def decide(
    decision: Annotated[str, typer.Argument(metavar="ID", help="The decision, as in campaign.yaml.")],
    choice: Annotated[str, typer.Argument(metavar="CHOICE", help="One of its choices.")],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Decide what only a person can judge."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.decide(root, decision, choice, _joined(text)),
        f"Decided: {decision} is {choice}.",
    )


def open_gate(
    gate: Annotated[str, typer.Argument(metavar="GATE", help="A wave or post whose `needs` is not met.")],
    because: Because,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Open a gate by hand; it stays open."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.open_gate(root, gate, because),
        f"Open: {gate}, because {because}",
    )


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
    """Say what came of a contact."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.outcome(root, contact, word, _joined(text)),
        f"{contact}: {present_word(word)}.",
    )


def close(
    contact: Annotated[str, typer.Argument(metavar="CONTACT")],
    text: Text = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Say that nothing more is to be done about a contact."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.close(root, contact, _joined(text)),
        f"Closed: {contact}.",
    )


def hold(
    because: Because,
    target: Annotated[
        str | None, typer.Argument(metavar="[WAVE, CONTACT or POST]", help="Nothing named: everything.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """The brake: nothing of it goes out until it is released."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.hold(root, target, because),
        f"On hold: {target or 'everything'}, because {because}",
    )


def release(
    target: Annotated[str | None, typer.Argument(metavar="[WAVE, CONTACT or POST]")] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Take the brake off again."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.release(root, target),
        f"Released: {target or 'everything'}.",
    )


def suppress(
    who: Annotated[str, typer.Argument(metavar="CONTACT or ADDRESS")],
    because: Annotated[str | None, typer.Option("--because", metavar="TEXT", callback=_one_line)] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """No more mail to a contact or address, whatever the files say."""
    from outreach.tasks import log

    _tell(
        campaign_dir,
        as_json,
        lambda root: log.suppress(root, who, because),
        f"No more mail to {who}.",
    )


def _joined(words: list[str] | None) -> str | None:
    return " ".join(words or ()) or None


def _tell(
    campaign_dir: Path | None,
    as_json: bool,
    tell: Callable[[Path], Event],
    sentence: str | Callable[[Event], str],
) -> None:
    """Tell it the campaign in its folder, and say what was written down."""
    from outreach.pages.plans import event_object

    event = tell(campaign_root(campaign_dir))
    if as_json:
        print_object(event_object(event))
        return
    say(sentence if isinstance(sentence, str) else sentence(event))
    say("Next: outreach agenda")
