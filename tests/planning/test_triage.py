"""Which message of a contact the inbox shows."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from outreach.model.event import EventKind
from outreach.model.mail import KeptMessage, MailKind
from outreach.model.state import ContactState
from outreach.planning.triage import untriaged


def kept(number: int, hour: int) -> KeptMessage:
    at = datetime(2026, 1, 13, hour, tzinfo=UTC)
    return KeptMessage(
        key=f"<{number}@x.example>", place="", kind=MailKind.ANSWER, rule="", at=at, sender=f"p{number}@x.example",
        subject="", text="", number=number, contact="bees",
    )  # fmt: skip


def test_the_inbox_shows_the_message_that_was_written_last_which_a_reply_answers() -> None:
    """An older one may be read later, from another folder or mailbox."""
    newer, older = kept(1, hour=12), kept(2, hour=9)
    last = SimpleNamespace(kind=EventKind.ANSWERED, text="")
    happened = SimpleNamespace(answered=newer.at, last=last, outcome=None)
    status: Any = SimpleNamespace(id="bees", name="Bees", state=ContactState.ANSWERED, last=last)
    past: Any = SimpleNamespace(contacts={"bees": happened})
    assert [each.message for each in untriaged([status], past, [newer, older])] == [newer]
