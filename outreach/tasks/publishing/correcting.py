"""`outreach correct` and `outreach retract`: what can still be done about a post that is out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach.channels.http_service import Limits
from outreach.channels.publisher import Publisher
from outreach.errors import CannotTell, UnknownName
from outreach.model.event import EventKind
from outreach.model.past import PostPast
from outreach.model.post import Edition, Network
from outreach.model.publication import Publication, Published, ReadyPart
from outreach.rules.planning.world import World
from outreach.rules.publishing.drafting import EditionDraft
from outreach.rules.suggestions import nearest
from outreach.tasks.clock import now
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.publishing.editions import Editions
from outreach.tasks.publishing.publishing import account_alone
from outreach.tasks.world import Session, session


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What was, or would be, done about one edition: the parts that change, and how."""

    id: str
    how: str
    parts: tuple[int, ...] = ()
    done: bool = False


EDITED, REPLY_OR_REPOST, SAME = "edited in place", "not edited: its readers would not see it", "nothing changed"


def correct(root: Path, name: str, *, go: bool, limits: Limits | None = None) -> list[Correction]:
    """Bring what is out in line with the files, where a network shows edits; else say what a person can choose.

    Raises UnknownName, CannotTell where the post is not out, NotSent, InDoubt, AccountBusy, CampaignUnreadable.
    """
    with session(root) as opened:
        world = opened.world()
        editions = Editions(opened, world)
        found = []
        for edition, past in _out(world, name):
            draft = editions.draft(edition)
            why_not = editions.why_not(edition, draft)
            if draft is None or why_not:
                raise CannotTell(f"{edition.id} is not corrected: {why_not}", "Mend that first.")
            found.append(_correct(opened, world, draft, past, go=go, limits=limits))
        return found


def _correct(
    opened: Session, world: World, draft: EditionDraft, past: PostPast, *, go: bool, limits: Limits | None
) -> Correction:
    edition = draft.edition
    if len(draft.parts) != past.of:
        reason = f"{edition.id} has {past.of} parts out and {len(draft.parts)} in its file"
        raise CannotTell(reason, "Take it down with `outreach retract`, and publish it --again.")
    if edition.network is not Network.MASTODON:
        return Correction(id=edition.id, how=REPLY_OR_REPOST)
    if not go:
        return Correction(id=edition.id, how=EDITED, parts=tuple(part.number for part in draft.parts))
    out = PostBook(opened, now).out(edition.post, edition.network)
    with account_alone(opened, world, edition.network, limits) as (publisher, account):
        publisher.open()
        publication = Publication(
            campaign=world.campaign.id,
            post=edition.post,
            network=edition.network,
            account=account,
            revision=past.revision,
            at=now(),
            parts=draft.parts,
        )
        for part in publisher.ready(publication):
            _edit(opened, publisher, edition, part, out[part.number])
    return Correction(id=edition.id, how=EDITED, parts=tuple(out), done=True)


def _edit(opened: Session, publisher: Publisher, edition: Edition, part: ReadyPart, out: Published) -> None:
    publisher.edit(out, part)
    opened.record(EventKind.CORRECTED, post=edition.post, network=str(edition.network), text=part.text)


def retract(root: Path, name: str, *, go: bool, limits: Limits | None = None) -> list[Correction]:
    """Take a post down, its last part first. Raises as `correct`; what is gone already is no error."""
    with session(root) as opened:
        world = opened.world()
        found = []
        for edition, past in _out(world, name):
            parts = tuple(sorted(past.parts, reverse=True))
            if edition.network.is_manual or not parts:
                found.append(Correction(id=edition.id, how="by hand: delete it there"))
                continue
            if go:
                out = PostBook(opened, now).out(edition.post, edition.network)
                with account_alone(opened, world, edition.network, limits) as (publisher, _):
                    publisher.open()
                    for number in parts:
                        publisher.remove(out[number])
                opened.record(EventKind.RETRACTED, post=edition.post, network=str(edition.network))
            found.append(Correction(id=edition.id, how="taken down", parts=parts, done=go))
        return found


def _out(world: World, name: str) -> list[tuple[Edition, PostPast]]:
    """The editions that were named and are out."""
    editions = [edition for post in world.posts for edition in post.editions]
    named = [edition for edition in editions if name in (edition.post, edition.id)]
    if not named:
        names = [post.id for post in world.posts]
        raise UnknownName("post", name, nearest(name, names), names)
    pasts = [(edition, world.past.posts.get((edition.post, str(edition.network)))) for edition in named]
    out = [(edition, past) for edition, past in pasts if past is not None and past.published is not None]
    if not out:
        raise CannotTell(f"{name} is not published", "See `outreach agenda`.")
    return out
