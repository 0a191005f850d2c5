"""What the recipients would get: over which channel, in which language, and how much of it is theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from outreach.checking.tags import tags_name
from outreach.model.campaign import Campaign
from outreach.model.contact import Contact
from outreach.model.problem import Problem
from outreach.model.recipient import Recipient, Why
from outreach.model.template import Template
from outreach.planning.context import Context
from outreach.planning.recipients import Decided, would_follow
from outreach.planning.versions import why_no_channel
from outreach.planning.world import World
from outreach.templating.expressions import Expressions, selection_fault, short

_ANGLE = re.compile(r"""\.(?:personal_text|angle)\b|\[\s*['"](?:personal_text|angle)['"]\s*\]""")
"""What reads the angle in a template's tag, under whatever name the contact goes there."""

Users = dict[str, tuple[Template, dict[str, Contact]]]
"""The contacts who get a template, by their ids."""


def recipient_problems(world: World, decided: Decided, incomplete: frozenset[str] = frozenset()) -> list[Problem]:
    """What the decision about every recipient shows: waves that reach nobody or somebody twice, addresses that no
    template may use, languages that are not there, angles that nobody reads.

    Of the kinds of files in `incomplete` one could not be read.
    """
    context = Context(replace(world, verdicts=None))
    letters = [each for each in decided.recipients if each.why is not Why.LEFT_OUT and not each.unselected]
    letters = [*(each for each in letters if not each.step), *would_follow(context, decided.recipients)]
    found = [*decided.problems, *_coverage(world.campaign, decided, incomplete)]
    first_letters: Users = {}
    fallen: Users = {}
    without_version: dict[str, list[Recipient]] = defaultdict(list)
    for letter in letters:
        name, template = letter.template or "", letter.version
        if name and letter.channel is None:
            found += _no_usable_address(letter, context)
        elif name in context.versions.names and template is None:
            without_version[name].append(letter)
        if template is None or f"template:{template.file}" in world.blocked:
            continue
        if letter.step == 0:
            _add(first_letters, template.file, template, letter.contact)
        if not context.versions.speaks(template, letter.contact.language):
            _add(fallen, f"{template.file} {letter.contact.language}", template, letter.contact)
    found += [_no_version(world.campaign, name, lacking) for name, lacking in without_version.items()]
    found += _without_angle(first_letters)
    found += [_fallback(template, list(contacts.values())) for template, contacts in fallen.values()]
    return found


def _coverage(campaign: Campaign, decided: Decided, incomplete: frozenset[str]) -> Iterator[Problem]:
    """Waves that select nobody, or somebody whom an earlier one selects."""
    broken = {problem.about for problem in decided.problems}
    chosen: dict[str, list[str]] = {wave.id: [] for wave in campaign.waves}
    for each in decided.recipients:
        if each.step == 0 and not each.unselected:
            chosen[each.wave.id].append(each.contact.id)
    first: dict[str, str] = {}
    for wave in campaign.waves:
        place = {"file": campaign.file, "line": wave.line, "about": f"wave:{wave.id}"}
        fault = selection_fault(Expressions(), wave.to.source, corrects=wave.correction_of is not None)
        if fault is not None or f"wave:{wave.id}" in broken:
            continue  # the expression's own problem says it
        selected = chosen[wave.id]
        if not selected and "contacts" not in incomplete:
            yield Problem(
                code="empty-wave",
                message=f"The wave {wave.id!r} selects no contact: `{short(wave.to.source)}`.",
                hint="Compare `to` with the contacts' keys, and try it: outreach status --to EXPR",
                **place,  # type: ignore[arg-type]
            )
        twice = [contact for contact in selected if contact in first and not wave.again]
        if twice:
            names = ", ".join(twice[:5]) + (" and more" if len(twice) > 5 else "")
            earlier = ", ".join(dict.fromkeys(first[contact] for contact in twice))
            yield Problem(
                code="selected-twice",
                message=f"The wave {wave.id!r} selects {len(twice)} that {earlier} selects already: {names}.",
                hint="Each gets one first email, in the first of these waves; `again: true` allows a second.",
                **place,  # type: ignore[arg-type]
            )
        for contact in selected:
            first.setdefault(contact, wave.id)


def _add(users: Users, key: str, template: Template, contact: Contact) -> None:
    users.setdefault(key, (template, {}))[1][contact.id] = contact


def _no_usable_address(letter: Recipient, context: Context) -> Iterator[Problem]:
    contact, name = letter.contact, letter.template or ""
    mail = context.versions.mail(name, contact)
    if mail is None or not contact.emails or f"contact:{contact.id}" in context.world.blocked:
        return
    roles = ", ".join([*(mail.roles or ("general",)), contact.emails[0].role.casefold()])
    yield Problem(
        file=contact.file,
        line=contact.line_of("channels"),
        code="no-usable-address",
        message=f"`{contact.name}` gets no email in {letter.wave.id}: {why_no_channel(contact, name)}.",
        hint=f"Write `roles: [{roles}]` into {mail.file}, or give the contact another address.",
        about=f"letter:{letter.id}",
    )


def _no_version(campaign: Campaign, name: str, letters: list[Recipient]) -> Problem:
    """One problem for all letters of a template that is only written for forms or for Mastodon."""
    contacts = list(dict.fromkeys(each.contact.id for each in letters))
    need = "1 contact needs" if len(contacts) == 1 else f"{len(contacts)} contacts need"
    return Problem(
        file=campaign.file,
        line=letters[0].wave.line,
        code="template-missing",
        message=f"The template `{name}` has no version for email, which {need} (first {contacts[0]}).",
        hint=f"Write templates/{name}.md, or let the wave use another template.",
        about=f"letter:{letters[0].id}",  # the template's other versions, and the wave's other letters, are fine
    )


def _fallback(template: Template, contacts: list[Contact]) -> Problem:
    language = contacts[0].language
    readers = "1 contact" if len(contacts) == 1 else f"{len(contacts)} contacts"
    suffix = f".{template.variant}" if template.variant else ""
    return Problem(
        file=template.file,
        line=1,
        code="language-fallback",
        message=f"There is no text in `{language}` for {readers} (first {contacts[0].id}). They get this one.",
        hint=f"Write templates/{template.name}.{language}{suffix}.md, or change nothing.",
        about=f"template:{template.file}",
    )


def _without_angle(used: Users) -> Iterator[Problem]:
    sharing: dict[str, list[Contact]] = defaultdict(list)
    for template, contacts in used.values():
        with_angle = [contact for contact in contacts.values() if contact.personal_text]
        if not tags_name(template.body, _ANGLE) and len(with_angle) > 1 and template.body.strip():
            yield Problem(
                file=template.file,
                line=template.body_line,
                code="angle-unused",
                message=f"This text never says the `personal_text` that {len(with_angle)} of its contacts have: "
                "their letters are nearly the same.",
                hint="Write {{ contact.personal_text }} where the letter becomes theirs.",
                about=f"template:{template.file}",
            )
        elif tags_name(template.body, _ANGLE):
            for contact in with_angle:
                sharing[" ".join(str(contact.personal_text).split())].append(contact)
    for same in sharing.values():
        for contact in same[1:]:
            yield Problem(
                file=contact.file,
                line=contact.line_of("personal_text"),
                code="same-angle",
                message=f"`{contact.name}` has exactly the same `personal_text` as `{same[0].name}`: "
                "their letters are nearly the same.",
                hint="Write what is special about this contact.",
                about=f"contact:{contact.id}",
            )
