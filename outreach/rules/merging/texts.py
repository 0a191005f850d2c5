"""A template rendered for one contact: subject, text and HTML, with every promise about them kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.errors import TemplateFault
from outreach.model.contact import Contact
from outreach.model.template import Template
from outreach.rules.header_text import header_fault
from outreach.rules.markup import BadLink, LostValue, Shape, fill, shape
from outreach.rules.merging.book import FaultBook
from outreach.rules.names import Match, NameIndex
from outreach.rules.right_name import leaked, placeholder, wrong_page_claim
from outreach.rules.templating.environment import TOKEN_START, Written
from outreach.rules.templating.rendering import Rendered, Renderer

GAP = " \n "
"""Stands for a value where only a text's own words are read; no name reaches across it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a letter says, and the paths of values in it that are not known yet."""

    subject: str
    text: str
    html: str
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """A skeleton's own words, read once: its shape, the names in it, a placeholder left standing."""

    shape: Shape
    names: tuple[Match, ...]
    placeholder: str | None


class TextMaker:
    """Renders templates for contacts, and books every fault at the line where it stands."""

    def __init__(self, renderer: Renderer, contacts: Iterable[Contact], book: FaultBook) -> None:
        contacts = list(contacts)
        self._renderer = renderer
        self._book = book
        self._names = NameIndex(contacts)
        self._data_names = NameIndex(contacts, people=True)
        self._words: dict[tuple[str, str], _Words] = {}
        self._hopeless: dict[str, tuple[int, TemplateFault]] = {}

    def make(
        self,
        template: Template,
        contact: Contact,
        scope: Mapping[str, Any],
        *,
        language: str,
        pages: Iterable[int] = (),
    ) -> Texts | None:
        """The texts of one letter, or None where a fault forbids it (then it stands in the book)."""
        self._book.tried(template)
        rendered = self._rendered(template, contact, scope)
        if rendered is None:
            return None
        subject, body = rendered
        words = self._own_words(body.skeleton, language, template, contact)
        if words is None:
            return None
        texts = self._filled(template, contact, subject, body, words)
        sound = texts is not None and all(
            (
                self._subject_is_sound(template, contact, subject, texts.subject),
                self._words_are_sound(template, contact, words, texts, pages),
                self._values_are_sound(template, contact, [*subject.values, *body.values]),
            )
        )
        return texts if sound else None

    # -- rendering -------------------------------------------------------------------------

    def _rendered(
        self, template: Template, contact: Contact, scope: Mapping[str, Any]
    ) -> tuple[Rendered, Rendered] | None:
        """Subject and body. A template that can never render is not tried for the next contact."""
        if template.file in self._hopeless:
            self._book_fault(template, contact, *self._hopeless[template.file])
            return None
        first_line = template.subject_line
        try:
            subject = self._renderer.render(template.subject or "", scope)
            first_line = template.body_line
            body = self._renderer.render(template.body, scope)
        except TemplateFault as fault:
            line = first_line + max(fault.line, 1) - 1
            if fault.code in ("template-bound", "template-syntax"):
                self._hopeless[template.file] = (line, fault)
            self._book_fault(template, contact, line, fault)
            return None
        for rendered, first_line in ((subject, template.subject_line), (body, template.body_line)):
            self._book_later(template, contact, rendered, first_line)
        return subject, body

    def _book_fault(self, template: Template, contact: Contact, line: int, fault: TemplateFault) -> None:
        self._book.at_template(template, line, contact, fault.code, str(fault), fault.hint, fault.variable)

    def _book_later(self, template: Template, contact: Contact, rendered: Rendered, first_line: int) -> None:
        for path, line in rendered.later.items():
            self._book.at_template(
                template,
                first_line + max(line, 1) - 1,
                contact,
                "value-later",
                f"the value `{path}` is not known yet",
                "The draft shows where it will stand; it can be approved once the value is known.",
            )

    def _own_words(self, skeleton: str, language: str, template: Template, contact: Contact) -> _Words | None:
        key = (skeleton, language)
        if key not in self._words:
            try:
                made = shape(skeleton, language=language)
            except LostValue:
                self._book.at_template(
                    template,
                    template.body_line,
                    contact,
                    "template-failed",
                    "a value would get lost, because it stands in a picture, a comment or a tag",
                    "Write values into sentences, list items or links.",
                )
                return None
            except TemplateFault as fault:
                self._hopeless[template.file] = (template.body_line, fault)
                self._book_fault(template, contact, template.body_line, fault)
                return None
            own = GAP.join(piece for piece in made.text if isinstance(piece, str))
            self._words[key] = _Words(made, tuple(self._names.find(own)), placeholder(own))
        return self._words[key]

    def _filled(
        self, template: Template, contact: Contact, subject: Rendered, body: Rendered, words: _Words
    ) -> Texts | None:
        values = [written.text for written in body.values]
        try:
            text, html = fill(words.shape.text, values), fill(words.shape.html, values)
        except BadLink as error:
            line = template.body_line + body.values[error.number].line - 1
            self._book.at_template(
                template, line, contact, "bad-link", str(error).rstrip("."), "A link starts with https:// or mailto:."
            )
            return None
        later = dict.fromkeys((*subject.later, *body.later))
        return Texts(subject.plain().strip(), text, html, tuple(later))

    # -- promises --------------------------------------------------------------------------

    def _subject_is_sound(self, template: Template, contact: Contact, rendered: Rendered, subject: str) -> bool:
        own = GAP.join(part for part in rendered.skeleton.split(TOKEN_START))
        found = placeholder(own)
        if found:
            self._book_placeholder(template, contact, found)
        self._warn_of_names(template, contact, self._names.find(own))
        fault = header_fault(subject)
        if fault:
            self._book.at_template(
                template,
                template.subject_line,
                contact,
                "unsafe-text",
                f"the subject {fault}",
                "Write subjects in plain words on one line.",
            )
        return not found and not fault

    def _words_are_sound(
        self, template: Template, contact: Contact, words: _Words, texts: Texts, pages: Iterable[int]
    ) -> bool:
        book = self._book
        sound = True
        if words.placeholder:
            self._book_placeholder(template, contact, words.placeholder)
            sound = False
        if not texts.text.strip():
            hint = "Write the letter under the front matter."
            book.at_template(template, template.body_line, contact, "empty-text", "the text is empty", hint)
            sound = False
        claim = wrong_page_claim(texts.text, pages)
        if claim:
            book.at_template(
                template,
                _line_with(template, claim.split()[0]),
                contact,
                "attachment-claim",
                f"the text says {claim!r}, the attached PDF has {' or '.join(map(str, sorted(set(pages))))}",
                "Let the file say it: {{ attachments.NAME.pages }} pages.",
            )
            sound = False
        leak = leaked(contact.context, texts.text) if contact.context else None
        if leak:
            book.at_contact(
                contact,
                "context",
                "context-leaked",
                f"the letter says {leak!r}, which stands in `context` and is for us only",
                "Write what the letter may say into `angle`, in other words.",
            )
            sound = False
        self._warn_of_names(template, contact, words.names)
        return sound

    def _book_placeholder(self, template: Template, contact: Contact, found: str) -> None:
        self._book.at_template(
            template,
            _line_with(template, found),
            contact,
            "placeholder",
            f"the placeholder {found} was left standing",
            "Write what belongs there, or a variable such as {{ sender.name }}.",
        )

    def _warn_of_names(self, template: Template, contact: Contact, names: Iterable[Match]) -> None:
        allowed = frozenset(template.mentions)
        for match in names:
            if contact.id in match.contacts or match.contacts & allowed:
                continue
            other = min(match.contacts)
            self._book.at_template(
                template,
                _line_with(template, match.text),
                contact,
                "foreign-name",
                f"the text names {match.text}, which is another contact ({other})",
                f"If that is meant, allow it in the front matter: mentions: [{other}].",
            )

    def _values_are_sound(self, template: Template, contact: Contact, values: list[Written]) -> bool:
        sound = True
        for value in values:
            if not value.from_contact:
                self._warn_of_names(template, contact, self._names.find(value.text))
                continue
            match = self._data_names.foreign(value.text, contact.id, frozenset())
            if match:
                self._book.at_contact(
                    contact,
                    _key_of(value),
                    "foreign-value",
                    f"its {_key_of(value)} names {match.text!r}, which belongs to {min(match.contacts)}",
                    "Each letter says only what belongs to its own contact; reword it, or say it in the template.",
                )
                sound = False
            found = placeholder(value.text)
            if found:
                self._book.at_contact(
                    contact,
                    _key_of(value),
                    "placeholder",
                    f"its {_key_of(value)} holds the placeholder {found}",
                    "Write what belongs there.",
                )
                sound = False
        return sound


def _line_with(template: Template, words: str) -> int:
    """The line of the template's file on which `words` stand; where the body starts if nowhere."""
    if template.subject and words in template.subject:
        return template.subject_line
    for number, line in enumerate(template.body.split("\n")):
        if words in line:
            return template.body_line + number
    return template.body_line


def _key_of(value: Written) -> str:
    """The key of the contact that a value came from: `angle`, `fields`."""
    return value.path.removeprefix("contact.").partition(".")[0]
