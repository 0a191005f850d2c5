"""`receipts.jsonl`: the proof of every effect, one line each, kept in Git beside the campaign.

A line is a JSON object with the keys `id`, `instant`, `via`, `proof`, `ledger`, and `to` where a mail
went to an address: its mark (history/address_marks). In the id of a letter to a person stands a token, which counts as
an id that the contact had (`was`); lines of older versions have the id. Lines are sorted, so that Git merges those of
two people; where it left the marks of a conflict, these count for nothing, and the next write takes them out. Behind
them stand the marks: `forgotten`, the token of a contact that was erased, and `suppressed`, the mark of an address to
which nobody writes again; each clone follows them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from outreach import storage
from outreach.errors import EditedMeanwhile, ReceiptKeyUnreadable, ReceiptsUnreadable, Refused, not_written
from outreach.history.address_marks import is_person_token, key_name, person_token, person_tokens, token_of
from outreach.history.reducers import DRAFTS
from outreach.ledger.address_keys import CONFLICT_MARKS, KEY_FILE, add_address_keys, address_key, read_address_keys
from outreach.ledger.erasing import renamed
from outreach.ledger.git_attributes import RECEIPTS, tell_git
from outreach.ledger.mark_lines import mark_of_line
from outreach.ledger.place import FOLDER, locked, make_folder
from outreach.ledger.record import Ledger
from outreach.ledger.rows import instant_text
from outreach.model.erasure import FORGOTTEN, Mark
from outreach.model.event import CONTACTED, Event, EventKind, Receipt
from outreach.model.ids import LetterId, PartId
from outreach.model.payload import DraftPayload, LetterPayload, PartPayload, PartPlace, PartVia, PostProof
from outreach.model.problem import Problem
from outreach.networks.bluesky import public_url

FILE = RECEIPTS
LARGEST = 64_000_000
"""Bytes; a quarter of a million receipts are that."""
IN_DOUBT = "in-doubt"
"""The `via` of a line about a letter that may have left: no other computer may send it either."""
_LOCK = f"{FOLDER}/receipts.lock"
_TRIES = 20
"""How often receipts are read again where the file changes while they are added."""
_ID = re.compile(r"([^/\s]{1,200})/([^/\s]{1,200})/([0-9]{1,6})")
_KEYS = ("id", "instant", "via", "proof", "ledger")
_TO = re.compile(r"[0-9a-f]{8}-[0-9a-f]{16}|")
_SHAPE = 'A line reads {"id": "WAVE/CONTACT/STEP", "instant": ..., "via": ..., "proof": ..., "ledger": ...}.'


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what it says: a receipt or a mark. The text is kept, with keys that a newer outreach may add."""

    receipt: Receipt | None
    text: str
    mark: Mark | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Where it stands: receipts first."""
        return (1, self.text) if self.receipt is None else (0, self.receipt, self.text)


def read_receipts(root: Path) -> tuple[list[Receipt], list[Problem]]:
    """The receipts of the campaign, sorted, and what is wrong with the file. Never raises for bad input."""
    lines, problems = read_lines(root)
    return _receipts_of(lines), problems


def receipts_in(data: bytes) -> tuple[list[Receipt], list[Problem]]:
    """The receipts in the bytes of such a file, sorted, and what is wrong with them."""
    lines, problems = lines_in(data)
    return _receipts_of(lines), problems


def _receipts_of(lines: Iterable[Line]) -> list[Receipt]:
    return sorted({line.receipt for line in lines if line.receipt is not None})


def receipt_problems(root: Path) -> list[Problem]:
    """What is wrong with the receipts, their key, and the two together. Never raises for bad input."""
    lines, problems = read_lines(root)
    keys, unread = read_address_keys(root)
    unknown = sorted(
        {line.receipt.to[:8] for line in lines if line.receipt and line.receipt.to} - {key_name(key) for key in keys}
    )
    if unknown and not unread:
        message = f"The key that receipts call {unknown[0]} is not in {KEY_FILE}, so addresses cannot be compared."
        hint = f"Bring {KEY_FILE} back with Git, or ask the person who wrote these lines for theirs, and add its line."
        unread = [Problem(file=FILE, line=1, code="receipt-key", message=message, hint=hint, about="receipts")]
    return [*problems, *unread]


def write_receipt(root: Path, receipt: Receipt) -> None:
    """Add one line, unless it is there. Raises ReceiptsUnreadable, CannotWrite; the file is then as it was."""
    write_receipts(root, [receipt])


def write_receipts(root: Path, receipts: Iterable[Receipt], persons: Collection[str] = ()) -> int:
    """Add the lines that are missing, all at once; how many these were. Raises as `write_receipt`.

    Letters to `persons` (ids of contacts) get a token, in lines that are there too, and so do those to somebody who was
    erased: no backup and no clone brings a name back. Git may bring lines of others at any time: where the file changed
    meanwhile, it is read again.
    """
    receipts = tuple(receipts)
    tokens: dict[str, str] = {}
    if persons:
        with suppress(ReceiptKeyUnreadable):  # `check` says so
            first = address_key(root)
            keys, _ = read_address_keys(root)
            tokens = {name: person_token(id, first) for id in persons for name in (id, *person_tokens(id, keys))}

    def add(lines: list[Line]) -> list[Line]:
        named = {**tokens, **_forgotten(root, lines, receipts)}
        lines = [line_renamed(line, named) for line in lines]
        known = {line.receipt for line in lines}
        new = dict.fromkeys(replace(each, id=renamed(each.id, named)) for each in receipts)
        return [*lines, *(Line(each, _text_of(each)) for each in new if each not in known)]

    return change_lines(root, add)


def _forgotten(root: Path, lines: Iterable[Line], receipts: Iterable[Receipt]) -> dict[str, str]:
    """The ids of those who were erased, in these lines and receipts, with the token that stands for each."""
    forgotten = {line.mark.id for line in lines if line.mark is not None and line.mark.kind == FORGOTTEN}
    if not forgotten:
        return {}
    keys, _ = read_address_keys(root)
    known = (*receipts, *(line.receipt for line in lines if line.receipt is not None))
    contacts = {about.contact for each in known if isinstance(about := each.about, LetterId)}
    return {id: token for id in contacts for key in keys if (token := token_of(id, key)) in forgotten}


def line_renamed(line: Line, tokens: Mapping[str, str], unmarked: Container[str] = ()) -> Line:
    """The line with the token of its contact, and none of the marks `unmarked`; every other key stays."""
    if line.receipt is None:
        return line
    id = renamed(line.receipt.id, tokens)
    if id == line.receipt.id and line.receipt.to not in unmarked:
        return line
    value = {**json.loads(line.text), "id": id}
    if line.receipt.to in unmarked:
        value.pop("to", None)
    read = read_line(1, json.dumps(value).encode())
    return read if isinstance(read, Line) else line


def change_lines(root: Path, change: Callable[[list[Line]], list[Line]]) -> int:
    """The file with other lines, all at once; how many are new or gone. Raises as `write_receipt`.

    Git may bring lines of others at any time: where the file changed meanwhile, it is read again.
    """
    make_folder(root)
    with locked(root, _LOCK):
        for _ in range(_TRIES):
            with suppress(EditedMeanwhile):
                return _change(root, change)
        return _change(root, change)


_written: dict[str | None, tuple[list[Line], list[Problem]]] = {}
"""What this process wrote last, by its digest: a run adds lines again and again, and need not read its own."""


def _change(root: Path, change: Callable[[list[Line]], list[Line]]) -> int:
    """As `change_lines`, once. Raises EditedMeanwhile as well."""
    data, problems = _bytes(root)
    read = None if data is None else storage.digest(data)
    lines, more = _written.get(read, ([], [])) if read in _written else lines_in(data or b"")
    if problems or more:
        first = [*problems, *more][0]
        raise ReceiptsUnreadable(first.line, first.message)
    before = {line.text for line in lines}
    by_text = {line.text: line for line in change(lines)}
    if by_text.keys() == before and not _has_conflict(data or b""):
        return 0
    ordered = sorted(by_text.values(), key=lambda line: line.order)
    content = "".join(f"{line.text}\n" for line in ordered).encode("utf-8")
    try:
        storage.replace(root, FILE, read, content)
    except OSError as error:
        raise not_written(FILE, error) from error
    _written.clear()
    _written[storage.digest(content)] = ordered, []
    return len(by_text.keys() ^ before)


def hand_on(ledger: Ledger, root: Path) -> int:
    """Write every receipt that the ledger has and the file lacks; how many. A rehearsal writes none.

    Mends what a run that was killed between the two left open. Raises as `write_receipt`.
    """
    if ledger.rehearsal:
        return 0
    written = write_receipts(root, ledger.receipts(), ledger.persons)
    with suppress(ReceiptKeyUnreadable):  # `check` says so
        add_address_keys(root, ())
    if written:
        tell_git(root)
    return written


def elsewhere(ledger: Ledger, receipts: Iterable[Receipt], keys: Iterable[bytes] = ()) -> tuple[Receipt, ...]:
    """The receipts of effects that `ledger` does not have, sorted; `keys` are those of the campaign, for tokens."""
    own = ledger.receipts()
    known = {_effect(receipt) for receipt in own}
    unknown = {receipt for receipt in receipts if _effect(receipt) not in known}
    if not unknown:
        return ()
    pasts = ledger.past().contacts
    has_tokens = any(isinstance(each.about, LetterId) and is_person_token(each.about.contact) for each in unknown)
    ids = {about.contact for each in own if isinstance(about := each.about, LetterId)} | pasts.keys()
    tokens = [{id: person_token(id, key) for id in ids} for key in keys] if has_tokens else []
    known = {_effect(replace(receipt, id=renamed(receipt.id, each))) for receipt in own for each in tokens}
    left = {
        letter.id_of(name)
        for past in pasts.values()
        for name in (past.contact, *(each[past.contact] for each in tokens))
        for letter in past.letters
        if letter.kind in CONTACTED
    }
    return tuple(sorted(each for each in unknown if each.about not in left and _effect(each) not in known))


def adopt(
    ledger: Ledger, receipts: Iterable[Receipt], keys: Iterable[bytes] = (), *, by: str, now: datetime
) -> list[Receipt]:
    """Take over what happened on other computers: one ADOPTED event each, all of them or none.

    Where an effect has several receipts, the event has the earliest one's instant; one that is in doubt
    there is in doubt here, unless another line proves it. Of a post that was published again the latest count.
    `now` is an aware instant. The receipts taken over; asking again, there are none.
    """
    with ledger.writing():
        new = elsewhere(ledger, receipts, keys)
        first: dict[str, Receipt] = {}
        letters = [receipt for receipt in new if isinstance(receipt.about, LetterId)]
        for receipt in sorted(letters, key=lambda receipt: (receipt.via in (DRAFTS, IN_DOUBT), receipt.at, receipt)):
            first.setdefault(receipt.id, receipt)
        first |= _latest(new)
        taken = sorted(first.values())
        ledger.append_all(_adopted(receipt, by, now) for receipt in taken)
        ledger.add_receipts(new)
    return taken


def _latest(receipts: Iterable[Receipt]) -> dict[str, Receipt]:
    """The parts of each post as it was last published, by id."""
    ordered = sorted(receipts, key=lambda receipt: (receipt.at, receipt))
    parts = {part: receipt for receipt in ordered if isinstance(part := receipt.about, PartId)}
    of = {part.version: _of(receipt) for part, receipt in parts.items()}
    return {str(part): receipt for part, receipt in parts.items() if part.part <= (of[part.version] or 1_000_000)}


def _of(receipt: Receipt) -> int:
    """How many parts the thread of a post's receipt has; 0 where it does not say."""
    return PartVia.read(receipt.via).place.of


