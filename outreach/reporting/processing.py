"""The record of processing (GDPR, Art. 30), what the balancing test starts from, and a register of requests.

All of it from the files and the history. What only a person knows is left empty, and the page says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from outreach.history.address_marks import is_erased
from outreach.model.campaign import Campaign, Sender, Transport
from outreach.model.contact import Contact
from outreach.model.event import Event, EventKind
from outreach.model.past import BY_LAW
from outreach.model.records import dataclass
from outreach.planning.world import World
from outreach.words.natural_persons import keeps_person
from outreach.words.wall_time import zone


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Something that somebody asked for, without who: `kind` is objection, access or erasure.

    `asked` and `due` are days in the campaign's zone, `done` the day on which it was, None while it is open.
    """

    kind: str
    asked: date
    due: date | None = None
    done: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Processing:
    """What the record says. `kinds` counts contacts by what they are, `countries` by their country ("" unknown).

    `persons` are contacts that name a person, `sources` in how many words it is said where they were found,
    `collected` the first and last day of it. `data` are the categories of data that are kept, `recipients` who else
    gets some of it. `requests` is the register, the oldest first.
    """

    campaign: Campaign
    made_on: date
    contacts: int
    persons: int
    with_source: int
    kinds: tuple[tuple[str, int], ...]
    countries: tuple[tuple[str, int], ...]
    collected: tuple[date, date] | None
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    requests: tuple[Request, ...]

    @property
    def sender(self) -> Sender:
        return self.campaign.sender


def processing(world: World, events: Iterable[Event]) -> Processing:
    """The record of a campaign as it is now; `events` are all that still count, by number."""
    contacts, home = world.contacts, zone(world.campaign.timezone)
    days = [each.collected_on for each in contacts if each.collected_on is not None]
    persons = [each for each in contacts if keeps_person(each)]
    return Processing(
        campaign=world.campaign,
        made_on=world.now.astimezone(home).date(),
        contacts=len(contacts),
        persons=len(persons),
        with_source=sum(each.found_at is not None for each in persons),
        kinds=_counted(str(each.kind) for each in contacts),
        countries=_counted(each.country or "" for each in contacts),
        collected=(min(days), max(days)) if days else None,
        data=tuple(_data(contacts, world)),
        recipients=tuple(_recipients(world.campaign)),
        requests=tuple(_requests(world, events)),
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(words).items(), key=lambda each: (-each[1], each[0])))


def _data(contacts: Iterable[Contact], world: World) -> Iterable[str]:
    contacts = tuple(contacts)
    people = [person for each in contacts for person in each.people]
    kept = {
        "names and addresses of offices": bool(contacts),
        "names of people": any(keeps_person(each) for each in contacts),
        "their role": any(person.role or person.title for person in people),
        "their email address": any(person.email for person in people),
        "pronouns, for the greeting": any(person.pronouns for person in people),
        "notes of ours (`internal_notes`)": any(each.internal_notes for each in contacts),
        "further columns of lists (`fields`)": any(each.fields for each in contacts),
        "what was sent to them, and when": any(past.letters for past in world.past.contacts.values()),
        "their answers": any(past.answered for past in world.past.contacts.values()),
    }
    return (what for what, is_kept in kept.items() if is_kept)


def _recipients(campaign: Campaign) -> Iterable[str]:
    mail = campaign.accounts.mail
    if mail.transport is not Transport.OUTBOX:
        yield f"your mail provider ({mail.host or mail.auth})"
    if mail.inbox is not None and mail.inbox.imap:
        yield f"the provider of your mailbox ({mail.inbox.imap})"
    for name in campaign.accounts.networks:
        yield f"{name}, for messages and posts that name somebody"
    if campaign.repository != "private":
        yield "whoever can read the Git repository (contacts/ without contacts/private/)"


def _requests(world: World, events: Iterable[Event]) -> list[Request]:
    """What was asked for, in the order in which it was; what is still promised is open."""
    home = zone(world.campaign.timezone)
    still_open = {promise.number for past in world.past.contacts.values() for promise in past.promises}
    found: list[Request] = []
    erasures: dict[str, Request] = {}  # by the token of whom they are about, which is in the request and in the erasure
    for event in events:
        day = event.at.astimezone(home).date()
        token, said = event.payload.stored()
        if event.kind in (EventKind.OPTED_OUT, EventKind.SUPPRESSED):
            found.append(Request(kind="objection", asked=day, done=day))
        elif event.kind is EventKind.PROMISE and is_erased(token or ""):
            asked = date.fromisoformat(said) if said else day
            erasures.setdefault(token or "", Request(kind="erasure", asked=asked, due=event.due))
        elif event.kind is EventKind.PROMISE and (event.text or "").startswith(BY_LAW):
            kind = "erasure" if (event.text or "").startswith(f"{BY_LAW} 17") else "access"
            done = None if event.number in still_open else day
            found.append(Request(kind=kind, asked=day, due=event.due, done=done))
        elif event.kind is EventKind.FORGOTTEN:
            known = erasures.get(token or "", Request(kind="erasure", asked=day))
            erasures[token or ""] = known if known.done else replace(known, done=day)
    return sorted((*found, *erasures.values()), key=lambda each: (each.asked, each.kind))
