"""What one term of a gate comes to: a value with the words for it, or that it is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.model.contact import Contact
from outreach.model.facts import Facts, PostFacts
from outreach.planning.gates.reading import Term
from outreach.templating.scope import contact_values
from outreach.words.windows import said_date

Value = str | int | float | bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A term's value, and the sentence that says it."""

    value: Value
    said: str


def value_of(term: Term, facts: Facts) -> Known | None:
    """What the term comes to; None where it is not known yet, which is never zero."""
    name = term.path[0]
    if term.subject == "checklist":
        return _checklist(term, facts)
    if term.subject == "date":
        return _date(term, facts)
    if term.subject == "count":
        return _known(term, _count(term, facts))
    if term.subject == "decision":
        return _known(term, facts.decisions.get(name))
    if term.subject == "contacts":
        return _known(term, _of_contact(term, facts))
    return _known(term, _of_post(facts.posts.get(name, {}), term))


def _known(term: Term, value: Value | None) -> Known | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else Known(value=value, said=f"{term.text} is {_said(value)}")


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, str) else f"{value}"


def _checklist(term: Term, facts: Facts) -> Known | None:
    found = facts.checklists.get(term.path[0])
    if found is None:
        return None
    ticked = sum(item.ticked for item in found.items)
    said = f"{term.text} has {ticked} of {len(found.items)} lines ticked"
    return Known(value=found.done, said=said)


def _date(term: Term, facts: Facts) -> Known:
    come = facts.today >= date.fromisoformat(term.path[0])
    said = f"{term.text} has come" if come else f"{term.text} has not come yet, it is {said_date(facts.today)}"
    return Known(value=come, said=said)


def _of_contact(term: Term, facts: Facts) -> Value | None:
    name, asked = term.path
    found = facts.contacts.get(name)
    value = getattr(found, asked, None)
    return value.isoformat() if isinstance(value, date) else value


def _of_post(networks: Mapping[str, PostFacts], term: Term) -> Value | None:
    *network, asked = term.path[1:]
    editions = [facts for name, facts in networks.items() if not network or name == network[0]]
    if asked == "url":
        return _first_url(editions)
    numbers = [facts.numbers[asked] for facts in editions if asked in facts.numbers]
    return sum(numbers) if numbers else None


def _first_url(editions: Iterable[PostFacts]) -> str | None:
    """The address at which the post was published first."""
    found = [(facts.published, facts.url) for facts in editions if facts.url]
    dated = sorted((published, url) for published, url in found if published is not None)
    return dated[0][1] if dated else next((url for _, url in found), None)


def _count(term: Term, facts: Facts) -> int:
    reached = facts.reached.get(term.path[0], ())
    return sum(fits(contact, dict(term.keywords), facts.language) for contact in reached)


def fits(contact: Contact, wanted: Mapping[str, object], language: str) -> bool:
    """Whether the contact has each value, or one of several: of a list such as `tags`, in the list."""
    values = contact_values(contact, language, wanted)
    for key, value in wanted.items():
        had = values.get(key)
        has = had if isinstance(had, list | tuple) else (had,)
        if not any(each in has for each in (value if isinstance(value, tuple) else (value,))):
            return False
    return True
