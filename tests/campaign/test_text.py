"""Bytes become text, or a Problem that says which line and how to fix it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.text import decode, read_text


def test_a_byte_order_mark_and_other_line_ends_do_not_matter() -> None:
    assert decode(b"\xef\xbb\xbfa: b\r\nc\rd\n") == ("a: b\nc\nd\n", [])


def test_latin_1_bytes_name_their_line_and_how_it_reads() -> None:
    text, (finding,) = decode("one\r\ntwo\r\nBürö für alles\r\n".encode("cp1252"))
    assert text is None
    assert (finding.line, finding.code) == (3, "not-utf-8")
    assert "Bürö für alles" in finding.hint
    assert "UTF-8" in finding.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_recognised(encoding: str) -> None:
    data = "name: x\n".encode(encoding)
    _, findings = decode(data if encoding == "utf-16" else b"\xfe\xff" + data)
    assert [finding.code for finding in findings] == ["not-utf-8"]
    assert "UTF-16" in findings[0].message


def test_control_characters_are_found_in_every_line_that_has_one() -> None:
    text, findings = decode(b"a\nb\x00c\nd\n\x1b[31m\x07\n")
    assert text == "a\nb c\nd\n [31m \n"
    assert [(f.line, f.code) for f in findings] == [(2, "bad-character"), (4, "bad-character")]
    assert "U+0000" in findings[0].message


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    text, findings = decode(data)
    assert text is not None or findings
    assert all(1 <= finding.line <= data.count(b"\n") + data.count(b"\r") + 1 for finding in findings)


def test_what_is_no_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(64_000_000)
    for name, word in [
        ("gone", "does not exist"),
        ("folder", "folder"),
        ("pipe", "ordinary"),
        ("loop", "link"),
        ("huge", "MB"),
    ]:
        text, (finding,) = read_text(tmp_path, name)
        assert text is None
        assert finding.code == "unreadable-file"
        assert word in finding.message
        assert finding.hint


def test_a_link_inside_the_campaign_is_read_and_one_that_leads_out_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "campaign").mkdir()
    (tmp_path / "campaign/there").write_text("a")
    (tmp_path / "campaign/link").symlink_to("there")
    assert read_text(tmp_path / "campaign", "link") == ("a", [])
    (tmp_path / "outside").write_text("b")
    (tmp_path / "campaign/out").symlink_to(tmp_path / "outside")
    text, (finding,) = read_text(tmp_path / "campaign", "out")
    assert text is None
    assert finding.code == "unreadable-file"
    assert "leads out of the campaign folder" in finding.message
    assert "outreach trust" in finding.hint
