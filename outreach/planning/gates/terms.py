"""What a gate may ask: each function and table once, with its words, its values and its answer.

A new function is one more class in `ASKABLE`, and its row in docs/planning.md: parsing, `check` and the plan read
it from there. The facts that it may ask stand in `model/facts`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

from outreach.errors import TemplateFault
from outreach.model.contact import Contact
from outreach.model.facts import Facts, PostFacts
from outreach.model.outcome import OUTCOME_WORDS, OutcomeWord
from outreach.model.records import dataclass
from outreach.model.state import ContactState
from outreach.networks.registry import KNOWN
from outreach.templating.expressions import short
from outreach.templating.scope import CONTACT_KEYS, READ_KEYS, contact_values
from outreach.words.suggestions import nearest
from outreach.words.windows import said_date

Value = str | int | float | bool
TermKey = tuple[str, tuple[str, ...], tuple[tuple[str, Any], ...]]
"""What a term asks, however it is written: its subject, path and keywords."""
NEVER_IN_A_GATE = (ContactState.MANUAL, ContactState.APPROVED, ContactState.DRAFTED)
"""States that only the plan knows, and so no gate: see `facts_of`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One thing asked: `subject` is a name in `ASKABLE`, `path` what is after it, in order."""

    text: str
    name: str
    subject: str
    path: tuple[str, ...]
    keywords: tuple[tuple[str, Any], ...] = ()

    @property
    def key(self) -> TermKey:
        """What is asked, however it is written: two terms with one key always have one value."""
        return self.subject, self.path, self.keywords


class Known(NamedTuple):
    """A term's value, and the sentence that says it."""

    value: Value
    said: str


@dataclass(frozen=True, kw_only=True)
class Named:
    """What gates may name: the posts with their networks, contacts, decisions with their choices, checklists.

    `language` is that of contacts that name none. Of the kinds in `incomplete` (`posts`, `contacts`) a file
    could not be read, so nothing of them is called unknown.
    """

    posts: Mapping[str, frozenset[str]]
    contacts: tuple[Contact, ...]
    decisions: Mapping[str, tuple[str, ...]]
    checklists: frozenset[str]
    language: str = "en"
    incomplete: frozenset[str] = frozenset()

    @cached_property
    def contact_ids(self) -> frozenset[str]:
        return frozenset(contact.id for contact in self.contacts)

    @cached_property
    def _counts(self) -> dict[object, int]:
        return {}

    def fitting(self, keywords: tuple[tuple[str, Any], ...]) -> int | None:
        """How many contacts have these values; None if not all of the files could be read. Counted once."""
        if not self.contacts or "contacts" in self.incomplete:
            return None
        if keywords not in self._counts:
            wanted = dict(keywords)
            self._counts[keywords] = sum(_fits(each, wanted, self.language) for each in self.contacts)
        return self._counts[keywords]


class Constants(NamedTuple):
    """The numbers and texts that a gate compares its terms with."""

    numbers: tuple[int | float, ...]
    texts: tuple[str, ...]


class Askable:
    """One thing that gates may ask. `example` is how it is written, `parts` how many names follow it."""

    example = ""
    parts = (1, 1)
    is_table = False
    takes_keys = False
    """Whether it may be asked of some contacts only, as in `count('answered', tier=0)`."""

    def misnamed(self, term: Term) -> str | None:
        """Which of its words means nothing in any campaign."""
        return None

    def missing(self, term: Term, named: Named) -> str | None:
        """Which of its words names what this campaign does not have."""
        return None

    def words(self, term: Term, named: Named) -> tuple[str, Collection[str]]:
        """What its values are called, and all of them; none if they are not words."""
        return "", ()

    def most(self, term: Term, named: Named) -> int | None:
        """The highest number that it can ever be, where that is known."""
        return None

    def values(self, term: Term, named: Named, constants: Constants) -> Iterable[Value]:
        """Enough of the values that it may have one day: a comparison changes only at the constants."""
        return self.words(term, named)[1] or (*constants.texts, "some word")

    def answer(self, term: Term, facts: Facts) -> Known | None:
        """What it comes to; None if that is not known yet, which is never zero."""
        value = self.value(term, facts)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return None if value is None else Known(value, f"{term.text} is {_said(value)}")

    def value(self, term: Term, facts: Facts) -> Value | None:
        """Its value, where the usual sentence says it."""
        raise NotImplementedError

    def pending(self, term: Term) -> str:
        """The sentence for a value that is not known yet."""
        return f"{term.text} is not known yet"


