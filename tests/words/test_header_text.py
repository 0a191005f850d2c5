"""Names and subjects are data: what could write a header of its own is refused, scripts of the world are not."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.words.header_text import header_fault


@pytest.mark.parametrize(
    "text",
    [
        "Open Forum Europe",
        "Blåelv kommune – Øvre Ælvdal",
        "جمعية نهر",
        "עמותת\u200f נחל",
        "Amigos 🦦 👩‍👩‍👧",
        "Tordela & Vale <Norte>",
        'Joana, "a do rio"',
        "What does x=? mean",
        "",
    ],
)
def test_names_of_the_world_are_fine(text: str) -> None:
    assert header_fault(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Eve\nBcc: eve@x.example", "line break"),
        ("Eve\rBcc", "line break"),
        ("Eve\u2028Bcc", "line break (U+2028)"),
        ("Eve\u2029Bcc", "line break"),
        ("Eve\x85Bcc", "line break (U+0085)"),
        ("Eve\tBcc", "control character (U+0009)"),
        ("Eve\x1b[31m", "control character"),
        ("Eve\x00", "control character"),
        ("Eve\u202egpj", "direction"),
        ("Eve\u202dgpj", "direction"),
        ("Eve\ud800", "half a character"),
        ("=?UTF-8?Q?Eve=0ABcc:_e@x.example?= é", "encoded-word"),
        ("a =?utf-8?b?eA==?= b", "encoded-word"),
        ("=?utf-8?q?a b\u00e9 c?=", "encoded-word"),
    ],
)
def test_what_could_forge_a_header_is_refused(text: str, words: str) -> None:
    assert words in (header_fault(text) or "")


@given(st.text(st.sampled_from(list("ab=?QqBb_ \u00e9\n\r\t:@")), max_size=40))
def test_what_is_let_through_stays_one_header(text: str) -> None:
    if header_fault(text) is not None:
        return
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"é {text}"
    head = message.as_bytes().split(b"\r\n\r\n")[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert names == [b"Subject"]
