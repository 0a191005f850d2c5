"""The faults of many letters, each told once: at the template's line, or at the contact's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field

from outreach.model.contact import Contact
from outreach.model.problem import LEVELS, Level, Problem
from outreach.model.records import dataclass
from outreach.model.template import Template
from outreach.templating.scope import OLD_KEYS

FEW = 10
"""Up to so many contacts that lack a value are named one by one; more are the template's fault."""


@dataclass(frozen=True, slots=True)
class _Fault:
    file: str
    line: int
    code: str
    sentence: str = field(compare=False)
    hint: str = field(compare=False)
    about: str
    variable: str = ""
    same: str = ""


@dataclass(slots=True)
class FaultBook:
    """Collects faults letter by letter. `problems()` gives each once, with the letters it touches.

    `contacts` are all of the campaign: what none of them has, a template asks for in vain.
    """

    contacts: Sequence[Contact] = ()
    _found: dict[_Fault, dict[str, Contact]] = field(default_factory=dict)
    _tried: Counter[str] = field(default_factory=Counter)
    _rendered: set[str] = field(default_factory=set)
    _plain: dict[Problem, None] = field(default_factory=dict)
    booked: int = 0
    """How often a fault was booked, the same one again too."""

    def tried(self, template: Template) -> None:
        """Count a letter for which `template` was rendered."""
        self._tried[template.file] += 1

    def rendered(self, template: Template) -> None:
        """Note that `template` stayed within its bounds for some contact, so that it can be rendered."""
        self._rendered.add(template.file)

    def has_rendered(self, template: Template) -> bool:
        """Whether `template` stayed within its bounds for some contact."""
        return template.file in self._rendered

    def at_template(
        self,
        template: Template,
        line: int,
        contact: Contact,
        code: str,
        sentence: str,
        hint: str = "",
        variable: str = "",
        same: str | None = None,
    ) -> None:
        """A fault in what we wrote; `line` is the line of the template's file.

        Faults of one code on one line are one where `same` (default: the sentence) is one.
        """
        self.booked += 1
        key = variable.removeprefix("contact.").partition(".")[0] if variable.startswith("contact.") else ""
        if variable == f"contact.{key}" and key in contact.lines and not _gives(contact, variable):
            name = OLD_KEYS.get(key, key)
            hint = f"Write it after `{name}:`, or remove the key."
            sentence = f"its `{name}` is empty, and {template.file} writes it"
            self.at_contact(contact, key, "empty-variable", sentence, hint)
            return
        same = sentence if same is None else same
        fault = _Fault(template.file, line, code, sentence, hint, f"template:{template.file}", variable, same)
        self._found.setdefault(fault, {})[contact.id] = contact

    def at_contact(self, contact: Contact, key: str, code: str, sentence: str, hint: str) -> None:
        """A fault in what we know of one contact, at the line of its `key`."""
        problem = Problem(
            file=contact.file,
            line=contact.line_of(key),
            code=code,
            message=f"`{contact.name}`: {sentence}.",
            hint=hint,
            about=f"contact:{contact.id}",
        )
        self.booked += 1
        self._plain[problem] = None

    def problems(self) -> list[Problem]:
        """Every fault once, in order of file and line."""
        grouped = [problem for fault, contacts in self._found.items() for problem in self._told(fault, contacts)]
        return sorted([*self._plain, *grouped])

    def _told(self, fault: _Fault, contacts: dict[str, Contact]) -> Iterator[Problem]:
        if self._is_of_contacts(fault, len(contacts)):
            yield from (_told_at(contact, fault) for contact in contacts.values())
            return
        first = next(iter(contacts))
        sentence = fault.sentence.rstrip(".?!")
        many = f"1 email ({first})" if len(contacts) == 1 else f"{len(contacts)} emails (first {first})"
        verb = "stops" if LEVELS.get(fault.code) is Level.ERROR else "concerns"
        hint = fault.hint or (_give_it(fault.variable) if fault.variable.startswith("contact.") else "")
        yield Problem(
            file=fault.file,
            line=max(fault.line, 1),
            code=fault.code,
            message=f"{sentence[0].upper()}{sentence[1:]}. This {verb} {many}.",
            hint=hint,
            about=fault.about,
        )

    def _is_of_contacts(self, fault: _Fault, number: int) -> bool:
        """Whether the fault is what `number` contacts say, or do not say, and not the template's."""
        if fault.code == "template-bound":
            return fault.file in self._rendered
        if not fault.variable.startswith("contact.") or number > FEW:
            return False
        tried = self._tried[fault.file]
        return 2 * number < tried or (tried <= 2 and any(_gives(each, fault.variable) for each in self.contacts))


def _told_at(contact: Contact, fault: _Fault) -> Problem:
    where = f"{fault.file}, line {fault.line}"
    if fault.code == "template-bound":
        message = f"`{contact.name}`: with what this contact says, {fault.sentence} ({where})."
        hint = "Shorten its longest values or lists; for others the template is fine."
    else:
        message = f"`{contact.name}`: {fault.sentence}, and {where}, writes it."
        hint = fault.hint or _give_it(fault.variable)
    return Problem(
        file=contact.file,
        line=contact.line,
        code=fault.code,
        message=message,
        hint=hint,
        about=f"contact:{contact.id}",
    )


def _gives(contact: Contact, variable: str) -> bool:
    """Whether the contact has what a template calls `variable` (`contact.angle`, `contact.fields.map`)."""
    key, _, rest = variable.removeprefix("contact.").partition(".")
    if key == "fields" and rest:
        return contact.fields.get(rest) not in (None, "")
    return getattr(contact, key, None) not in (None, "", ())


def _give_it(variable: str) -> str:
    key = variable.removeprefix("contact.")
    group, _, name = key.partition(".")
    if name and not name.isidentifier():  # a template reaches a name with spaces in brackets only
        variable = f"contact.{group}[{name!r}]"
    return f"Give the contact its `{key}`, or write {{% if {variable} %}} ... {{% endif %}} around it."
