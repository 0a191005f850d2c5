"""Drafts of several senders: each letter goes into its sender's mailbox, and into no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from outreach.connections.secrets import Secrets
from outreach.errors import NotSent
from outreach.mail.drafts import ImapDrafts, drafts_in
from outreach.mail.transport import Transport
from outreach.model.campaign import MailAccount
from outreach.model.dispatch import Accepted, Found, Parcel


class DraftsOfSenders:
    """The drafts of several mailboxes as one way to send. See the port in `outreach.mail.transport`.

    `first` is the mailbox of the account itself, and of every sender without one of their own; `own` has the others
    by the sender's address (case folded). All are looked at before a draft is put anywhere: where the sender of a wave
    changed, its draft still is in the former sender's mailbox, and a second one could be sent as well.
    """

    via = ImapDrafts.via

    def __init__(self, first: ImapDrafts, own: Mapping[str, ImapDrafts]) -> None:
        self._first = first
        self._own = own
        self._all = [first, *(each for each in own.values() if each is not first)]
        self.account = first.account

    def open(self) -> None:
        """Be ready in every mailbox. Raises NotSent, where one of them cannot be read."""
        for each in self._all:
            each.open()

    @property
    def at_once(self) -> int:
        """As many as the most modest of the servers takes."""
        return min(each.at_once for each in self._all)

    def send(self, parcel: Parcel, before_commit: Callable[[], None]) -> Accepted:
        """As ImapDrafts: in the sender's mailbox, or where the letter lies already."""
        return self._box_of(parcel).send(parcel, before_commit)

    def send_all(self, parcels: Sequence[Parcel], before_commit: Callable[[], None]) -> list[Accepted]:
        """Several in one command, which goes to one mailbox. Raises NotSent if they are not of one."""
        boxes = [self._box_of(each) for each in parcels]
        if any(each is not boxes[0] for each in boxes):
            raise NotSent("These drafts are not of one sender.")
        return boxes[0].send_all(parcels, before_commit)

    def find(self, parcel: Parcel) -> Found:
        """Whether it is in one of the mailboxes, or was sent from it."""
        found = {each.find(parcel) for each in self._all}
        return next(each for each in (Found.THERE, Found.CANNOT_TELL, Found.NOT_THERE) if each in found)

    def close(self) -> None:
        """Say goodbye everywhere."""
        for each in self._all:
            each.close()

    def _box_of(self, parcel: Parcel) -> ImapDrafts:
        lying = next((each for marked in (True, False) for each in self._all if each.has(parcel, marked=marked)), None)
        return lying or self._own.get(parcel.sender.casefold(), self._first)


def imap_drafts(account: MailAccount, root: Path, secrets: Secrets, *, loopback_only: bool = False) -> Transport:
    """The adapter for the registry: one mailbox, or those of several senders. Raises CaFileUnusable, NotSent."""
    made = [(each, drafts_in(each, root, secrets, loopback_only=loopback_only)) for each in account.with_drafts()]
    if len(made) == 1:
        return made[0][1]
    own = {(each.inbox.user or "").casefold(): box for each, box in made if each.inbox is not None}
    return DraftsOfSenders(made[0][1], own)
