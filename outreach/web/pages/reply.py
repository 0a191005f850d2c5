"""Answering a message in its thread: written, shown as it will go, and sent once."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from outreach.errors import AskFirst
from outreach.letters.mime import view
from outreach.model.action import ActionResult
from outreach.model.campaign import Transport
from outreach.model.mail import KeptMessage
from outreach.model.records import dataclass
from outreach.planning.triage import is_human
from outreach.reporting.timeline import cut
from outreach.tasks.dashboard import approve_reply
from outreach.tasks.reply_sending import send_reply
from outreach.tasks.replying import ReplyOrder, WrittenReply, write_reply
from outreach.web.pages.owners import asks_owners
from outreach.web.visit import Visit, again, reading, writing


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """The reply that was shown: its id and the digest of its bytes."""

    id: str
    contact: str
    digest: str


@reading
def show(visit: Visit) -> Response:
    """What they wrote, and the field for the answer; `?message=m12` is another of theirs than the last."""
    contact = visit.request.path_params["contact"]
    return _page(visit, contact, ReplyOrder(contact=contact, text="", message=visit.asked("message") or None))


def _page(
    visit: Visit,
    contact: str,
    order: ReplyOrder | None = None,
    written: WrittenReply | None = None,
    question: AskFirst | None = None,
) -> Response:
    if contact not in visit.names:
        raise HTTPException(404)
    offer = Offer(id=str(written.id), contact=contact, digest=written.digest) if written else None
    return visit.page(
        "reply.html",
        live="none",
        contact=contact,
        message=_answered(visit, contact, order.message if order else None),
        order=order or ReplyOrder(contact=contact, text=""),
        question=question,
        asks_to=question.option.removeprefix("--to ") if question else "",
        asks_about_opt_out=question is not None and "opted-out" in question.option,
        written=view(written.frozen) if written else None,
        word=visit.session.offer(offer) if offer else "",
        cut=cut,
        templates=sorted({each.name for each in visit.seen.world.templates}),
    )


def _answered(visit: Visit, contact: str, name: str | None) -> KeptMessage | None:
    """The message that is answered: the one that was named, else their last."""
    messages = [each for each in visit.seen.messages if each.contact == contact]
    theirs = [each for each in messages if (each.name == name if name else is_human(each))]
    return max(theirs, key=lambda each: (each.at, each.number), default=None)


def _order(form: Mapping[str, str]) -> ReplyOrder:
    text, template = form.get("text", "").replace("\r\n", "\n"), form.get("template") or None
    return ReplyOrder(
        contact=form.get("contact", ""),
        text=None if template else text,
        template=template,
        message=form.get("message") or None,
        again=form.get("again") == "yes",
        to=form.get("to") or None,
        to_opted_out=form.get("to_opted_out") == "yes",
    )


@again(lambda visit, form: _page(visit, form.get("contact", ""), _order(form)))
@asks_owners(lambda visit, form: [form.get("contact", "")])
def write(visit: Visit, form: Mapping[str, str]) -> Response:
    """Keep the reply, unsent, and show it as it will go. Raises NoReply."""
    contact, order = form.get("contact", ""), _order(form)
    try:
        return _page(visit, contact, order, write_reply(visit.dashboard.root, order))
    except AskFirst as question:
        return _page(visit, contact, order, question=question)


@writing
@asks_owners(lambda visit, form: [offer.contact] if isinstance(offer := visit.session.offered(form), Offer) else [])
def send(visit: Visit, form: Mapping[str, str]) -> Response:
    """Approve and send exactly the reply that was shown, once."""
    root, words, offer = visit.dashboard.root, visit.words, visit.session.taken_offer(form.get("word", ""))
    if not isinstance(offer, Offer):
        return visit.back_to("/answers", words("This was started already. Nothing is sent twice."), "bad")
    if not approve_reply(root, offer.id, offer.digest):
        said = words("Something changed after you looked, so nothing was sent. This is how it is now.")
        return visit.back_to(f"/reply/{offer.contact}", said, "bad")
    (action,) = send_reply(root, offer.id).actions
    name = visit.name(offer.contact)
    if action.result is not ActionResult.DONE:
        said = words("{name}: not sent. {reason}", name=name, reason=visit.said(action.reason))
        return visit.back_to("/answers", said, "bad")
    if visit.seen.world.campaign.accounts.mail.transport is Transport.IMAP_DRAFTS:
        said = words("{name}: your reply is in your drafts. You send it from your mail program.", name=name)
        return visit.back_to("/answers", said)
    return visit.back_to("/answers", words("{name}: answered", name=name))
