"""What events say: stored as ever, read back as it was said, and cut nowhere but in `model/payload.py`."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model import payload as payloads
from outreach.model.event import NOTED, Event, EventKind
from outreach.model.outcome import OUTCOME_WORDS
from outreach.model.payload import (
    ApprovedPayload,
    CorrectedPayload,
    DecidedPayload,
    DraftPayload,
    FromMailPayload,
    LetterPayload,
    OpenedPayload,
    OutcomePayload,
    PartPayload,
    PartPlace,
    PartVia,
    Payload,
    PlainPayload,
    PostProof,
    ReplyPayload,
    ResolvedPayload,
    UndonePayload,
)
from outreach.pages.plan_objects import event_object
from tests.ledger.histories import histories
from tests.planning.worlds import NOW
from tests.sending.campaigns import run, write_campaign

K = EventKind
PACKAGE = Path(__file__).resolve().parents[2] / "outreach"

words = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=12)
maybe = st.none() | words
numbers = st.integers(1, 999)
places = st.builds(PartPlace, numbers, numbers)
PAYLOADS: dict[type[Payload], st.SearchStrategy[Any]] = {
    PlainPayload: st.builds(PlainPayload, name=maybe, value=maybe),
    DraftPayload: st.builds(
        DraftPayload, message_id=maybe, digest=st.text("0123456789abcdef"), place=st.just("") | words
    ),
    LetterPayload: st.builds(LetterPayload, via=st.text(max_size=8), message_id=maybe),
    PartPayload: st.builds(PartPayload, place=places, proof=st.none() | st.builds(PostProof, words, words)),
    CorrectedPayload: st.builds(
        CorrectedPayload, place=places, revision=numbers, digest=st.just("") | st.text("0123456789abcdef", min_size=1)
    ),
    ReplyPayload: st.builds(
        ReplyPayload, answers=maybe, digest=st.text("0123456789abcdef", min_size=1), to_opted_out=st.booleans()
    ),
    ResolvedPayload: st.builds(ResolvedPayload, sent=st.none() | st.booleans(), message_id=maybe),
    UndonePayload: st.builds(UndonePayload, number=st.none() | numbers, of=maybe),
    DecidedPayload: st.builds(DecidedPayload, decision=words, choice=words),
    OpenedPayload: st.builds(OpenedPayload, gate=words, by_hand=st.booleans()),
    OutcomePayload: st.builds(OutcomePayload, word=st.sampled_from(OUTCOME_WORDS)),
    ApprovedPayload: st.builds(ApprovedPayload, digest=maybe),
    FromMailPayload: st.builds(FromMailPayload, by=st.text(max_size=8), message_id=maybe),
}


def said(kind: EventKind, name: str | None, value: str | None, **columns: Any) -> Event:
    return Event(kind=kind, at=NOW, recorded=NOW, by="Kim", name=name, value=value, **columns)


def test_every_payload_is_tried_here() -> None:
    made = {each for each in vars(payloads).values() if isinstance(each, type) and issubclass(each, Payload)}
    assert made - {Payload} == set(PAYLOADS)


@given(st.one_of(*PAYLOADS.values()))
def test_a_payload_is_read_as_it_was_stored(payload: Payload) -> None:
    assert type(payload).read(*payload.stored()) == payload


@given(histories)
def test_every_event_can_be_read(history: list[Event]) -> None:
    for event in history:
        again = type(event.payload).read(*event.payload.stored())
        assert again == event.payload
        assert isinstance(event.payload.shown, str)


@given(st.text(max_size=6), st.none() | st.text(max_size=6), st.sampled_from(EventKind), st.none() | st.just("launch"))
def test_no_text_in_the_columns_breaks_the_reading(
    name: str, value: str | None, kind: EventKind, post: str | None
) -> None:
    payload = said(kind, name, value, post=post).payload
    assert type(payload).read(*payload.stored()) == payload


STORED = [
    (K.ACCEPTED, {"wave": "one"}, LetterPayload(via="smtp", message_id="<a@b>"), "<a@b>", "smtp"),
    (K.FORM_SENT, {"wave": "one"}, LetterPayload(), None, None),
    (K.COMMITTING, {"post": "p"}, PartPayload(place=PartPlace(2, 3), proof=PostProof("3kabc")), "3kabc", "2/3"),
    (K.ADOPTED, {"post": "p"}, PartPayload(place=PartPlace(1, 0), proof=PostProof("at://d/c/k", "bafy")),
     "at://d/c/k bafy", "1/0"),
    (K.CORRECTED, {"post": "p"}, CorrectedPayload(place=PartPlace(1, 2), revision=3, digest="ab"), "3 ab", "1/2"),
    (K.CORRECTED, {"post": "p"}, CorrectedPayload(place=PartPlace(1, 2), revision=3), "3", "1/2"),
    (K.RESOLVED, {"wave": "one"}, ResolvedPayload(sent=True, message_id="<a@b>"), "<a@b>", "sent"),
    (K.RESOLVED, {"wave": "one"}, ResolvedPayload(sent=False), None, "not-sent"),
    (K.UNDONE, {}, UndonePayload(number=7, of="reddit"), "reddit", "7"),
    (K.DECIDED, {}, DecidedPayload(decision="reddit", choice="go"), "reddit", "go"),
    (K.OPENED, {}, OpenedPayload(gate="wave:media"), "wave:media", None),
    (K.OPENED, {}, OpenedPayload(gate="wave:media", by_hand=True), "wave:media", "by hand"),
    (K.OUTCOME, {"contact": "osi"}, OutcomePayload(word="supports"), None, "supports"),
    (K.TESTED, {"wave": "one"}, ApprovedPayload(digest="ab" * 32), None, "ab" * 32),
    (K.WITHDRAWN, {"wave": "one"}, ApprovedPayload(), None, None),
    (K.ANSWERED, {"contact": "osi"}, FromMailPayload(by="in its thread", message_id="<c@d>"), "<c@d>", "in its thread"),
    (K.REPLIED_BY_US, {"contact": "osi"}, FromMailPayload(message_id="<c@d>"), "<c@d>", None),
    (K.HELD, {}, PlainPayload(name="contact:osi"), "contact:osi", None),
    (K.COUNTED, {"post": "p"}, PlainPayload(value="24h"), None, "24h"),
    (K.REPLY, {"network": "bluesky"}, PlainPayload(name="p/bluesky"), "p/bluesky", None),
]  # fmt: skip
"""What ledgers hold since the first version: these columns never change."""


@pytest.mark.parametrize(("kind", "about", "payload", "name", "value"), STORED)
def test_the_stored_form_stays_as_it_is(
    kind: EventKind, about: dict[str, Any], payload: Payload, name: str | None, value: str | None
) -> None:
    event = Event.saying(kind, payload, at=NOW, recorded=NOW, by="Kim", **about)
    assert (event.name, event.value) == (name, value)
    assert event.payload == payload
    shown = event_object(event)
    assert (shown["name"], shown["value"]) == (name, value)


def test_an_event_cannot_say_what_another_kind_says() -> None:
    with pytest.raises(TypeError, match="decided says DecidedPayload, not PlainPayload"):
        Event.saying(K.DECIDED, PlainPayload(), at=NOW, recorded=NOW, by="Kim")
    with pytest.raises(TypeError, match="accepted says PartPayload, not LetterPayload"):
        Event.saying(K.ACCEPTED, LetterPayload(), at=NOW, recorded=NOW, by="Kim", post="p")


@given(st.builds(PartVia, words, places))
def test_the_way_of_a_part_is_read_as_it_was_written(via: PartVia) -> None:
    assert PartVia.read(str(via)) == via


@pytest.mark.parametrize("text", ["", "smtp", "outbox", "1/", "/2", "a/b", "²/3"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert PartPlace.read(text) == PartVia.read(text).place == PartPlace(0, 0)


# --- one door ----------------------------------------------------------------------------------------------

DOORS = {"model/event.py", "model/payload.py", "ledger/rows.py"}
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).as_posix() not in DOORS]


def test_the_columns_of_an_event_are_read_at_the_door_only() -> None:
    read = re.compile(r"\bevent\.(name|value)\b")
    yaml = {"strict_yaml"}
    found = [path for path in MODULES if path.parent.name not in yaml and read.search(path.read_text(encoding="utf-8"))]
    assert found == [], "ask for event.payload"


def test_the_columns_of_an_event_are_written_at_the_door_only() -> None:
    found = [
        f"{path.name}:{call.lineno}"
        for path in MODULES
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) in ("Event", "event", "record", "saying")
        and {"name", "value"} & {each.arg for each in call.keywords}
    ]
    assert found == [], "hand a payload to Event.saying"


@pytest.mark.parametrize("kind", sorted(NOTED))
def test_every_kind_of_note_can_be_written_down_about_a_contact(kind: str, tmp_path: Path) -> None:
    root = write_campaign(tmp_path / "campaign")
    noted = run(root, "note", "c0000", kind, "--url", "https://example.org/1", "a text")
    assert noted.code == (2 if kind == "posted" else 0)
