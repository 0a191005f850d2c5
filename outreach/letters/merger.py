"""The merge: waves select, templates speak, channels are chosen, and each contact gets one letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from outreach.errors import BEYOND_REACH, TemplateFault
from outreach.letters.fault_book import FaultBook
from outreach.letters.letter import Letter, ManualTask
from outreach.letters.making import LetterMaker
from outreach.letters.materials import NO_THREAD, Addressed, Materials, Thread
from outreach.letters.texts import TextMaker
from outreach.model.campaign import Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.problem import Problem
from outreach.model.template import Template
from outreach.model.unsubscribe import LARGE_WAVE
from outreach.planning.selection import (
    BadWave,
    LeftOut,
    Selected,
    Skipped,
    TakenAddresses,
    TemplateShelf,
    follow_up_for,
    same_address,
    select,
    variant_for,
    why_no_channel,
    with_template,
)
from outreach.templating.expressions import Expressions, problem_of
from outreach.templating.rendering import Renderer
from outreach.templating.scope import Scope

MAX_LETTER = 25_000_000
"""Bytes after encoding that common servers still accept (Gmail and Microsoft 365: 25 MB)."""

Outcome = Letter | ManualTask | Skipped


class _Addresses(TakenAddresses):
    """Which addresses have their first letter, and who waits to be asked whether they take one."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[str, list[Selected]] = {}

    def wait(self, address: str | None, found: Selected) -> None:
        """Note a letter that is not wanted now, and of which it is not known whether it can be made."""
        if address is not None:
            self._waiting.setdefault(address, []).append(found)

    def waiting(self, address: str) -> list[Selected]:
        """The letters to `address` noted so far, each given once."""
        return self._waiting.pop(address, [])


