"""What anybody may ask a server (whose a handle is, what it allows): how long that waits, and how it fails."""

from __future__ import annotations

from outreach.connections.http_service import Limits

LIMITS = Limits(connect=5.0, answer=10.0)


class Unanswered(Exception):
    """A server that cannot be asked, or does not say: a sentence. `hint` says what would mend it."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint
