"""receipts.jsonl tells other computers what left; a broken line is a Problem, and no line is ever lost."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import CannotWrite, ReceiptKeyUnreadable, ReceiptsUnreadable
from outreach.history.address_marks import mark_of
from outreach.ledger import open_ledger
from outreach.ledger.address_keys import address_key, read_address_keys
from outreach.ledger.receipts import (
    adopt,
    elsewhere,
    hand_on,
    read_receipts,
    receipt_problems,
    write_receipts,
)
from outreach.model.event import EventKind, Receipt
from outreach.model.problem import Level
from tests.ledger.histories import DAY, letter, receipt

K = EventKind
ids = st.builds(
    "{}/{}/{}".format,
    st.sampled_from(["lobbying", "press"]),
    st.from_regex(r"[a-z-]{1,6}", fullmatch=True),
    st.integers(0, 3),
)
receipts = st.builds(
    Receipt,
    id=ids,
    at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    via=st.sampled_from(["smtp", "outbox"]),
    proof=st.text(max_size=20),
    ledger=st.text(max_size=8),
)


def lines(root: Path) -> list[str]:
    return (root / "receipts.jsonl").read_text(encoding="utf-8").splitlines()


# --- the file ----------------------------------------------------------------------------------------


@given(st.lists(receipts, max_size=8), st.lists(receipts, max_size=8))
def test_what_is_written_is_read_sorted_and_nothing_is_lost(first: list[Receipt], second: list[Receipt]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for one in first:
            write_receipts(root, [one])
        write_receipts(root, second)
        assert read_receipts(root) == (sorted({*first, *second}), [])
        if first or second:
            assert [json.loads(line)["id"] for line in lines(root)] == sorted(x.id for x in {*first, *second})


def test_a_line_has_the_promised_keys(tmp_path: Path) -> None:
    write_receipts(tmp_path, [receipt("lobbying/fsfe/0")])
    assert [json.loads(line) for line in lines(tmp_path)] == [
        {
            "id": "lobbying/fsfe/0",
            "instant": "2026-01-13T08:00:00.000000+00:00",
            "via": "smtp",
            "proof": "<lobbying.fsfe.0@example.org>",
            "ledger": "theirs",
        }
    ]


def test_a_receipt_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    write_receipts(tmp_path, [receipt("lobbying/fsfe/0")])
    before = (tmp_path / "receipts.jsonl").stat()
    write_receipts(tmp_path, [receipt("lobbying/fsfe/0")])
    after = (tmp_path / "receipts.jsonl").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_line_of_a_newer_program_stays_as_it_is(tmp_path: Path) -> None:
    theirs = f'{GOOD[:-1]}, "new": 1}}'.replace("a/b/0", "press/osi/0")
    (tmp_path / "receipts.jsonl").write_text(theirs + "\r\n", encoding="utf-8")
    write_receipts(tmp_path, [receipt("lobbying/fsfe/0")])
    assert lines(tmp_path)[1] == theirs
    assert read_receipts(tmp_path)[0][1].at == DAY


def test_no_file_is_no_receipts(tmp_path: Path) -> None:
    assert read_receipts(tmp_path) == ([], [])


GOOD = '{"id": "a/b/0", "instant": "2026-01-13T09:00:00+01:00", "via": "x", "proof": "p", "ledger": "l"}'


@pytest.mark.parametrize(
    "broken",
    [
        '{"id": "a/b/0"', "[]", "1", "[" * 100_000,
        GOOD.replace("a/b/0", "a/b"), GOOD.replace("a/b/0", "a/b/x"), GOOD.replace("a/b/0", "a//0"),
        GOOD.replace("+01:00", ""), GOOD.replace("2026-01-13", "2026-13-13"), GOOD.replace("2026-", "0001-01-01X"),
        GOOD.replace("2026-01-13T09", "0001-01-01T00"), GOOD.replace('"x"', "1"), GOOD.replace('"via"', '"by"'),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_broken_line_is_a_problem_with_its_number(tmp_path: Path, broken: str) -> None:
    text = f"{GOOD}\n\n{broken}\n{GOOD.replace('a/b/0', 'c/d/0')}\n"
    (tmp_path / "receipts.jsonl").write_text(text, encoding="utf-8")
    found, problems = read_receipts(tmp_path)
    assert [x.id for x in found] == ["a/b/0", "c/d/0"]
    assert [(p.file, p.line, p.code, p.level, p.about) for p in problems] == [
        ("receipts.jsonl", 3, "receipt-unreadable", Level.ERROR, "receipts")
    ]
    assert problems[0].hint
    with pytest.raises(ReceiptsUnreadable, match=r"^receipts.jsonl, line 3: .*\.$"):
        write_receipts(tmp_path, [receipt("lobbying/fsfe/0")])
    assert (tmp_path / "receipts.jsonl").read_text(encoding="utf-8") == text


@given(st.binary(max_size=200))
def test_no_bytes_whatever_make_it_crash(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "receipts.jsonl").write_bytes(data)
        found, problems = read_receipts(Path(folder))
        assert found == []
        assert bool(problems) == bool(data.removeprefix(b"\xef\xbb\xbf").strip())


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "receipts.jsonl").mkdir()
    assert [p.code for p in read_receipts(tmp_path)[1]] == ["receipt-unreadable"]
    with pytest.raises(ReceiptsUnreadable):
        write_receipts(tmp_path, [receipt("lobbying/fsfe/0")])


def test_a_failed_writing_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_receipts(tmp_path, [receipt("lobbying/fsfe/0")])
    before = lines(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotWrite, match="no space left"):
        write_receipts(tmp_path, [receipt("lobbying/osi/0")])
    assert lines(tmp_path) == before


def test_the_lines_of_two_people_merge_in_git(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
        return subprocess.run(["git", *names, *words], cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    start = [receipt(f"lobbying/{name}/0") for name in ("bbb", "fff", "kkk", "ppp", "ttt", "zzz")]
    write_receipts(tmp_path, start)
    git("add", "receipts.jsonl")
    git("commit", "-qm", "start")
    git("checkout", "-qb", "maria")
    write_receipts(tmp_path, [receipt("lobbying/mmm/0")])
    git("commit", "-qam", "maria's")
    git("checkout", "-q", "main")
    write_receipts(tmp_path, [receipt("lobbying/ccc/0")])
    git("commit", "-qam", "ours")
    git("merge", "-q", "maria")
    found, problems = read_receipts(tmp_path)
    assert problems == []
    assert [x.id.split("/")[1] for x in found] == ["bbb", "ccc", "fff", "kkk", "mmm", "ppp", "ttt", "zzz"]


# --- what left elsewhere -----------------------------------------------------------------------------


def test_a_fresh_ledger_lacks_everything_and_the_one_that_sent_nothing(tmp_path: Path) -> None:
    theirs = [receipt("lobbying/fsfe/0"), receipt("lobbying/osi/0")]
    with open_ledger(tmp_path) as ledger:
        assert elsewhere(ledger, theirs) == tuple(theirs)
        ledger.append(letter(K.ACCEPTED))
        assert elsewhere(ledger, theirs) == (theirs[1],)
        ledger.append(letter(K.IN_DOUBT, contact="osi"))
        assert elsewhere(ledger, theirs) == (theirs[1],)
        ledger.append(letter(K.ACCEPTED, contact="osi"), receipt=theirs[1])
        assert elsewhere(ledger, theirs) == ()


def test_a_receipt_of_our_own_that_an_older_backup_lacks_is_elsewhere_too(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ours = receipt("lobbying/fsfe/0", ledger=ledger.id)
        assert elsewhere(ledger, [ours]) == (ours,)


def test_adopting_makes_one_event_each_and_again_none(tmp_path: Path) -> None:
    theirs = [receipt("lobbying/fsfe/0", 0), receipt("lobbying/osi/1", 1, via="outbox")]
    now = DAY + timedelta(days=9)
    with open_ledger(tmp_path) as ledger:
        assert adopt(ledger, theirs, by="maria", now=now) == theirs
        events = list(ledger.events())
        assert [(x.kind, x.wave, x.contact, x.step, x.value, x.at) for x in events] == [
            (K.ADOPTED, "lobbying", "fsfe", 0, "smtp", DAY),
            (K.ADOPTED, "lobbying", "osi", 1, "outbox", DAY + timedelta(days=1)),
        ]
        assert {(x.by, x.recorded) for x in events} == {("maria", now)}
        assert adopt(ledger, theirs, by="maria", now=now) == []
        assert elsewhere(ledger, theirs) == ()
        assert len(list(ledger.events())) == 2
        assert ledger.past() == ledger.full_past()
        assert ledger.past().contacts["fsfe"].ever == {"contacted"}


def test_one_letter_with_two_receipts_is_adopted_once_with_the_earlier_instant(tmp_path: Path) -> None:
    theirs = [receipt("lobbying/fsfe/0", 2, ledger="a"), receipt("lobbying/fsfe/0", 1, ledger="b")]
    with open_ledger(tmp_path) as ledger:
        assert adopt(ledger, theirs, by="maria", now=DAY) == [theirs[1]]
        assert [x.at for x in ledger.events()] == [DAY + timedelta(days=1)]
        assert elsewhere(ledger, theirs) == ()


def test_a_post_that_was_published_elsewhere_is_a_post(tmp_path: Path) -> None:
    theirs = [receipt("launch/mastodon/0", via="mastodon", proof="https://s.example/@a/1")]
    theirs += [receipt("launch/mastodon/1", via="mastodon", proof="https://s.example/@a/2")]
    with open_ledger(tmp_path) as ledger:
        adopt(ledger, theirs, by="maria", now=DAY)
        assert ledger.past().posts["launch", "mastodon"].published == DAY
        assert ledger.past().contacts == {}
        assert elsewhere(ledger, theirs) == ()


def test_a_rehearsal_adopts_for_itself_and_writes_no_receipt(tmp_path: Path) -> None:
    theirs = [receipt("lobbying/fsfe/0")]
    with open_ledger(tmp_path) as ledger, open_ledger(tmp_path, rehearsal=True) as rehearsal:
        adopt(rehearsal, theirs, by="maria", now=DAY)
        assert elsewhere(rehearsal, theirs) == ()
        assert hand_on(rehearsal, tmp_path) == 0
        assert not (tmp_path / "receipts.jsonl").exists()
        assert elsewhere(ledger, theirs) == tuple(theirs)


def test_receipts_that_a_killed_run_did_not_write_are_handed_on_later(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append(letter(K.ACCEPTED), receipt=receipt("lobbying/fsfe/0"))
        assert hand_on(ledger, tmp_path) == 1
        assert hand_on(ledger, tmp_path) == 0
        assert read_receipts(tmp_path)[0] == ledger.receipts()


def test_an_instant_in_another_zone_is_written_in_utc(tmp_path: Path) -> None:
    there = DAY.astimezone(timezone(timedelta(hours=5, minutes=45)))
    write_receipts(tmp_path, [Receipt(id="a/b/0", at=there, via="x", proof="p", ledger="l")])
    assert '"instant": "2026-01-13T08:00:00.000000+00:00"' in lines(tmp_path)[0]


# --- which address a letter went to ------------------------------------------------------------------


def test_two_computers_that_share_the_key_mark_an_address_alike(tmp_path: Path) -> None:
    key = address_key(tmp_path)
    assert address_key(tmp_path) == key
    assert read_address_keys(tmp_path) == ((key,), [])
    assert mark_of("Info@OSI.example ", key) == mark_of("info@osi.example", key)
    assert mark_of("info@osi.example", key) != mark_of("info@osi.example", bytes(32))


def test_a_mark_travels_with_its_line_and_through_the_ledger_and_old_lines_stay_readable(tmp_path: Path) -> None:
    mark = mark_of("info@osi.example", address_key(tmp_path))
    marked, old = replace(receipt("lobbying/osi/0"), to=mark), receipt("lobbying/fsfe/0")
    with open_ledger(tmp_path) as ledger:
        ledger.add_receipts([marked, old])
        assert hand_on(ledger, tmp_path) == 2
        assert [r.to for r in ledger.receipts()] == [r.to for r in read_receipts(tmp_path)[0]] == ["", mark]
    assert "osi.example" not in (tmp_path / "receipts.jsonl").read_text(encoding="utf-8")
    assert receipt_problems(tmp_path) == []


def test_keys_that_two_people_made_before_they_met_both_count(tmp_path: Path) -> None:
    (tmp_path / "receipts.key").write_text(f"{'0b' * 32}\n{'0a' * 32}\n", encoding="ascii")
    assert read_address_keys(tmp_path) == ((b"\x0a" * 32, b"\x0b" * 32), [])
    assert address_key(tmp_path) == b"\x0a" * 32


def test_a_key_that_is_torn_or_lost_is_said_and_none_is_made_in_its_place(tmp_path: Path) -> None:
    write_receipts(tmp_path, [replace(receipt("lobbying/osi/0"), to=mark_of("info@osi.example", b"k" * 32))])
    assert [(p.code, p.file) for p in receipt_problems(tmp_path)] == [("receipt-key", "receipts.jsonl")]
    (tmp_path / "receipts.key").write_text("<<<<<<< ours\n", encoding="ascii")
    assert [(p.code, p.file, p.line) for p in receipt_problems(tmp_path)] == [("receipt-key", "receipts.key", 1)]
    with pytest.raises(ReceiptKeyUnreadable):
        address_key(tmp_path)
