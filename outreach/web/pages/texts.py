"""The texts of emails and posts: a list, and an editor that shows how readers would see it before it saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from starlette.responses import Response

from outreach.campaign.forms import FieldKind
from outreach.networks.registry import network_of
from outreach.tasks import editing
from outreach.tasks.editing import Edit
from outreach.tasks.previewing import Preview, preview
from outreach.web.pages.new_post import POST_LABELS
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, reading

TEXT_LABELS: Mapping[str, str] = {
    "subject": "Subject",
    "attachments": "Attachments, with commas between them",
    "roles": "Which of their addresses gets it (such as press, general)",
    "reply_to": "Answers go to (empty: to you)",
    "cc": "Copy to (somebody of your team)",
    "format": "How it is sent: both, or text alone",
    "unsubscribe": "Says how to get no more emails",
    "mentions": "Contacts whom the text may name, with commas between them",
}
"""What people call the keys of an email's text."""
MOST_CONTACTS = 200
"""So many contacts can be chosen to show a text as."""


@reading
def show_all(visit: Visit) -> Response:
    """The list of texts."""
    return page_of_all(visit)


def page_of_all(visit: Visit) -> Response:
    """Every text, with the languages it has and how many emails it makes."""
    made: dict[str, int] = {}
    for letter in visit.seen.letters.values():
        made[letter.letter.template] = made.get(letter.letter.template, 0) + 1
    templates = sorted(visit.seen.world.templates, key=lambda each: each.file)
    waves = visit.seen.world.campaign.waves
    used = {each.template for wave in waves for each in (*wave.templates, wave.follow_up) if each}
    unplanned = {each.name for each in templates if not each.variant} - used
    posts = visit.seen.world.posts
    return visit.page("texts.html", templates=templates, posts=posts, made=made, unplanned=unplanned)


@reading
def show(visit: Visit) -> Response:
    """`?file=` the editor of one text: its fields and its words, or (`&whole=1`) the whole file."""
    file = visit.asked("file")
    text, digest = editing.read_a_text(visit.dashboard.root, file)
    return _page(visit, file, text, digest, whole=visit.asked("whole") == "1")


def _as_typed(visit: Visit, form: Mapping[str, str]) -> Response:
    file, text, digest = (form.get(key, "") for key in ("file", "text", "digest"))
    return _page(visit, file, text, digest, whole="fields" not in form, typed=form)


@again(_as_typed)
def save(visit: Visit, form: Mapping[str, str]) -> Response:
    """Show what would change (`act` is "look"), or save it; a file that changed since is not written."""
    root, file, text = visit.dashboard.root, form.get("file", ""), form.get("text", "")
    contact, whole = form.get("contact", ""), "fields" not in form
    edit = editing.edit_text(root, file, text) if whole else editing.edit_fields(root, file, form, text)
    is_stale = edit.read != form.get("digest")
    if form.get("act") != "save" or is_stale:
        status = 409 if form.get("act") == "save" else 200
        return _page(
            visit, file, text, edit.read or "",
            whole=whole, typed=form, edit=edit, contact=contact, stale=is_stale, status=status,
        )  # fmt: skip
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
    whole: bool,
    typed: Mapping[str, str] | None = None,
    edit: Edit | None = None,
    contact: str = "",
    stale: bool = False,
    status: int = 200,
) -> Response:
    contacts = _contacts(visit, file)
    shown = contact if contact in contacts else next(iter(contacts), "")
    found = _looked(visit, file, edit, shown)
    keeper = visit.dashboard.keeper
    form = None if whole else editing.as_form(file, edit.before if edit else text)
    return visit.page(
        "text.html",
        status,
        live="none",
        file=file,
        title=PurePath(file).stem,
        text=form.body if form and typed is None else text,
        form=form,
        values={**form.values, **(typed or {})} if form else {},
        fields=[field for field in editing.fields_of(file) if form and field.key in form.values],
        labels=TEXT_LABELS if file.startswith("templates/") else POST_LABELS,
        kind=FieldKind,
        digest=digest,
        edit=edit,
        stale=stale,
        problems=found.problems,
        letters=[(keeper.show_letter(each), each) for each in found.letters if each.template == file],
        contact=shown,
        contacts=contacts[:MOST_CONTACTS],
        posts=[(network_of(each.version.network).label, each) for each in found.posts],
    )


def _contacts(visit: Visit, file: str) -> list[str]:
    """Whom the text goes to in a first email, in the plan's order."""
    made = (each for each in visit.seen.plan.recipients if each.version is not None and each.by_mail and not each.step)
    return list(dict.fromkeys(each.contact.id for each in made if each.version and each.version.file == file))


def _looked(visit: Visit, file: str, edit: Edit | None, contact: str) -> Preview:
    """The post, or the email to one contact, as the text is typed, and what is wrong with it."""
    root, name = visit.dashboard.root, PurePath(file).stem if file.startswith("posts/") else contact
    if not name:
        return Preview(letters=(), posts=())
    if edit is not None:
        return editing.look(root, edit, name)
    found = _seen(visit, file, contact)
    if not found.letters and not found.posts:  # they left already, or cannot be made
        found = preview(root, name)
    here = [each for each in (*visit.seen.problems, *found.problems) if each.file == file]
    return replace(found, problems=tuple(sorted(set(here))))


def _seen(visit: Visit, file: str, contact: str) -> Preview:
    """What the campaign as it was last read makes of the text, without reading it again."""
    made = [each.letter for each in visit.seen.letters.values()]
    letters = [each for each in made if (each.contact, each.template, each.step) == (contact, file, 0)]
    posts = [each for each in visit.seen.posts.values() if each.version.file == file]
    return Preview(letters=tuple(letters), posts=tuple(posts))
