"""Making one contact of two: first what would become of their files, then the doing."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from outreach.model.records import dataclass
from outreach.tasks.editing import Edit, save, take_back
from outreach.tasks.merging import Merge, merge
from outreach.web.pages.contact import page_again
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, writing


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """The merge that was shown."""

    keep: str
    other: str
    edits: tuple[Edit, ...]


@again(page_again)
def look(visit: Visit, form: Mapping[str, str]) -> Response:
    """What would become of both; nothing is written. Raises UnknownName, CannotTell."""
    keep, who = form.get("contact", ""), form.get("other", "").strip()
    by_name = {name.casefold(): id for id, name in visit.names.items()}
    other = who if who in visit.names else by_name.get(who.casefold(), who)
    merged = merge(visit.dashboard.root, keep, other, go=False)
    word = visit.session.offer(Offer(keep=keep, other=other, edits=tuple(merged.edits)))
    return visit.page("merge.html", live="none", keep=keep, other=other, merged=merged, word=word)


@writing
def do(visit: Visit, form: Mapping[str, str]) -> Response:
    """Merge what was shown, once. Raises EditedMeanwhile if a file changed since."""
    root, words, offer = visit.dashboard.root, visit.words, visit.session.taken_offer(form.get("word", ""))
    if not isinstance(offer, Offer):
        said = words("This was done already, or this page is old. Nothing was changed.")
        return visit.back_to("/contacts", said, "bad")
    names = visit.name(offer.other), visit.name(offer.keep)
    if tuple(merge(root, offer.keep, offer.other, go=False).edits) != offer.edits:
        said = words("Something changed after you looked, so nothing was done. This is how it is now.")
        return visit.back_to(f"/contacts/{offer.keep}", said, "bad")
    merged = merge(root, offer.keep, offer.other, go=True)
    said = words("Merged {other} into {keep}", other=names[0], keep=names[1])
    act = Act(text=said, undo=lambda: _apart(visit, merged))
    return visit.back_to(f"/contacts/{offer.keep}", said, act=act)


def _apart(visit: Visit, merged: Merge) -> None:
    """Put both files back as they were."""
    for edit in reversed(merged.edits):
        if edit.file in merged.removed:
            save(visit.dashboard.root, Edit(file=edit.file, read=None, before="", after=edit.before))
        else:
            take_back(visit.dashboard.root, edit)
