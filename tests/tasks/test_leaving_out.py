"""A contact is left out of one wave in the wave's own `to`, and a message of nobody can be nobody's again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.tasks.bulk import leave_out, save_many
from outreach.tasks.moving import move_wave
from outreach.tasks.sorting import assign, unassign
from tests.inbox.messages import message
from tests.inbox.test_sync import NOW, put, root, states, sync
from tests.sending.campaigns import said
from tests.web.dashboards import write_full_campaign

__all__ = ["root"]


def receivers(folder: Path, wave: str = "one") -> list[str]:
    plan = said(folder, "agenda", now=NOW)["items"]
    return sorted(each["contact"] for each in plan if each.get("wave") == wave and not each.get("step"))


def test_who_is_left_out_of_a_wave_gets_nothing_in_it_and_comes_back_with_undo(tmp_path: Path) -> None:
    folder = write_full_campaign(tmp_path)
    file = folder / "campaign.yaml"
    before = file.read_bytes()
    first = save_many(folder, leave_out(folder, "one", ["c0001"]).edits)
    assert receivers(folder) == ["c0000", "c0002", "c0003"]
    found = leave_out(folder, "one", ["c0001", "c0003"])
    assert (found.change, found.same) == (("c0003",), ("c0001",))
    second = save_many(folder, found.edits)
    assert receivers(folder) == ["c0000", "c0002"]
    assert "(tier == 0) and id not in ['c0001', 'c0003']" in file.read_text(encoding="utf-8")
    second()
    first()
    assert file.read_bytes() == before


def test_a_wave_that_starts_at_once_is_moved_to_a_day(tmp_path: Path) -> None:
    folder = write_full_campaign(tmp_path)
    before = receivers(folder)
    save_many(folder, [move_wave(folder, "one", date(2027, 1, 26))])
    plan = said(folder, "agenda", now=NOW)["items"]
    assert {each["due"][:10] for each in plan if each.get("wave") == "one"} == {"2027-01-26"}
    assert receivers(folder) == before


def test_a_message_that_was_matched_by_mistake_waits_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    put(root, message("somebody@else.example", "About your letter.", subject="Re: Hello Contact 0"))
    sync(root)
    before = states(root)
    assign(root, "m1", "c0003")
    assert states(root)["c0003"] == "answered"
    unassign(root, "m1")
    assert states(root) == before
    assert "unmatched" in {section["id"] for section in said(root, now=NOW)["sections"]}
    assign(root, "m1", "c0002")
    assert states(root)["c0002"] == "answered"
