"""Three ways: a person's changes stay, the documents' come in, and doing it again changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.sameness import Appearance, grouped
from outreach.intake.updating import base_of, update

WORDS = st.sampled_from("one two three four".split())
CHANNELS = st.lists(
    st.fixed_dictionaries({"email": WORDS.map("{}@x.example".format)}, optional={"role": WORDS}),
    max_size=3, unique_by=lambda channel: channel["email"],
)  # fmt: skip
VALUES = st.fixed_dictionaries(
    {"id": st.just("bees"), "name": st.just("Bees")},
    optional={
        "tier": st.integers(0, 3), "internal_notes": WORDS, "personal_text": WORDS, "channels": CHANNELS.filter(bool),
        "tags": st.lists(WORDS, min_size=1, max_size=3, unique=True), "do_not_contact": st.booleans() | WORDS,
        "fields": st.dictionaries(WORDS, WORDS, min_size=1, max_size=3),
        "imported_from": WORDS.map("{}.csv line 3".format),
    },
)  # fmt: skip


@given(VALUES, VALUES, VALUES)
def test_doing_it_again_changes_nothing(now: dict[str, Any], before: dict[str, Any], new: dict[str, Any]) -> None:
    once = update(now, new, [base_of(before)], [])
    again = update(once.values, new, [base_of(new)], [])
    assert again.values == once.values
    assert again.conflicts == ()


@given(VALUES, VALUES)
def test_what_nobody_touched_follows_the_document(before: dict[str, Any], new: dict[str, Any]) -> None:
    values = dict(update(before, new, [base_of(before)], []).values)
    blocked = before.get("do_not_contact")
    assert bool(values.pop("do_not_contact", False)) == bool(blocked or new.get("do_not_contact"))
    new = {key: value for key, value in new.items() if key != "do_not_contact"}
    if (
        before.get("imported_from")
        and new.get("imported_from", "").split(".")[0] == before["imported_from"].split(".")[0]
    ):
        new["imported_from"] = before["imported_from"]
    assert values == new


@given(VALUES, VALUES)
def test_what_the_document_did_not_touch_stays_as_a_person_has_it(now: dict[str, Any], said: dict[str, Any]) -> None:
    updated = update(now, said, [base_of(said)], [])
    assert updated.values == now
    assert updated.conflicts == ()


@given(VALUES, VALUES, VALUES)
def test_do_not_contact_is_never_lifted(now: dict[str, Any], before: dict[str, Any], new: dict[str, Any]) -> None:
    if now.get("do_not_contact"):
        assert update(now, new, [base_of(before)], []).values["do_not_contact"] == now["do_not_contact"]


def one(document: str, identity: str, **values: Any) -> Appearance:
    return Appearance(document=document, id=identity, values={"name": identity, **values})


def test_what_makes_two_entries_one() -> None:
    mail = {"channels": [{"email": "info@bees.example"}]}
    shared = {"website": "https://github.com/bees"}
    own = {"website": "https://www.bees.example/contact"}
    assert grouped([one("a", "bees"), one("b", "bees")]) == [[0, 1]]
    assert grouped([one("a", "bees", **mail), one("b", "the-bees", **mail)]) == [[0, 1]]
    assert grouped([one("a", "bees", **mail), one("a", "the-bees", **mail)]) == [[0], [1]]
    assert grouped([one("a", "bees", **own), one("b", "the-bees", website="https://bees.example/")]) == [[0, 1]]
    assert grouped([one("a", "bees", **shared), one("b", "wasps", **shared)]) == [[0], [1]]
    assert grouped([one("a", "bees", **mail), one("b", "jo", kind="person", **mail)]) == [[0], [1]]
    assert grouped([one("", "bees"), one("", "wasps"), one("a", "x", **mail)]) == [[0], [1], [2]]
    gmail = [one(d, i, channels=[{"email": f"{i}@gmail.com"}]) for d, i in (("a", "bees"), ("b", "wasps"))]
    assert grouped(gmail) == [[0], [1]]


def test_the_order_of_a_persons_addresses_is_kept() -> None:
    policy, general = {"email": "policy@x.example"}, {"email": "info@x.example"}
    mine = {"name": "X", "channels": [policy, general]}
    said = {"name": "X", "channels": [general, policy]}
    once = update(mine, said, [], [])
    assert once.values == mine
    assert update(once.values, said, [base_of(said)], []).values == mine
    assert update(said, mine, [base_of(said)], []).values == mine


def test_who_is_ready_is_not_sent_back_to_research() -> None:
    said = {"name": "X", "missing": "an address"}
    assert update({"name": "X", "via": "y"}, said, [], []).values == {"name": "X", "via": "y"}
