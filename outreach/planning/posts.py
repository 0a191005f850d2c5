"""Posts: when each version goes out, what holds it, and what a person does where no program can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from outreach.model.past import PostPast
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.post import Post, PostVersion
from outreach.model.recipient import Why
from outreach.model.records import dataclass
from outreach.networks.registry import network_of
from outreach.planning.gates import Gate, version_gate
from outreach.planning.law import political_hold
from outreach.planning.moments_of_posts import Moment, first_publications, moment_of
from outreach.planning.world import World
from outreach.words.wall_time import zone


@dataclass(frozen=True, kw_only=True, slots=True)
class _Verdict:
    """What became of a version's item, before what is the same for all of them is added."""

    state: ItemState
    reason: str
    due: datetime | None = None
    since: datetime | None = None
    why: Why | None = None


def plan_posts(world: World, gate: Gate) -> list[PlanItem]:
    """One item per version of every post, in the order of the files.

    A pause outranks everything but that it was, or may have been, published; a fault of the files and a moment that has
    passed outrank a gate, which outranks a moment that is ahead.
    """
    published = first_publications(world.past)
    return [
        _item(version, _verdict(world, post, version, gate, published), world)
        for post in world.posts
        for version in post.versions
    ]


def _item(version: PostVersion, verdict: _Verdict, world: World) -> PlanItem:
    own = version.window.timezone if version.window else None
    return PlanItem(
        id=version.id,
        kind=ItemKind.POST,
        state=verdict.state,
        zone=world.campaign.timezone,
        due=verdict.due,
        reason=verdict.reason,
        since=verdict.since,
        why=verdict.why,
        post=version.post,
        network=version.network,
        changed=version.id in world.changed,
        recipient_zone=own if own != world.campaign.timezone else None,
    )


def _verdict(world: World, post: Post, version: PostVersion, gate: Gate, published: Mapping[str, datetime]) -> _Verdict:
    past = world.past.posts.get((version.post, version.network))
    if past is not None and past.published is not None and not (past.gap or past.doubt):
        reason = past.url or "published"
        if what := world.changed.get(version.id):
            reason = f"{reason}; {what} since it was published: run `outreach correct {version.id}`"
        return _Verdict(state=ItemState.DONE, reason=reason, due=past.published)
    moment = moment_of(version, world, published)
    if past is not None and past.doubt:  # no pause undoes what may have happened
        return _in_doubt(past, moment)
    pause = next((hold for hold in world.past.holds if hold.target in ("*", f"post:{version.post}")), None)
    if pause is not None:
        reason = f"paused: {pause.because}"
        return _Verdict(state=ItemState.HELD, why=Why.PAUSED, reason=reason, due=moment.due, since=pause.since)
    if past is not None and (begun := _begun(past, world.refused.get(version.id, ""))):
        return replace(begun, due=begun.due or moment.due)
    faulty = moment.fault or _fault(version, world)
    if moment.missed and not faulty:
        return _Verdict(state=ItemState.MISSED, reason=moment.missed, due=moment.due)
    held = faulty or "; ".join(_held(post, version, moment, gate, world))
    if held:
        return _Verdict(state=ItemState.HELD, reason=held, due=moment.due)
    state = ItemState.DUE if moment.open else ItemState.WAITING
    return _Verdict(state=state, reason=_what_to_do(post, version, moment), due=moment.due)


def _in_doubt(past: PostPast, moment: Moment) -> _Verdict:
    """Of a version of which nobody knows whether all of it is out."""
    reason = f"{_numbered(past.doubt)} may be out; `outreach publish {past.post} --go` asks the network"
    return _Verdict(state=ItemState.IN_DOUBT, reason=reason, due=past.published or moment.due)


def _begun(past: PostPast, refused: str) -> _Verdict | None:
    """Of a version that was tried: what is missing, or refused as it still is."""
    again = f"`outreach publish {past.post} --go`"
    broke = f"the thread broke: {_numbered(past.gap)} of {past.of} missing; " if past.gap else ""
    if refused:
        how = f"change it, or `outreach publish {past.post}/{past.network} --go --again` tries it as it is"
        reason = f"{broke}{past.network} refused it ({refused}); {how}"
        return _Verdict(state=ItemState.HELD, reason=reason, due=past.published)
    if broke:
        reason = f"{broke}{again} completes it"
        return _Verdict(state=ItemState.DUE, reason=reason, due=past.published)
    if past.retracted is not None and past.published is None:
        return _Verdict(state=ItemState.HELD, reason=f"taken down; {again[:-1]} --again` publishes it again")
    return None


def _numbered(parts: Iterable[int]) -> str:
    numbers = sorted(parts)
    return f"part{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _fault(version: PostVersion, world: World) -> str:
    """That the files have an error, which says itself where it is."""
    if {f"post:{version.post}", "campaign"}.isdisjoint(world.blocked):
        return ""
    return f"{version.file} has an error that has to be fixed first: outreach check"


def _held(post: Post, version: PostVersion, moment: Moment, gate: Gate, world: World) -> Iterator[str]:
    """Everything that has to happen first."""
    if by_law := political_hold(world.campaign, world.now.astimezone(zone(world.campaign.timezone)).date()):
        yield by_law
    if moment.waits_for:
        yield moment.waits_for
    if version.needs is not None:
        answer = gate(version.needs, version_gate(post, version))
        if not answer.holds:
            yield answer.reason


def _what_to_do(post: Post, version: PostVersion, moment: Moment) -> str:
    """When it goes out, by whose hand, and what was decided about its time."""
    when = "its time has come" if moment.open else moment.until
    if not network_of(version.network).is_manual:
        return "; ".join(filter(None, [when, moment.remark]))
    name = version.id if len(post.versions) > 1 else version.post
    noted = f"then: outreach log {name} posted --url ..."
    by_hand = f"{_paste(version)}, {noted}"
    return "; ".join(filter(None, [None if moment.open else when, moment.remark, by_hand]))


def _paste(version: PostVersion) -> str:
    return f"{network_of(version.network).submit_by} {submit_page(version)}"


def submit_page(version: PostVersion) -> str:
    """Where a person publishes it: a page, or a mailing list."""
    return network_of(version.network).submit(version.community or "")
