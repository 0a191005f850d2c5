"""List-Unsubscribe (RFC 2369, RFC 8058): a way out that a mail program shows as a button.

With this header, standard responders (RFC 5230) send no out-of-office answer; so small waves do without it.
"""

from __future__ import annotations

import hashlib

LARGE_WAVE = 50
"""From so many letters on a wave's letters say how to unsubscribe, unless a template says otherwise."""
_MARK = "unsub-"


def unsubscribe_token(message_id: str) -> str:
    """The token of one letter, derived from its Message-ID (with angle brackets): 16 characters, hex."""
    return hashlib.sha256(f"unsubscribe {message_id}".encode()).hexdigest()[:16]


def unsubscribe_headers(message_id: str, sender: str, endpoint: str | None = None) -> tuple[tuple[str, str], ...]:
    """The headers of one letter: by mail to the sender's own plus-address, and by one click where there is an endpoint.

    The token is in the address and in the subject, since some servers drop the part behind the plus.
    `endpoint` is an https address that may hold `{token}`.
    """
    token = unsubscribe_token(message_id)
    local, _, domain = sender.rpartition("@")
    by_mail = f"<mailto:{local}+{_MARK}{token}@{domain}?subject=unsubscribe-{token}>"
    if endpoint is None:
        return (("List-Unsubscribe", by_mail),)
    link = endpoint.replace("{token}", token) if "{token}" in endpoint else f"{endpoint.rstrip('/')}/{token}"
    return (("List-Unsubscribe", f"<{link}>, {by_mail}"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
