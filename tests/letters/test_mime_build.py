"""A letter as bytes: what stands in it, how it is folded, and that any parser reads it alike."""

from __future__ import annotations

import hashlib
import re
from binascii import a2b_qp
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.letters.mime import (
    Message,
    as_bytes,
    build,
    building,
    digest,
    encode_attachment,
    faults,
    header_names,
    message_id,
    parse_back,
    without_attachments,
)
from outreach.letters.mime.building import assembled, quoted_printable
from outreach.words.header_text import header_fault

LETTER = Message(
    sender_name="Alex Example",
    sender_email="alex@example.org",
    recipient_name="Open Forum Europe",
    recipient_email="policy@openforum.example",
    subject="Digital infrastructure",
    message_id="<first@example.org>",
    text="Dear all,\n\nhello.\n",
)
HTML = replace(LETTER, html="<p>Dear all,</p>\n<p>hello.</p>\n")
BRIEF = encode_attachment("brief.pdf", b"%PDF-1.4 not really")
FULL = replace(HTML, attachments=(BRIEF,))

GOLDEN = """\
From: "Example, Alex" <alex@example.org>
To: =?utf-8?b?QsO8cm8gw4RybWVsa2FuYWw=?= <buero@xn--rmel-koa.example>
Reply-To: replies@example.org
Subject: =?utf-8?q?Offene_Infrastruktur_f=C3=BCr_Europa=3A_eine_?=
 =?utf-8?q?kurze_Bitte_an_Sie_alle?=
Message-ID: <tegl7pcyyeijxgalzmlzcfq7yosmrmhw@example.org>
In-Reply-To: <first@example.org>
References: <first@example.org> <second@example.org>
 <third-with-a-long-name-of-its-own@example.org>
X-Unsent: 1
MIME-Version: 1.0
Content-Type: multipart/mixed;
 boundary="=_mixed_bc1f26c723d12d249f1db9f4"

--=_mixed_bc1f26c723d12d249f1db9f4
Content-Type: multipart/alternative;
 boundary="=_alternative_bc1f26c723d12d249f1db9f4"

--=_alternative_bc1f26c723d12d249f1db9f4
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe=20
=2E
=46rom here on, one line that is so long that it has to be broken in the mi=
dd=
le.

--=_alternative_bc1f26c723d12d249f1db9f4
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<p>Gr=C3=BC=C3=9Fe</p>

--=_alternative_bc1f26c723d12d249f1db9f4--

--=_mixed_bc1f26c723d12d249f1db9f4
Content-Type: application/pdf
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
 filename*=utf-8''Stellungnahme%20%C3%84.pdf

JVBERi0xLjQ=

--=_mixed_bc1f26c723d12d249f1db9f4--
"""


