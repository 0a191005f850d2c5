"""A template rendered for one contact: subject, text and HTML, with every promise about them kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Environment, TemplateSyntaxError

from outreach.errors import TemplateFault
from outreach.letters.fault_book import FaultBook
from outreach.letters.markup import BadLink, LostValue, shape
from outreach.letters.promises import Promises, Texts, Words
from outreach.model.contact import Contact
from outreach.model.template import Template
from outreach.templating.rendering import Rendered, Renderer


class TextMaker:
    """Renders templates for contacts, and books every fault at the line where it stands."""

    def __init__(
        self, renderer: Renderer, contacts: Iterable[Contact], book: FaultBook, number: str | None = None
    ) -> None:
        self._renderer = renderer
        self._book = book
        self._promises = Promises(contacts, book, number)
        self._words: dict[tuple[str, str], Words] = {}
        self._hopeless: dict[str, tuple[int, TemplateFault]] = {}
        self._over_bounds: dict[str, dict[str, tuple[int, TemplateFault]]] = {}

    def make(
        self,
        template: Template,
        contact: Contact,
        scope: Mapping[str, Any],
        *,
        language: str,
        pages: Iterable[int] = (),
        documents: Iterable[str] = (),
    ) -> Texts | None:
        """The texts of one letter, or None if a fault forbids it (then it is in the book).

        `pages` are the page counts of its attachments, `documents` their names.
        """
        self._book.tried(template)
        rendered = self._rendered(template, contact, scope)
        if rendered is None:
            return None
        subject, body = rendered
        words = self._own_words(body.skeleton, language, template, contact)
        if words is None:
            return None
        self._book.rendered(template)
        texts = self._filled(template, contact, subject, body, words)
        sound = texts is not None and all(
            (
                self._promises.subject_is_sound(template, contact, subject, texts.subject),
                self._promises.words_are_sound(template, contact, words, texts, pages, documents),
                self._promises.values_are_sound(template, contact, [*subject.values, *body.values]),
            )
        )
        return texts if sound else None

    # -- rendering -------------------------------------------------------------------------

    def _rendered(
        self, template: Template, contact: Contact, scope: Mapping[str, Any]
    ) -> tuple[Rendered, Rendered] | None:
        """Subject and body. A template that can never render is not tried for the next contact."""
        known = self._hopeless.get(template.file) or self._over_bounds.get(template.file, {}).get(contact.id)
        if known is not None:
            self._book_fault(template, contact, *known)
            return None
        first_line = template.subject_line
        try:
            subject = self._renderer.render(template.subject or "", scope)
            first_line = template.body_line
            body = self._renderer.render(template.body, scope)
        except TemplateFault as fault:
            source = template.body if first_line == template.body_line else template.subject or ""
            endless = fault.code == "template-syntax" and "unexpected end" in str(fault)
            opened = line_of_unclosed(self._renderer.sandbox, source) if endless else None
            self._refused(template, contact, first_line + max(opened or fault.line, 1) - 1, fault)
            return None
        for rendered, first_line in ((subject, template.subject_line), (body, template.body_line)):
            self._book_later(template, contact, rendered, first_line)
        return subject, body

    def _refused(self, template: Template, contact: Contact, line: int, fault: TemplateFault) -> None:
        """Book a fault, and remember whether the template is worth another try.

        One that costs too much may do so because of one contact's data: it is tried for a second one.
        """
        if fault.code == "template-bound":
            over = self._over_bounds.setdefault(template.file, {})
            over[contact.id] = (line, fault)
            if len(over) > 1 and not self._book.has_rendered(template):
                line, fault = self._hopeless[template.file] = next(iter(over.values()))
        elif fault.code == "template-syntax":
            self._hopeless[template.file] = (line, fault)
        self._book_fault(template, contact, line, fault)

    def _book_fault(self, template: Template, contact: Contact, line: int, fault: TemplateFault) -> None:
        self._book.at_template(template, line, contact, fault.code, str(fault), fault.hint, fault.variable)

    def _book_later(self, template: Template, contact: Contact, rendered: Rendered, first_line: int) -> None:
        for path, line in rendered.later.items():
            self._book.at_template(
                template,
                first_line + max(line, 1) - 1,
                contact,
                "value-later",
                f"`{path}` is not known yet",
                "The draft marks the place. You can approve it once the value is known.",
            )

    def _own_words(self, skeleton: str, language: str, template: Template, contact: Contact) -> Words | None:
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
                    "a value would get lost, because it is in a picture, a comment or a tag",
                    "Write values into sentences, list items or links.",
                )
                return None
            except TemplateFault as fault:
                self._refused(template, contact, template.body_line, fault)
                return None
            self._words[key] = self._promises.words_of(skeleton, made)
        return self._words[key]

    def _filled(
        self, template: Template, contact: Contact, subject: Rendered, body: Rendered, words: Words
    ) -> Texts | None:
        values = [written.text for written in body.values]
        try:
            text, html = words.text.filled(values), words.html.filled(values)
        except BadLink as error:
            line = template.body_line + body.values[error.number].line - 1
            self._book.at_template(
                template,
                line,
                contact,
                "bad-link",
                str(error).rstrip("."),
                "A link starts with https:// or mailto:.",
                same="link",
            )
            return None
        later = dict.fromkeys((*subject.later, *body.later))
        return Texts(subject.plain().strip(), text, html, tuple(later), body.skeleton)


_BLOCKS = frozenset("autoescape block call filter for if macro set with".split())


def line_of_unclosed(environment: Environment, source: str) -> int | None:
    """The line of `source` (from 1) on which the innermost block begins that has no end; None if all have."""
    opened: list[tuple[str, int]] = []
    try:
        for line, words in _tags(environment, source):
            name = words[0] if words else ""
            if name in _BLOCKS and not (name == "set" and "=" in words):
                opened.append((name, line))
            elif name.startswith("end") and (not opened or opened.pop()[0] != name.removeprefix("end")):
                return None  # an end of something else, which Jinja2 itself finds
    except TemplateSyntaxError:
        return None
    return opened[-1][1] if opened else None


def _tags(environment: Environment, source: str) -> list[tuple[int, list[str]]]:
    """The words of every `{% ... %}`, with its line."""
    tags: list[tuple[int, list[str]]] = []
    inside = False
    for line, kind, value in environment.lex(source):
        if kind == "block_begin":
            tags.append((line, []))
            inside = True
        elif kind == "block_end":
            inside = False
        elif inside and kind not in ("whitespace",):
            tags[-1][1].append(value)
    return tags
