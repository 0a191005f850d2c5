"""Adding files: what they come to, the questions that only a person can answer, and then the adding itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from outreach.model.found import ColumnNames, Question
from outreach.model.imported import Imported
from outreach.model.records import dataclass
from outreach.tasks import editing
from outreach.tasks.editing import Edit
from outreach.tasks.importing import import_documents
from outreach.tasks.uploads import are_kept, clear_uploads, keep_uploads
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
    "organisations": "Organisations",
    "people": "People",
    "public": "From public sources",
    "partner": "From a partner",
    "own": "From our own contacts",
    "they-wrote": "They wrote to us",
}
"""What people read for the words with which `imports.yaml` answers."""
COLUMNS: Mapping[str, str] = {
    "name": "Name",
    "email": "Email address",
    "person": "Person",
    "first_name": "First name",
    "last_name": "Last name",
    "person_role": "Role of the person",
    "person_email": "Email address of the person",
    "person_title": "Title of the person",
    "email_role": "Who reads the address",
    "unit": "Department",
    "form": "Contact form",
    "website": "Website",
    "mastodon": "Mastodon account",
    "bluesky": "Bluesky account",
    "social": "Account on a network",
    "country": "Country (two letters, such as BE)",
    "city": "City",
    "postcode": "Postcode",
    "address": "Postal address",
    "phone": "Phone",
    "language": "Language (such as de)",
    "tier": "Priority (0 is first)",
    "tags": "Tags, with commas between them",
    "owner": "Owner",
    "kind": "Kind",
    "short": "Short name",
    "personal_text": "Personal paragraph (goes into the email)",
    "internal_notes": "Internal notes (never sent; they may ask to read them)",
    "found_at": "Where you found them (the email may say it)",
    "collected_on": "Found on",
    "do_not_contact": "Do not contact, because",
    "missing": "What is missing before you can write to them",
    "stage": "Status (such as answered or declined)",
    "private": "Private detail",
    "fields": "A field of its own",
    "ignore": "Leave it out",
}
"""What a column of a table can be taken for, as people read it, in the order in which they choose."""
_WAIT = "wait-until-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """Files that were given, and lie aside until they are added or others come; what was asked and answered so far.

    A question that is answered is asked no more by the import itself. `columns` say what columns mean, by table and
    label, where a person changed it; `shown` is what the page showed them as.
    """

    paths: tuple[Path, ...]
    asked: Mapping[str, Question] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shown: Sequence[ColumnNames] = ()


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
    adds = form.get("act") == "add"
    # To look again takes no word away: a button may be pressed while the page still reads what was changed before it.
    upload = (visit.session.taken_offer if adds else visit.session.offers.get)(str(form.get("word", "")))
    if not isinstance(upload, Upload) or not are_kept(root, upload.paths):
        given = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
        files = [(each.filename, each.file.read()) for each in given if each.filename]
        if not files:
            return visit.back_to("/add-files", visit.words("Choose at least one file."), "bad")
        clear_uploads(root)
        upload = Upload(paths=tuple(keep_uploads(root, files)))
    said = {name.removeprefix("q-"): str(value) for name, value in form.items() if name.startswith("q-")}
    act, _, pressed = str(form.get("act", "")).partition(":")
    if act in ("", "alike"):  # one thing was changed: what is only proposed beside it is not an answer yet
        shown = {id for id, choice in said.items() if id not in upload.answers and choice == _proposed(upload, id)}
        said = {id: choice for id, choice in said.items() if id not in shown} | _alike(upload, pressed, said)
    answers = {**upload.answers, **said}
    columns = {**upload.columns, **_changed_columns(upload, form)}
    if adds:
        return _added(visit, upload, answers, columns)
    imported = import_documents(root, upload.paths, go=False, answers=answers, columns=columns, readable=True)
    waiting = {each.id: each for each in imported.questions}
    asked = {**upload.asked, **waiting}
    alike = Counter(each.alike for id, each in asked.items() if id not in answers)
    return visit.page(
        "adding.html",
        live="none",
        imported=imported,
        answered=[each for id, each in asked.items() if id not in waiting and id in answers],
        word=visit.session.offer(
            replace(upload, asked=asked, answers=answers, columns=columns, shown=imported.columns)
        ),
        alike=lambda each: alike[each.alike] - (each.id not in answers),
        answers={**{each.id: each.default for each in imported.questions}, **imported.answers, **answers},
        most=MOST_SHOWN,
        said_column=lambda taken: _said_column(visit, taken),
        meanings=tuple(COLUMNS),
        said=lambda choice: said_choice(visit, choice),
    )


def _proposed(upload: Upload, id: str) -> str:
    return upload.asked[id].default if id in upload.asked else ""


def _alike(upload: Upload, id: str, said: Mapping[str, str]) -> dict[str, str]:
    """The answer to the question of that id, also for those like it that nobody answered yet."""
    if id not in upload.asked or id not in said:
        return {}
    like = upload.asked[id].alike
    return {
        each.id: said[id]
        for each in upload.asked.values()
        if each.id == id or (each.alike == like and each.id not in upload.answers)
    }


def _changed_columns(upload: Upload, form: FormData) -> dict[str, dict[str, str]]:
    """What a person says that columns mean, by table, where it is another meaning than the page showed."""
    changed = {}
    for at, table in enumerate(upload.shown):
        said = {label: str(form.get(f"c-{at}-{n}", old)) for n, (label, old) in enumerate(table.columns.items())}
        new = {label: meaning for label, meaning in said.items() if meaning != table.columns[label]}
        if new:
            changed[table.file] = {**upload.columns.get(table.file, {}), **new}
    return changed


def _said_column(visit: Visit, taken: str) -> str:
    """What a column is taken for, as people read it: `email: press` is "Email address (press)"."""
    meaning, _, role = taken.partition(": ")
    said = visit.words(COLUMNS.get(meaning, meaning))
    return f"{said} ({role})" if role else said


def _added(
    visit: Visit, upload: Upload, answers: Mapping[str, str], columns: Mapping[str, Mapping[str, str]]
) -> Response:
    root, words = visit.dashboard.root, visit.words
    imported = import_documents(root, upload.paths, go=True, answers=answers, columns=columns, readable=True)
    clear_uploads(root)
    n, known = imported.tally.new, imported.tally.known
    one = words("Added: 1 new contact, {known} updated", known=known)
    said = one if n == 1 else words("Added: {n} new contacts, {known} updated", n=words.number(n), known=known)
    if imported.unread:
        said = f"{said}. {words('Not read: {files}', files=', '.join(each.file for each in imported.unread))}"
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
