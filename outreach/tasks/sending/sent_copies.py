"""Copies in Sent where the provider makes none itself: of the letters of this run, and of earlier ones that have none.

The ledger says which letters left through SMTP, and which copies are filed. So a mailbox that was closed, or a run that
was killed, only means that the copy is filed by the next `send`. `sync` changes nothing in a mailbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from outreach.connections.secrets import Secrets
from outreach.errors import FrozenBytesLost, MailboxUnreadable, SecretsUnusable
from outreach.ledger.blobs import kept
from outreach.letters.mime import base64_body, thaw
from outreach.model.campaign import Transport
from outreach.model.event import EventKind
from outreach.model.past import SentLetter
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.world import Session
from outreach.words.mail_providers import files_sent

LONGEST = timedelta(days=30)
"""How long after a letter left its copy is still filed."""
_FILED = ("copies in Sent", "")


def copies_into_sent(opened: Session) -> str:
    """Put the copies that are missing into Sent; in words what was done, "" for nothing to do."""
    account = opened.campaign.accounts.mail
    at_hand = account.inbox is not None and account.inbox.imap is not None
    if account.transport is not Transport.SMTP or not at_hand or files_sent(account.host):
        return ""
    if is_rehearsal():  # its ledger holds the letters that really left, and their mailbox is a real one
        return ""
    missing = dict(_missing(opened))
    if not missing:
        return ""
    from outreach.mail.sent_copy import file_copies

    try:
        filed = file_copies(account, opened.root, Secrets(), missing.items())
    except (MailboxUnreadable, SecretsUnusable) as error:
        return f"No copies were put into Sent: {str(error).rstrip('.')}. The next `outreach send --go` tries again"
    opened.ledger.mail().keep_files(*_FILED, list(missing))
    return f"{filed} copies were put into Sent"


def _missing(opened: Session) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The letters whose copy was not filed yet: Message-ID, and the bytes as they were sent."""
    mail, digests = opened.ledger.mail(), opened.ledger.sent_digests()
    dates = {claim.letter: claim.date or "" for claim in opened.ledger.claims() if claim.letter is not None}
    for contact, past in opened.ledger.past().contacts.items():
        for letter in past.letters:
            id = letter.id_of(contact)
            if not _left_lately(opened, letter) or id not in digests or id not in dates:
                continue
            if letter.message_id and not mail.has_file(*_FILED, letter.message_id):
                with suppress(FrozenBytesLost):
                    frozen = kept(opened.root, digests[id])
                    yield letter.message_id, partial(_whole, opened.root, frozen, dates[id])


def _left_lately(opened: Session, letter: SentLetter) -> bool:
    return letter.kind is EventKind.ACCEPTED and letter.via == "smtp" and opened.now - letter.at < LONGEST


def _whole(root: Path, frozen: bytes, date: str) -> bytes:
    return b"".join(thaw(frozen, date, lambda sha256: base64_body(kept(root, sha256))))
