"""Pause and resume: nothing of what is paused goes out."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from outreach.tasks import log
from outreach.web.pages.contact import contact_page
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, local, reading, writing


@reading
def show(visit: Visit) -> Response:
    """What is paused, and the form that pauses."""
    return _page(visit, visit.asked("of"))


def _page(visit: Visit, wanted: str) -> Response:
    world = visit.seen.world
    return visit.page(
        "hold.html", live="ask", waves=[wave.id for wave in world.campaign.waves],
        posts=[post.id for post in world.posts], wanted=wanted, target_name=target_name,
    )  # fmt: skip


def _page_again(visit: Visit, form: Mapping[str, str]) -> Response:
    """The page on which the form stands: that of the contact, or the one for everything else."""
    target = form.get("target", "")
    return contact_page(visit, target.partition(":")[2]) if target.startswith("contact:") else _page(visit, target)


def target_name(visit: Visit, target: str) -> str:
    """What is paused, as people call it."""
    kind, _, id = target.partition(":")
    return visit.words("everything") if target in ("", "*") else visit.name(id) if kind == "contact" else id


@again(_page_again)
def put_on(visit: Visit, form: Mapping[str, str]) -> Response:
    """Pause everything, or a wave, contact or post; with a reason, which is shown wherever it matters."""
    root, because, target = visit.dashboard.root, form.get("because", "").strip(), form.get("target") or None
    back = local(form.get("back", "/hold"))
    if not because:
        return visit.back_to(back, visit.words("Say why you pause: everybody sees the reason."), "bad")
    log.hold(root, target, because)
    said = visit.words("Paused: {what}", what=target_name(visit, target or "*"))
    return visit.back_to(back, said, act=Act(text=said, undo=lambda: log.release(root, target)))


@writing
def take_off(visit: Visit, form: Mapping[str, str]) -> Response:
    """Resume what was paused."""
    root, name = visit.dashboard.root, form.get("target", "*")
    because = next((hold.because for hold in visit.seen.world.past.holds if hold.target == name), "")
    target = None if name == "*" else name
    log.release(root, target)
    said = visit.words("Resumed: {what}", what=target_name(visit, name))
    back = local(form.get("back", "/hold"))
    return visit.back_to(back, said, act=Act(text=said, undo=lambda: log.hold(root, target, because)))
