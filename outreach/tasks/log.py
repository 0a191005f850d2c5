"""What a person records: notes, decisions, outcomes, pauses. Each is one event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from outreach.errors import CannotTell, PersonsPosition, UnknownName
from outreach.history import why_not_undo
from outreach.history.address_marks import normalised
from outreach.model.contact import ContactKind
from outreach.model.event import FROM_MAIL, LOGGED, LOGGED_BEFORE, Event, EventKind
from outreach.model.ids import VersionId, plain_id
from outreach.model.member import Role
from outreach.model.outcome import OUTCOME_WORDS, outcome_of
from outreach.model.payload import DecidedPayload, OpenedPayload, OutcomePayload, PlainPayload, UndonePayload
from outreach.model.records import dataclass
from outreach.planning.ahead import GATE, gate_of, in_future
from outreach.planning.gates import opened_by
from outreach.tasks.person import needs
from outreach.tasks.versions import PostVersions
from outreach.tasks.world import Session, session
from outreach.words.suggestions import nearest
from outreach.words.wall_time import resolve, zone

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_LENGTH = re.compile(r"(\d+)([dw])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What `outreach log` was told. `at` and `due` are as typed; `numbers` are a post's."""

    about: str
    what: str
    at: str | None = None
    due: str | None = None
    owner: str | None = None
    url: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    text: str | None = None


def note(root: Path, told: Note) -> Event:
    """Write down what happened elsewhere. Raises UnknownName, CannotTell."""
    with session(root) as opened:
        kind = LOGGED.get(told.what) or (EventKind(told.what) if told.what in LOGGED_BEFORE else None)
        if kind is None:
            near = nearest(told.what, [*LOGGED, *LOGGED_BEFORE])
            raise UnknownName("kind of entry", told.what, near, LOGGED)
        contact, post, network = _subject(opened, told.about)
        if kind is EventKind.POSTED and post is None:
            raise CannotTell(f"{told.about} is a contact, and only a post can be posted", "Name the post.")
        if kind is EventKind.POSTED and not told.url:
            raise CannotTell("A post counts as published only with its address", "Add --url https://...")
        if told.url and not told.url.isprintable():  # `links` writes it into documents
            raise CannotTell(
                f"The address {told.url!r} holds an invisible character", "Copy it from the browser again."
            )
        step = _step_by_hand(opened, contact) if kind in (EventKind.FORM_SENT, EventKind.MESSAGE_SENT) else None
        said = _said_by_hand(opened, post, network) if kind is EventKind.POSTED and network else None
        return opened.record(
            kind,
            said,
            at=_instant(opened, told.at) if told.at else None,
            contact=contact,
            post=post,
            network=network,
            wave=step[0] if step else None,
            step=step[1] if step else None,
            due=_day(opened, told.due) if told.due else None,
            owner=told.owner,
            url=told.url,
            numbers=dict(told.numbers),
            text=told.text,
        )


def _said_by_hand(opened: Session, post: str | None, network: str) -> PlainPayload | None:
    """What the file said when a person published it, so that a later change of it is noticed."""
    world = opened.world()
    version = next((e for each in world.posts for e in each.versions if (e.post, e.network) == (post, network)), None)
    draft = version and PostVersions(opened.root, opened.loaded, opened.ledger, world).draft(version)
    return PlainPayload(value=draft.digest) if draft else None


