"""Answers without an outcome yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from outreach.model.event import ANSWERS, EventKind
from outreach.model.mail import KeptMessage, MailKind
from outreach.model.past import Past
from outreach.model.records import dataclass
from outreach.model.state import ContactState
from outreach.planning.status import ContactStatus

HUMAN = (MailKind.ANSWER, MailKind.WRONG_PERSON, MailKind.OPT_OUT, MailKind.DATA_REQUEST)
"""Kinds of messages that a person wrote."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Untriaged:
    """A contact that answered, and what it wrote last; `at` is an aware UTC instant.

    `message` is None where the answer was noted (a call, a reply): then `kind` and `text` are the note's.
    """

    contact: str
    name: str
    at: datetime
    kind: str
    text: str
    message: KeptMessage | None = None


def untriaged(statuses: Iterable[ContactStatus], past: Past, messages: Iterable[KeptMessage]) -> list[Untriaged]:
    """Every contact that answered and has no outcome, or answered again after it; the longest waiting first."""
    in_order = sorted(messages, key=lambda each: each.at)  # a reply answers what was written, not read, last
    written = {each.contact: each for each in in_order if each.contact and each.kind in HUMAN}
    found = []
    for each in statuses:
        happened = past.contacts.get(each.id)
        if each.state is not ContactState.ANSWERED or happened is None or happened.answered is None:
            continue
        last = happened.last
        again = last is not None and last.kind in ANSWERS
        if happened.outcome is not None and not again:
            continue
        message = written.get(each.id)
        noted = last if again and last is not None and last.kind is not EventKind.ANSWERED else None
        found.append(
            Untriaged(
                contact=each.id,
                name=each.name,
                at=happened.answered,
                kind=str(noted.kind if noted else message.kind if message else EventKind.ANSWERED),
                text=(noted.text if noted else message.text if message else each.last and each.last.text) or "",
                message=None if noted else message,
            )
        )
    return sorted(found, key=lambda waiting: (waiting.at, waiting.contact))
