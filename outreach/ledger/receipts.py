"""`receipts.jsonl`: the proof of every effect, one line each, kept in Git beside the campaign.

A line is a JSON object with the keys `id`, `instant`, `via`, `proof`, `ledger`, and `to` where a mail
went to an address: its mark (history/address_marks). In the id of a letter to a person stands a token, which counts as
an id that the contact had (`was`), and its proof is sealed; older versions wrote the id and the plain proof, which are
read as well. Lines are sorted, so that Git merges those of two people; where it left the marks of a conflict, these
count for nothing, and the next write takes them out. Behind them stand the marks: `forgotten`, the token of a contact
that was erased, and `suppressed`, the mark of an address to which nobody writes again; each clone follows them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from outreach import storage
from outreach.errors import (
    EditedMeanwhile,
    ReceiptKeyUnreadable,
    ReceiptsUnreadable,
    Refused,
    raising_cannot_write,
    reason_of,
)
from outreach.history.address_marks import (
    is_erased,
    is_person_token,
    key_name,
    person_token,
    person_tokens,
    sealed,
    token_of,
    unsealed,
)
from outreach.history.reducers import DRAFTS
from outreach.ledger.address_keys import KEY_FILE, add_address_keys, address_key, read_address_keys
from outreach.ledger.erasing import renamed
from outreach.ledger.git_attributes import tell_git
from outreach.ledger.place import FOLDER, locked, make_folder
from outreach.ledger.receipt_lines import FILE, Line, has_conflict, line_renamed, lines_in, problem, text_of
from outreach.ledger.record import Ledger
from outreach.model.erasure import FORGOTTEN
from outreach.model.event import CONTACTED, Event, EventKind, Receipt
from outreach.model.ids import LetterId, PartId
from outreach.model.payload import DraftPayload, LetterPayload, PartPayload, PartPlace, PartVia, Payload, PostProof
from outreach.model.problem import Problem
from outreach.networks.identity import public_url

LARGEST = 64_000_000
"""Bytes; a quarter of a million receipts are that."""
IN_DOUBT = "in-doubt"
"""The `via` of a line about a letter that may have left: no other computer may send it either."""
_LOCK = f"{FOLDER}/receipts.lock"
_TRIES = 20
"""How often receipts are read again where the file changes while they are added."""


def read_receipts(root: Path) -> tuple[list[Receipt], list[Problem]]:
    """The receipts of the campaign, sorted, and what is wrong with the file. Never raises for bad input."""
    lines, problems = read_lines(root)
    return _receipts_of(lines, read_address_keys(root)[0]), problems


def receipts_in(data: bytes, keys: Iterable[bytes]) -> tuple[list[Receipt], list[Problem]]:
    """The receipts in the bytes of such a file, sorted, and what is wrong with them; `keys` are the campaign's."""
    lines, problems = lines_in(data)
    return _receipts_of(lines, tuple(keys)), problems


def _receipts_of(lines: Iterable[Line], keys: tuple[bytes, ...]) -> list[Receipt]:
    found = (line.receipt for line in lines if line.receipt is not None)
    return sorted({each if _is_of_erased(each) else replace(each, proof=unsealed(each.proof, keys)) for each in found})


def _is_of_erased(receipt: Receipt) -> bool:
    return isinstance(about := receipt.about, LetterId) and is_erased(about.contact)


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


def write_receipts(root: Path, receipts: Iterable[Receipt], persons: Collection[str] = ()) -> int:
    """Add the lines that are missing, all at once; how many these were.

    Raises ReceiptsUnreadable, CannotWrite; the file is then as it was. Letters to `persons` (ids of contacts) get a
    token, in lines that are there too, and so do those to somebody who has one there already, or who was erased: no
    backup, no clone and no contact that is gone brings a name back.
    """
    receipts = tuple(receipts)
    with suppress(ReceiptKeyUnreadable):  # `check` says so
        if persons:
            address_key(root)
    keys, _ = read_address_keys(root)

    def add(lines: list[Line]) -> list[Line]:
        apart = {*persons, *_kept_apart(lines, receipts, keys)} if keys else ()
        tokens = {name: person_token(id, keys[0]) for id in apart for name in (id, *person_tokens(id, keys))}
        named = {**tokens, **_forgotten(root, lines, receipts)}
        lines = [line_renamed(line, named, keys) for line in lines]
        known = {line.receipt for line in lines}
        ids = ((each, renamed(each.id, named)) for each in receipts)
        written = ((each, id, sealed(id, each.proof, keys)) for each, id in ids)
        new = dict.fromkeys(
            each if (each.id, each.proof) == (id, proof) else replace(each, id=id, proof=proof)
            for each, id, proof in written
        )
        return [*lines, *(Line(each, text_of(each)) for each in new if each not in known)]

    return change_lines(root, add)


