"""Requests to a server without a login (who has a handle, what it allows): timeouts and failures."""

from __future__ import annotations

from outreach.connections.http_service import Limits

LIMITS = Limits(connect=5.0, answer=10.0)


class Unanswered(Exception):
    """A server that cannot be asked, or does not say: a sentence. `hint` says what would fix it."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint
