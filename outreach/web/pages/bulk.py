"""The same for many contacts: first what would change and for whom, then the doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from outreach.model.records import dataclass
from outreach.tasks import bulk
from outreach.web.pages.contacts import matching
from outreach.web.sessions import Act
from outreach.web.visit import Visit, local, writing, writing_many

ACTIONS = ("add-tag", "remove-tag", "owner", "tier", "leave-out", "pause", "do-not-contact")


LEAVE_OUT = "leave-out:"
"""The action of a wave: this, and its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What was previewed: the action, what with, for whom, and the edits of files that it takes."""

    action: str
    value: str
    ids: tuple[str, ...]
    edits: bulk.ManyEdits | None


@writing_many
def preview(visit: Visit, form: FormData) -> Response:
    """What the action would do, with whom it concerns by name; nothing is changed."""
    action, value = str(form.get("action", "")), str(form.get("value", "")).strip()
    if action.startswith(LEAVE_OUT):
        action, value = "leave-out", action.removeprefix(LEAVE_OUT)
    known = {each.id for each in visit.seen.statuses}
    ticked = [id for id in dict.fromkeys(map(str, form.getlist("id"))) if id in known]
    ids = [each.id for each in matching(visit)] if form.get("all") == "yes" else ticked
    back = local(str(form.get("back") or f"/contacts?{visit.request.url.query}"))
    if not ids or action not in ACTIONS or (not value and action not in ("owner", "tier")):
        return visit.back_to(
            back, visit.words("Select contacts and an action, and fill in the field beside it."), "bad"
        )
    edits = None
    if action not in ("pause", "do-not-contact"):
        root = visit.dashboard.root
        edits = (
            bulk.leave_out(root, value, ids)
            if action == "leave-out"
            else bulk.edit_many(root, ids, _change(action, value))
        )
    offer = Offer(action=action, value=value, ids=tuple(ids), edits=edits)
    return visit.page("bulk.html", live="ask", offer=offer, word=visit.session.offer(offer), back=back)


@writing
def do(visit: Visit, form: Mapping[str, str]) -> Response:
    """Do what was previewed, once. Raises EditedMeanwhile if a file changed since."""
    root, words, back = visit.dashboard.root, visit.words, local(form.get("back", "/contacts"))
    offer = visit.session.taken_offer(form.get("word", ""))
    if not isinstance(offer, Offer):
        return visit.back_to(back, words("This was done already, or this page is old. Nothing was changed."), "bad")
    if offer.action == "pause":
        bulk.pause_many(root, offer.ids, offer.value)
        said = words("Paused: {what}", what=_whom(visit, offer.ids))
        return visit.back_to(back, said, act=Act(text=said, undo=lambda: bulk.resume_many(root, offer.ids)))
    if offer.action == "do-not-contact":
        numbers = bulk.suppress_many(root, offer.ids, offer.value)
        said = words("No more mail: {what}", what=_whom(visit, offer.ids))
        return visit.back_to(back, said, act=Act(text=said, undo=lambda: bulk.undo_many(root, numbers)))
    assert offer.edits is not None
    whom = _whom(visit, offer.edits.change)
    said = words("Changed: {what}", what=whom)
    if offer.action == "leave-out":
        said = words("Left out of {wave}: {what}", wave=offer.value, what=whom)
    return visit.back_to(back, said, act=Act(text=said, undo=bulk.save_many(root, offer.edits.edits)))


def _whom(visit: Visit, ids: Sequence[str]) -> str:
    return visit.name(ids[0]) if len(ids) == 1 else visit.words("{n} contacts", n=visit.words.number(len(ids)))


def _change(action: str, value: str) -> bulk.Change:
    def change(values: Mapping[str, Any]) -> Mapping[str, Any]:
        tags = [tag for tag in values.get("tags", []) if tag != value]
        if action == "add-tag":
            return {} if value in values.get("tags", []) else {"tags": [*tags, value]}
        if action == "remove-tag":
            return {"tags": tags}
        return {action: int(value) if action == "tier" and value.isdecimal() and len(value) < 4 else value}

    return change
