"""Whether a gate can ever hold: what it names must be there, and some value of its terms must satisfy it.

It is asked of the same reading that the plan asks, so that `check` and the plan cannot differ: a gate that is
refused here never holds in any plan of these files, and one that is not refused holds in some plan (as far as
forty thousand tries can tell).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice, product

from jinja2 import nodes

from outreach.errors import TemplateFault
from outreach.model.state import ContactState
from outreach.planning.gates.reading import Clause, ReadGate, read_gate
from outreach.planning.gates.terms import ASKABLE, Constants, Named, TermKey, Value, no_such, unusable
from outreach.templating.expressions import Expressions, all_nodes, parse

MOST_TRIES = 40_000
"""A gate of so many terms that more tries would be needed is taken for one that can hold."""


class GateChecker:
    """Checks many gates of one campaign. Not thread-safe."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._expressions = Expressions()

    def fault(self, source: str, *, measures: bool = False) -> TemplateFault | None:
        """Why the gate cannot be used or can never hold, None if it can; with `measures` it gives a number."""
        try:
            gate = read_gate(source)
        except TemplateFault as fault:
            return fault
        reason = next((said for term in gate.terms if (said := ASKABLE[term.subject].missing(term, self._named))), None)
        reason = reason or next((said for clause in gate.clauses if (said := self._no_such_word(clause))), None)
        if reason is None and not measures:
            reason = self._never(gate)
        return unusable(source, reason) if reason else None

    def _no_such_word(self, clause: Clause) -> str | None:
        """That a choice, a state or an outcome is compared with a word that it can never be."""
        terms = {term.name: term for term in clause.terms}
        for node in all_nodes(parse(clause.source), nodes.Compare):
            sides = [node.expr, *(operand.expr for operand in node.ops)]
            for term in [terms[side.name] for side in sides if isinstance(side, nodes.Name) and side.name in terms]:
                kind, words = ASKABLE[term.subject].words(term, self._named)
                for constant in [each for side in sides for each in all_nodes(side, nodes.Const)]:
                    if words and isinstance(constant.value, str) and constant.value not in words:
                        return no_such(kind, constant.value, words)
        return None

    def _never(self, gate: ReadGate) -> str | None:
        """Why no values of its terms satisfy the gate; each clause is tried alone, then all together."""
        for clauses in [*((clause,) for clause in gate.clauses), gate.clauses]:
            reason = self._unsatisfied(clauses)
            if reason is not None:
                return reason
        return None

    def _unsatisfied(self, clauses: tuple[Clause, ...]) -> str | None:
        terms = {term.key: term for clause in clauses for term in clause.terms}
        constants = self._constants(clauses)
        domains = [
            [*dict.fromkeys(ASKABLE[term.subject].values(term, self._named, constants))] for term in terms.values()
        ]
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
        limits = [
            f"{term.text} is {most} at most"
            for term in terms.values()
            if (most := ASKABLE[term.subject].most(term, self._named)) is not None
        ]
        return f"{said} can never be true" + (f", since {' and '.join(limits)}" if limits else "")

    def _holds(self, clause: Clause, values: Mapping[TermKey, Value]) -> bool:
        names = {term.name: values[term.key] for term in clause.terms}
        return bool(self._expressions.evaluate(clause.source, {**names, **clause.numbers}))

    def _constants(self, clauses: Iterable[Clause]) -> Constants:
        """What is written in the clauses, outside of their terms."""
        numbers: list[int | float] = [number for clause in clauses for number in clause.numbers.values()]
        texts = []
        for clause in clauses:
            for constant in all_nodes(parse(clause.source), nodes.Const):
                if isinstance(constant.value, int | float) and not isinstance(constant.value, bool):
                    numbers.append(constant.value)
                elif isinstance(constant.value, str):
                    texts.append(constant.value)
        return Constants(tuple(numbers), tuple(texts))


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
