"""When the waves begin, and whether the campaign may write to people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from outreach.checking.material import Checked
from outreach.model.problem import Problem
from outreach.words.wall_time import wall_time_problem


def wave_problems(checked: Checked) -> Iterator[Problem]:
    """Waves that start at no time."""
    yield from _starts(checked)


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
