"""Emails that were sent, wherever they lie, without any mark of ours: which draft each of them may be.

A person may change recipient, subject and text of a draft before they send it, and Outlook drops every header that
would tell. So a draft that is not found is called deleted only where no such email may be it: one that is newer,
belongs to nothing that is known, and says in part what the draft said, or cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from outreach.inbox.reading import read
from outreach.inbox.subjects import bare_subject
from outreach.letters.mime import ENOUGH, pieces
from outreach.mail.draft_box import DraftBox
from outreach.model.drafts import Lying
from outreach.model.ids import LetterId
from outreach.model.records import dataclass
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS

MOST_READ = 500
"""Emails that are read at one look; where more may be it, nobody can tell."""
_CLOCKS = timedelta(hours=1)
_HIDDEN = re.compile(rb"(?i)multipart/encrypted|pkcs7-mime")


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """A draft that is neither in Drafts nor surely in Sent, there since `at` (aware UTC).

    `addresses` are those that it may have gone to (case folded), `text` what it said, None if that is not known any
    more. `answers`: it answers an email, so that what was sent may, too. `asked` is when a person last said that it was
    not sent (aware UTC): they knew of what was sent before.
    """

    letter: LetterId
    at: datetime
    addresses: frozenset[str]
    subject: str
    text: str | None
    answers: bool = False
    asked: datetime | None = None


def may_be_sent(
    missing: Sequence[Missing], unmarked: Iterable[tuple[DraftBox, Lying]], ours: frozenset[str]
) -> set[LetterId]:
    """The letters that one of these unmarked emails may be. Raises what IMAPClient raises.

    `ours` are our own addresses (case folded): what went to them alone was not sent to anybody. An email belongs to the
    letters to its recipient or with its subject; only where there are none does its text say which it may be.
    """
    found: set[LetterId] = set()
    to_read: list[tuple[DraftBox, Lying, list[Missing]]] = []
    for box, mail in unmarked:
        possible = [each for each in missing if _is_possible(mail, each)]
        if not possible or ours.issuperset(mail.head.recipients):
            continue
        if named := [each for each in possible if _is_named(mail, each)]:
            found |= {each.letter for each in named}
        else:
            to_read.append((box, mail, possible))
    return found | _alike(to_read)


def may_be_sent_as_well(
    lying: Sequence[Missing], sent: Iterable[tuple[DraftBox, Lying]], ours: frozenset[str]
) -> set[LetterId]:
    """The letters whose draft is there as before, and that one of these unmarked emails in Sent may be nevertheless.

    Such an email went to their address with their subject, or says what they say to their organisation; or it has the
    subject and the words of one of them alone. Raises what IMAPClient raises.
    """
    found: set[LetterId] = set()
    to_read: list[tuple[DraftBox, Lying, list[Missing]]] = []
    for box, mail in sent:
        if ours.issuperset(mail.head.recipients):
            continue
        possible = [each for each in lying if _is_possible(mail, each)]
        to_them = [each for each in possible if _is_to_them(mail, each)]
        named = to_them or [each for each in possible if has_subject(mail, each.subject)]
        same = {
            each.letter
            for each in to_them
            if has_subject(mail, each.subject) and not each.addresses.isdisjoint(mail.head.recipients)
        }
        found |= same
        if not same and (to_them or len(named) == 1):
            to_read.append((box, mail, named))
    return found | _alike(to_read)


def _alike(to_read: Sequence[tuple[DraftBox, Lying, list[Missing]]]) -> set[LetterId]:
    """Those that the text of an email says most of; all that are possible where nobody can tell."""
    found: set[LetterId] = set()
    if len(to_read) > MOST_READ:
        return {each.letter for _, _, possible in to_read for each in possible}
    known = {each.letter: each.text for _, _, possible in to_read for each in possible}
    parts = {letter: pieces(text) for letter, text in known.items() if text is not None}
    texts = {box: box.beginnings([mail for other, mail, _ in to_read if other is box]) for box, _, _ in to_read}
    for box, mail, possible in to_read:
        data = texts[box].get((mail.folder, mail.uid), b"")
        said = pieces(read(data).text)
        shared = {each.letter: len(parts[each.letter] & said) for each in possible if each.letter in parts}
        most = max(shared.values(), default=0)
        is_hidden = not said and _HIDDEN.search(data)
        found |= {
            each.letter
            for each in possible
            if is_hidden or each.text is None or shared[each.letter] == most > ENOUGH * len(parts[each.letter])
        }
    return found


def _is_possible(mail: Lying, draft: Missing) -> bool:
    if mail.head.answers_to and not draft.answers:
        return False  # mail programs may drop what a draft refers to, and add nothing
    if draft.asked is not None and (mail.head.at is None or mail.head.at <= draft.asked):
        return False
    return mail.head.at is None or mail.head.at >= draft.at - _CLOCKS


def _is_named(mail: Lying, draft: Missing) -> bool:
    return _is_to_them(mail, draft) or has_subject(mail, draft.subject)


def _is_to_them(mail: Lying, draft: Missing) -> bool:
    domains = {each.rpartition("@")[2] for each in draft.addresses} - FREE_MAIL - SHARED_HOSTS
    return any(each in draft.addresses or each.rpartition("@")[2] in domains for each in mail.head.recipients)


def has_subject(mail: Lying, subject: str) -> bool:
    """Whether a message has that subject, or an answer's."""
    return bool(subject) and bare_subject(mail.head.subject) == bare_subject(subject)
