"""What the mailbox said: as JSON objects, and as lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypedDict

from outreach.model.mail import KeptMessage, MailKind, Matched, Proposal, Sorted, SortWord
from outreach.pages.json_schema import Count, Instant
from outreach.planning.chasing import Chase, ChaseReason
from outreach.words.wall_time import zone

_SAID = {
    MailKind.ANSWER: ("answer", "answers"),
    MailKind.WRONG_PERSON: ("answer that names another address", "answers that name another address"),
    MailKind.OPT_OUT: ("opt-out", "opt-outs"),
    MailKind.DATA_REQUEST: ("request for their data", "requests for their data"),
    MailKind.NOT_FOR_US: ("message about something else", "messages about something else"),
    MailKind.AUTOMATIC: ("automatic reply", "automatic replies"),
    MailKind.TICKET: ("ticket system's receipt", "ticket systems' receipts"),
    MailKind.CHALLENGE: ("request to confirm", "requests to confirm"),
    MailKind.HARD_BOUNCE: ("bounce", "bounces"),
    MailKind.SOFT_BOUNCE: ("bounce of a full or slow mailbox", "bounces of full or slow mailboxes"),
    MailKind.DELAYED: ("notice of a delay", "notices of delays"),
    MailKind.OURS: ("reply of ours", "replies of ours"),
}


def kinds_line(kinds: Counter[MailKind]) -> str:
    """`2 answers, 1 bounce`; "nothing new" for none."""
    said = [f"{kinds[kind]} {_SAID[kind][kinds[kind] != 1]}" for kind in MailKind if kinds[kind]]
    return ", ".join(said) or "nothing new"


class MatchedObject(TypedDict):
    """A message that found its contact; `rule` says what told its kind, `rung` what told its contact."""

    kind: MailKind
    proposed: Proposal | None
    rule: str
    contact: str
    wave: str | None
    step: int | None
    rung: str


def matched_object(sorted_: Sorted, matched: Matched) -> MatchedObject:
    """A message that found its contact: what it is, whose, and by which rung of the ladder."""
    return {
        "kind": sorted_.kind,
        "proposed": sorted_.proposal,
        "rule": sorted_.rule,
        "contact": matched.contact,
        "wave": matched.wave,
        "step": matched.step,
        "rung": matched.rung,
    }


FromObject = TypedDict("FromObject", {"from": str})


class MessageObject(FromObject):
    """A message that is kept; `proposed` is what it seems to be, `sorted` what a person said that it is."""

    id: str
    kind: MailKind
    proposed: Proposal | None
    sorted: SortWord | None
    rule: str
    rung: str | None
    contact: str | None
    subject: str
    at: Instant
    place: str
    text: str


def message_object(message: KeptMessage, timezone: str) -> MessageObject:
    """A message that was kept."""
    return {
        "id": f"m{message.number}",
        "kind": message.kind,
        "proposed": message.proposal,
        "sorted": message.sorted,
        "rule": message.rule,
        "rung": message.rung,
        "contact": message.contact,
        "from": message.sender,
        "subject": message.subject,
        "at": message.at.astimezone(zone(timezone)).isoformat(),
        "place": message.place,
        "text": message.text,
    }


def message_lines(messages: Iterable[KeptMessage], timezone: str) -> Iterator[str]:
    """Each message: its number, day, sender and subject, and what was written below."""
    for message in messages:
        day = message.at.astimezone(zone(timezone))
        whose = f"  {message.contact}" if message.contact else ""
        yield f"  m{message.number}  {day.day} {day:%b}{whose}  {message.sender}: {message.subject}"
        seems = (
            f". Is it? outreach sort {message.name} {message.proposal}"
            if message.proposal and not message.sorted
            else ""
        )
        what = f"{message.sorted}, as you said" if message.sorted else str(message.kind)
        yield f"      {what} ({message.rung or 'no contact yet'}; {message.rule}){seems}"
        yield from (f"      > {line}" for line in message.text.splitlines()[:6] if line.strip())


class ChaseObject(TypedDict):
    """Somebody to chase; `letter` and `draft` are those of a follow-up, `last_word` is what they wrote last."""

    contact: str
    tier: int | None
    what: ChaseReason
    since: Instant | None
    working_days: Count
    letter: str | None
    draft: str | None
    last_word: str


def chase_object(chase: Chase, timezone: str) -> ChaseObject:
    """Somebody to chase."""
    return {
        "contact": chase.contact,
        "tier": chase.tier,
        "what": chase.what,
        "since": chase.since.astimezone(zone(timezone)).isoformat() if chase.since else None,
        "working_days": chase.working_days,
        "letter": chase.letter,
        "draft": chase.draft,
        "last_word": chase.last_word,
    }


def chase_lines(chases: Iterable[Chase]) -> Iterator[str]:
    """Whom to chase, why, and with what."""
    for chase in chases:
        tier = "-" if chase.tier is None else str(chase.tier)
        days = f"{chase.working_days} working day{'' if chase.working_days == 1 else 's'}"
        answered = f"your turn: they answered {f'{days} ago' if chase.working_days else 'today'}"
        yield f"  {tier:>2}  {chase.contact}  {answered if chase.what == 'answer' else f'follow-up after {days}'}"
        if chase.last_word:
            yield from (f"        > {line}" for line in chase.last_word.splitlines()[:3] if line.strip())
        if chase.letter:
            yield f"        {chase.letter}" + (
                f", drafted in {chase.draft} by `outreach draft`" if chase.draft else " by hand"
            )
