"""What only shows when a campaign's files are read together: references, reach, waves, posts."""

from __future__ import annotations

from collections.abc import Iterable

from outreach.checking.material import Checked
from outreach.checking.posts import post_problems
from outreach.checking.reach import reach_problems
from outreach.checking.references import reference_problems
from outreach.checking.sender import sender_problems
from outreach.checking.waves import wave_problems
from outreach.model.problem import Problem
from outreach.templating.expressions import Expressions


def cross_problems(checked: Checked) -> list[Problem]:
    """Every Problem between the files, in order of file and line.

    Faults inside one file are the loaders' business, faults of single letters the merger's; who gets
    what is decided by planning (`recipient_problems`).
    """
    expressions = Expressions()
    problems = list(reach_problems(checked))
    if "campaign" not in checked.blocked:
        # Only a sound campaign.yaml can be compared with the rest.
        problems += sender_problems(checked)
        problems += reference_problems(checked, expressions)
        problems += wave_problems(checked)
        problems += post_problems(checked)
    return sorted(dict.fromkeys(problems))


def without_consequences(problems: Iterable[Problem]) -> list[Problem]:
    """`problems` in order, without the doubts about a template that has errors anyway."""
    problems = list(problems)
    broken = {problem.file for problem in problems if problem.is_error}
    return sorted(p for p in dict.fromkeys(problems) if p.code != "angle-unused" or p.file not in broken)
