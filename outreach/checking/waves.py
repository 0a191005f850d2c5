"""When the waves begin, and whether the campaign may write to people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from outreach.checking.material import Checked
from outreach.model.problem import Problem
from outreach.words.wall_time import wall_time_problem


def wave_problems(checked: Checked) -> Iterator[Problem]:
    """Waves that start at no time; missing legal notes."""
    yield from _starts(checked)
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


def _legal(checked: Checked) -> Iterator[Problem]:
    campaign = checked.campaign
    if campaign.waves and campaign.legal is None:
        yield Problem(
            file=campaign.file,
            line=1,
            code="missing-legal-note",
            message="The campaign does not say why it may write to people (GDPR Art. 6 and 14).",
            hint="Add `legal: {basis: legitimate-interest, interest: ...}`.",
        )
    public = [contact for contact in checked.contacts if contact.eu]
    if public and campaign.transparency_id is None:
        are = "1 contact is an EU institution" if len(public) == 1 else f"{len(public)} contacts are EU institutions"
        yield Problem(
            file=campaign.file,
            line=1,
            code="missing-legal-note",
            message=f"{are} (first {public[0].id}), and `transparency_id` is missing.",
            hint="If you are in the EU Transparency Register, add your number here and in the template.",
        )
