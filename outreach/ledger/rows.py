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
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(8999, 12, 31, tzinfo=UTC)
"""Days and hours are counted on from the instants in a ledger, and a calendar ends in the year 9999. A mail may claim
to be from any year: what is outside is written as the end that is nearer."""
_MOST = 2**53
"""No count of anything is as large. Floats are exact below it."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_STRANGE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)


class StrangeRow(ValueError):
    """A row says what no outreach writes. It never leaves the ledger: see `faults.translated`."""


def instant_text(at: datetime) -> str:
    """An aware instant as UTC in 32 characters, so that texts sort as instants do."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    if at.tzinfo is not UTC or not _FIRST.year <= at.year < _LAST.year:
        at = min(max(at, _FIRST), _LAST).astimezone(UTC)
    return at.isoformat(timespec="microseconds")


def instant_of(text: str) -> datetime:
    """The aware UTC instant that `instant_text` wrote. Raises StrangeRow for what it never writes."""
    try:
        found = datetime.fromisoformat(text)
    except _STRANGE as error:
        raise StrangeRow(text) from error
    if found.tzinfo is None or not _FIRST <= found <= _LAST:
        raise StrangeRow(text)
    return found


def _day_text(day: date | None) -> str | None:
    return min(max(day, _FIRST.date()), _LAST.date()).isoformat() if day else None


def _day_of(text: str | None) -> date | None:
    found = date.fromisoformat(text) if text else None
    if found is not None and not _FIRST.date() <= found <= _LAST.date():
        raise StrangeRow(text)
    return found


def clean(text: str | None) -> str | None:
    """Text that every database takes: half a surrogate pair (a broken file name) becomes a question mark."""
    return text if text is None or text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


# --- events ----------------------------------------------------------------------------------------


def event_row(event: Event) -> Row:
    """The columns of `events` but its number, as ADD_EVENT takes them."""
    words = (event.post, event.network, event.name, event.value, event.url)
    return (
        str(event.kind), instant_text(event.at), instant_text(event.recorded), clean(event.by),
        clean(event.contact), clean(event.wave), event.step, *map(clean, words),
        json.dumps({name: each for name, each in event.numbers.items() if abs(each) < _MOST}, sort_keys=True)
        if event.numbers
        else "{}",
        _day_text(event.due), clean(event.owner),
    )  # fmt: skip


def personal_row(event: Event) -> tuple[str | None, str | None]:
    """What is kept apart: text and address."""
    return clean(event.text), clean(event.address)


def event_of(row: Row) -> Event:
    """An event of the columns that EVENTS names. Raises StrangeRow."""
    (number, kind, at, recorded, by, contact, wave, step, post, network, name, value, url, numbers, due, owner,
     address, text) = row  # fmt: skip
    try:
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
            numbers=_numbers(json.loads(numbers)) if numbers != "{}" else {},
            due=_day_of(due),
            owner=owner,
            address=address,
            text=text,
        )
    except _STRANGE as error:
        raise StrangeRow("events") from error


def receipt_row(receipt: Receipt) -> Row:
    """The columns of `receipts`, as ADD_RECEIPT takes them."""
    words = (receipt.via, receipt.proof, receipt.ledger, receipt.to)
    return clean(receipt.id), instant_text(receipt.at), *map(clean, words)


def receipt_of(row: Row) -> Receipt:
    """A receipt of the columns that RECEIPTS names. Raises StrangeRow."""
    id, at, via, proof, ledger, to = row
    receipt = Receipt(id=id, at=instant_of(at), via=via, proof=proof, ledger=ledger, to=to)
    try:
        receipt.about  # noqa: B018 - everybody who has a receipt asks for it
    except ValueError as error:
        raise StrangeRow("receipts") from error
    return receipt


# --- states ----------------------------------------------------------------------------------------


def state_text(kind: SubjectKind, state: Any) -> str:
    """The state of a subject as JSON."""
    return _ENCODER.encode(_WRITERS[kind](state))


def state_of(kind: SubjectKind, text: str) -> Any:
    """The state that `state_text` wrote. Raises StrangeRow."""
    try:
        return _READERS[kind](json.loads(text))
    except _STRANGE as error:
        raise StrangeRow("state") from error


def _text(at: datetime | None) -> str | None:
    return instant_text(at) if at else None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant_of(text)


