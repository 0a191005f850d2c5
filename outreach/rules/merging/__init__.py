"""Templates x contacts -> letters: one personal letter per organisation, and every fault found once."""

from outreach.rules.merging.drafted import Drafted, DraftedByHand, DraftedPost, DraftResult
from outreach.rules.merging.letters import Letter, ManualTask
from outreach.rules.merging.materials import Materials, Thread
from outreach.rules.merging.merger import Merger

__all__ = [
    "DraftResult",
    "Drafted",
    "DraftedByHand",
    "DraftedPost",
    "Letter",
    "ManualTask",
    "Materials",
    "Merger",
    "Thread",
]
