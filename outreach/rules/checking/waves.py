"""Whom the waves reach, and whether what they say is as personal and as legal as it could be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import time

from outreach.errors import TemplateFault
from outreach.model.campaign import Wave
from outreach.model.contact import Contact
from outreach.model.problem import Problem
from outreach.model.template import Template, Variant
from outreach.rules.checking.material import Checked
from outreach.rules.expressions import Expressions, selection_fault
from outreach.rules.selection import (
    Selected,
    TemplateShelf,
    choose_address,
    choose_by_hand,
    matching,
    select,
    variant_for,
)
from outreach.rules.wall_time import wall_time_problem


def wave_problems(checked: Checked, expressions: Expressions) -> Iterator[Problem]:
    """Waves that reach nobody or somebody twice, templates short of an angle or a language."""
    yield from _starts(checked)
    yield from _coverage(checked, expressions)
    yield from _template_use(checked, expressions)
    yield from _legal(checked)


def _starts(checked: Checked) -> Iterator[Problem]:
    campaign = checked.campaign
    for wave in campaign.waves:
        if wave.start is not None:
            problem = wall_time_problem(
                wave.start,
                campaign.timezone,
                file=campaign.file,
                line=wave.line,
                about=f"wave:{wave.id}",
                whole_day=wave.start.time() == time.min,
            )
            if problem is not None:
                yield problem


def _coverage(checked: Checked, expressions: Expressions) -> Iterator[Problem]:
    campaign = checked.campaign
    first: dict[str, Wave] = {}
    for wave in campaign.waves:
        try:
            chosen = matching(wave, checked.contacts, campaign.language, expressions)
        except TemplateFault:
            continue  # said where the expression stands
        place = {"file": campaign.file, "line": wave.line, "about": f"wave:{wave.id}"}
        readable = selection_fault(expressions, wave.to.source) is None
        if not chosen and readable and "contacts" not in checked.incomplete:
            yield Problem(
                code="empty-wave",
                message=f"The wave {wave.id!r} selects nobody: {wave.to.source}",
                hint="Compare `to` with the contacts' keys.",
                **place,  # type: ignore[arg-type]
            )
        twice = [contact for contact in chosen if contact.id in first and not wave.again]
        if twice:
            names = ", ".join(contact.id for contact in twice[:5]) + (" and more" if len(twice) > 5 else "")
            earlier = ", ".join(dict.fromkeys(first[contact.id].id for contact in twice))
            yield Problem(
                code="selected-twice",
                message=f"The wave {wave.id!r} selects {len(twice)} that {earlier} selects already: {names}.",
                hint="Each gets one first letter, in the wave that stands first; `again: true` allows a second.",
                **place,  # type: ignore[arg-type]
            )
        for contact in chosen:
            first.setdefault(contact.id, wave)


def _template_use(checked: Checked, expressions: Expressions) -> Iterator[Problem]:
    """Language fallbacks, and angles that no letter uses, once per template."""
    shelf = TemplateShelf(checked.templates, checked.campaign.language)
    used: dict[str, tuple[Template, list[Contact]]] = {}
    fallen: dict[tuple[str, str], tuple[Template, list[Contact]]] = {}
    for found in select(checked.campaign, checked.contacts, expressions):
        if not isinstance(found, Selected):
            continue
        contact = found.contact
        mail = shelf.find(found.template, Variant.MAIL, contact.language)
        channel = choose_address(contact, mail.roles if mail else ()) or choose_by_hand(contact)
        template = shelf.find(found.template, variant_for(channel), contact.language) if channel else None
        if template is None or f"template:{template.file}" in checked.blocked:
            continue
        used.setdefault(template.file, (template, []))[1].append(contact)
        if not shelf.speaks(template, contact.language):
            key = (template.file, contact.language or "")
            fallen.setdefault(key, (template, []))[1].append(contact)
    yield from _without_angle(used)
    for (_, language), (template, contacts) in fallen.items():
        yield _fallback(template, language, contacts)


def _fallback(template: Template, language: str, contacts: list[Contact]) -> Problem:
    count = "1 contact wants" if len(contacts) == 1 else f"{len(contacts)} contacts want"
    suffix = f".{template.variant}" if template.variant else ""
    return Problem(
        file=template.file,
        line=1,
        code="language-fallback",
        message=f"{count} {language} (first {contacts[0].id}) and will be written to in this language instead.",
        hint=f"Write templates/{template.name}.{language}{suffix}.md, or leave it so.",
        about=f"template:{template.file}",
    )


def _without_angle(used: dict[str, tuple[Template, list[Contact]]]) -> Iterator[Problem]:
    sharing: dict[str, list[Contact]] = defaultdict(list)
    for template, contacts in used.values():
        with_angle = [contact for contact in contacts if contact.angle]
        if "angle" not in template.body and len(with_angle) > 1 and template.body.strip():
            yield Problem(
                file=template.file,
                line=template.body_line,
                code="angle-unused",
                message=f"{len(with_angle)} contacts that get this template have an angle, and it never says it: "
                "their letters are nearly the same.",
                hint="Write {{ contact.angle }} where the letter becomes theirs.",
                about=f"template:{template.file}",
            )
        elif "angle" in template.body:
            for contact in with_angle:
                sharing[" ".join(str(contact.angle).split())].append(contact)
    for contacts in sharing.values():
        for contact in contacts[1:]:
            yield Problem(
                file=contact.file,
                line=contact.line,
                code="same-angle",
                message=f"{contact.name} has word for word the angle of {contacts[0].name}: "
                "their letters are nearly the same.",
                hint="Say what makes this letter theirs.",
                about=f"contact:{contact.id}",
            )


def _legal(checked: Checked) -> Iterator[Problem]:
    campaign = checked.campaign
    if campaign.waves and campaign.legal is None:
        yield Problem(
            file=campaign.file,
            line=1,
            code="missing-legal-note",
            message="The campaign does not say on which legal basis it writes to people.",
            hint="Add `legal: {basis: legitimate-interest, interest: ...}` (GDPR Art. 6 and 14).",
        )
    public = [contact for contact in checked.contacts if contact.eu]
    if public and campaign.transparency_id is None:
        yield Problem(
            file=campaign.file,
            line=1,
            code="missing-legal-note",
            message=f"{len(public)} contacts are institutions of the EU (first {public[0].id}), and there is no "
            "`transparency_id`.",
            hint="Enter the number from the EU Transparency Register, and write it into the template.",
        )