def _word(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(value)
    return value


def _words(value: Any) -> str | None:
    return None if value is None else _word(value)


def _number(value: Any) -> int:
    if type(value) is not int or abs(value) >= _MOST:
        raise TypeError(value)
    return value


def _numbers(value: Any) -> dict[str, float]:
    """Counts by their names; Python reads `1e999` and `NaN` as numbers, and they are none."""
    if type(value) is not dict or not all(type(each) in (int, float) and abs(each) < _MOST for each in value.values()):
        raise TypeError(value)
    return value


_INSTANTS = ("answered", "ours", "bounced", "opted_out", "closed", "settled")


def _contact_object(past: ContactPast) -> dict[str, Any]:
    last = past.last
    return {
        "contact": past.contact,
        "letters": [
            [
                x.wave,
                x.step,
                x.kind,
                _text(x.at),
                x.via,
                x.address,
                x.message_id,
                x.said,
                *([x.digest, x.place] if x.digest else []),
            ]
            for x in past.letters
        ],
        **{name: _text(getattr(past, name)) for name in _INSTANTS if getattr(past, name)},
        "away_until": _day_text(past.away_until),
        **{name: getattr(past, name) for name in ("proposed", "bounced_address") if getattr(past, name)},
        "outcome": past.outcome,
        "promises": [[x.number, _day_text(x.due), x.owner, x.text, _text(x.at)] for x in past.promises],
        **({"to_sort": [[x.word, _text(x.at), x.key, x.text] for x in past.to_sort]} if past.to_sort else {}),
        **({"came_back": _came_back_object(past.came_back)} if past.came_back else {}),
        "last": [last.number, *event_row(last), last.address, last.text] if last else None,
        "ever": sorted(past.ever),
    }


def _contact_of(value: Mapping[str, Any]) -> ContactPast:
    return ContactPast(
        contact=_word(value["contact"]),
        letters=tuple(map(_letter_of, value["letters"])),
        **{name: instant_of(value[name]) for name in _INSTANTS if name in value},
        away_until=_day_of(value.get("away_until")),
        proposed=_words(value.get("proposed")),
        bounced_address=_words(value.get("bounced_address")),
        outcome=_words(value["outcome"]),
        promises=tuple(map(_promise_of, value["promises"])),
        to_sort=tuple(map(_to_sort_of, value.get("to_sort", ()))),
        came_back=_came_back_of(value["came_back"]) if "came_back" in value else None,
        last=_last_of(value["last"]) if value["last"] else None,
        ever=frozenset(map(_word, value["ever"])),
    )


def _promise_of(value: list[Any]) -> Promise:
    number, due, owner, text, at = value
    return Promise(number=_number(number), due=_day_of(due), owner=_words(owner), text=_word(text), at=_instant(at))


def _last_of(value: list[Any]) -> Event:
    number, kind, *rest = value
    step, numbers = rest[5], rest[11]
    for each in (*rest[:5], *rest[6:11], *rest[12:]):
        _words(each)
    _words(numbers)
    return event_of((_number(number), kind, *rest[:5], None if step is None else _number(step), *rest[6:]))


def _to_sort_of(value: list[Any]) -> ToSort:
    word, at, key, text = value
    return ToSort(word=_word(word), at=instant_of(at), key=_word(key), text=_word(text))


def _came_back_object(letter: CameBack) -> list[Any]:
    return [letter.wave, letter.step, letter.cause, _text(letter.at), letter.text]


def _came_back_of(value: list[Any]) -> CameBack:
    wave, step, cause, at, text = value
    return CameBack(wave=_word(wave), step=_number(step), cause=_word(cause), at=instant_of(at), text=_word(text))


def _letter_of(value: list[Any]) -> SentLetter:
    wave, step, kind, at, via, address, *rest = value
    message_id, said, *draft = rest or (None, None)  # before version 2 these were not kept
    digest, place = draft or ("", "")
    return SentLetter(
        wave=_word(wave),
        step=_number(step),
        kind=EventKind(kind),
        at=instant_of(at),
        via=_word(via),
        address=_words(address),
        message_id=_words(message_id),
        said=_words(said),
        digest=_word(digest),
        place=_word(place),
    )


def _approval_object(approval: Approval) -> list[Any]:
    return [approval.digest, _text(approval.at), approval.by, approval.number, approval.tested]


def _approval_of(value: list[Any]) -> Approval:
    digest, at, by, number, tested = value
    return Approval(digest=_words(digest), at=_instant(at), by=_word(by), number=_number(number), tested=_words(tested))


def _post_object(past: PostPast) -> list[Any]:
    thread = [sorted(past.parts), past.of, sorted(past.doubt), past.revision, _text(past.retracted), past.refused]
    return [past.post, past.network, _text(past.published), past.url, dict(past.numbers), thread]


def _post_of(value: list[Any]) -> PostPast:
    post, network, published, url, numbers, *rest = value
    parts, of, doubt, revision, retracted, *rest = rest[0] if rest else ([], 0, [], 1, None)  # since threads are kept
    (refused,) = rest or (None,)  # since refusals are kept
    return PostPast(
        post=_word(post),
        network=_word(network),
        published=_instant(published),
        url=_words(url),
        numbers=_numbers(numbers),
        parts=frozenset(map(_number, parts)),
        of=_number(of),
        doubt=frozenset(map(_number, doubt)),
        revision=_number(revision),
        retracted=_instant(retracted),
        refused=_words(refused),
    )


def _hold_of(value: list[Any]) -> Hold:
    target, because, since, by = value
    return Hold(target=_word(target), because=_word(because), since=instant_of(since), by=_word(by))


def _decision_of(value: list[Any]) -> tuple[str, datetime]:
    choice, at = value
    return _word(choice), instant_of(at)


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
    SubjectKind.DECISION: _decision_of,
    SubjectKind.GATE: instant_of,
    SubjectKind.HOLD: _hold_of,
    SubjectKind.ADDRESS: bool,
    SubjectKind.MAILBOX: instant_of,
    SubjectKind.APPROVAL: _approval_of,
}
