"""Only once, whatever breaks where: the one piece of code that lets letters and posts out, on its own.

The adapter here is a real one, over a server of a few lines that counts for itself; the ledger is a real one, too.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import AlreadyClaimed, Forbidden, FrozenBytesLost, InDoubt, LedgerFull, NotSent, OutreachError
from outreach.ledger import Ledger, open_ledger
from outreach.ledger.attempts import Attempt, AttemptResult
from outreach.ledger.blobs import place
from outreach.model.dispatch import Found
from outreach.model.event import Event, EventKind, Receipt
from outreach.model.ids import LetterId
from outreach.model.payload import LetterPayload
from outreach.tasks.delivery import Delivery, Item, Try
from tests.sending.campaigns import run, write_campaign

NOW = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
FIRST, SECOND, THIRD = (LetterId(wave="one", contact=name) for name in ("a", "b", "c"))


class Killed(BaseException):
    """The process is gone: nothing after it is carried out."""


@dataclass
class Server:
    """Takes what it is given. `breaks` says what happens at the next items, `tells` whether it can be asked."""

    breaks: list[str] = field(default_factory=list)
    tells: bool = True
    arrived: Counter[str] = field(default_factory=Counter)


class Sending(Delivery[Item, str]):
    """Items over that server."""

    def __init__(self, opened: Any, server: Server) -> None:
        super().__init__(opened, lambda: NOW)
        self.server = server
        self.forbidden = ""
        self.asked: list[bool] = []

    def permit(self, items: Sequence[Item], now: datetime, *, claiming: bool) -> None:
        self.asked.append(claiming)
        if self.forbidden == ("claim" if claiming else "mark"):
            raise Forbidden("on hold: wait")

    def hand_over(
        self, tries: Sequence[Try[Item]], mark: Callable[[Sequence[Try[Item]]], None], done: Callable[..., None]
    ) -> None:
        for each in tries:
            what = self.server.breaks.pop(0) if self.server.breaks else "goes"
            match what:
                case "refused":
                    raise NotSent("no such user", permanent=True)
                case "cut before":
                    raise NotSent("the line broke")
                case "killed before":
                    raise Killed
            mark([each])
            if "lost" not in what:
                self.server.arrived[str(each.item.id)] += 1
            if "killed" in what:
                raise Killed
            if "cut" in what:
                raise InDoubt("the line broke")
            done(each, "yes")

    def find(self, each: Try[Item], *, again: bool) -> str | Found:
        if not self.server.tells:
            return Found.CANNOT_TELL
        return "found" if self.server.arrived[str(each.item.id)] else Found.NOT_THERE

    def open_attempts(self) -> list[Attempt]:
        tries = (self.ledger.attempts(claim)[-1:] for claim in self.ledger.claims())
        return [last for found in tries for last in found if last.is_open and not _is_out(self.ledger, last)]

    def thawed(self, attempt: Attempt) -> Item:
        if attempt.digest == "lost":
            raise FrozenBytesLost(attempt.digest)
        return Item(id=attempt.claim.of, digest=attempt.digest, date=attempt.claim.date or "")

    def event(self, kind: EventKind, item: Item, at: datetime, said: str = "") -> Event:
        assert isinstance(item.id, LetterId)
        about: dict[str, Any] = {"wave": item.id.wave, "contact": item.id.contact, "step": item.id.step}
        return Event.saying(kind, LetterPayload(via="test"), at=at, recorded=NOW, by="Kim", text=said, **about)

    def proved(self, item: Item, proof: str, at: datetime) -> tuple[Event, Receipt, str]:
        receipt = Receipt(id=str(item.id), at=at, via="test", proof=f"<{item.id}>", ledger=self.ledger.id)
        return self.event(EventKind.ACCEPTED, item, at), receipt, proof


def _is_out(ledger: Ledger, attempt: Attempt) -> bool:
    return any(receipt.id == str(attempt.claim.of) for receipt in ledger.receipts())


def item(id: LetterId, digest: str = "0" * 64) -> Item:
    return Item(id=id, digest=digest, date="Tue, 13 Jan 2026 10:00:00 +0100")


def opened(root: Path, ledger: Ledger) -> Any:
    return SimpleNamespace(root=root, ledger=ledger, by="Kim", campaign=SimpleNamespace(id="small"))


def results(ledger: Ledger) -> dict[str, AttemptResult | None]:
    """How the last try at each ended."""
    return {str(claim.of): ledger.attempts(claim)[-1].outcome for claim in ledger.claims()}


@pytest.fixture
def sending(tmp_path: Path) -> Any:
    with open_ledger(tmp_path) as ledger:
        yield Sending(opened(tmp_path, ledger), Server())


BREAKS = [
    "goes", "refused", "cut before", "killed before", "cut, arrived", "cut, lost", "killed, arrived", "killed, lost",
]  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.lists(st.sampled_from(BREAKS), max_size=3), st.booleans()), min_size=1, max_size=5),
    st.lists(st.sampled_from([FIRST, SECOND, THIRD]), min_size=1, max_size=3, unique=True),
)
def test_nothing_goes_out_twice_and_what_is_said_is_true(
    runs: list[tuple[list[str], bool]], wanted: list[LetterId]
) -> None:
    with TemporaryDirectory() as name, open_ledger(Path(name)) as ledger:
        sending = Sending(opened(Path(name), ledger), Server())
        for breaks, tells in runs:
            sending.server.breaks, sending.server.tells = list(breaks), tells
            with suppress(Killed, OutreachError):
                sending.recover()
                out = {receipt.id for receipt in ledger.receipts()}
                sending.deliver([item(id) for id in wanted if str(id) not in out])
            assert max(sending.server.arrived.values(), default=0) <= 1, "it went out twice"
        sending.server.breaks, sending.server.tells = [], True
        assert sending.recover() == 0
        proved = {receipt.id for receipt in ledger.receipts()}
        assert proved == {id for id, times in sending.server.arrived.items() if times}, "what is said is not true"
        left = [item(id) for id in wanted if str(id) not in proved]
        assert sending.deliver(left) == []
        assert sending.server.arrived == dict.fromkeys(map(str, wanted), 1), "one was lost"
        assert ledger.unfinished() == []
        assert ledger.past() == ledger.full_past()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.lists(st.sampled_from([*BREAKS, "killed at the claim"]), max_size=3), st.booleans())))
def test_what_is_claimed_with_the_outcome_before_it_goes_out_once(runs: list[tuple[list[str], bool]]) -> None:
    wanted = [FIRST, SECOND, THIRD]
    with TemporaryDirectory() as name, open_ledger(Path(name)) as ledger:
        server = Server()
        for breaks, tells in [*runs, ([], True)]:
            sending = Sending(opened(Path(name), ledger), server)
            server.breaks, server.tells = [each for each in breaks if each in BREAKS], tells
            dies = "killed at the claim" in breaks
            with suppress(Killed, OutreachError):
                sending.recover()
                out = {receipt.id for receipt in ledger.receipts()}
                left = [item(id) for id in wanted if str(id) not in out]
                for number, each in enumerate(left):

                    def then(number: int = number, left: list[Item] = left, dies: bool = dies) -> Item | None:
                        if dies:
                            raise Killed
                        return left[number + 1] if number + 1 < len(left) else None

                    sending.deliver([each], then=then)
            with suppress(Killed):
                sending.put_back()
            assert max(server.arrived.values(), default=0) <= 1, "it went out twice"
        assert sending.recover() == 0
        assert server.arrived == dict.fromkeys(map(str, wanted), 1), "one was lost"
        assert ledger.unfinished() == []
        assert ledger.past() == ledger.full_past()


def test_nothing_else_hands_anything_to_a_transport_or_publisher() -> None:
    """But for test letters, which go to ourselves and claim nothing; today's list is the third adapter of delivery."""
    called = re.compile(r"\b_?(transport|publisher)\.(send|publish)\(")
    package = Path(__file__).resolve().parents[2] / "outreach"
    found = {path for path in package.rglob("*.py") if called.search(path.read_text(encoding="utf-8"))}
    names = {path.relative_to(package / "tasks").as_posix() for path in found}
    assert names == {"sending/delivery.py", "publishing/delivery.py", "digest.py", "trying.py"}


