"""Whether a gate can ever hold: what it names must be there, and some value of its terms must satisfy it.

It is asked of the same reading that the plan asks, so that `check` and the plan cannot differ: a gate that is
refused here never holds in any plan of these files, and one that is not refused holds in some plan (as far as
forty thousand tries can tell).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from math import inf

from jinja2 import nodes

from outreach.errors import TemplateFault
from outreach.model.contact import Contact
from outreach.model.state import ContactState
from outreach.planning.gates.reading import Clause, ReadGate, Term, TermKey, read_gate
from outreach.planning.gates.terms import Value, fits
from outreach.planning.gates.words import is_day, no_such, unusable
from outreach.templating.expressions import Expressions, all_nodes

MOST_TRIES = 40_000
"""A gate of so many terms that more tries would be needed is taken for one that can hold."""
_NEVER_IN_A_GATE = (ContactState.MANUAL, ContactState.APPROVED, ContactState.DRAFTED)
"""States that only the plan knows, and so no gate: see `facts_of`."""
_NOT_NEGATIVE = ("likes", "reposts", "replies", "quotes")


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """What gates may name: the posts with their networks, contacts, decisions with their choices, checklists.

    `language` is that of contacts that name none. Of the kinds in `incomplete` (`posts`, `contacts`) a file
    could not be read, so nothing of them is called unknown. `outcomes` are the words for what came of a contact
    (none: not checked).
    """

    posts: Mapping[str, frozenset[str]]
    contacts: tuple[Contact, ...]
    decisions: Mapping[str, tuple[str, ...]]
    checklists: frozenset[str]
    language: str = "en"
    incomplete: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()


class GateChecker:
    """Checks many gates of one campaign. Not thread-safe."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._ids = frozenset(contact.id for contact in named.contacts)
        self._expressions = Expressions()
        self._counts: dict[object, int] = {}

    def fault(self, source: str, *, measures: bool = False) -> TemplateFault | None:
        """Why the gate cannot be used or can never hold, None where it can; with `measures` it gives a number."""
        try:
            gate = read_gate(source)
        except TemplateFault as fault:
            return fault
        reason = next((said for term in gate.terms if (said := self._missing(term))), None)
        reason = reason or next((said for clause in gate.clauses if (said := self._no_such_word(clause))), None)
        if reason is None and not measures:
            reason = self._never(gate)
        return unusable(source, reason) if reason else None

    # -- names ---------------------------------------------------------------------------------

    def _missing(self, term: Term) -> str | None:
        """That a term names what is not there."""
        name, named = term.path[0], self._named
        if term.subject == "decision" and name not in named.decisions:
            return no_such("decision", name, named.decisions)
        if term.subject == "checklist" and name not in named.checklists:
            return no_such("checklist", name, named.checklists)
        if term.subject == "contacts" and name not in self._ids and "contacts" not in named.incomplete:
            return no_such("contact", name, self._ids)
        if term.subject == "posts" and "posts" not in named.incomplete:
            if name not in named.posts:
                return no_such("post", name, named.posts)
            if len(term.path) == 3 and term.path[1] not in named.posts[name]:
                return f"the post {name!r} does not go to {term.path[1]}"
        return None

    def _no_such_word(self, clause: Clause) -> str | None:
        """That a choice, a state or an outcome is compared with a word that it can never be."""
        terms = {term.name: term for term in clause.terms}
        for node in all_nodes(self._expressions.parse(clause.source), nodes.Compare):
            sides = [node.expr, *(operand.expr for operand in node.ops)]
            for term in [terms[side.name] for side in sides if isinstance(side, nodes.Name) and side.name in terms]:
                kind, words = self._words(term)
                for constant in [each for side in sides for each in all_nodes(side, nodes.Const)]:
                    if words and isinstance(constant.value, str) and constant.value not in words:
                        return no_such(kind, constant.value, words)
        return None

    def _words(self, term: Term) -> tuple[str, Iterable[str]]:
        """What the term's values are called, and all of them; none where they are not words."""
        if term.subject == "decision":
            return "choice", self._named.decisions.get(term.path[0], ())
        if term.subject == "contacts" and term.path[1] == "state":
            return "state", [str(state) for state in ContactState]
        if term.subject == "contacts" and term.path[1] == "outcome":
            return "outcome", self._named.outcomes
        return "", ()

    # -- values --------------------------------------------------------------------------------

    def _never(self, gate: ReadGate) -> str | None:
        """Why no values of its terms satisfy the gate; each clause is tried alone, then all together."""
        for clauses in [*((clause,) for clause in gate.clauses), gate.clauses]:
            reason = self._unsatisfied(clauses)
            if reason is not None:
                return reason
        return None

    def _unsatisfied(self, clauses: tuple[Clause, ...]) -> str | None:
        terms = {term.key: term for clause in clauses for term in clause.terms}
        constants = [*self._constants(clauses)]
        domains = [[*dict.fromkeys(self._values(term, constants))] for term in terms.values()]
        size, failed = 1, None
        for domain in domains:
            size *= len(domain)
        for values in islice(product(*domains), MOST_TRIES):
            by_key = dict(zip(terms, values, strict=True))
            try:
                if _agree(by_key) and all(self._holds(clause, by_key) for clause in clauses):
                    return None
            except TemplateFault as fault:
                failed = fault
        if size > MOST_TRIES:
            return None
        said = " and ".join(clause.text for clause in clauses)
        if failed is not None:
            return f"{said} cannot be compared"
        most = [
            f"{term.text} is {int(max(domain))} at most"
            for term, domain in zip(terms.values(), domains, strict=True)
            if term.subject == "count" and self._most(term) is not None
        ]
        return f"{said} can never be true" + (f", since {' and '.join(most)}" if most else "")

    def _holds(self, clause: Clause, values: Mapping[TermKey, Value]) -> bool:
        names = {term.name: values[term.key] for term in clause.terms}
        return bool(self._expressions.evaluate(clause.source, {**names, **clause.numbers}))

    def _constants(self, clauses: Iterable[Clause]) -> Iterator[Value]:
        """The numbers and texts that are written in the clauses, outside of their terms."""
        for clause in clauses:
            yield from clause.numbers.values()
            for constant in all_nodes(self._expressions.parse(clause.source), nodes.Const):
                if isinstance(constant.value, str | int | float):
                    yield constant.value

    def _values(self, term: Term, constants: Iterable[Value]) -> Iterator[Value]:
        """Enough of the values that the term may have one day: a comparison changes only at the constants."""
        asked = term.path[-1]
        numbers = [each for each in constants if isinstance(each, int | float) and not isinstance(each, bool)]
        texts = [each for each in constants if isinstance(each, str)]
        if term.subject in ("checklist", "date") or (term.subject == "contacts" and asked in ("answered", "contacted")):
            yield from (True, False)
        elif term.subject == "count":
            most = self._most(term)
            near = {int(number) + step for number in (0, *numbers) if abs(number) < inf for step in (-1, 0, 1)}
            near |= {0, most} if most is not None else {1_000_000}
            yield from sorted((each for each in near if 0 <= each <= (inf if most is None else most)), reverse=True)
        elif term.subject == "contacts" and asked == "contacted_on":
            yield from (*(text for text in texts if is_day(text)), "0001-01-02", "9999-12-30")
        elif term.subject == "contacts" and asked == "state":
            yield from (str(state) for state in ContactState if state not in _NEVER_IN_A_GATE)
        elif asked == "url":
            yield from (*(text for text in texts if "://" in text), "https://a.example/", "https://b.example/")
        elif term.subject == "posts":
            near_numbers = {number + step for number in (0, *numbers) for step in (-1, -0.5, 0, 0.5, 1)} | {1e12}
            least = 0 if asked in _NOT_NEGATIVE else -inf
            yield from sorted((each for each in near_numbers if each >= least), reverse=True)
        else:
            yield from self._words(term)[1] or (*texts, "some word")

    def _most(self, term: Term) -> int | None:
        """How many contacts can be counted: those of the files that fit. None where the files are not all read."""
        named = self._named
        if not named.contacts or "contacts" in named.incomplete:
            return None
        if term.path[0] in _NEVER_IN_A_GATE:
            return 0
        if term.keywords not in self._counts:
            wanted = dict(term.keywords)
            self._counts[term.keywords] = sum(fits(each, wanted, named.language) for each in named.contacts)
        return self._counts[term.keywords]


def _agree(values: Mapping[TermKey, Value]) -> bool:
    """Whether one contact can have these values together: the state of one that answered is among a few.

    Terms about different things are taken as independent, so that nothing is refused that can hold.
    """
    for (subject, path, _), value in values.items():
        if subject == "contacts" and path[1] == "answered":
            state = values.get(("contacts", (path[0], "state"), ()))
            if state is not None and (state == ContactState.ANSWERED) > bool(value):
                return False
            if value and state not in (None, ContactState.ANSWERED, ContactState.CLOSED):
                return False
    return True
