"""Erasing a contact: first every place that names it, then the doing. It cannot be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from outreach.model.erasure import Erasure, Fate
from outreach.model.records import dataclass
from outreach.pages.erasing import groups, place_line, reply_lines
from outreach.tasks.clock import now
from outreach.tasks.erasing.erasing import Request, erase
from outreach.web.pages import contacts
from outreach.web.pages.contact import page_again, visit_contact
from outreach.web.visit import Visit, again, typed_day, writing
from outreach.words.retention import kept_until


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Whose erasure was shown: the contact's, or that of `who`, among its people or anywhere ("" for `contact`).

    `also` are other names of theirs.

    `asked` is the day on which they asked for it (None: today).
    """

    contact: str
    who: str
    name: str
    also: tuple[str, ...]
    asked: date | None


@again(lambda visit, form: page_again(visit, form) if form.get("contact") else contacts.page_of_all(visit))
def look(visit: Visit, form: Mapping[str, str]) -> Response:
    """Every place that names them; nothing is erased. If a day is given, the deadline becomes a task, as by `--asked`.

    Raises UnknownName, CannotTell (also for a day that is none).
    """
    id, asked = form.get("contact", "") and visit_contact(visit, form["contact"]), typed_day(form, "asked")
    who, said = form.get("who", "").strip() or id, form.get("also", "")
    also = tuple(each.strip() for each in said.split(";") if each.strip())
    found = erase(visit.dashboard.root, Request(who=who, also=also, asked=asked))
    offer = Offer(contact=id, who=who, name=found.erased.name, also=also, asked=asked)
    return _page(visit, found, offer=offer, word=visit.session.offer(offer), is_task=asked is not None)


@writing
def do(visit: Visit, form: Mapping[str, str]) -> Response:
    """Erase whom the page showed, and show the reply to them once."""
    offer = visit.session.taken_offer(form.get("word", ""))
    if not isinstance(offer, Offer):
        said = visit.words("This was done already, or this page is old. Nothing was changed.")
        return visit.back_to("/contacts", said, "bad")
    forget = form.get("forget") == "yes"
    request = Request(who=offer.who, also=offer.also, asked=offer.asked, go=True, forget=forget)
    found = erase(visit.dashboard.root, request)
    return _page(visit, found, reply=reply_lines(found.erased, now().date()) if found.is_complete else ())


def _page(
    visit: Visit,
    found: Erasure,
    *,
    offer: Offer | None = None,
    word: str = "",
    reply: tuple[str, ...] = (),
    is_task: bool = False,
) -> Response:
    lines = [(title, [place_line(place, done=found.done) for place in places]) for title, places in groups(found)]
    until = kept_until(found.erased.asked, "1mo")
    return visit.page(
        "erase.html", live="none", found=found, groups=lines, offer=offer, word=word, reply=reply, until=until,
        is_task=is_task, is_unsure=any(place.fate is Fate.LOOK for place in found.places),
    )  # fmt: skip