# --- before the mark ---------------------------------------------------------------------------------------


def test_the_mark_is_durable_before_the_effect(sending: Any) -> None:
    sending.server.breaks = ["killed, arrived"]
    with pytest.raises(Killed):
        sending.deliver([item(FIRST)])
    with open_ledger(sending.opened.root) as another:
        assert [event.kind for event in another.events()] == [EventKind.COMMITTING]
        assert another.unfinished()[0].committed == NOW


def test_what_cannot_be_marked_does_not_go(sending: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise LedgerFull("ledger.db")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "mark", full)
        with pytest.raises(LedgerFull):
            sending.deliver([item(FIRST)])
    assert sending.server.arrived.total() == 0
    assert sending.recover() == 0
    assert sending.deliver([item(FIRST)]) == []
    assert sending.server.arrived == {"one/a/0": 1}


def test_the_outcome_and_the_claim_that_follows_at_once_share_a_commit(
    sending: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[str] = []
    begin = type(sending.ledger._db).begin
    monkeypatch.setattr(type(sending.ledger._db), "begin", lambda self: (commits.append("commit"), begin(self))[1])
    items = [item(FIRST), item(SECOND), item(THIRD)]
    for each, following in zip(items, [*items[1:], None], strict=True):
        sending.deliver([each], then=lambda following=following: following)
    assert sending.server.arrived.total() == 3
    assert len(commits) == 1 + 2 * len(items)


def test_the_disk_is_waited_for_at_each_mark_and_where_nothing_follows(
    sending: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[bool] = []
    database = type(sending.ledger._db)

    def commit(db: Any) -> None:
        waited.append(db.execute("PRAGMA synchronous").fetchone() == (2,))
        sqlite3.Connection.commit(db)

    monkeypatch.setattr(database, "commit", commit, raising=False)
    first, second, third = item(FIRST), item(SECOND), item(THIRD)
    sending.deliver([first], then=lambda: second)
    assert waited == [True, True, False]  # claim, mark, outcome with the claim of what follows
    sending.forbidden = "claim"
    sending.deliver([second], then=lambda: third)
    assert waited == [True, True, False, True, True]  # its mark brought the outcome before it; then nothing follows
    assert results(sending.ledger) == {"one/a/0": "accepted", "one/b/0": "accepted"}
    sending.forbidden = ""
    sending.deliver([third], then=lambda: item(FIRST))  # which left already
    assert waited[5:] == [True, True, True]


def test_a_commit_that_fails_leaves_the_one_before_unknown_and_claims_nothing(sending: Any) -> None:
    def killed() -> Item:
        raise Killed

    with pytest.raises(Killed):
        sending.deliver([item(FIRST)], then=killed)
    assert results(sending.ledger) == {"one/a/0": None}
    assert sending.ledger.unfinished()[0].committed == NOW
    assert sending.recover() == 0
    assert results(sending.ledger) == {"one/a/0": "accepted"}


def test_what_was_claimed_and_did_not_get_its_turn_is_for_the_next_run(sending: Any) -> None:
    second = item(SECOND)
    sending.deliver([item(FIRST)], then=lambda: second)
    assert [str(attempt.claim.of) for attempt in sending.ledger.unfinished()] == ["one/b/0"]
    sending.put_back()
    assert sending.ledger.unfinished() == []
    sending.deliver([item(SECOND)])
    assert sending.server.arrived == {"one/a/0": 1, "one/b/0": 1}


def test_what_forbids_the_next_one_takes_nothing_from_the_outcome_before_it(sending: Any) -> None:
    def then() -> Item:
        sending.forbidden = "claim"
        return item(SECOND)

    sending.deliver([item(FIRST)], then=then)
    assert results(sending.ledger) == {"one/a/0": "accepted"}
    with pytest.raises(Forbidden):
        sending.deliver([item(SECOND)])


def test_all_are_claimed_or_none(sending: Any) -> None:
    sending.deliver([item(SECOND)])
    with pytest.raises(AlreadyClaimed):
        sending.deliver([item(FIRST), item(SECOND)])
    assert list(results(sending.ledger)) == ["one/b/0"]
    assert sending.server.arrived == {"one/b/0": 1}


def test_what_may_go_is_asked_at_the_claim_and_at_the_mark(sending: Any) -> None:
    sending.deliver([item(FIRST)])
    assert sending.asked == [True, False]
    sending.forbidden = "claim"
    with pytest.raises(Forbidden, match="wait"):
        sending.deliver([item(SECOND)])
    assert list(results(sending.ledger)) == ["one/a/0"]
    sending.forbidden = "mark"
    with pytest.raises(Forbidden):
        sending.deliver([item(SECOND), item(THIRD)])
    assert results(sending.ledger) == {"one/a/0": "accepted", "one/b/0": "not-sent", "one/c/0": "not-sent"}
    assert sending.server.arrived == {"one/a/0": 1}


def test_a_lost_attachment_is_noticed_before_anything_is_claimed(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=2)
    assert run(root, "approve", "one").code == 0
    brief = sha256((root / "brief.txt").read_bytes()).hexdigest()
    (root / place(brief)).unlink()
    answer = run(root, "send", "--go")
    assert (answer.code, "missing from .outreach/blobs" in answer.err) == (2, True)
    with open_ledger(root) as ledger:
        assert list(ledger.claims()) == []
    assert run(root, "approve", "one").code == 0


def test_only_the_first_is_refused_and_those_behind_it_were_not_tried(sending: Any) -> None:
    sending.server.breaks = ["goes", "refused"]
    with pytest.raises(NotSent):
        sending.deliver([item(FIRST), item(SECOND), item(THIRD)])
    assert results(sending.ledger) == {"one/a/0": "accepted", "one/b/0": "refused", "one/c/0": "not-sent"}


# --- after the mark ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["arrived", "lost"])
def test_what_nobody_can_tell_is_unknown_and_not_sent_again(sending: Any, how: str) -> None:
    sending.server.breaks, sending.server.tells = [f"cut, {how}"], False
    [unknown] = sending.deliver([item(FIRST), item(SECOND)])
    assert (unknown.item.id, unknown.doubt) == (FIRST, "the line broke")
    assert results(sending.ledger) == {"one/a/0": "unknown", "one/b/0": "not-sent"}
    for _ in range(2):
        assert sending.recover() == 1
        with pytest.raises(AlreadyClaimed):
            sending.deliver([item(FIRST)])
    assert sending.server.arrived.total() <= 1


@pytest.mark.parametrize("how", ["arrived", "lost"])
def test_an_unknown_one_ends_by_evidence(sending: Any, how: str) -> None:
    sending.server.breaks, sending.server.tells = [f"cut, {how}"], False
    sending.deliver([item(FIRST)])
    sending.server.tells = True
    assert sending.recover() == 0
    assert [receipt.id for receipt in sending.ledger.receipts()] == (["one/a/0"] if how == "arrived" else [])
    if how == "lost":
        assert sending.deliver([item(FIRST)]) == []
    assert sending.server.arrived == {"one/a/0": 1}


def test_what_was_found_later_happened_when_it_was_asked_for(sending: Any) -> None:
    sending.server.breaks = ["killed, arrived"]
    with pytest.raises(Killed):
        sending.deliver([item(FIRST)])
    sending.clock = lambda: NOW + timedelta(days=2)
    sending.recover()
    assert [receipt.at for receipt in sending.ledger.receipts()] == [NOW]


def test_a_try_whose_frozen_bytes_are_lost_stays_unknown(sending: Any) -> None:
    sending.server.breaks = ["killed, arrived"]
    with pytest.raises(Killed):
        sending.deliver([item(FIRST, digest="lost")])
    assert sending.recover() == 1
    with pytest.raises(AlreadyClaimed):
        sending.deliver([item(FIRST)])
    assert sending.server.arrived == {"one/a/0": 1}
