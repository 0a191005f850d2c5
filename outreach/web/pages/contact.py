"""One contact: what comes next, all that happened in one line, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from outreach.model.event import LOGGED, Event
from outreach.model.outcome import OUTCOMES, present_word
from outreach.reporting.timeline import timeline
from outreach.tasks import dashboard as tasks
from outreach.tasks import log
from outreach.web.pages.adding import COLUMNS
from outreach.web.pages.owners import asks_owners
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, reading, writing

HAPPENED: Mapping[str, str] = {
    "call": "A call",
    "they-called": "They called",
    "we-called": "We called",
    "meeting": "We met",
    "form-sent": "We sent their form",
    "message-sent": "We wrote",
    "reply": "They wrote",
    "promise": "Promised",
    "posted": "Posted",
    "other": "Note",
    "decided": "Decided",
    "opened": "Allowed",
    "outcome": "Marked as",
    "closed": "Marked as done",
    "held": "Paused",
    "released": "Resumed",
    "suppressed": "No more mail to them",
    "forgotten": "Erased",
    "approved": "Email approved",
    "withdrawn": "Approval withdrawn",
    "tested": "Test sent to yourself",
    "approval-asked": "Somebody asked to approve by email",
    "approval-answered": "Approved by email",
    "attachment-version": "Version of an attachment recorded",
    "accepted": "We sent an email",
    "adopted": "We sent an email",
    "outbox": "Email saved on this computer, not sent",
    "deferred": "The mail server asked to wait",
    "refused": "The mail server refused the email",
    "in-doubt": "This email may or may not have been sent",
    "resolved": "Said whether it was sent",
    "in-drafts": "Email put into your drafts, not sent",
    "draft-edited": "You edited the draft before you sent it",
    "draft-deleted": "You deleted the draft",
    "reply-written": "You wrote an answer, not sent yet",
    "answered": "They answered",
    "replied-by-us": "We answered",
    "bounced": "Their address failed",
    "opted-out": "They want no more mail",
    "auto-replied": "Automatic reply",
    "proposed": "They named another address",
    "came-back": "The email came back",
    "answer": "They answered",
    "wrong-person": "They named another address",
    "opt-out": "They want no more mail",
    "data-request": "They ask about their data",
    "automatic": "Automatic reply",
    "ticket": "Automatic reply with a ticket number",
    "challenge": "They ask you to confirm your address",
    "hard-bounce": "Their address failed",
    "soft-bounce": "The email came back for now",
    "delayed": "The email is delayed",
    "not-for-us": "A message about something else",
    "ours": "We answered",
    "published": "A post named them",
}
"""What happened, by the kind of an event or a message; who did it is in every sentence."""
LOGS = tuple(word for word in LOGGED if word != "posted")


@reading
def show(visit: Visit) -> Response:
    """Everything about one contact."""
    return contact_page(visit, visit.request.path_params["contact"])


def contact_page(visit: Visit, id: str, status: int = 200) -> Response:
    """The page of a contact. Raises HTTPException if there is none."""
    seen = visit.seen
    contact = next((each for each in seen.world.contacts if each.id == id), None)
    if contact is None:
        raise HTTPException(404)
    events = tasks.contact_events(visit.dashboard.root, contact)
    ours = [message for message in seen.messages if message.contact in (id, *contact.was)]
    moments = timeline(events, ours, seen.posts.values(), seen.world.past.posts, id)
    group = visit.asked("show")
    past = seen.world.past.contacts.get(id)
    return visit.page(
        "contact.html",
        status,
        contact=contact,
        contact_status=next(each for each in seen.statuses if each.id == id),
        items=[item for item in seen.plan.items if item.contact == id and item.state != "done"],
        timeline=[moment for moment in moments if group in ("", moment.group)],
        group=group,
        happened=HAPPENED,
        columns=COLUMNS,
        held=next((hold for hold in seen.world.past.holds if hold.target == f"contact:{id}"), None),
        letters=[letter for letter in seen.letters.values() if letter.letter.contact == id],
        texts=[text for text in seen.by_hand.values() if text.contact == id],
        outcomes=OUTCOMES,
        logs=LOGS,
        proposed=past.proposed if past else None,
        log_first=visit.asked("log"),
        live="ask",
    )


def page_again(visit: Visit, form: Mapping[str, str]) -> Response:
    """The page of the contact that a form is about. Raises HTTPException if there is none."""
    return contact_page(visit, form.get("contact", ""))


def undoing(visit: Visit, event: Event, said: str) -> Act:
    """What takes an event back."""
    root, number = visit.dashboard.root, event.number
    return Act(text=said, undo=lambda: log.undo(root, number))


def _named(visit: Visit, form: Mapping[str, str]) -> list[str]:
    return [form.get("contact", "")]


@again(page_again)
@asks_owners(_named)
def log_it(visit: Visit, form: Mapping[str, str]) -> Response:
    """Write down a call, a meeting, a message or a promise."""
    id, what = form.get("contact", ""), form.get("what", "")
    told = {name: form.get(name, "").strip() or None for name in ("at", "due", "text", "url")}
    at = (told["at"] or "").replace("T", " ") or None
    note = log.Note(about=id, what=what, at=at, due=told["due"], text=told["text"], url=told["url"])
    event = log.note(visit.dashboard.root, note)
    said = f"{visit.name(id)}: {visit.words(HAPPENED[str(event.kind)])}"
    return visit.back_to(f"/contacts/{id}", said, act=undoing(visit, event, said))


@writing
def undo_event(visit: Visit, form: Mapping[str, str]) -> Response:
    """Take back one line of the timeline. Raises CannotTell if it was undone already."""
    number = form.get("number", "")
    event, undone = log.undo(visit.dashboard.root, int(number) if number.isdecimal() and len(number) < 16 else -1)
    said = visit.words("Undone: {what}", what=visit.words(HAPPENED.get(str(undone.kind), str(undone.kind))))
    return visit.back_to(f"/contacts/{event.contact}" if event.contact else "/", said)


@writing
@asks_owners(_named)
def mark(visit: Visit, form: Mapping[str, str]) -> Response:
    """Their position, or that nothing more is to be done."""
    id, word, root = form.get("contact", ""), form.get("outcome", ""), visit.dashboard.root
    text = form.get("text", "").strip() or None
    if word == "done":
        event, what = log.close(root, id, text), visit.words("done")
    else:
        event, what = log.outcome(root, id, word, text), visit.words(present_word(word))
    said = visit.words("{name}: {outcome}.", name=visit.name(id), outcome=what)
    return visit.back_to(f"/contacts/{id}", said, act=undoing(visit, event, said))


@again(page_again)
def never_again(visit: Visit, form: Mapping[str, str]) -> Response:
    """No more mail to this contact, whatever the files say."""
    id, because = form.get("contact", ""), form.get("because", "").strip()
    if not because:
        return visit.back_to(f"/contacts/{id}", visit.words("Say why: the reason is kept."), "bad")
    event = log.suppress(visit.dashboard.root, visit_contact(visit, id), because)
    said = visit.words("{name}: no more mail.", name=visit.name(id))
    return visit.back_to(f"/contacts/{id}", said, act=undoing(visit, event, said))


def visit_contact(visit: Visit, id: str) -> str:
    """The id, if it is a contact's. Raises HTTPException."""
    if id not in visit.names:
        raise HTTPException(404)
    return id
