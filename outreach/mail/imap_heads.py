"""Headers of many messages: while one batch is worked on, the server makes the next (pipelining, RFC 9051, 5.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from imapclient import IMAPClient
from imapclient.imapclient import join_message_ids
from imapclient.response_parser import parse_fetch_response

BATCH = 500
"""Messages whose headers are asked for at once."""
_PLAIN = re.compile(rb"\d+ \(UID (\d+) BODY\[HEADER\] \{\d+\}")


class Heads:
    """The headers of messages in the folder that is open, by UID: batch by batch.

    Ask nothing else of the server before `finish`: at most one question is open at a time.
    """

    def __init__(self, client: IMAPClient, uids: Sequence[int]) -> None:
        self._client = client
        self._left = [uids[begin : begin + BATCH] for begin in range(0, len(uids), BATCH)]
        self._asked: bytes | None = None
        self._found: dict[int, bytes] | None = None

    def batches(self) -> Iterator[dict[int, bytes]]:
        """One batch after another, in the order of the UIDs. Raises what IMAPClient raises."""
        self._ask()
        while True:
            self.finish()
            found, self._found = self._found, None
            if found is None:
                return
            self._ask()
            yield found

    def finish(self) -> None:
        """Read what the server was asked for, so that it can be asked for something else."""
        if self._asked is not None:
            imap, tag, self._asked = self._client._imap, self._asked, None
            kind, data = imap._command_complete("FETCH", tag)
            self._client._checkok("fetch", kind, data)
            self._found = _by_uid(imap._untagged_response(kind, data, "FETCH")[1])

    def _ask(self) -> None:
        """imaplib and IMAPClient have no question without its answer; these are the halves of `IMAPClient.fetch`."""
        if self._left:
            uids = join_message_ids(self._left.pop(0))
            self._asked = self._client._imap._command("UID", "FETCH", uids, "(BODY.PEEK[HEADER])")


def _by_uid(data: Sequence[Any]) -> dict[int, bytes]:
    """What nearly every server says is read here, ten times as fast; the rest as IMAPClient reads it."""
    found: dict[int, bytes] = {}
    for each in data:
        said = _PLAIN.fullmatch(each[0]) if isinstance(each, tuple) else None
        if said is not None:
            found[int(said[1])] = each[1]
        elif each != b")":
            parsed = parse_fetch_response(list(data))
            return {uid: parts[b"BODY[HEADER]"] for uid, parts in parsed.items() if parts.get(b"BODY[HEADER]")}
    return found
