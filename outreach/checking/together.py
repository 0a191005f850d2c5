"""What only shows when a campaign's files are read together: references, reach, waves, posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time

from outreach.checking.material import Checked
from outreach.checking.posts import post_problems
from outreach.checking.reach import reach_problems
from outreach.checking.references import reference_problems, selection_problems
from outreach.letters.right_name import placeholder
from outreach.model.problem import Problem
from outreach.templating.expressions import Expressions
from outreach.words.wall_time import wall_time_problem


def cross_problems(checked: Checked) -> list[Problem]:
    """Every Problem between the files, in order of file and line.

    Faults inside one file are the loaders' business, faults of single letters the merger's; who gets
    what is decided by planning (`recipient_problems`).
    """
    expressions = Expressions()
    problems = [*reach_problems(checked), *sender_problems(checked), *selection_problems(checked.campaign, expressions)]
    if "campaign" not in checked.blocked:
        # Only a sound campaign.yaml can be compared with the rest: what it names may be in what could not be read.
        problems += reference_problems(checked, expressions)
        problems += wave_problems(checked)
        problems += post_problems(checked)
    return sorted(dict.fromkeys(problems))


def without_consequences(problems: Iterable[Problem]) -> list[Problem]:
    """`problems` in order, without the doubts about a template that has errors anyway."""
    problems = list(problems)
    broken = {problem.file for problem in problems if problem.is_error}
    return sorted(p for p in dict.fromkeys(problems) if p.code != "angle-unused" or p.file not in broken)


def wave_problems(checked: Checked) -> Iterator[Problem]:
    """Waves that start at no time."""
    campaign = checked.campaign
    for wave in campaign.waves:
        problem = wave.start and wall_time_problem(
            wave.start,
            campaign.timezone,
            file=campaign.file,
            line=wave.start_line or wave.line,
            about=f"wave:{wave.id}",
            whole_day=wave.start.time() == time.min,
        )
        if problem:
            yield problem


NOBODY = "you@example.org"
"""The address that a new campaign has until somebody writes theirs: answers to it would reach nobody."""


def sender_problems(checked: Checked) -> Iterator[Problem]:
    """Placeholders in a sender's name, address, signature or postal address: no letter leaves with them."""
    campaign = checked.campaign
    for name, sender in {"": campaign.sender, **campaign.senders}.items():
        for key in ("name", "email", "signature", "postal_address"):
            value = getattr(sender, key) or ""
            found = value if value == NOBODY else placeholder(value)
            if found is not None:
                group = f"senders: {{{name}: " if name else "sender: "
                yield Problem(
                    file="campaign.yaml",
                    line=sender.line,
                    code="placeholder",
                    message=f"The sender's `{key}` is still {found}.",
                    hint=f"Write yours: `{group}{{{key}: ...}}{'}' if name else ''}`. Emails wait for it.",
                    about="sender",
                )
                return
