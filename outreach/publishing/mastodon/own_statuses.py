"""Our own statuses on a server, looked through for a part of which nobody knows whether it was posted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach.connections.http_service import Answer, NoAnswer, member, objects
from outreach.errors import NotSent
from outreach.networks.mastodon_thread import is_shown_in
from outreach.publishing.mastodon.client import MastodonClient

CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much two clocks that are right may differ; with one that is wrong, the newest page is what counts."""
_PAGE = 40
_MOST_PAGES = 100


class OwnStatuses:
    """The statuses of the account `me`."""

    def __init__(self, client: MastodonClient, me: str) -> None:
        self._client = client
        self._me = me

    def like(self, text: str, parent: str | None, since: datetime, known: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Those with the words of `text` below `parent` (None: below nothing), the newest first. Raises NotSent.

        `known` are ids that it cannot be; boosts are none of ours.
        """
        seen = set(known)
        for status in self._since(since):
            above = status.get("in_reply_to_id")
            is_new = str(status["id"]) not in seen and not status.get("reblog")
            if is_new and (str(above) if above else None) == parent and is_shown_in(text, str(status.get("content"))):
                yield status

    def application(self) -> str | None:
        """As whom the server knows our token (`GET /api/v1/apps/verify_credentials`), where it says so."""
        try:
            name = self._client.read("/api/v1/apps/verify_credentials").object().get("name")
        except NotSent:
            return None
        return name if isinstance(name, str) else None

    def _since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """The newest page whole, whatever its dates, and those before it back to `since`."""
        query: dict[str, Any] = {"limit": _PAGE, "exclude_reblogs": "true"}
        for _ in range(_MOST_PAGES):
            answer = self._client.read(f"/api/v1/accounts/{self._me}/statuses", query)
            earliest = since - CLOCKS_DIFFER
            page = self._page(answer)
            yield from page
            if not page or query.get("max_id") == page[-1]["id"] or _instant(page[-1]) < earliest:
                return
            query["max_id"] = page[-1]["id"]

    def _page(self, answer: Answer) -> list[dict[str, Any]]:
        try:
            found = answer.json() if answer.status == 200 else None
        except NoAnswer as error:
            raise NotSent(f"{self._client.host}: {error}.", stops_run=True) from error
        if not isinstance(found, list):
            raise self._client.refused(answer)
        return [each for each in objects(found) if each.get("id")]


def application_of(status: dict[str, Any]) -> str | None:
    """What a status was posted with, where its server says so."""
    name = member(status, "application").get("name")
    return name if isinstance(name, str) else None


def _instant(status: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(str(status.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
