"""What became of a merge: the letters and texts with their places in the drafts folder."""

from __future__ import annotations

from dataclasses import field

from outreach.letters.letter import Letter, ManualTask
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.networks.composing import Composed


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A letter that is not made, by the ids of its wave and contact, and why."""

    wave: str
    contact: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafted:
    """A letter in the drafts folder: its path there, its digest, and whether the file changed just now.

    `letter` is what it says, where there are few; of a hundred thousand nobody could hold the texts.
    """

    id: str
    wave: str
    step: int
    contact: str
    to: str
    subject: str
    letter: Letter | None = None
    path: str
    digest: str
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftedByHand:
    """A text for a person to paste, in the drafts folder."""

    task: ManualTask
    path: str
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftedPost:
    """A version of a post in the drafts folder: its path there, and whether the file changed just now."""

    post: Composed
    path: str
    changed: bool


@dataclass(kw_only=True, slots=True)
class DraftResult:
    """What was drafted and what was not. `kept` are a person's files that were left or moved aside.

    `names` are those of the contacts, by id.
    """

    letters: list[Drafted] = field(default_factory=list)
    manual: list[DraftedByHand] = field(default_factory=list)
    posts: list[DraftedPost] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
