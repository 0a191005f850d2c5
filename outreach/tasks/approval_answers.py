"""Answers to `approve --ask`, as `sync` reads them: "OK 7F3K" approves what was asked, anything else is for a person.

An OK counts once, until the end of the day that was named, while every text is still what was asked about, and only
from the address that was asked, as far as the mailbox can tell: where the server that took the message in says that its
sender is forged (`Authentication-Results`, RFC 8601), it approves nothing. It says nothing but the code; whoever adds a
word may mean "but not like this".
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from outreach.errors import FrozenBytesLost, NothingToApprove, UnknownName
from outreach.inbox.authentication import findings, is_doubted, names_only
from outreach.inbox.following import KEPT
from outreach.inbox.quoting import is_first_or_below_marks
from outreach.inbox.reading import read
from outreach.ledger.blobs import kept
from outreach.mail.mailbox import Letterhead
from outreach.model.event import Event, EventKind
from outreach.model.mail import Incoming, KeptMessage, MailKind
from outreach.model.payload import PlainPayload
from outreach.model.records import dataclass
from outreach.tasks.world import Session
from outreach.words.phrases import phrases
from outreach.words.wall_time import zone

if TYPE_CHECKING:
    from outreach.tasks.approving import ApprovalResult

_CODE = re.compile(r"\[Approval ([2-9A-HJKMNP-Z]{4})\]", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """What somebody was asked: `items` are ids with digests, `used` whether it was answered by an OK."""

    code: str
    to: str
    by: date | None
    digest: str
    used: bool

    def is_over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return self.by is not None and day > self.by


def asks(opened: Session) -> dict[str, Ask]:
    """Everything that was asked, by its code; of a code that was drawn twice the later one."""
    used = {event.payload.stored()[0] for event in opened.ledger.of_kind(EventKind.APPROVAL_ANSWERED)}
    found = {}
    for event in opened.ledger.of_kind(EventKind.APPROVAL_ASKED):
        code, digest = event.payload.stored()
        if code and digest:
            found[code] = Ask(code=code, to=event.address or "", by=event.due, digest=digest, used=digest in used)
    return found


def first_asked(opened: Session) -> datetime | None:
    """When something was first asked for that nobody answered; no answer can be older."""
    return min((event.at for event in opened.ledger.of_kind(EventKind.APPROVAL_ASKED)), default=None)


class Asks:
    """The questions of one campaign, and what becomes of messages that answer them."""

    def __init__(self, opened: Session) -> None:
        self._opened = opened
        self._by_code = asks(opened)
        self._by_message: dict[str, str] = {}
        self._items: dict[str, dict[str, str]] = {}
        for code, ask in self._by_code.items():
            with suppress(FrozenBytesLost, ValueError, KeyError, AttributeError):
                told = json.loads(kept(opened.root, ask.digest))
                self._by_message[told["message"]] = code
                self._items[code] = dict(told["items"])

    def about(self, mail: Incoming) -> Ask | None:
        """The question that a message is about: it answers it, or has its code in the subject."""
        for id in mail.answers_to:
            if id in self._by_message:
                return self._by_code[self._by_message[id]]
        code = _CODE.search(mail.subject) if self._by_code else None
        return self._by_code.get(code[1].upper()) if code else None

    def take(self, mail: Incoming, head: Letterhead, server: str | None = None) -> MailKind | None:
        """Store an answer, with the approval that follows; None for a message that is none, or is known.

        `server` is the name by which the mailbox's server signs what it finds out about senders. Raises what the ledger
        raises.
        """
        ask, record = self.about(mail), self._opened.ledger.mail()
        if ask is None or head.is_sent or record.knows(mail.message_id):
            return None
        with suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
            mail = read(head.whole())
        doubt = f"your mail server says that it may not be from {mail.sender}"
        if not is_doubted(findings(head.head, server)):
            doubt = "" if names_only(head.head, mail.sender) else "its From: does not name one address alone"
        why_not, result = self._judged(ask, mail, doubt)
        approves = result is not None
        rule = f"approved by {mail.sender}: OK {ask.code}" if approves else f"to what you asked ({ask.code}): {why_not}"
        message = KeptMessage(
            key=mail.message_id,
            place=head.place,
            kind=MailKind.OURS if approves else MailKind.ANSWER,
            rule=rule,
            rung=None,
            contact=None,
            at=min(mail.at or self._opened.now, self._opened.now),
            sender=mail.sender,
            subject=mail.subject[:300],
            text=(mail.own_text or mail.text)[:KEPT],
            references=mail.references,
        )
        with self._opened.ledger.writing():
            number = record.keep(message, self._used(ask) if approves else (), self._opened.now)
            if number is not None and result is not None:
                from outreach.tasks.approving import record_approval  # and all that renders: answers are few

                record.sort(number, "not-for-us", ())  # it needs nobody
                record_approval(replace(self._opened, by=ask.to), result)
        self._by_code[ask.code] = replace(ask, used=ask.used or approves)
        return message.kind

    def _used(self, ask: Ask) -> tuple[Event, ...]:
        payload = PlainPayload(name=ask.digest, value=ask.code)
        return (self._opened.event(EventKind.APPROVAL_ANSWERED, payload, address=ask.to),)

    def _judged(self, ask: Ask, mail: Incoming, doubt: str) -> tuple[str, ApprovalResult | None]:
        """Why a message approves nothing, or what it approves."""
        from outreach.tasks.asking_approval import may_approve

        today = self._opened.now.astimezone(zone(self._opened.campaign.timezone)).date()
        if mail.sender != ask.to:
            return f"{ask.to} was asked, and this came from {mail.sender}", None
        if not may_approve(self._opened.campaign, ask.to):
            return f"{ask.to} is no longer in your team", None
        if doubt:
            return doubt, None
        if mail.from_daemon or mail.headers.get("auto-submitted", "no").casefold() != "no":
            return "it was sent by a machine", None
        if not says_ok(mail, ask.code):
            return f"it says something other than OK {ask.code}", None
        if ask.used:
            return "the code was used before", None
        if ask.is_over(today):
            return f"the answer was to come by {ask.by}", None
        return self._still(ask)

    def _still(self, ask: Ask) -> tuple[str, ApprovalResult | None]:
        """What was asked about, if every text is still the same."""
        from outreach.letters.approving import Verdict
        from outreach.tasks.approving import reviewed

        items = self._items.get(ask.code, {})
        changed = "a text changed since you asked, so ask again", None
        try:
            result = reviewed(replace(self._opened, by=ask.to), items)
        except (UnknownName, NothingToApprove):
            return changed
        now = {each.id: each.letter.letter.digest for each in result.letters if each.letter is not None}
        now |= {each.post.id: each.post.digest for each in result.posts}
        refused = Verdict.REFUSED in result.verdicts
        if refused or not items or any(now.get(id) != digest for id, digest in items.items()):
            return changed
        # A reviewer's OK is beside one that is there already: the last one who approved is who is asked about.
        letters = tuple(replace(each, verdict=Verdict.APPROVED) for each in result.letters if each.id in items)
        posts = tuple(replace(each, verdict=Verdict.APPROVED) for each in result.posts if each.post.id in items)
        return "", replace(result, letters=letters, posts=posts, unfit=(), out=())


def says_ok(mail: Incoming, code: str) -> bool:
    """Whether the message says `OK CODE` and nothing else but a closing and the sender's name."""
    lines = [line for each in mail.own_text.splitlines() if (line := " ".join(each.split()))]
    if not lines or not re.fullmatch(rf"ok[ :,-]*{re.escape(code)}[.!]?", lines[0], re.IGNORECASE):
        return False
    if not is_first_or_below_marks(mail.text or mail.own_text):
        return False
    closings = {each.casefold() for each in phrases("texts", "closing")}
    name = set(re.findall(r"\w+", f"{mail.sender_name} {mail.sender.partition('@')[0]}".casefold()))
    return all(
        line.casefold().rstrip(",.! ") in closings
        or not line.strip("-_=*")
        or set() < set(re.findall(r"\w+", line.casefold())) <= name
        for line in lines[1:]
    )
