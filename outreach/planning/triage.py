"""Answers without an outcome yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from outreach.model.event import ANSWERS, EventKind
from outreach.model.mail import KeptMessage, MailKind
from outreach.model.past import Past
from outreach.model.records import dataclass
from outreach.model.state import ContactState
from outreach.planning.status import ContactStatus

HUMAN = (MailKind.ANSWER, MailKind.WRONG_PERSON, MailKind.OPT_OUT, MailKind.DATA_REQUEST)
"""Kinds of messages that a person wrote."""
_SORTED_AS_HUMAN = ("answer", "wrong-contact", "data-request", "opt-out")


@dataclass(frozen=True, kw_only=True, slots=True)
class Untriaged:
    """A contact that answered, and what it wrote last; `at` is an aware UTC instant.

    `message` is None if the answer was noted (a call, a reply): then `kind` and `text` are the note's. `others` are
    messages that wait beside it, the latest first.
    """

    contact: str
    name: str
    at: datetime
    kind: str
    text: str
    message: KeptMessage | None = None
    others: Sequence[KeptMessage] = ()


def is_human(message: KeptMessage) -> bool:
    """Whether a person wrote it: as somebody said who sorted it, else as its kind says."""
    return message.sorted in _SORTED_AS_HUMAN if message.sorted else message.kind in HUMAN


def waiting_messages(past: Past, messages: Iterable[KeptMessage]) -> Mapping[str, Sequence[KeptMessage]]:
    """What people of each contact wrote after our last word to it, the latest first.

    Two people of one organisation may both answer, and the second does not speak for the first.
    """
    found: dict[str, list[KeptMessage]] = defaultdict(list)
    for each in sorted(messages, key=lambda message: (message.at, message.number), reverse=True):
        happened = past.contacts.get(each.contact or "")
        if happened is not None and is_human(each):
            said = [instant for instant in (happened.ours, happened.settled) if instant is not None]
            if all(each.at > instant for instant in said):
                found[happened.contact].append(each)
    return found


def untriaged(statuses: Iterable[ContactStatus], past: Past, messages: Iterable[KeptMessage]) -> list[Untriaged]:
    """Every contact that answered and has no outcome, or answered again after it; the longest waiting first."""
    in_order = sorted(messages, key=lambda each: each.at)  # a reply answers what was written, not read, last
    written = {each.contact: each for each in in_order if each.contact and is_human(each)}
    waiting = waiting_messages(past, in_order)
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
                others=[other for other in waiting.get(each.id, ()) if noted or other is not message],
            )
        )
    return sorted(found, key=lambda one: (one.at, one.contact))
