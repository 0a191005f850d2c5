"""The objects of `check --json` and `draft --json`; output_schemas.py says what every command prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outreach.letters.drafted import DraftResult
from outreach.model.problem import Level, Problem
from outreach.networks.composing import Composed


def problem_object(problem: Problem) -> dict[str, Any]:
    """A Problem; `file` is relative to the campaign folder, `line` counts from 1."""
    return {
        "file": problem.file,
        "line": problem.line,
        "code": problem.code,
        "level": str(problem.level),
        "message": problem.message,
        "hint": problem.hint,
    }


def check_object(problems: Iterable[Problem]) -> dict[str, Any]:
    """The object of `check --json`."""
    problems = list(problems)
    counts = {str(level): sum(problem.level is level for problem in problems) for level in Level}
    return {"problems": [problem_object(problem) for problem in problems], "counts": counts}


def post_parts(post: Composed) -> list[dict[str, Any]]:
    """The parts of a post with how much each counts, and how much its network takes (null: no limit known)."""
    return [
        {"text": text, "count": size.value, "limit": size.limit}
        for text, size in zip(post.parts, post.counts, strict=True)
    ]


def draft_object(result: DraftResult) -> dict[str, Any]:
    """The object of `draft --json`."""
    return {
        "letters": [
            {
                "id": drafted.id,
                "wave": drafted.wave,
                "step": drafted.step,
                "contact": drafted.contact,
                "to": drafted.to,
                "subject": drafted.subject,
                "path": drafted.path,
                "digest": drafted.digest,
                "changed": drafted.changed,
            }
            for drafted in result.letters
        ],
        "manual": [
            {
                "id": by_hand.task.id,
                "contact": by_hand.task.contact,
                "how": by_hand.task.how,
                "address": by_hand.task.address,
                "path": by_hand.path,
                "changed": by_hand.changed,
            }
            for by_hand in result.manual
        ],
        "posts": [
            {
                "id": drafted.post.id,
                "post": drafted.post.version.post,
                "network": str(drafted.post.version.network),
                "parts": post_parts(drafted.post),
                "path": drafted.path,
                "digest": drafted.post.digest,
                "changed": drafted.changed,
            }
            for drafted in result.posts
        ],
        "skipped": [{"contact": each.contact, "wave": each.wave, "reason": each.reason} for each in result.skipped],
        "problems": [problem_object(problem) for problem in result.problems],
    }
