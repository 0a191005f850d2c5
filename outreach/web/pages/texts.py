"""The texts of emails and posts: a list, and an editor that shows how readers would see it before it saves."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from outreach.letters.letter import Letter
from outreach.model.problem import Problem
from outreach.networks.registry import network_of
from outreach.tasks import editing
from outreach.tasks.editing import Edit
from outreach.tasks.previewing import Preview
from outreach.web.sessions import Act
from outreach.web.visit import Visit, reading, writing_many

MOST_SHOWN = 3
"""So many emails of a text are shown beside it; the contact can be chosen."""


@reading
def show_all(visit: Visit) -> Response:
    """Every text, with the languages it has and how many emails it makes."""
    made: dict[str, int] = {}
    for letter in visit.seen.letters.values():
        made[letter.letter.template] = made.get(letter.letter.template, 0) + 1
    templates = sorted(visit.seen.world.templates, key=lambda each: each.file)
    return visit.page("texts.html", templates=templates, posts=visit.seen.world.posts, made=made)


@reading
def show(visit: Visit) -> Response:
    """`?file=` the editor of one text."""
    file = visit.asked("file")
    text, digest = editing.read_a_text(visit.dashboard.root, file)
    return _page(visit, file, text, digest)


@writing_many
def save(visit: Visit, form: FormData) -> Response:
    """Show what would change (`act` is "look"), or save it; a file that changed since is not written."""
    root, file, text = visit.dashboard.root, str(form.get("file", "")), str(form.get("text", ""))[: editing.MOST]
    contact = str(form.get("contact", ""))
    edit = editing.edit_text(root, file, text)
    is_stale = edit.read != form.get("digest")
    if form.get("act") != "save" or is_stale:
        status = 409 if form.get("act") == "save" else 200
        return _page(visit, file, text, edit.read or "", edit=edit, contact=contact, stale=is_stale, status=status)
    if edit.before != edit.after:
        editing.save(root, edit)
    said = visit.words("Saved: {what}", what=PurePath(file).stem)
    return visit.back_to("/texts", said, act=Act(text=said, undo=lambda: editing.take_back(root, edit)))


def _page(
    visit: Visit,
    file: str,
    text: str,
    digest: str,
    *,
    edit: Edit | None = None,
    contact: str = "",
    stale: bool = False,
    status: int = 200,
) -> Response:
    letters, posts, problems = _looked(visit, file, edit or Edit(file=file, read=digest, before=text, after=text))
    wanted = [each for each in letters if contact in ("", each.contact)]
    keeper = visit.dashboard.keeper
    return visit.page(
        "text.html",
        status,
        live="none",
        file=file,
        title=PurePath(file).stem,
        text=text,
        digest=digest,
        edit=edit,
        stale=stale,
        problems=problems,
        letters=[(keeper.show_letter(each), each) for each in wanted[:MOST_SHOWN]],
        contact=contact,
        contacts=list(dict.fromkeys(each.contact for each in letters)),
        posts=[(network_of(each.version.network).label, each) for each in posts],
    )


def _looked(visit: Visit, file: str, edit: Edit) -> tuple[list[Letter], list[Any], tuple[Problem, ...]]:
    """The first emails and the posts that the text makes as it is typed, and what is wrong with it."""
    root, is_post = visit.dashboard.root, file.startswith("posts/")
    found: Preview = editing.look(root, edit, PurePath(file).stem if is_post else None)
    letters = [each for each in found.letters if each.template == file]
    return letters, list(found.posts) if is_post else [], found.problems
