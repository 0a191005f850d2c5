"""The transport `imap-drafts`: letters are put into the drafts of your own mailbox, where a person sends them.

A letter is there once. Before anything is put there it is known what is there, by Message-ID and by our header,
whatever the ledger still knows; after a break it is looked for again, in every folder. A draft that a person touched
is never deleted or written over: another version takes the place of ours only while a reader sees what we wrote.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from outreach.connections.identities import incoming
from outreach.connections.secrets import Secrets
from outreach.connections.web_addresses import is_loopback
from outreach.errors import Forbidden, InDoubt, MailboxUnreadable, MayBeSent, NotSent
from outreach.inbox.reading import read
from outreach.letters.mime import ENOUGH, content_of_message, is_same_letter, pieces
from outreach.mail.draft_box import HEADER, DraftBox, is_to
from outreach.mail.imap_appending import Gone, Reply, append
from outreach.mail.imap_connecting import has_spoken, logged_in
from outreach.model.campaign import MailAccount
from outreach.model.dispatch import Accepted, Found, Parcel
from outreach.model.drafts import Lying, Place
from outreach.model.past import SentLetter

CLOCKS = timedelta(hours=1)
"""By how much a mail program's clock may be behind ours, where a person is asked."""
SETTLED = 1.0
"""Seconds after which a server has stored what it was given before a connection broke, or never will."""
AT_ONCE = 50
"""Messages that go into one command where the server takes several (MULTIAPPEND)."""

TOUCHED = "its draft in your mailbox is not the one that was put there, and stays as it is; send it or delete it"


