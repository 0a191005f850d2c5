"""APPEND, one message or several at once: everything but the last byte, then the mark, then the last byte.

A server has the message only when its literal is complete and the line behind it has ended (RFC 9051, 6.3.12), so a
break before that is *not sent*. LITERAL+ and LITERAL- (RFC 7888) save the round trip in which the server says that it
listens; MULTIAPPEND (RFC 3502) puts several there in one command, all of them or none.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Sequence

from imapclient import IMAPClient

from outreach.connections.login_refusals import as_said
from outreach.errors import InDoubt, NotSent
from outreach.model.records import dataclass
from outreach.words.mail_server_words import TOO_LARGE

FLAGS = b"(\\Draft \\Seen)"
SHORT = 4096
"""Bytes that LITERAL- takes without asking."""
_BROKE = (imaplib.IMAP4.error, OSError)
_PLACED = re.compile(rb"\[APPENDUID (\d+) ([\d,:]+)\]", re.IGNORECASE)
_AGAIN = "Then run `outreach send` again."
_ROOM = f"Delete emails there that you do not need, and empty the trash. {_AGAIN}"
_NO_SUCH = f"Name your folder in campaign.yaml, accounts.mail: `drafts: NAME`. {_AGAIN}"
_RIGHTS = f"Allow your account to write there (at your provider). {_AGAIN}"
_OTHERWISE = f"Fix what it says. {_AGAIN}"
_REFUSALS = (
    (re.compile(r"\[OVERQUOTA\]|\bquota\b|mailbox (is )?full", re.IGNORECASE), "all", _ROOM),
    (re.compile(r"\[TRYCREATE\]|\[NONEXISTENT\]", re.IGNORECASE), "all", _NO_SUCH),
    (re.compile(r"\[(NOPERM|AUTHORIZATIONFAILED|EXPIRED)\]", re.IGNORECASE), "all", _RIGHTS),
    (TOO_LARGE, "it", "Make its attachments smaller, or link to them."),
    (re.compile(r"\[LIMIT\]", re.IGNORECASE), "it", _ROOM),
    (re.compile(r"\[CANNOT\]", re.IGNORECASE), "it", _OTHERWISE),
)
"""What a server says (RFC 9051, 7.1; some without a code), whom it is about, and what helps.

"all": every draft would hear the same. "it": this one is refused for good.
"""


class Gone(Exception):
    """The connection broke before the last byte: nothing was stored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the server said: in words, and where it put the messages (`UIDVALIDITY:UID` each, "" where it did not)."""

    text: str
    places: tuple[str, ...]


def append(
    client: IMAPClient,
    folder: str,
    messages: Sequence[bytes],
    before_last: Callable[[], None],
    server: str,
    *,
    flags: bytes = FLAGS,
) -> Reply:
    """Put messages into a folder, as drafts that were seen unless `flags` say otherwise.

    Raises Gone and NotSent (none was stored), InDoubt (nobody can know), and what `before_last` raises: then the
    connection was closed without the last byte.
    """
    imap = client._imap  # imaplib and IMAPClient send a literal in one piece: there is no moment for the mark
    try:
        wire, tag = _Wire(client), imap._new_tag()
        waiting = bytes(tag) + b" APPEND " + _mailbox(client, folder)
        for number, message in enumerate(messages):
            waiting += b" " + flags + wire.length_of(len(message))
            if not wire.takes(len(message)):
                wire.write(waiting)
                wire.listen(tag, server)
                waiting = b""
            waiting += message[:-1] if number == len(messages) - 1 else message
            wire.write(waiting)
            waiting = b""
    except _BROKE as error:
        client.shutdown()
        raise Gone(str(error)) from error
    try:
        before_last()
    except BaseException:
        client.shutdown()
        raise
    try:
        wire.write(messages[-1][-1:] + b"\r\n")
        kind, said = imap._command_complete("APPEND", tag)
    except imaplib.IMAP4.abort as error:
        client.shutdown()
        raise _in_doubt(server) from error
    except imaplib.IMAP4.error as error:
        if "command error: BAD" in str(error):
            raise _refused(server, as_said(str(error)).encode()) from error
        client.shutdown()
        raise _in_doubt(server) from error
    except OSError as error:
        client.shutdown()
        raise _in_doubt(server) from error
    text = b" ".join(each for each in said if isinstance(each, bytes))
    if kind != "OK":
        raise _refused(server, text)
    return Reply(text=text.decode("utf-8", "replace"), places=_places(text, len(messages)))


class _Wire:
    """What is written to one connection, and what its server takes without being asked first."""

    def __init__(self, client: IMAPClient) -> None:
        self._imap = client._imap
        self._any = client.has_capability("LITERAL+")
        self._short = client.has_capability("LITERAL-")

    def write(self, data: bytes) -> None:
        self._imap.send(data)

    def length_of(self, size: int) -> bytes:
        """How a literal is announced."""
        return b" {%d+}\r\n" % size if self.takes(size) else b" {%d}\r\n" % size

    def listen(self, tag: bytes, server: str) -> None:
        """Wait until the server wants the literal. Raises NotSent if it does not."""
        while self._imap._get_response():  # whatever comes before "+" is about other things, or the refusal
            answer = self._imap.tagged_commands.get(tag)
            if answer:
                del self._imap.tagged_commands[tag]
                raise _refused(server, b" ".join(each for each in answer[1] if isinstance(each, bytes)))

    def takes(self, size: int) -> bool:
        """Whether a literal may be written without waiting for the server."""
        return bool(self._any or (self._short and size <= SHORT))


def _mailbox(client: IMAPClient, folder: str) -> bytes:
    name = client._normalise_folder(folder)
    return bytes(name) if isinstance(name, bytes) else str(name).encode("ascii")


def _places(text: bytes, number: int) -> tuple[str, ...]:
    """Where each message is; nothing is known where the numbers do not fit."""
    found = _PLACED.search(text)
    uids: list[int] = []
    for part in found[2].split(b",") if found else ():
        first, _, final = part.partition(b":")
        uids += range(int(first), int(final or first) + 1) if int(final or first) - int(first) < number else ()
    if found is None or len(uids) != number:
        return ("",) * number
    return tuple(f"{int(found[1])}:{uid}" for uid in uids)


def _in_doubt(server: str) -> InDoubt:
    return InDoubt(
        f"{server} may have stored the draft: the connection broke.", hint="Look in your drafts, then: outreach status"
    )


def _refused(server: str, said: bytes) -> NotSent:
    words = " ".join(said.decode("utf-8", "replace").split())[:200]
    found = next(((about, hint) for signs, about, hint in _REFUSALS if signs.search(words)), ("", _OTHERWISE))
    return NotSent(
        f"{server} did not take the draft: {words.rstrip('.') or 'it did not say why'}.",
        hint=found[1],
        permanent=found[0] == "it",
        phase="APPEND",
        reply=words,
        stops_run=found[0] == "all",
    )