class _Checklist(Askable):
    example = "checklist('NAME')"

    def missing(self, term: Term, named: Named) -> str | None:
        return _missing("checklist", term.path[0], named.checklists)

    def values(self, term: Term, named: Named, constants: Constants) -> Iterable[Value]:
        return (True, False)

    def answer(self, term: Term, facts: Facts) -> Known | None:
        found = facts.checklists.get(term.path[0])
        if found is None:
            return None
        ticked = sum(item.ticked for item in found.items)
        return Known(found.done, f"{term.text} has {ticked} of {len(found.items)} lines ticked")


class _Count(Askable):
    """How many contacts ever had a state."""

    example = "count('STATE')"
    takes_keys = True

    def misnamed(self, term: Term) -> str | None:
        if term.path[-1] not in set(ContactState):
            return no_such("state", term.path[-1], set(ContactState))
        unknown = next((key for key, _ in term.keywords if key not in READ_KEYS), None)
        if unknown is None:
            return None
        near = nearest(unknown, CONTACT_KEYS)
        return f"a contact has no key {unknown!r}" + (f"; did you mean {near!r}?" if near else "")

    def most(self, term: Term, named: Named) -> int | None:
        fitting = named.fitting(term.keywords)
        return 0 if fitting is not None and term.path[0] in NEVER_IN_A_GATE else fitting

    def values(self, term: Term, named: Named, constants: Constants) -> Iterable[Value]:
        most = self.most(term, named)
        if term.path[0] == ContactState.NEW and most is not None:
            return (most,)  # everybody was new once
        near = {int(number) + step for number in (0, *constants.numbers) if abs(number) < inf for step in (-1, 0, 1)}
        near |= {0, most} if most is not None else {1_000_000}
        return sorted((each for each in near if 0 <= each <= (inf if most is None else most)), reverse=True)

    def value(self, term: Term, facts: Facts) -> Value | None:
        reached = facts.reached.get(term.path[0], ())
        return sum(_fits(contact, dict(term.keywords), facts.language) for contact in reached)


class _Date(Askable):
    """Whether a day has come, on the campaign's clocks."""

    example = "date('2026-01-13')"

    def misnamed(self, term: Term) -> str | None:
        day = term.path[-1]
        return None if _is_day(day) else f"{day!r} is not a day such as 2026-01-13"

    def values(self, term: Term, named: Named, constants: Constants) -> Iterable[Value]:
        return (True, False)

    def answer(self, term: Term, facts: Facts) -> Known:
        come = facts.today >= date.fromisoformat(term.path[0])
        return Known(
            come, f"{term.text} has come" if come else f"{term.text} has not come yet, it is {said_date(facts.today)}"
        )


class _Decision(Askable):
    example = "decision('ID')"

    def missing(self, term: Term, named: Named) -> str | None:
        return _missing("decision", term.path[0], named.decisions)

    def words(self, term: Term, named: Named) -> tuple[str, Collection[str]]:
        return "choice", named.decisions.get(term.path[0], ())

    def value(self, term: Term, facts: Facts) -> Value | None:
        return facts.decisions.get(term.path[0])

    def pending(self, term: Term) -> str:
        return f"you have not decided {term.path[0]!r} yet"


class _Contacts(Askable):
    """What is known of one contact."""

    example = "contacts['ID'].answered"
    parts = (2, 2)
    is_table = True
    facts = ("answered", "contacted", "contacted_on", "outcome", "state")

    def misnamed(self, term: Term) -> str | None:
        return _missing("fact of a contact", term.path[-1], self.facts)

    def missing(self, term: Term, named: Named) -> str | None:
        if "contacts" in named.incomplete:
            return None
        return _missing("contact", term.path[0], named.contact_ids)

    def words(self, term: Term, named: Named) -> tuple[str, Collection[str]]:
        if term.path[1] == "outcome":
            return "outcome", [OutcomeWord(word) for word in OUTCOME_WORDS]
        return ("state", [str(state) for state in ContactState]) if term.path[1] == "state" else ("", ())

    def values(self, term: Term, named: Named, constants: Constants) -> Iterable[Value]:
        asked = term.path[1]
        if asked in ("answered", "contacted"):
            return (True, False)
        if asked == "contacted_on":
            return (*filter(_is_day, constants.texts), "0001-01-02", "9999-12-30")
        return [word for word in self.words(term, named)[1] if asked != "state" or word not in NEVER_IN_A_GATE]

    def value(self, term: Term, facts: Facts) -> Value | None:
        value = getattr(facts.contacts.get(term.path[0]), term.path[1], None)
        return value.isoformat() if isinstance(value, date) else value


