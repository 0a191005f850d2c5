"""The half of `outreach sync` that asks the networks: our posts that no ledger and no receipt here knows of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from outreach.connections.http_service import Limits
from outreach.errors import AccountBusy, ChannelError, NotSent, SecretNotEntered
from outreach.ledger.receipts import hand_on
from outreach.model.event import EventKind, Receipt
from outreach.model.ids import PartId, VersionId
from outreach.model.payload import PartPayload, PartPlace, PartVia
from outreach.model.publication import Publication, Published
from outreach.networks.corrections import corrected_pieces, correction_id, with_corrections
from outreach.networks.drafting import VersionDraft
from outreach.networks.registry import published
from outreach.planning.world import World
from outreach.publishing.publisher import Publisher
from outreach.tasks.campaign import Loaded
from outreach.tasks.clock import now
from outreach.tasks.publishing.book import PostBook
from outreach.tasks.publishing.elsewhere import every_revision, standing_part
from outreach.tasks.publishing.publishing import account_alone
from outreach.tasks.publishing.sentences import stands_there
from outreach.tasks.versions import PostVersions, account_of
from outreach.tasks.world import Session, session

MOST_CORRECTIONS = 100


def adopt_posts(
    root: Path, taken: Iterable[Receipt] = (), *, limits: Limits | None = None, loaded: Loaded | None = None
) -> tuple[list[Receipt], list[str]]:
    """Take over our posts that are on the networks: their receipts, and what could not be asked.

    On Bluesky they are found by their record keys, on Mastodon by their words, among our statuses of the last
    90 days. Of posts whose receipts were just `taken` over it is asked whether they still stand there: a receipt
    does not tell of a retraction. Raises CampaignUnreadable, and what the ledger raises.
    """
    named = {about.version for receipt in taken if isinstance(about := receipt.about, PartId)}
    receipts: list[Receipt] = []
    troubles: list[str] = []
    with session(root, loaded) as opened:
        world = opened.world()
        versions = PostVersions(opened.root, opened.loaded, opened.ledger, world)
        for network in (each.name for each in published()):
            lost = [draft for draft in _unknown(opened, world, versions, network) if draft.parts]
            told = sorted(version for version in named if version.network == network)
            if not (lost or told) or account_of(world, network) is None:
                continue
            try:
                with account_alone(opened, world, network, limits) as publisher:
                    publisher.open()
                    for draft in lost:
                        adopted, trouble = _adopt(opened, world, publisher, draft)
                        receipts += adopted
                        troubles += [trouble] if trouble else []
                    for version in told:
                        _look(opened, publisher, version)
            except SecretNotEntered as trouble:  # who never logged in here only misses what a receipt told
                troubles += [str(trouble)] if told or not trouble.is_first else []
            except (ChannelError, AccountBusy) as trouble:
                troubles.append(str(trouble))
        hand_on(opened.ledger, root)
    return receipts, troubles


def _unknown(opened: Session, world: World, versions: PostVersions, network: str) -> list[VersionDraft]:
    """PostVersions of which this ledger knows nothing, or not all, as they would be published."""
    found = []
    for version in versions.all.values():
        past = world.past.posts.get((version.post, str(version.network)))
        claims = opened.ledger.claims_of(world.campaign.id, version.version_id)
        is_open = any(last.is_open for _, claim in claims for last in opened.ledger.attempts(claim)[-1:])
        is_unknown = not is_open and (past is None or past.published is None or past.gap)
        if version.network == network and is_unknown:
            draft = versions.draft(version)
            found += [draft] if draft else []
    return found


def _look(opened: Session, publisher: Publisher, version: VersionId) -> None:
    """Write down that a post was taken down, where no part of it is there any more."""
    out = PostBook(opened).out(version).values()
    if out and not any(publisher.stands(part) for part in out):
        opened.record(EventKind.RETRACTED, post=version.post, network=version.network)


def _adopt(opened: Session, world: World, publisher: Publisher, draft: VersionDraft) -> tuple[list[Receipt], str]:
    """The receipts of what was taken over, and why another program's post was not.

    Of a whole thread the words are proof enough: some servers call every program alike, whatever they call our token.
    """
    version = draft.version
    publication = Publication(
        campaign=world.campaign.id,
        post=version.post,
        network=str(version.network),
        account=publisher.account,
        revision=1,
        at=opened.now,
        parts=draft.parts,
    )
    book = PostBook(opened)
    known, out = book.known(), book.out(version.version_id)
    language = version.language or opened.campaign.language
    stored: list[Receipt] = []
    replies: list[tuple[Publication, Published]] = []
    there = []
    by_anyone = not out
    for part in [each for each in draft.parts if each.number not in out]:
        asked = [publication] if out else every_revision(publisher, publication)
        found = standing_part(publisher, asked, part.number, out, now(), known, by_anyone=by_anyone)
        if found is None:
            break
        publication, out[part.number] = found
        by_anyone = by_anyone and bool(found[1].by)
        there.append(part)
    first = out[there[0].number] if there else None
    if first is not None and first.by and not 1 < len(there) == len(draft.parts):
        return [], f"{version.id}: {stands_there(version.id, first, None)}"
    for part in there:
        replies = replies or list(_corrections(publisher, publication))
        said = {piece for _, reply in replies for piece in corrected_pieces(reply.text, language)}
        ready = next(each for each in publisher.ready(publication, out) if each.number == part.number)
        try:
            seen = with_corrections(publisher.shown(out[part.number], ready), part, said, language).text
        except NotSent:  # then nobody can say what readers see of it
            seen = ""
        stored.append(_store(opened, publication, part.number, out[part.number], seen))
    return [*stored, *(_store(opened, asked, 1, reply) for asked, reply in replies)], ""


def _corrections(publisher: Publisher, publication: Publication) -> Iterator[tuple[Publication, Published]]:
    """The replies of ours that correct it, which are known by their keys alone."""
    for number in range(1, MOST_CORRECTIONS + 1) if publisher.repeats_safely else ():
        reply = replace(publication.parts[0], number=1)
        asked = replace(publication, post=correction_id(publication.post, number), revision=1, parts=(reply,))
        found = standing_part(publisher, [asked], 1, {}, now(), ())
        if found is None:
            return
        yield found


def _store(opened: Session, publication: Publication, number: int, found: Published, seen: str = "") -> Receipt:
    place = PartPlace(number, len(publication.parts))
    event = opened.event(
        EventKind.ADOPTED,
        PartPayload(place=place, proof=found.post_proof),
        post=publication.post,
        network=publication.network,
        url=found.url or None,
        text=seen or None,
    )
    receipt = Receipt(
        id=str(publication.part_id(number)),
        at=opened.now,
        via=str(PartVia(publication.network, place)),
        proof=found.proof,
        ledger=opened.ledger.id,
    )
    opened.ledger.append(event, receipt=receipt)
    return receipt
