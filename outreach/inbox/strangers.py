"""Most of a mailbox in a glance: headers that cannot concern us, told without being read.

It says so only of plain headers, in which nothing is that `may_concern` asks for; of any other it says nothing. A test
compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from outreach.inbox.known import Known
from outreach.words.phrases import folded, phrases

_LONGEST = 32 * 1024
_HEADERS = re.compile(rb"((?:[!-9;-~]+:[\t -~]*\r?\n(?:[ \t][\t -~]*\r?\n)*)+)(?:\r?\n|$)")
_TELLING = (b"\nin-reply-to:", b"\nreferences:", b"\nx-failed-recipients:", b"multipart/report", b"<>", b"unsub")
"""What answers and reports have: then the message is read."""
_FROM = re.compile(r"""(?:"?([\w .&'-]*?)"? ?<(?=[^\s@]+@[^\s@]+>$))?([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)>?""")
_SUBJECT = re.compile(r"[\w .,!?'/&%+-]+")
_ID = re.compile(r"<[^<>\s]+>")
_WORD = re.compile(r"[a-z]+")
_SERVERS = re.compile(r"deliver|mail|post|master|system|daemon|bounce|admin|exchange")


class Strangers:
    """Tells messages of strangers, by what is known before the first one is read."""

    def __init__(self, known: Known, sent: Collection[str]) -> None:
        """`sent` are the Message-IDs of what was sent from our mailboxes: a copy of it is ours wherever it lies."""
        self._subjects, self._sent = known.by_subject, sent
        self._domains = {each.rpartition("@")[2] for each in (*known.addresses, *known.domains, *known.us.domains)}
        self._domains |= {each.rpartition("@")[2] for each in known.us.addresses}
        plus = {f"{each.partition('@')[0]}+" for each in known.us.addresses}
        self._telling = (*_TELLING, *(each.encode() for each in (*plus, *known.us.reply_to)))

    def has(self, head: bytes) -> bool:
        """Whether the headers are plainly a stranger's, about nothing of ours; False says nothing."""
        found = _HEADERS.match(head[:_LONGEST])
        low = b"\n" + found[1].lower() if found else b""
        if found is None:
            return False
        for each in self._telling:  # a loop, since this is asked of every message of a mailbox
            if each in low:
                return False
        sender, subject, id = (_value(found[1], low, name) for name in (b"from", b"subject", b"message-id"))
        of = _FROM.fullmatch(sender)
        if of is None or not _SUBJECT.fullmatch(subject) or not _ID.fullmatch(id) or id in self._sent:
            return False
        if of[3].lower() in self._domains or _SERVERS.search(f"{of[1]} {of[2]}".lower()):
            return False
        plain = " ".join(subject.lower().split())
        return plain not in self._subjects and _undelivered().isdisjoint(word[:3] for word in _WORD.findall(plain))


def _value(head: bytes, low: bytes, name: bytes) -> str:
    """The first header of that name; "" without one. One of several lines is given with its break."""
    at = low.find(b"\n" + name + b":")
    if at < 0:
        return ""
    end = head.find(b"\n", at)
    end = head.find(b"\n", end + 1) if head[end + 1 : end + 2] in (b" ", b"\t") else end
    return head[at + len(name) + 1 : end].decode("ascii").strip()


@lru_cache(maxsize=1)
def _undelivered() -> frozenset[str]:
    """How the words begin with which servers say in a subject that something was not delivered."""
    said = folded(" ".join((*phrases("mail", "bounce_subjects"), *phrases("mail", "delay"))))
    return frozenset(word[:3] for each in (said, said.replace("-", "")) for word in _WORD.findall(each))
