"""What messages are: a corpus with its confusion table, and what no message may ever be taken for."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.inbox import reading
from outreach.inbox.away import away_until
from outreach.inbox.known import Known, known, who_we_are
from outreach.inbox.matching import match
from outreach.inbox.quoting import own_text
from outreach.inbox.reading import read, read_head
from outreach.inbox.sorting import sort
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.event import EventKind
from outreach.model.mail import MailKind
from outreach.model.past import ContactPast, SentLetter
from tests.inbox.corpus import OURS, SUBJECT, corpus
from tests.inbox.messages import DAY, bounce, message

PEOPLE = {MailKind.ANSWER, MailKind.WRONG_PERSON, MailKind.OPT_OUT}
CORPUS = corpus()


def test_the_corpus_is_sorted(capsys: pytest.CaptureFixture[str]) -> None:
    table: Counter[tuple[MailKind, MailKind]] = Counter()
    wrong = []
    for case in CORPUS:
        found = sort(read(case.data))
        table[case.kind, found.kind] += 1
        if found.kind is not case.kind:
            wrong.append((case.source, str(case.kind), str(found.kind), found.rule))
    with capsys.disabled():
        print(f"\n{len(CORPUS)} messages; a row is what they are, a column what they were taken for")
        kinds = [kind for kind in MailKind if any(kind in pair for pair in table)]
        print(" " * 14 + "".join(f"{kind[:10]:>11}" for kind in kinds))
        for row in kinds:
            print(f"{row:<14}" + "".join(f"{table[row, column] or '.':>11}" for column in kinds))
    assert len(CORPUS) >= 300
    assert not wrong


def test_no_human_answer_is_taken_for_a_machines() -> None:
    people = [case for case in CORPUS if case.kind in PEOPLE]
    assert len(people) > 100
    assert not [case.source for case in people if sort(read(case.data)).kind not in PEOPLE]


def test_return_dates_are_read_where_they_are_named() -> None:
    wrong = [
        (case.source, sort(read(case.data)).away_until)
        for case in CORPUS
        if case.away_until and sort(read(case.data)).away_until != case.away_until
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("I am back on February 3.", date(2026, 2, 3)),
        ("until Jan 5", date(2027, 1, 5)),
        ("bis 03.02.", date(2026, 2, 3)),
        ("Zurück am Montag, 02.02.2026", date(2026, 2, 2)),
        ("away from 1.2.2026 until 2026-02-10", date(2026, 2, 10)),
        ("I founded this until 1999-01-01", None),
        ("until further notice", None),
        ("until 31.02.2026", None),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, until: date | None) -> None:
    assert away_until(text, datetime(2026, 1, 20, tzinfo=UTC)) == until


@given(st.text(max_size=300), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_a_return_date_never_lies_in_the_past_or_far_ahead(text: str, at: datetime) -> None:
    found = away_until(f"until {text}", at.replace(tzinfo=UTC))
    assert found is None or timedelta(0) <= found - at.date() <= timedelta(days=370)


@given(st.binary(max_size=600))
def test_whatever_bytes_there_are_they_are_read_or_left(data: bytes) -> None:
    try:
        assert sort(read(data)).rule
        read_head(data)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        pass  # what `sync` counts as malformed, and goes on


LINES = [
    "From: Kim <kim@org.example>", "from: other@org.example", "To: a@b.example, c@d.example", "Subject: Rivers",
    "Subject: Re: =?utf-8?q?J=C3=A1?=", "  and lakes", "\tfolded", "In-Reply-To: <a@b>", "References: <a@b>\r\n <c@d>",
    "Date: Mon, 1 Jun 2026 10:00:00 +0200", "Return-Path: <>", "Content-Type: text/plain", "no header at all",
    "Content-Type: multipart/report; report-type=delivery-status", "From kim Mon Jun  1", "Subject:", "X-Odd name: 1",
    "Message-ID: <x@y>", "Subject: Grüße", ": empty", "Cc: kim@org.example (Kim)", "\x0b", "a\x1cb: c",
]  # fmt: skip


@given(lines=st.lists(st.sampled_from(LINES), max_size=8))
@example(lines=["From: Kim <kim@org.example>", "from: other@org.example"])
@example(lines=["Content-Type: multipart/report; report-type=delivery-status", "Subject:"])
@example(lines=["Subject: Rivers", "no header at all", "From: Kim <kim@org.example>"])
@example(lines=["Subject: Grüße"])
def test_headers_read_fast_are_those_that_the_library_reads(lines: list[str]) -> None:
    data = "\r\n".join([*lines, "", "Yes."]).encode()
    fast = read_head(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_plain_headers", lambda head: None)
        assert fast == read_head(data)


@given(
    st.lists(
        st.sampled_from(["Yes.", "> quoted", "", "-- ", "On Monday, Kim wrote:", "-----Original Message-----"]),
        max_size=12,
    )
)
def test_the_own_text_quotes_nothing(lines: list[str]) -> None:
    found = own_text("\n".join(lines))
    assert not any(line.startswith(">") for line in found.splitlines())
    assert set(found.splitlines()) <= {line.strip() for line in lines} | set(lines)


# --- the ladder ----------------------------------------------------------------------------------------


def contact(name: str, *addresses: str, website: str | None = None) -> Contact:
    channels = tuple(Channel(kind=ChannelKind.EMAIL, address=address, role="general") for address in addresses)
    return Contact(id=name, name=name.title(), file="contacts/all.csv", channels=channels, website=website)


@pytest.fixture
def world() -> Known:
    letter = SentLetter(
        wave="one",
        step=0,
        kind=EventKind.ACCEPTED,
        at=DAY,
        via="smtp",
        address="info@org.example",
        message_id=OURS,
        said=SUBJECT,
    )
    contacts = [
        contact("org", "info@org.example", website="https://www.org-site.example/about"),
        contact("free", "someone@gmail.com"),
        contact("twin-a", "a@twin.example"),
        contact("twin-b", "b@twin.example"),
    ]
    return known(
        contacts, {"org": ContactPast(contact="org", letters=(letter,))}, who_we_are(["alex@sender.example"], [], [])
    )


def rung(world: Known, data: bytes) -> tuple[str, str] | None:
    found = match(read(data), world)
    return (found.contact, found.rung) if found else None


def test_each_rung_of_the_ladder_holds(world: Known) -> None:
    assert rung(world, message("x@anywhere.example", "Yes", answers=OURS)) == ("org", "a reply in the thread")
    assert rung(world, bounce("x@y.example", returned=OURS)) == ("org", "our Message-ID in what it returns")
    rewritten = bounce("x@y.example", returned=OURS, id_header="X-Microsoft-Original-Message-ID")
    assert rung(world, rewritten) == ("org", "our Message-ID in what it returns")
    replaced = bounce("info@org.example", returned="<other@ses.example>", original_subject=SUBJECT)
    assert rung(world, replaced) == ("org", "recipient and subject of what it returns")
    assert rung(world, message("info@org.example", "Yes", subject=f"AW: {SUBJECT}")) == (
        "org",
        "the contact's address and the letter's subject",
    )
    assert rung(world, message("jo@org.example", "Yes", subject=f"Re: {SUBJECT}")) == (
        "org",
        "the organisation's domain and the letter's subject",
    )
    assert rung(world, message("jo@org-site.example", "Hello", subject="Your idea")) == (
        "org",
        "the organisation's domain",
    )
    assert rung(world, message("someone@gmail.com", "Hello", subject="Your idea")) == ("free", "the contact's address")


@pytest.mark.parametrize("sender", ["other@gmail.com", "c@twin.example", "x@nowhere.example"])
def test_below_the_last_rung_nobody_is_guessed(world: Known, sender: str) -> None:
    assert rung(world, message(sender, "Hello", subject="Your idea")) is None


def test_our_own_mail_is_nobodys_answer(world: Known) -> None:
    assert rung(world, message("alex@sender.example", "Hello", subject="Notes to myself")) is None


@pytest.mark.parametrize("charset", ["punycode", "PunyCode", "idna"])
def test_an_encoding_of_names_is_not_one_of_texts(charset: str) -> None:
    head = f"From: a@b.example\r\nMessage-ID: <x@y>\r\nContent-Type: text/plain; charset={charset}\r\n"
    assert read(f"{head}Subject: =?{charset}?q?abc?=\r\n\r\nHello-there".encode()).text == "Hello-there"


def test_of_a_header_without_end_only_the_beginning_is_read() -> None:
    def recipients(number: int) -> tuple[str, ...]:
        written = ", ".join(f"a{each:05}@b.example" for each in range(number))
        return read(f"From: a@b.example\r\nCc: {written}\r\n\r\nHello".encode()).recipients

    assert len(recipients(1_000)) == 1_000
    assert len(recipients(50_000)) < 5_000


@pytest.mark.parametrize("field", ["From", "To", "Cc", "Sender"])
def test_brackets_that_open_by_the_thousand_hide_no_sender(field: str) -> None:
    data = f"From: a@b.example\r\nTo: b@c.example\r\n{field}: {'(' * 5_000} d@e.example\r\n\r\nHello"
    assert read(data.encode()).text == "Hello"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_subject_with_letters_beyond_ascii_as_they_stand_is_read(encoding: str) -> None:
    data = message("kim@org.example", "ok", subject="Re: SUBJECT").replace(b"Re: SUBJECT", "Re: Größe".encode(encoding))
    assert read(data).subject == read_head(data).subject == "Re: Größe"


MUTATIONS = int(os.environ.get("OUTREACH_MUTATIONS", "150"))


def test_damaged_messages_are_read_and_sorted_without_a_crash() -> None:
    """Bytes turned, two messages joined, lines shuffled or lost, out of the corpus and of what was once too much."""
    odd = [
        b"Subject: =?\xc3\xb6tf-8?q?a?=\n\nx",
        b"Content-Type: text/plain; charset*=utf-8''%FF\n\n\xff",
        b'Content-Type: text/plain; charset="a\x00b"\n\nx',
    ]
    chance, given = random.Random(MUTATIONS), [case.data for case in CORPUS]
    for number in range(MUTATIONS):
        data, other = bytearray(chance.choice(given)), chance.choice(given)
        lines = bytes(data).split(b"\n")
        if number % 4 == 0:
            for _ in range(9):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif number % 4 == 1:
            data = data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]
        elif number % 4 == 2:
            chance.shuffle(lines)
        odd.append(bytes(data) if number % 4 < 2 else b"\n".join(each for each in lines if chance.random() > 0.2))
    for each in odd:
        read_head(each)
        assert sort(read(each)).kind in MailKind