class _Posts(Askable):
    """A number or the address of a post, on one network or on all of them."""

    example = "posts['ID'].likes"
    parts = (2, 3)
    is_table = True
    never_negative = ("likes", "reposts", "replies", "quotes")

    def misnamed(self, term: Term) -> str | None:
        if len(term.path) == 3 and term.path[1] not in KNOWN:
            return no_such("network", term.path[1], KNOWN)
        return f"{term.text} names no value; write {term.text}.likes" if term.path[-1] in KNOWN else None

    def missing(self, term: Term, named: Named) -> str | None:
        if "posts" in named.incomplete:
            return None
        name = term.path[0]
        if name in named.posts and len(term.path) == 3 and term.path[1] not in named.posts[name]:
            return f"the post {name!r} does not go to {term.path[1]}"
        return _missing("post", name, named.posts)

    def values(self, term: Term, named: Named, constants: Constants) -> Iterable[Value]:
        if term.path[-1] == "url":
            return (*(text for text in constants.texts if "://" in text), "https://a.example/", "https://b.example/")
        near = {number + step for number in (0, *constants.numbers) for step in (-1, -0.5, 0, 0.5, 1)} | {1e12}
        least = 0 if term.path[-1] in self.never_negative else -inf
        return sorted((each for each in near if each >= least), reverse=True)

    def value(self, term: Term, facts: Facts) -> Value | None:
        *network, asked = term.path[1:]
        on_each = facts.posts.get(term.path[0], {})
        found = [on for name, on in on_each.items() if not network or name == network[0]]
        if asked == "url":
            return _first_url(found)
        numbers = [on.numbers[asked] for on in found if asked in on.numbers]
        return sum(numbers) if numbers else None

    def pending(self, term: Term) -> str:
        name, *network, asked = term.path
        what = "link" if asked == "url" else f"number of {asked}"
        return f"the post {name!r} has no {what} yet" + (f" on {network[0]}" if network else "")


ASKABLE: Mapping[str, Askable] = {
    "checklist": _Checklist(),
    "contacts": _Contacts(),
    "count": _Count(),
    "date": _Date(),
    "decision": _Decision(),
    "posts": _Posts(),
}


def unusable(source: str, reason: str) -> TemplateFault:
    """The fault of a gate that cannot be asked, or can never hold."""
    *examples, last = sorted((each.example for each in ASKABLE.values()), key=lambda example: "[" not in example)
    return TemplateFault(
        "bad-expression",
        f"the condition {short(source)!r} cannot be used: {short(reason, 400)}",
        hint=f"A condition asks {', '.join(examples)} or {last}.",
    )


def no_such(kind: str, word: str, known: Iterable[str]) -> str:
    """That there is no such thing, and the nearest one that there is; `kind` may be ""."""
    near = nearest(word, known)
    return f"there is no {f'{kind} ' if kind else ''}{word!r}" + (f"; did you mean {near!r}?" if near else "")


def _missing(kind: str, word: str, known: Collection[str]) -> str | None:
    return None if word in known else no_such(kind, word, known)


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, str) else f"{value}"


def _is_day(text: str) -> bool:
    """Whether the text is a day as gates write it: `2026-01-13`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _first_url(found: Iterable[PostFacts]) -> str | None:
    """The address at which the post was published first."""
    urls: Iterator[tuple[bool, float, str]] = (
        (on.published is None, on.published.timestamp() if on.published else 0.0, on.url) for on in found if on.url
    )
    return min(urls, key=lambda each: each[:2], default=(True, 0.0, None))[2]


def _fits(contact: Contact, wanted: Mapping[str, object], language: str) -> bool:
    """Whether the contact has each value, or one of several: of a list such as `tags`, in the list."""
    values = contact_values(contact, language, wanted)
    for key, value in wanted.items():
        had = values.get(key)
        has = had if isinstance(had, list | tuple) else (had,)
        if not any(each in has for each in (value if isinstance(value, tuple) else (value,))):
            return False
    return True
