"""Asking a gate: whether it holds, and the sentence that says why or why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from outreach.errors import TemplateFault
from outreach.model.campaign import Expression
from outreach.model.facts import Facts
from outreach.model.records import dataclass
from outreach.planning.gates.reading import Clause, ReadGate, read_gate
from outreach.planning.gates.terms import ASKABLE, Known, Term, Value, unusable
from outreach.templating.expressions import Expressions
from outreach.words.said_time import said_moment


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Whether a gate holds; `reason` is a sentence without its full stop.

    `numbers` are the values of its terms that are known, by the term as written. `decision` is the id of the
    campaign's decision that is not taken yet, where the gate waits for nothing else.
    """

    holds: bool
    reason: str = ""
    decision: str | None = None
    numbers: Mapping[str, Value] = field(default_factory=dict)


Gate = Callable[[Expression, str], Answer]
"""Asks a gate; its name in the ledger is `wave:ID`, `follow-up:WAVE` or `after:WAVE`, or that of a post."""


def ask(source: str, facts: Facts, name: str = "") -> Answer:
    """Whether the gate holds. Never raises: a gate that cannot be used holds nothing open.

    A gate that was opened under `name`, or under the part of it before a `/`, stays open. Every term
    is asked, whatever `or` and `and` would pass over: a single one that is not known yet is enough
    to hold everything back.
    """
    return Asker(facts).ask(source, name)


class Asker:
    """Asks many gates of the same facts, and each term of them once. Not thread-safe."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._expressions = Expressions()
        self._values: dict[str, Known | None] = {}

    def ask(self, source: str, name: str = "") -> Answer:
        """As the function of that name."""
        opened = self._facts.opened
        since = opened.get(name) or opened.get(name.partition("/")[0])
        if since is not None:
            return Answer(holds=True, reason=f"open since {said_moment(since, self._facts.timezone)}")
        try:
            return self._asked(source, read_gate(source))
        except TemplateFault as fault:
            return Answer(holds=False, reason=str(fault))

    def measure(self, source: str) -> tuple[float | None, str]:
        """The number that `source` gives; None and why where it is not known yet or gives none. Never raises."""
        try:
            gate = read_gate(source)
            known = {term.name: self._value(term) for term in gate.terms}
            unknown = [term for term in gate.terms if known[term.name] is None]
            if unknown or len(gate.clauses) != 1:
                reason = ASKABLE[unknown[0].subject].pending(unknown[0]) if unknown else f"{source} gives no number"
                return None, reason
            values = {name: each.value for name, each in known.items() if each is not None}
            found = self._expressions.evaluate(gate.clauses[0].source, {**values, **gate.clauses[0].numbers})
        except TemplateFault as fault:
            return None, str(fault)
        return (found, "") if isinstance(found, int | float) else (None, f"{source} gives no number")

    def _asked(self, source: str, gate: ReadGate) -> Answer:
        found = [(term, self._value(term)) for term in gate.terms]
        numbers = {term.text: known.value for term, known in found if known is not None}
        unknown = [term for term, known in found if known is None]
        if unknown:
            reason = "; ".join(dict.fromkeys(ASKABLE[term.subject].pending(term) for term in unknown))
            asked = {(term.subject, *term.path) for term in unknown}
            decision = unknown[0].path[0] if len(asked) == 1 and unknown[0].subject == "decision" else None
            return Answer(holds=False, reason=reason, decision=decision, numbers=numbers)
        known = {term.name: value for term, value in found if value is not None}
        failing = [clause for clause in gate.clauses if not self._holds(source, clause, known)]
        if not failing:
            return Answer(holds=True, reason=_in_words(gate.terms, known) or f"{source} holds", numbers=numbers)
        return Answer(holds=False, reason="; ".join(_unmet(clause, known) for clause in failing), numbers=numbers)

    def _value(self, term: Term) -> Known | None:
        # Counting goes through all the contacts, and many posts may ask for the same number.
        if term.text not in self._values:
            self._values[term.text] = ASKABLE[term.subject].answer(term, self._facts)
        return self._values[term.text]

    def _holds(self, source: str, clause: Clause, known: Mapping[str, Known]) -> bool:
        try:
            values = {name: each.value for name, each in known.items()}
            return bool(self._expressions.evaluate(clause.source, {**values, **clause.numbers}))
        except TemplateFault as fault:
            said = _in_words(clause.terms, known)
            raise unusable(source, ", as ".join(filter(None, [f"{clause.text} cannot be compared", said]))) from fault


def _unmet(clause: Clause, known: Mapping[str, Known]) -> str:
    """What the clause came to, and the clause, unless that is the same."""
    said = _in_words(clause.terms, known)
    if [term.text for term in clause.terms] == [clause.text]:
        return said
    return "; ".join(filter(None, [said, f"needs {clause.text}"]))


def _in_words(terms: Sequence[Term], known: Mapping[str, Known]) -> str:
    return " and ".join(dict.fromkeys(known[term.name].said for term in terms))
