"""`outreach approve POST`: a person looks at the parts of a post and lets exactly these go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.ledger.blobs import keep
from outreach.model.event import EventKind
from outreach.rules.approving import Verdict
from outreach.rules.publishing.drafting import EditionDraft
from outreach.tasks.campaign import load
from outreach.tasks.publishing.editions import Editions
from outreach.tasks.world import Session, session


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedPost:
    """An edition and the verdict over it; `reason` says why it was refused. `draft` is None where it cannot be made."""

    id: str
    verdict: Verdict
    reason: str = ""
    draft: EditionDraft | None = None


ConfirmPosts = Callable[[Sequence[JudgedPost]], bool]


def posts_among(root: Path, names: Iterable[str]) -> list[str]:
    """Those names that are posts, or editions of one (`POST/NETWORK`), and no wave or contact. Makes no ledger."""
    stems = {path.name.partition(".")[0] for path in (root / "posts").glob("*.md")}
    likely = [name for name in names if name.partition("/")[0] in stems]
    if not likely:
        return []
    folder = load(root).folder
    waves = {wave.id for wave in folder.campaign.waves} if folder.campaign else set()
    others = waves | {contact.id for contact in folder.contacts}
    known = {post.id for post in folder.posts} | {edition.id for post in folder.posts for edition in post.editions}
    return [name for name in likely if name in known - others]


def approve_posts(
    root: Path, names: Iterable[str], *, withdraw: bool = False, confirm: ConfirmPosts = lambda posts: True
) -> list[JudgedPost]:
    """Approve, or `withdraw` the approval of, the named posts on networks that take them from us.

    `confirm` is shown every part and says whether to go on; where it does not, the list is empty. Raises
    CampaignUnreadable, and what the ledger raises.
    """
    with session(root) as opened:
        world = opened.world()
        editions = Editions(opened, world)
        wanted = set(names)
        judged = []
        for edition in editions.all.values():
            if edition.network.is_manual or not wanted & {edition.post, edition.id}:
                continue
            approval = world.past.approvals.get(edition.id)
            approved = approval.digest if approval else None
            judged.append(_judge(edition.id, editions.draft(edition), approved, withdraw=withdraw))
        if not confirm(judged):
            return []
        for each in judged:
            _record(opened, each)
        return judged


def _judge(id: str, draft: EditionDraft | None, approved: str | None, *, withdraw: bool) -> JudgedPost:
    if draft is None:
        return JudgedPost(id=id, verdict=Verdict.REFUSED, reason="it cannot be made; see `outreach check`")
    if withdraw:
        return JudgedPost(id=id, verdict=Verdict.WITHDRAWN if approved else Verdict.UNCHANGED, draft=draft)
    if draft.later:
        return JudgedPost(id=id, verdict=Verdict.REFUSED, reason=f"{draft.later[0]} is not known yet", draft=draft)
    return JudgedPost(id=id, verdict=Verdict.UNCHANGED if approved == draft.digest else Verdict.APPROVED, draft=draft)


def _record(opened: Session, judged: JudgedPost) -> None:
    """Freeze first, then say so."""
    kinds = {Verdict.APPROVED: EventKind.APPROVED, Verdict.WITHDRAWN: EventKind.WITHDRAWN}
    if judged.draft is None or judged.verdict not in kinds:
        return
    edition = judged.draft.edition
    digest = keep(opened.root, judged.draft.frozen) if judged.verdict is Verdict.APPROVED else None
    opened.record(kinds[judged.verdict], post=edition.post, network=str(edition.network), value=digest)
