"""Texts become a letter whose headers are data, or a text to paste that fits its channel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from outreach.letters.fault_book import FaultBook
from outreach.letters.letter import Letter, ManualTask
from outreach.letters.materials import Addressed, Materials
from outreach.letters.mime import (
    Message,
    faults,
    message_id,
    parse_back,
    parse_headers_back,
    reads_as_planned,
)
from outreach.letters.promises import Texts
from outreach.model.template import MailFormat
from outreach.model.unsubscribe import unsubscribe_headers
from outreach.networks.limits import limit
from outreach.networks.measuring import count
from outreach.networks.registry import KNOWN

_REPLY = re.compile(r"(?:re|aw|sv|antw|odp|r|tr|vs)\s*:", re.IGNORECASE)
"""How mail programs of Europe begin the subject of an answer."""


def reply_subject(subject: str) -> str:
    """The subject of a letter that goes on in a thread: `Re: ...`, once."""
    return subject if _REPLY.match(subject) else f"Re: {subject}"


class LetterMaker:
    """Makes letters and manual tasks, and books what forbids one.

    With `parse_every_letter` the headers of each letter are parsed back and compared with the plan; without, only where
    a name or subject is more than plain or encoded words. Of each template's texts one letter is parsed back wholly.
    """

    def __init__(self, materials: Materials, book: FaultBook, *, parse_every_letter: bool) -> None:
        self._materials = materials
        self._book = book
        self._parse_every_letter = parse_every_letter
        self._parsed: set[tuple[str, str]] = set()

    def letter(
        self, to: Addressed, texts: Texts, attachments: Iterable[str], *, unsubscribe: bool = False
    ) -> Letter | None:
        """The letter, or None if its headers could be read as something else."""
        if not self._goes_to_one_organisation(to):
            return None
        letter = Letter(
            wave=to.wave.id,
            contact=to.contact.id,
            step=to.step,
            template=to.template.file,
            message=self._message(to, texts, attachments, unsubscribe=unsubscribe),
            later=texts.later,
        )
        return letter if self._headers_are_data(letter, to, texts.skeleton) else None

    def _message(self, to: Addressed, texts: Texts, attachments: Iterable[str], *, unsubscribe: bool) -> Message:
        campaign = self._materials.campaign
        sender = campaign.sender_of(to.wave)
        domain = campaign.sender.email.rpartition("@")[2]  # whoever writes, the ids are the campaign's
        known = to.thread.message_ids
        numbers = range(0 if not known else to.step, to.step + 1)
        *ids, own = [message_id(campaign.id, to.wave.id, to.contact.id, number, domain) for number in numbers]
        before = known or tuple(ids)
        return Message(
            sender_name=sender.name,
            sender_email=sender.email,
            recipient_name=to.contact.name,
            recipient_email=to.channel.address,
            subject=reply_subject(texts.subject) if before else texts.subject,
            message_id=own,
            text=texts.text,
            html=None if to.template.format is MailFormat.TEXT else texts.html,
            cc=to.template.cc,
            reply_to=to.template.reply_to or sender.reply_to,
            in_reply_to=before[-1] if before else None,
            references=before,
            extra_headers=unsubscribe_headers(own, campaign.sender.email, sender.unsubscribe) if unsubscribe else (),
            attachments=tuple(self._materials.attachments[name] for name in attachments),
        )

    def _goes_to_one_organisation(self, to: Addressed) -> bool:
        """Copies go to our own people only: a second organisation is never in one letter."""
        theirs = self._addresses if to.template.cc else ()
        strange = [each for each in to.template.cc if not self._materials.campaign.is_team(each)]
        strange += [each for each in to.template.cc if each.casefold() in theirs]
        for address in strange[:1]:
            self._book.at_template(
                to.template,
                to.template.line_of("cc"),
                to.contact,
                "cc-outside-team",
                f"copies go only to your own `team`, and {address} is not in it",
                "Add the address or its domain to `team` in campaign.yaml if it is one of you, else remove it.",
            )
        return not strange

    @cached_property
    def _addresses(self) -> frozenset[str]:
        """Every address of a contact, and of its people."""
        contacts = self._materials.contacts
        people = (person.email.casefold() for contact in contacts for person in contact.people if person.email)
        return frozenset((*people, *(each.address.casefold() for contact in contacts for each in contact.emails)))

    def _headers_are_data(self, letter: Letter, to: Addressed, skeleton: str) -> bool:
        """Refuse what must not be in a header, then parse the letter back and compare."""
        found = faults(letter.message)
        for fault in found:
            self._book.at_contact(
                to.contact, "name", "unsafe-text", f"the letter's {fault}", "Write it in plain characters."
            )
        if found:
            return False
        differences = self._read_back(letter, to, skeleton)
        for difference in differences[:1]:
            hint = "Simplify the name or the subject."
            self._book.at_contact(to.contact, "name", "header-mismatch", f"read back, {difference}", hint)
        return not differences

    def _read_back(self, letter: Letter, to: Addressed, skeleton: str) -> tuple[str, ...]:
        """What reads otherwise than planned in a letter whose words are `skeleton`."""
        message = letter.message
        if (to.template.file, skeleton) not in self._parsed:
            self._parsed.add((to.template.file, skeleton))
            return _differences(letter.assembled.without_attachments(), message, wholly=True)
        if self._parse_every_letter or not reads_as_planned(message):
            return _differences(letter.assembled.head(), message, wholly=False)
        return ()

    def manual(self, to: Addressed, texts: Texts, attachments: Iterable[str]) -> ManualTask | None:
        """The text to paste, or None if it is too long for its network."""
        network = next((name for name, each in KNOWN.items() if each.handle == to.channel.kind), None)
        most = limit(network) if network else None
        length = count(texts.text.strip(), network) if network else 0
        if most is not None and length > most:
            self._book.at_template(
                to.template,
                to.template.body_line,
                to.contact,
                "too-long",
                f"a message on {network} has {most} characters at most, this one has {length}",
                f"Write a short variant: templates/{to.template.name}.mastodon.md.",
            )
            return None
        return ManualTask(
            wave=to.wave.id,
            contact=to.contact.id,
            step=to.step,
            template=to.template.file,
            how=str(to.channel.kind),
            address=to.channel.address,
            name=to.contact.name,
            subject=texts.subject,
            text=texts.text,
            later=texts.later,
            attachments=tuple(
                self._materials.campaign.attachments[name].file.rsplit("/", 1)[-1] for name in attachments
            ),
        )


@lru_cache(maxsize=256)
def _differences(data: bytes, message: Message, *, wholly: bool) -> tuple[str, ...]:
    """What reads otherwise than planned. The same letter is not read back again, as where a page shows it twice."""
    return tuple(parse_back(data, message) if wholly else parse_headers_back(data, message))
