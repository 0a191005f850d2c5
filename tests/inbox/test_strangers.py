"""Messages that are passed over at a glance: never one that would be looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.inbox.known import Known, Ours, Sent
from outreach.inbox.matching import may_concern
from outreach.inbox.reading import read_head
from outreach.inbox.strangers import Strangers
from outreach.words.phrases import phrases

LETTER = Sent(contact="org", wave="w", step=0, message_id="<letter@ours.example>", subject="Rivers now")
KNOWN = Known(
    by_id={LETTER.message_id: LETTER},
    by_subject={"rivers now": (LETTER,)},
    letters={"org": (LETTER,)},
    addresses={"office@org.example": ("org",)},
    domains={"org.example": ("org",), "site.example": ("org",)},
    us=Ours(
        addresses=frozenset({"alex@ours.example"}),
        domains=frozenset({"ours.example", "alliance.example"}),
        reply_to=frozenset({"replies@other.example"}),
    ),
    began=datetime(2026, 11, 1, tzinfo=UTC),
)
STRANGERS = Strangers(KNOWN, {"<copy@elsewhere.example>"})
PLAIN = {
    "From": "News <news@list.example>",
    "To": "alex@ours.example",
    "Subject": "Newsletter 12",
    "Date": "Tue, 01 Dec 2026 10:00:00 +0100",
    "Message-ID": "<1@list.example>",
}
FROM = (
    "News <news@list.example>",
    "office@ORG.example",
    "Kim <kim@site.example>",
    "kim@sub.org.example",
    "Maria <m@alliance.example>",
    "MAILER-DAEMON@mx.example",
    "<postmaster@mx.example>",
    '"Mail Delivery System" <x@mx.example>',
    "",
    "Kim",
    "a@b, c@org.example",
    "System Administrator <x@mx.example>",
    "MicrosoftExchange329@x.example",
    "noreply@list.example",
    "Kim (x) <k@l.example>",
    "news@list.example\r\n <office@org.example>",
    '"a@org.example" <b@list.example>',
    "bounce-1@list.example",
    "Alex <ALEX@ours.example>",
)
SUBJECTS = (
    "Newsletter 12",
    "Rivers now",
    "RIVERS   NOW",
    "Re: Rivers now",
    "[EXT] Rivers now",
    "Re: news",
    "AW: Neues",
    "=?utf-8?q?Rivers_now?=",
    "Undeliverable",
    "Mail delivery failed",
    "failure notice",
    "Warning, message delayed",
    "",
    "unsubscribe-0123456789abcdef",
    "Rivers\r\n now",
    "nicht zustellbar",
    "Ré",
    "Delivery Status Notification (Failure)",
)
MORE = (
    "In-Reply-To: <letter@ours.example>",
    "references: <x@y>\r\n <letter@ours.example>",
    "Return-Path: <>",
    "X-Failed-Recipients: a@b",
    "Content-Type: multipart/report; boundary=x",
    "Content-Type:\r\n multipart/report; boundary=x",
    "Cc: replies@other.example",
    "Cc: Alex <alex+unsub-0123456789abcdef@ours.example>",
    "Delivered-To: alex+x@ours.example",
    "Sender: office@org.example",
    "From: office@org.example",
    "no header",
    "X-Odd: \x0b",
    "X-Long: " + "x" * 40_000,
    "Received: from a\r\n by b",
)


IDS = ("<1@l.example>", "1", "")
ENDS = ("\r\n\r\n", "\r\n", "", "\r\n\r\nFrom: office@org.example\r\n")


def head_of(fields: Mapping[str, str], more: Sequence[str], end: str) -> bytes:
    lines = [*(f"{name}: {value}" for name, value in fields.items()), *more]
    return ("\r\n".join(lines) + end).encode("utf-8")


@pytest.mark.parametrize("sender", FROM)
def test_what_would_be_looked_at_is_never_passed_over(sender: str) -> None:
    for subject, more, id, end in product(SUBJECTS, ((), *((each,) for each in MORE)), IDS, ENDS):
        head = head_of(dict(PLAIN, **{"From": sender, "Subject": subject, "Message-ID": id}), more, end)
        assert not (STRANGERS.has(head) and may_concern(read_head(head), KNOWN)), head


@given(st.text("aeiou rn:[]-AW", max_size=12), st.text('ab <>@.org,"', max_size=16))
def test_nor_is_any_other_subject_or_sender(subject: str, sender: str) -> None:
    head = head_of(dict(PLAIN, From=sender, Subject=subject), (), "\r\n\r\n")
    assert not (STRANGERS.has(head) and may_concern(read_head(head), KNOWN)), head


@pytest.mark.parametrize("phrase", [*phrases("mail", "bounce_subjects"), *phrases("mail", "delay")])
def test_whatever_says_undelivered_is_looked_at(phrase: str) -> None:
    said = re.sub(r"\(([^()|]*)[^()]*\)\??", r"\1", re.sub(r"\(([^()|]*)[^()]*\)\??", r"\1", phrase)).replace("*", "")
    assert not STRANGERS.has(head_of(dict(PLAIN, Subject=f"x {said}"), [], "\r\n\r\n"))


def test_a_newsletter_is_passed_over_and_a_copy_of_what_we_sent_is_not() -> None:
    assert STRANGERS.has(
        head_of(PLAIN, ["Received: from a\r\n by b", "DKIM-Signature: a=b; h=in-reply-to"], "\r\n\r\n")
    )
    for id in ("<copy@elsewhere.example>", "<copy@elsewhere.example> (a copy)"):
        assert not STRANGERS.has(head_of(dict(PLAIN, **{"Message-ID": id}), [], "\r\n\r\n"))
