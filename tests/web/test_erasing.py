"""A contact is erased in the browser: first every place, then a confirmation, then the reply, once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.dashboards import Visitor, written


def test_a_contact_is_looked_at_and_then_erased_once(
    visitor: Visitor, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTREACH_NOW")  # a rehearsal has nothing of its own to erase
    (campaign / "contacts/ann.yaml").write_text("{id: ann-canary, name: Ann Canary, kind: person}\n", encoding="utf-8")
    (campaign / "notes").mkdir(exist_ok=True)
    (campaign / "notes/ann.md").write_text("- Ann Canary called\n", encoding="utf-8")
    assert "Erase their data" in visitor.page("/contacts/ann-canary")
    before = {name: digest for name, digest in written(campaign).items() if name.startswith(("contacts/", "notes/"))}
    page = visitor.post("/look-at-erase", {"contact": "ann-canary"}).text
    assert "notes/ann.md" in page
    after = {name: digest for name, digest in written(campaign).items() if name.startswith(("contacts/", "notes/"))}
    assert after == before
    word = re.search(r'name="word" value="([^"]+)"', page)
    assert word is not None
    done = visitor.post("/erase", {"word": word[1]})
    assert done.status == 200
    assert "We keep a coded mark" in done.text
    assert not (campaign / "contacts/ann.yaml").exists()
    again = visitor.post("/erase", {"word": word[1]})
    assert again.headers["location"] == "/contacts"
