"""Adding files: what they come to, the questions that only a person can answer, and then the adding itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    return visit.page(
        "adding.html", live="none", imported=None, answered=(), word="", answers={}, most=MOST_SHOWN, labels=LABELS
    )


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
