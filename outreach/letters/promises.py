"""Every promise about the text of a letter: checked here, and reported at the line that breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

from outreach.letters.fault_book import FaultBook
from outreach.letters.markup import Shape
from outreach.letters.parts import Part
from outreach.letters.right_name import leaked, may_hold_placeholder, placeholder, wrong_page_claim
from outreach.letters.vanishing import Loss, vanishing
from outreach.model.contact import Contact
from outreach.model.records import dataclass, replace
from outreach.model.template import Template
from outreach.planning.law import is_of_the_three
from outreach.templating.environment import TOKEN_START, Written
from outreach.templating.rendering import Rendered
from outreach.templating.scope import OLD_KEYS
from outreach.words.encoded import Encoded
from outreach.words.header_text import header_fault
from outreach.words.names import Match, NameIndex

GAP = " \n "
"""Stands for a value where only a text's own words are read; no name reaches across it."""

LONGEST_SUBJECT = 1000
"""Characters; a header's line has at most 998 (RFC 5322, 2.1.1), and longer ones are folded."""

_CODE = re.compile(r"<code\b[^>]*>(.*?)</code>", re.DOTALL)
_BRACES = re.compile(r"\{[^{}\n]*\}|<[^<>\n]*>|_{3,}")
_PICTURE = re.compile(r"!\[|<img\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a letter says, the paths of values in it that are not known yet, and its text with marks for values."""

    subject: str
    text: str
    html: str
    later: tuple[str, ...]
    skeleton: str


@dataclass(frozen=True, slots=True)
class Words:
    """A skeleton's own words, read once: its shape, the names in it, a placeholder left standing, what gets lost."""

    shape: Shape
    text: Part
    html: Part
    names: tuple[Match, ...]
    placeholder: str | None
    losses: tuple[Loss, ...]


def _own(shape: Shape) -> str:
    return GAP.join(piece for piece in shape.text if isinstance(piece, str))


@lru_cache(maxsize=256)
def _by_themselves(skeleton: str, shape: Shape) -> Words:
    """The words of a skeleton, whoever it is written to: the names in them depend on the campaign's contacts."""
    found = placeholder(_without_code(_own(shape), shape))
    return Words(shape, Part(shape.text), Part(shape.html), (), found, tuple(vanishing(skeleton, shape)))


class Promises:
    """Looks at one letter after another and books what must not be in it."""

    def __init__(self, contacts: Iterable[Contact], book: FaultBook, number: str | None = None) -> None:
        """`number` is ours in the EU Transparency Register, where texts to the three institutions have to say it."""
        contacts = list(contacts)
        self._book = book
        self._number = number
        self._names = NameIndex(contacts)
        self._data_names = NameIndex(contacts, people=True)
        self._subjects: dict[str, tuple[str | None, tuple[Match, ...]]] = {}

    def words_of(self, skeleton: str, shape: Shape) -> Words:
        """What there is to say about the words that all letters of this skeleton share."""
        return replace(_by_themselves(skeleton, shape), names=tuple(self._names.find(_own(shape))))

    def subject_is_sound(self, template: Template, contact: Contact, rendered: Rendered, subject: str) -> bool:
        """No placeholder, nothing that a header must not hold; a foreign name is a warning."""
        if rendered.skeleton not in self._subjects:
            own = GAP.join(part for part in rendered.skeleton.split(TOKEN_START))
            self._subjects[rendered.skeleton] = placeholder(own), tuple(self._names.find(own))
        found, names = self._subjects[rendered.skeleton]
        if found:
            self._book_placeholder(template, contact, found)
        self._warn_of_names(template, contact, names)
        if len(subject) > LONGEST_SUBJECT:
            self._book.at_template(
                template,
                template.subject_line,
                contact,
                "too-long",
                f"the subject has more than {LONGEST_SUBJECT:,} characters",
                "Mail programs show about sixty.",
            )
            return False
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

    def words_are_sound(
        self,
        template: Template,
        contact: Contact,
        words: Words,
        texts: Texts,
        pages: Iterable[int],
        documents: Iterable[str],
    ) -> bool:
        """No placeholder, no false claim, nothing of `internal_notes`; foreign names and pictures are warnings."""
        book = self._book
        sound = not (words.placeholder or words.losses)
        if words.placeholder:
            self._book_placeholder(template, contact, words.placeholder)
        for loss in words.losses:
            book.at_template(template, _line_with(template, loss.found), contact, loss.code, loss.sentence, loss.hint)
        if texts.text.isspace() or not texts.text:
            hint = "Write the letter under the front matter."
            book.at_template(template, template.body_line, contact, "empty-text", "the text is empty", hint)
            sound = False
        claim = wrong_page_claim(texts.text, pages, documents)
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
        leak = leaked(contact.internal_notes, texts.text) if contact.internal_notes else None
        if leak:
            book.at_contact(
                contact,
                "context",
                "context-leaked",
                f"the letter says {leak!r}, which is in `internal_notes` and is for us only",
                "Write what the letter may say into `personal_text`, in other words.",
            )
            sound = False
        if self._number and is_of_the_three(contact) and self._number not in texts.text:
            book.at_template(
                template,
                template.body_line,
                contact,
                "register-number",
                f"the text does not contain your number in the EU Transparency Register, {self._number}",
                "Write {{ campaign.transparency_id }} into it: Parliament, Council and Commission want to read it.",
            )
            sound = False
        self._warn_of_names(template, contact, words.names)
        if words.shape.pictures:
            self._warn_of_pictures(template, contact, len(words.shape.pictures))
        return sound

    def _warn_of_pictures(self, template: Template, contact: Contact, count: int) -> None:
        lines = [number for number, line in enumerate(template.body.split("\n")) if _PICTURE.search(line)] or [0]
        for line in dict.fromkeys(lines[min(index, len(lines) - 1)] for index in range(count)):
            self._book.at_template(
                template,
                template.body_line + line,
                contact,
                "image-dropped",
                "a picture is here, and emails have none: only its description is kept",
                "Attach the picture, or link to the page that shows it.",
            )

    def _book_placeholder(self, template: Template, contact: Contact, found: str, path: str = "") -> None:
        """Book a placeholder in the template's own words, or in the value that it writes as `path`."""
        self._book.at_template(
            template,
            _line_with(template, path or found),
            contact,
            "placeholder",
            f"the value `{path}` holds the placeholder {found}"
            if path
            else f"the placeholder {found} was not replaced",
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
                f"If you want that, allow it in the front matter: mentions: [{other}].",
            )

    def values_are_sound(self, template: Template, contact: Contact, values: list[Written]) -> bool:
        """No other contact's name, person or address in what came from this one, and no placeholder."""
        sound = True
        texts = [value.text.readable if type(value.text) is Encoded else value.text for value in values]
        may_hold_one = may_hold_placeholder("\n".join(texts))
        if not may_hold_one and not self._name_somebody(contact, values, texts):
            return True
        for value, text in zip(values, texts, strict=True):
            found = placeholder(text) if may_hold_one else None
            if not value.from_contact:
                self._warn_of_names(template, contact, self._names.find(text))
                if found:
                    self._book_placeholder(template, contact, found, value.path)
                    sound = False
                continue
            match = self._data_names.foreign(text, contact)
            if match:
                self._book.at_contact(
                    contact,
                    _key_of(value),
                    "foreign-value",
                    f"its {_key_of(value)} names {match.text!r}, which belongs to {min(match.contacts)}",
                    "Each letter says only what belongs to its own contact; reword it, or say it in the template.",
                )
                sound = False
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

    def _name_somebody(self, own: Contact, values: list[Written], texts: list[str]) -> bool:
        """Whether it is worth looking for a name in each value: where all of them together name nobody, none does."""
        theirs, ours = [], []
        for value, text in zip(values, texts, strict=True):
            if not value.from_contact:
                ours.append(text)
            elif text != own.name and text != own.website:
                theirs.append(text)
        return any(self._data_names.find("\n".join(theirs))) or any(self._names.find("\n".join(ours)))


def _without_code(own: str, shape: Shape) -> str:
    """The words `own` of the text part without `{x}`, `<x>` and `___` in code, which only the HTML part marks."""
    html = GAP.join(piece for piece in shape.html if isinstance(piece, str))
    for code in _CODE.findall(html):
        for braces in _BRACES.findall(unescape(code)):
            own = own.replace(braces, " ", 1)
    return own


def _line_with(template: Template, words: str) -> int:
    """The line of the template's file on which `words` stand; where the body starts if nowhere."""
    if template.subject and words in template.subject:
        return template.subject_line
    for part in (words, *words.split()[:1]):  # `<First` where the name is on the next line
        for number, line in enumerate(template.body.split("\n")):
            if part in line:
                return template.body_line + number
    return template.body_line


def _key_of(value: Written) -> str:
    """The key of the contact that a value came from: `personal_text`, `fields`."""
    key = value.path.removeprefix("contact.").partition(".")[0]
    return OLD_KEYS.get(key, key)
