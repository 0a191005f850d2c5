"""`outreach approve`: a person looks at the exact bytes and lets them go out, or takes that back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import NothingToApprove, UnknownName
from outreach.ledger.blobs import keep
from outreach.model.event import Event, EventKind
from outreach.model.plan import ItemKind, ItemState, Plan
from outreach.rules.approving import Judged, Verdict, judge
from outreach.rules.mime import Message, content_of, freeze
from outreach.rules.planning.world import World
from outreach.rules.suggestions import nearest
from outreach.tasks.letters import rendered
from outreach.tasks.world import Session, session


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalResult:
    """Every letter that was named, in the plan's order; `confirmed` is False where the person said no."""

    letters: tuple[Judged, ...]
    confirmed: bool = True


Confirm = Callable[[Sequence[Judged]], bool]


def approve(
    root: Path, names: Iterable[str], *, withdraw: bool = False, confirm: Confirm = lambda letters: True
) -> ApprovalResult:
    """Approve (or `withdraw` the approval of) all letters of the waves, contacts and letters named.

    `confirm` is shown every letter whole and says whether to go on. What cannot be approved is refused
    with its reason, and the others are not held up by it. Raises UnknownName, NothingToApprove,
    CampaignUnreadable, and what the ledger raises.
    """
    with session(root) as opened:
        world, plan = opened.planned()
        wanted = _wanted(world, plan, list(names))
        rendering = rendered(opened, world, plan, lambda item: item.id in wanted)
        judged = [judge(id, rendering.letters.get(id), withdraw=withdraw) for id in wanted]
        if any(each.verdict in (Verdict.APPROVED, Verdict.WITHDRAWN) for each in judged) and not confirm(judged):
            return ApprovalResult(letters=tuple(judged), confirmed=False)
        _record(opened, root, judged)
        return ApprovalResult(letters=tuple(judged))


def freeze_letter(root: Path, message: Message) -> str:
    """Store the bytes of a letter and, each once, its attachments; the letter's digest.

    Raises LedgerReadOnly, LedgerFull, LedgerUnreadable.
    """
    for attachment in message.attachments:
        keep(root, content_of(attachment))
    return keep(root, freeze(message))


def _wanted(world: World, plan: Plan, names: list[str]) -> list[str]:
    """The ids of the open letters that were named, in the plan's order."""
    wanted: dict[str, None] = {}
    for name in names:
        for id in _named(world, plan, name):
            wanted.setdefault(id)
    return [item.id for item in plan.items if item.id in wanted]


def _named(world: World, plan: Plan, name: str) -> list[str]:
    known = [wave.id for wave in world.campaign.waves] + [contact.id for contact in world.contacts]
    letters = [item for item in plan.items if item.kind is ItemKind.LETTER]
    ids = [item.id for item in letters]
    if name not in known and name not in ids:
        raise UnknownName("wave, contact or letter", name, nearest(name, [*known, *ids]), known)
    found = [item for item in letters if name in (item.wave, item.contact, item.id)]
    still = [item.id for item in found if item.state not in (ItemState.DONE, ItemState.IN_DOUBT)]
    if not still:
        raise NothingToApprove(name, _why_nothing(plan, name, any_left=bool(found)))
    return still


def _why_nothing(plan: Plan, name: str, *, any_left: bool) -> str:
    if any_left:
        return "its letters have left, or may have"
    by_hand = any(name in (item.wave, item.contact, item.id) and item.step is not None for item in plan.items)
    left_out = next((out.reason for out in plan.left_out if name in (out.wave, out.contact)), None)
    return "its texts are pasted by hand" if by_hand else left_out or "no wave writes to it"


def _record(opened: Session, root: Path, judged: Iterable[Judged]) -> None:
    """Freeze first, then say so: an approval whose bytes are not there would be none."""
    kinds = {Verdict.APPROVED: EventKind.APPROVED, Verdict.WITHDRAWN: EventKind.WITHDRAWN}
    events = []
    for each in judged:
        if each.letter is None or each.verdict not in kinds:
            continue
        letter = each.letter.letter
        approved = each.verdict is Verdict.APPROVED
        events.append(
            Event(
                kind=kinds[each.verdict],
                at=opened.now,
                recorded=opened.now,
                by=opened.by,
                wave=letter.wave,
                contact=letter.contact,
                step=letter.step,
                value=freeze_letter(root, letter.message) if approved else None,
            )
        )
    opened.ledger.append_all(events)
