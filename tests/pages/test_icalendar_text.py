"""The agenda as a calendar file, read back by a parser that is not ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.pages.icalendar_text import OCTETS, icalendar_text

NOW = datetime(2026, 1, 6, 12, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)
items = st.builds(
    PlanItem,
    id=st.from_regex(r"[a-z-]{1,30}/[a-z-]{1,30}/[0-9]", fullmatch=True),
    kind=st.sampled_from(ItemKind),
    state=st.sampled_from(ItemState),
    zone=st.just("Europe/Brussels"),
    due=st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    reason=words,
)


def text(*found: PlanItem, campaign: str = "c", title: str = "Bees") -> str:
    return icalendar_text(Plan(now=NOW, items=found), campaign, title)


def item(ident: str = "first/bees/0", **keys: Any) -> PlanItem:
    defaults = {"kind": ItemKind.LETTER, "state": ItemState.WAITING, "zone": "Europe/Brussels", "due": NOW}
    return PlanItem(id=ident, **{**defaults, **keys})


@given(st.lists(items, max_size=5), words)
def test_another_parser_reads_what_stands_in_the_plan(found: list[PlanItem], title: str) -> None:
    read = Calendar.from_ical(text(*found, title=title))
    entries = [part for part in read.walk() if part.name in ("VEVENT", "VTODO")]
    wanted = [each for each in found if each.state != "done" and (each.due or each.kind == "task")]
    assert [str(entry["SUMMARY"]) for entry in entries] == [f"{each.id} ({each.state})" for each in wanted]
    for entry, each in zip(entries, wanted, strict=True):
        start = entry.get("DUE" if each.kind == "task" else "DTSTART")
        assert (start and start.dt) == (each.due and each.due.replace(microsecond=0))
        assert not entry.errors


@given(st.lists(items, max_size=3), words)
def test_lines_end_with_crlf_and_have_75_octets_at_most(found: list[PlanItem], title: str) -> None:
    written = text(*found, title=title).encode()
    assert written.endswith(b"\r\n")
    assert all(len(line) <= OCTETS for line in written.split(b"\r\n"))
    assert written.count(b"\n") == written.count(b"\r") == written.count(b"\r\n")
    written.decode("utf-8")


def test_an_item_keeps_its_uid_whenever_the_file_is_made_and_no_two_share_one() -> None:
    def uids(*found: PlanItem, campaign: str = "c") -> list[str]:
        return [str(part["UID"]) for part in Calendar.from_ical(text(*found, campaign=campaign)).walk("VEVENT")]

    first = uids(item(), item("first/wasps/0"))
    assert len({*first, *uids(item(), campaign="other")}) == 3
    assert uids(item(state=ItemState.HELD, reason="a gate")) == first[:1]


def test_what_is_held_is_tentative_a_task_is_a_to_do_and_a_time_is_said_once() -> None:
    held, task = item(state=ItemState.HELD), item("decision/reddit", kind=ItemKind.TASK, due=None)
    written = text(held, task, item("a/b/0", reason="until Tue 6 Jan 13:00; then paste the text"))
    assert "STATUS:TENTATIVE\r\n" in written
    assert "BEGIN:VTODO\r\nUID:" in written
    assert "DESCRIPTION:then paste the text\r\n" in written


def test_nobodys_address_stands_in_it() -> None:
    written = text(item(reason="paste it to Kim <kim@bees.example>, and to ants@ants.example"))
    assert "bees.example" not in written
    assert "ants.example" not in written
    assert "ATTENDEE" not in written


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ItemState.DUE, "CONFIRMED"),
        (ItemState.WAITING, "CONFIRMED"),
        (ItemState.HELD, "TENTATIVE"),
        (ItemState.MISSED, "TENTATIVE"),
        (ItemState.IN_DOUBT, "TENTATIVE"),
    ],
)
def test_only_what_is_going_to_happen_is_confirmed(state: ItemState, status: str) -> None:
    [entry] = Calendar.from_ical(text(item(state=state))).walk("VEVENT")
    assert entry["STATUS"] == status


def test_a_task_needs_action_whatever_its_state() -> None:
    [entry] = Calendar.from_ical(text(item(kind=ItemKind.TASK, state=ItemState.DUE))).walk("VTODO")
    assert entry["STATUS"] == "NEEDS-ACTION"