def _effect(receipt: Receipt) -> tuple[str, str]:
    """What a receipt is about: a letter by its id, a post, which may be published again, by its proof as well.

    A draft of a letter is one effect, that somebody sent it another.
    """
    if isinstance(receipt.about, PartId):
        return (receipt.id, receipt.proof)
    return (receipt.id, DRAFTS if receipt.via == DRAFTS else "")


def _adopted(receipt: Receipt, by: str, now: datetime) -> Event:
    about = receipt.about
    kind = EventKind.IN_DOUBT if receipt.via == IN_DOUBT else EventKind.ADOPTED
    if isinstance(about, LetterId) and receipt.via == DRAFTS:
        return Event.saying(
            EventKind.IN_DRAFTS,
            DraftPayload(message_id=receipt.proof),
            at=receipt.at,
            recorded=now,
            by=by,
            wave=about.wave,
            contact=about.contact,
            step=about.step,
        )
    if isinstance(about, LetterId):
        return Event.saying(
            kind,
            LetterPayload(via=receipt.via, message_id=receipt.proof),
            at=receipt.at,
            recorded=now,
            by=by,
            wave=about.wave,
            contact=about.contact,
            step=about.step,
        )
    proof = PostProof.read(receipt.proof)
    url = public_url(proof.address)
    return Event.saying(
        kind,
        PartPayload(place=PartPlace(about.part, _of(receipt)), proof=proof),
        at=receipt.at,
        recorded=now,
        by=by,
        post=about.post,
        network=about.network,
        url=url if url.startswith("http") else None,
    )


