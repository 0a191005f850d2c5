"""`outreach correct` and `outreach unpublish`: what can still be done about a post that is out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from outreach.connections.http_service import Limits
from outreach.errors import AccountBusy, CannotTell, ChannelError, InDoubt, NotSent, UnknownName
from outreach.ledger.blobs import keep
from outreach.ledger.receipts import hand_on
from outreach.model.action import Action, ActionResult
from outreach.model.event import EventKind
from outreach.model.ids import VersionId
from outreach.model.member import Role
from outreach.model.past import PostPast
from outreach.model.payload import CorrectedPayload, PartPlace
from outreach.model.post import PostVersion
from outreach.model.publication import Part, Publication, Published, ReadyPart
from outreach.model.records import dataclass
from outreach.networks.corrections import (
    Piece,
    corrected_pieces,
    correction_id,
    correction_of,
    correction_word,
    is_correction_of,
    pieces_of,
    with_corrections,
)
from outreach.networks.drafting import VersionDraft
from outreach.networks.freezing import freeze_part
from outreach.networks.measuring import measure
from outreach.networks.registry import network_of
from outreach.planning.world import World
from outreach.publishing.publisher import Publisher
from outreach.tasks.clock import now
from outreach.tasks.person import needs
from outreach.tasks.publishing.book import PostBook, differing
from outreach.tasks.publishing.changed import changed_since
from outreach.tasks.publishing.delivery import PostDelivery
from outreach.tasks.publishing.orders import PublishOrder
from outreach.tasks.publishing.publishing import account_alone, publish
from outreach.tasks.versions import PostVersions
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What was, or would be, done about one version: the parts that change, and how."""

    id: str
    how: str
    parts: tuple[int, ...] = ()
    done: bool = False
    text: str = ""
    """What a person has to bring there by hand."""


EDITED, REPLIED, REPOSTED, SAME = (
    "edited in place",
    "corrected by a reply",
    "taken down and posted again",
    "the same as its file",
)
MOST_REPLIES = 3
"""One is enough, unless an earlier one landed late and says what the file said then."""


def correct(root: Path, name: str, *, go: bool, repost: bool = False, limits: Limits | None = None) -> list[Correction]:
    """Bring what is out in line with the files: edited where readers see edits, else by a reply that corrects it.

    `repost` takes it down and publishes it again, as a new revision. Raises UnknownName, CannotTell if the post is
    not out, NotSent, InDoubt, AccountBusy, CampaignUnreadable, NotAllowed.
    """
    if go:
        needs(Role.SEND)
    with session(root) as opened:
        world = opened.world()
        changed = changed_since(opened, world)
        versions = PostVersions(opened.root, opened.loaded, opened.ledger, world)
        found, wanted = [], []
        for version, past in _out(world, name):
            if network_of(version.network).is_manual or not past.parts:  # a person published it, or said where it is
                found.append(_by_hand(version, past, versions.text(version), changed=version.id in changed))
                continue
            draft = versions.draft(version)
            why_not = versions.why_not(version, draft)
            if draft is None or why_not:
                raise CannotTell(f"{version.id} is not corrected: {why_not}", "Fix that first.")
            wanted.append(_Wanted(opened, world, draft, past, limits))
        for each in wanted:
            if repost:
                found.append(Correction(id=each.draft.version.id, how=REPOSTED, parts=tuple(sorted(each.past.parts))))
            elif len(wanted) == 1:
                found.append(_correct(each, go=go))
            else:
                found.append(_correct_or_say(each, go=go))
    if repost and go:
        return [_reposted(root, each, limits) if each.parts else each for each in found]
    return found


def _by_hand(version: PostVersion, past: PostPast, text: str, *, changed: bool) -> Correction:
    """What a person has to do who published it."""
    if not changed:
        return Correction(id=version.id, how=SAME)
    how = f"by hand: change it at {past.url}, then `outreach log {version.id} posted --url {past.url}`"
    return Correction(id=version.id, how=how, text=text)


