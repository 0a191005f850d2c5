"""What is counted, and the entries of the ledger behind each number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from outreach.model.campaign import Transport
from outreach.model.event import ANSWERS, CONTACTED, EventKind
from outreach.model.ids import REPLY
from outreach.model.outcome import OUTCOME_WORDS
from outreach.model.plan import ItemState
from outreach.model.report import Count, Group, LetterLine, PostLine
from outreach.model.state import ContactState
from outreach.planning.status import ContactStatus, no_longer_listed
from outreach.reporting.lines import Reader, is_gone

_BEHIND: dict[ContactState, tuple[EventKind, ...]] = {
    ContactState.OPTED_OUT: (EventKind.OPTED_OUT, EventKind.SUPPRESSED),
    ContactState.CLOSED: (EventKind.CLOSED,),
    ContactState.ANSWERED: (*ANSWERS, EventKind.OUTCOME),
    ContactState.BOUNCED: (EventKind.BOUNCED,),
    ContactState.IN_DOUBT: (EventKind.IN_DOUBT,),
    ContactState.CONTACTED: (*CONTACTED, EventKind.RESOLVED),
    ContactState.APPROVED: (EventKind.APPROVED,),
}
"""The kinds of event that bring a contact into each state; the others come from the files."""


def state_counts(reader: Reader, statuses: Sequence[ContactStatus]) -> tuple[Count, ...]:
    """How many contacts are in each state today: the counts of `status`."""
    found = []
    for state in ContactState:
        there = [each for each in statuses if each.state is state]
        kinds = _BEHIND.get(state, ())
        behind = (n.number for each in there for n in reader.book.of_contact(each.id) if n.kind in kinds)
        found.append(Count(key=str(state), label=str(state), number=len(there), entries=tuple(sorted(behind))))
    return tuple(found)


def totals(reader: Reader, statuses: Sequence[ContactStatus], posts: Sequence[PostLine]) -> tuple[Count, ...]:
    """The numbers that stand first."""
    out = [post for post in posts if post.published is not None and reader.is_in_time(post.published)]
    behind = tuple(sorted(number for post in out for number in post.entries))
    return (
        Count(key="contacts", label="contacts", number=len(statuses)),
        *_reached(reader, statuses),
        _letters("follow_ups", "follow-ups", reader, statuses, lambda letter: letter.step > 0 and letter.wave != REPLY),
        _letters("letters", "emails and messages", reader, statuses, lambda letter: True),
        _letters("sent", "of these sent", reader, statuses, lambda letter: letter.via != Transport.OUTBOX),
        _letters(
            "in_outbox",
            "of these in outbox/: written, not sent",
            reader,
            statuses,
            lambda letter: letter.via == Transport.OUTBOX,
        ),
        *_in_drafts(reader, statuses),
        *_unlisted(reader),
        _with("closed", "closed", reader, statuses, (EventKind.CLOSED,)),
        Count(key="posts", label="posts published", number=len(out), entries=behind),
    )


def _in_drafts(reader: Reader, statuses: Sequence[ContactStatus]) -> Iterator[Count]:
    """Letters that are in the drafts of our mailbox, where there are such; they are none of the letters above."""
    lying = [x for each in statuses for x in reader.letters(each) if x.result == EventKind.IN_DRAFTS]
    if lying:
        behind = tuple(sorted(number for letter in lying for number in letter.entries))
        yield Count(key="in_drafts", label="in your drafts: written, not sent", number=len(lying), entries=behind)


def _unlisted(reader: Reader) -> Iterator[Count]:
    """Letters to contacts that no file names any more, where there are such."""
    gone = no_longer_listed(reader.world.contacts, reader.world.past)
    behind = [n.number for id in gone for n in reader.noted(id) if n.kind in CONTACTED]
    if behind:
        label = "emails to contacts that are no longer in contacts/"
        yield Count(key="no_longer_listed", label=label, number=len(behind), entries=tuple(sorted(behind)))


def _reached(reader: Reader, statuses: Sequence[ContactStatus]) -> tuple[Count, ...]:
    written = [each for each in statuses if any(is_gone(letter) for letter in reader.letters(each))]
    behind = (n for each in written for letter in reader.letters(each) if is_gone(letter) for n in letter.entries)
    return (
        Count(key="written", label="written to", number=len(written), entries=tuple(sorted(behind))),
        _with("answered", "answered", reader, statuses, ANSWERS),
        _with("bounced", "bounced", reader, statuses, (EventKind.BOUNCED,)),
    )


def _letters(
    key: str, label: str, reader: Reader, statuses: Iterable[ContactStatus], wanted: Callable[[LetterLine], bool]
) -> Count:
    found = [x for each in statuses for x in reader.letters(each) if is_gone(x) and wanted(x)]
    return Count(
        key=key, label=label, number=len(found), entries=tuple(sorted(n for letter in found for n in letter.entries))
    )


def _with(
    key: str, label: str, reader: Reader, statuses: Iterable[ContactStatus], kinds: tuple[EventKind, ...]
) -> Count:
    """The contacts with whom something of these kinds happened."""
    found = [[n.number for n in reader.noted(each.id) if n.kind in kinds] for each in statuses]
    numbers = tuple(sorted(number for numbers in found for number in numbers))
    return Count(key=key, label=label, number=sum(map(bool, found)), entries=numbers)


def outcome_counts(reader: Reader, statuses: Sequence[ContactStatus]) -> tuple[Count, ...]:
    """How many contacts have each outcome today, in the order of the words; those we do not know come last."""
    found_words = {each.outcome for each in statuses if each.outcome}
    words = [word for word in OUTCOME_WORDS if word in found_words] + sorted(found_words - set(OUTCOME_WORDS))
    found = []
    for word in words:
        there = [each for each in statuses if each.outcome == word]
        behind = (n.number for each in there for n in reader.book.of_contact(each.id) if n.kind is EventKind.OUTCOME)
        found.append(Count(key=word, label=word, number=len(there), entries=tuple(sorted(behind))))
    return tuple(found)


def tier_groups(reader: Reader, statuses: Sequence[ContactStatus]) -> tuple[Group, ...]:
    """Each tier, those without one last."""
    tiers = sorted({each.tier for each in statuses}, key=lambda tier: (tier is None, tier or 0))
    return tuple(
        Group(
            name="none" if tier is None else str(tier),
            counts=(
                Count(key="contacts", label="contacts", number=len(there)),
                *_reached(reader, there),
            ),
        )
        for tier in tiers
        for there in [[each for each in statuses if each.tier == tier]]
    )


def wave_groups(reader: Reader, statuses: Sequence[ContactStatus]) -> tuple[Group, ...]:
    """Each wave: what left of it, who of those it wrote to came back, and what is still planned."""
    return tuple(
        Group(name=wave.id, counts=_of_wave(reader, wave.id, statuses)) for wave in reader.world.campaign.waves
    )


def _of_wave(reader: Reader, wave: str, statuses: Sequence[ContactStatus]) -> tuple[Count, ...]:
    letters = {each.id: [x for x in reader.letters(each) if x.wave == wave and is_gone(x)] for each in statuses}
    there = [each for each in statuses if letters[each.id]]
    behind = tuple(sorted(n for found in letters.values() for letter in found for n in letter.entries))
    items = [item for item in reader.plan.items if item.wave == wave]
    return (
        Count(key="letters", label="letters", number=sum(map(len, letters.values())), entries=behind),
        *_reached(reader, there),
        *(
            Count(key=str(state), label=str(state), number=sum(item.state is state for item in items))
            for state in (ItemState.DUE, ItemState.WAITING, ItemState.HELD, ItemState.MISSED)
        ),
    )
