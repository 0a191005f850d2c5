"""What would happen now and later, and why not the rest."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from outreach.model.problem import Problem
from outreach.model.recipient import Recipient, Why
from outreach.model.records import dataclass


class ItemKind(StrEnum):
    """A letter, a post, or something for a person to do."""

    LETTER = "letter"
    POST = "post"
    TASK = "task"


class ItemState(StrEnum):
    """How an item is at the plan's `now`."""

    DUE = "due"
    WAITING = "waiting"
    HELD = "held"
    MISSED = "missed"
    DONE = "done"
    IN_DOUBT = "in-doubt"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanItem:
    """One entry of the agenda.

    `due` is an aware UTC instant, None if nobody can know it yet; `zone` the IANA zone in which
    people read it, `recipient_zone` the contact's own where it is certain and another. `reason` is
    a sentence without its full stop: why it is held, until when it waits, what a person has to do.
    `since` is the instant since which it is held, where that is known. `why` is the kind of its reason: of a post only
    that it is paused; a letter that is due or waiting and has yet to be approved says so. `unapproved` is that
    sentence, also where another one is said; `decision` is the one that it waits for, where that is its reason.
    `changed`: it is out, and its approved text is another one now. `id` of a letter is
    `WAVE/CONTACT/STEP`, of a post `POST/NETWORK`, of a task `decision/ID`, `checklist/NAME/LINE`,
    `promise/NUMBER`, `research/CONTACT`, `answer/CONTACT`, or the letter's own id where it is pasted by hand.
    """

    id: str
    kind: ItemKind
    state: ItemState
    zone: str
    due: datetime | None = None
    reason: str = ""
    since: datetime | None = None
    contact: str | None = None
    post: str | None = None
    network: str | None = None
    wave: str | None = None
    step: int | None = None
    owner: str | None = None
    recipient_zone: str | None = None
    why: Why | None = None
    unapproved: str = ""
    decision: str | None = None
    changed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NotPlanned:
    """A letter that will not be written, and why."""

    contact: str
    wave: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Every item at one instant, by due time (those without one last), and what is left out.

    `recipients` are the decisions behind the letters, those that are left out among them; `problems` are the
    expressions that cannot be compared with a contact.
    """

    now: datetime
    items: tuple[PlanItem, ...]
    left_out: tuple[NotPlanned, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    problems: tuple[Problem, ...] = ()
