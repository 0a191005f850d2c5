"""A person erased from the ledger: a token where it named them, and nothing of what they wrote.

What happened stays: how many letters left when, in which wave, and what came back, so that reports count as before.
It can be done again at any time and then changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from outreach.history.address_marks import is_erased, seal
from outreach.ledger.rows import Row
from outreach.ledger.states import rebuild
from outreach.model.event import FROM_MAIL, EventKind
from outreach.model.records import dataclass

GONE = "erased"
"""What stands for an address where something has to."""
_WITH_DIGEST = (
    EventKind.APPROVED,
    EventKind.TESTED,
    EventKind.IN_DRAFTS,
    EventKind.DRAFT_EDITED,
    EventKind.REPLY_WRITTEN,
)


class Words(Protocol):
    """What is looked for in texts."""

    def are_in(self, text: str) -> bool:
        """Whether any of them is in the text."""

    def blanked(self, text: str) -> str:
        """The text without them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Whom:
    """Who is erased from a ledger: `tokens` by contact id, `addresses` case folded, `words` in anybody's texts.

    `token` stands for somebody who is not a contact of their own, `keys` are those of the campaign.
    """

    token: str
    tokens: Mapping[str, str]
    addresses: frozenset[str]
    words: Words
    keys: tuple[bytes, ...] = ()

    def digest(self, name: str) -> str:
        """What stands for a Message-ID of theirs, or for the name of a file."""
        return name_digest(name, next(iter(self.keys), b""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """How many rows of each kind name them, and the digests (sha256, hex) of the frozen letters to them.

    `beside` are the contacts and posts of which a text loses their name only: what is said beside it stays.
    """

    rows: Mapping[str, int]
    digests: frozenset[str]
    beside: frozenset[str] = frozenset()


def name_digest(text: str, key: bytes) -> str:
    """What stands for a Message-ID or a file's name, so that it is still known; without the key it cannot be guessed.

    An empty key gives the plain hash that older versions wrote.
    """
    said = text.encode("utf-8", "replace")
    digest = hmac.new(key, b"name\0" + said, hashlib.sha256) if key else hashlib.sha256(said)
    return f"{GONE}:{digest.hexdigest()[:32]}"


def erase(db: Any, whom: Whom) -> Found:
    """Take them out, inside a transaction; with the state made again. What was found."""
    db.execute("INSERT INTO erasing (token, what) VALUES (?, 'person')", (whom.token,))
    found = _each_table(db, whom, lambda sql, values: db.execute(sql, values))
    db.execute("DELETE FROM erasing")
    if any(found.rows.values()):
        rebuild(db)
    return found


def look(db: Any, whom: Whom) -> Found:
    """What `erase` would change; nothing is written."""
    return _each_table(db, whom, lambda sql, values: None)


_PLACES = """
SELECT place, contact, sender FROM messages LEFT JOIN messages_personal ON messages_personal.message = messages.number
"""


def _wrote(whom: Whom, contact: str | None, sender: str | None) -> bool:
    """Whether a message is theirs."""
    return contact in whom.tokens or (sender or "").casefold() in whom.addresses


def _each_table(db: Any, whom: Whom, change: Callable[[str, Row], object]) -> Found:
    digests: set[str] = set()
    rows: dict[str, int] = {}
    beside: set[str] = set()
    places = [place for place, contact, sender in db.execute(_PLACES).fetchall() if _wrote(whom, contact, sender)]
    for name, work in (("events", _events), ("letters", _claims), ("receipts", _receipts), ("messages", _messages)):
        rows[name] = 0
        for sql, values, digest in work(db, whom, beside):
            digests |= {digest} if digest else set()
            if sql:
                rows[name] += 1
                change(sql, values)
    rows["files"] = 0
    for account, folder, file in db.execute("SELECT account, folder, name FROM mail_files").fetchall():
        if whom.words.are_in(file) or any(place.endswith(file) for place in places):
            rows["files"] += 1
            place = (account, folder)
            change(
                "INSERT INTO mail_files (account, folder, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (*place, whom.digest(file)),
            )
            change("DELETE FROM mail_files WHERE account = ? AND folder = ? AND name = ?", (*place, file))
    return Found(rows=rows, digests=frozenset(digests), beside=frozenset(beside))


Step = tuple[str, Row, str]
"""A statement ("": none), its values, and the digest of a letter ("": none)."""


def _events(db: Any, whom: Whom, beside: set[str]) -> Iterator[Step]:
    sql = """
    SELECT number, kind, contact, post, name, value, url, numbers, owner, text, address
    FROM events LEFT JOIN personal ON personal.event = events.number
    """
    for number, kind, contact, post, name, value, url, numbers, owner, text, address in db.execute(sql).fetchall():
        from_them = (address or "").casefold() in whom.addresses
        theirs = contact in whom.tokens or from_them or _is_about(whom, name)
        if (theirs or contact in whom.tokens.values()) and kind in _WITH_DIGEST and value:
            yield "", (), value.partition(" ")[0]
        if theirs and kind in (*FROM_MAIL, EventKind.REPLY_WRITTEN) and name:
            name = whom.digest(name)  # the Message-ID of what they wrote
        is_gone = is_erased(whom.tokens.get(contact, contact) or "")
        new = (
            whom.tokens.get(contact, contact),
            # A Message-ID of ours is a plain hash of the contact's id: whoever guesses that could compare.
            seal(name or "", whom.keys) if is_gone and (name or "").startswith("<") else _named(whom, name),
            _blank(whom, value),
            None if theirs or _says(whom, url) else url,
            json.dumps({k: each for k, each in json.loads(numbers).items() if not _says(whom, k)}, sort_keys=True),
            _blank(whom, owner),
        )
        if new != (contact, name, value, url, numbers, owner) or theirs:
            yield (
                "UPDATE events SET contact = ?, name = ?, value = ?, url = ?, numbers = ?, owner = ? WHERE number = ?",
                (*new, number),
                "",
            )
        words = (None, None) if theirs else (_blank(whom, text), None if _says(whom, address) else address)
        if not theirs and words[0] != text:
            beside.add(contact or post or "")
        if words != (text, address):
            yield "UPDATE personal SET text = ?, address = ? WHERE event = ?", (*words, number), ""


def _claims(db: Any, whom: Whom, _: set[str]) -> Iterator[Step]:
    for id, contact, address in db.execute("SELECT id, contact, address FROM claims").fetchall():
        theirs = contact in whom.tokens or (address or "") in whom.addresses
        if theirs:
            yield (
                "UPDATE claims SET contact = ?, address = NULL WHERE id = ?",
                (whom.tokens.get(contact, contact), id),
                "",
            )
        was_theirs = theirs or contact in whom.tokens.values()
        tries = "SELECT number, address, domain, detail, digest FROM attempts WHERE claim = ?"
        for number, to, domain, detail, digest in db.execute(tries, (id,)).fetchall():
            if was_theirs and digest:
                yield "", (), digest
            gone = was_theirs or (to or "") in whom.addresses
            new = (GONE if gone and to is not None else to, None if gone else domain, _blank(whom, detail))
            if new != (to, domain, detail):
                yield (
                    "UPDATE attempts SET address = ?, domain = ?, detail = ? WHERE claim = ? AND number = ?",
                    (*new, id, number),
                    "",
                )


def _receipts(db: Any, whom: Whom, _: set[str]) -> Iterator[Step]:
    for id, at, via, proof, ledger in db.execute("SELECT id, at, via, proof, ledger FROM receipts").fetchall():
        new = renamed(id, whom.tokens)
        is_gone = is_erased(new.partition("/")[2].rpartition("/")[0])
        known_by = seal(proof, whom.keys) if is_gone else proof
        if (new, known_by) != (id, proof):
            yield (
                """UPDATE receipts SET id = ?, proof = ?
                WHERE id = ? AND at = ? AND via = ? AND proof = ? AND ledger = ?""",
                (new, known_by, id, at, via, proof, ledger),
                "",
            )


def renamed(id: str, tokens: Mapping[str, str]) -> str:
    """The id of a letter (`WAVE/CONTACT/STEP`) with the token of its contact."""
    wave, _, rest = id.partition("/")
    contact, _, step = rest.rpartition("/")
    return f"{wave}/{tokens[contact]}/{step}" if contact in tokens else id


def _messages(db: Any, whom: Whom, beside: set[str]) -> Iterator[Step]:
    sql = """
    SELECT number, key, place, rule, rung, contact, sorted, sender, subject, text, proposed, reply_to
    FROM messages LEFT JOIN messages_personal ON messages_personal.message = messages.number
    """
    for number, key, place, rule, rung, contact, word, *words in db.execute(sql).fetchall():
        if _wrote(whom, contact, words[0]):
            known = key if key.startswith(f"{GONE}:") else whom.digest(key)
            done = word or (None if contact else "not-for-us")  # it waits for nobody
            yield (
                """UPDATE messages SET key = ?, place = '', rule = ?, rung = ?, contact = ?, sorted = ?, refs = NULL
                WHERE number = ?""",
                (
                    known,
                    rule.partition(': "')[0],  # behind it stand their words
                    _blank(whom, rung),
                    whom.tokens.get(contact, contact),
                    done,
                    number,
                ),
                "",
            )
            yield "DELETE FROM messages_personal WHERE message = ?", (number,), ""
            continue
        if _says(whom, place):
            yield "UPDATE messages SET place = '' WHERE number = ?", (number,), ""
        new = [_blank(whom, each) for each in words]
        if new[1:3] != words[1:3]:
            beside.add(contact or "")
        if new != words:
            yield (
                """UPDATE messages_personal SET sender = ?, subject = ?, text = ?, proposed = ?, reply_to = ?
                WHERE message = ?""",
                (*new, number),
                "",
            )


def _named(whom: Whom, name: str | None) -> str | None:
    """What an event names (`contact:ID`, `email:ADDRESS`, `WAVE/CONTACT/STEP`), with the token."""
    if name is None:
        return None
    kind, colon, rest = name.partition(":")
    if colon and rest in whom.tokens:
        return f"{kind}:{whom.tokens[rest]}"
    if name in whom.tokens:
        return whom.tokens[name]
    return renamed(name, whom.tokens) if name.count("/") == 2 else _blank(whom, name)


def _is_about(whom: Whom, name: str | None) -> bool:
    """Whether an event names them where it names no contact: a pause, a suppression."""
    return name is not None and name.rpartition(":")[2] in (*whom.tokens, *whom.addresses)


def _says(whom: Whom, text: str | None) -> bool:
    return bool(text) and whom.words.are_in(text or "")


def _blank(whom: Whom, text: str | None) -> str | None:
    return whom.words.blanked(text) if text else text
