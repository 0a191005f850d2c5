"""Bytes of any encoding become text, and what was decoded wrongly is put right and said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import SourceNotText, SourceTooLarge
from outreach.intake.text import LARGEST, decoded


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Grüße".encode(), "Grüße"),
        ("\ufeffGrüße".encode(), "Grüße"),
        ("Grüße".encode("utf-16"), "Grüße"),
        ("Grüße aus Köln, schöne Füße überall".encode("cp1252"), "Grüße aus Köln, schöne Füße überall"),
        ("Zażółć gęślą jaźń i dobrze, że jesteś".encode("cp1250"), "Zażółć gęślą jaźń i dobrze, że jesteś"),
        (b"a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_text_of_any_encoding_is_read(data: bytes, text: str) -> None:
    assert decoded(data, "x.md").text == text
    assert not decoded(data, "x.md").repaired


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("â‚¬23M", "€23M"),
        ("‚Ç¨23M", "€23M"),
        ("FrÃ¼hling", "Frühling"),
        ("â€œsoâ€\x9d", "“so”"),
        ("CafÃ©", "Café"),
        ("GrÃ¶ÃŸe", "Größe"),
        ("√ºber", "über"),
    ],
)
def test_what_was_decoded_wrongly_is_put_right_and_said(wrong: str, right: str) -> None:
    found = decoded(f"first\nit is {wrong} now\n".encode(), "x.md")
    assert right in found.text
    assert [number for number, _ in found.repaired] == [2]


def test_a_line_in_another_encoding_is_put_right_and_said() -> None:
    found = decoded("Ü\nß\nö\n".encode() + b"M\xfcller", "x.md")
    assert found.text.endswith("Müller")
    assert found.repaired[0][0] == 4


@pytest.mark.parametrize("data", [b"%PDF-1.7 x", b"PK\x03\x04abc", b"\x89PNG\r\n", b"a\0b", bytes(range(32)) * 9])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceNotText, match="not text"):
        decoded(data, "x.md")


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(SourceTooLarge, match="50 MB"):
        decoded(b"a" * (LARGEST + 1), "x.md")


@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert decoded(text.encode(), "x.md").text == text
