"""A placeholder of a letter that is named like a column of a list in the same import gets that column's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import regex

from outreach.intake.notes.placeholders import fact_name, facts_used
from outreach.model.found import Found

_PLAIN = ("country", "name", "owner", "personal_text", "short", "website")
"""Keys of a contact that are one text, and so can be in a letter."""
_TWO_LANGUAGES = regex.compile(r"\s*[/|]\s*")
"""Between the names of a column that has one in each language: `Bibliothek / Bibliothèque`."""


def filled_from_columns(found: Found) -> Found:
    """`{{ facts.motto }}` of a letter becomes `{{ contact.fields['Motto'] }}` if a table has the column `Motto`.

    Posts have no contact: what they name too stays a fact. So does what two columns of different lists are called.
    """
    named: dict[str, set[str]] = {}
    for table in found.columns:
        for label, target in table.columns.items():
            if target == "fields" or target in _PLAIN:
                variable = f"contact.fields[{label!r}]" if target == "fields" else f"contact.{target}"
                for called in (label, *_TWO_LANGUAGES.split(label)):
                    named.setdefault(fact_name(called), set()).add(variable)
    in_posts = {fact for text in found.texts if text.folder != "templates" for fact in facts_used(text.body)}
    variables = {fact: min(all_of) for fact, all_of in named.items() if len(all_of) == 1 and fact not in in_posts}
    if not variables:
        return found
    return replace(
        found,
        texts=tuple(
            replace(text, body=_filled(text.body, variables), front=_filled_front(text.front, variables))
            if text.folder == "templates"
            else text
            for text in found.texts
        ),
        settings=tuple(each for each in found.settings if each.path[:1] != ("facts",) or each.path[1] not in variables),
        remarks=tuple(each for each in found.remarks if each.hint.rpartition("facts: ")[2] not in variables),
    )


def _filled(text: str, variables: Mapping[str, str]) -> str:
    return regex.sub(
        r"\{\{ facts\.(\w+) \}\}",
        lambda match: f"{{{{ {variables[match[1]]} }}}}" if match[1] in variables else match[0],
        text,
    )


def _filled_front(front: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    return {key: _filled(value, variables) if isinstance(value, str) else value for key, value in front.items()}
