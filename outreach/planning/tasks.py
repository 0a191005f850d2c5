"""What only people can do: decisions, checklists, promises, research, and answering whoever answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from outreach.model.campaign import Decision
from outreach.model.contact import Contact
from outreach.model.event import CONTACTED
from outreach.model.past import BY_LAW, ContactPast
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.planning.against import CAUSES
from outreach.planning.moments_of_posts import first_publications
from outreach.planning.states import is_suppressed
from outreach.planning.world import World
from outreach.words.said_time import said_moment
from outreach.words.wall_time import resolve, zone
from outreach.words.windows import said_date


def plan_tasks(world: World, letters: Sequence[PlanItem] = ()) -> list[PlanItem]:
    """The tasks for people. `letters` are the plan's letters: a wave ends with the last of them."""
    return [
        *(_decision(decision, world, letters) for decision in world.campaign.decisions),
        *_checklists(world),
        *_promises(world),
        *_research(world),
        *_answers(world),
        *_bounces(world),
        *_came_back(world),
        *_proposals(world),
    ]


def _decision(decision: Decision, world: World, letters: Sequence[PlanItem]) -> PlanItem:
    name = f"decision/{decision.id}"
    taken = world.past.decisions.get(decision.id)
    if taken is not None:
        return _task(world, name, ItemState.DONE, taken[1], f"decided: {taken[0]}")
    if f"decision:{decision.id}" in world.blocked:
        return _task(world, name, ItemState.HELD, None, "campaign.yaml has an error here: outreach check")
    limit = _day_of(decision.by, world) if decision.by else None
    asked, not_yet = _asked(decision, world, letters)
    due = min((instant for instant in (asked, limit and limit[1]) if instant), default=None)
    begins = min((instant for instant in (asked, limit and limit[0]) if instant), default=None)
    if decision.after is not None and (begins is None or world.now < begins):
        until = not_yet or (begins and f"until {said_moment(begins, world.campaign.timezone)}")
        return _task(world, name, ItemState.WAITING, due, f"{until}: {decision.ask}")
    by = f" (by {said_date(decision.by)})" if decision.by and limit and due != limit[1] else ""
    question = f"{decision.ask}{by} Answer with: outreach decide {decision.id} {'|'.join(decision.choices)}"
    return _task(world, name, ItemState.DUE, due, _overdue(question, limit, world))


def _asked(decision: Decision, world: World, letters: Sequence[PlanItem]) -> tuple[datetime | None, str]:
    """The instant `delay` after what the decision comes after, or None and why that is not known yet."""
    if decision.after is None:
        return None, ""
    instant, not_yet = _happened(decision.after, world, letters)
    if instant is None:
        return None, not_yet
    return decision.delay.after(instant) if decision.delay else instant, ""


def _happened(name: str, world: World, letters: Sequence[PlanItem]) -> tuple[datetime | None, str]:
    """When the post, wave or decision of that name came to its end, or a clause that says it did not."""
    if any(post.id == name for post in world.posts):
        return first_publications(world.past).get(name), f"after {name}, which is not posted yet"
    if any(wave.id == name for wave in world.campaign.waves):
        return _last_letter(name, world, letters), f"after {name}, of which no email was sent yet"
    taken = world.past.decisions.get(name)
    return (taken[1] if taken else None), f"after {name}, which is not decided yet"


def _last_letter(wave: str, world: World, letters: Sequence[PlanItem]) -> datetime | None:
    """When the wave's last first letter left, or will leave; None before any has left.

    Letters that are held do not count: nobody knows whether they will ever leave.
    """
    left = [
        letter.at
        for past in world.past.contacts.values()
        for letter in past.letters
        if letter.wave == wave and letter.step == 0 and letter.kind in CONTACTED
    ]
    ahead = [
        item.due
        for item in letters
        if item.wave == wave and item.step == 0 and item.due and item.state in (ItemState.DUE, ItemState.WAITING)
    ]
    return max([*left, *ahead]) if left else None


def _checklists(world: World) -> Iterator[PlanItem]:
    for checklist in world.checklists:
        for item in checklist.items:
            state = ItemState.DONE if item.ticked else ItemState.DUE
            yield _task(world, f"checklist/{checklist.name}/{item.line}", state, None, item.text)


def _promises(world: World) -> Iterator[PlanItem]:
    contacts = {contact.id: contact for contact in world.contacts}
    for name, past in world.past.contacts.items():
        contact = contacts.get(name)
        is_over = _is_over(past, contact, world)
        for promise in past.promises:
            if is_over and not promise.text.startswith(BY_LAW):  # the law's deadline runs on after a no
                continue
            day = _day_of(promise.due, world) if promise.due else None
            is_later = day is not None and world.now < day[0] and not promise.text.startswith(BY_LAW)
            state = ItemState.WAITING if is_later else ItemState.DUE
            yield _task(
                world,
                f"promise/{promise.number}",
                state,
                day[1] if day else None,
                _overdue(promise.text or "promised", day, world),
                contact=past.contact,
                owner=promise.owner or (contact.owner if contact else None),
            )


