"""A plan and the statuses of contacts, as text that a person reads in the morning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from outreach.model.campaign import Transport
from outreach.model.event import EventKind
from outreach.model.past import Past
from outreach.model.plan import ItemKind, ItemState, Plan, PlanItem
from outreach.model.state import ContactState
from outreach.networks.registry import network_of
from outreach.pages.columns import hanging, table
from outreach.pages.groups import Grouping, Held, some_names, span
from outreach.planning.agenda import by_day, local_text, reason_beside_time
from outreach.planning.status import ContactStatus, LastEvent, counts
from outreach.planning.today import written_not_sent
from outreach.words.wall_time import zone
from outreach.words.windows import said_date

_OPEN = (ItemState.DUE, ItemState.WAITING, ItemState.HELD, ItemState.MISSED, ItemState.IN_DOUBT)


def pause_lines(past: Past, timezone: str) -> Iterator[str]:
    """What is said first while something is paused, and about emails that another computer sent.

    Days are those of the zone of that IANA name.
    """
    for hold in past.holds:
        what = "Everything" if hold.target == "*" else hold.target
        since = f"{_day(hold.since, timezone)} {hold.since.astimezone(zone(timezone)).year}"
        yield f"{what} is paused since {since}, by {hold.by}: {hold.because}"
    if past.elsewhere:
        last = max(receipt.at for receipt in past.elsewhere)
        count = len(past.elsewhere)
        what = "1 email or post" if count == 1 else f"{count} emails or posts"
        when = f"last on {_day(last, timezone)}"
        yield f"Another computer sent {what} of this campaign ({when}). Record them: outreach sync"


def agenda_lines(
    plan: Plan, timezone: str, *, everything: bool, width: int | None = None, grouping: Grouping | None = None
) -> Iterator[str]:
    """The agenda day by day. What is done is left out unless `everything` is asked for, or it has to be corrected.

    With a `grouping`, the emails of one wave that have the same reason are one entry, unless `everything` is.
    """
    for day, items in by_day(plan, zone(timezone)):
        shown = [item for item in items if everything or item.changed or item.state in _OPEN]
        if not shown:
            continue
        yield ""
        yield said_date(day) if day else "Without a day"
        groups: dict[tuple[object, ...], list[PlanItem]] = {}
        for item in shown:
            together = grouping is not None and not everything and item.wave is not None
            key = (item.kind, *grouping.key(_held(item))) if grouping is not None and together else (item.id,)
            groups.setdefault(key, []).append(item)
        for group in groups.values():
            yield from _lines(group, width, grouping)


def _lines(group: Sequence[PlanItem], width: int | None, grouping: Grouping | None) -> Iterator[str]:
    """One entry: an item with its time, or several of one wave with their number, times and names."""
    item, due = group[0], [each.due for each in group if each.due]
    noun = "text" if item.kind is ItemKind.TASK else "email"
    asked = grouping.asks([_held(each) for each in group], noun=noun) if grouping and item.wave else None
    if asked:
        yield from hanging(asked, width, first=f"  {item.state:<8} ", rest=" " * 11)
        return
    if len(group) > 1 and grouping is not None:
        letters = "texts to send by hand" if item.kind is ItemKind.TASK else "emails"
        what = f'{len(group):,} {letters} of the wave "{item.wave}"'
        times = span(due, grouping.now, item.zone).split(" ", 3)[-1]
        names = some_names([grouping.names.get(each.contact or "", each.contact or "") for each in group])
        yield f"  {item.state:<8} {what}{f'  {times}' if times else ''}: {names}"
    else:
        when = local_text(item).split(" ", 4)[-1] if item.due else ""
        name = grouping.names.get(item.contact or "") if grouping is not None else None
        what = f"{name} ({item.id})" if name else item.id
        yield f"  {item.state:<8} {what}" + (f"  {when}" if when else "")
    reason = reason_beside_time(item)
    if reason:
        yield from hanging(reason, width, first=" " * 11, rest=" " * 11)


def _held(item: PlanItem) -> Held:
    reason, waits = reason_beside_time(item), item.state is ItemState.WAITING and not reason_beside_time(item)
    return Held(
        id=item.id,
        state=str(item.state),
        reason=reason,
        due=item.due,
        only_waits=waits,
        decision=item.decision,
    )


def item_line(item: PlanItem) -> str:
    """An item in one line: what, when, why."""
    when = f"  {local_text(item)}" if item.due else ""
    reason = reason_beside_time(item)
    what = item.id
    if item.kind is ItemKind.POST and item.post and item.network:
        what = f'the post "{item.post}" on {network_of(item.network).label}'
    return f"{what}{when}" + (f": {reason}" if reason else "")


def status_lines(
    statuses: Iterable[ContactStatus], timezone: str, width: int | None = None, *, everything: bool = True
) -> Iterator[str]:
    """A row per contact: tier, state, name, what came last, what is next; days in the campaign's zone.

    Why the next email is held is in the row only where `everything` is asked for.
    """
    rows, statuses = [], list(statuses)
    no_tier = "-" if any(each.tier is not None for each in statuses) else ""
    for each in statuses:
        outcome = f" ({each.outcome})" if each.outcome else ""
        tier = no_tier if each.tier is None else str(each.tier)
        last = f"{_what_came_last(each.last)} {_day(each.last.at, timezone)}" if each.last else ""
        following = _next(each, timezone, everything=everything)
        rows.append((tier, f"{each.state}{outcome}", f"{each.name} ({each.id})", last, following))
    yield from table(rows, width)


def _what_came_last(last: LastEvent) -> str:
    """In words: an email in outbox/ was accepted by nobody."""
    if last.type == EventKind.ACCEPTED:
        return "saved in outbox/" if last.via == Transport.OUTBOX else "emailed"
    return last.type.in_words


def _next(each: ContactStatus, timezone: str, *, everything: bool) -> str:
    if each.next is None:
        return ""
    what, due = each.next.what, each.next.due
    if not everything and ", held: " in what:
        return f"{what.partition(', held: ')[0]}, held"
    if due is None or ", missed" in what or ", in doubt" in what:
        return what
    if ", held" in what:
        return f"{what} (from {_day(due, timezone)})"
    step, comma, rest = what.partition(", ")
    return f"{step} on {_day(due, timezone)}{comma}{rest}"


def held_emails(plan: Plan, statuses: Iterable[ContactStatus]) -> list[Held]:
    """The emails to these contacts that something other than the time holds."""
    asked = {each.id for each in statuses}
    return [
        Held(id=item.id, state=str(item.state), reason=item.reason, due=item.due, decision=item.decision)
        for item in plan.items
        if item.kind is ItemKind.LETTER and item.state is ItemState.HELD and item.contact in asked
    ]


def not_sent_lines(past: Past) -> Iterator[str]:
    """The lines below the counts about emails that are in outbox/, or in the drafts of the mailbox."""
    for way, where in ((Transport.OUTBOX, "in outbox/"), (Transport.IMAP_DRAFTS, "in your drafts")):
        number = len(written_not_sent(past, way))
        if number:
            what = "1 email is" if number == 1 else f"{number:,} emails are"
            yield f"{what} {where}: written, not sent."


def _day(instant: datetime, timezone: str) -> str:
    local = instant.astimezone(zone(timezone))
    return f"{local.day} {local:%b}"


def unlisted_line(unlisted: Mapping[str, int]) -> str:
    """The line below the counts about emails to contacts that no file names any more."""
    letters = sum(unlisted.values())
    went = "1 email" if letters == 1 else f"{letters:,} emails"
    return f"{went} went to contacts that are no longer in contacts/: {', '.join(unlisted)}."


_IN_WORDS = {
    ContactState.OPTED_OUT: "not to be written to",
    ContactState.CLOSED: "finished",
    ContactState.ANSWERED: "answered",
    ContactState.BOUNCED: "not delivered",
    ContactState.IN_DOUBT: "unknown",
    ContactState.CONTACTED: "written to",
    ContactState.MANUAL: "to do by hand",
    ContactState.TO_RESEARCH: "without an address",
    ContactState.APPROVED: "approved",
    ContactState.DRAFTED: "with a draft",
    ContactState.NEW: "new",
}


def count_line(statuses: Iterable[ContactStatus]) -> str:
    """`25 contacts: 4 written to, 12 with a draft, 9 new`."""
    found = counts(list(statuses))
    parts = [f"{number:,} {_IN_WORDS[state]}" for state, number in found.items() if number]
    total = sum(found.values())
    return f"{total:,} {'contact' if total == 1 else 'contacts'}: {', '.join(parts) or 'none'}"
