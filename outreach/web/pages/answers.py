"""Answers to be judged, each with one key."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from outreach.model.mail import SORT_WORDS
from outreach.model.outcome import OUTCOMES, present_word
from outreach.planning.today import waiting_to_be_sorted
from outreach.planning.triage import untriaged
from outreach.tasks import log
from outreach.tasks.sorting import sort_message
from outreach.web.visit import Visit, reading, writing

MOST = 50


@reading
def show(visit: Visit) -> Response:
    """Every answer of which nobody has said what came of it, the longest waiting first."""
    seen = visit.seen
    to_sort = waiting_to_be_sorted(seen.messages, seen.world.past)
    first = {message.contact for message in to_sort}
    waiting = [each for each in untriaged(seen.statuses, seen.world.past, seen.messages) if each.contact not in first]
    judged = [each for each in seen.statuses if each.outcome]
    return visit.page(
        "answers.html",
        waiting=waiting[:MOST],
        total=len(waiting),
        judged=judged[:MOST],
        outcomes=OUTCOMES,
        to_sort=to_sort[:MOST],
        names={each.id: each.name for each in seen.statuses},
        sort_words=SORT_WORDS,
        live="ask",
    )


@writing
def sort(visit: Visit, form: Mapping[str, str]) -> Response:
    """Say what a message is that only seems to be something."""
    done = sort_message(visit.dashboard.root, form.get("message", ""), form.get("word", ""))
    name = next((each.name for each in visit.seen.statuses if each.id == done.contact), done.contact or done.name)
    words = visit.words
    return visit.back_to("/answers", words("{name}: {outcome}.", name=name, outcome=words(str(done.sorted))))


@writing
def judge(visit: Visit, form: Mapping[str, str]) -> Response:
    """Write down what came of a contact; not if they wrote again after what was shown."""
    contact, word, words = form.get("contact", ""), form.get("outcome", ""), visit.words
    name = next((each.name for each in visit.seen.statuses if each.id == contact), contact)
    latest = visit.seen.world.past.contacts.get(contact)
    answered = latest.answered if latest else None
    if answered is not None and form.get("shown") != answered.isoformat():
        said = words("{name} wrote again meanwhile. Nothing was written down; here is the latest.", name=name)
        return visit.back_to("/answers", said, "bad")
    log.outcome(visit.dashboard.root, contact, word, form.get("text") or None)
    return visit.back_to("/answers", words("{name}: {outcome}.", name=name, outcome=words(present_word(word))))
