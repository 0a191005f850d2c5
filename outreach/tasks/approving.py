"""`outreach approve`: a person looks at the exact bytes and lets them go out, or takes that back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from outreach.errors import NothingToApprove, UnknownName
from outreach.ledger.blobs import keep
from outreach.letters.approving import Reviewed, ReviewedPost, Verdict, review, review_post
from outreach.letters.mime import Message, content_of, freeze
from outreach.model.campaign import MailAccount
from outreach.model.event import EventKind
from outreach.model.ids import REPLY, LetterId
from outreach.model.member import Role
from outreach.model.past import Approval
from outreach.model.payload import ApprovedPayload
from outreach.model.plan import ItemKind, ItemState, Plan
from outreach.model.post import PostVersion
from outreach.model.recipient import Why
from outreach.model.records import dataclass
from outreach.networks.composing import Composed
from outreach.networks.records import frozen_text
from outreach.planning.gates import facts_of
from outreach.planning.world import World
from outreach.tasks.attachment_versions import remember_versions
from outreach.tasks.letters import rendered
from outreach.tasks.person import needs
from outreach.tasks.posting import composed
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalResult:
    """Every letter and post that was named; `confirmed` is False if the person said no.

    `unfit` are versions that an error forbids, `out` those that are published: what was approved of them now has to be
    brought there by `outreach correct`. `account` is the one that the emails go through.
    """

    letters: tuple[Reviewed, ...]
    account: MailAccount
    posts: tuple[ReviewedPost, ...] = ()
    confirmed: bool = True
    unfit: tuple[str, ...] = ()
    out: tuple[str, ...] = ()

    @property
    def verdicts(self) -> list[Verdict]:
        """What became of each."""
        refused = [Verdict.REFUSED] * len(self.unfit)
        return [*(each.verdict for each in self.letters), *(each.verdict for each in self.posts), *refused]


UNFIT = "it has an error; see `outreach check`"
Confirm = Callable[[ApprovalResult], bool]


def approve(
    root: Path,
    names: Iterable[str],
    *,
    withdraw: bool = False,
    confirm: Confirm = lambda result: True,
    seen: str | None = None,
) -> ApprovalResult:
    """Approve (or `withdraw` the approval of) all letters and posts of the waves, contacts, letters and posts named.

    `seen` says in the events how many of them were opened, where not all were: `seen 5 of 40`.

    `confirm` is shown everything whole and says whether to go on. What cannot be approved is refused
    with its reason, and the others are not held up by it. Raises UnknownName, NothingToApprove,
    CampaignUnreadable, NotAllowed, and what the ledger raises.
    """
    needs(Role.APPROVE)
    with session(root) as opened:
        world, plan = opened.planned()
        posts, others = _split(list(names), world.versions)
        replies = [name for name in others if name.startswith(f"{REPLY}/")]
        others = [name for name in others if name not in replies]
        if replies:
            from outreach.tasks.replying import record_review, review_reply  # which freezes by this module

            of_replies = tuple(review_reply(opened, world, id, withdraw=withdraw) for id in replies)
        result = _reviewed(opened, world, plan, posts, others, withdraw=withdraw)
        if replies:
            result = replace(result, letters=(*of_replies, *result.letters))
        if {Verdict.APPROVED, Verdict.WITHDRAWN} & set(result.verdicts) and not confirm(result):
            return replace(result, confirmed=False)
        _record(opened, root, replace(result, letters=result.letters[len(replies) :]), seen)
        if replies:
            record_review(opened, world, of_replies)
        return result


def reviewed(opened: Session, names: Iterable[str]) -> ApprovalResult:
    """Every letter and post that is named, with whether it can be approved as it is now. Records nothing.

    Raises UnknownName, NothingToApprove, CampaignUnreadable, and what the ledger raises.
    """
    world, plan = opened.planned()
    posts, others = _split(list(names), world.versions)
    return _reviewed(opened, world, plan, posts, others, withdraw=False)


def record_approval(opened: Session, result: ApprovalResult) -> None:
    """Write down that whoever asks approves what can be approved in `result`. Raises what the ledger raises."""
    _record(opened, opened.root, result, None)


def _reviewed(
    opened: Session, world: World, plan: Plan, posts: list[str], others: list[str], *, withdraw: bool
) -> ApprovalResult:
    versions = world.versions
    wanted = _wanted(world, plan, others, [*versions, *(post.id for post in world.posts)])
    rendering = rendered(opened, world, plan, lambda item: item.id in wanted)
    why_not = {each.id: each.reason for each in plan.recipients if each.why is Why.PROBLEM}
    found = composed(opened.loaded, facts_of(world), lambda version: version.id in posts).posts if posts else {}
    if not found and posts and not wanted:
        raise NothingToApprove(posts[0], UNFIT)
    approvals, pasts = world.past.approvals, world.past.posts
    return ApprovalResult(
        account=opened.campaign.accounts.mail,
        letters=tuple(
            review(id, rendering.letters.get(id), withdraw=withdraw, why_not=why_not.get(id, "")) for id in wanted
        ),
        posts=tuple(
            review_post(
                found[id],
                known := approvals.get(id, Approval()),
                withdraw=withdraw,
                alone=world.approves_alone(known.by, versions[id].file),
            )
            for id in posts
            if id in found
        ),
        unfit=tuple(id for id in posts if id not in found),
        out=tuple(
            id
            for id in posts
            if (past := pasts.get((versions[id].post, versions[id].network)))
            and past.published is not None
            and past.parts
        ),
    )


def _split(names: list[str], versions: Mapping[str, PostVersion]) -> tuple[list[str], list[str]]:
    """The ids of the versions of the posts that were named, and the other names."""
    posts = {id: None for name in names for id, version in versions.items() if name in (id, version.post)}
    named = {versions[id].post for id in posts} | set(posts)
    return list(posts), [name for name in names if name not in named]


def freeze_post(root: Path, post: Composed) -> str:
    """Store the records of a post and, each once, its media; its digest.

    Raises LedgerReadOnly, LedgerFull, LedgerUnreadable.
    """
    for medium in post.blobs:
        keep(root, medium.content)
    return keep(root, frozen_text(post.records).encode())


def freeze_letter(root: Path, message: Message) -> str:
    """Store the bytes of a letter and, each once, its attachments; the letter's digest.

    Raises LedgerReadOnly, LedgerFull, LedgerUnreadable.
    """
    for attachment in message.attachments:
        keep(root, content_of(attachment))
    return keep(root, freeze(message))


def _wanted(world: World, plan: Plan, names: list[str], posts: list[str]) -> list[str]:
    """The ids of the open letters that were named, in the plan's order."""
    wanted: dict[str, None] = {}
    for name in names:
        for id in _named(world, plan, name, posts):
            wanted.setdefault(id)
    return [item.id for item in plan.items if item.id in wanted]


