"""Send and publish: what would go out now, to whom, from which account and until when; the doing; and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from starlette.responses import Response

from outreach.letters.approving import ApprovalState
from outreach.model.action import Action, ActionResult
from outreach.model.campaign import Transport
from outreach.model.ids import LetterId
from outreach.model.plan import ItemKind, ItemState
from outreach.model.records import dataclass
from outreach.networks.registry import network_of
from outreach.pages.posts import post_name
from outreach.pages.sending import why_stopped
from outreach.planning.readiness import foreseen, next_moment
from outreach.tasks.publishing.orders import PublishOrder
from outreach.tasks.publishing.publishing import publish
from outreach.tasks.sending import SendOrder, send
from outreach.tasks.sending.orders import Asking, SendResult
from outreach.web.jobs import Job
from outreach.web.pages.owners import asks_owners
from outreach.web.visit import Visit, local, reading, writing


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """The emails of a wave that would go out now, or the posts: what a button sends.

    `digests` are by id, in the order in which they go; `wave` is None for posts. `last` is about when the last goes out
    (aware UTC), `held` how many wait for each reason, `following` when the next one may go where none may now.
    """

    wave: str | None
    digests: Mapping[str, str]
    sender: str
    names: Sequence[str]
    first: datetime
    last: datetime
    held: Mapping[str, int]
    following: datetime | None = None


def leaving(visit: Visit) -> list[Leaving]:
    """What each wave would send now, as `outreach send` says it, and then the posts. Writes nothing."""
    return [*(_of_wave(visit, wave.id) for wave in visit.seen.world.campaign.waves), _posts(visit)]


def _of_wave(visit: Visit, wave: str) -> Leaving:
    seen, campaign = visit.seen, visit.seen.world.campaign
    items = {item.id: item for item in seen.plan.items if item.wave == wave}
    actions = foreseen(items.values(), seen.now)
    planned = [each for each in actions if each.result is ActionResult.PLANNED and each.id in seen.letters]
    going = {each.id for each in planned}
    dues = [each.due for each in planned if each.due] or [seen.now]
    held: dict[str, int] = {}
    for each in actions:
        if each.id not in going and not each.only_waits:
            reason = visit.reason(items[each.id])
            held[reason] = held.get(reason, 0) + 1
    return Leaving(
        wave=wave,
        digests={each.id: seen.letters[each.id].digest for each in planned},
        sender=next((campaign.sender_of(each).email for each in campaign.waves if each.id == wave), ""),
        names=[visit.name(LetterId.parse(each.id).contact) for each in planned],
        first=max(min(dues), seen.now),
        last=max(*dues, seen.now),
        held=held,
        following=next_moment(actions, seen.now) if not planned else None,
    )


def _posts(visit: Visit) -> Leaving:
    seen, campaign = visit.seen, visit.seen.world.campaign
    due = [item for item in seen.plan.items if item.kind is ItemKind.POST and item.state is ItemState.DUE]
    due = [item for item in due if item.id in seen.posts and not network_of(item.network or "").is_manual]
    free = campaign.approval == "none"
    ready = [item for item in due if free or seen.post_states[item.id] is ApprovalState.HOLDS]
    ready = [item for item in ready if (item.network or "") in campaign.accounts.networks]
    accounts = {
        network_of(item.network or "").shown_account(campaign.accounts.networks[item.network or ""]) for item in ready
    }
    return Leaving(
        wave=None,
        digests={item.id: seen.posts[item.id].digest for item in ready},
        sender=", ".join(sorted(accounts)),
        names=[f"{item.post} ({network_of(item.network or '').label})" for item in ready],
        first=seen.now, last=seen.now, held={},
    )  # fmt: skip


@reading
def show(visit: Visit) -> Response:
    """What can be sent and published now, each with its button."""
    found = leaving(visit)
    return visit.page(
        "send.html",
        live="ask",
        leaving=[each for each in found if each.digests or each.held or each.following],
        words_of={id(each): visit.session.offer(each) for each in found if each.digests},
        transport=visit.seen.world.campaign.accounts.mail.transport,
        transports=Transport,
        elsewhere=len(visit.seen.world.past.elsewhere),
    )


def _recipients(visit: Visit, form: Mapping[str, str]) -> list[str]:
    offer = visit.session.offered(form)
    return [LetterId.parse(id).contact for id in offer.digests] if isinstance(offer, Leaving) and offer.wave else []


@writing
@asks_owners(_recipients)
def go(visit: Visit, form: Mapping[str, str]) -> Response:
    """Send exactly what was shown, once; if anything is another by now, show it again instead."""
    words, offer = visit.words, visit.session.taken_offer(form.get("word", ""))
    if not isinstance(offer, Leaving):
        return visit.back_to("/sending", words("This was started already. Nothing is sent twice."), "bad")
    now = next((each for each in leaving(visit) if each.wave == offer.wave), None)
    if now is None or dict(now.digests) != dict(offer.digests):
        said = words("Something changed after you looked, so nothing was sent. This is how it is now.")
        return visit.back_to("/send", said, "bad")
    job = Job(kind="send" if offer.wave else "publish", title=str(len(offer.digests)))
    if not visit.dashboard.jobs.begin(job, lambda job: _work(visit, offer, job)):
        return visit.back_to("/send", words("outreach is busy with something else. Try again in a moment."), "bad")
    return visit.back_to("/sending")


def _work(visit: Visit, offer: Leaving, job: Job) -> object:
    root = visit.dashboard.root
    if offer.wave is None:
        return publish(root, PublishOrder(go=True, only=offer.digests), interruption=job.interruption)

    def are_the_same(planned: SendResult) -> bool:
        return {action.id for action in planned.of(ActionResult.PLANNED)} == set(offer.digests)

    def tell(progress: object) -> None:
        job.progress = progress

    asking = Asking(confirm=are_the_same, progress=tell, interruption=job.interruption)
    return send(root, SendOrder(wave=offer.wave, go=True, only=offer.digests), asking)


@reading
def show_progress(visit: Visit) -> Response:
    """How far it is, and what became of each."""
    lately = reversed(visit.dashboard.jobs.last.values())
    job = next((each.at_one_moment() for each in lately if each.kind in ("send", "publish")), None)
    actions: Sequence[Action] = job.result.actions if job and job.result else ()
    others = [each for each in actions if each.result not in (ActionResult.DONE, ActionResult.PLANNED)]
    held: dict[str, list[Action]] = {}
    for each in others:
        if not each.only_waits and not each.result.is_try:
            held.setdefault(each.reason or "", []).append(each)
    return visit.page(
        "sending.html",
        live="none",
        work=job,
        stopped=why_stopped(actions, job.result.stopped).removeprefix("Stopped: ")
        if job and isinstance(job.result, SendResult) and job.result.stopped
        else "",
        done=[each for each in actions if each.result is ActionResult.DONE],
        tried=[each for each in others if each.result.is_try],
        held=held,
        later=[each for each in others if each.only_waits],
        note=job.result.note if job and job.result else "",
        name=lambda id: _name(visit, id),
    )


def _name(visit: Visit, id: str) -> str:
    """What people call an email, or a post on its network."""
    if id.count("/") == 2:
        return visit.name(LetterId.parse(id).contact)
    return post_name(id)


@writing
def stop(visit: Visit, form: Mapping[str, str]) -> Response:
    """Let the one in hand be finished, and end."""
    running = visit.dashboard.jobs.running
    if running is not None:
        running.interruption.ask()
    return visit.back_to(local(form.get("back", "/sending")))
