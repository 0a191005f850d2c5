"""What the selected contacts would get: over which channel, in which language, and how much of it is theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from outreach.checking.material import Checked
from outreach.errors import TemplateFault
from outreach.model.contact import Contact
from outreach.model.problem import Problem
from outreach.model.template import Template
from outreach.planning.selection import (
    Selected,
    TemplateShelf,
    follow_up_for,
    select,
    variant_for,
    why_no_channel,
)
from outreach.templating.expressions import Expressions

_ANGLE = re.compile(r"\.angle\b|\[\s*['\"]angle['\"]\s*\]")
"""What reads the angle in a template's tag, under whatever name the contact goes there."""
_TAG_BEGINS = ("{{", "{%")
_TAG_ENDS = re.compile(r"(\{[{%]|[%}]\})")

Users = dict[str, tuple[Template, dict[str, Contact]]]
"""The contacts who get a template, by their ids."""


def letter_problems(checked: Checked, expressions: Expressions) -> Iterator[Problem]:
    """Addresses that no template may use, languages that are not there, angles that nobody reads."""
    shelf = TemplateShelf(checked.templates, checked.campaign.language)
    first_letters: Users = {}
    fallen: Users = {}
    for found in select(checked.campaign, checked.contacts, expressions):
        if not isinstance(found, Selected):
            continue
        for step, name in enumerate(_templates(found, checked.campaign.language, expressions)):
            channel = shelf.channel_for(found.contact, name, first=found.template)
            if channel is None:
                yield from _no_usable_address(found, name, step, shelf, checked)
                break
            template = shelf.find(name, variant_for(channel), found.contact.language)
            if template is None or f"template:{template.file}" in checked.blocked:
                continue
            if step == 0:
                _add(first_letters, template.file, template, found.contact)
            if not shelf.speaks(template, found.contact.language):
                _add(fallen, f"{template.file} {found.contact.language}", template, found.contact)
    yield from _without_angle(first_letters)
    for template, contacts in fallen.values():
        yield _fallback(template, list(contacts.values()))


def _templates(found: Selected, language: str, expressions: Expressions) -> Iterator[str]:
    """The names of the templates that a contact gets: the first letter's, and the follow-up's."""
    yield found.template
    try:
        follow_up = follow_up_for(found.wave, found.contact, language, expressions)
    except TemplateFault:
        return  # said where the expression stands
    if follow_up is not None:
        yield follow_up.template


def _add(users: Users, key: str, template: Template, contact: Contact) -> None:
    users.setdefault(key, (template, {}))[1][contact.id] = contact


def _no_usable_address(
    found: Selected, name: str, step: int, shelf: TemplateShelf, checked: Checked
) -> Iterator[Problem]:
    contact = found.contact
    mail = shelf.mail(name, contact)
    if mail is None or not contact.emails or f"contact:{contact.id}" in checked.blocked:
        return
    roles = ", ".join([*(mail.roles or ("general",)), contact.emails[0].role.casefold()])
    yield Problem(
        file=contact.file,
        line=contact.line_of("channels"),
        code="no-usable-address",
        message=f"`{contact.name}` gets no letter in {found.wave.id}: {why_no_channel(contact, name)}.",
        hint=f"Write `roles: [{roles}]` into {mail.file}, or give the contact another address.",
        about=f"letter:{found.wave.id}/{contact.id}/{step}",
    )


def _fallback(template: Template, contacts: list[Contact]) -> Problem:
    language = contacts[0].language
    wanted = "1 contact wants" if len(contacts) == 1 else f"{len(contacts)} contacts want"
    suffix = f".{template.variant}" if template.variant else ""
    return Problem(
        file=template.file,
        line=1,
        code="language-fallback",
        message=f"This is not there in {language}, which {wanted} (first {contacts[0].id}): "
        "what they get is in the language of this file.",
        hint=f"Write templates/{template.name}.{language}{suffix}.md, or leave it so.",
        about=f"template:{template.file}",
    )


def _says_angle(body: str) -> bool:
    """Whether a tag of the template names `contact.angle`."""
    inside = False
    for piece in _TAG_ENDS.split(body):
        if piece in _TAG_BEGINS or piece in ("}}", "%}"):
            inside = piece in _TAG_BEGINS
        elif inside and _ANGLE.search(piece):
            return True
    return False


def _without_angle(used: Users) -> Iterator[Problem]:
    sharing: dict[str, list[Contact]] = defaultdict(list)
    for template, contacts in used.values():
        with_angle = [contact for contact in contacts.values() if contact.angle]
        if not _says_angle(template.body) and len(with_angle) > 1 and template.body.strip():
            yield Problem(
                file=template.file,
                line=template.body_line,
                code="angle-unused",
                message=f"This text never says the angle that {len(with_angle)} of its contacts have: "
                "their letters are nearly the same.",
                hint="Write {{ contact.angle }} where the letter becomes theirs.",
                about=f"template:{template.file}",
            )
        elif _says_angle(template.body):
            for contact in with_angle:
                sharing[" ".join(str(contact.angle).split())].append(contact)
    for same in sharing.values():
        for contact in same[1:]:
            yield Problem(
                file=contact.file,
                line=contact.line_of("angle"),
                code="same-angle",
                message=f"`{contact.name}` has word for word the angle of `{same[0].name}`: "
                "their letters are nearly the same.",
                hint="Say what makes this letter theirs.",
                about=f"contact:{contact.id}",
            )
