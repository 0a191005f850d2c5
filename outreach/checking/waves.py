"""Whom the waves reach and when, and whether the campaign may write to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from outreach.checking.material import Checked
from outreach.errors import TemplateFault
from outreach.model.campaign import Wave
from outreach.model.problem import Problem
from outreach.planning.selection import matching
from outreach.templating.expressions import Expressions, selection_fault
from outreach.words.wall_time import wall_time_problem


def wave_problems(checked: Checked, expressions: Expressions) -> Iterator[Problem]:
    """Waves that start at no time, that reach nobody or somebody twice; missing legal notes."""
    yield from _starts(checked)
    yield from _coverage(checked, expressions)
    yield from _legal(checked)


def _starts(checked: Checked) -> Iterator[Problem]:
    campaign = checked.campaign
    for wave in campaign.waves:
        if wave.start is not None:
            problem = wall_time_problem(
                wave.start,
                campaign.timezone,
                file=campaign.file,
                line=wave.start_line or wave.line,
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
                message=f"The wave {wave.id!r} selects nobody: `{wave.to.source}`.",
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
        are = "1 contact is an institution" if len(public) == 1 else f"{len(public)} contacts are institutions"
        yield Problem(
            file=campaign.file,
            line=1,
            code="missing-legal-note",
            message=f"There is no `transparency_id`, and {are} of the EU (first {public[0].id}).",
            hint="Enter the number from the EU Transparency Register, and write it into the template.",
        )
