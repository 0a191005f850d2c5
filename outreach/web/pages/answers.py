"""The inbox: two decisions per answer, each with one key: what is it, and whose turn is it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.responses import Response

from outreach.model.mail import SORT_WORDS, KeptMessage
from outreach.model.outcome import OUTCOMES, present_word
from outreach.model.records import dataclass
from outreach.model.state import ContactState
from outreach.pages.today import MONTH
from outreach.planning.status import ContactStatus
from outreach.planning.today import waiting_to_be_sorted
from outreach.planning.triage import Untriaged, is_human, untriaged, waiting_messages
from outreach.reporting.timeline import cut
from outreach.tasks import editing, log
from outreach.tasks.sorting import assign, sort_message, sort_messages, unassign, unsort_message
from outreach.web.pages.contact import HAPPENED, undoing
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, reading, writing_many

MOST = 50
SHOWN = ("new", "turn", "confirm", "unmatched", "later", "done")
_SATURDAY = 5  # as date.weekday() counts: Monday is 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """An answer that was judged and waits for a reply of ours, or does not any more."""

    status: ContactStatus
    message: KeptMessage | None
    until: date | None
    others: Sequence[KeptMessage]


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """All that the inbox holds, part by part; each answer is in one."""

    new: Sequence[Untriaged]
    turn: Sequence[Turn]
    confirm: Sequence[KeptMessage]
    unmatched: Sequence[KeptMessage]
    later: Sequence[Turn]
    done: Sequence[Turn]


def box_of(visit: Visit) -> Box:
    """The inbox as it is now, the longest waiting first."""
    seen = visit.seen
    confirm = waiting_to_be_sorted(seen.messages, seen.world.past)
    first = {message.contact for message in confirm}
    new = [each for each in untriaged(seen.statuses, seen.world.past, seen.messages) if each.contact not in first]
    in_order = sorted(seen.messages, key=lambda message: message.at)
    latest = {message.contact: message for message in in_order if message.contact and is_human(message)}
    waiting = waiting_messages(seen.world.past, seen.messages)
    today = visit.times.day_of(seen.now)
    taken = first | {each.contact for each in new}
    turns = [
        Turn(
            status=each,
            message=latest.get(each.id),
            until=_until(visit, each.id, today),
            others=[other for other in waiting.get(each.id, ()) if other is not latest.get(each.id)],
        )
        for each in seen.statuses
        if each.id not in taken and (each.state is ContactState.ANSWERED or each.outcome)
    ]
    turns.sort(key=lambda each: each.status.last.at.timestamp() if each.status.last else 0)
    ours = [each for each in turns if each.status.turn == "ours" and each.status.state is ContactState.ANSWERED]
    return Box(
        new=new,
        turn=[each for each in ours if each.until is None],
        confirm=confirm,
        unmatched=[m for m in seen.messages if m.contact is None and m.sorted is None],
        later=[each for each in ours if each.until is not None],
        done=[each for each in reversed(turns) if each not in ours],
    )


def _until(visit: Visit, contact: str, today: date) -> date | None:
    """The day on which we promised to reply, if that is ahead."""
    past = visit.seen.world.past.contacts.get(contact)
    days = [each.due for each in past.promises if each.due and each.due > today] if past else []
    return min(days, default=None)


@reading
def show(visit: Visit) -> Response:
    """`?show=` one part of SHOWN; without it, everything that waits."""
    return _page(visit, {"show": visit.asked("show")})


def _page(visit: Visit, form: Mapping[str, str]) -> Response:
    box, part = box_of(visit), form.get("show", "")
    return visit.page(
        "answers.html",
        box=box,
        part=part if part in SHOWN else "",
        most=MOST,
        outcomes=OUTCOMES,
        sort_words=SORT_WORDS,
        happened=HAPPENED,
        cut=cut,
        later=_working_day(visit.times.day_of(visit.seen.now), 2),
        owners=sorted({each.owner for each in visit.seen.world.contacts if each.owner}),
        mine=visit.owner_of,
        suggested={message.number: _suggested(visit, message) for message in box.unmatched[:MOST]},
        proposed={each.contact: each.proposed for each in visit.seen.world.past.contacts.values() if each.proposed},
        month_after=lambda at: at + timedelta(days=MONTH),
        live="ask",
    )


def _working_day(today: date, days: int) -> date:
    """So many Mondays to Fridays after today."""
    while days:
        today += timedelta(days=1)
        days -= today.weekday() < _SATURDAY
    return today


def _suggested(visit: Visit, message: KeptMessage) -> list[str]:
    """The contacts with an address at the sender's domain."""
    domain = message.sender.rpartition("@")[2]
    return [
        each.id
        for each in visit.seen.world.contacts
        if domain and any(channel.address.casefold().endswith(f"@{domain}") for channel in each.emails)
    ][:3]


