"""What a Mastodon server counts on our statuses, and who replied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from outreach.connections.http_service import member, objects
from outreach.errors import NotSent
from outreach.model.publication import Engagement, PostReply
from outreach.networks.mastodon_thread import plain_words
from outreach.publishing.mastodon.client import MastodonClient
from outreach.publishing.mastodon.instance import domain_of

_COUNTS = {
    "likes": "favourites_count",
    "reposts": "reblogs_count",
    "replies": "replies_count",
    "quotes": "quotes_count",
}
_GONE = (404, 410)


def counts_of(client: MastodonClient, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Counts by id; what is gone is missing. Raises NotSent."""
    found = {}
    for id in ids:
        answer = client.status(id)
        if answer.status in _GONE:
            continue
        status = answer.object()
        if answer.status != 200 or "id" not in status:
            raise client.refused(answer)
        found[id] = {name: each for name, key in _COUNTS.items() if isinstance(each := status.get(key), int)}
    return found


def engagement_of(client: MastodonClient, id: str, counts: Mapping[str, int], mine: str) -> Engagement:
    """The `counts` of a status with the direct replies to it; `mine` is the id of our account. Raises NotSent."""
    if counts.get("replies", 1) == 0:  # who does not count them may have some
        return Engagement(counts=counts)
    answer = client.read(lambda m: m.status_context(id))
    if answer.status in _GONE:
        return Engagement(counts=counts)
    if answer.status != 200:
        raise client.refused(answer)
    direct = [each for each in objects(answer.object().get("descendants")) if str(each.get("in_reply_to_id")) == id]
    theirs = [status for status in direct if str(member(status, "account").get("id")) != mine]
    is_local = any("@" not in _account(status) for status in theirs)
    domain = domain_of(client) if is_local else client.host
    replies = tuple(_replies(theirs, client.host, domain))
    return Engagement(counts=counts, replies=replies, own=len(direct) - len(theirs))


def _account(status: Mapping[str, Any]) -> str:
    return str(member(status, "account").get("acct", ""))


def _replies(statuses: Iterable[Mapping[str, Any]], host: str, domain: str) -> Iterator[PostReply]:
    for status in statuses:
        account = _account(status)
        if not account:
            continue
        try:
            at = datetime.fromisoformat(str(status.get("created_at")))
        except ValueError as error:
            raise NotSent(f"{host} dates a reply in a way that cannot be read.") from error
        handle = account if "@" in account else f"{account}@{domain}"
        words = plain_words(str(status.get("content", "")))
        url = str(status.get("url") or "")
        yield PostReply(handle=handle, url=url, at=at if at.tzinfo else at.replace(tzinfo=UTC), text=words)
