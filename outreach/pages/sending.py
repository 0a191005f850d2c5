"""What a run of `send` would do or did: as a JSON object, and as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NotRequired, TypedDict

from outreach.model.action import Action, ActionResult
from outreach.model.campaign import Campaign, MailAccount, Transport
from outreach.model.ids import LetterId
from outreach.pages.groups import Grouping, Held, emails, named, some_names, span
from outreach.words.said_time import said_moment

MOST_NAMED = 12


class ActionObject(TypedDict):
    """What became of a letter or post. `receipt` is the proof of what is done: a Message-ID, a URI."""

    id: str
    kind: str
    result: ActionResult
    reason: str
    receipt: str | None


class ActionsObject(TypedDict):
    """`note` says what is not known of other computers, where they were asked."""

    actions: list[ActionObject]
    note: NotRequired[str]


def actions_object(actions: Iterable[Action], note: str = "") -> ActionsObject:
    """The object of `send --json` and `publish --json`; `note` is there where other computers were asked about."""
    found: ActionsObject = {
        "actions": [
            {
                "id": action.id,
                "kind": action.kind,
                "result": action.result,
                "reason": action.reason,
                "receipt": action.receipt,
            }
            for action in actions
        ]
    }
    return {**found, "note": note} if note else found


def would_send(campaign: Campaign, planned: Iterable[Action], names: Mapping[str, str], now: datetime) -> str:
    """`Preview: 3 emails from ... through ..., to EFF and FSFE, the last about 10:03. Nothing was sent.`

    `names` are those of the contacts, by id.
    """
    planned = list(planned)
    account = campaign.accounts.mail
    letters = [LetterId.parse(action.id) for action in planned]
    writing = {wave.id: campaign.sender_of(wave).email for wave in campaign.waves}
    senders = dict.fromkeys(writing.get(letter.wave, campaign.sender.email) for letter in letters)
    sender = " and ".join(senders) or campaign.sender.email
    real = f" through {account.host}" if account.transport is Transport.SMTP else ""
    ids = [letter.contact for letter in letters]
    to = some_names([names.get(id, id) for id in ids], MOST_NAMED)
    last = max((action.due for action in planned if action.due), default=now)
    lasts = f", the last about {span([last], now, campaign.timezone)}" if last > now else ""
    said = f"Preview: {emails(len(planned))} from {sender}{real}, to {to}{lasts}. Nothing was sent."
    if account.transport is Transport.OUTBOX:
        return f"{said} No mailbox is connected: --go saves them in outbox/ and sends nothing."
    if account.transport is Transport.IMAP_DRAFTS:
        return f"{said} --go puts them into your drafts; you send them yourself."
    return said


def through(account: MailAccount) -> str:
    """The way that letters take, in words."""
    if account.transport is Transport.OUTBOX:
        return "the folder outbox/ (nothing is sent)"
    if account.transport is Transport.IMAP_DRAFTS:
        return "the drafts of your mailbox (you send them yourself)"
    return account.host or "the mail server"


def what_go_does(account: MailAccount) -> str:
    """What becomes of emails that were approved, and which command does it."""
    if account.transport is Transport.IMAP_DRAFTS:
        by = "`outreach send --go`, or `outreach run --go` while it runs here,"
        return f"{by} puts them into your drafts. You send them yourself."
    return "They go out with `outreach send --go`, or by themselves while `outreach run --go` runs here."


def why_nothing(actions: Iterable[Action], now: datetime, moment: datetime | None, timezone: str) -> str:
    """One sentence why nothing goes out now, below the lines that say what each email waits for.

    `moment` is when the next one that only waits may go out (aware UTC).
    """
    held = [action for action in actions if action.reason and action.result is ActionResult.HELD]
    if not held and any(action.result is ActionResult.MISSED for action in actions):
        return "Nothing goes out: the rest is too late. To send it anyway, add --late."
    if not held:
        return "There are no more emails to send."
    if moment is None or not any(action.only_waits for action in held):
        return "Nothing goes out now."
    weekday, *_, time, label = said_moment(now, timezone).split(" ")
    return f"Nothing goes out now ({weekday} {time} {label}). The next email: {said_moment(moment, timezone)}."


def result_lines(actions: Iterable[Action], account: MailAccount, grouping: Grouping, *, each: bool) -> Iterator[str]:
    """A line per letter that was tried; those that wait are said by wave and reason, unless `each` is asked for."""
    waiting = []
    for action in actions:
        who = named(action.id, grouping.names)
        if action.result is ActionResult.DONE:
            yield f"  {who}  {_done(account)}  {action.receipt}"
        elif action.result in (ActionResult.FAILED, ActionResult.UNKNOWN) or (
            each and action.result is not ActionResult.PLANNED
        ):
            yield f"  {who}  {action.result}: {action.reason}"
        elif action.result is not ActionResult.PLANNED:
            waiting.append(
                Held(
                    id=action.id,
                    state=str(action.result),
                    reason=action.reason,
                    due=action.due,
                    only_waits=action.only_waits,
                    decision=action.decision,
                )
            )
    yield from (f"  {line}" for line in grouping.lines(waiting))


def _done(account: MailAccount) -> str:
    """Whoever took it: never more than what is known."""
    if account.transport is Transport.OUTBOX:
        return "saved in outbox/, not sent"
    return "saved in your drafts, not sent" if account.transport is Transport.IMAP_DRAFTS else "accepted"


def why_stopped(actions: Iterable[Action], stopped: str) -> str:
    """Why a run ended early, without what a line already says of an email: then only what helps is left, or ""."""
    failed = [each.reason for each in actions if each.result is ActionResult.FAILED]
    said = next((reason for reason in failed if stopped.startswith(reason)), "")
    return stopped.removeprefix(said).lstrip(". ") if said else f"Stopped: {stopped}"


def summary(actions: Iterable[Action], account: MailAccount) -> str:
    """`3 accepted by your mail server, 1 not sent, 2 held.`"""
    by = " by your mail server" if account.transport is Transport.SMTP else ""
    counts = Counter(action.result for action in actions)
    words = {
        ActionResult.DONE: f"{_done(account)}{by}",
        ActionResult.FAILED: "not sent",
        ActionResult.UNKNOWN: "unknown",
        ActionResult.HELD: "waiting",
        ActionResult.MISSED: "missed",
    }
    said = [f"{counts[result]} {word}" for result, word in words.items() if counts[result]]
    return f"{', '.join(said) or 'nothing to send'}."
