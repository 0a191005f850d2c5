"""What is only proposed is confirmed or corrected with one key on the page of answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.inbox.messages import message
from tests.inbox.test_sync import NOW, id_of, put, root, states, sync
from tests.sending.campaigns import run
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


def test_two_people_of_one_organisation_are_both_read_and_each_can_be_replied_to(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    letter = id_of(root, "c0003")
    put(root, message("info@c0003.example", "We would like to help.", answers=letter, id="<1@c0003.example>"))
    put(root, message("chair@c0003.example", "The board says no.", answers=letter, id="<2@c0003.example>"))
    sync(root)
    assert "and 1 more message from them" in run(root, now=NOW).out
    with served(root) as address:
        visitor = Visitor(address, language="de").come_in()
        page = visitor.page("/answers")
        assert "We would like to help." in page
        assert "The board says no." in page
        assert "und 1 weitere Nachricht von ihnen" in visitor.page("/")
        (other,) = re.findall(r'href="(/reply/c0003\?message=m\d+)"', page)
        shown = visitor.page(other)
        written = visitor.post("/write-reply", {"contact": "c0003", "message": other[-2:], "text": "Thank you."}).text
        who = re.search(r"An (\w+)@c0003.example", written) or re.search(r"(\w+)@c0003.example senden", written)
        assert who is not None
        assert f"{who[1]}@c0003.example, <time" in shown
