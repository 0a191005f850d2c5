"""What a run of `send` may do: which letters go, how fast, and when it stops by itself."""

from outreach.rules.sending.breaker import why_stop
from outreach.rules.sending.pacing import AsOf, Counted, earliest, gap_of
from outreach.rules.sending.readiness import foreseen, next_moment

__all__ = ["AsOf", "Counted", "earliest", "foreseen", "gap_of", "next_moment", "why_stop"]
