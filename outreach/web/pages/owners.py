"""Whoever writes to a contact that somebody else looks after is asked first, once for each (`outreach serve`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps

from starlette.responses import Response

from outreach.web.visit import Visit

Act = Callable[[Visit, Mapping[str, str]], Response]
MOST_NAMED = 5
"""So many contacts of others are named in the question."""


def asks_owners(whom: Callable[[Visit, Mapping[str, str]], Iterable[str]]) -> Callable[[Act], Act]:
    """For a form that writes to contacts, or about them: asks before it does it to those of others.

    `whom` are the ids of the contacts that the form is about. Nobody is asked in a dashboard for one person.
    """

    def around(act: Act) -> Act:
        @wraps(act)
        def asked(visit: Visit, form: Mapping[str, str]) -> Response:
            others = of_others(visit, whom(visit, form))
            if not others:
                return act(visit, form)
            if form.get("anyway") == "yes":
                visit.session.asked_about |= others.keys()
                return act(visit, form)
            named = [(visit.name(id), owner) for id, owner in list(others.items())[:MOST_NAMED]]
            return visit.page(
                "owner.html", 409, live="none", named=named, more=len(others) - len(named), fields=form,
                action=visit.here, back=f"/contacts/{next(iter(others))}",
            )  # fmt: skip

        return asked

    return around


def of_others(visit: Visit, ids: Iterable[str]) -> dict[str, str]:
    """Who looks after those of the contacts that another one looks after, and of whom this session was not asked."""
    member, people = visit.session.member, visit.seen.world.campaign.people
    if member is None:
        return {}
    owners = {id: visit.owner_of(id) for id in ids if id not in visit.session.asked_about}
    return {
        id: next((each.name for each in people if each.looks_after(owner)), owner)
        for id, owner in owners.items()
        if owner and not member.looks_after(owner)
    }
