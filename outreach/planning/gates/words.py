"""The words of gates that mean something in any campaign, and the sentence for those that do not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from outreach.errors import TemplateFault
from outreach.model.post import Network
from outreach.model.state import ContactState
from outreach.templating.expressions import short
from outreach.templating.scope import CONTACT_KEYS
from outreach.words.suggestions import nearest

CONTACT_FACTS = ("answered", "contacted", "contacted_on", "outcome", "state")
"""What gates may ask of a contact: `contacts['ofe'].answered`."""


def unusable(source: str, reason: str) -> TemplateFault:
    """The fault of a gate that cannot be asked, or can never hold."""
    return TemplateFault(
        "bad-expression",
        f"the gate {short(source)!r} cannot be used: {short(reason, 400)}",
        hint="A gate asks posts['ID'], contacts['ID'], decision('ID'), checklist('NAME'), count('STATE') "
        "or date('2026-01-13').",
    )


def no_such(kind: str, word: str, known: Iterable[str]) -> str:
    """That there is no such thing, and the nearest one that there is; `kind` may be ""."""
    near = nearest(word, known)
    return f"there is no {f'{kind} ' if kind else ''}{word!r}" + (f"; did you mean {near!r}?" if near else "")


def misnamed(text: str, subject: str, path: list[str], keywords: list[str]) -> str | None:
    """Which of a term's words means nothing in any campaign, or None."""
    last = path[-1]
    if subject == "count" and last not in set(ContactState):
        return no_such("state", last, set(ContactState))
    unknown = [key for key in keywords if key not in CONTACT_KEYS]
    if unknown:
        near = nearest(unknown[0], CONTACT_KEYS)
        return f"a contact has no key {unknown[0]!r}" + (f"; did you mean {near!r}?" if near else "")
    if subject == "date" and not is_day(last):
        return f"{last!r} is not a day such as 2026-01-13"
    if subject == "contacts" and last not in CONTACT_FACTS:
        return no_such("fact of a contact", last, CONTACT_FACTS)
    if subject == "posts" and len(path) == 3 and path[1] not in set(Network):
        return no_such("network", path[1], set(Network))
    if subject == "posts" and last in set(Network):
        return f"{text} names no value; write {text}.likes"
    return None


def is_day(text: str) -> bool:
    """Whether the text is a day as gates write it: `2026-01-13`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
