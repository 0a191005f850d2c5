"""Documents -> changes of the campaign's files; decided first, then written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from outreach import storage
from outreach.campaign.campaign_yaml import load_campaign
from outreach.campaign.contacts_private import FOLDER as PRIVATE
from outreach.campaign.contacts_private import keep_out_of_git
from outreach.campaign.imports import FILE as IMPORTS
from outreach.campaign.imports import PRIVATE_FILE, load_imports
from outreach.campaign.text import decode
from outreach.errors import CampaignUnreadable, EditedMeanwhile, not_written, raising_cannot_write
from outreach.intake.account import Account
from outreach.intake.filling import filled_from_columns
from outreach.intake.suppression import suppressed_in
from outreach.model.found import Found, Passage
from outreach.model.imported import FileChange, Imported, Tally
from outreach.tasks.authorship import remember_author
from outreach.tasks.clock import now
from outreach.tasks.importing.attachments import attached, copies_of, passages_of
from outreach.tasks.importing.contacts import ContactFiles, contact_files
from outreach.tasks.importing.documents import NOTHING_READ, Known, read_documents, rows_in
from outreach.tasks.importing.history import record_history, suppress_addresses
from outreach.tasks.importing.settings import FILE as CAMPAIGN
from outreach.tasks.importing.settings import settings_in
from outreach.tasks.importing.texts import text_files
from outreach.tasks.merging import merge


def import_documents(
    root: Path,
    paths: Sequence[Path],
    *,
    go: bool,
    answers: Mapping[str, str] | None = None,
    columns: Known | None = None,
    suppress: Sequence[Path] = (),
    readable: bool = False,
) -> Imported:
    """What the documents make of the campaign in `root`; written if `go`, with what they say happened before.

    `answers` are those given now (question id -> choice); with those of `imports.yaml` they are asked no more.
    `columns` say what columns of tables mean (table -> label -> meaning), over what `imports.yaml` says of them.
    Whatever address is in the documents `suppress` must never be written to. With `readable`, a document that
    cannot be read is named in `unread` and stops none of the others.

    Raises CampaignUnreadable, ImportsUnreadable, NothingToImport, UnreadableSource and their like before anything
    is written; CannotWrite.
    """
    campaign, _ = load_campaign(root)
    if campaign is None:
        raise CampaignUnreadable(1)
    content = storage.read(root, CAMPAIGN)
    text, _ = decode(content)
    if text is None:
        raise CampaignUnreadable(1)
    read = storage.digest(content)
    text = content.decode("utf-8")
    imported = decided(
        root,
        paths,
        campaign_text=text,
        before=text,
        read=read,
        zone=campaign.timezone,
        answers=answers or {},
        columns=columns or {},
        suppress=suppress,
        readable=readable,
        private=campaign.repository != "private",
    )
    if not go:
        return imported
    imported = write(root, imported)
    record_history(root, imported.happened)
    for keep, other in imported.merges:
        merge(root, keep, other, go=True)
    suppress_addresses(root, (listed for listed, _ in imported.no_mail.values()))
    return imported


def keep_answers(root: Path, answers: Mapping[str, str]) -> None:
    """Write answers into imports.yaml and nothing else, so that they are not asked for again.

    Raises ImportsUnreadable, CannotWrite, EditedMeanwhile.
    """
    memory = load_imports(root)
    new = replace(memory.imports, answers={**memory.imports.answers, **answers})
    if new != memory.imports:
        shared, text = memory.with_new(new, {})[0]
        storage.replace(root, IMPORTS, shared.read, text.encode("utf-8"))


def decided(
    root: Path,
    paths: Sequence[Path],
    *,
    campaign_text: str,
    before: str | None,
    zone: str,
    read: str | None = None,
    answers: Mapping[str, str],
    columns: Known = MappingProxyType({}),
    suppress: Sequence[Path] = (),
    readable: bool = False,
    private: bool = True,
) -> Imported:
    """Everything that would be written.

    `before` is the text of campaign.yaml now (None: none), `read` its digest; `private`: people are kept out of Git.
    """
    imports = (memory := load_imports(root)).imports
    account = Account({**imports.answers, **answers})
    today = now().astimezone(ZoneInfo(zone)).date()
    lists = [suppressed_in(name, rows, today, account) for name, rows in rows_in(suppress, root)]
    known, is_asked = _known(imports.columns, columns), bool(paths) or not suppress
    documents = read_documents(paths, known, root, account, readable=readable) if is_asked else NOTHING_READ
    no_mail = {**account.no_mail, **{each.address: each for listed in lists for each in listed}}
    found = filled_from_columns(_together(documents.found))
    contacts = contact_files(found.contacts, root, imports, today, account, no_mail, private=private)
    texts, copies = text_files(found.texts, root, imports), copies_of(root, documents.attachments)
    named, guesses = attached(root, found.settings, copies)
    settings = settings_in(campaign_text, named, imports, fresh=before is None)
    taken = {**imports.columns, **{each.file: each.columns for each in found.columns}}
    new = replace(imports, columns=taken, contacts=contacts.remembered, answers=account.answers, texts=texts.remembered)
    new = replace(new, settings=settings.remembered)
    kept = [(file.file, file.text, text, file.read) for file, text in memory.with_new(new, contacts.files)]
    both = ((CAMPAIGN, before, settings.text, read), *reversed(kept))  # an entry comes before it goes elsewhere
    others = [FileChange(path=path, before=old, after=to, read=at) for path, old, to, at in both if (old or "") != to]
    unchanged = [*contacts.unchanged, *texts.unchanged, *(copy.path for copy in copies if copy.is_there)]
    unchanged += [path for path, old, text, _ in both if old == text and path != PRIVATE_FILE]
    places = {**_of_contacts(contacts.places), **texts.places}
    return Imported(
        changes=(*contacts.changes.values(), *texts.changes.values(), *others),
        unchanged=tuple(sorted(unchanged)),
        passages=(*(_placed(each, places, contacts) for each in found.passages), *passages_of(copies)),
        remarks=(*found.remarks, *contacts.remarks, *guesses),
        questions=account.questions,
        refusals=account.refusals,
        cleaned=account.cleaned,
        tally=Tally(**contacts.tally),
        happened=tuple(contacts.happened),
        no_mail={each.address: (each, contacts.suppressed.get(each.address, "")) for each in no_mail.values()},
        answers=account.answers,
        merges=tuple(account.merges),
        repaired=found.repaired,
        columns=found.columns,
        disagreements=(*contacts.disagreements, *texts.disagreements, *settings.disagreements),
        skipped=documents.skipped,
        unread=documents.unread,
        documents=documents.lines,
        copies=tuple(copies),
    )


def _known(columns: Known, said: Known) -> Known:
    """What columns mean: as a person said just now, else as it is remembered."""
    return {**columns, **{file: {**columns.get(file, {}), **new} for file, new in said.items()}}


def _together(founds: Sequence[Found]) -> Found:
    return Found(
        contacts=tuple(each for found in founds for each in found.contacts),
        texts=tuple(each for found in founds for each in found.texts),
        settings=tuple(each for found in founds for each in found.settings),
        passages=tuple(each for found in founds for each in found.passages),
        remarks=tuple(each for found in founds for each in found.remarks),
        repaired=tuple(each for found in founds for each in found.repaired),
        columns=tuple(each for found in founds for each in found.columns),
    )


def _of_contacts(places: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """(document, path that it gave) -> where the contact stands."""
    gone = "imports.yaml: no longer in the campaign"
    return {(file, f"contacts/{identity}.yaml"): path or gone for (file, identity), path in places.items()}


def _placed(passage: Passage, places: Mapping[tuple[str, str], str], contacts: ContactFiles) -> Passage:
    """The passage with the path that its contact or text really has."""
    path, colon, key = passage.to.partition(": ")
    own = contacts.rows.get((passage.file, passage.line)) if path.startswith("contacts/") else None
    place = own or places.get((passage.file, path))
    if place and key in ("people", "internal_notes"):
        aside = f"{PRIVATE}{place.rpartition('/')[2]}"
        place = aside if aside in contacts.changes or aside in contacts.contents else place
    return passage if place is None else replace(passage, to=f"{place}{colon}{key}")


def write(root: Path, imported: Imported) -> Imported:
    """Write each file whole or not at all, and none that was edited since it was read; what became of it.

    imports.yaml and its private part say what the files hold, so they stay as they were where one of these could not
    be written. Raises CannotWrite, Refused.
    """
    edited: list[str] = []
    contents: list[tuple[str, str | None, bytes]] = [
        (copy.path, None, copy.content) for copy in imported.copies if not copy.is_there
    ]
    contents += [(each.path, each.read, each.after.encode("utf-8")) for each in imported.changes]
    left = []
    for path, read, content in contents:
        if edited and path in (IMPORTS, PRIVATE_FILE):
            left.append(path)
            continue
        try:
            is_private = path.startswith(PRIVATE)
            remember_author(root, path, content)
            # What is replaced survives a power cut; thousands of new files can be imported again.
            storage.replace(root, path, read, content, private=is_private, durable=read is not None)
        except EditedMeanwhile:
            edited.append(path)
        except OSError as error:
            raise not_written(path, error) from error
    if any(path.startswith(PRIVATE) for path, _, _ in contents):
        with raising_cannot_write(PRIVATE):
            keep_out_of_git(root)
    return replace(imported, edited=tuple(edited), left=tuple(left))
