"""Attachments: the right type, a name that every parser reads, and base64 as mailers expect it."""

from __future__ import annotations

import hashlib
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.letters.mime import EncodedAttachment, encode_attachment


def opened(attachment: EncodedAttachment) -> EmailMessage:
    part = message_from_bytes(attachment.encoded, policy=policy.default)
    assert isinstance(part, EmailMessage)
    return part


@pytest.mark.parametrize(
    ("filename", "kind"),
    [
        ("brief.pdf", "application/pdf"),
        ("BRIEF.PDF", "application/pdf"),
        ("a.b.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("table.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("photo.jpeg", "image/jpeg"),
        ("date.ics", "text/calendar"),
        ("source.tar.gz", "application/gzip"),
        ("unknown.xyz", "application/octet-stream"),
        ("no-suffix", "application/octet-stream"),
        (".pdf", "application/octet-stream"),
        ("forwarded.eml", "application/octet-stream"),
    ],
)
def test_the_type_follows_from_the_name(filename: str, kind: str) -> None:
    attachment = encode_attachment(filename, b"x")
    assert attachment.media_type == opened(attachment).get_content_type() == kind


def test_the_digest_and_the_size_are_those_of_the_file() -> None:
    attachment = encode_attachment("a.bin", bytes(1000))
    assert attachment.size == 1000
    assert attachment.sha256 == hashlib.sha256(bytes(1000)).hexdigest()
    assert attachment.encoded.startswith(attachment.head)
    assert attachment.head.endswith(b"\r\n\r\n")


def test_base64_lines_are_76_characters_long() -> None:
    attachment = encode_attachment("a.bin", bytes(range(256)) * 10)
    lines = attachment.encoded.removeprefix(attachment.head).split(b"\r\n")
    assert lines[-1] == b""
    assert {len(line) for line in lines[:-2]} == {76}
    assert 0 < len(lines[-2]) <= 76


def test_text_in_utf_8_says_so_and_other_text_claims_nothing() -> None:
    assert opened(encode_attachment("a.csv", "ä;ö".encode())).get_content() == "ä;ö"
    assert opened(encode_attachment("a.csv", "ä".encode("latin-1"))).get_content_charset() is None


@pytest.mark.parametrize("filename", ["brief.pdf", "policy brief (final), v1.1; Alex's.pdf", "100% done.pdf"])
def test_a_plain_name_stands_as_it_is(filename: str) -> None:
    assert f'filename="{filename}"\r\n'.encode() in encode_attachment(filename, b"x").head


@pytest.mark.parametrize(
    "filename",
    ["Bericht Ä.pdf", 'a "quoted" one.pdf', "back\\slash.pdf", "=?utf-8?q?x?=.pdf", "n" * 100 + ".pdf"],
)
def test_every_other_name_is_written_by_rfc_2231(filename: str) -> None:
    head = encode_attachment(filename, b"x").head
    assert b"filename*" in head
    assert b'filename="' not in head


FILENAMES = st.text(
    st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs", "Cf")), min_size=1
) | st.text(st.sampled_from("aZ.,;:'\"%*=?\\ ()<>@üß👩\u200d👧ע\u202e"), min_size=1, max_size=300)
# The library's parser takes off what it believes to be quoting: outer spaces, `<...>`, `"..."`.
READABLE_FILENAMES = FILENAMES.filter(lambda name: name == unquote(name.strip()))


@given(READABLE_FILENAMES, st.binary(max_size=500))
@example("👩‍👩‍👧" * 60 + ".pdf", b"")
@example("a'b''c%20*0*=.pdf", b"\r\n.\r\n")
@example("ü", b"\0" * 57)
def test_every_name_and_content_arrives_as_it_was(filename: str, content: bytes) -> None:
    attachment = encode_attachment(filename, content)
    part = opened(attachment)
    assert part.is_attachment()
    assert part.get_filename() == filename
    assert part.get_payload(decode=True) == content
    assert not part.defects
    lines = attachment.encoded.split(b"\r\n")
    assert attachment.encoded.isascii()
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(len(line) <= 78 for line in lines if not line.startswith(b"Content-Type"))


def test_half_a_character_in_a_name_does_not_stop_the_encoding() -> None:
    assert b"filename*=utf-8''a%3F.pdf" in encode_attachment("a\udcff.pdf", b"x").head
