"""When a wave or a post goes out, as a form: what would move, and the file that would say so, before it is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from outreach.errors import CannotTell
from outreach.letters.approving import ApprovalState
from outreach.model.contact import Contact
from outreach.tasks import moving, timing
from outreach.tasks.editing import Edit
from outreach.web.pages.calendar import grouped
from outreach.web.pages.new_post import WHEN, faults_of_when, keys_of_when
from outreach.web.visit import Mistake, Visit, reading
from outreach.words.windows import WEEKDAYS

MOST_CHOICES = 40
"""So many tags and countries can be chosen; others are written as a condition."""
WAVE_WHEN: Mapping[str, str] = {
    "free": "As soon as it is approved",
    "at": "From a day on",
    "after": "After another wave",
}
"""How a wave can say when it begins."""


@reading
def show(visit: Visit) -> Response:
    """`?id=` of a post, or `?wave=` (without one: a new wave, `?template=` its text), and what its form says.

    Writes nothing.
    """
    asked = visit.request.query_params
    if visit.asked("id"):
        return _post(visit, visit.asked("id"))
    campaign = visit.seen.world.campaign
    wave = next((each for each in campaign.waves if each.id == visit.asked("wave")), None)
    new = {"to": timing.EVERYBODY, "template": visit.asked("template"), "when": "free"}
    is_sent = "when" in asked
    given = timing.wave_as_form(wave) if wave else new
    typed = {"to_own": "", **given, **(_typed(visit) if is_sent else {})}
    mistake, edit = None, None
    if is_sent or (visit.asked("wave") and wave is None):
        try:
            edit = timing.plan_wave(visit.dashboard.root, visit.asked("wave"), typed)
        except CannotTell as error:
            mistake = Mistake(action="/plan", error=error, typed=typed)
    choices = dict(_choices(visit, visit.seen.world.contacts))
    return _page(
        visit, edit, mistake,
        kind="wave",
        name=visit.asked("wave"),
        form=typed,
        choices=choices if typed["to"] in choices else {typed["to"]: typed["to"], **choices},
        templates=_texts(visit),
        keeps_template=wave is not None and not given["template"],
        when=WAVE_WHEN,
        waves=[(each.id, each.id) for each in campaign.waves if each.id != visit.asked("wave")],
    )  # fmt: skip


def _texts(visit: Visit) -> list[tuple[str, str]]:
    """The texts of emails by name, each with its subject."""
    texts = {each.name: each.subject for each in visit.seen.world.templates if not each.variant}
    return [(name, f"{subject} ({name})" if subject else name) for name, subject in sorted(texts.items())]


def _typed(visit: Visit) -> dict[str, str]:
    """What the form of a wave says; an own condition counts before the chosen one."""
    typed = {key: value.strip() for key, value in visit.request.query_params.items()}
    return {"again": "", **typed, "to": typed.get("to_own") or typed.get("to", "")}


def _choices(visit: Visit, contacts: Sequence[Contact]) -> Iterator[tuple[str, str]]:
    """Whom a wave can go to, as a file writes it and as people say it."""
    words = visit.words
    yield timing.EVERYBODY, words("Everybody with an address")
    for tier in sorted({each.tier for each in contacts if each.tier is not None}):
        yield f"tier == {tier}", words("Priority {n}", n=tier)
    for kind in sorted({each.kind for each in contacts}):
        yield f"kind == '{kind}'", words("Only: {kind}", kind=words(kind))
    for tag, _ in Counter(tag for each in contacts for tag in each.tags).most_common(MOST_CHOICES):
        yield f"{tag!r} in tags", words("With the tag “{tag}”", tag=tag)
    for country, _ in Counter(each.country for each in contacts if each.country).most_common(MOST_CHOICES):
        yield f"country == {country!r}", words("In the country {country}", country=country)


def _post(visit: Visit, id: str) -> Response:
    """When a post goes out: at a time, on some days, after another post, or as soon as it is approved."""
    asked, root = visit.request.query_params, visit.dashboard.root
    versions = next((post.versions for post in visit.seen.world.posts if post.id == id), ())
    first = next((each for each in versions if not each.when_file or each.when_file == f"posts/{id}.md"), None)
    is_sent, form, days = "when" in asked, dict(asked), asked.getlist("day")
    if not is_sent and first is not None:
        window, after = first.window, first.after
        form = {"when": "window" if window else "after" if after else "at", "at": timing.as_moment(first.at)}
        if window:
            hours = str(window.hours or "-").split("-")
            form |= {"from": f"{window.first}", "to": f"{window.last}", "since": hours[0], "until": hours[1]}
            days = [WEEKDAYS[day - 1][:3] for day in window.days]
        if after:
            form |= {"post": after.post, "delay": timing.days_of(after.delay)}
    mistake, edit = None, None
    faults = faults_of_when(visit, form) if is_sent else []
    if (is_sent and not faults) or first is None:
        try:
            edit = timing.time_post(root, id, keys_of_when(visit, form, days))
        except CannotTell as error:
            mistake = Mistake(action="/plan", error=error, typed=form)
    return _page(
        visit, edit, mistake,
        kind="post",
        name=id,
        form=form,
        faults=faults,
        when=WHEN,
        days=[(day[:3], visit.words(day[:3])) for day in WEEKDAYS],
        chosen_days=days,
        others_of=[post.id for post in visit.seen.world.posts if post.id != id],
    )  # fmt: skip


def _page(visit: Visit, edit: Edit | None, mistake: Mistake | None, **values: Any) -> Response:
    visit.mistake = mistake
    moved = moving.what_moves(visit.dashboard.root, edit) if edit and edit.changes else []
    return visit.page(
        "plan.html", 409 if mistake else 200, live="none", edit=edit, moved=grouped(moved),
        is_soon=any(_goes_today(visit, each) for each in moved),
        word=visit.session.offer(edit) if edit and edit.changes else "", closed=None, **values,
    )  # fmt: skip


def _goes_today(visit: Visit, moved: moving.Moved) -> bool:
    """Whether it could go out today without a further yes: the button has to say so."""
    seen, id = visit.seen, moved.item.id
    is_free = seen.world.campaign.approval == "none" or seen.post_states.get(id) is ApprovalState.HOLDS
    is_approved = is_free or (id in seen.letters and seen.letters[id].state is ApprovalState.HOLDS)
    return is_approved and moved.after is not None and visit.times.day_of(moved.after) <= visit.times.day_of(seen.now)