def _kept_apart(lines: Iterable[Line], receipts: Iterable[Receipt], keys: tuple[bytes, ...]) -> Iterator[str]:
    """The ids in receipts for which a token is in a line: of persons who were merged, renamed or removed since."""
    known = {line.receipt for line in lines if line.receipt is not None}
    tokens = {about.contact for each in known if isinstance(about := each.about, LetterId)}
    tokens = {each for each in tokens if is_person_token(each)}
    new = (each.about for each in receipts if tokens and each not in known)
    ids = {about.contact for about in new if isinstance(about, LetterId)}
    yield from (id for id in ids if not tokens.isdisjoint(person_tokens(id, keys)))


def _forgotten(root: Path, lines: Iterable[Line], receipts: Iterable[Receipt]) -> dict[str, str]:
    """The ids of those who were erased, in these lines and receipts, with the token that stands for each."""
    forgotten = {line.mark.id for line in lines if line.mark is not None and line.mark.kind == FORGOTTEN}
    if not forgotten:
        return {}
    keys, _ = read_address_keys(root)
    known = (*receipts, *(line.receipt for line in lines if line.receipt is not None))
    contacts = {about.contact for each in known if isinstance(about := each.about, LetterId)}
    return {id: token for id in contacts for key in keys if (token := token_of(id, key)) in forgotten}


def change_lines(root: Path, change: Callable[[list[Line]], list[Line]]) -> int:
    """The file with other lines, all at once; how many are new or gone. Raises as `write_receipts`.

    Git may bring lines of others at any time: where the file changed meanwhile, it is read again.
    """
    make_folder(root)
    with locked(root, _LOCK):
        for _ in range(_TRIES):
            with suppress(EditedMeanwhile):
                return _change(root, change)
        return _change(root, change)


_written: dict[str | None, list[Line]] = {}
"""What this process wrote last, by its digest: a run adds lines again and again, and need not read its own."""


def _change(root: Path, change: Callable[[list[Line]], list[Line]]) -> int:
    """As `change_lines`, once. Raises EditedMeanwhile as well."""
    data, unread = _bytes(root)
    read = None if data is None else storage.digest(data)
    lines, problems = _lines_of(data, read)
    if unread or problems:
        first = [*unread, *problems][0]
        raise ReceiptsUnreadable(first.line, first.message)
    before = {line.text for line in lines}
    by_text = {line.text: line for line in change(lines)}
    if by_text.keys() == before and not has_conflict(data or b""):
        return 0
    ordered = sorted(by_text.values(), key=lambda line: line.order)
    content = "".join(f"{line.text}\n" for line in ordered).encode("utf-8")
    with raising_cannot_write(FILE):
        storage.replace(root, FILE, read, content)
    _written.clear()
    _written[storage.digest(content)] = ordered
    return len(by_text.keys() ^ before)


def _lines_of(data: bytes | None, digest: str | None) -> tuple[list[Line], list[Problem]]:
    return ([*_written[digest]], []) if digest in _written else lines_in(data or b"")


def hand_on(ledger: Ledger, root: Path) -> int:
    """Write every receipt that the ledger has and the file lacks; how many. A rehearsal writes none.

    Repairs what a run that was killed between the two left open. Raises as `write_receipts`.
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
    """How many parts the thread of a post's receipt has; 0 if it does not say."""
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
    if isinstance(about, LetterId):
        payload: Payload = LetterPayload(via=receipt.via, message_id=receipt.proof)
        if receipt.via == DRAFTS:
            kind, payload = EventKind.IN_DRAFTS, DraftPayload(message_id=receipt.proof)
        return Event.saying(kind, payload, letter=about, at=receipt.at, recorded=now, by=by)
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
    lines, problems = _lines_of(data, None if data is None else storage.digest(data))
    return lines, [*unread, *problems]


def _bytes(root: Path) -> tuple[bytes | None, list[Problem]]:
    """What the file holds, None if there is none, and why it cannot be read."""
    try:
        return storage.read(root, FILE, LARGEST), []
    except FileNotFoundError:
        return None, []
    except OSError as error:
        reason = reason_of(error)
        hint = error.hint if isinstance(error, Refused) else "Fix it, or bring it back with Git."
        return None, [problem(1, f"This file cannot be read: {reason}.", hint)]
