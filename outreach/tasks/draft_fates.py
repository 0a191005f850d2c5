"""What became of the drafts in our mailbox: still there, sent as they were, sent after editing, deleted, or unknown.

A draft is looked for by its Message-ID, by References and by our header, in Sent, then in Drafts, then everywhere;
last, since Gmail and Outlook may drop all three, by recipient, subject and text among what was sent since and put
anywhere, also where the draft is there as before. Each folder is read once for all of them. Only a draft that is in the
trash, or nowhere in a mailbox that has not been renumbered, is called deleted; what is unclear is unknown, and stays
held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from outreach.connections.secrets import Secrets
from outreach.history.address_marks import unsealed
from outreach.history.reducers import DRAFTS
from outreach.inbox.html_words import text_of_html
from outreach.inbox.reading import read
from outreach.ledger.blobs import kept_if_there
from outreach.letters.mime import ENOUGH, content_of_message, differences, pieces
from outreach.model.campaign import MailAccount
from outreach.model.drafts import Lying, Place
from outreach.model.event import WRITTEN_AS_DRAFT, Event, EventKind
from outreach.model.ids import REPLY, LetterId
from outreach.model.mail import Fate, KeptMessage, MailKind
from outreach.model.past import Approval, SentLetter
from outreach.model.payload import DraftPayload, LetterPayload, Payload
from outreach.model.records import dataclass
from outreach.planning.world import World
from outreach.tasks.sent_unmarked import Missing, has_subject, may_be_sent, may_be_sent_as_well
from outreach.tasks.world import Session

if TYPE_CHECKING:
    from outreach.mail.draft_box import DraftBox

SENT = "sent"
"""The `via` of the receipt of a draft that somebody sent."""
_A_DRAFT = "a draft that you sent"
_CLOCKS = timedelta(minutes=2)
_WRONG_CLOCKS = timedelta(hours=1)
"""By how much a clock may be wrong before a copy that seems older than its draft is certainly another email."""
_SEEN = (Fate.THERE, Fate.SENT, Fate.EDITED)


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftFate:
    """One draft, and what became of it; `copy` is what was sent, `changes` a unified diff of what was edited.

    `letter` is what the ledger calls it, under the contact's former id where it was renamed since; `shown` the present.
    """

    letter: LetterId
    shown: LetterId
    known: SentLetter
    fate: Fate
    copy: Lying | None = None
    changes: str = ""

    @property
    def in_words(self) -> str:
        """What is known now, as people read it."""
        return {
            Fate.THERE: "its draft is in your mailbox again",
            Fate.SENT: "you sent its draft as it was",
            Fate.EDITED: "you edited its draft and sent it",
            Fate.DELETED: f"you deleted its draft; to write it again: outreach confirm {self.shown} --not-sent",
            Fate.UNKNOWN: f"its draft is gone, and may have been sent; say which: outreach confirm {self.shown}",
        }[self.fate]


def draft_fates(opened: Session, world: World, secrets: Secrets) -> list[DraftFate]:
    """What became of every draft that nobody is known to have sent. Raises MailboxUnreadable, SecretsUnusable."""
    open_ones = [
        (letter.id_of(past.contact), letter)
        for past in opened.ledger.past().contacts.values()
        for letter in past.letters
        if letter.kind in WRITTEN_AS_DRAFT or (letter.kind is EventKind.IN_DOUBT and letter.via == DRAFTS)
    ]
    campaign, account = opened.campaign, opened.campaign.sending_account
    if not open_ones or account.inbox is None or not account.inbox.imap:
        return []
    from outreach.mail.draft_box import open_box  # few campaigns leave their emails in drafts

    present = {was: each.id for each in world.contacts for was in each.was} | {
        each.id: each.id for each in world.contacts
    }
    emails = {each.id: {channel.address.casefold() for channel in each.emails} for each in world.contacts}
    senders = {each.id: campaign.sender_of(each).email for each in campaign.waves}
    letters, ours = [letter for _, letter in open_ones], _our_addresses(opened)
    with ExitStack() as stack:
        boxes = [(each, stack.enter_context(open_box(each, opened.root, secrets))) for each in account.with_drafts()]
        looks = [(each, _Looking(opened, box, letters, ours, emails, present)) for each, box in boxes]
        own = {id: account.with_drafts_of(senders.get(id.wave, campaign.sender.email)) for id, _ in open_ones}
        fates = [_fate(looks, own[id], id, letter) for id, letter in open_ones]
        doubts = _may_be_sent(opened, [look for _, look in looks], fates, ours)
    fates = [replace(each, fate=Fate.UNKNOWN) if each.letter in doubts else each for each in fates]
    taken = Counter((each.copy.folder, each.copy.uid) for each in fates if each.copy is not None)
    return [  # two drafts are not one email that was sent
        replace(each, fate=Fate.UNKNOWN, copy=None, changes="")
        if each.copy is not None and taken[each.copy.folder, each.copy.uid] > 1
        else each
        for each in fates
    ]


def _fate(looks: list[tuple[MailAccount, _Looking]], own: MailAccount, id: LetterId, letter: SentLetter) -> DraftFate:
    """By the mailbox of the sender; where it is not in it, it may be in that of a former one."""
    found = next(look.fate(id, letter) for each, look in looks if each == own)
    if found.fate in _SEEN:
        return found
    others = (look.fate(id, letter) for each, look in looks if each != own)
    return next((each for each in others if each.fate in _SEEN), found)


def _our_addresses(opened: Session) -> frozenset[str]:
    """Our own addresses and domains (case folded)."""
    campaign, account = opened.campaign, opened.campaign.accounts.mail
    users = [account.user, *(each.user for each in account.inboxes)]
    ours = [*(each.email for each in campaign.everybody), *(each or "" for each in users), *campaign.team]
    return frozenset(each.casefold() for each in ours)


def _may_be_sent(opened: Session, looks: list[_Looking], fates: list[DraftFate], ours: frozenset[str]) -> set[LetterId]:
    """Those that would be called deleted from now on, or lie there, and that some email without a mark may be."""
    new = {
        each.letter for each in fates if each.fate is Fate.DELETED and each.known.kind is not EventKind.DRAFT_DELETED
    }
    there = [each for each in fates if each.fate is Fate.THERE]
    copies = [each.copy for each in fates if each.copy is not None]
    before = [each for each in opened.ledger.mail().messages() if each.rule == _A_DRAFT]
    places = {_place(each) for each in copies} | {each.place for each in before}
    ids = {each.head.message_id for each in copies} | {each.key for each in before}  # Gmail has a message in each label

    def others(unmarked: Callable[[_Looking], list[Lying]]) -> list[tuple[DraftBox, Lying]]:
        found = [(look.box, each) for look in looks for each in unmarked(look)]
        return [
            (box, each)
            for box, each in found
            if _place(each) not in places and (each.place is Place.SENT or each.head.message_id not in ids)
        ]

    missing = [looks[0].missing(each) for each in fates if each.fate in (Fate.DELETED, Fate.UNKNOWN)]
    doubts = new & may_be_sent(missing, others(_Looking.unmarked), ours) if new else set()
    lying = [looks[0].missing(each) for each in there]
    return doubts | may_be_sent_as_well(lying, others(_Looking.sent_unmarked), ours)


class _Looking:
    """One look at a mailbox for drafts; what was sent is read once."""

    def __init__(
        self,
        opened: Session,
        box: DraftBox,
        letters: list[SentLetter],
        ours: frozenset[str],
        emails: Mapping[str, set[str]],
        present: Mapping[str, str],
    ) -> None:
        """`ours` are our own addresses, `emails` those of each contact (all case folded), `present` is a contact's id
        by all that it ever had.
        """
        self._opened = opened
        self._emails, self._present = emails, present
        self.box = box
        self._written, self._asked = _times(opened)
        self._since = min([*(letter.at for letter in letters), *self._written.values()]) - timedelta(days=1)
        self._keys = opened.keys
        self._ours = {unsealed(letter.message_id or "", self._keys) for letter in letters}
        self._digests, self._approvals = opened.ledger.sent_digests(), opened.ledger.past().approvals
        self._from = [each for each in ours if "@" in each and each.isascii()]

    def fate(self, id: LetterId, letter: SentLetter) -> DraftFate:
        """What became of one draft."""
        name, digest = unsealed(letter.message_id or "", self._keys), letter.digest

        def said(fate: Fate) -> DraftFate:
            return self._said(id, letter, fate)

        # Sent comes first: some programs leave the draft where it was, or move it to the trash, when they send it.
        sent, filed = self._sent, self._filed
        for each in sent or ():
            if each.is_of(name, digest):
                return self._as_sent(id, letter, each)
        found = [each for each in filed if each.is_version_of(name, digest or "")]
        if there := self.box.of(name, digest):
            fate = Fate.UNKNOWN if any(each.may_be_copy(self._asked.get(id)) for each in found) else Fate.THERE
            at = f"{self.box.validity}:{there[0].uid}"  # after a doubt neither is known any more
            known = replace(letter, digest=digest or there[0].digest, place=at)
            return self._said(id, replace(known, said=letter.said or there[0].head.subject), fate)
        if copy := next((each for each in found if each.is_sent), None):
            return self._as_sent(id, letter, copy)
        # No mark of ours is left on what is in Drafts or Sent: mail programs may drop them all.
        to_them = [each for each in sent or () if self._may_be(each, id, letter)]
        same = [each for each in to_them if has_subject(each, letter.said or "")]
        if len(same) == 1 and len(to_them) == 1 and self._is_surely(id, letter, same[0]):
            return self._as_sent(id, letter, same[0])
        if any(each.is_left and each.is_draft for each in found):
            return said(Fate.THERE)  # moved to another folder, where it is a draft as before
        drafts = [*self.box.lying, *(each for each in filed if each.is_moved)]
        edited = [each for each in drafts if self._may_be(each, id, letter)]
        if any(has_subject(each, letter.said or "") for each in edited):
            return said(Fate.THERE)
        astray = any(self._went_astray(each, letter) for each in (*(sent or ()), *self.box.lying))
        early = any(
            self._may_be(each, id, letter, _WRONG_CLOCKS) and has_subject(each, letter.said or "")
            for each in sent or ()
        )
        if to_them or edited or astray or early or sent is None or any(not each.is_draft for each in found):
            return said(Fate.UNKNOWN)
        was_there = letter.kind is not EventKind.IN_DOUBT  # else what was unclear stays so
        is_gone = was_there and (letter.place == "" or self.box.is_there(letter.place) is False)
        return said(Fate.DELETED if found or is_gone else Fate.UNKNOWN)  # found: it is in the trash

    def missing(self, fate: DraftFate) -> Missing:
        """What is known of a draft that is not found."""
        known = fate.known
        return Missing(
            letter=fate.letter,
            at=min(known.at, self._written.get(fate.letter, known.at)),
            asked=self._asked.get(fate.letter),
            addresses=frozenset(self._addresses(fate.letter, known)),
            subject=known.said or "",
            text=self._text(fate.letter, known),
            answers=fate.letter.step > 0 or fate.letter.wave == REPLY,
        )

    def unmarked(self) -> list[Lying]:
        """What was sent since, is in Drafts, or was filed by a person, without a mark of any draft of ours."""
        filed = [each for each in self._filed if each.is_left and each.place is not Place.SENT]
        return self._without_marks([*(self._sent or ()), *self.box.lying, *filed])

    def sent_unmarked(self) -> list[Lying]:
        """What was sent since without a mark of any draft of ours, wherever it was put."""
        filed = [each for each in self._filed if not each.is_draft and each.place is not Place.SENT]
        return self._without_marks([*(self._sent or ()), *filed])

    def _without_marks(self, found: list[Lying]) -> list[Lying]:
        return [each for each in found if not each.digest and each.head.message_id not in self._ours]

    @cached_property
    def _sent(self) -> list[Lying] | None:
        return self.box.sent_since(self._since.date())

    @cached_property
    def _filed(self) -> list[Lying]:
        return self.box.filed_since(self._since.date(), self._from)

    def _may_be(self, each: Lying, id: LetterId, letter: SentLetter, clocks: timedelta = _CLOCKS) -> bool:
        """Whether a message without any mark of ours goes to the same address, and is not older than the draft.

        Of a draft that another computer wrote no address is known: it may have gone to any of the contact's.
        """
        return not self._addresses(id, letter).isdisjoint(each.head.recipients) and self._is_unmarked(
            each, letter, clocks
        )

    def _addresses(self, id: LetterId, letter: SentLetter) -> set[str]:
        if letter.address:
            return {letter.address.casefold()}
        return self._emails.get(self._present.get(id.contact, id.contact), set())

    def _went_astray(self, each: Lying, letter: SentLetter) -> bool:
        """Whether a message without any mark of ours has its subject and goes to somebody who is not a contact."""
        is_theirs = any(not emails.isdisjoint(each.head.recipients) for emails in self._emails.values())
        return not is_theirs and has_subject(each, letter.said or "") and self._is_unmarked(each, letter)

    def _is_unmarked(self, each: Lying, letter: SentLetter, clocks: timedelta = _CLOCKS) -> bool:
        is_other = bool(each.digest) or each.head.message_id in self._ours
        return not is_other and (each.head.at is None or each.head.at >= letter.at - clocks)

    def _is_surely(self, id: LetterId, letter: SentLetter, copy: Lying) -> bool:
        """Whether a message to them with its subject is the letter: one that was in doubt has to say what it said."""
        if letter.kind is not EventKind.IN_DOUBT:
            return True
        ours = self._text(id, letter)
        said = pieces(read(self.box.whole(copy)).text)
        return ours is not None and len(pieces(ours) & said) > ENOUGH * len(pieces(ours))

    def _text(self, id: LetterId, letter: SentLetter) -> str | None:
        frozen = self._frozen(id, letter)
        return content_of_message(frozen, frozen=True).text if frozen is not None else None

    def _frozen(self, id: LetterId, letter: SentLetter) -> bytes | None:
        """What was written; of a letter in doubt what was tried, or is approved."""
        digest = letter.digest or self._digests.get(id) or self._approvals.get(str(id), Approval()).digest
        return kept_if_there(self._opened.root, digest or "")

    def _as_sent(self, id: LetterId, letter: SentLetter, copy: Lying) -> DraftFate:
        frozen = kept_if_there(self._opened.root, copy.digest) or self._frozen(id, letter)
        if frozen is None:
            return self._said(id, letter, Fate.SENT, copy)
        ours = content_of_message(frozen, frozen=True)
        theirs = content_of_message(self.box.whole(copy), text_of_html=text_of_html)
        changes = differences(ours, theirs)
        return self._said(id, letter, Fate.EDITED if changes else Fate.SENT, copy, changes)

    def _said(
        self, id: LetterId, letter: SentLetter, fate: Fate, copy: Lying | None = None, changes: str = ""
    ) -> DraftFate:
        shown = replace(id, contact=self._present.get(id.contact, id.contact))
        return DraftFate(letter=id, shown=shown, known=letter, fate=fate, copy=copy, changes=changes)


def _times(opened: Session) -> tuple[dict[LetterId, datetime], dict[LetterId, datetime]]:
    """When each draft was first put there, and when a person last said that it was not sent (aware UTC).

    A doubt has the time of its own event, and what was sent before is still what it is about.
    """
    ledger = opened.ledger
    events = sorted(
        [*ledger.of_kind(EventKind.IN_DRAFTS), *ledger.of_kind(EventKind.RESOLVED)], key=lambda each: each.number
    )
    written: dict[LetterId, datetime] = {}
    asked: dict[LetterId, datetime] = {}
    for event in events:
        if event.wave is None or event.contact is None:
            continue
        id = LetterId(wave=event.wave, contact=event.contact, step=event.step or 0)
        if event.kind is EventKind.RESOLVED:
            asked[id] = event.at
            written.pop(id, None)
        else:
            written.setdefault(id, event.at)
    return written, asked


def _place(each: Lying) -> str:
    return f"{each.folder};UID={each.uid}"


def record_fates(opened: Session, fates: list[DraftFate]) -> list[DraftFate]:
    """Write down what is new; these fates."""
    new = []
    for each in fates:
        if not any(_events(opened, each)):
            continue
        new.append(each)
        with opened.ledger.writing():
            events = list(_events(opened, each))
            if each.copy is None:
                opened.ledger.append_all(events)
                continue
            at = _sent_at(opened, each)
            message = KeptMessage(
                key=each.copy.head.message_id,
                place=_place(each.copy),
                kind=MailKind.OURS,
                rule=_A_DRAFT,
                rung="its own copy",
                contact=each.letter.contact,
                at=at,
                sender=each.copy.head.sender,
                subject=each.copy.head.subject[:300],
                text="",
            )
            if opened.ledger.mail().keep(message, events, opened.now) is None:
                opened.ledger.append_all(events)
            proof, to = each.known.message_id or "", each.known.address
            receipt = opened.receipt(each.letter, at=at, via=SENT, proof=proof, address=to)
            opened.ledger.add_receipts([receipt])
    return new


def _events(opened: Session, each: DraftFate) -> Iterator[Event]:
    """What follows, where that is news."""
    known = each.known

    def event(kind: EventKind, payload: Payload, at: datetime, text: str | None) -> Event:
        columns = {"at": at, "recorded": opened.now, "by": "outreach", "address": known.address, "text": text}
        return Event.saying(kind, payload, letter=each.letter, **columns)

    draft = DraftPayload(message_id=known.message_id, digest=known.digest, place=known.place)
    letter = LetterPayload(via=DRAFTS, message_id=known.message_id)
    match each.fate:
        case Fate.THERE if known.kind is not EventKind.IN_DRAFTS:
            yield event(EventKind.IN_DRAFTS, draft, opened.now, known.said)
        case Fate.SENT | Fate.EDITED:
            yield event(EventKind.ACCEPTED, letter, _sent_at(opened, each), known.said)
            if each.changes:
                yield event(EventKind.DRAFT_EDITED, draft, _sent_at(opened, each), each.changes)
        case Fate.DELETED if known.kind is not EventKind.DRAFT_DELETED:
            yield event(EventKind.DRAFT_DELETED, draft, opened.now, known.said)
        case Fate.UNKNOWN if known.kind is EventKind.IN_DRAFTS:
            yield event(EventKind.IN_DOUBT, letter, opened.now, known.said)


def _sent_at(opened: Session, each: DraftFate) -> datetime:
    """When it was sent: not in the future, and not before it was put into drafts, whatever a clock said."""
    at = each.copy.head.at if each.copy is not None else None
    return min(max(at or opened.now, each.known.at), opened.now)