def normalised(text: str) -> str:
    """Text with CRLF for every line end, the last line's included."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return (unix if unix.endswith("\n") else unix + "\n").replace("\n", "\r\n")


def parsed(message: Message) -> EmailMessage:
    letter = message_from_bytes(as_bytes(message), policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def raw(message: Message, field: str) -> str:
    """A header as an independent reader unfolds and decodes it."""
    value = message_from_bytes(as_bytes(message))[field].replace("\r\n", "").replace("\n", "")
    return str(make_header(decode_header(value)))


def header_block(message: Message) -> list[bytes]:
    return as_bytes(message).partition(b"\r\n\r\n")[0].split(b"\r\n")


def golden_letter() -> Message:
    return Message(
        sender_name="Example, Alex",
        sender_email="alex@example.org",
        recipient_name="Büro Ärmelkanal",
        recipient_email="buero@xn--rmel-koa.example",
        reply_to="replies@example.org",
        subject="Offene Infrastruktur für Europa: eine kurze Bitte an Sie alle",
        message_id=message_id("alliance", "lobbying", "buero", 2, "example.org"),
        in_reply_to="<first@example.org>",
        references=(
            "<first@example.org>",
            "<second@example.org>",
            "<third-with-a-long-name-of-its-own@example.org>",
        ),
        extra_headers=(("X-Unsent", "1"),),
        text="Grüße \n.\nFrom here on, one line that is so long that it has to be broken in the middle.",
        html="<p>Grüße</p>",
        attachments=(encode_attachment("Stellungnahme Ä.pdf", b"%PDF-1.4"),),
    )


def test_a_letter_has_exactly_these_bytes_on_every_machine() -> None:
    assert as_bytes(golden_letter()).decode("ascii") == GOLDEN.replace("\n", "\r\n")
    assert parse_back(as_bytes(golden_letter()), golden_letter()) == []


def test_nothing_of_the_clock_or_the_machine_is_written() -> None:
    names = [name.lower() for name in parsed(FULL)]
    assert not {"date", "user-agent", "x-mailer", "received", "sender"} & set(names)


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        (LETTER, ["text/plain"]),
        (HTML, ["multipart/alternative", "text/plain", "text/html"]),
        (replace(LETTER, attachments=(BRIEF,)), ["multipart/mixed", "text/plain", "application/pdf"]),
        (FULL, ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]),
    ],
)
def test_the_structure_follows_from_what_the_letter_has(message: Message, kinds: list[str]) -> None:
    letter = parsed(message)
    assert [part.get_content_type() for part in letter.walk()] == kinds
    assert not [part.defects for part in letter.walk() if part.defects]
    assert tuple(letter.keys()) == header_names(message)


def test_text_html_and_attachment_open_in_the_standard_parser() -> None:
    letter = parsed(replace(FULL, text="Grüße 👋\nund מה\n", html="<p>Grüße</p>\n"))
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == "Grüße 👋\nund מה\n"
    assert html is not None
    assert html.get_content().replace("\r\n", "\n") == "<p>Grüße</p>\n"
    (attached,) = letter.iter_attachments()
    assert attached.is_attachment()
    assert attached.get_filename() == "brief.pdf"
    assert attached.get_content() == b"%PDF-1.4 not really"


@pytest.mark.parametrize("message", [FULL, replace(LETTER, attachments=(BRIEF,)), HTML])
def test_a_draft_that_only_names_its_attachments_is_the_letter_without_them(message: Message) -> None:
    named = ("X-Outreach-Attachments", "brief.pdf")
    assert assembled(message).bare().pieces(named) == build(replace(message, attachments=()), named)


def test_attachments_are_spliced_in_and_never_copied() -> None:
    pieces = build(FULL)
    assert any(piece is BRIEF.encoded for piece in pieces)
    assert b"".join(pieces) == as_bytes(FULL)


def test_a_first_letter_refers_to_itself_and_a_follow_up_to_the_letters_before_it() -> None:
    assert parsed(LETTER)["References"] == "<first@example.org>"
    later = replace(
        LETTER, message_id="<b@example.org>", in_reply_to="<a@example.org>", references=("<a@example.org>",)
    )
    assert parsed(later)["References"] == "<a@example.org>"
    assert parsed(later)["In-Reply-To"] == "<a@example.org>"


def test_long_ids_and_links_are_folded_at_spaces_and_never_encoded() -> None:
    long_ids = tuple(f"<{'a' * 100}{number}@example.org>" for number in range(3))
    unsubscribe = f"<mailto:alex+unsub-{'t' * 90}@example.org?subject=x>, <https://example.org/{'u' * 90}>"
    letter = replace(
        LETTER,
        in_reply_to=long_ids[0],
        references=long_ids,
        extra_headers=(("List-Unsubscribe", unsubscribe),),
    )
    assert b"=?" not in as_bytes(letter)
    assert message_from_bytes(as_bytes(letter))["References"].split() == list(long_ids)
    assert message_from_bytes(as_bytes(letter))["List-Unsubscribe"].replace("\r\n", "").replace("\n", "") == unsubscribe
    assert all(len(line.split()) <= 2 for line in header_block(letter) if b"aaa" in line)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Open Forum", b"To: Open Forum <"),
        ("Example, Inc.", b'To: "Example, Inc." <'),
        ('The "Lab" \\ Co', b'To: "The \\"Lab\\" \\\\ Co" <'),
        ("a@b.example", b'To: "a@b.example" <'),
        ("", b"To: policy@openforum.example\r\n"),
        ("Two  spaces", b"To: =?utf-8?q?Two__spaces?= <"),
        ("Jürgen", b"To: =?utf-8?q?J=C3=BCrgen?= <"),
    ],
)
def test_names_are_quoted_or_encoded_as_they_need(name: str, written: bytes) -> None:
    letter = replace(LETTER, recipient_name=name)
    assert written in as_bytes(letter)
    assert parse_back(as_bytes(letter), letter) == []


@pytest.mark.parametrize(
    "name",
    [
        "Förderverein für freie und offene Infrastruktur in Österreich, Büro Wien",
        "Gesellschaft zur Förderung der digitalen Souveränität (gemeinnützige GmbH) e. V.",
        "The Foundation for Free Software, Open Standards, Open Hardware and Public Code, Inc.",
        "Fédération internationale des développeurs de logiciels libres et de l’éducation",
    ],
)
def test_a_long_name_reads_well_in_the_standard_parser(name: str) -> None:
    (address,) = parsed(replace(LETTER, recipient_name=name))["To"].addresses
    assert address.display_name == name


@pytest.mark.parametrize("text", ["=?utf-8?q?Eve?=", "a =?utf-8?q?Eve?= b", "=?UTF-8?Q?Eve=0ABcc:_e@x.example?="])
def test_what_looks_encoded_is_encoded_itself_and_never_taken_at_its_word(text: str) -> None:
    letter = replace(LETTER, subject=text, recipient_name=text)
    assert raw(letter, "Subject") == text
    assert parse_back(as_bytes(letter), letter) == []


@pytest.mark.parametrize(
    "change",
    [
        {"recipient_name": "Eve\r\nBcc: e@x.example"},
        {"subject": "a\nb"},
        {"subject": "a\u2028b"},
        {"recipient_email": "a@x.example, b@y.example"},
        {"message_id": "<a@x.example>\r\nBcc: <b@y.example>"},
        {"references": ("a b",)},
        {"extra_headers": (("X-A", "1\r\nBcc: e@x.example"),)},
        {"extra_headers": (("X-A: b\r\nBcc", "e@x.example"),)},
        {"extra_headers": (("X-A", "ü"),)},
        {"extra_headers": (("X-A", "x" * 1000),)},
    ],
)
def test_what_could_forge_a_header_is_never_built(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"header|address|Message-ID"):
        build(replace(LETTER, **change))


# --- digests and ids -----------------------------------------------------------------------------


def test_the_digest_ignores_what_only_drafts_or_sent_letters_have() -> None:
    sent = replace(FULL, extra_headers=(("Date", "Tue, 13 Jan 2026 09:00:00 +0100"), ("X-Unsent", "1")))
    assert digest(sent) == digest(FULL)
    assert re.fullmatch("[0-9a-f]{64}", digest(FULL))


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Digital infrastructures"},
        {"recipient_email": "press@openforum.example"},
        {"text": "Dear all,\n\nHello.\n"},
        {"html": None},
        {"extra_headers": (("Precedence", "bulk"),)},
        {"attachments": (encode_attachment("brief.pdf", b"%PDF-1.4 not reallY"),)},
        {"attachments": (encode_attachment("Brief.pdf", b"%PDF-1.4 not really"),)},
        {"attachments": ()},
    ],
)
def test_the_digest_changes_with_anything_a_recipient_could_see(change: dict[str, object]) -> None:
    assert digest(replace(FULL, **change)) != digest(FULL)


def test_without_attachments_their_digests_stand_for_them() -> None:
    stripped = without_attachments(FULL)
    assert BRIEF.sha256.encode() in stripped
    assert hashlib.sha256(b"%PDF-1.4 not really").hexdigest() == BRIEF.sha256
    big = replace(FULL, attachments=(encode_attachment("big.bin", bytes(10**6)),))
    assert len(without_attachments(big)) < 3000


def test_a_message_id_is_stable_and_tells_nothing() -> None:
    known_by = message_id("alliance", "lobbying", "openforum", 0, "example.org")
    assert known_by == message_id("alliance", "lobbying", "openforum", 0, "example.org")
    assert re.fullmatch("<[a-z2-7]{32}@example.org>", known_by)


SLUGS = st.text("ab-0/\x00", max_size=4)
IDENTITIES = st.tuples(SLUGS, SLUGS, SLUGS, st.integers(0, 12))


@given(IDENTITIES, IDENTITIES)
@example(("a", "bc", "d", 1), ("ab", "c", "d", 1))
@example(("a", "b", "c", 11), ("a", "b", "c1", 1))
def test_different_letters_have_different_ids(one: tuple[str, str, str, int], other: tuple[str, str, str, int]) -> None:
    assert (message_id(*one, "x.example") == message_id(*other, "x.example")) == (one == other)


# --- bodies --------------------------------------------------------------------------------------

BODIES = st.text(st.one_of(st.sampled_from("a.F \t\n\r=ü👋-_"), st.characters(codec="utf-8"))) | st.lists(
    st.sampled_from(["From ", ".", " ", "\n", "\r\n", "x" * 70, "y" * 76, "=", "ü", "word ", "\t", "From", "z"]),
    max_size=40,
).map("".join)


@given(BODIES)
@example("x" * 76 + " \n")
@example("." + "x" * 74 + " \n")
@example("." + "ü" * 60)
@example("x" * 75 + ".b\n")
@example("x" * 75 + "From here" + "y" * 70)
@example("no line end")
@example("")
def test_bodies_survive_and_no_mailer_has_to_touch_them(body: str) -> None:
    encoded = quoted_printable(body)
    assert a2b_qp(encoded) == normalised(body).encode()
    assert encoded.endswith(b"\r\n")
    assert encoded.isascii()
    lines = encoded.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 76
    assert not any(line.startswith((b".", b"From ", b"--=_")) for line in lines)
    assert not any(line.endswith((b" ", b"\t")) for line in lines)
    assert b"=_" not in encoded


@pytest.mark.parametrize("unit", ["ü", ".", "From ", "x"])
@pytest.mark.parametrize("start", [".", "From ", "\tFrom here"])
def test_lines_that_grow_by_their_escapes_are_broken_in_the_right_place(start: str, unit: str) -> None:
    for filling in range(80):
        body = start + "x" * filling + unit * 40
        encoded = quoted_printable(body)
        assert a2b_qp(encoded) == normalised(body).encode()
        for line in encoded.split(b"\r\n"):
            assert len(line) <= 76
            assert not line.startswith((b".", b"From "))
            assert re.fullmatch(rb"(?:[\t -<>-~]|=[0-9A-F]{2})*=?", line)


# --- headers, whatever people are called ---------------------------------------------------------

LEGAL_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200) | st.text(
    st.sampled_from("aB ,.;:<>()[]@\"'\\?=_*%üß\u0301\u200d\u202e👩👧ער漢字\u00a0\u00ad"),
    min_size=1,
    max_size=120,
)
HEADER_TEXT = LEGAL_TEXT.filter(lambda text: header_fault(text) is None)
SUBJECTS = HEADER_TEXT.filter(lambda text: text.strip() != "")


@given(name=HEADER_TEXT, sender=HEADER_TEXT, subject=SUBJECTS)
@example(name="a" * 300, sender="b " * 100, subject="c" * 1500)
@example(name="漢" * 80, sender="👩‍👩‍👧" * 20, subject="é" * 200)
@example(name=" x", sender="x ", subject=" x  y ")
@example(name="what=?", sender="?=", subject="a =? b")
def test_every_name_and_subject_arrives_as_planned(name: str, sender: str, subject: str) -> None:
    letter = replace(LETTER, recipient_name=name, sender_name=sender, subject=subject)
    assert faults(letter) == []
    assert parse_back(without_attachments(letter), letter) == []
    assert raw(letter, "Subject") == subject
    assert [address.addr_spec for address in parsed(letter)["To"].addresses] == [letter.recipient_email]
    assert len(getaddresses([raw_value(letter, "To")])) == 1
    for line in header_block(letter):
        assert len(line) <= (76 if b"=?" in line else 78)
        assert all(len(word) <= 75 for word in line.split() if word.startswith(b"=?"))
        assert line.strip() == line[line.startswith(b" ") :]


def raw_value(message: Message, field: str) -> str:
    return str(message_from_bytes(as_bytes(message))[field]).replace("\r\n", "").replace("\n", "")


@given(HEADER_TEXT.filter(lambda text: text == " ".join(text.split()) and len(text.encode()) <= 36))
def test_every_name_of_usual_length_reads_the_same_in_the_standard_parser(name: str) -> None:
    (address,) = parsed(replace(LETTER, recipient_name=name))["To"].addresses
    assert address.display_name == name


@given(
    name=HEADER_TEXT,
    subject=SUBJECTS,
    text=BODIES,
    html=st.none() | BODIES,
    attached=st.lists(st.tuples(HEADER_TEXT, st.binary(max_size=300)), max_size=3),
)
def test_a_whole_letter_is_read_back_as_it_was_planned(
    name: str, subject: str, text: str, html: str | None, attached: list[tuple[str, bytes]]
) -> None:
    files = [(f"f{file}".replace("/", "-").replace("\\", "-"), content) for file, content in attached]
    letter = replace(
        LETTER,
        recipient_name=name,
        subject=subject,
        text=text,
        html=html,
        attachments=tuple(encode_attachment(*each) for each in files),
    )
    assert faults(letter) == []
    data = as_bytes(letter)
    assert parse_back(data, letter) == parse_back(without_attachments(letter), letter) == []
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data)
    assert not re.search(rb"^\.", data, re.MULTILINE)
    parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
    bodies = [normalised(each).encode() for each in (text, html) if each is not None]
    read = [part.get_payload(decode=True) for part in parts]
    assert read == bodies + [content for _, content in files]
    assert as_bytes(letter) == data


@given(st.text("ab =.?F\xe9\t", max_size=200) | st.sampled_from(["a", "=", "From ", "a="]).map(lambda each: each * 90))
def test_a_plain_line_is_encoded_as_the_library_encodes_it(line: str) -> None:
    assert building.printable_line(line) == building._encoded_by_library(line)
