"""A dashboard for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.dashboards import NOW, Visitor, served, write_full_campaign


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small campaign in a rehearsal on a January morning."""
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    monkeypatch.setenv("OUTREACH_USER", "Robin")
    return write_full_campaign(tmp_path / "campaign")


@pytest.fixture
def stranger(campaign: Path) -> Iterator[Visitor]:
    """Somebody who found the port, and has no token."""
    with served(campaign) as address:
        yield Visitor(address)


@pytest.fixture
def visitor(stranger: Visitor) -> Visitor:
    """The person who opened the address that was printed."""
    return stranger.come_in()