def _named(world: World, plan: Plan, name: str, posts: list[str]) -> list[str]:
    known = [wave.id for wave in world.campaign.waves] + [contact.id for contact in world.contacts]
    letters = [item for item in plan.items if item.kind is ItemKind.LETTER]
    ids = [item.id for item in letters]
    others = [each.id for each in plan.recipients if each.id not in ids]  # pasted by hand, or left out
    if name not in known and name not in ids and name not in others:
        raise UnknownName("wave, post, contact or letter", name, nearest(name, [*known, *posts, *ids]), known)
    found = [item for item in letters if name in (item.wave, item.contact, item.id)]
    still = [item.id for item in found if item.state not in (ItemState.DONE, ItemState.IN_DOUBT)]
    if not still:
        raise NothingToApprove(name, _why_nothing(plan, name, any_left=bool(found)))
    return still


def _why_nothing(plan: Plan, name: str, *, any_left: bool) -> str:
    if any_left:
        return "its emails were sent, or may have been"
    named = [each for each in plan.recipients if name in (each.wave.id, each.contact.id, each.id)]
    if any(each.by_hand and each.is_made for each in named):
        return "its texts are pasted by hand"
    reasons = (each.reason for each in named if not each.is_made and each.sent is None)
    return next(filter(None, reasons), "no wave writes to it")


_KINDS = {Verdict.APPROVED: EventKind.APPROVED, Verdict.WITHDRAWN: EventKind.WITHDRAWN}


def _record(opened: Session, root: Path, result: ApprovalResult, seen: str | None) -> None:
    """Freeze first, then say so: an approval whose bytes are not there would be none."""
    events = []
    for reviewed in result.letters:
        if reviewed.letter is not None and reviewed.verdict in _KINDS:
            made = reviewed.letter.letter
            digest = freeze_letter(root, made.message) if reviewed.verdict is Verdict.APPROVED else None
            payload, letter = ApprovedPayload(digest=digest), LetterId.parse(made.id)
            events.append(opened.event(_KINDS[reviewed.verdict], payload, letter=letter, text=seen))
    for each in result.posts:
        if each.verdict in _KINDS:
            version = each.post.version
            digest = freeze_post(root, each.post) if each.verdict is Verdict.APPROVED else None
            payload = ApprovedPayload(digest=digest)
            events.append(opened.event(_KINDS[each.verdict], payload, post=version.post, network=version.network))
    opened.ledger.append_all(events)
    if events:
        remember_versions(opened)
