"""The letters: all of them, one as it will leave, and its approval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from outreach.letters.approving import ApprovalState, Rendered, Verdict
from outreach.letters.mime import FrozenView, freeze, view
from outreach.model.event import CONTACTED
from outreach.model.ids import LetterId
from outreach.model.plan import ItemKind, ItemState, PlanItem
from outreach.model.records import dataclass
from outreach.pages.letters import difference
from outreach.tasks import dashboard as tasks
from outreach.web.guard import FRAME_POLICY
from outreach.web.listing import Page, paged
from outreach.web.pages.contact import HAPPENED
from outreach.web.sessions import Act
from outreach.web.visit import Visit, letter_state, no_command, reading, writing

STATES = ("ready", "changed", "incomplete", "approved", "left")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A letter in the list; `letter` is None for one that left, or may have."""

    item: PlanItem
    name: str
    state: str
    letter: Rendered | None = None

    @property
    def subject(self) -> str:
        return self.letter.letter.message.subject if self.letter else ""


def rows(visit: Visit) -> list[Row]:
    """Every letter of the plan that can be made or has left, in its order."""
    seen = visit.seen
    names = {contact.id: contact.name for contact in seen.world.contacts}
    found = []
    for item in seen.plan.items:
        letter = seen.letters.get(item.id)
        if letter is not None:
            found.append(
                Row(item=item, name=names.get(item.contact or "", ""), state=letter_state(letter), letter=letter)
            )
        elif item.kind is ItemKind.LETTER and item.state is ItemState.DONE:
            found.append(Row(item=item, name=names.get(item.contact or "", item.contact or ""), state="left"))
    return found


@reading
def show_all(visit: Visit) -> Response:
    """The list, those that want a look first."""
    found = rows(visit)
    counts = {state: sum(row.state == state for row in found) for state in STATES}
    waiting = Counter(row.item.wave for row in found if row.state in ("ready", "changed"))
    state, text = visit.asked("state"), visit.asked("q").casefold().strip()
    shown = [row for row in found if state in ("", row.state) and text in f"{row.name} {row.item.id}".casefold()]
    if not state:
        shown.sort(key=lambda row: STATES.index(row.state))
    page: Page[Row] = paged(shown, visit)
    return visit.page(
        "letters.html",
        page=page,
        counts=counts,
        total=len(found),
        state=state,
        q=visit.asked("q"),
        together={wave: n for wave, n in waiting.items() if wave and n > 1},
    )


@reading
def show_one(visit: Visit) -> Response:
    """One letter whole: text, HTML, headers, and what changed since it was approved."""
    path = visit.request.path_params
    return _letter_page(visit, LetterId(wave=path["wave"], contact=path["contact"], step=path["step"]))


def _letter_page(visit: Visit, id: LetterId) -> Response:
    seen = visit.seen
    letter = seen.letters.get(str(id))
    if letter is None:
        return _not_there(visit, id)
    visit.session.opened.add(letter.letter.digest)
    before = tasks.approved_bytes(visit.dashboard.root, letter) if letter.state is ApprovalState.GONE else None
    held = letter.item.state in (ItemState.HELD, ItemState.WAITING, ItemState.MISSED)
    return visit.page(
        "letter.html",
        live="ask",
        letter=letter,
        state=letter_state(letter),
        digest=visit.dashboard.keeper.show_letter(letter.letter),
        shown=view(freeze(letter.letter.message)),
        contact=visit.name(letter.letter.contact),
        difference=difference(before, letter.letter) if before is not None else None,
        reason=visit.reason(letter.item) if held else "",
        way=_way([item.id for item in seen.plan.items if item.id in seen.letters], str(id)),
    )


def _way(order: Sequence[str], id: str) -> dict[str, object]:
    """In the order of the plan, which no approval changes, so that `j` always leads on."""
    at = order.index(id)
    return {
        "previous": order[at - 1] if at else None,
        "following": order[at + 1] if at + 1 < len(order) else None,
        "place": at + 1,
        "of": len(order),
    }


