"""The gates of a campaign: what they are asked of, and which of them have come open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Protocol

from outreach.history import undone_number
from outreach.model.campaign import Campaign, Expression
from outreach.model.contact import Contact
from outreach.model.event import Event
from outreach.model.facts import ContactFacts, Facts, PostFacts
from outreach.model.outcome import OutcomeWord
from outreach.model.payload import OpenedPayload
from outreach.model.post import Post, PostVersion
from outreach.model.state import ContactState
from outreach.planning.gates.asking import Answer, Asker
from outreach.planning.gates.terms import Value
from outreach.planning.states import Seen, seen_contacts, state_of
from outreach.words.wall_time import zone

if TYPE_CHECKING:  # the planning package asks gates, so it cannot be imported here
    from outreach.planning.world import World


def facts_of(world: World) -> Facts:
    """What gates are asked of, from the files and the past alone.

    A contact's `state` is therefore none of those that only the plan knows (`manual`, `approved`,
    `drafted`). Who opted out did not answer, whatever they wrote. Raises
    `zoneinfo.ZoneInfoNotFoundError` for a campaign in an unknown zone.
    """
    contacts: dict[str, ContactFacts] = {}
    reached: dict[str, list[Contact]] = defaultdict(list)
    same: dict[ContactFacts, ContactFacts] = {}  # of most contacts the same is known
    for seen in seen_contacts(world):
        facts = _contact_facts(seen, world.campaign.timezone)
        facts = contacts[seen.contact.id] = same.setdefault(facts, facts)
        # Everybody was new once, and not each way to a state leaves an event.
        states = {*seen.past.ever, facts.state, ContactState.NEW.value}
        for state in states - ({ContactState.ANSWERED.value} if facts.state == ContactState.OPTED_OUT else set()):
            reached[state].append(seen.contact)
    return Facts(
        today=world.now.astimezone(zone(world.campaign.timezone)).date(),
        timezone=world.campaign.timezone,
        language=world.campaign.language,
        posts=_posts(world),
        contacts=contacts,
        decisions={name: choice for name, (choice, _) in world.past.decisions.items()},
        checklists={checklist.name: checklist for checklist in world.checklists},
        reached={state: tuple(found) for state, found in reached.items()},
        opened=world.past.gates,
    )


def gate_of(world: World) -> Callable[[Expression, str], Answer]:
    """The function that asks the gate `expression` known as `name`, each one once.

    What it is asked of is found when the first one is: many campaigns have none.
    """
    asker = cache(lambda: Asker(facts_of(world)))

    @cache
    def ask(source: str, name: str) -> Answer:
        return asker().ask(source, name)

    def gate(expression: Expression, name: str) -> Answer:
        return ask(expression.source, name)

    return gate


class Files(Protocol):
    """What gates are in: a World, or the files that are being checked."""

    @property
    def campaign(self) -> Campaign: ...

    @property
    def posts(self) -> tuple[Post, ...]: ...


def gates_of(files: Files) -> Iterator[tuple[str, Expression]]:
    """Every gate with its name: `wave:ID`, `after:ID`, `follow-up:ID`, and those of posts for each version."""
    for wave in files.campaign.waves:
        if wave.needs is not None:
            yield f"wave:{wave.id}", wave.needs
        if wave.after is not None and wave.after.otherwise is not None:
            yield f"after:{wave.id}", wave.after.otherwise
        if wave.follow_up is not None and wave.follow_up.needs is not None:
            yield f"follow-up:{wave.id}", wave.follow_up.needs
    for post in files.posts:
        yield from ((version_gate(post, each), each.needs) for each in post.versions if each.needs is not None)


def version_gate(post: Post, version: PostVersion) -> str:
    """The name of a version's gate: `post:ID`, or `post:ID/NETWORK` where versions need different things.

    A gate that a person opened as `post:ID` is open for all of them.
    """
    sources = {each.needs.source if each.needs else None for each in post.versions}
    return f"post:{post.id}" if len(sources) == 1 else f"post:{post.id}/{version.network}"


def newly_open(world: World) -> list[tuple[str, Mapping[str, float]]]:
    """The gates that hold now and were never open before, by name, with their numbers as written."""
    gates = dict(gates_of(world))
    closed = [name for name in gates if not {name, name.partition("/")[0]} & world.past.gates.keys()]
    if not closed:
        return []
    ask_gate = gate_of(world)
    answers = [(name, ask_gate(gates[name], name)) for name in closed]
    return [(name, _numbers(answer.numbers)) for name, answer in answers if answer.holds]


def opened_by(world: World, events: Sequence[Event], numbers: Collection[int]) -> list[Event]:
    """The events by which gates opened themselves that would not have opened without the events `numbers`.

    These are what somebody said about a contact (an answer, an outcome). A gate that opened for another reason
    stays open; so does one that a decision or a post's numbers opened, whatever becomes of these.
    """
    gates = dict(gates_of(world))
    back = {undone_number(event) for event in events}
    taken = {event.number for event in events if event.number in numbers and event.contact is not None}
    others = [event for event in events if event.contact is None or event.number not in {*back, *numbers}]

    def holds(known: Iterable[Event], opened: Event) -> bool:
        then = world.before(known, opened.number)
        then = replace(then, past=replace(then.past, gates={}), now=opened.at)
        name = opened.payload.names or ""
        return gate_of(then)(gates[name], name).holds

    by_themselves = [
        event
        for event in events
        if isinstance(said := event.payload, OpenedPayload) and not said.by_hand and event.number not in back
        if said.gate in gates and any(number < event.number for number in taken)
    ]
    with_them = sorted([*others, *(event for event in events if event.number in taken)], key=lambda event: event.number)
    return [event for event in by_themselves if holds(with_them, event) and not holds(others, event)]


def _numbers(values: Mapping[str, Value]) -> dict[str, float]:
    return {term: value for term, value in values.items() if not isinstance(value, str | bool)}


def _contact_facts(seen: Seen, timezone: str) -> ContactFacts:
    first, state = seen.first_letter, state_of(seen)
    answered = seen.past.answered is not None or seen.past.outcome is not None
    return ContactFacts(
        state=state.value,
        contacted=first is not None or ContactState.CONTACTED in seen.past.ever,
        answered=answered and state is not ContactState.OPTED_OUT,
        outcome=None if seen.past.outcome is None else OutcomeWord(seen.past.outcome),
        contacted_on=first.astimezone(zone(timezone)).date() if first else None,
    )


def _posts(world: World) -> dict[str, dict[str, PostFacts]]:
    found: dict[str, dict[str, PostFacts]] = defaultdict(dict)
    for (post, network), past in world.past.posts.items():
        found[post][network] = PostFacts(published=past.published, url=past.url, numbers=past.numbers)
    return found
