"""A person beside the name of their organisation, which is kept as that, and is no remark, role or person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from outreach.campaign.contacts_plain import ordered
from outreach.intake.contact import is_named
from outreach.intake.naming import fits
from outreach.intake.persons import in_order, is_likely_person, looks_like_person, untitled

_MOST_WORDS = 8
_APART = regex.compile(r"\s*[,;]\s+|\s+[\u2013\u2014-]\s+")


def of_employer(values: Mapping[str, Any]) -> dict[str, Any]:
    """`Ann Lee, Elm Club: ann@elmclub.example`, or `(Elm Club)` behind her name, as Ann Lee of Elm Club.

    The domain of the address says that it is the organisation's.
    """
    mail = next((str(each["email"]) for each in values.get("channels", ()) if "email" in each), "")
    written = str(values["name"])
    turned = in_order(written)
    name, *behind = [turned] if is_named(mail, turned) else _APART.split(written, maxsplit=1)
    person = untitled(name)[1]
    known = is_likely_person(name) or (looks_like_person(person) and is_named(mail, person, wholly=True))
    if not mail or not known or fits(name, mail):
        return ordered(values)
    first, *notes = str(values.get("internal_notes", "")).split("\n")
    others = [str(each["name"]) for each in values.get("people", ())]
    beside = (*behind, regex.split(r"[,;:(]", first)[0].strip(), *others)
    told = next((each for each in beside if "@" not in each and not is_named(mail, each) and fits(each, mail)), "")
    if not told or len(told.split()) > _MOST_WORDS:
        return ordered({**values, "name": name} if name == turned else values)
    rest = "\n".join(filter(None, [first.removeprefix(told).strip(" ,;:"), *notes]))
    people = [each for each in values.get("people", ()) if each["name"] != told]
    kept = {key: value for key, value in values.items() if key not in ("internal_notes", "people")}
    found = {"name": name, "kind": "person", "fields": {**values.get("fields", {}), "organisation": told}}
    more = {"internal_notes": rest, "people": people}
    return ordered({**kept, **found, **{key: value for key, value in more.items() if value}})
