"""Which message of a contact the inbox shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from outreach.model.mail import KeptMessage, MailKind
from outreach.model.past import ContactPast, Past
from outreach.model.state import ContactState
from outreach.planning.triage import Untriaged, untriaged


def kept(number: int, hour: int) -> KeptMessage:
    at = datetime(2026, 1, 13, hour, tzinfo=UTC)
    return KeptMessage(
        key=f"<{number}@x.example>", place="", kind=MailKind.ANSWER, rule="", at=at, sender=f"p{number}@x.example",
        subject="", text="", number=number, contact="bees",
    )  # fmt: skip


def test_the_inbox_shows_the_message_that_was_written_last_which_a_reply_answers() -> None:
    """An older one may be read later, from another folder or mailbox."""
    newer, older = kept(1, hour=12), kept(2, hour=9)
    happened = ContactPast(contact="bees", answered=newer.at)
    assert [each.message for each in waiting(happened, [newer, older])] == [newer]


def waiting(happened: ContactPast, messages: list[KeptMessage]) -> list[Untriaged]:
    status: Any = SimpleNamespace(id="bees", name="Bees", state=ContactState.ANSWERED, last=None)
    return untriaged([status], Past(contacts={"bees": happened}), messages)


@pytest.mark.parametrize("sorted_as", [None, "automatic", "answer"])
@pytest.mark.parametrize("word", ["ours", "settled"])
def test_what_another_person_of_them_wrote_waits_beside_it_until_our_next_word(word: str, sorted_as: Any) -> None:
    first, other, last = kept(1, hour=9), replace(kept(2, hour=11), sorted=sorted_as), kept(3, hour=12)
    (one,) = waiting(ContactPast(contact="bees", answered=last.at), [last, first, other])
    assert [each.number for each in (one.message, *one.others) if each] == (
        [3, 1] if sorted_as == "automatic" else [3, 2, 1]
    )
    said: Any = {word: datetime(2026, 1, 13, 10, tzinfo=UTC)}
    (one,) = waiting(ContactPast(contact="bees", answered=last.at, **said), [first, other, last])
    assert [each.number for each in one.others] == ([] if sorted_as == "automatic" else [2])