def _not_there(visit: Visit, id: LetterId) -> Response:
    """It left, and can be read as it left; or an error forbids it, or it is left out: say which."""
    seen = visit.seen
    item = next((item for item in seen.plan.items if item.id == str(id)), None)
    left_out = next((each for each in seen.plan.recipients if each.id == str(id) and each.reason), None)
    past = seen.world.past.contacts.get(id.contact)
    left = next((each for each in past.letters if each.id_of(id.contact) == id), None) if past else None
    if item is None and left is None and left_out is None:
        raise HTTPException(404)
    former = next((each.was for each in seen.world.contacts if each.id == id.contact), ())
    names = [id, *(replace(id, contact=was) for was in former)]
    found = (tasks.sent_letter(visit.dashboard.root, name) for name in names)
    frozen = next((each for each in found if each is not None), None) if left else None
    return visit.page(
        "letter_not_there.html",
        id=str(id), item=item, left=left, is_sent=left is not None and left.kind in CONTACTED, contact=id.contact,
        shown=_side(frozen), digest=visit.dashboard.keeper.show_frozen(frozen) if frozen is not None else "",
        problems=[problem for problem in seen.problems if problem.is_error] if item else [],
        reason=visit.reason(item) if item else no_command(left_out.reason) if left_out else "", happened=HAPPENED,
    )  # fmt: skip


@reading
def show_html(visit: Visit) -> Response:
    """The HTML part of a letter that was shown, for a frame in which nothing runs and nothing is loaded."""
    frozen = visit.dashboard.keeper.shown_letter(visit.request.path_params["digest"])
    html = view(frozen).html if frozen is not None else None
    if html is None:
        raise HTTPException(404)
    return HTMLResponse(html, headers={"Content-Security-Policy": FRAME_POLICY})


# -- what forms do ------------------------------------------------------------------------------


@writing
def approve(visit: Visit, form: Mapping[str, str]) -> Response:
    """Approve the very bytes that were shown; where the letter is another one by now, show both."""
    id, digest = form.get("id", ""), form.get("digest", "")
    result = tasks.approve_shown(visit.dashboard.root, id, digest)
    if not result.confirmed:
        return _changed_meanwhile(visit, id, digest)
    reviewed = result.letters[0]
    words, name = visit.words, visit.name(reviewed.letter.letter.contact if reviewed.letter else id)
    said = {
        Verdict.APPROVED: (words("Approved: {name}. Nothing is sent yet.", name=name), "good"),
        Verdict.UNCHANGED: (words("{name} was approved already.", name=name), "good"),
        Verdict.REFUSED: (
            words("{name} cannot be approved: {reason}.", name=name, reason=visit.said(reviewed.reason)), "bad",
        ),
    }  # fmt: skip
    root, text = visit.dashboard.root, said[Verdict.APPROVED][0]
    act = Act(text=text, undo=lambda: tasks.withdraw(root, id)) if reviewed.verdict is Verdict.APPROVED else None
    return visit.back_to(f"/letters/{id}", *said[reviewed.verdict], act)


def _changed_meanwhile(visit: Visit, id: str, digest: str) -> Response:
    """Nothing was approved: what was shown, beside what it is now."""
    now = visit.seen.letters.get(id)
    frozen = visit.dashboard.keeper.shown_letter(digest)
    return visit.page(
        "letter_changed.html",
        status=409,
        live="ask",
        id=id,
        before=_side(frozen),
        before_digest=digest,
        now=_side(freeze(now.letter.message)) if now else None,
        now_digest=visit.dashboard.keeper.show_letter(now.letter) if now else "",
        difference=difference(frozen, now.letter) if frozen is not None and now is not None else None,
    )


def _side(frozen: bytes | None) -> FrozenView | None:
    return view(frozen) if frozen is not None else None


@writing
def withdraw(visit: Visit, form: Mapping[str, str]) -> Response:
    """Take an approval back."""
    id = form.get("id", "")
    tasks.withdraw(visit.dashboard.root, id)
    return visit.back_to(f"/letters/{id}", visit.words("The approval is withdrawn."))
