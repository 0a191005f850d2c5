"""Headers are data: what is refused before a letter is made, and what is noticed after."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.mime import (
    Message,
    as_bytes,
    build,
    encode_attachment,
    faults,
    parse_back,
    without_attachments,
)

LETTER = Message(
    sender_name="Alex Example",
    sender_email="alex@example.org",
    recipient_name="Open Forum Europe",
    recipient_email="policy@openforum.example",
    reply_to="replies@example.org",
    subject="Digital infrastructure",
    message_id="<first@example.org>",
    text="Dear all,\n",
    html="<p>Dear all,</p>\n",
    attachments=(encode_attachment("brief.pdf", b"%PDF-1.4"),),
)
PLANNED = without_attachments(LETTER)


def test_a_letter_without_faults_has_none() -> None:
    assert faults(LETTER) == []
    listed = (
        ("X-Unsent", "1"),
        ("Date", "Tue, 13 Jan 2026 09:00:00 +0100"),
        ("List-Unsubscribe", "<mailto:a@b.example>"),
    )
    assert faults(replace(LETTER, extra_headers=listed, reply_to=None, recipient_name="")) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"recipient_name": "=?UTF-8?Q?Eve=0ABcc:_e@x.example?= é"}, "recipient's name"),
        ({"recipient_name": "Eve\nBcc: e@x.example"}, "recipient's name"),
        ({"recipient_name": "Eve\u2028x"}, "recipient's name"),
        ({"sender_name": "Alex\x00"}, "sender's name"),
        ({"sender_name": "Alex \ud83d"}, "sender's name"),
        ({"subject": "=?utf-8?b?eA==?="}, "subject"),
        ({"subject": "a\rb"}, "subject"),
        ({"subject": " "}, "subject"),
        ({"recipient_email": "nobody"}, "recipient's address"),
        ({"recipient_email": "a@x.example,b@y.example"}, "recipient's address"),
        ({"recipient_email": "a@x.example b@y.example"}, "recipient's address"),
        ({"recipient_email": "Eve <e@x.example>"}, "recipient's address"),
        ({"recipient_email": "e@x.example\r\nBcc: f@x.example"}, "recipient's address"),
        ({"recipient_email": "e@bücher.example"}, "recipient's address"),
        ({"recipient_email": ""}, "recipient's address"),
        ({"sender_email": "group:a@x.example;"}, "sender's address"),
        ({"reply_to": "a@x.example; b@x.example"}, "Reply-To"),
        ({"message_id": "first@example.org"}, "Message-ID"),
        ({"message_id": "<a@x.example>\n"}, "Message-ID"),
        ({"in_reply_to": "<a b@x.example>"}, "In-Reply-To"),
        ({"references": ("<a@x.example>", "")}, "References"),
        ({"extra_headers": (("Bcc", "e@x.example"),)}, "header Bcc"),
        ({"extra_headers": (("content-type", "text/html"),)}, "header content-type"),
        ({"extra_headers": (("X A", "1"),)}, "header 'X A'"),
        ({"extra_headers": (("X-A\n", "1"),)}, "header 'X-A\\n'"),
        ({"extra_headers": (("X-A", "1\nBcc: e@x.example"),)}, "header X-A"),
        ({"extra_headers": (("X-A", "ü"),)}, "header X-A"),
        ({"extra_headers": (("X-A", ""),)}, "header X-A"),
        ({"extra_headers": (("X-A", "x" * 1000),)}, "header X-A"),
        ({"extra_headers": (("X-A", "1"), ("x-a", "2"))}, "header x-a"),
        ({"attachments": (encode_attachment("a\nb.pdf", b""),)}, "attachment 'a\\nb.pdf'"),
        ({"attachments": (encode_attachment("../a.pdf", b""),)}, "attachment '../a.pdf'"),
        ({"attachments": (encode_attachment("a\udcff.pdf", b""),)}, "attachment 'a\\udcff.pdf'"),
        ({"attachments": (encode_attachment("..", b""),)}, "attachment '..'"),
        ({"text": "half \ud83d"}, "text"),
        ({"html": "half \ud83d"}, "HTML"),
    ],
)
def test_what_must_not_go_into_a_letter_is_named(change: dict[str, object], field: str) -> None:
    (fault,) = faults(replace(LETTER, **change))
    assert fault.startswith(f"{field}: ")
    assert "\n" not in fault


@pytest.mark.parametrize("address", ["a@x.example,b@y.example", "a@x.example@y.example", "Eve <e@x.example>"])
def test_a_list_of_addresses_is_no_address(address: str) -> None:
    assert faults(replace(LETTER, reply_to=address)) == ["Reply-To: must be one address and nothing else"]


ANYTHING = st.text(max_size=40) | st.text(st.sampled_from('a@b.example<>,;: \r\n=?"\x85\u2029é\ud800'), max_size=40)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_a_letter_is_refused_or_arrives_as_planned(
    name: str, email: str, subject: str, known_by: str, header: str, value: str
) -> None:
    for change in (
        {"recipient_name": name, "subject": subject},
        {"recipient_email": email},
        {"message_id": known_by},
        {"extra_headers": ((header, value),)},
        {"attachments": (encode_attachment(name, b""),)},
    ):
        letter = replace(LETTER, **change)
        if not faults(letter):
            assert b"".join(build(letter)) == as_bytes(letter)
            assert parse_back(without_attachments(letter), letter) == []


def test_a_letter_as_planned_shows_no_difference() -> None:
    assert parse_back(PLANNED, LETTER) == []
    assert parse_back(as_bytes(LETTER), LETTER) == []


@pytest.mark.parametrize(
    ("before", "after", "phrase"),
    [
        (b"Subject:", b"Bcc: eve@x.example\r\nSubject:", "the headers read"),
        (b"Subject:", b"Cc: eve@x.example\r\nSubject:", "the headers read"),
        (b"Subject:", b"To: eve@x.example\r\nSubject:", "the headers read"),
        (b"Reply-To: replies@example.org\r\n", b"", "the headers read"),
        (b"To: Open", b"TO: Open", "the headers read"),
        (b"policy@openforum.example", b"eve@x.example", "To reads eve@x.example"),
        (b"<policy@openforum.example>", b"<policy@openforum.example>, eve@x.example", "To reads"),
        (b"Open Forum Europe", b"OFE", "the name in To reads 'OFE'"),
        (b"Open Forum Europe", b"=?utf-8?q?=C3?=", "the name in To reads"),
        (b"From: Alex", b"From: Max", "the name in From reads 'Max Example'"),
        (b": replies@", b": eve@", "Reply-To reads eve@example.org"),
        (b"Subject: Digital", b"Subject: Analogue", "the subject reads 'Analogue infrastructure'"),
        (b"Subject: Digital", b"Subject: Digital\n", "a line end is alone"),
        (b"Dear all,", "Dear äll,".encode(), "bytes outside ASCII"),
        (b"Dear all,", b"D" * 999, "a line has more than 998 bytes"),
        (b"application/pdf", b"text/plain", "the parts read"),
        (b"--=_alternative", b"--=_missing", "the parts read"),
    ],
)
def test_every_difference_from_the_plan_is_noticed(before: bytes, after: bytes, phrase: str) -> None:
    assert before in PLANNED
    differences = parse_back(PLANNED.replace(before, after), LETTER)
    assert any(phrase in difference for difference in differences), differences


def test_a_body_that_ends_too_early_is_noticed() -> None:
    cut = PLANNED[: PLANNED.rindex(b"\r\n--")]
    assert parse_back(cut, LETTER) == ["the structure of the letter is damaged"]