def posted_by_hand(root: Path, post: str, url: str) -> Event:
    """Record where a person published a post. Raises CannotTell for what is not an address, UnknownName."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise CannotTell(f"{url!r} is not a web address", "Copy it from the browser: https://...")
    return note(root, Note(about=post, what="posted", url=url))


def undo(root: Path, about: str | int | None) -> tuple[Event, Event]:
    """Undo the last note or decision (of `about`, or that number): the event, and the one undone.

    A text of digits may be the id of a contact as well; an int is the number of an event and nothing else.

    Gates that opened because of what is taken back are asked again. Raises CannotTell, NotAllowed.
    """
    with session(root) as opened:
        events = list(opened.ledger.events())
        undone = {payload.number for event in events if isinstance(payload := event.payload, UndonePayload)}
        wanted = (
            event
            for event in reversed(events)
            if event.number not in undone
            and (
                about is None or about in (event.number, str(event.number), event.contact, event.post, *_called(event))
            )
            and not _opened_by_itself(event)
            and (event.kind not in FROM_MAIL or about in (event.number, str(event.number)))
            and why_not_undo(events, event.number) is None
        )
        last = next(wanted, None)
        if last is None:
            raise CannotTell(
                f"There is nothing to undo{f' about {about}' if about else ''}",
                "You can undo notes and decisions, but not sent emails. See `outreach show ID`.",
            )
        if last.kind in (EventKind.DECIDED, EventKind.OPENED):
            needs(Role.APPROVE)
        gates = opened_by(opened.world(), events, [last.number])
        undoing = UndonePayload(number=last.number, of=last.payload.names)
        event = opened.record(EventKind.UNDONE, undoing, contact=last.contact, post=last.post)
        for gate in gates:
            opened.record(EventKind.UNDONE, UndonePayload(number=gate.number, of=gate.payload.names))
        opened.lift_suppressions([last])
        return event, last


def decide(root: Path, decision: str, choice: str, text: str | None) -> Event:
    """Write down a person's decision. Raises UnknownName, NotAllowed."""
    needs(Role.APPROVE)
    with session(root) as opened:
        known = {each.id: each for each in opened.campaign.decisions}
        if decision not in known:
            raise UnknownName("decision", decision, nearest(decision, known), known)
        if choice not in known[decision].choices:
            choices = known[decision].choices
            raise UnknownName("choice", choice, nearest(choice, choices), choices)
        return opened.record(EventKind.DECIDED, DecidedPayload(decision=decision, choice=choice), text=text)


def open_gate(root: Path, gate: str, because: str) -> Event:
    """Open a wave's or post's gate by hand. Raises UnknownName, NotAllowed."""
    needs(Role.APPROVE)
    with session(root) as opened:
        gates = _gates(opened)
        if gate not in gates:
            raise UnknownName("condition", gate, nearest(gate, gates), gates)
        return opened.record(EventKind.OPENED, OpenedPayload(gate=gates[gate], by_hand=True), text=because)


def outcome(root: Path, contact: str, word: str, text: str | None) -> Event:
    """What came of a contact; the event has the word as it is called today.

    Raises UnknownName, and PersonsPosition for what a person thinks, which they did not say in public.
    """
    with session(root) as opened:
        _known_contact(opened, contact)
        found = outcome_of(word)
        if found is None:
            raise UnknownName("outcome", word, nearest(word, OUTCOME_WORDS), OUTCOME_WORDS)
        person = next((each for each in opened.loaded.folder.contacts if contact in (each.id, *each.was)), None)
        if found.is_position and person is not None:
            statement = person.public_statement
            names = [each.name for each in person.people if text and each.name.casefold() in text.casefold()]
            names += [person.name] if person.kind is ContactKind.PERSON else []
            if names and (statement is None or statement.url is None):
                raise PersonsPosition(names[0], found.word)
        return opened.record(EventKind.OUTCOME, OutcomePayload(word=found.word), contact=contact, text=text)


def close(root: Path, contact: str, text: str | None) -> Event:
    """Nothing more is to be done about this contact. Raises UnknownName."""
    with session(root) as opened:
        _known_contact(opened, contact)
        return opened.record(EventKind.CLOSED, contact=contact, text=text)


def hold(root: Path, target: str | None, because: str) -> Event:
    """Pause everything, or one wave, contact or post. Raises UnknownName."""
    with session(root) as opened:
        return opened.record(EventKind.HELD, PlainPayload(name=_target(opened, target)), text=because)


def release(root: Path, target: str | None) -> Event:
    """Resume it. Raises UnknownName, CannotTell."""
    with session(root) as opened:
        name = _target(opened, target)
        if name not in {each.target for each in opened.ledger.past().holds}:
            what = target or "Everything"
            raise CannotTell(f"{what} is not paused", "See what is paused: outreach agenda")
        return opened.record(EventKind.RELEASED, PlainPayload(name=name))


def suppress(root: Path, who: str, because: str | None) -> Event:
    """No more mail to a contact, or to an address. Raises UnknownName, CannotTell."""
    with session(root) as opened:
        if "@" in who:
            if not _ADDRESS.fullmatch(who.strip()):
                raise CannotTell(f"{who!r} is not an email address", "Write it as in the contact's file.")
            event = opened.record(EventKind.SUPPRESSED, address=normalised(who), text=because)
        else:
            _known_contact(opened, who)
            event = opened.record(EventKind.SUPPRESSED, contact=who, text=because)
        opened.pass_on_suppressions()
        return event


# -- what the words mean ------------------------------------------------------------------------


def _known_contact(opened: Session, contact: str) -> None:
    known = [each.id for each in opened.loaded.folder.contacts]
    if contact not in known:
        raise UnknownName("contact", contact, nearest(contact, known))