# --- the file --------------------------------------------------------------------------------------


def read_lines(root: Path) -> tuple[list[Line], list[Problem]]:
    """The lines of the file, and what is wrong with it. Never raises for bad input."""
    data, unread = _bytes(root)
    lines, problems = lines_in(data or b"")
    return lines, [*unread, *problems]


def _bytes(root: Path) -> tuple[bytes | None, list[Problem]]:
    """What the file holds, None where there is none, and why it cannot be read."""
    try:
        return storage.read(root, FILE, LARGEST), []
    except FileNotFoundError:
        return None, []
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        hint = error.hint if isinstance(error, Refused) else "Fix it, or bring it back with Git."
        return None, [_problem(1, f"This file cannot be read: {reason}.", hint)]


def _has_conflict(data: bytes) -> bool:
    return any(line.startswith(tuple(mark.encode() for mark in CONFLICT_MARKS)) for line in data.split(b"\n"))


def lines_in(data: bytes) -> tuple[list[Line], list[Problem]]:
    """The lines in the bytes of such a file, and what is wrong with them."""
    lines, problems = [], []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        read = read_line(number, raw.strip())
        if isinstance(read, Line):
            lines.append(read)
        elif read is not None:
            problems.append(read)
    return lines, problems


def read_line(number: int, raw: bytes) -> Line | Problem | None:
    """What a line says, what is wrong with it, or None for one that says nothing."""
    if not raw or raw.startswith(tuple(mark.encode() for mark in CONFLICT_MARKS)):
        return None  # of a conflict the lines of both sides are right
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _problem(number, "This line is not UTF-8.", "Bring the file back with Git.")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _problem(number, "This line is not JSON.", _SHAPE)
    if (mark := mark_of_line(value)) is not None:
        return Line(None, text, mark)
    receipt = _receipt_of(value)
    return Line(receipt, text) if receipt else _problem(number, "This line is not a receipt.", _SHAPE)


def _receipt_of(value: object) -> Receipt | None:
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in _KEYS):
        return None
    try:
        at = datetime.fromisoformat(value["instant"])
        instant = datetime.fromisoformat(instant_text(at))
    except (ValueError, OverflowError):
        return None
    if instant != at or not _ID.fullmatch(value["id"]):  # a year in which nothing was sent
        return None
    to = value.get("to", "")
    if not isinstance(to, str) or not _TO.fullmatch(to):
        return None
    return Receipt(id=value["id"], at=instant, via=value["via"], proof=value["proof"], ledger=value["ledger"], to=to)


def _text_of(receipt: Receipt) -> str:
    values = (receipt.id, instant_text(receipt.at), receipt.via, receipt.proof, receipt.ledger)
    text = json.dumps({**dict(zip(_KEYS, values, strict=True)), **({"to": receipt.to} if receipt.to else {})})
    if _receipt_of(json.loads(text)) is None:
        raise ValueError(f"{receipt} cannot be written as a line")
    return text


def _problem(line: int, message: str, hint: str) -> Problem:
    return Problem(file=FILE, line=line, code="receipt-unreadable", message=message, hint=hint, about="receipts")
