"""Nouns <-> the columns and JSON texts in which the ledger keeps them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from outreach.history import SubjectKind
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.past import Approval, CameBack, ContactPast, Hold, PostPast, Promise, SentLetter, ToSort

Row = tuple[Any, ...]


def instant_text(at: datetime) -> str:
    """An aware instant as UTC in 32 characters, so that texts sort as instants do."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant_of(text: str) -> datetime:
    """The aware UTC instant that `instant_text` wrote."""
    return datetime.fromisoformat(text)


def clean(text: str | None) -> str | None:
    """Text that SQLite takes: half a surrogate pair (a broken file name) becomes a question mark."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


# --- events ----------------------------------------------------------------------------------------


def event_row(event: Event) -> Row:
    """The columns of `events` but its number, as ADD_EVENT takes them."""
    words = (event.post, event.network, event.name, event.value, event.url)
    return (
        str(event.kind), instant_text(event.at), instant_text(event.recorded), clean(event.by),
        clean(event.contact), clean(event.wave), event.step, *map(clean, words),
        json.dumps(dict(event.numbers), sort_keys=True), event.due.isoformat() if event.due else None,
        clean(event.owner),
    )  # fmt: skip


def personal_row(event: Event) -> tuple[str | None, str | None]:
    """What is kept apart: text and address."""
    return clean(event.text), clean(event.address)


def event_of(row: Row) -> Event:
    """An event of the columns that EVENTS names."""
    (number, kind, at, recorded, by, contact, wave, step, post, network, name, value, url, numbers, due, owner,
     address, text) = row  # fmt: skip
    return Event(
        number=number,
        kind=EventKind(kind),
        at=instant_of(at),
        recorded=instant_of(recorded),
        by=by,
        contact=contact,
        wave=wave,
        step=step,
        post=post,
        network=network,
        name=name,
        value=value,
        url=url,
        numbers=json.loads(numbers) if numbers != "{}" else {},
        due=date.fromisoformat(due) if due else None,
        owner=owner,
        address=address,
        text=text,
    )


def receipt_row(receipt: Receipt) -> Row:
    """The columns of `receipts`, as ADD_RECEIPT takes them."""
    words = (receipt.via, receipt.proof, receipt.ledger, receipt.to)
    return clean(receipt.id), instant_text(receipt.at), *map(clean, words)


def receipt_of(row: Row) -> Receipt:
    """A receipt of the columns that RECEIPTS names."""
    id, at, via, proof, ledger, to = row
    return Receipt(id=id, at=instant_of(at), via=via, proof=proof, ledger=ledger, to=to)


# --- states ----------------------------------------------------------------------------------------


def state_text(kind: SubjectKind, state: Any) -> str:
    """The state of a subject as JSON."""
    return json.dumps(_WRITERS[kind](state), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def state_of(kind: SubjectKind, text: str) -> Any:
    """The state that `state_text` wrote."""
    return _READERS[kind](json.loads(text))


def _text(at: datetime | None) -> str | None:
    return instant_text(at) if at else None


def _instant(text: str | None) -> datetime | None:
    return instant_of(text) if text else None


_INSTANTS = ("answered", "ours", "bounced", "opted_out", "closed", "settled")


def _contact_object(past: ContactPast) -> dict[str, Any]:
    last = past.last
    return {
        "contact": past.contact,
        "letters": [
            [x.wave, x.step, x.kind, _text(x.at), x.via, x.address, x.message_id, x.said] for x in past.letters
        ],
        **{name: _text(getattr(past, name)) for name in _INSTANTS if getattr(past, name)},
        "away_until": past.away_until.isoformat() if past.away_until else None,
        **{name: getattr(past, name) for name in ("proposed", "bounced_address") if getattr(past, name)},
        "outcome": past.outcome,
        "promises": [
            [x.number, x.due.isoformat() if x.due else None, x.owner, x.text, _text(x.at)] for x in past.promises
        ],
        **({"to_sort": [[x.word, _text(x.at), x.key, x.text] for x in past.to_sort]} if past.to_sort else {}),
        **({"came_back": _came_back_object(past.came_back)} if past.came_back else {}),
        "last": [last.number, *event_row(last), last.address, last.text] if last else None,
        "ever": sorted(past.ever),
    }


def _contact_of(value: Mapping[str, Any]) -> ContactPast:
    return ContactPast(
        contact=value["contact"],
        letters=tuple(map(_letter_of, value["letters"])),
        **{name: instant_of(value[name]) for name in _INSTANTS if name in value},
        away_until=date.fromisoformat(value["away_until"]) if value.get("away_until") else None,
        proposed=value.get("proposed"),
        bounced_address=value.get("bounced_address"),
        outcome=value["outcome"],
        promises=tuple(
            Promise(
                number=number, due=date.fromisoformat(due) if due else None, owner=owner, text=text, at=_instant(at)
            )
            for number, due, owner, text, at in value["promises"]
        ),
        to_sort=tuple(
            ToSort(word=word, at=instant_of(at), key=key, text=text) for word, at, key, text in value.get("to_sort", ())
        ),
        came_back=_came_back_of(value["came_back"]) if "came_back" in value else None,
        last=event_of(tuple(value["last"])) if value["last"] else None,
        ever=frozenset(value["ever"]),
    )


def _came_back_object(letter: CameBack) -> list[Any]:
    return [letter.wave, letter.step, letter.cause, _text(letter.at), letter.text]


def _came_back_of(value: list[Any]) -> CameBack:
    wave, step, cause, at, text = value
    return CameBack(wave=wave, step=step, cause=cause, at=instant_of(at), text=text)


def _letter_of(value: list[Any]) -> SentLetter:
    wave, step, kind, at, via, address, *rest = value
    message_id, said = rest or (None, None)  # before version 2 these were not kept
    return SentLetter(
        wave=wave,
        step=step,
        kind=EventKind(kind),
        at=instant_of(at),
        via=via,
        address=address,
        message_id=message_id,
        said=said,
    )


def _approval_object(approval: Approval) -> list[Any]:
    return [approval.digest, _text(approval.at), approval.by, approval.number, approval.tested]


def _approval_of(value: list[Any]) -> Approval:
    digest, at, by, number, tested = value
    return Approval(digest=digest, at=_instant(at), by=by, number=number, tested=tested)


def _post_object(past: PostPast) -> list[Any]:
    thread = [sorted(past.parts), past.of, sorted(past.doubt), past.revision, _text(past.retracted), past.refused]
    return [past.post, past.network, _text(past.published), past.url, dict(past.numbers), thread]


def _post_of(value: list[Any]) -> PostPast:
    post, network, published, url, numbers, *rest = value
    parts, of, doubt, revision, retracted, *rest = rest[0] if rest else ([], 0, [], 1, None)  # since threads are kept
    (refused,) = rest or (None,)  # since refusals are kept
    return PostPast(
        post=post,
        network=network,
        published=_instant(published),
        url=url,
        numbers=numbers,
        parts=frozenset(parts),
        of=of,
        doubt=frozenset(doubt),
        revision=revision,
        retracted=_instant(retracted),
        refused=refused,
    )


def _hold_of(value: list[Any]) -> Hold:
    target, because, since, by = value
    return Hold(target=target, because=because, since=instant_of(since), by=by)


_WRITERS: Mapping[SubjectKind, Callable[[Any], Any]] = {
    SubjectKind.CONTACT: _contact_object,
    SubjectKind.POST: _post_object,
    SubjectKind.DECISION: lambda state: [state[0], instant_text(state[1])],
    SubjectKind.GATE: instant_text,
    SubjectKind.HOLD: lambda hold: [hold.target, hold.because, instant_text(hold.since), hold.by],
    SubjectKind.ADDRESS: bool,
    SubjectKind.MAILBOX: instant_text,
    SubjectKind.APPROVAL: _approval_object,
}
_READERS: Mapping[SubjectKind, Callable[[Any], Any]] = {
    SubjectKind.CONTACT: _contact_of,
    SubjectKind.POST: _post_of,
    SubjectKind.DECISION: lambda value: (value[0], instant_of(value[1])),
    SubjectKind.GATE: instant_of,
    SubjectKind.HOLD: _hold_of,
    SubjectKind.ADDRESS: bool,
    SubjectKind.MAILBOX: instant_of,
    SubjectKind.APPROVAL: _approval_of,
}
