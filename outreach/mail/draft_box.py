"""A mailbox as drafts are seen in it: which of ours are in the Drafts folder, and which were moved, sent or deleted.

A draft is known by its Message-ID, by the digest in our header, and (a first letter refers to itself) by References:
whatever of these a mail program leaves when somebody edits or sends it. Outlook may leave none: then only recipient and
subject say which it may be, and a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from outreach.connections.secrets import Secrets
from outreach.errors import MailboxUnreadable
from outreach.inbox.reading import read_head
from outreach.inbox.subjects import bare_subject
from outreach.mail.imap_connecting import logged_in
from outreach.mail.imap_folders import NOT_A_FOLDER, Listed, last, listed, names, special
from outreach.model.campaign import MailAccount
from outreach.model.dispatch import TEST_SUBJECT
from outreach.model.drafts import ORIGINAL, Lying, Place

HEADER = "X-Outreach-Draft"
"""Our header on a draft: the sha256 (hex) of the letter in it."""
_FIELDS = (
    f"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID {ORIGINAL.upper()} REFERENCES IN-REPLY-TO {HEADER.upper()} "
    "FROM TO CC SUBJECT DATE)]"
)
BATCH = 200
Criterion = str | date | list["Criterion"]
BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
"""The mail parser of the standard library raises any of these for mail that is broken in a new way."""


class DraftBox:
    """The drafts of one mailbox over an IMAP connection that is logged in. Methods raise what IMAPClient raises."""

    def __init__(self, client: IMAPClient, named: str | None) -> None:
        """`named` is the folder for drafts that campaign.yaml names. Raises MailboxUnreadable if there is none."""
        self.client = client
        self._folders: list[Listed] = listed(client)
        found = named or special(self._folders, b"\\drafts", "drafts_folders")
        if found is None:
            raise self._unusable("The mailbox has no folder that is known to be for drafts.")
        self.folder = found
        self.lying: list[Lying] = []
        self.validity = 0
        try:
            self.look()
        except IMAPClientReadOnlyError as error:
            raise self._unusable(f"Nothing can be put into {found}, the folder for drafts: it is read-only.") from error
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            said = " ".join(str(error).split())[:200].removeprefix("select failed: ").rstrip(".")
            raise self._unusable(f"The folder for drafts, {found}, cannot be opened: {said}.") from error

    def _unusable(self, sentence: str) -> MailboxUnreadable:
        known = ", ".join(name for flags, name in self._folders if not flags & NOT_A_FOLDER)
        hint = f"Name one in campaign.yaml, accounts.mail: `drafts: NAME`. Your folders: {known}"
        return MailboxUnreadable(sentence, hint=hint)

    def look(self) -> None:
        """Read which drafts there are now. A message never changes under its number (RFC 9051, 2.3.1.1)."""
        validity = int(self.client.select_folder(self.folder)[b"UIDVALIDITY"])
        known = {each.uid: each for each in self.lying} if validity == self.validity else {}
        uids = self.client.search(["UNDELETED"])
        new = self._heads(self.folder, Place.DRAFTS, [uid for uid in uids if uid not in known])
        self.lying = [*(known[uid] for uid in uids if uid in known), *new]
        self.validity = validity

    def of(self, message_id: str, digest: str) -> list[Lying]:
        """The drafts of one letter that lay in Drafts when it was looked at."""
        return [each for each in self.lying if each.is_of(message_id, digest)]

    def unmarked(self, recipient: str, subject: str) -> list[Lying]:
        """The drafts without our header to that address with that subject: ours that was edited, or another."""
        return [each for each in self.lying if not each.digest and is_to(each, recipient, subject)]

    def whole(self, lying: Lying) -> bytes:
        """A message with everything in it; b"" if it is gone."""
        self.client.select_folder(lying.folder, readonly=lying.place is not Place.DRAFTS)
        found = self.client.fetch([lying.uid], ["BODY.PEEK[]"])
        return bytes(found.get(lying.uid, {}).get(b"BODY[]") or b"")

    def beginnings(self, lying: Sequence[Lying]) -> dict[tuple[str, int], bytes]:
        """The first 64 KB of messages, in which their text stands, by folder and UID. Leaves Drafts selected."""
        found: dict[tuple[str, int], bytes] = {}
        for folder in dict.fromkeys(each.folder for each in lying):
            self.client.select_folder(folder, readonly=True)
            uids = [each.uid for each in lying if each.folder == folder]
            for begin in range(0, len(uids), BATCH // 4):
                for uid, parts in self.client.fetch(uids[begin : begin + BATCH // 4], ["BODY.PEEK[]<0.65536>"]).items():
                    data = next((part for name, part in parts.items() if name.startswith(b"BODY[]")), None)
                    found[folder, uid] = bytes(data or b"")
        self.client.select_folder(self.folder)
        return found

    def is_there(self, place: str) -> bool | None:
        """Whether the draft at `UIDVALIDITY:UID` still is in Drafts; None if these numbers mean nothing now."""
        validity, _, uid = place.partition(":")
        if not uid.isdecimal() or validity != str(self.validity):
            return None
        return any(each.uid == int(uid) for each in self.lying)

    def take_out(self, lying: Lying) -> None:
        """Delete one draft and nothing else."""
        self.client.select_folder(self.folder)
        self.lying = [each for each in self.lying if each is not lying]
        trash = next((name for flags, name in self._folders if b"\\trash" in flags), None)
        if trash and self.client.has_capability("MOVE") and any(b"\\all" in flags for flags, _ in self._folders):
            self.client.move([lying.uid], trash)  # Gmail keeps in All Mail what is only expunged
            return
        self.client.delete_messages([lying.uid], silent=True)
        if self.client.has_capability("UIDPLUS"):
            self.client.uid_expunge([lying.uid])
        elif self.client.search(["DELETED"]) == [lying.uid]:  # nobody else's goes with it
            self.client.expunge()

    def is_elsewhere(self, message_id: str, digest: str) -> bool:
        """Whether that version, edited or not, lies in any other folder, since whenever. Leaves Drafts selected."""
        keys: list[list[Criterion]] = [["HEADER", name, message_id] for name in ("Message-ID", "References", ORIGINAL)]
        if digest:
            keys.append(["HEADER", HEADER, digest])
        which = _any_of(keys)
        found = any(
            each.is_of(message_id, digest) and each.digest in ("", digest)
            for name, place in self._others()
            for each in self._found_in(name, place, which)
        )
        self.client.select_folder(self.folder)
        return found

    def sent_since(self, since: date) -> list[Lying] | None:
        """What the server got to know as sent on that day or later; None if no folder holds what was sent."""
        folders = [name for name, place in self._others() if place is Place.SENT]
        everything = [name for flags, name in self._folders if b"\\all" in flags]
        found: list[Lying] = []
        for name in [name for name in folders if name not in everything] or folders:
            self.client.select_folder(name, readonly=True)
            found += self._heads(name, Place.SENT, self.client.search(["UNDRAFT", "SINCE", since]))
        self.client.select_folder(self.folder)
        return found if folders else None

    def filed_since(self, since: date, ours: Iterable[str]) -> list[Lying]:
        """What may be a draft of ours outside Drafts: what has our header, and of what came since that day all drafts,
        and in folders that are not for it what one of `our` addresses (in ASCII) sent. Leaves Drafts selected.
        """
        marked: list[Criterion] = ["HEADER", HEADER, ""]
        sent: list[list[Criterion]] = [["FROM", each] for each in sorted(ours)]
        found: list[Lying] = []
        for name, place in self._others():
            new = _any_of([["DRAFT"], *(sent if place is not Place.SENT else [])])
            found += self._found_in(name, place, ["OR", marked, ["SINCE", since, *new]])
        self.client.select_folder(self.folder)
        return found

    def _found_in(self, name: str, place: Place, which: list[Criterion]) -> list[Lying]:
        """What a folder has of these; nothing of one that nobody may open, unless it is for what was sent."""
        try:
            self.client.select_folder(name, readonly=True)
            uids = self.client.search(which)
            drafts = set(self.client.search(["DRAFT"])) if uids else set()
        except IMAPClientError as error:
            if isinstance(error, IMAPClientAbortError) or place is Place.SENT:
                raise
            return []
        return [replace(each, is_draft=each.uid in drafts) for each in self._heads(name, place, uids)]

    def _others(self) -> Iterator[tuple[str, Place]]:
        for flags, name in self._folders:
            if name == self.folder or flags & NOT_A_FOLDER:
                continue
            if flags & {b"\\sent", b"\\all"} or last(name) in names("sent_folders"):
                yield name, Place.SENT
            elif b"\\trash" in flags or last(name) in names("skipped_folders"):
                yield name, Place.TRASH
            else:
                yield name, Place.OTHER

    def _heads(self, folder: str, place: Place, uids: Iterable[int]) -> Iterator[Lying]:
        """The headers of messages of the folder that is selected."""
        wanted = sorted(uids)
        for begin in range(0, len(wanted), BATCH):
            for uid, parts in sorted(self.client.fetch(wanted[begin : begin + BATCH], [_FIELDS]).items()):
                head = next((part for name, part in parts.items() if name.startswith(b"BODY[HEADER")), None)
                if isinstance(head, bytes):
                    try:
                        read = read_head(head)
                    except BROKEN:  # nothing of ours: what we write can be read
                        continue
                    digest = read.headers.get(HEADER.lower(), "").strip()
                    if not digest and TEST_SUBJECT in read.subject:
                        continue  # a test email to ourselves, who may be a contact, too
                    is_draft = place is Place.DRAFTS
                    yield Lying(uid=uid, folder=folder, place=place, digest=digest, head=read, is_draft=is_draft)


def _any_of(keys: Sequence[list[Criterion]]) -> list[Criterion]:
    """The criterion of SEARCH that holds where one of these does."""
    return [*["OR"] * (len(keys) - 1), *(word for key in keys for word in key)]


def is_to(each: Lying, recipient: str, subject: str) -> bool:
    """Whether a message goes to that address, with that subject or an answer's."""
    to_them = recipient.casefold() in each.head.recipients
    return to_them and bare_subject(each.head.subject) == bare_subject(subject)


@contextmanager
def open_box(account: MailAccount, root: Path, secrets: Secrets) -> Iterator[DraftBox]:
    """The drafts of the account's mailbox. Raises MailboxUnreadable, also for what breaks inside; SecretsUnusable."""
    client = logged_in(account, root, secrets)
    try:
        yield DraftBox(client, account.drafts)
    except (IMAPClientError, OSError, KeyError) as error:
        raise MailboxUnreadable("The drafts in your mailbox cannot be read.", hint="Try it again.") from error
    finally:
        client.shutdown()
