"""A campaign that several people share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.counting import Counting, counting
from tests.team.teams import Team, by_smtp, served_team, write_people
from tests.web.dashboards import NOW, write_full_campaign


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[Counting]:
    """Takes what the campaign sends."""
    with counting(tmp_path / "server", "--text") as server:
        yield server


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mail_server: Counting) -> Path:
    """A small campaign in a rehearsal on a January morning, with people; it sends to this computer."""
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    monkeypatch.setenv("OUTREACH_USER", "Whoever runs the server")
    return write_people(by_smtp(write_full_campaign(tmp_path / "campaign"), mail_server.port))


@pytest.fixture
def team(campaign: Path) -> Iterator[Team]:
    """The campaign, open to its people."""
    with served_team(campaign) as team:
        yield team
