"""Contacts of documents -> files in `contacts/`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.contacts_plain import (
    StandingContact,
    changes_of,
    found_again,
    new_files,
    settled,
    standing_files,
)
from outreach.campaign.contacts_private import FOLDER as PRIVATE
from outreach.campaign.imports import FILE as IMPORTS
from outreach.campaign.imports import PRIVATE_FILE, Digests, Imports
from outreach.campaign.values.plain import is_reserved
from outreach.history.address_marks import normalised
from outreach.intake.account import Account
from outreach.intake.holding import NO_MAIL, held
from outreach.intake.joining import LIFTED, Joint, KnownContact, Statement, join
from outreach.intake.updating import base_of, update
from outreach.model.found import FoundContact, Place, Remark
from outreach.model.imported import Disagreement, FileChange, Happened, NoMail
from outreach.model.past import Past
from outreach.model.records import dataclass
from outreach.tasks.importing.erased import Erased
from outreach.tasks.importing.history import past_of
from outreach.tasks.progress import report
from outreach.words.slugs import free

_ALL = "*"
_NOT_WRITTEN = "nowhere: they asked not to be written to"


@dataclass
class ContactFiles:
    """What becomes of the contacts: file by file, with what is to be remembered."""

    changes: dict[str, FileChange] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    """(document, id that it had there) -> the file in which it stands now; "" where it was not brought back."""
    rows: dict[tuple[str, int], str] = field(default_factory=dict)
    """(document, line) -> the same, also where several have one id there."""
    remembered: dict[str, dict[str, Digests]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """The id of a contact -> its file."""
    happened: list[Happened] = field(default_factory=list)
    suppressed: dict[str, str] = field(default_factory=dict)
    """An address on the list of those not to be written to -> the contact of the campaign that has it."""
    tally: Counter[str] = field(default_factory=Counter)
    """How many rows became what: the fields of Tally."""
    contents: Mapping[str, bytes] = field(default_factory=dict)
    """The files that were read. What is decided about a contact is decided from these bytes and no others."""
    private: bool = True
    """Whether people are kept out of Git: their names and addresses go to `contacts/private/`."""

    def texts(self, *files: str) -> dict[str, str]:
        """These files as they will be after the changes so far; none if there is none."""
        later = {file: self.changes[file].after for file in files if file in self.changes}
        return {file: self.contents[file].decode("utf-8") for file in files if file in self.contents} | later

    def differ(
        self, source: FoundContact | Statement, file: str, key: str, kept: Any, other: Any, message: str
    ) -> None:
        """A document says another value than the file, which keeps its own."""
        said = f"{source.file} line {source.line}"
        self.disagreements.append(
            Disagreement(file=file, key=key, kept=kept, other=other, source=said, message=message)
        )

    def change(self, file: str, after: str) -> None:
        """A file will say `after`."""
        content = self.contents.get(file)
        before = None if content is None else content.decode("utf-8")
        read = None if content is None else storage.digest(content)
        self.changes[file] = FileChange(path=file, before=before, after=after, read=read)


def contact_files(
    found: Sequence[FoundContact],
    root: Path,
    imports: Imports,
    today: date,
    account: Account,
    no_mail: Mapping[str, NoMail],
    *,
    private: bool,
) -> ContactFiles:
    """The files of `contacts/` as they should be. Nothing is written here; what is not certain is asked.

    Whoever has one of the addresses `no_mail` gets `do_not_contact`. `private`: people are kept out of Git.
    """
    files = {each.file: each for each in standing_files(root)}
    standing = {each.id: each for file in files.values() for each in file.contacts}
    result = ContactFiles(
        remembered={key: dict(value) for key, value in imports.contacts.items()},
        files={id: each.file for id, each in standing.items()},
        contents={name: file.content for name, file in files.items()},
        private=private,
    )
    found, gone, said = Erased(root).left(found)
    result.remarks += said
    result.tally["no_mail"] += len(gone)
    for row in gone:
        result.places[row.file, row.id] = result.rows[row.file, row.line] = _NOT_WRITTEN
    marked, happened = held(found, account, today)
    sources = {file: _source(file, account) for file in dict.fromkeys(each.file for each in found)}
    settled_contacts = [replace(each, values=_settled(_listed(each, no_mail), sources[each.file])) for each in marked]
    known = [
        KnownContact(id=each.id, values=each.values, was=each.was, known_from=_documents_of(each, imports))
        for each in standing.values()
    ]
    names = _Names(root, standing.values())
    past, written_to = past_of(root)
    undecided = {address for each in account.questions if each.id.startswith(NO_MAIL) for address in each.affects}
    joints = join(settled_contacts, known, account)
    for number, joint in enumerate(joints):
        report("contacts", number, len(joints))
        _contradictions(joint, result)
        if joint.known:
            identity = joint.id
            _existing(joint, standing[joint.id], imports, today, result)
        elif joint.id in imports.contacts and joint.id not in standing:
            _removed(joint, PRIVATE_FILE if joint.id in imports.apart else IMPORTS, result)
            continue
        else:
            identity = _new(joint, names, today, result)
        result.suppressed |= {each: identity for each in _addresses(joint.values) if each in no_mail}
        events = [event for each in joint.founds for event in happened.get((each.file, each.line), ())]
        result.happened += [replace(event, contact=identity) for event in dict.fromkeys(events)]
        before = standing.get(identity)
        _count(
            joint, before, past, events or written_to & {identity, *(before.was if before else ())}, result, undecided
        )
    _gone(found, imports, result, standing)
    for each in standing.values() if no_mail else ():
        _suppress(each, no_mail, result)
    return result


def _listed(each: FoundContact, no_mail: Mapping[str, NoMail]) -> FoundContact:
    """The contact, with `do_not_contact` where one of its addresses is on the list."""
    listed = next((no_mail[address] for address in _addresses(each.values) if address in no_mail), None)
    if listed is None or each.values.get("do_not_contact"):
        return each
    return replace(each, values={**each.values, "do_not_contact": f"{listed.address} is listed in {listed.file}"})


def _suppress(standing: StandingContact, no_mail: Mapping[str, NoMail], result: ContactFiles) -> None:
    """Mark a contact of the campaign whose address is on the list, in its file as it will be after this import."""
    listed = next((no_mail[address] for address in _addresses(standing.values) if address in no_mail), None)
    if listed is None:
        return
    result.suppressed[listed.address] = standing.id
    if standing.file in result.changes:
        standing = found_again(result.texts(*_files_of(standing)), standing)
    if not standing.values.get("do_not_contact"):
        reason = f"{listed.address} is listed in {listed.file}"
        first = FoundContact(id=standing.id, values={}, file=listed.file, line=listed.line)
        _put(standing, {**standing.values, "do_not_contact": reason}, first, result)


def _addresses(values: Mapping[str, Any]) -> list[str]:
    """The mail addresses of a contact and its people, in small letters."""
    items = [*values.get("channels", ()), *values.get("people", ())]
    return [normalised(str(each["email"])) for each in items if each.get("email")]


def _documents_of(each: StandingContact, imports: Imports) -> frozenset[str]:
    return frozenset(file for id in (each.id, *each.was) for file in imports.contacts.get(id, ()))


_SOURCES = {
    "public": "",
    "partner": ", given by a partner",
    "own": ", our own earlier contacts",
    "they-wrote": ", they wrote to us",
}
"""Where a list comes from -> what is added to `imported_from`."""


def _source(file: str, account: Account) -> str:
    """Who gave the list; asked once, and public sources until then."""
    answer = account.ask(
        "list-source",
        Place(file=file, line=1),
        file,
        ask=f"Where does {file} come from: public sources, a partner, your own contacts, or did they write to you?",
        choices=tuple(_SOURCES),
        default="public",
        optional=True,
    )
    return _SOURCES[answer]


def _settled(each: FoundContact, source: str) -> dict[str, Any]:
    where = each.values.get("imported_from") or f"{each.file} line {each.line}"
    return settled({**each.values, "id": each.id, "imported_from": f"{where}{source}"})


def _count(
    joint: Joint,
    standing: StandingContact | None,
    past: Past,
    written_to: object,
    result: ContactFiles,
    undecided: Set[str],
) -> None:
    """What the first row of a contact counts as; a further one counts as given twice."""
    channels = [*joint.values.get("channels", ()), *(standing.values.get("channels", ()) if standing else ())]
    addresses = {f"email:{normalised(str(each['email']))}" for each in channels if "email" in each}
    ids = {joint.id, *(standing.was if standing else ())}
    said = joint.values.get("do_not_contact")
    said_no = (said and said != LIFTED) or (standing and standing.values.get("do_not_contact"))
    opted_out = any(each.opted_out or each.bounced for id in ids if (each := past.contacts.get(id)) is not None)
    if not undecided.isdisjoint(_addresses(joint.values)):
        result.tally["to_decide"] += 1
    elif said_no or opted_out or (addresses | ids) & past.suppressed:
        result.tally["no_mail"] += 1
    elif written_to:
        result.tally["written_to"] += 1
    else:
        result.tally["known" if joint.known else "new"] += 1
    result.tally["twice"] += len(joint.founds) - 1


def _contradictions(joint: Joint, result: ContactFiles) -> None:
    for said in joint.contradictions:
        message = f"Two documents differ on `{said.key}` of {joint.id}; the first one's value is taken."
        result.differ(said, f"contacts/{joint.id}.yaml", said.key, said.kept, said.other, message)


def _places(joint: Joint, path: str, result: ContactFiles) -> None:
    for each in joint.founds:
        result.places[each.file, each.id] = path
        result.rows[each.file, each.line] = path


def _remember(joint: Joint, identity: str, result: ContactFiles) -> None:
    bases: dict[str, Digests] = {file: base_of(stated) for file, stated in joint.stated.items()}
    if len(joint.stated) > 1:
        bases[_ALL] = base_of(joint.values)
    result.remembered[identity] = {**result.remembered.get(identity, {}), **bases}


class _Names:
    """Which files of `contacts/` are taken, however their names are written."""

    def __init__(self, root: Path, standing: Any) -> None:
        folders = [folder for folder in ("contacts", PRIVATE) if storage.exists(root, folder)]
        self._taken = {entry.name.casefold() for folder in folders for entry in storage.entries(root, folder)}
        self._ids = {each.id for each in standing}

    def free(self, identity: str, kind: str) -> str:
        """An id like `identity` that nobody has, and that no file is called by."""
        wanted = f"{identity}-{kind}" if is_reserved(identity) else identity
        name = free(wanted, lambda each: each in self._ids or f"{each}.yaml".casefold() in self._taken)
        self._ids.add(name)
        self._taken.add(f"{name}.yaml".casefold())
        return name


def _new(joint: Joint, names: _Names, today: date, result: ContactFiles) -> str:
    """A file of its own; the id that it got."""
    identity = names.free(joint.id, str(joint.values.get("kind", "organisation")))
    values = {**joint.values, "id": identity}
    values.setdefault("collected_on", today.isoformat())
    if values.get("do_not_contact") == LIFTED:
        values["do_not_contact"] = False
    files = new_files(identity, values, private=result.private)
    for path, text in files.items():
        result.change(path, text)
    result.files[identity] = next(iter(files))
    _places(joint, result.files[identity], result)
    _remember(joint, identity, result)
    return identity


def _removed(joint: Joint, file: str, result: ContactFiles) -> None:
    """A contact that a person took out of the campaign since the last import stays out."""
    _places(joint, "", result)
    first = joint.founds[0]
    message = f"{joint.values['name']} was imported before and is no longer in the campaign, so it is not brought back."
    hint = f"To have it again, remove the line `{joint.id}` under `contacts` in {file}."
    result.remarks.append(Remark(file=first.file, line=first.line, message=message, hint=hint))


def _existing(joint: Joint, standing: StandingContact, imports: Imports, today: date, result: ContactFiles) -> None:
    _places(joint, standing.file, result)
    bases = imports.contacts.get(joint.id, {})
    mine = [digests for file, digests in bases.items() if file in joint.stated or file == _ALL]
    others = [digests for file, digests in bases.items() if file not in joint.stated and file != _ALL]
    updated = update(standing.values, {**joint.values, "id": standing.id}, mine, others)
    values = dict(updated.values)
    if "collected_on" not in values and values != dict(standing.values):
        values["collected_on"] = joint.values.get("collected_on", today.isoformat())
    first = joint.founds[0]
    for conflict in updated.conflicts:
        there = "no longer exists" if conflict.kept is None else "is there with another value"
        message = f"`{conflict.key}` of {standing.id} {there}, and was not imported from here; it stays so."
        file = standing.laid.file if conflict.key in standing.laid.values else standing.file
        result.differ(first, file, conflict.key, conflict.kept, conflict.other, message)
    if _put(standing, values, first, result):
        _remember(joint, standing.id, result)


def _put(standing: StandingContact, values: Mapping[str, Any], first: FoundContact, result: ContactFiles) -> bool:
    """Change the contact in its files; False if only a person can."""
    files = _files_of(standing)
    texts = result.texts(*files)
    if not result.changes.keys().isdisjoint(files):
        standing = found_again(texts, standing)
    after = changes_of(texts, standing, values, private=result.private)
    if after is None:
        keys = [key for key in values if standing.values.get(key) != values[key]]
        why = "is a row of a table" if standing.place is None else "is next to a comment that would be lost"
        message = f"{standing.id} {why}, so it stays as it is. Change by hand: {', '.join(keys)}."
        kept = {key: standing.values.get(key) for key in keys}
        result.differ(first, standing.file, ", ".join(keys), kept, {key: values[key] for key in keys}, message)
        return False
    for file, text in after.items():
        result.change(file, text)
        if file in result.unchanged:
            result.unchanged.remove(file)
    if standing.file not in result.changes and standing.file not in result.unchanged:
        result.unchanged.append(standing.file)
    return True


def _files_of(standing: StandingContact) -> tuple[str, str]:
    """Where a contact stands, and where what is known of its people does or would."""
    return standing.file, standing.laid.file or f"{PRIVATE}{standing.id}.yaml"


def _gone(
    found: Sequence[FoundContact], imports: Imports, result: ContactFiles, standing: Mapping[str, StandingContact]
) -> None:
    """Contacts that an earlier import had from one of these documents, and that it does not name any more."""
    for document in dict.fromkeys(each.file for each in found):
        before = {identity for identity, bases in imports.contacts.items() if document in bases}
        paths = {path for (file, _), path in result.rows.items() if file == document}
        ids = {each.id for each in found if each.file == document}
        gone = sorted(each for each in before & standing.keys() - ids if standing[each].file not in paths)
        if gone:
            message = f"{document} no longer names {', '.join(gone)}; nothing was removed."
            hint = "Delete their files, or add `do_not_contact`, if that is what it means."
            result.remarks.append(Remark(file=document, line=1, message=message, hint=hint))
