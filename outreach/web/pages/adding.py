"""Adding files: what they come to, the questions that only a person can answer, and then the adding itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from outreach.model.found import Question
from outreach.model.imported import Imported
from outreach.tasks import editing
from outreach.tasks.editing import Edit
from outreach.tasks.importing import import_documents
from outreach.tasks.uploads import clear_uploads, keep_uploads
from outreach.web.pages.edit import LABELS
from outreach.web.sessions import Act
from outreach.web.visit import Visit, reading, writing_many

MOST_SHOWN = 50
CHOICES: Mapping[str, str] = {
    "do-not-contact": "Do not contact them",
    "ignore": "Ignore it, and write to them",
    "organisation": "An organisation",
    "heading": "A heading",
    "take": "Take it",
    "skip": "Leave it out",
    "leave-out": "Leave it out",
    "keep": "Keep it",
    "different": "They are different",
    "same": "They are the same",
    "ends-here": "It ends here",
    "goes-on": "It goes on",
    "yes": "Yes",
    "no": "No",
}
"""What people read for the words with which `imports.yaml` answers."""
COLUMNS: Mapping[str, str] = {
    "email": "Email address",
    "person": "Person",
    "person_email": "Email address of the person",
    "person_role": "Role of the person",
    "phone": "Phone",
    "private": "Private detail",
    "fields": "A field of its own",
    "form": "Contact form",
}
"""What people read for what columns are taken as, beside the keys of a contact."""
_WAIT = "wait-until-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """Files that were given, and lie aside until they are added or others come; what was asked and answered so far.

    A question that is answered is asked no more by the import itself.
    """

    paths: tuple[Path, ...]
    asked: Mapping[str, Question] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


@reading
def show(visit: Visit) -> Response:
    """The form that takes the files."""
    return visit.page("adding.html", live="none", imported=None)


def said_choice(visit: Visit, choice: str) -> str:
    """An answer as people read it: `wait-until-2026-03-01` is "Wait until 1 March 2026"."""
    if choice.startswith(_WAIT):
        try:
            return visit.words("Wait until {day}", day=visit.times.long(date.fromisoformat(choice.removeprefix(_WAIT))))
        except ValueError:
            return choice
    return visit.words(CHOICES.get(choice, choice))


@writing_many
def look(visit: Visit, form: FormData) -> Response:
    """Take the files, or the answers about files that were taken, and show what they come to."""
    return looked(visit, form)


def looked(visit: Visit, form: FormData) -> Response:
    """What the files come to; nothing is added, but where `act` is "add"."""
    root = visit.dashboard.root
    upload = visit.session.taken_offer(str(form.get("word", "")))
    if not isinstance(upload, Upload):
        given = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
        files = [(each.filename, each.file.read()) for each in given if each.filename]
        if not files:
            return visit.back_to("/add-files", visit.words("Choose at least one file."), "bad")
        clear_uploads(root)
        upload = Upload(paths=tuple(keep_uploads(root, files)))
    said = {name.removeprefix("q-"): str(value) for name, value in form.items() if name.startswith("q-")}
    answers = {**upload.answers, **said}
    if form.get("act") == "add":
        return _added(visit, upload, answers)
    imported = import_documents(root, upload.paths, go=False, answers=answers)
    waiting = {each.id: each for each in imported.questions}
    asked = {**upload.asked, **waiting}
    return visit.page(
        "adding.html",
        live="none",
        imported=imported,
        answered=[each for id, each in asked.items() if id not in waiting],
        word=visit.session.offer(replace(upload, asked=asked, answers=answers)),
        answers={**{each.id: each.default for each in imported.questions}, **imported.answers, **answers},
        most=MOST_SHOWN,
        labels=LABELS,
        columns_as=COLUMNS,
        said=lambda choice: said_choice(visit, choice),
    )


def _added(visit: Visit, upload: Upload, answers: Mapping[str, str]) -> Response:
    root, words = visit.dashboard.root, visit.words
    imported = import_documents(root, upload.paths, go=True, answers=answers)
    clear_uploads(root)
    n, known = imported.tally.new, imported.tally.known
    said = words("Added: {n} new contacts, {known} updated", n=n, known=known)
    edits = _edits(imported)
    may_undo = not (imported.happened or imported.no_mail or imported.edited)

    def undo() -> None:
        for edit in reversed(edits):
            editing.take_back(root, edit)

    return visit.back_to("/contacts", said, act=Act(text=said, undo=undo) if may_undo else None)


def _edits(imported: Imported) -> Sequence[Edit]:
    """The files that were written, so that they can be put back."""
    return [
        Edit(file=each.path, read=each.read if each.before is not None else None, before=each.before or "",
             after=each.after)
        for each in imported.changes
    ]  # fmt: skip
