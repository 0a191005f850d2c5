"""Approval: whether a letter is still what a person let go out, and what may be approved."""

from __future__ import annotations

from enum import StrEnum

from outreach.letters.letter import Letter
from outreach.model.past import Approval
from outreach.model.plan import PlanItem
from outreach.model.recipient import ApprovalState
from outreach.model.records import dataclass
from outreach.networks.composing import Composed


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """One letter of the plan: as it would be written now, and what was approved of it."""

    item: PlanItem
    letter: Letter
    approval: Approval
    state: ApprovalState

    @property
    def digest(self) -> str:
        """What would be sent: the approved bytes where the approval holds, else those of now."""
        if self.state is ApprovalState.HOLDS and self.approval.digest is not None:
            return self.approval.digest
        return self.letter.digest

    @property
    def was_tested(self) -> bool:
        """Whether these very bytes were sent to ourselves."""
        return self.approval.tested == self.digest


class Verdict(StrEnum):
    """What became of one letter that was to be approved."""

    APPROVED = "approved"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """A letter and the verdict over it; `reason` says why it was refused. `letter` is None if it does not render."""

    id: str
    verdict: Verdict
    reason: str = ""
    letter: Rendered | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewedPost:
    """A version of a post and the verdict over it; `reason` says why it was refused."""

    post: Composed
    verdict: Verdict
    reason: str = ""


def review_post(post: Composed, approval: Approval, *, withdraw: bool, alone: bool = False) -> ReviewedPost:
    """Whether the post can be approved as it is now, or its approval withdrawn.

    `alone`: who approved it wrote it last, so that another person may approve the same once more.
    """
    if withdraw:
        return ReviewedPost(post=post, verdict=Verdict.UNCHANGED if approval.digest is None else Verdict.WITHDRAWN)
    if post.later:
        return ReviewedPost(post=post, verdict=Verdict.REFUSED, reason=f"{post.later[0]} is not known yet")
    same = approval.digest == post.digest and not alone
    return ReviewedPost(post=post, verdict=Verdict.UNCHANGED if same else Verdict.APPROVED)


def review(id: str, letter: Rendered | None, *, withdraw: bool, why_not: str = "") -> Reviewed:
    """Whether the letter can be approved, or its approval withdrawn; `why_not` says why it is not made."""
    if letter is None:
        return Reviewed(
            id=id, verdict=Verdict.REFUSED, reason=why_not or "the letter has an error; see `outreach check`"
        )
    if withdraw:
        verdict = Verdict.UNCHANGED if letter.approval.digest is None else Verdict.WITHDRAWN
        return Reviewed(id=id, verdict=verdict, letter=letter)
    if letter.letter.later:
        reason = f"{letter.letter.later[0]} is not known yet"
        return Reviewed(id=id, verdict=Verdict.REFUSED, reason=reason, letter=letter)
    same = letter.state is ApprovalState.HOLDS and letter.approval.digest == letter.letter.digest
    return Reviewed(id=id, verdict=Verdict.UNCHANGED if same else Verdict.APPROVED, letter=letter)


__all__ = ["ApprovalState", "Rendered", "Reviewed", "ReviewedPost", "Verdict", "review", "review_post"]
