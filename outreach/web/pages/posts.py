"""The posts, as they will look on their networks, and their approval."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from outreach.letters.approving import ApprovalState, Verdict
from outreach.model.past import PostPast
from outreach.model.plan import ItemKind, PlanItem
from outreach.model.post import PostVersion
from outreach.model.records import dataclass
from outreach.networks.composing import Composed
from outreach.networks.registry import network_of
from outreach.pages.posts import post_name
from outreach.planning.posts import submit_page
from outreach.tasks import dashboard as tasks
from outreach.tasks import looking_up
from outreach.tasks.log import posted_by_hand
from outreach.tasks.publishing.correcting import correct, retract
from outreach.web.jobs import Job
from outreach.web.pages.contact import undoing
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, reading, writing

_PIECE = re.compile(r"(https?://\S+|(?<!\w)@[\w.-]+(?:@[\w.-]+)?|(?<!\w)#\w+)")
_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One version: as it would go out (`post`; None if it cannot be made), and how it stands.

    `is_edited` says that it is out, and that its text was changed since and has to be approved again.
    """

    version: PostVersion
    name: str
    post: Composed | None
    item: PlanItem | None
    state: str
    happened: PostPast | None
    digest: str
    account: str
    submit: str
    is_feed: bool
    is_manual: bool
    is_edited: bool


@reading
def show_all(visit: Visit) -> Response:
    """Every version of every post."""
    return _page(visit)


def _page(visit: Visit) -> Response:
    shown = [shown_version(visit, version) for post in visit.seen.world.posts for version in post.versions]
    asked = visit.dashboard.jobs.last.get("look-up")
    asked = asked.at_one_moment() if asked else None
    return visit.page("posts.html", shown=shown, pieces=pieces, live="ask", asked=asked)


def shown_version(visit: Visit, version: PostVersion) -> Shown:
    """One version with all that its card says."""
    seen = visit.seen
    post = seen.posts.get(version.id)
    state, is_manual = _state(visit, version), network_of(version.network).is_manual
    is_gone = seen.post_states.get(version.id) is ApprovalState.GONE
    return Shown(
        version=version,
        name=network_of(version.network).label,
        post=post,
        item=next((i for i in seen.plan.items if i.kind is ItemKind.POST and i.id == version.id), None),
        state=state,
        happened=seen.world.past.posts.get((version.post, str(version.network))),
        digest=visit.dashboard.keeper.show_post(post) if post else "",
        account=_account(visit, version.network),
        submit=submit_page(version) if is_manual else "",
        is_feed=network_of(version.network).is_feed,
        is_manual=is_manual,
        is_edited=state == "published" and is_gone and not is_manual and post is not None and not post.later,
    )


def _state(visit: Visit, version: PostVersion) -> str:
    seen = visit.seen
    happened = seen.world.past.posts.get((version.post, str(version.network)))
    if happened is not None and happened.published is not None:
        return "published"
    post = seen.posts.get(version.id)
    if post is None:
        return "error"
    state = seen.post_states[version.id]
    if state is ApprovalState.HOLDS:
        return "approved"
    if post.later:
        return "incomplete"
    return "changed" if state is ApprovalState.GONE else "ready"


def _account(visit: Visit, network: str) -> str:
    """How readers will see whose post it is."""
    account = visit.seen.world.campaign.accounts.networks.get(network)
    return network_of(network).shown_account(account) if account else ""


def pieces(text: str) -> list[tuple[bool, str]]:
    """A text cut where links, mentions and hashtags begin and end; True for those."""
    return [(number % 2 == 1, piece) for number, piece in enumerate(_PIECE.split(text)) if piece]


@reading
def show_picture(visit: Visit) -> Response:
    """A picture of a post that was shown; nothing but pictures."""
    found = visit.dashboard.keeper.picture(visit.request.path_params["sha256"])
    if found is None or found[0] not in _PICTURES:
        raise HTTPException(404)
    return Response(found[1], media_type=found[0])


@writing
def look_up(visit: Visit, form: Mapping[str, str]) -> Response:
    """Ask the networks for handles, and pages for their link previews, like `outreach lookup`."""
    root, words = visit.dashboard.root, visit.words
    if visit.dashboard.jobs.begin(Job(kind="look-up"), lambda job: looking_up.look_up(root)):
        return visit.back_to("/posts")
    return visit.back_to("/posts", words("outreach is busy with something else. Try again in a moment."), "bad")


