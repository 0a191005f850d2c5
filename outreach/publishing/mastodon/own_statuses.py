"""Our own statuses on a server, looked through for a part of which nobody knows whether it was posted."""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach.connections.http_service import Answer, NoAnswer, member, objects
from outreach.errors import NotSent
from outreach.publishing.mastodon.client import Call, MastodonClient

CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much two clocks that are right may differ; with one that is wrong, the newest page is what counts."""
_DATES_DIFFER = timedelta(seconds=10)
"""Some servers date statuses by the second, and the `Date` may be that of a proxy with a clock of its own."""
_PAGE = 40  # statuses, the most that GET /api/v1/accounts/:id/statuses gives at once
_MOST_PAGES = 100
_TOO_MANY = (400, 422)
"""What servers answer that give fewer at once."""


class OwnStatuses:
    """The statuses of the account `me`.

    `posted` is the id of what we just posted, and `late` what is left of LATE: a list that shows it shows as well what
    was there before. Where a server never shows it, `late` is empty in the end.
    """

    LATE = (0.5, 1.5, 4.0)
    """Seconds before each further look at a list that does not show yet what we just posted: it comes from a copy."""

    def __init__(self, client: MastodonClient, me: str, posted: str, late: list[float]) -> None:
        self._client = client
        self._me = me
        self._posted = posted
        self._late = late
        self.names: set[str | None] = set()
        """What those that are known as ours were posted with, as the server calls it."""
        self.seen: set[str | None] = set()
        """What any of them were posted with."""

    def below(self, parent: str | None, since: datetime, known: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Those below `parent` (None: below nothing), the newest first. Raises NotSent.

        `known` are ids that are none of them; boosts are none of ours. Where a server does not say below what a status
        is, it may be below `parent`.
        """
        seen = set(known)
        for status in self._since(since, seen):
            above = status.get("in_reply_to_id", parent)
            is_new = str(status["id"]) not in seen and not status.get("reblog")
            if is_new and (str(above) if above else None) == parent:
                yield status

    def is_newer(self, status: dict[str, Any], since: datetime) -> bool:
        """Whether a status was made after an instant of ours, by the server's clock as its answers showed it."""
        at, clock = instant_of(status), self._client.clock
        since += clock.ahead if clock.is_known else -CLOCKS_DIFFER
        return at >= since - _DATES_DIFFER

    def application(self) -> str | None:
        """As whom the server knows our token (`GET /api/v1/apps/verify_credentials`), where it says so."""
        try:
            name = self._client.read(lambda m: m.app_verify_credentials()).object().get("name")
        except NotSent:
            return None
        return name if isinstance(name, str) else None

    def _since(self, since: datetime, known: Container[str]) -> Iterator[dict[str, Any]]:
        """The newest page whole, whatever its dates, and those before it back to `since`."""
        page, last, earliest = None, None, since - CLOCKS_DIFFER
        for _ in range(_MOST_PAGES):
            answer, page = self._client.page(self._asking(page, last))
            if page is None and answer.status in _TOO_MANY:
                answer, page = self._client.page(self._asking(None, last, most=None))
            found = self._page(answer)
            if last is None and self._posted in known:
                is_shown = any(str(each["id"]) == self._posted for each in found)
                if self._late and not is_shown:
                    time.sleep(self._late.pop(0))
                    page = None
                    continue
                self._late[:] = self.LATE if is_shown else ()
            self.seen |= {application_of(each) for each in found}
            self.names |= {application_of(each) for each in found if str(each["id"]) in known}
            yield from found
            if not found or last == str(found[-1]["id"]) or instant_of(found[-1]) < earliest:
                return
            last = str(found[-1]["id"])

    def _asking(self, page: Any, last: str | None, most: int | None = _PAGE) -> Call:
        """The next page by the server's own link, where Mastodon.py has one, else what is older than the `last`."""
        if getattr(page, "_pagination_next", None):
            return lambda m: m.fetch_next(page)
        return lambda m: m.account_statuses(self._me, exclude_reblogs=True, limit=most, max_id=last)

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


def instant_of(status: Mapping[str, Any]) -> datetime:
    """When a status was made (aware), by the server's clock; the latest there is, where it does not say."""
    try:
        at = datetime.fromisoformat(str(status.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
