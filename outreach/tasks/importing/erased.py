"""Leaves out rows about people who were erased, so that a list does not bring them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from outreach.history.address_marks import marks_of, token_of
from outreach.ledger.address_keys import read_address_keys
from outreach.ledger.marks import read_marks
from outreach.model.erasure import FORGOTTEN
from outreach.model.found import FoundContact, Remark

_HINT = "They were erased. If this is somebody else, add them by hand, under another id."


class Erased:
    """Who was erased from the campaign in `root`, by the marks in receipts.jsonl: whoever left none is not known."""

    def __init__(self, root: Path) -> None:
        marks = [mark for mark in read_marks(root) if mark.kind == FORGOTTEN and mark.marks]
        self._marks = {address for mark in marks for address in mark.marks}
        self._tokens = {mark.id for mark in marks}
        self._keys, _ = read_address_keys(root)

    def left(self, found: Iterable[FoundContact]) -> tuple[list[FoundContact], list[FoundContact], list[Remark]]:
        """The contacts without those people, the contacts that are left out whole, and what is said of them."""
        kept, gone, remarks = [], [], []
        for each in found:
            less = self._without(each) if self._marks else each
            if less is each:
                kept.append(each)
                continue
            what = "This row" if less is None else "Somebody of this row"
            message = f"{what} is left out: they asked not to be written to."
            remarks.append(Remark(file=each.file, line=each.line, message=message, hint=_HINT))
            if less is None:
                gone.append(each)
            else:
                kept.append(less)
        return kept, gone, remarks

    def _without(self, each: FoundContact) -> FoundContact | None:
        """The contact without whoever was erased: as it is where that is nobody, None if nobody is left."""
        if self._is_id(each.id):
            return None
        values = dict(each.values)
        people = [p for p in values.get("people", ()) if not (self._is_address(p) or self._is_person(each.id, p))]
        channels = [channel for channel in values.get("channels", ()) if not self._is_address(channel)]
        if len(people) == len(values.get("people", ())) and len(channels) == len(values.get("channels", ())):
            return each
        is_nobody = values.get("kind") == "person" or not any("email" in channel for channel in channels)
        if is_nobody and not people:
            return None
        lists: Mapping[str, Any] = {"people": people, "channels": channels}
        return replace(each, values={key: lists.get(key, value) for key, value in values.items()})

    def _is_address(self, of: Mapping[str, Any]) -> bool:
        mail = of.get("email")
        return mail is not None and not self._marks.isdisjoint(marks_of(str(mail), self._keys))

    def _is_id(self, id: str) -> bool:
        return any(token_of(id, key) in self._tokens for key in self._keys)

    def _is_person(self, contact: str, person: Mapping[str, Any]) -> bool:
        return self._is_id(f"{contact}/{str(person.get('name', '')).casefold()}")
