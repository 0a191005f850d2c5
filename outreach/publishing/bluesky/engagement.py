"""What Bluesky counts on our posts, and who replied. Its AppView knows; a PDS alone does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from outreach.connections.http_service import Answer, member, objects
from outreach.model.publication import Engagement, PostReply
from outreach.networks.identity import public_url
from outreach.publishing.bluesky.session import AS_IT_IS, BlueskySession

_AT_ONCE = 25  # URIs in one call of app.bsky.feed.getPosts, as its lexicon says
_COUNTS = {"likes": "likeCount", "reposts": "repostCount", "replies": "replyCount", "quotes": "quoteCount"}
_BOOKMARKS = "bookmarkCount"


def counts_of(session: BlueskySession, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Counts by URI; what the AppView does not have (any more) is missing. Raises NotSent."""
    found: dict[str, dict[str, int]] = {}
    for first in range(0, len(ids), _AT_ONCE):
        answer = _posts(session, list(ids[first : first + _AT_ONCE]))
        if answer.status != 200:
            raise session.refused(answer)
        for post in objects(answer.object().get("posts")):
            counts = {name: each for name, key in _COUNTS.items() if isinstance(each := post.get(key), int)}
            if isinstance(post.get(_BOOKMARKS), int):
                counts["bookmarks"] = post[_BOOKMARKS]
            found[str(post.get("uri"))] = counts
    return found


def _posts(session: BlueskySession, uris: list[str]) -> Answer:
    return session.read(lambda client: client.app.bsky.feed.get_posts({"uris": uris}, **AS_IT_IS))


def engagement_of(session: BlueskySession, uri: str, counts: Mapping[str, int]) -> Engagement:
    """The `counts` of a part with the direct replies to it. Raises NotSent."""
    if not counts.get("replies"):
        return Engagement(counts=counts)
    query = {"uri": uri, "depth": 1, "parent_height": 0}
    answer = session.read(lambda client: client.app.bsky.feed.get_post_thread(query, **AS_IT_IS))
    if answer.status == 400 and answer.object().get("error") == "NotFound":  # taken down since it was counted
        return Engagement(counts=counts)
    if answer.status != 200:
        raise session.refused(answer)
    found = [member(each, "post") for each in objects(member(answer.object(), "thread").get("replies"))]
    direct = [post for post in found if post]  # what is hidden from us has none
    theirs = [post for post in direct if member(post, "author").get("did") != session.did]
    return Engagement(counts=counts, replies=tuple(_replies(theirs)), own=len(direct) - len(theirs))


def _replies(posts: Iterable[Mapping[str, Any]]) -> Iterator[PostReply]:
    for post in posts:
        author, record = member(post, "author"), member(post, "record")
        try:
            at = datetime.fromisoformat(str(post.get("indexedAt") or record.get("createdAt")))
        except ValueError:
            continue
        url = public_url(str(post.get("uri")))
        yield PostReply(handle=str(author.get("handle", "")), url=url, at=at, text=str(record.get("text", "")))
