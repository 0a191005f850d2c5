"""What every page offers: undo the last act, read the mailbox, and see what is being done."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from outreach.tasks.person import needs
from outreach.tasks.syncing_all import sync_all
from outreach.web.jobs import Job
from outreach.web.visit import Visit, local, reading, writing


@writing
def undo(visit: Visit, form: Mapping[str, str]) -> Response:
    """Take back the act that the button named, once. Raises NotAllowed for who has not the roles any more."""
    back, act = local(form.get("back", "/")), visit.session.taken_act(form.get("act", ""))
    if act is None:
        return visit.back_to(back, visit.words("That was undone already."), "bad")
    needs(*act.needs)
    act.undo()
    return visit.back_to(back, visit.words("Undone: {what}", what=act.text))


@writing
def read_mailbox(visit: Visit, form: Mapping[str, str]) -> Response:
    """Read the mailbox, and what became of posts, like `outreach sync`; the trust line says when it is done."""
    root = visit.dashboard.root
    visit.dashboard.jobs.begin(Job(kind="read"), lambda job: sync_all(root))
    return visit.back_to(local(form.get("back", "/")))


@reading
def show_job(visit: Visit) -> Response:
    """How far what is being done is, for the line that asks for it every second."""
    return visit.part("job.html", here=local(visit.asked("here", "/")), was_running=True)
