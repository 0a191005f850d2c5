"""What the columns of a table hold, by what they are called: the vocabulary, and what is stored of earlier imports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from outreach.intake.contact import Column
from outreach.intake.vocabulary import FAMILY, folded, meaning, targets
from outreach.intake.vocabulary import columns as known_columns
from outreach.model.contact import FORMER_KEYS

_PERSONAL = frozenset(
    "name, full name, contact name, display name, nom, nom complet, nombre, nombre completo, nome, nome completo, "
    "naam, volledige naam, imie i nazwisko, nazwa, file as, formatted name, first and last name".split(", ")
)
_ONCE = frozenset(
    "name short country language timezone website tier kind personal_text owner do_not_contact eu stage missing via "
    "found_at collected_on id first_name last_name unit".split()
)
"""Targets that a contact has once: a second column of them goes to `fields`."""


def columns_by_label(labels: Sequence[str], known: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of those labels; `known` is what was stored about them."""
    named = [(at, label, *_target(label, known)) for at, label in enumerate(_distinct(labels)) if label]
    exact = [
        label
        for _, label, target, _ in named
        if target == "name" and (label in known or re.sub(r" ?\d+", "", folded(label)) in known_columns())
    ]
    if exact:  # then a longer label that ends as one is not it: `Screen Name`, `Newspaper name`
        named = [(at, label, "fields" if t == "name" and label not in exact else t, r) for at, label, t, r in named]
    elif {"first_name", "last_name"} <= {target for _, _, target, _ in named}:
        named = [(at, label, "fields" if t == "name" else t, r) for at, label, t, r in named]  # `wahlkreis_name`
    named = _person_beside_name(named, known)
    texts = [label for _, label, target, _ in named if target == "personal_text"]
    if len(texts) > 1:  # `Why them`, `Pitch angle`: reasons are before what is written
        named = [(at, label, "internal_notes" if label in texts[:-1] else t, r) for at, label, t, r in named]
    taken: set[str] = set()
    columns = []
    for at, label, target, role in named:
        if target in _ONCE and target in taken:
            target = "fields"
        taken.add(target)
        columns.append(Column(at=at, label=label, target=target, role=role))
    return tuple(columns)


def _distinct(labels: Sequence[str]) -> list[str]:
    """The labels, the second of two equal ones with a number behind it."""
    seen: Counter[str] = Counter()
    found = []
    for label in labels:
        seen[label] += 1
        found.append(label if seen[label] == 1 or not label else f"{label} {seen[label]}")
    return found


def _target(label: str, known: Mapping[str, str]) -> tuple[str, str]:
    if label in known:
        target, _, role = known[label].partition(":")
        target = target.strip()
        target = target if target in targets() else FORMER_KEYS.get(target, (target,))[0]
        if target in targets():
            return target, role.strip()
    return meaning(label) or ("fields", "")


def _person_beside_name(
    named: list[tuple[int, str, str, str]], known: Mapping[str, str]
) -> list[tuple[int, str, str, str]]:
    """`Name` beside `Organisation` is a person's; a person without either is the contact."""
    names = [each for each in named if each[2] == "name" and each[1] not in known]
    parts = {each[2] for each in named}
    if len(names) > 1 or (names and "name" in known.values()):
        personal = [each for each in names if folded(each[1]) in _PERSONAL]
        if len(personal) < len(names) or "name" in known.values():
            lacks_last = "first_name" in parts and "last_name" not in parts
            return [
                (at, label, ("last_name" if lacks_last and folded(label) in FAMILY else "person"), r)
                if (at, label, t, r) in personal
                else (at, label, t, r)
                for at, label, t, r in named
            ]
    if {"first_name", "last_name"} & parts and len(names) == 1 and folded(names[0][1]) in _PERSONAL:
        full = {"first_name", "last_name"} <= parts  # then the whole name says it again
        instead = "ignore" if full else "last_name" if "first_name" in parts else "first_name"
        if full or folded(names[0][1]) in FAMILY:
            return [(at, label, instead if t == "name" else t, r) for at, label, t, r in named]
    return named
