"""A run that was started by somebody who saw certain emails sends these and no others, as they were seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.tasks.dashboard import see
from outreach.tasks.sending import SendOrder, send
from tests.sending.campaigns import run, write_campaign

NOW = "2026-01-13T09:30:00+01:00"


def test_only_the_emails_that_were_seen_go_and_none_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    write_campaign(tmp_path, contacts=3)
    assert run(tmp_path, "approve", "one", "--yes", now=NOW).code == 0
    letters = see(tmp_path).letters
    only = {"one/c0000/0": letters["one/c0000/0"].digest, "one/c0001/0": "0" * 64}
    done = send(tmp_path, SendOrder(wave="one", go=True, only=only))
    assert {action.id: str(action.result) for action in done.actions} == {"one/c0000/0": "done", "one/c0001/0": "held"}
    assert "not the email that you saw" in done.actions[-1].reason
    assert sorted(path.name for path in (tmp_path / "outbox").rglob("*.eml")) == ["c0000.eml"]
