"""Editing a contact: a field for each key of its file, what would change, how the email would look, and saving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from outreach.campaign.definitions.contact import OLD_KEYS, ContactKeys, PersonKeys
from outreach.campaign.findings import Finding
from outreach.campaign.forms import Field, FieldKind, form_fields
from outreach.errors import CannotTell, OutreachError
from outreach.model.contact import ChannelKind
from outreach.tasks import editing
from outreach.tasks.editing import Edit
from outreach.web.sessions import Act
from outreach.web.visit import Visit, reading, writing_many

_FIRST = ("name", "personal_text", "internal_notes", "greeting", "language", "tier", "tags", "owner", "country")
_NOT_HERE = ("id", "was", "channels", "people", "fields", "public_statement", *OLD_KEYS)
_FIELDS = {field.key: field for field in form_fields(ContactKeys) if field.key not in _NOT_HERE}
PERSON = tuple(field.key for field in form_fields(PersonKeys) if field.kind is FieldKind.LINE)
FIRST = tuple(_FIELDS[key] for key in _FIRST)
MORE = tuple(field for field in _FIELDS.values() if field.key not in _FIRST)
LABELS: Mapping[str, str] = {
    "name": "Name",
    "personal_text": "Personal paragraph (goes into the email)",
    "internal_notes": "Internal notes (never sent; they may ask to read them)",
    "greeting": "Greeting (empty: made from the name and the language)",
    "language": "Language (such as de)",
    "tier": "Priority (0 is first)",
    "tags": "Tags, with commas between them",
    "owner": "Owner",
    "country": "Country (two letters, such as BE)",
    "short": "Short name",
    "kind": "Kind",
    "eu": "An institution of the EU",
    "timezone": "Time zone (such as Europe/Brussels)",
    "website": "Website",
    "missing": "What is missing before you can write to them",
    "via": "Written to through another contact (its id)",
    "found_at": "Where you found them (the email may say it)",
    "imported_from": "Imported from",
    "collected_on": "Found on",
    "do_not_contact": "Do not contact, because",
    "attachments": "Their own attachments, with commas between them",
}
"""What people call the keys; a new key is called by its explanation."""
_SPARE = 2


@reading
def show(visit: Visit) -> Response:
    """The form of a contact, as its file is now; `?add=` an address that they named."""
    id, add = visit.request.path_params["contact"], visit.asked("add")
    contact, digest, _ = editing.read_contact(visit.dashboard.root, id)
    values = dict(contact.values)
    if add:
        values["channels"] = [{"email": add}, *values.get("channels", [])]
    return _page(visit, id, values, digest)


@reading
def show_new(visit: Visit) -> Response:
    """The form of a contact that is to be added."""
    return _page(visit, "", {}, "")


@writing_many
def save(visit: Visit, form: FormData) -> Response:
    """Show what would change (`act` is "look"), or save it; a file that changed since is not written."""
    root, id = visit.dashboard.root, str(form.get("contact", ""))
    values, faults = _values(form)
    try:
        if id:
            edit, findings = editing.edit_contact(root, id, values)
        else:
            edit, findings, id = editing.new_contact(root, values)
    except CannotTell as why:
        return _page(visit, id, values, str(form.get("digest", "")), trouble=why, status=409)
    is_stale = edit.read is not None and edit.stamp != form.get("digest")
    shown = str(form.get("contact", ""))
    if form.get("act") != "save" or is_stale or findings or faults or not edit.after:
        status = 409 if form.get("act") == "save" else 200
        findings = [*faults, *findings]
        return _page(visit, shown, values, edit.stamp, edit=edit, findings=findings, stale=is_stale, status=status)
    try:
        if edit.changes:
            editing.save(root, edit)
    except OutreachError as why:
        return _page(visit, shown, values, edit.stamp, edit=edit, trouble=why, status=409)
    said = visit.words("{name}: saved.", name=str(values.get("name") or visit.name(id)))
    return visit.back_to(f"/contacts/{id}", said, act=Act(text=said, undo=lambda: editing.take_back(root, edit)))


def _page(
    visit: Visit,
    id: str,
    values: Mapping[str, Any],
    digest: str,
    *,
    edit: Edit | None = None,
    findings: list[Finding] | None = None,
    stale: bool = False,
    trouble: OutreachError | None = None,
    status: int = 200,
) -> Response:
    letters, problems = _looked(visit, id, edit)
    people = [*values.get("people", []), *({} for _ in range(_SPARE))]
    channels = [*values.get("channels", []), *({} for _ in range(_SPARE))]
    return visit.page(
        "edit.html",
        status,
        live="none",
        id=id,
        values=values,
        digest=digest,
        first=FIRST,
        more=MORE,
        person_keys=PERSON,
        people=people,
        channels=[(_kind(each), each.get(_kind(each), ""), each.get("role", "")) for each in channels],
        channel_kinds=list(ChannelKind),
        own_fields="\n".join(f"{key}: {value}" for key, value in values.get("fields", {}).items()),
        edit=edit,
        findings=findings or [],
        problems=problems,
        letters=letters,
        stale=stale,
        trouble=trouble,
        kind=FieldKind,
        labels=LABELS,
    )


def _looked(visit: Visit, id: str, edit: Edit | None) -> tuple[list[tuple[str, str, str]], list[Any]]:
    """The first letters as they would be (digest, subject, text), and what would be wrong with the file."""
    if edit is None or not id:
        return [], []
    found = editing.look(visit.dashboard.root, edit, id)
    problems = [problem for problem in found.problems if problem.about == f"contact:{id}"]
    keeper = visit.dashboard.keeper
    return [(keeper.show_letter(each), each.message.subject, each.message.text) for each in found.letters], problems


def _kind(channel: Mapping[str, str]) -> str:
    return next((str(kind) for kind in ChannelKind if kind.value in channel), str(ChannelKind.EMAIL))


def _values(form: FormData) -> tuple[dict[str, Any], list[Finding]]:
    """What the form says, as a file would say it; what it could not say is a finding."""
    values: dict[str, Any] = {}
    for key, field in _FIELDS.items():
        if key in form:
            values[key] = _value(field, str(form[key]).replace("\r\n", "\n").strip())
    rows = zip(*(form.getlist(f"channel-{part}") for part in ("kind", "address", "role")), strict=False)
    values["channels"] = [
        {str(kind): str(address).strip(), **({"role": str(role).strip()} if str(role).strip() else {})}
        for kind, address, role in rows
        if str(address).strip() and kind in tuple(ChannelKind)
    ]
    old = [str(each) for each in form.getlist("person-greet")]
    people = zip(*(form.getlist(f"person-{key}") for key in PERSON), strict=False)
    values["people"] = []
    for number, row in enumerate(people):
        said = {key: str(value).strip() for key, value in zip(PERSON, row, strict=True) if str(value).strip()}
        if said:
            values["people"].append({**said, **({"greet": True} if str(number) in old else {})})
    fields, faults = {}, []
    for number, line in enumerate(str(form.get("fields", "")).splitlines(), start=1):
        key, colon, value = line.partition(":")
        if line.strip() and not colon:
            faults.append(Finding(number, "bad-value", f"“{line.strip()}” has no colon.", "Write: name: value"))
        elif line.strip():
            fields[key.strip()] = value.strip()
    values["fields"] = fields
    return values, faults


def _value(field: Field, text: str) -> Any:
    if field.key == "do_not_contact" and text.casefold() in ("true", "yes"):
        return True
    match field.kind:
        case FieldKind.SEVERAL:
            return [word.strip() for word in text.split(",") if word.strip()]
        case FieldKind.NUMBER:
            return int(text) if text.isdecimal() and len(text) < 9 else text
        case FieldKind.YES_OR_NO:
            return True if text == "true" else None
        case _:
            return text
