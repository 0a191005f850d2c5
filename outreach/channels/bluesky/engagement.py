"""What Bluesky counts on our posts, and who replied. Its AppView knows; a PDS alone does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from outreach.channels.bluesky.session import BlueskySession
from outreach.channels.http_service import member, objects
from outreach.model.publication import PostReply
from outreach.rules.publishing.bluesky_thread import public_url

_AT_ONCE = 25
_COUNTS = {"likes": "likeCount", "reposts": "repostCount", "replies": "replyCount", "quotes": "quoteCount"}
_BOOKMARKS = "bookmarkCount"


def counts_of(session: BlueskySession, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Counts by URI; what the AppView does not have (any more) is missing. Raises NotSent."""
    found: dict[str, dict[str, int]] = {}
    for first in range(0, len(ids), _AT_ONCE):
        answer = session.read("app.bsky.feed.getPosts", {"uris": list(ids[first : first + _AT_ONCE])})
        if answer.status != 200:
            raise session.refused(answer)
        for post in objects(answer.object().get("posts")):
            counts = {name: each for name, key in _COUNTS.items() if isinstance(each := post.get(key), int)}
            if isinstance(post.get(_BOOKMARKS), int):
                counts["bookmarks"] = post[_BOOKMARKS]
            found[str(post.get("uri"))] = counts
    return found


def replies_to(session: BlueskySession, uri: str) -> tuple[PostReply, ...]:
    """The direct replies to a part that others wrote. Raises NotSent."""
    answer = session.read("app.bsky.feed.getPostThread", {"uri": uri, "depth": 1, "parentHeight": 0})
    if answer.status == 400 and answer.object().get("error") == "NotFound":  # taken down since it was counted
        return ()
    if answer.status != 200:
        raise session.refused(answer)
    return tuple(_replies(member(answer.object(), "thread"), session.did))


def _replies(thread: Mapping[str, Any], did: str) -> Iterator[PostReply]:
    for reply in objects(thread.get("replies")):
        post = member(reply, "post")
        author, record = member(post, "author"), member(post, "record")
        if not post or author.get("did") == did:
            continue
        try:
            at = datetime.fromisoformat(str(post.get("indexedAt") or record.get("createdAt")))
        except ValueError:
            continue
        url = public_url(str(post.get("uri")))
        yield PostReply(handle=str(author.get("handle", "")), url=url, at=at, text=str(record.get("text", "")))
