"""A real mailbox for the tests of drafts: one Dovecot a module, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from imapclient import IMAPClient

from tests.servers.realmail import RealMail, real_mail, what_is_missing

USER = "alex@sender.example"
HERS = "maria@sender.example"


def connected(port: int) -> IMAPClient:
    client = IMAPClient("127.0.0.1", port=port, ssl=False, timeout=20)
    client.login(USER, "pw")
    return client


@pytest.fixture(scope="module")
def mail() -> Iterator[RealMail]:
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
    with real_mail("sender.example") as running:
        for user in (USER, HERS):
            running.add_user(user, "pw")
        yield running


@pytest.fixture
def box(mail: RealMail) -> Iterator[IMAPClient]:
    """The mailbox, with nothing in it."""
    with connected(mail.imap) as client:
        for folder in ("INBOX", "Drafts", "Sent", "Trash"):
            if client.folder_exists(folder):
                emptied(client, folder)
        yield client


def emptied(client: IMAPClient, folder: str) -> None:
    client.select_folder(folder)
    if found := client.search(["ALL"]):
        client.delete_messages(found)
        client.expunge()
