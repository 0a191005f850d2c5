"""The merge: a planned letter becomes an email or a text to paste. `planning` decided who gets it."""

from __future__ import annotations

import re
from functools import cache

from outreach.errors import BEYOND_REACH, TemplateFault
from outreach.letters.fault_book import FaultBook
from outreach.letters.letter import Letter, ManualTask
from outreach.letters.making import LetterMaker
from outreach.letters.materials import Addressed, Materials
from outreach.letters.texts import TextMaker
from outreach.model.contact import Channel, Contact
from outreach.model.problem import Problem
from outreach.model.recipient import Recipient
from outreach.model.template import Template
from outreach.model.unsubscribe import LARGE_WAVE
from outreach.templating.rendering import Renderer
from outreach.templating.scope import Scope

MAX_LETTER = 25_000_000
"""Bytes after encoding that most servers still accept: about 25 MB at Gmail, Yahoo and Outlook.com, 35 MB at Microsoft
365, but 20 MB at iCloud (https://support.apple.com/en-ca/102198; the others as collected at
https://truefilesize.com/email-attachment-size-limits and suped.com; read on 2026-11-30)."""


class Merger:
    """Renders letters that planning decided on, and books why one cannot be made.

    `parse_every_letter` is for checking: see LetterMaker.
    """

    def __init__(self, materials: Materials, *, parse_every_letter: bool = False) -> None:
        self.materials = materials
        self._book = FaultBook(materials.contacts)
        self._renderer = Renderer()
        number = materials.campaign.transparency_id if materials.wants_number else None
        self._texts = TextMaker(self._renderer, materials.contacts, self._book, number)
        self._scope = Scope(
            materials.campaign,
            materials.contacts,
            materials.posts,
            materials.files,
            self._renderer.will_come,
            materials.known,
        )
        self._maker = LetterMaker(materials, self._book, parse_every_letter=parse_every_letter)

    def problems(self) -> list[Problem]:
        """What was found wrong so far, each fault once."""
        return self._book.problems()

    @property
    def booked(self) -> int:
        """How often something was found wrong so far."""
        return self._book.booked

    def passed(self, to: Recipient) -> None:
        """Count a letter that is not made, since it is known that nothing is wrong with it."""
        if to.version is not None:
            self._book.tried(to.version)
            self._book.rendered(to.version)

    def make(self, to: Recipient) -> Letter | ManualTask | None:
        """The letter or the text to paste; None if it cannot be made, which is booked as a Problem."""
        if to.version is None or to.channel is None:
            return None
        try:
            return self._made(to, to.version, to.channel)
        except BEYOND_REACH:
            sentence = "the letter is too deep or too large to be made"
            self._book.at_template(to.version, to.version.body_line, to.contact, "template-bound", sentence)
            return None

    def _made(self, to: Recipient, version: Template, channel: Channel) -> Letter | ManualTask | None:
        names = self._attached(version, to.contact)
        if names is None:
            return None
        files = self.materials.files
        texts = self._texts.make(
            version,
            to.contact,
            self._scope.letter(
                to.wave.id,
                to.contact,
                to.address,
                to.step,
                to.thread.subject or self._previous(to),
                to.thread.sent_on,
                language=version.language,
                sender=to.wave.sender,
                notices=_may_name_a_notice(version.body),
            ),
            language=version.language or self.materials.campaign.language,
            pages=[pages for name in names if (pages := files[name].pages) is not None],
            documents=[*names, *(self.materials.campaign.attachments[name].file for name in names)],
        )
        if texts is None:
            return None
        addressed = Addressed(
            wave=to.wave, contact=to.contact, step=to.step, template=version, channel=channel, thread=to.thread
        )
        if not to.by_mail:
            return self._maker.manual(addressed, texts, names)
        says_how = to.selected >= LARGE_WAVE if version.unsubscribe is None else version.unsubscribe
        return self._maker.letter(addressed, texts, names, unsubscribe=says_how)

    def _attached(self, template: Template, contact: Contact) -> list[str] | None:
        """The attachments of this letter; None if one is not there (a problem says so already)."""
        names = list(dict.fromkeys((*template.attachments, *contact.attachments)))
        if any(name not in self.materials.files for name in names):
            return None
        size = sum(self.materials.files[name].size for name in names) * 78 // 57
        if size > MAX_LETTER:
            self._book.at_template(
                template,
                1,
                contact,
                "attachment-too-large",
                f"the letter would have {size / 1_000_000:.0f} MB after encoding; "
                f"common servers refuse more than {MAX_LETTER // 1_000_000}",
                "Put the file online and write its link.",
            )
            return None
        return names

    def _previous(self, to: Recipient) -> str | None:
        """The subject of the first letter, for a follow-up that quotes it, as far as it is known."""
        first = to.first
        if not isinstance(first, Template) or not first.subject:
            return first if isinstance(first, str) else None
        try:
            scope = self._scope.letter(
                to.wave.id, to.contact, None, 0, None, language=first.language, sender=to.wave.sender
            )
            return self._renderer.render(first.subject, scope).plain().strip()
        except TemplateFault:
            return first.name  # its own fault is said where it stands


@cache
def _may_name_a_notice(body: str) -> bool:
    """Whether a text may name `objection` or `source_notice`, whose words are looked up for each letter."""
    return re.search(r"\b(?:objection|source_notice)\b", body) is not None
