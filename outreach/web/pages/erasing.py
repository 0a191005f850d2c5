"""Erasing a contact: first every place that names it, then the doing. It cannot be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from outreach.model.erasure import Erasure
from outreach.pages.erasing import groups, place_line, reply_lines
from outreach.tasks.clock import now
from outreach.tasks.erasing.erasing import Request, erase
from outreach.web.pages.contact import visit_contact
from outreach.web.visit import Visit, writing


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Whose erasure was shown."""

    contact: str
    name: str


@writing
def look(visit: Visit, form: Mapping[str, str]) -> Response:
    """Every place that names them; nothing is changed. Raises UnknownName, CannotTell."""
    id = visit_contact(visit, form.get("contact", ""))
    found = erase(visit.dashboard.root, Request(who=id))
    word = visit.session.offer(Offer(contact=id, name=found.erased.name))
    return visit.page("erase.html", live="none", found=found, groups=_lines(found), contact=id, word=word, reply=())


@writing
def do(visit: Visit, form: Mapping[str, str]) -> Response:
    """Erase whom the page showed, and show the reply to them once."""
    offer = visit.session.taken_offer(form.get("word", ""))
    if not isinstance(offer, Offer):
        said = visit.words("That was done already, or this page is old. Nothing was done now.")
        return visit.back_to("/contacts", said, "bad")
    found = erase(visit.dashboard.root, Request(who=offer.contact, go=True, forget=form.get("forget") == "yes"))
    reply = reply_lines(found.erased, now().date())
    return visit.page("erase.html", live="none", found=found, groups=_lines(found), contact="", word="", reply=reply)


def _lines(found: Erasure) -> list[tuple[str, list[str]]]:
    return [(title, [place_line(place, done=found.done) for place in places]) for title, places in groups(found)]
