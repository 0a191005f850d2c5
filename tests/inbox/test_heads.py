"""Headers over IMAP: asked for ahead, one question at a time, read as IMAPClient reads them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from imapclient.response_parser import parse_fetch_response

from outreach.mail.imap_heads import Heads, _by_uid


class Server:
    """A connection that answers what `imap_heads` asks for; `said` is what happened, in order."""

    def __init__(self, gone: frozenset[int] = frozenset()) -> None:
        self.said: list[str] = []
        self._gone = gone
        self._open: list[int] = []

    def _command(self, *words: Any) -> bytes:
        assert not self._open, "a second question is open"
        self._open = [int(each) for each in words[2].split(b",")]
        self.said.append(f"asked {self._open}")
        return b"A1"

    def _command_complete(self, name: str, tag: bytes) -> tuple[str, list[bytes]]:
        return "OK", [b"done"]

    def _untagged_response(self, kind: str, data: object, name: str) -> tuple[str, list[Any]]:
        self.said.append(f"read {self._open}")
        found = [(b"%d (UID %d BODY[HEADER] {3}" % (n, n), b"h%02d" % n) for n in self._open if n not in self._gone]
        self._open = []
        return kind, [each for pair in found for each in (pair, b")")]


def heads(server: Server, uids: list[int]) -> Heads:
    client: Any = SimpleNamespace(_imap=server, _checkok=lambda *_: None)
    return Heads(client, uids)


def test_the_next_batch_is_asked_for_before_this_one_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.mail.imap_heads.BATCH", 2)
    server = Server(gone=frozenset({3, 4, 5}))
    found: list[list[int]] = []
    made = heads(server, [1, 2, 3, 4, 5])
    for batch in made.batches():
        found.append(list(batch))
        server.said.append("worked")
        made.finish()  # as before the text of one of them is asked for
    assert found == [[1, 2], [], []]
    assert server.said == [
        "asked [1, 2]", "read [1, 2]", "asked [3, 4]", "worked", "read [3, 4]", "asked [5]", "worked", "read [5]",
        "worked",
    ]  # fmt: skip
    assert list(heads(server, []).batches()) == []


@pytest.mark.parametrize(
    "data",
    [
        [(b"1 (UID 7 BODY[HEADER] {3}", b"a:b"), b")", (b"2 (UID 8 BODY[HEADER] {3}", b"c:d"), b")"],
        [(b"1 (BODY[HEADER] {3}", b"a:b"), b" UID 7)", (b"2 (UID 8 BODY[HEADER] {3}", b"c:d"), b")"],
        [(b"1 (UID 7 BODY[HEADER] {3}", b"a:b"), b")", b"2 (FLAGS (\\Seen) UID 9)"],
        [(b"1 (UID 7 FLAGS (\\Seen) BODY[HEADER] {3}", b"a:b"), b")"],
        [b'1 (UID 7 BODY[HEADER] "a:b")'],
        [None],
    ],
)
def test_whatever_a_server_says_is_read_as_imapclient_reads_it(data: list[Any]) -> None:
    parsed = parse_fetch_response(list(data))
    assert _by_uid(data) == {uid: each[b"BODY[HEADER]"] for uid, each in parsed.items() if b"BODY[HEADER]" in each}
