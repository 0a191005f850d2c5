"""What waits for the same thing is said once, with names before ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Decision
from outreach.pages.groups import Grouping, Held, span
from tests.sending.campaigns import run, said, write_campaign

NOW = datetime(2026, 1, 13, 8, 0, tzinfo=UTC)
DAY = "2026-01-13T10:00:00+01:00"
ASKED = Decision(id="reddit", ask="What did r/linux make of it?", choices=("go", "stop"))
NAMES = {name: f"{name.upper()} Org" for name in "abcd"}
GROUPING = Grouping(names=NAMES, decisions=[ASKED], now=NOW, timezone="Europe/Brussels")


def held(name: str, reason: str, wave: str = "one", *, waits: bool = False) -> Held:
    asked = "reddit" if reason == "decision('reddit') is not known yet" else None
    return Held(id=f"{wave}/{name}/0", state="held", reason=reason, due=NOW, only_waits=waits, decision=asked)


reasons = st.sampled_from(["not approved", "on hold", "decision('reddit') is not known yet", "until Tue 27 Jan"])


def test_what_waits_for_a_decision_is_one_line_whatever_its_wave() -> None:
    waiting = [
        held(name, "decision('reddit') is not known yet", wave)
        for name, wave in zip("abc", ("x", "y", "y"), strict=True)
    ]
    asks = "What did r/linux make of it? Answer it: outreach decide reddit"
    assert list(GROUPING.lines(waiting)) == [f"3 emails wait for your decision: {asks}"]
    assert list(GROUPING.lines(waiting[:1])) == [f"1 email waits for your decision: {asks}"]


def test_what_waits_for_more_than_the_decision_says_all_of_it() -> None:
    both = "decision('reddit') is not known yet; posts['x'].url is not known yet"
    assert list(GROUPING.lines([held("a", both)])) == [f'1 email of the wave "one" (A Org) [one/a/0]: held, {both}']


@given(st.lists(st.tuples(st.sampled_from("abcd"), reasons, st.sampled_from(["one", "two"])), max_size=12))
def test_no_reason_is_said_twice_of_a_wave_and_every_email_is_counted(found: list[tuple[str, str, str]]) -> None:
    lines = list(GROUPING.lines([held(*each) for each in found]))
    assert len(lines) == len(set(lines))
    assert sum(int(line.partition(" ")[0]) for line in lines) == len(found)


def test_a_span_names_its_day_once() -> None:
    assert span([NOW + timedelta(minutes=7), NOW], NOW, "Europe/Brussels") == "Tue 13 Jan 09:00 to 09:07"
    assert span([NOW, NOW + timedelta(days=1)], NOW, "Europe/Brussels") == "Tue 13 Jan 09:00 to Wed 14 Jan 09:00"
    assert span([], NOW, "Europe/Brussels") == ""


def test_send_says_until_when_a_run_would_last(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=4)
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace("gap: 0s", "gap: 5m"))
    run(root, "approve", "one", now=DAY)
    said_first = run(root, "send", now=DAY).out
    assert "to Contact 0, Contact 1, Contact 2 and Contact 3, the last" in said_first
    assert "the last about Tue 13 Jan 10:15." in said_first


def test_all_names_each_email_that_waits(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=4)
    short, whole = run(root, "send", now=DAY).out, run(root, "send", "--all", now=DAY).out
    assert '4 emails of the wave "one" (Contact 0, Contact 1 and 2 more): held, not approved' in short
    assert "Contact 3 (one/c0003/0)  held: not approved" in whole
    assert "one/c0003/0" in run(root, "agenda", "--all", now=DAY).out
    assert '4 emails of the wave "one"  10:00: Contact 0, Contact 1 and 2 more' in run(root, "agenda", now=DAY).out


def test_approvals_that_one_changed_line_withdrew_are_one_line_with_one_difference(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=4)
    run(root, "approve", "one", now=DAY)
    template = root / "templates" / "hello.md"
    template.write_text(template.read_text().replace("{{ sender.name }}", "318 of us\n\n{{ sender.name }}"))
    seen = run(root, "status", now=DAY).out
    assert seen.count("no longer count") == seen.count("+318 of us") == 1
    assert 'so 4 approvals no longer count (wave "one": Contact 0, Contact 1 and 2 more)' in seen
    assert len(said(root, "status", now=DAY)["changed"]) == 4


def test_what_lies_in_the_outbox_is_counted_apart_from_what_was_sent(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=3)
    run(root, "approve", "one", now=DAY)
    run(root, "send", "--go", now=DAY)
    assert said(root, "status", now=DAY)["written_not_sent"] == 3
    for words in ((), ("status",)):
        assert "3 emails are in outbox/: written, not sent." in run(root, *words, now=DAY).out
    run(root, "resolve", "one/c0000/0", "--sent", now=DAY)
    totals = {each["key"]: each["number"] for each in said(root, "report", now=DAY)["totals"]}
    assert (totals["letters"], totals["sent"], totals["in_outbox"]) == (3, 1, 2)
    assert said(root, "status", now=DAY)["written_not_sent"] == 2
    assert "of these in outbox/: written, not sent" in run(root, "report", now=DAY).out
