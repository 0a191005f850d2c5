"""A contact that was renamed (`was: OLD-ID`) keeps its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from outreach.history.address_marks import is_erased
from outreach.model.contact import Contact
from outreach.model.event import CONTACTED, WRITTEN_AS_DRAFT
from outreach.model.past import ContactPast, Hold, Past, Promise, SentLetter

_MOST_IDS = 100


def renamed(past: Past, contacts: Iterable[Contact]) -> Past:
    """`past` with the history of each contact's old id under its present one.

    An old id that is not a contact any more is gone from the result; one that still is keeps its own
    history, and the other has it too, since one letter too few is better than one too many. Chains
    are followed to their end, and in a cycle each has the history of all.
    """
    predecessors = {contact.id: contact.was for contact in contacts}
    moves = {
        id: lineage for id, was in predecessors.items() if was and len(lineage := lineage_of(id, predecessors)) > 1
    }
    if not moves:
        return past
    gone = {old for lineage in moves.values() for old in lineage} - predecessors.keys()
    pasts = {id: found for id, found in past.contacts.items() if id not in gone}
    for id, lineage in moves.items():
        found = [past.contacts[name] for name in lineage if name in past.contacts]
        if found:
            pasts[id] = _joined(id, found)
    return replace(past, contacts=pasts, holds=_holds(past.holds, moves, gone))


def lineage_of(id: str, predecessors: Mapping[str, tuple[str, ...]]) -> list[str]:
    """`id` and all the ids it ever had (the last hundred), the present one first, then the newest."""
    lineage = [id]
    for newer in lineage:  # grows while it is gone through
        older = [each for each in predecessors.get(newer, ()) if each not in lineage]
        lineage += list(dict.fromkeys(older))[: _MOST_IDS - len(lineage)]
    return lineage


def _joined(id: str, pasts: list[ContactPast]) -> ContactPast:
    """One past of several, the newest id's first."""
    touches = [instant for past in pasts for instant in (past.answered, past.ours) if instant is not None]
    touched = max(touches, default=None)
    standing = [past for past in pasts if not is_erased(past.contact)]  # whoever was erased is over, the others are not
    judged = next((past for past in pasts if past.outcome is not None), None)
    return ContactPast(
        contact=id,
        letters=_letters(pasts),
        answered=_latest(past.answered for past in pasts),
        ours=_latest(past.ours for past in pasts),
        bounced=_latest(past.bounced for past in pasts),
        opted_out=min((past.opted_out for past in pasts if past.opted_out is not None), default=None),
        closed=_latest(past.closed for past in standing),
        away_until=next((past.away_until for past in pasts if past.away_until is not None), None),
        proposed=next((past.proposed for past in pasts if past.proposed is not None), None),
        bounced_address=next((past.bounced_address for past in pasts if past.bounced_address is not None), None),
        outcome=judged.outcome if judged else None,
        settled=judged.settled if judged else None,
        promises=_promises(pasts, touched),
        last=max(
            (past.last for past in standing if past.last), key=lambda event: (event.at, event.number), default=None
        ),
        ever=frozenset().union(*(past.ever for past in pasts)),
    )


def _letters(pasts: list[ContactPast]) -> tuple[SentLetter, ...]:
    """All of them, the earliest first. A draft under the old id is over once it was sent under the new one."""
    letters = sorted({letter for past in pasts for letter in past.letters}, key=lambda found: found.at)
    became = {_same(each): each for each in letters if each.message_id}
    became |= {_same(each): each for each in letters if each.message_id and each.kind in CONTACTED}
    return tuple(each for each in letters if each.kind not in WRITTEN_AS_DRAFT or became.get(_same(each), each) is each)


def _same(letter: SentLetter) -> tuple[str, int, str | None]:
    """What a draft and the letter that was sent of it have in common."""
    return letter.wave, letter.step, letter.message_id


def _promises(pasts: list[ContactPast], touched: datetime | None) -> tuple[Promise, ...]:
    """Those not kept by what happened under another of the ids."""
    found = {promise.number: promise for past in pasts for promise in past.promises}
    standing = [found[number] for number in sorted(found)]
    if touched is None:
        return tuple(standing)
    return tuple(p for p in standing if p in pasts[0].promises or (p.at is not None and touched < p.at))


def _latest(instants: Iterable[datetime | None]) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)


def _holds(holds: tuple[Hold, ...], moves: Mapping[str, list[str]], gone: set[str]) -> tuple[Hold, ...]:
    """A pause of an old id also holds the present one."""
    found = {hold.target: hold for hold in holds}
    for id, lineage in moves.items():
        for old in lineage[1:]:
            if (hold := found.get(f"contact:{old}")) and f"contact:{id}" not in found:
                found[f"contact:{id}"] = replace(hold, target=f"contact:{id}")
    return tuple(hold for hold in sorted(found.values(), key=lambda hold: hold.target) if _stays(hold, gone))


def _stays(hold: Hold, gone: set[str]) -> bool:
    return hold.target.removeprefix("contact:") not in gone or not hold.target.startswith("contact:")
