"""What a Mastodon server counts on our statuses, and who replied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from outreach.channels.http_service import member, objects
from outreach.channels.mastodon.client import MastodonClient
from outreach.errors import NotSent
from outreach.model.publication import PostReply
from outreach.rules.publishing.mastodon_thread import plain_words

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
        answer = client.read(f"/api/v1/statuses/{id}")
        if answer.status in _GONE:
            continue
        status = answer.object()
        if answer.status != 200 or "id" not in status:
            raise client.refused(answer)
        found[id] = {name: each for name, key in _COUNTS.items() if isinstance(each := status.get(key), int)}
    return found


def replies_to(client: MastodonClient, id: str, mine: str) -> tuple[PostReply, ...]:
    """The direct replies to a status that others than `mine` wrote. Raises NotSent."""
    answer = client.read(f"/api/v1/statuses/{id}/context")
    if answer.status in _GONE:
        return ()
    if answer.status != 200:
        raise client.refused(answer)
    return tuple(_replies(answer.object(), id, mine, client.host))


def _replies(context: dict[str, Any], id: str, mine: str, host: str) -> Iterator[PostReply]:
    for status in objects(context.get("descendants")):
        account = str(member(status, "account").get("acct", ""))
        if str(status.get("in_reply_to_id")) != id or account == mine or not account:
            continue
        try:
            at = datetime.fromisoformat(str(status.get("created_at")))
        except ValueError as error:
            raise NotSent(f"{host} dates a reply in a way that cannot be read.") from error
        handle = account if "@" in account else f"{account}@{host}"
        words = plain_words(str(status.get("content", "")))
        url = str(status.get("url") or "")
        yield PostReply(handle=handle, url=url, at=at if at.tzinfo else at.replace(tzinfo=UTC), text=words)