class Merger:
    """Merges first letters, and follow-ups to see whether they would render.

    `parse_every_letter` is for checking: see LetterMaker.
    """

    def __init__(self, materials: Materials, *, parse_every_letter: bool = False) -> None:
        self.materials = materials
        self.expressions = Expressions()
        self._book = FaultBook(materials.contacts)
        self._renderer = Renderer()
        self._shelf = TemplateShelf(materials.templates, materials.campaign.language)
        self._texts = TextMaker(self._renderer, materials.contacts, self._book)
        self._scope = Scope(
            materials.campaign,
            materials.contacts,
            materials.posts,
            materials.files,
            self._renderer.will_come,
            materials.known,
        )
        self._maker = LetterMaker(materials, self._book, parse_every_letter=parse_every_letter)
        self._wave_problems: list[Problem] = []
        self._sizes: Counter[str] | None = None

    def problems(self) -> list[Problem]:
        """What was found wrong so far, each fault once."""
        return list(dict.fromkeys([*self._wave_problems, *self._book.problems()]))

    def first_letters(self, wanted: Callable[[Wave, Contact], bool] = lambda wave, contact: True) -> Iterator[Outcome]:
        """The first letter of every contact in every wave, whatever the wave's start or gate.

        Only those `wanted` are rendered, and those on whom it depends whether a wanted one is made. A
        mail address gets one first letter per campaign; a wave that says `again` writes to it once more.
        """
        addresses = _Addresses()
        for found in select(self.materials.campaign, self.materials.contacts, self.expressions):
            if isinstance(found, BadWave):
                self._book_wave(found)
                continue
            is_wanted = wanted(found.wave, found.contact)
            if isinstance(found, LeftOut):
                if is_wanted:
                    yield found.skipped
                continue
            address = self._address(found)
            if not is_wanted:
                addresses.wait(address, found)
                continue
            outcome = self._left_out(found, address, addresses) or self._merge(found, found.template, step=0)
            if isinstance(outcome, Letter):
                addresses.take(address, found)
            yield outcome

    def follow_ups(self) -> Iterator[Outcome]:
        """The first follow-up of every contact that could get one, rendered to find its faults."""
        language = self.materials.campaign.language
        for found in select(self.materials.campaign, self.materials.contacts, self.expressions):
            if not isinstance(found, Selected):
                continue
            try:
                follow_up = follow_up_for(found.wave, found.contact, language, self.expressions)
            except TemplateFault as fault:
                self._book_wave(BadWave(wave=found.wave, fault=fault))
                continue
            if follow_up is not None:
                yield self._merge(found, follow_up.template, step=1)

    def next_letters(self, threads: Mapping[tuple[str, str, int], Thread]) -> Iterator[Outcome]:
        """The follow-ups whose letter before has gone: by wave, contact and step (from 1) the thread each goes on."""
        waves = {wave.id: wave for wave in self.materials.campaign.waves}
        contacts = {contact.id: contact for contact in self.materials.contacts}
        language = self.materials.campaign.language
        for (wave, contact, step), thread in threads.items():
            try:
                follow_up = follow_up_for(waves[wave], contacts[contact], language, self.expressions)
                found = with_template(waves[wave], contacts[contact], language, self.expressions)
            except TemplateFault as fault:
                self._book_wave(BadWave(wave=waves[wave], fault=fault))
                continue
            if follow_up is not None:
                first = found.template if isinstance(found, Selected) else follow_up.template
                selected = Selected(wave=found.wave, contact=found.contact, template=first)
                yield self._merge(selected, follow_up.template, step=step, thread=thread)

    def attachment_bytes(self) -> dict[str, int]:
        """How many bytes the attachments of each wave's first letters take, once for each letter."""
        total: dict[str, int] = {}
        encoded = self.materials.attachments
        for found in select(self.materials.campaign, self.materials.contacts, self.expressions):
            if not isinstance(found, Selected):
                continue
            template = self._shelf.mail(found.template, found.contact)
            names = {*(template.attachments if template else ()), *found.contact.attachments} & set(encoded)
            size = sum(len(encoded[each].encoded) for each in names)
            total[found.wave.id] = total.get(found.wave.id, 0) + size
        return total

    # -- one letter ------------------------------------------------------------------------

    def _address(self, found: Selected) -> str | None:
        """The mail address of a first letter, normalised; None where it goes by hand."""
        channel = self._shelf.channel_for(found.contact, found.template)
        return channel.identity if channel is not None and channel.kind is ChannelKind.EMAIL else None

    def _left_out(self, found: Selected, address: str | None, addresses: _Addresses) -> Skipped | None:
        """Left out where another contact's letter goes to the same address already."""
        if address is None:
            return None
        for earlier in addresses.waiting(address):
            # Not wanted now; but whether its letter can be made decides about this one.
            if addresses.holder(address, earlier) is None and isinstance(
                self._merge(earlier, earlier.template, step=0), Letter
            ):
                addresses.take(address, earlier)
        first = addresses.holder(address, found)
        if first is None:
            return None
        return LeftOut(wave=found.wave, contact=found.contact, reason=same_address(first)).skipped

    def _merge(self, found: Selected, name: str, *, step: int, thread: Thread = NO_THREAD) -> Outcome:
        """The letter of `found` by the template called `name`."""

        def skipped(reason: str) -> Skipped:
            return LeftOut(wave=found.wave, contact=found.contact, reason=reason).skipped

        if name not in self._shelf.names:
            return skipped(f"there is no template {name}")
        language = found.contact.language
        channel = self._channel_before(found.contact, thread) or self._shelf.channel_for(
            found.contact, name, first=found.template
        )
        if channel is None:
            return skipped(why_no_channel(found.contact, name))
        template = self._shelf.find(name, variant_for(channel), language)
        if template is None:
            return skipped(f"template {name} has no variant for mail")
        blocked = self._blocked(found, template)
        if blocked is not None:
            return skipped(blocked)
        to = Addressed(
            wave=found.wave, contact=found.contact, step=step, template=template, channel=channel, thread=thread
        )
        try:
            made = self._made(to, self._previous(found, step))
        except BEYOND_REACH:
            sentence = "the letter is too deep or too large to be made"
            self._book.at_template(template, template.body_line, found.contact, "template-bound", sentence)
            made = None
        return made or skipped("the letter has an error; see `outreach check`")

    def _channel_before(self, contact: Contact, thread: Thread) -> Channel | None:
        """The channel of the letter before, as long as the contact still has it."""
        before = (thread.address or "").casefold()
        return next((channel for channel in contact.emails if channel.address.casefold() == before), None)

    def _blocked(self, found: Selected, template: Template) -> str | None:
        """Why an error found earlier forbids this letter, or None."""
        for about, whose in (
            ("sender", "the sender"),
            (f"wave:{found.wave.id}", "the wave"),
            (f"contact:{found.contact.id}", "the contact"),
            (f"template:{template.file}", template.file),
        ):
            if about in self.materials.blocked:
                return f"{whose} has an error; see `outreach check`"
        return None

    def _made(self, to: Addressed, previous: str | None) -> Outcome | None:
        names = self._attached(to.template, to.contact)
        if names is None:
            return None
        texts = self._texts.make(
            to.template,
            to.contact,
            self._scope.letter(
                to.wave.id,
                to.contact,
                to.channel.address if to.by_mail else None,
                to.step,
                to.thread.subject or previous,
                to.thread.sent_on,
            ),
            language=to.template.language or self.materials.campaign.language,
            pages=[pages for name in names if (pages := self.materials.files[name].pages) is not None],
            documents=[*names, *(self.materials.campaign.attachments[name].file for name in names)],
        )
        if texts is None:
            return None
        if not to.by_mail:
            return self._maker.manual(to, texts, names)
        return self._maker.letter(to, texts, names, unsubscribe=self._says_how_to_unsubscribe(to))

    def _says_how_to_unsubscribe(self, to: Addressed) -> bool:
        """As the template says; else where many letters go out at once."""
        if to.template.unsubscribe is not None:
            return to.template.unsubscribe
        if self._sizes is None:
            found = select(self.materials.campaign, self.materials.contacts, self.expressions)
            self._sizes = Counter(each.wave.id for each in found if isinstance(each, Selected))
        return self._sizes[to.wave.id] >= LARGE_WAVE

    def _attached(self, template: Template, contact: Contact) -> list[str] | None:
        """The attachments of this letter; None where one is not there (a problem says so already)."""
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

    def _previous(self, found: Selected, step: int) -> str | None:
        """The subject of the first letter, for a follow-up that quotes it.

        Where the first letter's template is broken, which is said there, its name stands for it.
        """
        if not step:
            return None
        template = self._shelf.mail(found.template, found.contact)
        known = found.template in self._shelf.names
        if not known or (template and f"template:{template.file}" in self.materials.blocked):
            return (template and template.subject) or found.template
        if template is None or not template.subject:
            return None
        try:
            scope = self._scope.letter(found.wave.id, found.contact, None, 0, None)
            return self._renderer.render(template.subject, scope).plain().strip()
        except TemplateFault:
            return template.subject  # its own fault is said where it stands

    def _book_wave(self, found: BadWave) -> None:
        """Note that a wave's expression cannot be compared with a contact, unless that is known."""
        about = f"wave:{found.wave.id}"
        if about not in self.materials.blocked:
            self._wave_problems.append(problem_of(found.wave.to, found.fault, about))
