"""One's own inbox over IMAP, as a way for a message to oneself: nobody sends it, it is put there."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from outreach.connections.identities import incoming
from outreach.connections.secrets import Secrets
from outreach.connections.web_addresses import is_loopback
from outreach.errors import MailboxUnreadable, NotSent
from outreach.mail.drafts import SETTLED
from outreach.mail.imap_appending import Gone, append
from outreach.mail.imap_connecting import logged_in
from outreach.mail.imap_folders import NOT_A_FOLDER, listed
from outreach.model.campaign import MailAccount
from outreach.model.dispatch import Accepted, Found, Parcel


class OwnInbox:
    """Puts messages into INBOX, unread. See the port in `outreach.mail.transport`."""

    via = "imap"

    def __init__(
        self, connect: Callable[[], IMAPClient], server: str, account: str, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._connect = connect
        self._server = server
        self.account = account
        self._pause = pause
        self._client: IMAPClient | None = None

    def open(self) -> None:
        if self._client is not None:
            return
        try:
            self._client = self._connect()
        except NotSent:
            raise
        except MailboxUnreadable as error:
            raise NotSent(str(error), hint=error.hint, stops_run=True) from error

    def send(self, parcel: Parcel, before_commit: Callable[[], None]) -> Accepted:
        client = self._opened()
        try:
            said = append(client, "INBOX", [b"".join(parcel.pieces())], before_commit, self._server, flags=b"()")
        except Gone as error:
            self._client = None
            raise NotSent(f"The connection to {self._server} broke.", hint="It is tried again.") from error
        except NotSent:
            raise
        except BaseException:
            self._client = None
            raise
        return Accepted(via=self.via, reply=said.text, proof=parcel.message_id)

    def find(self, parcel: Parcel) -> Found:
        """Whether it is there, or was moved since. Raises NotSent if nobody can look."""
        self.close()
        self._pause(SETTLED)  # the server may still be at what it was given
        client = self._opened()
        try:
            for flags, name in listed(client):
                if flags & NOT_A_FOLDER:
                    continue
                try:
                    client.select_folder(name, readonly=True)
                except IMAPClientError as error:
                    if isinstance(error, IMAPClientAbortError):
                        raise
                    continue  # one that nobody may open
                if client.search(["HEADER", "Message-ID", parcel.message_id]):
                    return Found.THERE
        except (IMAPClientError, OSError) as error:
            self.close()
            raise NotSent(f"The connection to {self._server} broke.", hint="It is looked for again.") from error
        return Found.NOT_THERE

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError, IMAPClientError):
                client.logout()
            with contextlib.suppress(OSError):
                client.shutdown()

    def _opened(self) -> IMAPClient:
        self.open()
        assert self._client is not None
        return self._client


def own_inbox(account: MailAccount, root: Path, secrets: Secrets, *, loopback_only: bool = False) -> OwnInbox:
    """The adapter for the registry. Raises CaFileUnusable, NotSent."""
    server = incoming(account, root)
    if server is None or (loopback_only and not is_loopback(server.host)):
        sentence = "Today's list needs your mailbox, and accounts.mail has none."
        raise NotSent(sentence, hint="Add `inbox: {imap: SERVER, user: NAME}` to accounts.mail.", stops_run=True)
    return OwnInbox(lambda: logged_in(account, root, secrets), server.host, f"{server.user}@{server.host}")