def _reposted(root: Path, planned: Correction, limits: Limits | None) -> Correction:
    retract(root, planned.id, go=True, limits=limits)
    order = PublishOrder(post=planned.id, go=True, again=True)
    (action,) = publish(root, order, limits=limits).actions
    done = action.result is ActionResult.DONE
    return replace(planned, done=done, how=planned.how if done else f"taken down, and not out again: {action.reason}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A version that is out and what its file says now."""

    opened: Session
    world: World
    draft: VersionDraft
    past: PostPast
    limits: Limits | None


def _correct_or_say(each: _Wanted, *, go: bool) -> Correction:
    """The trouble of one network does not stop the other."""
    try:
        return _correct(each, go=go)
    except (ChannelError, AccountBusy, CannotTell) as trouble:
        how, parts = f"not corrected: {trouble.in_full}", tuple(sorted(each.past.parts))
        return Correction(id=each.draft.version.id, how=how, parts=parts)


def _correct(each: _Wanted, *, go: bool) -> Correction:
    version, past, draft = each.draft.version, each.past, each.draft
    if len(draft.parts) != past.of:
        reason = f"{version.id} was published in {past.of} parts, and its file has {len(draft.parts)}"
        raise CannotTell(reason, f"Post it again: outreach correct {version.id} --repost")
    book = PostBook(each.opened)
    said = book.said(version.version_id, past.revision)
    how = EDITED if network_of(version.network).edits else REPLIED
    frozen = book.frozen(version.version_id, past.revision)
    out = book.out(version.version_id)
    there = [part for part in draft.parts if part.number in out]  # what is missing goes out as its file says
    if elsewhere := [part for part in there if part.number not in frozen]:
        seen = _as_readers_see(each, elsewhere, out)
        frozen, said = frozen | seen, said | {number: part.text for number, part in seen.items()}
    numbers = differing(draft.parts, frozen, said, edits=how is EDITED)
    changed = [part for part in there if part.number in numbers]
    numbers = [part.number for part in changed]
    if not changed:
        return Correction(id=version.id, how=SAME)
    replies = _replies(each, changed, said, frozen) if how is REPLIED else []
    if not go:
        return Correction(id=version.id, how=how, parts=tuple(numbers))
    with account_alone(each.opened, each.world, version.network, each.limits) as publisher:
        publisher.open()
        if how is EDITED:
            troubles = _edit(each, publisher, numbers, out)
            how = f"edited in place, but for {'; '.join(troubles)}" if troubles else EDITED
            return Correction(id=version.id, how=how, parts=tuple(numbers), done=not troubles)
        for reply in replies:
            for _ in range(MOST_REPLIES):
                action, is_said = _reply(each, publisher, reply, out)
                if action.result is not ActionResult.DONE:
                    return Correction(id=version.id, how=f"not corrected: {action.reason}", parts=tuple(numbers))
                if is_said:
                    break
    return Correction(id=version.id, how=REPLIED, parts=tuple(numbers), done=True)


def _as_readers_see(each: _Wanted, parts: list[Part], out: Mapping[int, Published]) -> dict[int, ReadyPart]:
    """Parts that this ledger never asked for, as the network has them; what a correction of ours says counts as seen.

    Raises as `account_alone`.
    """
    version, book = each.draft.version, PostBook(each.opened)
    replies = _corrections(each.opened.ledger.past().posts.values(), version)
    with account_alone(each.opened, each.world, version.network, each.limits) as publisher:
        publisher.open()
        ready = {part.number: part for part in publisher.ready(_publication(each, publisher), out)}
        first = next(iter(ready.values()))
        said = {
            piece
            for reply in replies
            for published in book.out(reply.version_id).values()
            for piece in corrected_pieces(publisher.shown(published, first).text, _language(each))
        }
        seen = {part.number: publisher.shown(out[part.number], ready[part.number]) for part in parts}
    return {part.number: with_corrections(seen[part.number], part, said, _language(each)) for part in parts}


@dataclass(frozen=True, slots=True)
class _Reply:
    """One reply, and the parts that it corrects; `then` is a part as it was published, where that is known here."""

    parts: list[Part]
    pieces: list[Piece]
    then: Mapping[int, ReadyPart]


def _replies(
    each: _Wanted, changed: list[Part], said: Mapping[int, str], frozen: Mapping[int, ReadyPart]
) -> list[_Reply]:
    """As few replies as say it all. Raises CannotTell if one says too much."""
    version, language = each.draft.version, _language(each)
    hint = f"Post it again: outreach correct {version.id} --repost"
    replies: list[_Reply] = []
    for part in changed:
        pieces = pieces_of(part, frozen.get(part.number), said[part.number], language)
        if not pieces:
            raise CannotTell(f"The change in part {part.number} of {version.id} does not fit a reply", hint)
        if not _fits(version, pieces, language):
            raise CannotTell(f"Part {part.number} of {version.id} is too long for a reply", hint)
        if replies and _fits(version, [*replies[-1].pieces, *pieces], language):
            replies[-1].parts.append(part)
            replies[-1].pieces.extend(pieces)
        else:
            replies.append(_Reply([part], pieces, frozen))
    return replies


def _fits(version: PostVersion, pieces: list[Piece], language: str) -> bool:
    text = f"{correction_word(language)} " + "\n\n".join(piece.text for piece in pieces)
    return measure(text, version.network).fits


def _language(each: _Wanted) -> str:
    return each.draft.version.language or each.world.campaign.language


def _publication(each: _Wanted, publisher: Publisher) -> Publication:
    return Publication(
        campaign=each.world.campaign.id,
        post=each.draft.version.post,
        network=each.draft.version.network,
        account=publisher.account,
        revision=each.past.revision,
        at=now(),
        parts=each.draft.parts,
    )


def _edit(each: _Wanted, publisher: Publisher, numbers: list[int], out: Mapping[int, Published]) -> list[str]:
    """Edit the parts of those `numbers`; which were not edited, and why. Raises the first trouble where none was."""
    version = each.draft.version
    troubles: list[NotSent | InDoubt] = []
    said = []
    for part in publisher.ready(_publication(each, publisher)):
        if part.number in numbers:
            try:
                publisher.edit(out[part.number], part)
            except (NotSent, InDoubt) as trouble:
                troubles.append(trouble)
                said.append(f"part {part.number}: {trouble}".rstrip("."))
                continue
            digest = keep(each.opened.root, freeze_part(part))
            _corrected(each, part.number, part.text, digest)
    if len(troubles) == len(numbers):
        first = troubles[0]
        if isinstance(first, NotSent) and first.permanent and not first.reply.startswith("401"):
            hint = f"If its server takes no edits, post it again: outreach correct {version.id} --repost"
            raise NotSent(str(first), hint=hint, permanent=True, reply=first.reply, stops_run=True) from first
        raise first
    return said


def _reply(each: _Wanted, publisher: Publisher, wanted: _Reply, out: Mapping[int, Published]) -> tuple[Action, bool]:
    """A reply under the last part that was wrong, and whether it says what it should: made as any post is."""
    opened, version, campaign = each.opened, each.draft.version, each.world.campaign.id
    delivery = PostDelivery(opened, publisher, version.network, now)
    delivery.recover(lambda a: a.claim.part is not None and is_correction_of(a.claim.part.post, version.post))
    id = _next_id(opened, campaign, version)
    last = wanted.parts[-1]
    reply = correction_of(last, wanted.pieces, out[last.number], out[1], _language(each))
    draft = replace(each.draft, version=replace(version, post=id), parts=(reply,))
    delivery.follow(opened.world())
    action = delivery.publish(draft)
    if action.result is not ActionResult.DONE:
        return action, False
    hand_on(opened.ledger, opened.root)
    said = PostBook(opened).said(draft.version.version_id, 1).get(1, reply.text)
    where = PostBook(opened).out(draft.version.version_id)[1].url
    if said != reply.text:  # an earlier one landed late, and says what the file said then
        _corrected(each, last.number, said.removeprefix(f"{correction_word(_language(each))} "), url=where)
        return action, False
    for part in wanted.parts:
        then = wanted.then.get(part.number)
        now_so = keep(opened.root, freeze_part(replace(then, media=part.media))) if then is not None else ""
        _corrected(each, part.number, part.text, now_so, url=where)
    return action, True


def _next_id(opened: Session, campaign: str, version: PostVersion) -> str:
    """The id of the next correction: after those that are written down, and those that another computer made."""
    before = (event for event in opened.ledger.events(post=version.post) if event.network == version.network)
    made = {event.url or event.number for event in before if event.kind is EventKind.CORRECTED}
    number = 1 + len(made)
    while True:
        id = VersionId(post=correction_id(version.post, number), network=str(version.network))
        if not PostBook(opened).out(id) or opened.ledger.claims_of(campaign, id):
            return id.post
        number += 1


def _corrected(each: _Wanted, part: int, text: str, digest: str = "", *, url: str = "") -> None:
    """Write down what readers see now; `digest` is that of the whole part, `url` where a reply says so."""
    version, past = each.draft.version, each.past
    each.opened.record(
        EventKind.CORRECTED,
        CorrectedPayload(place=PartPlace(part, past.of), revision=past.revision, digest=digest),
        post=version.post,
        network=str(version.network),
        text=text,
        url=url or None,
    )


def retract(root: Path, name: str, *, go: bool, limits: Limits | None = None) -> list[Correction]:
    """Take a post down, its corrections and its last part first. Raises as `correct`; what is gone is not an error."""
    if go:
        needs(Role.SEND)
    with session(root) as opened:
        world = opened.world()
        found = []
        for version, past in _out(world, name):
            parts = tuple(sorted(past.parts, reverse=True))
            if network_of(version.network).is_manual or not parts:
                found.append(Correction(id=version.id, how="by hand: delete it there"))
                continue
            if go:
                with account_alone(opened, world, version.network, limits) as publisher:
                    publisher.open()
                    _take_down(opened, version, publisher)
            found.append(Correction(id=version.id, how="taken down", parts=parts, done=go))
        return found


def _take_down(opened: Session, version: PostVersion, publisher: Publisher) -> None:
    """Raises CannotTell if something may be out of which nobody knows: it would stay behind."""
    PostDelivery(opened, publisher, version.network, now).recover()
    pasts = opened.ledger.past().posts
    corrections = _corrections(pasts.values(), version)
    in_doubt = [each for each in (pasts[version.post, str(version.network)], *corrections) if each.doubt]
    if in_doubt:
        parts = ", ".join(map(str, sorted(in_doubt[0].doubt)))
        what = f"Part {parts} of {version.id}" if in_doubt[0].post == version.post else f"A correction of {version.id}"
        raise CannotTell(
            f"{what} may or may not be published, so nothing was taken down",
            "Run the same command again in two minutes.",
        )
    for id in [*(each.post for each in corrections if each.parts), version.post]:
        out = PostBook(opened).out(VersionId(post=id, network=str(version.network)))
        down: list[int] = []
        for number in sorted(out, reverse=True):
            try:
                publisher.remove(out[number])
            except (NotSent, InDoubt) as trouble:
                raise _halfway(trouble, id, down) from trouble
            down.append(number)
        opened.record(EventKind.RETRACTED, post=id, network=str(version.network))


def _halfway(trouble: NotSent | InDoubt, id: str, down: list[int]) -> NotSent:
    """The same trouble, with what is down already."""
    parts = ", ".join(map(str, sorted(down)))
    so_far = f" Part {parts} of {id} is down already." if down else ""
    return NotSent(f"{trouble}{so_far}", hint=trouble.hint, stops_run=True)


def _corrections(pasts: Iterable[PostPast], version: PostVersion) -> list[PostPast]:
    """The replies of ours that correct it."""
    return [each for each in pasts if each.network == version.network and is_correction_of(each.post, version.post)]


def _out(world: World, name: str) -> list[tuple[PostVersion, PostPast]]:
    """The versions that were named and are out."""
    named = [version for version in world.versions.values() if name in (version.post, version.id)]
    if not named:
        names = [post.id for post in world.posts]
        raise UnknownName("post", name, nearest(name, names), names)
    pasts = [(version, world.past.posts.get((version.post, str(version.network)))) for version in named]
    if any(past is not None and past.doubt and past.published is None for _, past in pasts):
        raise CannotTell(f"{name} may or may not be published", f"Ask first: outreach publish {name} --go")
    out = [(version, past) for version, past in pasts if past is not None and past.published is not None]
    if not out:
        raise CannotTell(f"{name} is not published", "See `outreach agenda`.")
    return out
