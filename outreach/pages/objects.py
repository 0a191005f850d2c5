"""What `--json` prints: one object per command, whose keys scripts may rely on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypedDict

from outreach.letters.drafted import DraftResult
from outreach.model.problem import Level, Problem
from outreach.networks.composing import Composed
from outreach.pages.json_schema import Count, Digest, Line, Schema


class ProblemObject(TypedDict):
    """A finding; `code` is explained in docs/problems.md."""

    file: str
    line: Line
    code: Annotated[str, Schema(pattern="^[a-z0-9-]+$")]
    level: Level
    message: str
    hint: str


class CheckObject(TypedDict):
    problems: list[ProblemObject]
    counts: dict[Level, Count]


class PartObject(TypedDict):
    """A part of a post; `limit` is null where the network has none that is known."""

    text: str
    count: Count
    limit: int | None


class DraftedLetterObject(TypedDict):
    """A letter; `path` is its .eml, `changed` whether this run changed it."""

    id: str
    wave: str
    step: Count
    contact: str
    to: str
    subject: str
    path: str
    digest: Digest
    changed: bool


class ByHandObject(TypedDict):
    """A text that a person pastes into a form or sends on a network."""

    id: str
    contact: str
    how: str
    address: str
    path: str
    changed: bool


class DraftedPostObject(TypedDict):
    """A post on one network; `path` is its .json."""

    id: str
    post: str
    network: str
    parts: list[PartObject]
    path: str
    digest: Digest
    changed: bool


class SkippedObject(TypedDict):
    """A contact that gets no letter in this wave, and why."""

    contact: str
    wave: str
    reason: str


class DraftObject(TypedDict):
    letters: list[DraftedLetterObject]
    manual: list[ByHandObject]
    posts: list[DraftedPostObject]
    skipped: list[SkippedObject]
    problems: list[ProblemObject]


def problem_object(problem: Problem) -> ProblemObject:
    """A Problem; `file` is relative to the campaign folder, `line` counts from 1."""
    return {
        "file": problem.file,
        "line": problem.line,
        "code": problem.code,
        "level": problem.level,
        "message": problem.message,
        "hint": problem.hint,
    }


def check_object(problems: Iterable[Problem]) -> CheckObject:
    """The object of `check --json`."""
    problems = list(problems)
    counts = {level: sum(problem.level is level for problem in problems) for level in Level}
    return {"problems": [problem_object(problem) for problem in problems], "counts": counts}


def post_parts(post: Composed) -> list[PartObject]:
    """The parts of a post with how much each counts, and how much its network takes (null: no limit known)."""
    return [
        {"text": text, "count": size.value, "limit": size.limit}
        for text, size in zip(post.parts, post.counts, strict=True)
    ]


def draft_object(result: DraftResult) -> DraftObject:
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
                "network": drafted.post.version.network,
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
