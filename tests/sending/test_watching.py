"""`outreach run`: what is due goes out once, a broken file or account stops nothing else, and Ctrl-C ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.ledger.receipts import write_receipts
from outreach.model.event import Receipt
from outreach.model.plan import Plan
from outreach.planning.plan import plan
from outreach.planning.world import World
from outreach.tasks import watching, world
from outreach.tasks.approving import approve
from outreach.tasks.watching import Acted, Listener, Look, watch
from tests.sending.campaigns import run, write_campaign


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "mailbox").mkdir()
    mail = "{transport: outbox, inbox: {folder: mailbox}}"
    decision = "decisions: [{id: go, ask: Go on?, by: 2026-01-12, choices: [stop, go]}]\n"
    return write_campaign(tmp_path, mail=mail, more=decision)


class Rounds:
    """A watch whose pauses are over at once; `between` is done in each, and it ends when they are through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *between: Callable[[], object]) -> None:
        self.looks: list[Look] = []
        self.acts: list[Acted] = []
        steps = list(between)

        def pause(*_: object) -> bool:
            if not steps:
                return False
            steps.pop(0)()
            return True

        monkeypatch.setattr(watching, "_wait", pause)

    @property
    def telling(self) -> Listener:
        return Listener(looked=self.looks.append, acted=self.acts.append)

    @property
    def went_out(self) -> list[list[str]]:
        return [[action.id for action in acted.actions] for acted in self.acts]


def letters(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob("outbox/one/*.eml"))


def test_what_is_approved_goes_out_once_and_nothing_without_go(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(root, ["one"])
    watch(root, Rounds(monkeypatch).telling)
    assert letters(root) == []
    rounds = Rounds(monkeypatch, lambda: None)
    watch(root, rounds.telling, go=True)
    assert letters(root) == ["c0000.eml", "c0001.eml", "c0002.eml"]
    assert rounds.went_out == [["one/c0000/0", "one/c0001/0", "one/c0002/0"], []]


def test_what_is_approved_while_it_watches_goes_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = Rounds(monkeypatch, lambda: approve(root, ["c0001"]))
    watch(root, rounds.telling, go=True)
    assert letters(root) == ["c0001.eml"]


def test_a_person_is_reminded_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = Rounds(monkeypatch, lambda: None)
    watch(root, rounds.telling)
    assert [[item.id for item in look.reminders] for look in rounds.looks] == [["decision/go"], []]


def test_a_file_that_breaks_meanwhile_is_said_and_the_watch_goes_on(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root / "campaign.yaml"
    whole = file.read_text(encoding="utf-8")
    approve(root, ["one"])
    rounds = Rounds(
        monkeypatch, lambda: file.write_text("id: [", encoding="utf-8"), lambda: file.write_text(whole, "utf-8")
    )
    file.write_text(whole.replace("pace:", "approval: none\npace:").replace("tier == 0", "tier == 9"), "utf-8")
    watch(root, rounds.telling, go=True)
    assert [bool(acted.troubles) for acted in rounds.acts] == [False, True, False]
    assert letters(root) == ["c0000.eml", "c0001.eml", "c0002.eml"]


def test_a_mailbox_that_cannot_be_read_stops_no_first_letter(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(root, ["one"])
    (root / "mailbox").rmdir()
    rounds = Rounds(monkeypatch)
    watch(root, rounds.telling, go=True)
    assert len(rounds.looks[0].troubles) == 1
    assert len(letters(root)) == 3


def test_once_is_one_object_for_a_timer(root: Path) -> None:
    said = run(root, "run", "--once", "--go", "--json")
    assert said.code == 0
    assert said.json["actions"] == []
    assert [item["id"] for item in said.json["reminders"]] == ["decision/go"]


def test_a_rehearsal_looks_once_and_waits_for_nothing(root: Path) -> None:
    said = run(root, "run", now="2026-01-13T09:00:00+00:00")
    assert "Next: outreach agenda" in said.out
    assert letters(root) == []


def test_json_without_once_is_refused(root: Path) -> None:
    said = run(root, "run", "--json")
    assert said.code == 2
    assert "--once" in said.err


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[World]:
    """Every world of which a plan was made."""
    seen: list[World] = []

    def counted(of: World) -> Plan:
        seen.append(of)
        return plan(of)

    monkeypatch.setattr(world, "plan", counted)
    return seen


def test_a_round_plans_once_and_again_when_letters_left(
    root: Path, monkeypatch: pytest.MonkeyPatch, plans: list[World]
) -> None:
    approve(root, ["one"])
    counts: list[int] = []
    plans.clear()
    rounds = Rounds(monkeypatch, *[lambda: counts.append(len(plans))] * 3)
    watch(root, rounds.telling, go=True)
    assert len(letters(root)) == 3
    assert counts == [2, 3, 4]


def note_a_no(root: Path) -> None:
    assert run(root, "suppress", "c0001").code == 0


def list_a_no(root: Path) -> None:
    (root / "nobody.txt").write_text("info@c0001.example\n", encoding="utf-8")


def bring_a_receipt(root: Path) -> None:
    receipt = Receipt(id="one/c0001/0", at=datetime(2026, 1, 9, tzinfo=UTC), via="smtp", proof="<x@y>", ledger="other")
    write_receipts(root, [receipt])


@pytest.mark.parametrize("happens", [note_a_no, list_a_no, bring_a_receipt])
def test_what_happens_between_a_look_and_the_sending_counts(
    root: Path, monkeypatch: pytest.MonkeyPatch, happens: Callable[[Path], None]
) -> None:
    config = root / "campaign.yaml"
    config.write_text(f"{config.read_text('utf-8')}suppressions: nobody.txt\n", encoding="utf-8")
    approve(root, ["one"])
    watch(root, Listener(looked=lambda look: happens(root)), go=True, once=True)
    assert "c0001.eml" not in letters(root)