@writing
def approve(visit: Visit, form: Mapping[str, str]) -> Response:
    """Approve a post as it was shown; where it says something else by now, show both."""
    id, digest = form.get("id", ""), form.get("digest", "")
    result = tasks.approve_shown(visit.dashboard.root, id, digest)
    words = visit.words
    if not result.confirmed:
        now = visit.seen.posts.get(id)
        return visit.page(
            "post_changed.html", 409, live="ask", id=id, before=visit.dashboard.keeper.shown_post(digest),
            now=now, now_digest=visit.dashboard.keeper.show_post(now) if now else "",
        )  # fmt: skip
    reviewed = result.posts[0]
    name = post_name(reviewed.post.version.id)
    said = {
        Verdict.APPROVED: (words("Approved: {name}. Nothing is sent yet.", name=name), "good"),
        Verdict.UNCHANGED: (words("{name} was approved already.", name=name), "good"),
        Verdict.REFUSED: (
            words("{name} cannot be approved: {reason}.", name=name, reason=visit.said(reviewed.reason)), "bad",
        ),
    }  # fmt: skip
    root, text = visit.dashboard.root, said[Verdict.APPROVED][0]
    act = Act(text=text, undo=lambda: tasks.withdraw(root, id)) if reviewed.verdict is Verdict.APPROVED else None
    return visit.back_to(f"/posts#{id}", *said[reviewed.verdict], act)


@writing
def withdraw(visit: Visit, form: Mapping[str, str]) -> Response:
    """Take an approval back."""
    id = form.get("id", "")
    tasks.withdraw(visit.dashboard.root, id)
    return visit.back_to("/posts", visit.words("The approval is withdrawn."))


@again(lambda visit, form: _page(visit))
def posted(visit: Visit, form: Mapping[str, str]) -> Response:
    """A person published it: where it stands. Raises CannotTell for what is not a web address."""
    id, root = form.get("id", ""), visit.dashboard.root
    event = posted_by_hand(root, id, form.get("url", "").strip())
    said = visit.words("Published by hand: {name}", name=event.post)
    return visit.back_to(f"/posts#{id}", said, act=undoing(visit, event, said))


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a button does about a post that is out: `correct` or `unpublish` it, as was shown.

    `url` is where a person corrects it by hand, who then says so; "" where outreach does it.
    """

    what: str
    id: str
    digest: str
    url: str = ""


@writing
def look_at_change(visit: Visit, form: Mapping[str, str]) -> Response:
    """What correcting or taking down would do on its network; nothing is done."""
    what, id, root = form.get("what", ""), form.get("id", ""), visit.dashboard.root
    planned = (retract if what == "unpublish" else correct)(root, id, go=False)
    post, shown = visit.seen.posts.get(id), _version(visit, id)
    by_hand = shown.happened.url if shown and shown.is_manual and shown.happened else None
    offer = Change(what=what, id=id, digest=post.digest if post else "", url=by_hand or "")
    return visit.page(
        "post_change.html", live="ask", what=what, id=id, planned=planned, word=visit.session.offer(offer),
        texts=dict(enumerate(post.parts, start=1)) if post and what != "unpublish" else {}, by_hand=by_hand,
        name=post_name,
    )  # fmt: skip


def _version(visit: Visit, id: str) -> Shown | None:
    versions = (version for post in visit.seen.world.posts for version in post.versions)
    return next((shown_version(visit, version) for version in versions if version.id == id), None)


@writing
def change(visit: Visit, form: Mapping[str, str]) -> Response:
    """Correct it or take it down, once. Raises what the network raises."""
    words, offer, root = visit.words, visit.session.taken_offer(form.get("word", "")), visit.dashboard.root
    if not isinstance(offer, Change):
        return visit.back_to("/posts", words("This was done already, or this page is old. Nothing was changed."), "bad")
    post, here = visit.seen.posts.get(offer.id), f"/posts#{offer.id}"
    if offer.what != "unpublish" and (post.digest if post else "") != offer.digest:
        said = words("Something changed after you looked, so nothing was done. This is how it is now.")
        return visit.back_to(here, said, "bad")
    if offer.url:
        event = posted_by_hand(root, offer.id, offer.url)
        said = words("Corrected by hand: {name}", name=post_name(offer.id))
        return visit.back_to(here, said, act=undoing(visit, event, said))
    done = (retract if offer.what == "unpublish" else correct)(root, offer.id, go=True)
    said = "; ".join(f"{post_name(each.id)}: {visit.said(each.how)}" for each in done)
    return visit.back_to(here, said, "good" if all(each.done for each in done) else "bad")
