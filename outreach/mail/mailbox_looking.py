"""What a mailbox is good for: its folders for drafts and for what was sent, and how our last test email came back."""

from __future__ import annotations

import contextlib
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from outreach.connections.secrets import Secrets
from outreach.errors import MailboxUnreadable
from outreach.mail.imap_connecting import logged_in
from outreach.mail.imap_folders import listed, special
from outreach.model.campaign import MailAccount
from outreach.model.dispatch import SENT_AS, TEST_SUBJECT
from outreach.model.records import dataclass

_LATEST = 20
"""Test emails whose headers are looked at, the last ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """The folders, None if there is none; and as whom our last test email left and arrived, if one is there."""

    drafts: str | None
    sent: str | None
    left_as: str = ""
    arrived_from: str = ""


def look(account: MailAccount, root: Path, secrets: Secrets) -> Looked:
    """Log in to the account's first mailbox and look, changing nothing. Raises MailboxUnreadable, SecretsUnusable."""
    client = logged_in(account, root, secrets)
    try:
        folders = listed(client)
        drafts = account.drafts or special(folders, b"\\drafts", "drafts_folders")
        if drafts not in [name for _, name in folders]:
            drafts = None
        left_as, arrived_from = _last_test(client)
        sent = special(folders, b"\\sent", "sent_folders")
        return Looked(drafts=drafts, sent=sent, left_as=left_as, arrived_from=arrived_from)
    except (IMAPClientError, OSError) as error:
        host = account.inbox.imap if account.inbox else ""
        raise MailboxUnreadable(f"The mailbox at {host} cannot be read.", hint="Try it again.") from error
    finally:
        with contextlib.suppress(IMAPClientError, OSError):
            client.logout()


def _last_test(client: IMAPClient) -> tuple[str, str]:
    """From whom our last test email left, by a header of ours, and From as it arrived."""
    client.select_folder("INBOX", readonly=True)
    uids = sorted(client.search(["HEADER", "Subject", TEST_SUBJECT]))[-_LATEST:]
    found = client.fetch(uids, [f"BODY.PEEK[HEADER.FIELDS (FROM {SENT_AS.upper()})]"]) if uids else {}
    for uid in reversed(uids):
        head = next((value for name, value in found.get(uid, {}).items() if name.startswith(b"BODY[")), b"")
        parsed = BytesHeaderParser().parsebytes(bytes(head))
        if left_as := str(parsed.get(SENT_AS, "")).strip():
            return left_as, parseaddr(str(parsed.get("From", "")))[1]
    return "", ""
