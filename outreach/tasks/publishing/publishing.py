"""The run: plan; then lock each account, settle unfinished attempts, and publish one version after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from outreach.connections.http_service import Limits
from outreach.errors import AccountBusy, ChannelError, NotSent, UnknownName
from outreach.ledger.attempts import Attempt
from outreach.ledger.receipts import hand_on
from outreach.model.action import Action, ActionResult
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.post import PostVersion
from outreach.networks.drafting import VersionDraft
from outreach.networks.registry import network_of, published
from outreach.planning.world import World
from outreach.publishing.publisher import Publisher
from outreach.tasks.adapters import publisher_for
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.delivery import alone
from outreach.tasks.erasing.following import follow_others, unnamed
from outreach.tasks.interruption import Interruption
from outreach.tasks.other_clones import OtherClones, ask_other_clones
from outreach.tasks.publishing.delivery import PostDelivery
from outreach.tasks.publishing.orders import ByHand, PublishOrder, PublishResult
from outreach.tasks.versions import PostVersions, account_of
from outreach.tasks.world import LastPlan, Session, refuse_unrecorded, session
from outreach.words.suggestions import nearest


class _Plan:
    """The versions that were asked for, and what would become of each."""

    def __init__(self, opened: Session, order: PublishOrder) -> None:
        self.world, plan = opened.planned()
        refuse_unrecorded(self.world)
        self.versions = PostVersions(opened.root, opened.loaded, opened.ledger, self.world)
        self.drafts: dict[str, VersionDraft] = {}
        self.by_hand: list[ByHand] = []
        names = [post.id for post in self.world.posts]
        if order.post is not None and order.post not in (*names, *self.versions.all):
            raise UnknownName("post", order.post, nearest(order.post, names), names)
        items = [item for item in plan.items if item.kind is ItemKind.POST]
        asked = [item for item in items if order.post in (None, item.post, item.id)]
        wanted = [item for item in asked if order.only is None or item.id in order.only]
        self.actions = {item.id: self._action(item, order) for item in wanted}

    def planned(self, network: str) -> list[VersionDraft]:
        """The versions that would go out on a network, in the plan's order."""
        return [
            self.drafts[id]
            for id, action in self.actions.items()
            if action.result is ActionResult.PLANNED and self.versions.all[id].network == network
        ]

    def goes_on(self, attempt: Attempt) -> bool:
        """Whether this run asks again for what a try was about: it is named, not paused, and approved."""
        id = str(attempt.claim.part.version) if attempt.claim.part else ""
        version = self.versions.all.get(id) if id in self.actions else None
        if version is None or any(hold.target in ("*", f"post:{version.post}") for hold in self.world.past.holds):
            return False
        return not self.versions.why_not(version, self.versions.draft(version))

    def _action(self, item: PlanItem, order: PublishOrder) -> Action:
        version = self.versions.all[item.id]
        action = Action(id=item.id, kind="post", result=ActionResult.HELD, reason=item.reason, due=item.due)
        if item.state is ItemState.DONE:
            past = self.world.past.posts.get((version.post, version.network))
            return replace(action, result=ActionResult.DONE, receipt=(past and past.url) or "published")
        if item.state is ItemState.IN_DOUBT:
            return replace(action, result=ActionResult.UNKNOWN)
        if item.state is ItemState.MISSED and not order.late:
            return replace(action, result=ActionResult.MISSED)
        if item.id in self.world.refused and not order.again:
            return replace(action, result=ActionResult.FAILED)
        again = order.again and (item.id in self.world.refused or self._was_taken_down(version))
        if not again and item.state not in (ItemState.DUE, ItemState.MISSED):
            return action
        if network_of(version.network).is_manual:
            self.by_hand.append(ByHand(version=version, text=self.versions.text(version)))
            return action
        action = self._may_go(version, action)
        if (
            order.only is not None
            and version.id in self.drafts
            and self.drafts[version.id].digest != order.only[item.id]
        ):
            del self.drafts[version.id]
            return replace(action, result=ActionResult.HELD, reason="it is not the post that you saw")
        return action

    def _may_go(self, version: PostVersion, action: Action) -> Action:
        if account_of(self.world, version.network) is None:
            return replace(action, reason=f"campaign.yaml names no account on {version.network}")
        draft = self.versions.draft(version)
        why_not = self.versions.why_not(version, draft)
        if why_not or draft is None:
            return replace(action, reason=why_not)
        self.drafts[version.id] = draft
        return replace(action, result=ActionResult.PLANNED)

    def _was_taken_down(self, version: PostVersion) -> bool:
        past = self.world.past.posts.get((version.post, str(version.network)))
        return past is not None and past.retracted is not None