def _subject(opened: Session, about: str) -> tuple[str | None, str | None, str | None]:
    """The contact, or the post and its network, that `about` names."""
    folder = opened.loaded.folder
    version = VersionId.parse(about) if "/" in about else VersionId(post=about, network="")
    name, network = version.post, version.network
    posts = {post.id: [str(version.network) for version in post.versions] for post in folder.posts}
    contacts = [contact.id for contact in folder.contacts]
    if about in contacts:
        return about, None, None
    if name not in posts:
        raise UnknownName("contact or post", about, nearest(about, [*contacts, *posts]))
    networks = posts[name]
    if not networks:
        raise CannotTell(f"{name} has no `networks`", f"Add `networks` to posts/{name}.md.")
    if network and network not in networks:
        raise UnknownName("network", network, nearest(network, networks), networks)
    if not network and len(networks) > 1:
        raise CannotTell(f"{name} goes to {' and '.join(networks)}", f"Say which: {name}/{networks[0]}")
    return None, name, network or networks[0]


def _step_by_hand(opened: Session, contact: str | None) -> tuple[str, int] | None:
    """The letter that was pasted by hand: the first of this contact's that has not left."""
    _, plan = opened.planned()
    for item in plan.items:
        if item.contact == contact and item.wave is not None and item.step is not None and item.state != "done":
            return item.wave, item.step
    return None


def _called(event: Event) -> tuple[str, ...]:
    """What a person may call a decision, gate, pause or address: `wave:media` is `media` too."""
    names = event.payload.names
    named = (names, plain_id(names)) if names else ()
    return (*named, event.address) if event.address else named


def _opened_by_itself(event: Event) -> bool:
    """A gate that opened because its condition held: nobody said so, so nobody takes it back."""
    return isinstance(payload := event.payload, OpenedPayload) and not payload.by_hand


def _gates(opened: Session) -> dict[str, str]:
    """What a person may call a gate -> its name in the ledger."""
    gates = {}
    for wave in opened.campaign.waves:
        if wave.needs is not None:
            gates[wave.id] = gates[f"wave:{wave.id}"] = f"wave:{wave.id}"
        if wave.follow_up is not None and wave.follow_up.needs is not None:
            gates[f"follow-up:{wave.id}"] = f"follow-up:{wave.id}"
        if wave.after is not None and wave.after.otherwise is not None:
            gates[f"after:{wave.id}"] = f"after:{wave.id}"
    for post in opened.loaded.folder.posts:
        if any(version.needs is not None for version in post.versions):
            gates.setdefault(post.id, f"post:{post.id}")
            gates[f"post:{post.id}"] = f"post:{post.id}"
    future = in_future(opened.world().past, opened.now)
    if future:
        gates[GATE] = gate_of(future)
    return gates


def _target(opened: Session, target: str | None) -> str:
    """What is held: "*", or `wave:ID`, `contact:ID`, `post:ID`."""
    if target is None:
        return "*"
    folder = opened.loaded.folder
    names = {f"wave:{wave.id}" for wave in opened.campaign.waves}
    names |= {f"contact:{contact.id}" for contact in folder.contacts}
    names |= {f"post:{post.id}" for post in folder.posts}
    found = [name for name in names if target in (name, plain_id(name))]
    if not found:
        plain = [plain_id(name) for name in names]
        raise UnknownName("wave, contact or post", target, nearest(target, plain))
    if len(found) > 1:
        raise CannotTell(f"{target} is the name of several things", f"Say which: {' or '.join(sorted(found))}")
    return found[0]


def _instant(opened: Session, text: str) -> datetime:
    """A day, a local time in the campaign's zone, or an instant with its offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotTell(f"{text!r} is not a time", "Write 2026-01-06, or 2026-01-06 14:00.") from error
    if moment.tzinfo is None:
        resolved = resolve(moment, zone(opened.campaign.timezone))
        if resolved.kind == "gap":
            raise CannotTell(f"{text!r} does not exist in {opened.campaign.timezone}", "The clocks jump over it.")
        moment = resolved.instant
    if moment > opened.now:
        raise CannotTell(f"{text!r} has not come yet", "Log what has happened. For a promise, add --due.")
    return moment.astimezone(UTC)


def _day(opened: Session, text: str) -> date:
    """A day, or a length from today on: `14d`, `2w`."""
    length = _LENGTH.fullmatch(text.strip())
    today = opened.now.astimezone(zone(opened.campaign.timezone)).date()
    if length:
        return today + timedelta(days=int(length.group(1)) * (7 if length.group(2) == "w" else 1))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CannotTell(f"{text!r} is not a day", "Write 2026-01-20, or 14d.") from error
