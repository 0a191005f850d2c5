"""A contact is erased in the browser: first every place, then a confirmation, then the reply, once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from outreach.ledger import open_ledger
from outreach.model.erasure import Erased, Erasure
from outreach.model.event import EventKind
from outreach.pages.erasing import day_text
from outreach.tasks.erasing.following import unnamed
from outreach.web.catalogue import words_in
from outreach.web.visit import no_command
from outreach.words.retention import kept_until
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


def test_one_person_of_an_organisation_is_erased_with_their_other_names_and_it_stays(
    visitor: Visitor, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTREACH_NOW")
    house = campaign / "contacts/house.yaml"
    house.write_text("{id: house, name: Bee House, people: [{name: Ann Canary}, {name: Bob Keeper}]}\n", "utf-8")
    (campaign / "notes").mkdir(exist_ok=True)
    (campaign / "notes/bees.md").write_text("- A. Canary called\n", encoding="utf-8")
    assert '<option value="Ann Canary">' in visitor.page("/contacts/house")
    page = visitor.post("/look-at-erase", {"contact": "house", "who": "Ann Canary"}).text
    assert "notes/bees.md:1" in page
    assert "may mean them" in page
    page = visitor.post("/look-at-erase", {"contact": "house", "who": "Ann Canary", "also": "A. Canary; Annie"}).text
    word = re.search(r'name="word" value="([^"]+)"', page)
    assert word is not None
    assert visitor.post("/erase", {"word": word[1]}).status == 200
    assert "Bob Keeper" in house.read_text("utf-8")
    assert "canary" not in f"{house.read_text('utf-8')}{[*campaign.glob('notes/*')]}".lower()


def test_the_day_on_which_they_asked_counts_as_for_the_command(
    visitor: Visitor, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTREACH_NOW")  # a rehearsal keeps no task
    (campaign / "contacts/ann.yaml").write_text("{id: ann-canary, name: Ann Canary, kind: person}\n", encoding="utf-8")
    today = datetime.now(UTC).date()
    asked = today - timedelta(days=9)
    assert 'name="asked" type="date"' in visitor.page("/contacts/ann-canary")
    page = visitor.post("/look-at-erase", {"contact": "ann-canary", "asked": asked.isoformat()}).text
    assert f"They asked on {day_text(asked)}. Answer them by {day_text(kept_until(asked, '1mo'))}." in page
    assert "Today reminds you of it." in page
    with open_ledger(campaign, create=False) as ledger:
        assert [event.due for event in ledger.of_kind(EventKind.PROMISE)] == [kept_until(asked, "1mo")]
    assert "Answer them by" in visitor.post("/look-at-erase", {"contact": "ann-canary"}).text
    with open_ledger(campaign, create=False) as ledger:
        assert len(list(ledger.of_kind(EventKind.PROMISE))) == 1, "without a day, a look is only a look"


def test_somebody_without_a_page_is_erased_by_name_from_the_list(
    visitor: Visitor, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTREACH_NOW")
    (campaign / "notes").mkdir(exist_ok=True)
    house, note = campaign / "contacts/house.yaml", campaign / "notes/bees.md"
    house.write_text("{id: house, name: Bee House, people: [{name: Ann Canary}, {name: Bob Keeper}]}\n", "utf-8")
    note.write_text("- Ann Canary called\n", encoding="utf-8")
    assert 'id="erase"' in visitor.page("/contacts")
    wrong = visitor.post("/look-at-erase", {"who": "Nobody Here"})
    assert wrong.status == 409
    assert 'value="Nobody Here"' in wrong.text
    assert 'id="fault-who"' in wrong.text
    page = visitor.post("/look-at-erase", {"who": "Ann Canary"}).text
    assert "notes/bees.md" in page
    assert 'href="/contacts"' in page
    word = re.search(r'name="word" value="([^"]+)"', page)
    assert word is not None
    assert visitor.post("/erase", {"word": word[1]}).status == 200
    assert "canary" not in house.read_text(encoding="utf-8").lower()
    assert not note.exists()


ERASED = Erased(
    who="x@y.example", name="x@y.example", token="t", asked=date(2026, 1, 1), addresses=frozenset({"x@y.example"})
)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_what_another_computer_erased_is_said_without_a_command(language: str) -> None:
    note = unnamed([Erasure(erased=ERASED)])
    assert "outreach erase" in note
    words = words_in(language, language)
    shown = words.found(note) if words.findings else no_command(note)
    assert shown is not None
    assert "x@y.example" in shown
    assert "outreach" not in shown