def _research(world: World) -> Iterator[PlanItem]:
    for contact in world.contacts:
        past = world.past.contacts.get(contact.id)
        if contact.missing is not None and not _is_over(past, contact, world):
            reason = contact.missing
            name = f"research/{contact.id}"
            yield _task(world, name, ItemState.DUE, None, reason, contact=contact.id, owner=contact.owner)


def _answers(world: World) -> Iterator[PlanItem]:
    """Whoever had the last word, and waits for ours."""
    for past, contact in _still_open(world):
        if past.is_our_turn:
            owner = contact.owner if contact else None
            name = f"answer/{past.contact}"
            yield _task(world, name, ItemState.DUE, past.answered, "answer them", contact=past.contact, owner=owner)


def _bounces(world: World) -> Iterator[PlanItem]:
    """Each bounced address, with the others of that contact. Correcting it sends nothing by itself."""
    for past, contact in _still_open(world):
        if past.bounced is None or past.answered is not None or contact is None:
            continue
        gone = past.bounced_address or "its address"
        others = [channel.address for channel in contact.emails if channel.address.casefold() != gone.casefold()]
        letter = next((x.id_of(contact.id) for x in reversed(past.letters) if x.wave), None)
        todo = f"; then `outreach confirm {letter} --not-sent` writes to it again" if letter else ""
        has = f"; it also has {', '.join(others)}" if others else "; find another one"
        reason = f"{gone} bounced: correct it in its file{has}{todo}"
        name = f"bounced/{contact.id}"
        yield _task(world, name, ItemState.DUE, past.bounced, reason, contact=contact.id, owner=contact.owner)


_ADVICE = {
    "quota": "try again in some days",
    "size": "send it without attachments, or with links to them",
    "policy": "call them, or write from another address; if several refuse, check your setup: outreach doctor",
    "temporary": "try again",
}


def _came_back(world: World) -> Iterator[PlanItem]:
    """Each letter that came back although its address may be good."""
    for past, contact in _still_open(world):
        letter = past.came_back
        if letter is None or past.bounced is not None or contact is None:
            continue
        why = CAUSES.get(letter.cause, "it was not delivered")
        again = f"`outreach confirm {letter.wave}/{contact.id}/{letter.step} --not-sent` sends it again"
        reason = f"{why}; {_ADVICE.get(letter.cause, 'look at what their server said')}; {again}"
        yield _task(
            world, f"bounced/{contact.id}", ItemState.DUE, letter.at, reason, contact=contact.id, owner=contact.owner
        )


def _proposals(world: World) -> Iterator[PlanItem]:
    """An answer that names another address than the contact's file."""
    for past, contact in _still_open(world):
        if past.proposed is None or contact is None:
            continue
        if past.proposed in {channel.address.casefold() for channel in contact.emails}:
            continue
        change = f"+ {{email: {past.proposed}}}"
        reason = f"they say to write to {past.proposed} instead; add it to the channels in its file: {change}"
        name = f"address/{contact.id}"
        yield _task(world, name, ItemState.DUE, past.answered, reason, contact=contact.id, owner=contact.owner)


def _still_open(world: World) -> Iterator[tuple[ContactPast, Contact | None]]:
    """Every contact with a past that is not over, also those whose file is gone."""
    contacts = {contact.id: contact for contact in world.contacts}
    for name, past in world.past.contacts.items():
        contact = contacts.get(name)
        if not _is_over(past, contact, world):
            yield past, contact


def _is_over(past: ContactPast | None, contact: Contact | None, world: World) -> bool:
    """Whether a person, or the contact itself, said that there is nothing more to do."""
    if past is not None and (past.closed is not None or past.opted_out is not None):
        return True
    if contact is None:
        return False
    return contact.do_not_contact is not None or is_suppressed(contact, world.past.suppressed)


def _day_of(day: date, world: World) -> tuple[datetime, datetime]:
    """The first and the last minute of a day in the campaign's zone, in UTC."""
    own = zone(world.campaign.timezone)
    first, last = (resolve(datetime.combine(day, edge), own).instant for edge in (time.min, time(23, 59)))
    return first.astimezone(UTC), last.astimezone(UTC)


def _overdue(reason: str, day: tuple[datetime, datetime] | None, world: World) -> str:
    """The reason, led by since when it is overdue; `day` is the one until which there was time."""
    if day is None or world.now < day[1] + timedelta(minutes=1):
        return reason
    return f"overdue since {said_moment(day[1], world.campaign.timezone)}: {reason}"


def _task(
    world: World,
    name: str,
    state: ItemState,
    due: datetime | None,
    reason: str,
    *,
    contact: str | None = None,
    owner: str | None = None,
) -> PlanItem:
    return PlanItem(
        id=name,
        kind=ItemKind.TASK,
        state=state,
        zone=world.campaign.timezone,
        due=due,
        reason=reason,
        contact=contact,
        owner=owner,
    )
