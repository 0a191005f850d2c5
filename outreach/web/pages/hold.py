"""The brake: nothing goes out until it is released."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from outreach.tasks import log
from outreach.web.visit import Visit, local, reading, writing


@reading
def show(visit: Visit) -> Response:
    """What is on hold, and the form that puts the brake on."""
    world = visit.seen.world
    return visit.page(
        "hold.html", live="ask", waves=[wave.id for wave in world.campaign.waves],
        posts=[post.id for post in world.posts], wanted=visit.asked("of"),
    )  # fmt: skip


@writing
def put_on(visit: Visit, form: Mapping[str, str]) -> Response:
    """Hold everything, or a wave, contact or post; with a reason, which is shown wherever it matters."""
    because, target = form.get("because", "").strip(), form.get("target") or None
    back = local(form.get("back", "/hold"))
    if not because:
        return visit.back_to(back, visit.words("Say why: it is shown wherever something is held."), "bad")
    log.hold(visit.dashboard.root, target, because)
    what = visit.words("Everything") if target is None else target
    return visit.back_to(back, visit.words("On hold: {what}.", what=what))


@writing
def take_off(visit: Visit, form: Mapping[str, str]) -> Response:
    """Release it again."""
    target = form.get("target", "*")
    log.release(visit.dashboard.root, None if target == "*" else target)
    what = visit.words("Everything") if target == "*" else target
    return visit.back_to(local(form.get("back", "/hold")), visit.words("Released: {what}.", what=what))
