"""A copy of what was sent in Sent, where the provider makes none itself: only if a search says that it is missing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

from outreach.connections.secrets import Secrets
from outreach.errors import MailboxUnreadable
from outreach.mail.imap_connecting import logged_in
from outreach.mail.imap_folders import listed, special
from outreach.model.campaign import MailAccount


def file_copies(
    account: MailAccount, root: Path, secrets: Secrets, letters: Iterable[tuple[str, Callable[[], bytes]]]
) -> int:
    """Put the letters (Message-ID, whole message) into Sent that are not there; how many were missing.

    Raises MailboxUnreadable, SecretsUnusable. Asking again puts nothing there twice.
    """
    client = logged_in(account, root, secrets)
    try:
        folder = _sent_folder(client)
        client.select_folder(folder, readonly=True)
        filed = 0
        for message_id, whole in letters:
            if not client.search(["HEADER", "Message-ID", message_id]):
                client.append(folder, whole(), flags=(SEEN,))
                filed += 1
        return filed
    except (IMAPClientError, OSError) as error:
        raise MailboxUnreadable(
            "The copies could not be put into Sent.", hint="The emails themselves were sent."
        ) from error
    finally:
        with contextlib.suppress(IMAPClientError, OSError):
            client.logout()


def _sent_folder(client: IMAPClient) -> str:
    """By its attribute in plain LIST, then by name. Raises MailboxUnreadable."""
    found = special(listed(client), b"\\sent", "sent_folders")
    if found is not None:
        return found
    raise MailboxUnreadable("The mailbox has no folder for sent emails.", hint="Make one called Sent.")
