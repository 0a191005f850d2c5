"""The faults of many letters, each told once: at the template's line, or at the contact's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from outreach.model.contact import Contact
from outreach.model.problem import Problem
from outreach.model.template import Template

FEW = 10
"""Up to so many contacts that lack a value are named one by one; more are the template's fault."""


@dataclass(frozen=True, slots=True)
class _Fault:
    file: str
    line: int
    code: str
    sentence: str
    hint: str
    about: str
    variable: str = ""


@dataclass(slots=True)
class FaultBook:
    """Collects faults letter by letter. `problems()` gives each once, with the letters it touches."""

    _found: dict[_Fault, dict[str, Contact]] = field(default_factory=dict)
    _rendered: Counter[str] = field(default_factory=Counter)
    _plain: list[Problem] = field(default_factory=list)

    def tried(self, template: Template) -> None:
        """Count a letter for which `template` was rendered."""
        self._rendered[template.file] += 1

    def at_template(
        self,
        template: Template,
        line: int,
        contact: Contact,
        code: str,
        sentence: str,
        hint: str = "",
        variable: str = "",
    ) -> None:
        """A fault in what we wrote; `line` is the line of the template's file."""
        fault = _Fault(template.file, line, code, sentence, hint, f"template:{template.file}", variable)
        self._found.setdefault(fault, {})[contact.id] = contact

    def at_contact(self, contact: Contact, key: str, code: str, sentence: str, hint: str) -> None:
        """A fault in what we know of one contact, at the line of its `key`."""
        problem = Problem(
            file=contact.file,
            line=contact.line_of(key),
            code=code,
            message=f"{contact.name}: {sentence}.",
            hint=hint,
            about=f"contact:{contact.id}",
        )
        if problem not in self._plain:
            self._plain.append(problem)

    def problems(self) -> list[Problem]:
        """Every fault once, in order of file and line."""
        grouped = [problem for fault, contacts in self._found.items() for problem in self._told(fault, contacts)]
        return sorted([*self._plain, *grouped])

    def _told(self, fault: _Fault, contacts: dict[str, Contact]) -> Iterator[Problem]:
        few = len(contacts) <= FEW and 2 * len(contacts) < self._rendered[fault.file]
        if fault.variable.startswith("contact.") and few:
            for contact in contacts.values():
                yield Problem(
                    file=contact.file,
                    line=contact.line,
                    code=fault.code,
                    message=f"{contact.name}: {fault.sentence}, and {fault.file}, line {fault.line}, writes it.",
                    hint=fault.hint or _give_it(fault.variable),
                    about=f"contact:{contact.id}",
                )
            return
        first = next(iter(contacts))
        many = "1 letter" if len(contacts) == 1 else f"{len(contacts)} letters, first {first}"
        named = f" ({first})" if len(contacts) == 1 else ""
        hint = fault.hint or (_give_it(fault.variable) if fault.variable.startswith("contact.") else "")
        yield Problem(
            file=fault.file,
            line=max(fault.line, 1),
            code=fault.code,
            message=f"{fault.sentence[0].upper()}{fault.sentence[1:]}; this touches {many}{named}.",
            hint=hint,
            about=fault.about,
        )


def _give_it(variable: str) -> str:
    key = variable.removeprefix("contact.")
    return f"Give the contact its `{key}`, or write {{% if {variable} %}} ... {{% endif %}} around it."