class ImapDrafts:
    """Puts letters into Drafts. See the port in `outreach.mail.transport`."""

    via = "imap-drafts"

    def __init__(
        self,
        connect: Callable[[], IMAPClient],
        server: str,
        account: str,
        folder: str | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`connect` gives a client that is logged in, or raises MailboxUnreadable; `folder` is named in the files."""
        self._connect = connect
        self._server = server
        self.account = account
        self._named = folder
        self._pause = pause
        self._box: DraftBox | None = None
        self._has_settled = False
        self._is_stale = False
        self._sent: dict[date, list[Lying]] = {}
        self._filed: dict[str, tuple[date, list[Lying]]] = {}

    def open(self) -> None:
        """Connect, log in and look at what is in Drafts, unless that is done. Raises NotSent."""
        if self._box is not None:
            return
        self._has_settled = self._is_stale = False
        self._sent = {}
        try:
            client = self._connect()
        except NotSent:
            raise
        except MailboxUnreadable as error:
            raise NotSent(str(error), hint=error.hint, stops_run=True) from error
        try:
            # A draft is written in a few pieces, of which none may wait until the one before has arrived.
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._box, self._filed = DraftBox(client, self._named), {}
        except MailboxUnreadable as error:
            client.shutdown()
            raise NotSent(str(error), hint=error.hint, stops_run=True) from error
        except (IMAPClientError, OSError, KeyError) as error:
            client.shutdown()
            raise self._broken() from error

    @property
    def at_once(self) -> int:
        """How many letters go in one command; known once it is open."""
        box = self._box
        return AT_ONCE if box is not None and box.client.has_capability("MULTIAPPEND") else 1

    def send(self, parcel: Parcel, before_commit: Callable[[], None]) -> Accepted:
        """Put one letter into Drafts, in the place of an earlier version of ours.

        Where it is there already nothing is put there. Raises Forbidden if another version is there that a
        person touched, or where one was put there before and is not found: it may have been sent without any mark.
        Raises MayBeSent if an email in Sent may be one of which the history knows nothing.
        """
        was_open = self._box is not None
        box = self._opened()
        lying = box.of(parcel.message_id, parcel.digest)
        if lying and parcel.replaces is None:
            self._mind_what_was_sent(box, parcel, lying)
        if any(each.digest == parcel.digest for each in lying):
            if len(lying) > 1 and self._settled(box, parcel) is not Found.THERE:
                raise Forbidden(TOUCHED)
            before_commit()
            return self._accepted(parcel, f"already in {box.folder}", self._place(lying, parcel))
        if parcel.replaces is not None and (
            why := self._why_it_stays(box, parcel, parcel.replaces, lies_there=bool(lying))
        ):
            raise Forbidden(why)
        if lying and not all(self._is_ours(box, parcel, each) for each in lying):
            raise Forbidden(TOUCHED)
        if not lying and (theirs := self._unmarked(box, parcel)):
            subject = theirs[0].head.subject
            raise Forbidden(
                f'an email "{subject}" to {parcel.recipient} lies in {box.folder} already; send or delete it'
            )
        if not lying:
            self._mind_what_was_sent(box, parcel)
        accepted = self._append([parcel], before_commit, again=was_open and not lying)[0]
        if lying:  # only now: a server may refuse the new version
            self._retire(parcel, lying)
        return accepted

    def send_all(self, parcels: Sequence[Parcel], before_commit: Callable[[], None]) -> list[Accepted]:
        """Put several letters there in one command: all or none.

        Raises NotSent if one of them is there, and MayBeSent.
        """
        box = self._opened()
        for each in parcels:
            if each.replaces is not None or box.of(each.message_id, each.digest) or self._unmarked(box, each):
                raise NotSent("One of these drafts is there already.")
            self._mind_what_was_sent(box, each)
        return self._append(parcels, before_commit, again=False)

    def has(self, parcel: Parcel, *, marked: bool = True) -> bool:
        """Whether a version of the letter lay in Drafts when it was looked at, with a mark of ours or what may be one.

        Raises NotSent.
        """
        box = self._opened()
        return bool(box.of(parcel.message_id, parcel.digest) if marked else self._unmarked(box, parcel))

    def find(self, parcel: Parcel) -> Found:
        """Whether the draft is there, or was sent, moved or deleted since. Raises NotSent if nobody can look.

        An email to the same address with the same subject may be it, without its marks: that cannot be told.
        """
        for _ in range(2):
            box = self._opened()
            with self._translated():
                if self._is_stale:
                    box.look()
                    self._is_stale, self._sent = False, {}
                lying = [each.digest for each in box.of(parcel.message_id, parcel.digest)]
                is_there = not {"", parcel.digest}.isdisjoint(lying)
                is_there = is_there or box.is_elsewhere(parcel.message_id, parcel.digest)
            if is_there:
                return self._settled(box, parcel)
            if self._has_settled:
                break
            self._pause(SETTLED)  # the server may still be at what it was given
            with self._translated():
                box.look()
            self._has_settled = True
        return Found.CANNOT_TELL if self._unmarked(box, parcel) or self._may_be_sent(box, parcel) else Found.NOT_THERE

    def close(self) -> None:
        """Say goodbye."""
        box, self._box = self._box, None
        if box is not None:
            with contextlib.suppress(OSError, IMAPClientError):
                box.client.logout()
            with contextlib.suppress(OSError):
                box.client.shutdown()

    def _append(self, parcels: Sequence[Parcel], before_commit: Callable[[], None], *, again: bool) -> list[Accepted]:
        box = self._opened()
        messages = [_with_header(each) for each in parcels]
        try:
            said = append(box.client, box.folder, messages, before_commit, self._server)
        except Gone as error:
            self._box = None
            if not again:
                raise self._broken() from error
            return self._append(parcels, before_commit, again=False)  # it was closed while it was idle
        except NotSent:
            raise
        except BaseException:  # the connection is closed: in doubt, or what the mark raised
            self._box = None
            raise
        self._is_stale = True
        return [self._accepted(each, _in_words(box, said), at) for each, at in zip(parcels, said.places, strict=True)]

    def _is_ours(self, box: DraftBox, parcel: Parcel, each: Lying) -> bool:
        """Whether a reader sees in a draft what we wrote: nobody touched it."""
        with self._translated():
            ours = parcel.earlier(each.digest) if each.digest else None
            return ours is not None and is_same_letter(
                content_of_message(ours, frozen=True), content_of_message(box.whole(each))
            )

    def _retire(self, parcel: Parcel, former: Sequence[Lying]) -> None:
        """Delete our former version, now that the new one is there. Raises InDoubt if a person was at it."""
        box = self._opened()
        try:
            box.look()
            others = [each for each in box.of(parcel.message_id, parcel.digest) if each.digest != parcel.digest]
            if {each.uid for each in others} != {each.uid for each in former}:
                raise InDoubt("Somebody edited or sent its draft just now.")
            for each in others:
                box.take_out(each)
        except (IMAPClientError, OSError, KeyError) as error:
            self._drop()
            raise InDoubt(f"{self._server} may have kept the former draft: the connection broke.") from error

    def _settled(self, box: DraftBox, parcel: Parcel) -> Found:
        """Leave one draft of a letter where a break left two: the new version, unless a person was at the former one.

        What a person touched stays in any case.
        """
        with self._translated():
            lying = box.of(parcel.message_id, parcel.digest)
            new = [each for each in lying if each.digest == parcel.digest]
            former = [each for each in lying if each not in new]
            ours = [each for each in former if self._is_ours(box, parcel, each)]
            copies = self._sent_since(box, parcel)
            sent = any(each.digest != parcel.digest and each.is_of(parcel.message_id, "") for each in copies)
            if new and (sent or len(ours) < len(former) or self._may_be_sent(box, parcel)):
                for each in new:
                    if self._is_ours(box, parcel, each):
                        box.take_out(each)
                return Found.NOT_THERE if len(ours) < len(former) and not sent else Found.CANNOT_TELL
            for each in ours:
                box.take_out(each)
        return Found.THERE

    def _why_it_stays(self, box: DraftBox, parcel: Parcel, former: SentLetter, *, lies_there: bool) -> str:
        """Why nothing may take the place of a former version, "" where it is in Drafts and nobody sent it.

        What is not there with a mark of ours may have been sent without any: then a person has to say.
        """
        with self._translated():
            sent = any(each.is_of(parcel.message_id, former.digest) for each in self._sent_since(box, parcel))
            filed = [] if sent else self._filed_from(box, former.at, parcel.sender)
        marked = [each for each in filed if each.is_version_of(parcel.message_id, former.digest)]
        if sent or any(each.is_sent for each in marked):
            return "you sent its draft already; run `outreach sync`, which records that"
        if lies_there:
            like = next((each for each in marked if each.may_be_copy(parcel.looks_back)), None)
            like = like or self._like_it(box, parcel, parcel.earlier(former.digest))
            where = f'an email "{like.head.subject}" in {like.folder}' if like else ""
            return where and f"{where} may be it; run `outreach sync`, which asks"
        address, subject = former.address or "", former.said or ""
        if self._unmarked(box, parcel) or box.unmarked(address, subject):
            return TOUCHED
        same = [each for each in filed if not each.digest and is_to(each, address, subject)]
        if moved := [each for each in (*marked, *same) if each.is_moved]:
            return f"you moved its draft to {moved[0].folder}; move it back to {box.folder}, or delete it there"
        return f"its draft is not in {box.folder} any more; run `outreach sync`, which looks for it"

    def _unmarked(self, box: DraftBox, parcel: Parcel) -> list[Lying]:
        """Drafts without a mark of ours that may be this letter; none for what is only tried out."""
        return box.unmarked(parcel.recipient, parcel.subject) if parcel.digest else []

    def _may_be_sent(self, box: DraftBox, parcel: Parcel) -> bool:
        """Whether an email without a mark of ours went to the same address with the same subject since it was tried."""
        with self._translated():
            sent = [each for each in self._sent_since(box, parcel) if is_to(each, parcel.recipient, parcel.subject)]
        since = parcel.since and parcel.since - CLOCKS
        return any(not each.digest and (not since or not each.head.at or each.head.at >= since) for each in sent)

    def _mind_what_was_sent(self, box: DraftBox, parcel: Parcel, lying: Sequence[Lying] = ()) -> None:
        """Raises MayBeSent: it is in another folder, marked, or an email in Sent may be it, unmarked.

        As after the history was lost, when a person moved the draft of before, or a mail program dropped all its marks.
        """
        if (since := parcel.looks_back) is None:
            return
        with self._translated():
            filed = self._filed_from(box, since, parcel.sender)
        marked = [each for each in filed if each.is_of(parcel.message_id, parcel.digest)]
        like = next((each for each in marked if (each.may_be_copy(since) if lying else each.is_left)), None)
        former = parcel.earlier(lying[0].digest) or b"" if lying else None
        if like := like or self._like_it(box, parcel, former):
            folder = like.folder if like.place is not Place.SENT else ""
            raise MayBeSent(like.head.subject, parcel.recipient, like.head.at or since, folder)

    def _like_it(self, box: DraftBox, parcel: Parcel, former: bytes | None) -> Lying | None:
        """An unmarked email or draft to them with the subject of a first letter, or much of its (`former`) text.

        A draft is none of these while the former one is in Drafts, nor one in the trash.
        """
        since = parcel.looks_back
        if since is None:
            return None
        with self._translated():
            filed = [each for each in self._filed_from(box, since, parcel.sender) if each.is_left]
            drafts = [*box.lying, *(each for each in filed if each.is_draft)] if former is None else []
            sent = [*self._sent_from(box, since), *drafts, *(each for each in filed if not each.is_draft)]
            sent = [each for each in sent if parcel.recipient.casefold() in each.head.recipients]
            sent = [each for each in sent if not each.digest and (each.head.at is None or each.head.at > since)]
            like = [each for each in sent if parcel.is_first and is_to(each, parcel.recipient, parcel.subject)]
            if sent and not like:
                texts = box.beginnings(sent)
                new = content_of_message(b"".join(parcel.pieces()))
                ours = pieces((content_of_message(former, frozen=True) if former else new).text)
                said = [(each, pieces(read(texts.get((each.folder, each.uid), b"")).text)) for each in sent]
                like = [each for each, words in said if len(ours & words) > ENOUGH * len(ours)]
        return like[0] if like else None

    def _sent_since(self, box: DraftBox, parcel: Parcel) -> list[Lying]:
        """What was sent since the day before the letter was tried, or put into drafts."""
        return self._sent_from(box, parcel.since) if parcel.since is not None else []

    def _sent_from(self, box: DraftBox, since: datetime) -> list[Lying]:
        """What was sent since the day before; read once in a connection, as far back as it was asked for."""
        day = since.date() - timedelta(days=1)
        if not any(each <= day for each in self._sent):
            self._sent = {day: box.sent_since(day) or []}
        return next(iter(self._sent.values()))

    def _filed_from(self, box: DraftBox, since: datetime, sender: str) -> list[Lying]:
        """What may be a draft of ours outside Drafts, since the day before; read once in a connection."""
        day, (known, filed) = since.date() - timedelta(days=1), self._filed.get(sender, (date.max, []))
        if known > day:
            filed = box.filed_since(day, {sender} if sender.isascii() else ())
            self._filed[sender] = day, filed
        return filed

    def _opened(self) -> DraftBox:
        """The mailbox, with a connection that its server has not closed."""
        if self._box is not None and has_spoken(self._box.client):
            with contextlib.suppress(OSError, IMAPClientError):
                self._box.client.noop()
            if has_spoken(self._box.client):
                self._drop()
        self.open()
        assert self._box is not None
        return self._box

    def _accepted(self, parcel: Parcel, reply: str, place: str) -> Accepted:
        return Accepted(via=self.via, reply=reply, proof=parcel.message_id, place=place)

    def _place(self, lying: Sequence[Lying], parcel: Parcel) -> str:
        assert self._box is not None
        return next((f"{self._box.validity}:{each.uid}" for each in lying if each.digest == parcel.digest), "")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (IMAPClientError, OSError, KeyError) as error:
            self._drop()
            raise self._broken() from error

    def _drop(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            with contextlib.suppress(OSError):
                box.client.shutdown()

    def _broken(self) -> NotSent:
        sentence = f"The connection to {self._server} broke before the draft was handed over."
        return NotSent(sentence, hint="The next `outreach send` tries it again.")


def _with_header(parcel: Parcel) -> bytes:
    own = f"{HEADER}: {parcel.digest}\r\n".encode("ascii") if parcel.digest else b""
    return own + b"".join(parcel.pieces())


def _in_words(box: DraftBox, said: Reply) -> str:
    return f"{box.folder}: {said.text}"


def drafts_in(account: MailAccount, root: Path, secrets: Secrets, *, loopback_only: bool) -> ImapDrafts:
    """The drafts of the account's first mailbox. Raises CaFileUnusable, NotSent."""
    server = incoming(account, root)
    if server is None:
        hint = "Add `inbox: {imap: SERVER, user: NAME}` to accounts.mail."
        raise NotSent("Drafts need a mailbox over IMAP, and campaign.yaml names none.", hint=hint, stops_run=True)
    if loopback_only and not is_loopback(server.host):
        raise NotSent(
            f"OUTREACH_NOW is set, and a rehearsal writes no drafts on another computer ({server.host}).",
            hint="Use `transport: outbox`, or run it without OUTREACH_NOW.",
            stops_run=True,
        )
    return ImapDrafts(
        lambda: logged_in(account, root, secrets), server.host, f"{server.user}@{server.host}", account.drafts
    )