def publish(
    root: Path,
    order: PublishOrder,
    *,
    limits: Limits | None = None,
    loaded: Loaded | None = None,
    interruption: Interruption | None = None,
    last: LastPlan | None = None,
) -> PublishResult:
    """Publish what is approved, due and allowed, if the order says `go`; else say what would be published.

    One account's trouble does not stop the other. `loaded` are the campaign's files where they were read just now,
    and `last` the plan that was made of them. Whoever asks for an `interruption` gets it after the post in hand.
    Raises UnknownName, LeftElsewhere, CampaignUnreadable, and what the ledger raises.
    """
    if followed := follow_others(root) if order.go else []:
        loaded = None
    with session(root, loaded, last) as opened:
        # A post that another computer published is also found on its network, so a remote out of reach holds nothing.
        others = ask_other_clones(opened) if order.go else OtherClones()
        note, fresh = others.note, replace(opened, loaded=load(root)) if others.erased else opened
        plan = _Plan(fresh, order)
        before = {id for id, each in plan.actions.items() if each.result is ActionResult.DONE}
        if order.go:
            for network in published():
                if order.network not in (None, network.name):
                    continue
                _through(opened, order, plan, network.name, limits, interruption or Interruption())
            hand_on(opened.ledger, root)
        return PublishResult(
            campaign=opened.campaign,
            actions=tuple(plan.actions.values()),
            now=now(),
            acted=order.go,
            by_hand=tuple(plan.by_hand),
            before=frozenset(before),
            named=order.post is not None,
            note=unnamed(followed) or note,
        )


def _through(
    opened: Session, order: PublishOrder, plan: _Plan, network: str, limits: Limits | None, stop: Interruption
) -> None:
    """Everything of one network; its trouble is written into the actions of its versions."""
    unknown = [id for id, each in plan.actions.items() if each.result is ActionResult.UNKNOWN]
    if not plan.planned(network) and not any(plan.versions.all[id].network == network for id in unknown):
        return
    try:
        with account_alone(opened, plan.world, network, limits) as publisher:
            delivery = PostDelivery(opened, publisher, network, now, beside=order.post if order.again else None)
            delivery.recover(plan.goes_on)
            fresh = _Plan(replace(opened, now=now()), order)
            plan.actions |= {id: each for id, each in fresh.actions.items() if _is_on(fresh, id, network)}
            for id in delivery.doubts.keys() & plan.actions.keys():
                plan.actions[id] = replace(plan.actions[id], reason=delivery.doubts[id])
            delivery.follow(fresh.world)
            for draft in fresh.planned(network):
                if stop.asked:
                    return
                plan.actions[draft.version.id] = delivery.publish(draft, again=order.again)
    except (ChannelError, AccountBusy) as trouble:
        for id, action in plan.actions.items():
            if not _is_on(plan, id, network):
                continue
            reason = trouble.in_full.rstrip(".")
            if action.result is ActionResult.PLANNED:
                plan.actions[id] = replace(action, result=ActionResult.FAILED, reason=reason)
            elif action.result is ActionResult.UNKNOWN:  # as it was: nobody was asked
                plan.actions[id] = replace(action, reason=f"{reason}; {action.reason}")


def _is_on(plan: _Plan, id: str, network: str) -> bool:
    return plan.versions.all[id].network == network


@contextmanager
def account_alone(opened: Session, world: World, network: str, limits: Limits | None = None) -> Iterator[Publisher]:
    """The account on a network, for one process at a time. Raises AccountBusy, NotSent, SecretsUnusable."""
    account = account_of(world, network)
    if account is None:
        hint = f"Add it under `accounts`, then: outreach login {network}"
        raise NotSent(f"campaign.yaml has no account on {network}.", hint=hint, stops_run=True)
    publisher = publisher_for(network, account, opened.root, limits=limits, loopback_only=is_rehearsal())
    with alone(opened.ledger, publisher, network):
        yield publisher