def _on(form: Mapping[str, str]) -> str:
    """The place of the next answer on the page that was open."""
    part = form.get("show", "")
    return f"/answers{f'?show={part}' if part in SHOWN else ''}#{quote(form.get('next', ''))}"


@again(_page)
def sort(visit: Visit, form: Mapping[str, str]) -> Response:
    """Say what a message is that only seems to be something."""
    root = visit.dashboard.root
    done = sort_message(root, form.get("message", ""), form.get("word", ""))
    words = visit.words
    said = words("{name}: {outcome}.", name=visit.name(done.contact or done.sender), outcome=words(str(done.sorted)))
    return visit.back_to(_on(form), said, act=Act(text=said, undo=lambda: unsort_message(root, done.name)))


@writing_many
def sort_all(visit: Visit, form: FormData) -> Response:
    """Confirm all messages that seem to be of one kind: those that were on the page."""
    root, words = visit.dashboard.root, visit.words
    waiting = {each.name for each in waiting_to_be_sorted(visit.seen.messages, visit.seen.world.past)}
    names = [name for name in map(str, form.getlist("message")) if name in waiting]
    if not names:
        return visit.back_to("/answers", words("This was done already, or this page is old. Nothing was changed."))
    word = str(form.get("word", ""))
    sort_messages(root, names, word)
    said = words("{n} confirmed: {what}", n=len(names), what=words(word))
    return visit.back_to("/answers", said, act=Act(text=said, undo=lambda: [unsort_message(root, n) for n in names]))


@again(_page)
def judge(visit: Visit, form: Mapping[str, str]) -> Response:
    """Write down a contact's outcome; not if they wrote again after what was shown."""
    contact, word, words = form.get("contact", ""), form.get("outcome", ""), visit.words
    if _wrote_again(visit, form):
        said = words(
            "{name} wrote again in the meantime. Nothing was saved; here is the latest message.",
            name=visit.name(contact),
        )
        return visit.back_to("/answers", said, "bad")
    event = log.outcome(visit.dashboard.root, contact, word, form.get("text") or None)
    said = words("{name}: {outcome}.", name=visit.name(contact), outcome=words(present_word(word)))
    return visit.back_to(_on(form), said, act=undoing(visit, event, said))


def _wrote_again(visit: Visit, form: Mapping[str, str]) -> bool:
    latest = visit.seen.world.past.contacts.get(form.get("contact", ""))
    answered = latest.answered if latest else None
    return answered is not None and form.get("shown") != answered.isoformat()


@again(_page)
def turn(visit: Visit, form: Mapping[str, str]) -> Response:
    """Whose turn it is: `done` (nothing more), `later` (we promised a day), `give` (somebody else looks after them)."""
    root, contact, what, words = visit.dashboard.root, form.get("contact", ""), form.get("turn", ""), visit.words
    name = visit.name(contact)
    if _wrote_again(visit, form):
        said = words("{name} wrote again in the meantime. Nothing was saved; here is the latest message.", name=name)
        return visit.back_to("/answers", said, "bad")
    if what == "give":
        edit, _ = editing.edit_contact(root, contact, {"owner": form.get("owner", "").strip()})
        if edit.changes:
            editing.save(root, edit)
        said = words("{name}: given to {owner}", name=name, owner=form.get("owner", "").strip() or words("nobody"))
        return visit.back_to(_on(form), said, act=Act(text=said, undo=lambda: editing.take_back(root, edit)))
    if what == "later":
        note = log.Note(about=contact, what="promised", due=form.get("due") or None, text=words("Reply to them"))
        event, said = log.note(root, note), words("{name}: reply later", name=name)
    else:
        event, said = log.close(root, contact, None), words("{name}: done", name=name)
    return visit.back_to(_on(form), said, act=undoing(visit, event, said))


@again(_page)
def give(visit: Visit, form: Mapping[str, str]) -> Response:
    """Say whose a message is; the contact by its name or id."""
    root, who = visit.dashboard.root, form.get("contact", "").strip()
    by_name = {name.casefold(): id for id, name in visit.names.items()}
    contact = by_name.get(who.casefold(), who)
    before = next((each.contact for each in visit.seen.messages if each.name == form.get("message")), None)
    message = assign(root, form.get("message", ""), contact)
    said = visit.words("Matched to {name}", name=visit.name(contact))

    def undo() -> None:
        if before:
            assign(root, message.name, before)
        else:
            unassign(root, message.name)

    return visit.back_to(_on(form), said, act=Act(text=said, undo=undo))
