"""Ten times the contacts take about ten times the work: counted in calls, since seconds depend on the computer.

A campaign of one contact says what a command costs in any case; the rest is what contacts add. OUTREACH_GROWTH counts
with more of them: what looks at each contact for each contact shows the sooner.
"""

from __future__ import annotations

import cProfile
import os
from pathlib import Path

import pytest

from tests.sending.campaigns import run, write_campaign

NOW = "2026-01-13T10:00:00+01:00"
FEW = int(os.environ.get("OUTREACH_GROWTH", "20"))
MANY = 10 * FEW
MOST = 12
"""Times the calls, for ten times the contacts."""
COMMANDS = {
    "check": ["check"],
    "draft": ["draft"],
    "draft again": ["draft"],
    "approve": ["approve", "one"],
    "agenda": ["agenda", "--json"],
    "status": ["status", "--json"],
    "today": [],
    "send": ["send", "--go"],
    "status afterwards": ["status"],
    "report": ["report", "--out", "report.json"],
}


def calls(root: Path, contacts: int) -> dict[str, int]:
    """How many functions each command calls over a campaign of so many contacts, one command after the other."""
    write_campaign(root, contacts=contacts)
    found = {}
    for name, words in COMMANDS.items():
        given = [str(root / word) if word.endswith(".json") else word for word in words]
        profile = cProfile.Profile()
        profile.enable()
        answer = run(root, *given, now=NOW)
        profile.disable()
        assert answer.code in (0, 1), (name, answer.err)
        found[name] = sum(each.callcount for each in profile.getstats())  # type: ignore[attr-defined]
    return found


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, int]]:
    calls(tmp_path_factory.mktemp("warm"), 1)  # modules are imported once
    return {number: calls(tmp_path_factory.mktemp("growth"), number) for number in (1, FEW, MANY)}


@pytest.mark.parametrize("name", COMMANDS)
def test_ten_times_the_contacts_take_about_ten_times_the_calls(counted: dict[int, dict[str, int]], name: str) -> None:
    alone, few, many = (counted[number][name] for number in (1, FEW, MANY))
    assert (many - alone) / (MANY - 1) <= MOST * FEW / MANY * max(few - alone, FEW) / (FEW - 1), (alone, few, many)
