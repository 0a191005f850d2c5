"""Three ways: what was imported last, what is in the campaign now, what the documents say today.

What nobody changed since the last import follows the documents; what a person changed stays. Of the last import
only digests are kept, so that a person's data is in one place only.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from outreach.intake.joining import ADDED_TO, LIFTED, LISTS, identity_of
from outreach.model.records import dataclass

Base = Mapping[str, tuple[str, ...]]
"""Key -> the digest of its value, or of each item, as a document stated it."""
_LINES = re.compile(r" lines? \d+(?:-\d+)?")


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A value that stays because a person wrote it, though the documents say something else."""

    key: str
    kept: Any
    other: Any


@dataclass(frozen=True, kw_only=True)
class Updated:
    """The values as they should stand, and what the documents say otherwise."""

    values: Mapping[str, Any]
    conflicts: tuple[Conflict, ...] = ()


def digest(value: Any) -> str:
    """Eight hex digits: enough to tell one person's wordings of one value apart."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def base_of(stated: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What is kept of what a document said."""
    return {key: tuple(digest(item) for _, item in _items(key, stated[key])) for key in stated if key != "id"}


def _items(key: str, value: Any) -> list[tuple[str, Any]]:
    """A value as items with identities; a plain one is a single item. The lines in a source do not count."""
    if key == "fields":
        return [(name, [name, each]) for name, each in value.items()]
    if key in LISTS:
        return [(identity_of(key, item), item) for item in value]
    if key == "imported_from":
        return [("", _LINES.sub("", str(value)))]
    return [("", value)]


def update(now: Mapping[str, Any], new: Mapping[str, Any], mine: Sequence[Base], others: Sequence[Base]) -> Updated:
    """The values of a contact that is in the campaign as `now`, when its documents say `new`.

    `mine` is what these documents said at the last import, `others` what other documents did.
    """
    values = dict(now)
    conflicts: list[Conflict] = []
    for key in [*new, *_no_longer_said(new, mine)]:
        if key in ("id", "collected_on") and key in now:
            continue
        own, theirs = _digests(key, mine), _digests(key, others)
        if key in LISTS or key == "fields":
            orders = [tuple(base[key]) for base in mine if key in base]
            _list(key, values, new.get(key, {} if key == "fields" else []), orders, theirs, conflicts)
        elif key == "missing" and key in new and not own and key not in now and now:
            continue  # who is in the campaign without them was found ready by a person
        elif key in new and key in ADDED_TO and key in values:
            _added_to(key, values, new[key], own, theirs, conflicts)
        elif key in new:
            _single(key, values, new[key], own, conflicts)
        elif key not in ("name", "do_not_contact") and not theirs and _standing(key, values) in own:
            del values[key]
    return Updated(values=values, conflicts=tuple(conflicts))


def _standing(key: str, values: Mapping[str, Any]) -> str:
    """The digest of what is under a key; "" for nothing."""
    return digest(_items(key, values[key])[0][1]) if key in values else ""


def _added_to(
    key: str, values: dict[str, Any], new: Any, own: set[str], others: set[str], conflicts: list[Conflict]
) -> None:
    """A text of which each document says a part: what it holds already is not added again."""
    if _items(key, new)[0][1] in _items(key, values[key])[0][1]:
        return
    if others and _standing(key, values) in own | others:
        values[key] = f"{values[key]}{'; ' if key == 'imported_from' else chr(10) * 2}{new}"
    else:
        _single(key, values, new, own, conflicts)


def _no_longer_said(new: Mapping[str, Any], mine: Sequence[Base]) -> list[str]:
    return list(dict.fromkeys(key for base in mine for key in base if key not in new))


def _digests(key: str, bases: Iterable[Base]) -> set[str]:
    return {each for base in bases for each in base.get(key, ())}


def _single(key: str, values: dict[str, Any], new: Any, own: set[str], conflicts: list[Conflict]) -> None:
    now, said = values.get(key), digest(_items(key, new)[0][1])
    if new == LIFTED and key == "do_not_contact":  # what an import wrote here goes; what a person wrote stays
        if now is None or (now is not True and _standing(key, values) in own):
            values[key] = False
        return
    if key not in values:
        if not own:
            values[key] = new
        elif said not in own:
            conflicts.append(Conflict(key=key, kept=None, other=new))
        return
    standing = _standing(key, values)
    if standing == said or said in own:
        return
    if standing in own and not (key == "do_not_contact" and now):
        values[key] = new
    elif key == "do_not_contact":
        values[key] = now or new
    elif key == "imported_from":
        return  # a person's own words on where it was found
    else:
        conflicts.append(Conflict(key=key, kept=now, other=new))


def _list(
    key: str,
    values: dict[str, Any],
    new: Any,
    orders: Sequence[tuple[str, ...]],
    others: set[str],
    conflicts: list[Conflict],
) -> None:
    """Item by item; `orders` are the digests of the items as these documents had them."""
    own = {each for order in orders for each in order}
    now = dict(_items(key, values.get(key, {} if key == "fields" else [])))
    said = dict(_items(key, new))
    result: dict[str, Any] = {}
    for name, item in now.items():
        standing = digest(item)
        if name not in said:
            if standing not in own or standing in others:
                result[name] = item
        elif item == said[name] or digest(said[name]) in own:
            result[name] = item
        elif standing in own or standing in others or _says_more(said[name], item):
            result[name] = said[name]
        else:
            result[name] = item
            conflicts.append(Conflict(key=key, kept=_shown(item), other=_shown(said[name])))
    removed = {name for name, item in said.items() if name not in now and digest(item) in own}
    result |= {name: item for name, item in said.items() if name not in now and name not in removed}
    if tuple(digest(item) for item in now.values()) in orders:  # nobody touched it: in the order of the document
        result = {name: result[name] for name in [*said, *result] if name in result}
    _put(key, values, list(result.values()))


def _says_more(new: Any, now: Any) -> bool:
    """Whether `new` says all that `now` says, and something beside it."""
    return isinstance(new, Mapping) and isinstance(now, Mapping) and {**new, **now} == dict(new)


def _shown(item: Any) -> Any:
    return f"{item[0]}: {item[1]}" if isinstance(item, list) else item


def _put(key: str, values: dict[str, Any], items: list[Any]) -> None:
    if key == "fields":
        items_of_fields = dict(items)
        if items_of_fields or key in values:
            values[key] = items_of_fields
    elif items or key in values:
        values[key] = items
    if key in values and not values[key]:
        del values[key]
