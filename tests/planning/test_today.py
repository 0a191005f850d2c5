"""Today: every open task stands in exactly one section, and nothing that hurts is left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.campaign import Decision
from outreach.model.event import EventKind
from outreach.model.mail import KeptMessage, MailKind
from outreach.model.past import Past, SentLetter
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.problem import Problem
from outreach.model.state import ContactState
from outreach.pages.groups import some_names
from outreach.pages.today import today_text
from outreach.planning.status import ContactStatus, LastEvent
from outreach.planning.today import SECTIONS, Ready, Section, Seen, sections
from tests.planning.worlds import NOW, letter, pasts

BEFORE = NOW - timedelta(days=1)
ERROR = Problem(file="contacts/a.yaml", line=3, code="unknown-key", message="What is this?", about="contact:a")
WARNING = Problem(file="contacts/a.yaml", line=4, code="same-angle", message="Again.", about="contact:a")
STEP = {"wave": "one", "contact": "a", "step": 0}
POST: dict[str, Any] = {"kind": ItemKind.POST, "post": "thread"}


def item(ident: str, state: ItemState = ItemState.DUE, **keys: Any) -> PlanItem:
    kind = keys.pop("kind", ItemKind.LETTER if ident.startswith("one/") else ItemKind.TASK)
    return PlanItem(**{"id": ident, "kind": kind, "state": state, "zone": "UTC", "due": NOW, **keys})


def message(number: int) -> KeptMessage:
    return KeptMessage(
        key=f"<{number}@x.example>",
        place="INBOX",
        kind=MailKind.ANSWER,
        rule="no sign that it is automatic",
        at=NOW,
        sender="who@x.example",
        subject="Your letter",
        text="Yes.",
        number=number,
    )


def standing(ident: str = "a", **keys: Any) -> ContactStatus:
    defaults: dict[str, Any] = {"name": "Alpha", "tier": 0, "state": ContactState.NEW, "outcome": None, "wave": "one"}
    return ContactStatus(**{"id": ident, "turn": "theirs", **defaults, **keys})


def today(*items: PlanItem, ready: Ready | None = None, letters: tuple[SentLetter, ...] = (), **keys: Any) -> Seen:
    past = Past(contacts=pasts(a={"letters": letters}) if letters else {})
    return Seen(plan=Plan(now=NOW, items=items), past=past, ready=ready or Ready(), **keys)


def where(seen: Seen) -> dict[str, str]:
    return {task.id: section.id for section in sections(seen) for task in section.tasks}


LETTER, MISSED = item("one/a/0", **STEP), item("one/a/0", ItemState.MISSED, **STEP)
BY_HAND = {"kind": ItemKind.TASK, **STEP}
BLUESKY = {**POST, "network": "bluesky"}
REDDIT = {**POST, "network": "reddit"}
THIS = {"letters": (letter("one", via="outbox"),)}
REFUSED = letter("one", kind=EventKind.REFUSED, said="550 5.1.1 no such user")
THREAD = Ready(to_approve={"thread/bluesky"})
PLACES = [
    ("approve", today(LETTER, ready=Ready(to_approve={"one/a/0"}))),
    ("approve", today(item("one/a/0", ItemState.HELD, **STEP), ready=Ready(to_approve={"one/a/0"}))),
    ("approve", today(item("thread/bluesky", ItemState.WAITING, **BLUESKY), ready=THREAD)),
    ("approve", today(item("thread/bluesky", ItemState.DONE, **BLUESKY), ready=THREAD)),
    ("answer", today(item("answer/a", contact="a"))),
    ("answer", today(statuses=[standing(state=ContactState.ANSWERED, turn="ours")])),
    ("refused", today(item("one/a/0", ItemState.HELD, since=REFUSED.at, **STEP), letters=(REFUSED,))),
    ("refused", today(item("thread/bluesky", ItemState.HELD, **BLUESKY), ready=Ready(refused={"thread/bluesky"}))),
    ("bounced", today(item("bounced/a", contact="a"))),
    ("unmatched", today(unmatched=[message(3)])),
    ("unknown", today(item("one/a/0", ItemState.IN_DOUBT, **STEP))),
    ("unknown", today(item("one/a/0", ItemState.IN_DOUBT, **STEP), letters=(letter("one", kind=EventKind.IN_DOUBT),))),
    ("unknown", today(letters=(letter("gone", kind=EventKind.IN_DOUBT),))),
    ("unknown", today(item("thread/bluesky", ItemState.IN_DOUBT, **BLUESKY))),
    ("unknown", today(item("one/a/0", ItemState.DONE, **STEP), **THIS)),
    ("unknown", today(item("one/a/0", ItemState.HELD, **STEP), ready=Ready(to_approve={"one/a/0"}), **THIS)),
    ("missed", today(MISSED)),
    ("missed", today(MISSED, ready=Ready(to_approve={"one/a/0"}))),
    ("missed", today(item("thread/reddit", ItemState.MISSED, **REDDIT))),
    ("promised", today(item("promise/7", contact="a"))),
    ("decide", today(item("decision/reddit"))),
    ("by-hand", today(item("checklist/before/3"))),
    ("by-hand", today(item("address/a", contact="a"))),
    ("by-hand", today(item("one/a/0", **BY_HAND))),
    ("by-hand", today(item("thread/reddit", **REDDIT))),
    ("by-hand", today(item("thread/bluesky", ItemState.DONE, **BLUESKY), ready=Ready(to_correct={"thread/bluesky"}))),
    ("research", today(item("research/a", contact="a"))),
    ("leaving", today(LETTER, ready=Ready(may_go={"one/a/0"}))),
    ("leaving", today(item("thread/bluesky", ItemState.WAITING, **BLUESKY), ready=Ready(may_go={"thread/bluesky"}))),
    ("leaving", today(item("thread/reddit", ItemState.WAITING, **REDDIT))),
    ("broken", today(problems=[ERROR, WARNING])),
]  # fmt: skip


@pytest.mark.parametrize(("section", "seen"), PLACES)
def test_each_kind_of_task_has_its_place(section: str, seen: Seen) -> None:
    assert list(where(seen).values()) == [section]


@pytest.mark.parametrize(
    "seen",
    [
        today(),
        today(LETTER),  # it cannot be made, or waits for a value
        today(item("one/a/0", ItemState.HELD, **STEP), ready=Ready(may_go={"one/a/0"})),
        today(item("one/a/0", ItemState.DONE, **STEP), letters=(letter("one"),)),
        today(item("promise/7", ItemState.WAITING, contact="a")),
        today(item("decision/reddit", ItemState.DONE)),
        today(statuses=[standing(state=ContactState.CLOSED, turn="theirs")]),
        today(problems=[WARNING]),
        today(item("one/a/0", ItemState.HELD, since=NOW, **STEP), letters=(REFUSED,)),  # corrected, held for another
    ],
)
def test_what_nobody_has_to_do_is_not_shown(seen: Seen) -> None:
    assert where(seen) == {}


# -- the whole of it ----------------------------------------------------------------------------

TASKS = ["decision", "checklist", "promise", "research", "answer", "bounced", "address"]


@st.composite
def plans(draw: st.DrawFn) -> Seen:
    """Any plan with any past: everything that can be open, in every state, in any mixture."""
    names = draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=1))
    states = st.sampled_from(list(ItemState))
    items, pasts_of = [], {}
    for name in names:
        for step in range(draw(st.integers(0, 2))):
            kind = draw(st.sampled_from([ItemKind.LETTER, ItemKind.TASK]))
            at = draw(st.sampled_from([NOW, BEFORE]))
            where_to = {"wave": "one", "contact": name, "step": step}
            items.append(item(f"one/{name}/{step}", draw(states), kind=kind, since=at, **where_to))
        kinds = st.sampled_from([EventKind.ACCEPTED, EventKind.IN_DOUBT, EventKind.REFUSED])
        sent = [
            letter("one", step=step, kind=draw(kinds), via=draw(st.sampled_from(["smtp", "outbox"])), at=NOW)
            for step in range(draw(st.integers(0, 2)))
        ]
        pasts_of[name] = {"letters": tuple(sent)}
        for kind_of_task in draw(st.lists(st.sampled_from(TASKS), unique=True)):
            about = name if kind_of_task not in ("decision", "checklist") else None
            ident = f"{kind_of_task}/{name}" + ("/1" if kind_of_task == "checklist" else "")
            items.append(item(ident, draw(states), contact=about))
    for network in draw(st.lists(st.sampled_from(["bluesky", "mastodon", "reddit"]), unique=True)):
        items.append(item(f"thread/{network}", draw(states), network=network, **POST))
    some = st.sets(st.sampled_from([each.id for each in items])) if items else st.just(set())
    to_approve, turns = draw(some), st.sampled_from(["ours", "theirs"])
    return Seen(
        plan=Plan(now=NOW, items=tuple(items)),
        past=Past(contacts=pasts(**pasts_of)),
        statuses=[standing(n, state=ContactState.ANSWERED, turn=draw(turns)) for n in names],
        ready=Ready(to_approve=to_approve, may_go=draw(some) - to_approve, refused=draw(some), to_correct=draw(some)),
        unmatched=[message(n) for n in range(draw(st.integers(0, 3)))],
        problems=draw(st.lists(st.sampled_from([ERROR, WARNING]), unique=True)),
    )


def open_tasks(seen: Seen) -> set[str]:
    """What surely is open, said without the sections."""
    past = [(name, sent) for name, each in seen.past.contacts.items() for sent in each.letters]
    outbox = {str(sent.id_of(n)) for n, sent in past if sent.via == "outbox" and sent.kind is EventKind.ACCEPTED}
    doubt = {str(sent.id_of(n)) for n, sent in past if sent.kind is EventKind.IN_DOUBT}
    items = {i.id for i in seen.plan.items if i.state in (ItemState.MISSED, ItemState.IN_DOUBT)}
    items |= {i.id for i in seen.plan.items if i.kind is ItemKind.TASK and i.state is ItemState.DUE}
    may_be_approved = {
        i.id for i in seen.plan.items if i.kind is ItemKind.LETTER and i.state in (ItemState.DUE, ItemState.HELD)
    }
    turns = {f"answer/{each.id}" for each in seen.statuses if each.turn == "ours"}
    return (
        outbox
        | doubt
        | items
        | turns
        | {f"m{each.number}" for each in seen.unmatched}
        | (may_be_approved & set(seen.ready.to_approve))
    )


@given(plans())
def test_every_open_task_stands_in_exactly_one_section(seen: Seen) -> None:
    found = sections(seen)
    ids = [task.id for section in found for task in section.tasks]
    assert len(ids) == len(set(ids))
    assert open_tasks(seen) <= set(ids)
    assert [each.id for each in found] == [name for name in SECTIONS if name in {each.id for each in found}]
    assert all(section.tasks for section in found)


@given(plans())
def test_only_what_is_approved_or_needs_no_approval_goes_out_next(seen: Seen) -> None:
    leaving = {task.id for section in sections(seen) if section.id == "leaving" for task in section.tasks}
    asked = {i.id for i in seen.plan.items if i.kind is not ItemKind.TASK and i.network != "reddit"}
    assert leaving & asked <= set(seen.ready.may_go)


@given(plans())
def test_every_task_has_a_sentence_and_a_command_that_settles_nothing(seen: Seen) -> None:
    said = words(sections(seen), *seen.statuses).object()
    for section in said["sections"]:
        assert section["count"] == len(section["items"])
        for each in section["items"]:
            assert each["text"][:1].isupper()
            assert each["command"].startswith("outreach ")
            assert not {"--go", "--sent", "--not-sent"} & set(each["command"].split())
    open_sections = [each for each in said["sections"] if each["id"] != "leaving"]
    assert (said["next"] is not None) or not open_sections


# -- the sentences ------------------------------------------------------------------------------


def words(found: list[Section], *statuses: ContactStatus, **keys: Any) -> Any:
    asked = Decision(id="reddit", ask="What did r/linux make of it?", choices=("go", "stop"))
    return today_text(found, statuses, [asked], now=NOW, timezone="Europe/Brussels", **keys)


def lines(seen: Seen, *statuses: ContactStatus, **keys: Any) -> list[str]:
    return list(words(sections(seen), *statuses, **keys).lines())


def test_the_emails_of_a_wave_are_one_line_with_names_and_one_item_each_for_scripts() -> None:
    ids = {f"one/{name}/0" for name in "abcd"}
    items = [item(id, wave="one", contact=id.split("/")[1], step=0) for id in sorted(ids)]
    seen = today(*items, ready=Ready(to_approve=ids))
    named = [standing(name, name=f"{name.upper()} Org") for name in "abcd"]
    said = lines(seen, *named)
    assert said == ['Approve 4 emails of the wave "one": A Org, B Org and 2 more. Approving does not send them']
    assert words(sections(seen), *named).next() == "outreach approve one"
    assert words(sections(seen), *named).object()["sections"][0]["count"] == 4


def test_what_goes_out_next_is_said_by_wave_from_its_first_to_its_last_moment() -> None:
    due = {f"one/{name}/0": NOW + timedelta(minutes=n) for n, name in enumerate("abc")}
    items = [
        item(id, ItemState.WAITING, wave="one", contact=id.split("/")[1], step=0, due=at) for id, at in due.items()
    ]
    assert lines(today(*items, ready=Ready(may_go=set(due)))) == [
        'Next: 3 emails of the wave "one", Tue 6 Jan 13:00 to 13:02'
    ]


def test_an_answer_is_quoted() -> None:
    last = LastEvent(type="answered", at=BEFORE, text="Claro que\napoiamos!")
    alpha = standing(state=ContactState.ANSWERED, turn="ours", last=last)
    assert lines(today(statuses=[alpha]), alpha) == ['Reply to: Alpha (answered 5 Jan: "Claro que apoiamos!")']


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (today(item("research/a", contact="a", reason="Which office?")), "Find an address: Alpha. Which office?"),
        (
            today(item("thread/bluesky", ItemState.MISSED, **BLUESKY)),
            'Missed: the post "thread" on Bluesky. It was planned for 6 Jan and was not published. Choose a new day',
        ),
        (today(problems=[ERROR]), "1 mistake in the files. Run: outreach check"),
        (
            today(letters=(letter("one", via="outbox"),)),
            'Did you send it? The email to Alpha (wave "one") is in outbox/: written, not sent',
        ),
        (
            today(item("decision/reddit", reason="What did r/linux make of it? Answer with: outreach decide x|y")),
            "Decide: What did r/linux make of it? Choose: go, stop",
        ),
        (today(unmatched=[message(3)]), 'Match to a contact: "Your letter" from who@x.example, 6 Jan'),
    ],
)  # fmt: skip
def test_a_task_is_said_as_people_say_it(seen: Seen, sentence: str) -> None:
    assert lines(seen, standing()) == [sentence]


def test_mistakes_are_counted_with_the_emails_that_they_stop() -> None:
    other = Problem(file="contacts/b.yaml", line=1, code="unknown-key", message="What?", about="contact:b")
    assert lines(today(problems=[ERROR, other]), stopped=4) == ["2 mistakes stop 4 emails. Run: outreach check"]


def test_names_are_shortened_only_where_that_is_shorter() -> None:
    assert some_names(["A"]) == "A"
    assert some_names(["A", "B", "C"]) == "A, B and C"
    assert some_names(["A", "B", "C", "D"]) == "A, B and 2 more"


def test_what_goes_out_later_by_itself_asks_for_no_command() -> None:
    waiting = item("one/a/0", ItemState.WAITING, **STEP)
    assert words(sections(today(waiting, ready=Ready(may_go={"one/a/0"})))).next() is None
    assert words(sections(today(LETTER, ready=Ready(may_go={"one/a/0"})))).next() == "outreach send one"
