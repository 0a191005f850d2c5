"""What every ledger does, wherever it lies: one class of tests for SQLite and PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from outreach.errors import AlreadyClaimed, LedgerBusy, LedgerReadOnly
from outreach.ledger import Claim, Ledger, open_ledger
from outreach.ledger.attempts import AttemptResult
from outreach.ledger.blobs import keep, kept
from outreach.ledger.blobs import place as place_of_blob
from outreach.ledger.erasing import Whom
from outreach.ledger.migrating import tables
from outreach.ledger.receipts import adopt, elsewhere
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId, PartId, VersionId
from outreach.model.mail import KeptMessage, MailKind
from outreach.model.past import Past
from outreach.model.payload import PlainPayload
from outreach.words.blanking import ERASED, Needles
from tests.ledger.histories import DAY, event, histories, letter, numbered, receipt

K = EventKind
ROOT = Path(__file__).resolve().parent.parent.parent
HISTORIES = int(os.environ.get("OUTREACH_HISTORIES", "8"))
"""How many generated histories each ledger is told; 1,000 in `make torture`."""


@pytest.fixture
def place(tmp_path: Path, kept_in: Callable[[Path], Path]) -> Path:
    """A campaign's folder, whose ledger lies in one of the databases."""
    (tmp_path / "campaign.yaml").write_text("id: small\n", encoding="utf-8")
    return kept_in(tmp_path)


WRITER = """
import sys
from pathlib import Path
from typing import Any
from outreach.ledger import Claim, Ledger, open_ledger
from tests.ledger.histories import event
from outreach.model.event import EventKind
with open_ledger(Path(sys.argv[1])) as ledger:
    for number in range(40):
        ledger.append(event(EventKind.OTHER, number, contact="fsfe", text=sys.argv[2]))
"""


def waiting_child(gate: int, lever: int, folder: Path) -> int:
    """A process that opens the ledger and appends as soon as nobody holds the lever."""
    child = os.fork()
    if child:
        return child
    try:
        os.close(lever)
        os.read(gate, 1)
        with open_ledger(folder) as ledger:
            ledger.append(event(K.CALL, contact="fsfe"))
    except BaseException:
        os._exit(1)
    os._exit(0)


def claim(ledger: Ledger, *, campaign: str, by: str, at: datetime, address: str | None = None, **names: Any) -> Claim:
    """Take the right to a letter or a part, as whoever sends does. Raises AlreadyClaimed."""
    of = PartId(**names) if "post" in names else LetterId(**names)
    wanted = Claim(id=0, campaign=campaign, at=at, by=by, of=of, address=address)
    return ledger.begin(wanted, digest="0" * 64, at=at).claim


LETTER = {"campaign": "dia", "wave": "lobbying", "step": 0, "contact": "fsfe", "address": "info@fsfe.example"}
PART = {"campaign": "dia", "post": "launch", "revision": 1, "network": "bluesky", "account": "a.example", "part": 0}


