"""What is only proposed is confirmed or corrected with one key on the page of answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inbox.messages import message
from tests.inbox.test_sync import NOW, id_of, put, root, states, sync
from tests.web.dashboards import Visitor, served

__all__ = ["root"]


def test_a_proposed_opt_out_is_confirmed_with_one_key(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    monkeypatch.setenv("OUTREACH_USER", "Robin")
    put(root, message("info@c0003.example", "Please remove us from your list.", answers=id_of(root, "c0003")))
    sync(root)
    with served(root) as address:
        visitor = Visitor(address).come_in()
        page = visitor.page("/answers")
        assert page.count("Please remove us from your list.") == 1
        assert 'name="word" value="opt-out" aria-keyshortcuts="3"' in page
        assert "To sort" in visitor.page("/")
        assert visitor.post("/sort", {"message": "m1", "word": "opt-out"}).status == 303
        assert "Please remove us" not in visitor.page("/answers")
    assert states(root)["c0003"] == "opted-out"