class TestEveryLedger:
    """The port."""

    def test_an_event_comes_back_as_it_was_stored(self, place: Path) -> None:
        told = letter(
            K.CALL, name="n", value="v", url="https://x.example", numbers={"likes": 3, "rate": 0.5}, owner="maria",
            post="p", due=datetime(2026, 2, 1).date(), address="A@fsfe.example", text="said yes\0\n", network="x",
        )  # fmt: skip
        with open_ledger(place) as ledger:
            stored = ledger.append(told)
        assert stored == replace(told, number=1)
        with open_ledger(place) as ledger:
            assert list(ledger.events()) == [stored]

    def test_instants_are_kept_in_utc_and_one_without_zone_is_refused(self, place: Path) -> None:
        there = datetime.fromisoformat("2026-01-13T09:00:00.000001+01:00")
        with open_ledger(place) as ledger:
            stored = ledger.append(replace(event(K.OTHER), at=there))
            assert (stored.at, stored.at.tzinfo) == (there, UTC)
            with pytest.raises(ValueError, match="no time zone"):
                ledger.append(replace(event(K.OTHER), at=datetime(2026, 1, 13)))
            assert len(list(ledger.events())) == 1

    def test_events_can_be_asked_for_by_contact_post_and_number(self, place: Path) -> None:
        told = [event(K.CALL, contact="fsfe"), event(K.POSTED, post="r-linux"), event(K.REPLY, contact="fsfe")]
        with open_ledger(place) as ledger:
            ledger.append_all(told)
            assert [x.number for x in ledger.events(contact="fsfe")] == [1, 3]
            assert [x.number for x in ledger.events(contact="fsfe", after=1)] == [3]
            assert [x.number for x in ledger.events(post="r-linux")] == [2]
            assert [x.number for x in ledger.events(after=1)] == [2, 3]
            ledger.append_all([event(K.CORRECTED, post="r-linux"), event(K.COUNTED, post="r-linux")])
            assert ledger.latest_about_posts() == {"r-linux": 4}

    def test_events_of_some_kinds_come_page_by_page(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("outreach.ledger.record._PAGE", 2)
        told = [event(kind, contact="fsfe") for kind in (K.CALL, K.REPLY, K.OTHER, K.CALL, K.OTHER, K.CALL, K.REPLY)]
        with open_ledger(place) as ledger:
            stored = ledger.append_all(told)
            assert list(ledger.stream()) == stored
            kinds = (K.REPLY, K.CALL)
            assert list(ledger.stream(kinds)) == [each for each in stored if each.kind in kinds]

    def test_text_that_is_half_a_character_is_kept_as_far_as_it_can_be(self, place: Path) -> None:
        with open_ledger(place) as ledger:
            stored = ledger.append(event(K.OTHER, contact="fsfe", text="caf\udce9"))
            assert stored.text == "caf?"
            assert ledger.past() == ledger.full_past()

    def test_events_are_added_all_or_none(self, place: Path) -> None:
        def breaking() -> Iterator[Event]:
            yield event(K.CALL, contact="fsfe")
            raise RuntimeError("the power went")

        with open_ledger(place) as ledger:
            with pytest.raises(RuntimeError):
                ledger.append_all(breaking())
            assert list(ledger.events()) == []
            assert ledger.past() == Past()
            ledger.append(event(K.CALL, contact="osi"))

    def test_an_undo_reaches_back_through_the_batch_it_stands_in(self, place: Path) -> None:
        told = [
            event(K.DECIDED, 0, name="reddit", value="revise"),
            event(K.DECIDED, 1, name="reddit", value="go"),
            event(K.UNDONE, 2, value="2"),
            event(K.DECIDED, 3, name="mastodon", value="go"),
        ]
        with open_ledger(place) as ledger:
            ledger.append_all(told)
            assert {id: choice for id, (choice, _) in ledger.past().decisions.items()} == {
                "reddit": "revise",
                "mastodon": "go",
            }
            ledger.append(event(K.UNDONE, 4, value="1"))
            assert set(ledger.past().decisions) == {"mastodon"}
            assert ledger.past() == ledger.full_past()

    def test_processes_that_open_and_append_at_once_all_succeed(self, place: Path) -> None:
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(place), name], cwd=ROOT, stderr=subprocess.PIPE)
            for name in ("alex", "maria", "kim")
        ]
        said = [writer.communicate()[1] for writer in writers]
        assert [writer.returncode for writer in writers] == [0, 0, 0], said
        with open_ledger(place) as ledger:
            events = list(ledger.events())
            assert [x.number for x in events] == list(range(1, 121))
            assert ledger.past() == ledger.full_past()

    def test_a_new_ledger_can_be_opened_by_many_at_once(self, place: Path) -> None:
        gate, lever = os.pipe()
        children = [waiting_child(gate, lever, place) for _ in range(6)]
        os.close(gate)
        os.close(lever)  # all at once
        assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6
        with open_ledger(place) as ledger:
            assert [x.number for x in ledger.events()] == [1, 2, 3, 4, 5, 6]

    @pytest.mark.parametrize(
        "again",
        [
            {},
            {"address": "other@fsfe.example"},
            {"contact": "fsf-europe"},
            {"contact": "x", "address": " INFO@fsfe.example"},
        ],
        ids=["the same", "another address", "another contact with that address", "written otherwise"],
    )
    def test_a_letter_is_claimed_once(self, place: Path, again: dict[str, str]) -> None:
        with open_ledger(place) as ledger:
            mine = claim(ledger, **LETTER, at=DAY, by="alex")
            with pytest.raises(AlreadyClaimed) as caught:
                claim(ledger, **{**LETTER, **again}, at=DAY, by="maria")
            assert str(caught.value) == "lobbying/fsfe/0 was already started by alex on 2026-01-13 08:00 UTC."
            assert list(ledger.claims()) == [mine]

    @pytest.mark.parametrize(
        "other", [{"step": 1}, {"wave": "press"}, {"campaign": "b"}, {"contact": "osi", "address": "i@osi.example"}]
    )
    def test_another_letter_is_another_claim(self, place: Path, other: dict[str, str]) -> None:
        with open_ledger(place) as ledger:
            claim(ledger, **LETTER, at=DAY, by="alex")
            claim(ledger, **{**LETTER, **other}, at=DAY, by="alex")
            assert len(list(ledger.claims())) == 2

    def test_contacts_without_address_do_not_stand_in_each_others_way(self, place: Path) -> None:
        with open_ledger(place) as ledger:
            for contact in ("fsfe", "osi"):
                claim(ledger, **{**LETTER, "contact": contact, "address": None}, at=DAY, by="alex")

    def test_a_part_of_a_post_is_claimed_once(self, place: Path) -> None:
        with open_ledger(place) as ledger:
            claim(ledger, **PART, at=DAY, by="alex")
            with pytest.raises(AlreadyClaimed, match="launch/bluesky/0"):
                claim(ledger, **PART, at=DAY, by="maria")
            for key, value in {"revision": 2, "network": "mastodon", "account": "b", "part": 1, "post": "x"}.items():
                claim(ledger, **{**PART, key: value}, at=DAY, by="maria")
            assert len(list(ledger.claims())) == 6

    @settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(history=histories)
    def test_the_state_table_is_the_fold_of_the_events(self, place: Path, history: list[Event]) -> None:
        with open_ledger(place) as ledger:
            first = ledger.mark_now()[0]
            for found in history[:8]:
                assert ledger.append(found).number
            ledger.append_all(history[8:])
            kept_past = ledger.past()
            events = list(ledger.events())
            assert events == numbered(events)
            assert [each.kind for each in events[first:]] == [each.kind for each in history]
            assert kept_past == ledger.full_past()
            ledger.rebuild_state()
            assert ledger.past() == kept_past

    def test_any_text_comes_back_as_it_was(self, place: Path) -> None:
        texts = [
            "\0",
            "a\0\U000f00000",
            "\U000f0000",
            "\U000f00001",
            "😀 ñ ﷽",
            "'; DROP TABLE events; --",
            "%s ? $1",
            "",
        ]
        with open_ledger(place) as ledger:
            ledger.append_all(event(K.OTHER, contact="fsfe", text=text, name=text) for text in texts)
            assert [each.text for each in ledger.events()] == texts
            assert [each.name for each in ledger.events(contact="fsfe")] == texts

    def test_an_event_is_never_changed_nor_removed(self, place: Path) -> None:
        with open_ledger(place) as ledger:
            told = ledger.append(event(K.CALL, contact="fsfe"))
            for sql in ("UPDATE events SET kind = 'met'", "DELETE FROM events"):
                with pytest.raises(Exception, match="events are never"):
                    ledger._db.execute(sql)
            assert list(ledger.events()) == [told]

    def test_a_person_is_erased_and_what_happened_stays(self, place: Path) -> None:
        words = Needles(["Ann Canary", "ann@canary.example"], ["ann-canary"], "erased-token")
        whom = Whom(
            token="erased-token",
            tokens={"ann-canary": "erased-token"},
            addresses=frozenset(("ann@canary.example",)),
            words=words,
        )
        with open_ledger(place) as ledger:
            of_ann = LETTER | {"contact": "ann-canary", "address": "ann@canary.example"}
            claim(ledger, by="alex", at=DAY, **of_ann)
            ledger.append(letter(K.ACCEPTED, contact="ann-canary", wave="lobbying", text="Dear Ann Canary"))
            ledger.append(event(K.CALL, contact="ann-canary", text="Of her cat", address="ann@canary.example"))
            ledger.append(event(K.HELD, name="contact:ann-canary", text="Because of her cat"))
            other = ledger.append(event(K.CALL, contact="fsfe", text="Ann Canary was there"))
            message = KeptMessage(
                key="<cat@canary.example>", place="inbox/ann-canary", kind=MailKind.ANSWER, rule='words: "my cat"',
                at=DAY, sender="ann@canary.example", subject="Cat", text="My cat", contact="ann-canary",
            )  # fmt: skip
            ledger.mail().keep(message, [], DAY)
            before = [(each.number, each.kind, each.at, each.by) for each in ledger.events()]
            looked = ledger.look_for(whom)
            forgotten = Event.saying(
                K.FORGOTTEN,
                PlainPayload(name="erased-token"),
                at=DAY,
                recorded=DAY,
                by="outreach",
                contact="erased-token",
            )
            assert ledger.erase(whom, [forgotten]).rows == looked.rows
            assert not any(ledger.look_for(whom).rows.values()), "nothing is left"
            ledger.compact()
            after = list(ledger.events())
            assert [(each.number, each.kind, each.at, each.by) for each in after[:-1]] == before
            assert after[3] == replace(other, text=f"{ERASED} was there")
            assert ledger.past() == ledger.full_past()
            assert [each.wave for each in ledger.past().contacts["erased-token"].letters] == ["lobbying"]
            assert ledger.mail().knows(message.key), "it is not read again"
            rows = [ledger._db.execute(f"SELECT * FROM {table}").fetchall() for table in tables()]
            assert not {"canary", "cat"} & set(re.findall(r"[a-z]+", repr(rows).lower()))
            with pytest.raises(Exception, match="events are never"):
                ledger._db.execute("UPDATE events SET contact = 'x'")

    def test_who_waits_too_long_for_another_is_told(self, place: Path) -> None:
        with open_ledger(place) as ledger, open_ledger(place, patience=0.01) as other:
            with ledger.writing():
                ledger.append(event(K.CALL, contact="fsfe"))
                with pytest.raises(LedgerBusy, match="in use by another"):
                    other.append(event(K.CALL))
                assert other.past() == Past()
            assert other.append(event(K.CALL)).number == 2

    def test_without_create_a_missing_ledger_reads_as_empty(self, place: Path) -> None:
        with open_ledger(place, create=False) as ledger:
            assert ledger.past() == Past()
            with pytest.raises(LedgerReadOnly):
                ledger.append(event(K.CALL))
        with open_ledger(place) as ledger:
            first = ledger.id
        with open_ledger(place, create=False) as ledger:
            assert ledger.id == first

    def test_a_rehearsal_is_a_copy(self, place: Path) -> None:
        with open_ledger(place) as ledger:
            ledger.append(event(K.CALL, contact="fsfe"))
            claim(ledger, **LETTER, at=DAY, by="alex")
            with open_ledger(place, rehearsal=True) as rehearsal:
                assert rehearsal.past() == ledger.past()
                assert list(rehearsal.claims()) == list(ledger.claims())
                rehearsal.append(event(K.CALL, contact="osi"))
            assert set(ledger.past().contacts) == {"fsfe"}

    def test_an_account_is_for_one_at_a_time(self, place: Path) -> None:
        with open_ledger(place) as ledger, open_ledger(place) as other:
            with ledger.alone("mail"):
                ledger.check_alone()
                with pytest.raises(LedgerBusy), other.alone("mail"):
                    pass
                with other.alone("mastodon"):
                    pass
                with pytest.raises(LedgerBusy), ledger.alone("mail"):
                    pass
            with other.alone("mail"):
                pass

    def test_a_try_goes_its_way_once(self, place: Path) -> None:
        wanted = Claim(
            id=0, campaign="dia", at=DAY, by="alex", of=LetterId(wave="w", contact="c", step=0), address="A@b.c"
        )
        with open_ledger(place) as ledger:
            first = ledger.begin(wanted, digest="1" * 64, at=DAY)
            assert ledger.unfinished() == [first]
            ledger.settle(first, AttemptResult.NOT_SENT, DAY, detail="no route")
            second = ledger.begin(wanted, digest="2" * 64, at=DAY)
            assert (second.number, second.claim.id) == (2, first.claim.id)
            ledger.mark(second, letter(K.COMMITTING))
            with pytest.raises(ValueError, match="is marked or over"):
                ledger.mark(second, letter(K.COMMITTING))
            assert ledger.sent_letters().since(DAY.replace(year=2025)) == 1
            assert ledger.sent_letters().since(DAY.replace(year=2025), "b.c") == 1
            assert ledger.sent_letters().last() == DAY
            ledger.settle(second, AttemptResult.ACCEPTED, DAY, event=letter(K.ACCEPTED), receipt=receipt("w/c/0"))
            assert ledger.unfinished() == []
            assert [each.outcome for each in ledger.attempts(first.claim)] == ["not-sent", "accepted"]
            with pytest.raises(AlreadyClaimed):
                ledger.begin(wanted, digest="3" * 64, at=DAY)
            assert ledger.sent_digests() == {wanted.of: "2" * 64}

    def test_parts_of_posts_are_counted_by_account(self, place: Path) -> None:
        part = PartId(post="launch", network="bluesky", part=0, revision=1, account="a.example")
        wanted = Claim(id=0, campaign="dia", at=DAY, by="alex", of=part)
        with open_ledger(place) as ledger:
            ledger.mark(
                ledger.begin(wanted, digest="1" * 64, at=DAY), event(K.COMMITTING, post="launch", network="bluesky")
            )
            assert ledger.parts_asked_for("bluesky", "a.example", DAY.replace(year=2025)) == [DAY]
            version = VersionId(post="launch", network="bluesky")
            assert [found for found, _ in ledger.claims_of("dia", version)] == [part]
            assert ledger.claims_of("dia", version, revision=2) == []

    def test_a_message_is_kept_once_with_what_follows(self, place: Path) -> None:
        message = KeptMessage(key="<1@x>", place="INBOX", kind=MailKind.ANSWER, rule="r", at=DAY, sender="a@b.c",
                              subject="Re: \0", text="yes", references=("<0@x>",))  # fmt: skip
        with open_ledger(place) as ledger:
            record = ledger.mail()
            number = record.keep(message, [event(K.REPLY, contact="fsfe")], DAY)
            assert number is not None
            assert record.keep(message, [event(K.REPLY, contact="fsfe")], DAY) is None
            assert record.knows("<1@x>")
            assert record.count_waiting() == 1
            assert record.events_of(number) == [1]
            record.give(number, "fsfe", "thread", [])
            found = record.message(number)
            assert found is not None
            assert (found.contact, found.subject, found.references) == ("fsfe", "Re: \0", ("<0@x>",))
            record.keep_cursor("a", "INBOX", "1:2")
            record.keep_cursor("a", "INBOX", "1:3")
            record.keep_files("a", "cur", ["x", "x", "y"])
            assert record.cursor("a", "INBOX") == "1:3"
            assert record.has_file("a", "cur", "y")
            assert len(list(ledger.events())) == 1

    def test_what_another_computer_sent_is_taken_over_once(self, place: Path) -> None:
        theirs = [receipt(f"lobbying/{name}/0", day) for day, name in enumerate(("fsfe", "osi", "edri"))]
        with open_ledger(place) as ledger:
            assert len(adopt(ledger, theirs, by="maria", now=DAY)) == 3
            assert adopt(ledger, theirs, by="maria", now=DAY) == []
            assert elsewhere(ledger, theirs) == ()
            assert ledger.receipts() == sorted(theirs)

    def test_frozen_bytes_are_kept(self, place: Path) -> None:
        with open_ledger(place):
            digest = keep(place, b"approved\0bytes")
        assert kept(place, digest) == b"approved\0bytes"
        assert (place / place_of_blob(digest)).exists()
