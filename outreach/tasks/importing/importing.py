"""Documents -> changes of the campaign's files; decided first, then written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach import storage
from outreach.campaign.campaign_yaml import load_campaign
from outreach.campaign.imports import FILE as IMPORTS
from outreach.campaign.imports import Imports, imports_text, load_imports
from outreach.campaign.text import decode
from outreach.errors import CampaignUnreadable, EditedMeanwhile, not_written
from outreach.intake.account import Account
from outreach.model.found import Found, Passage
from outreach.model.imported import FileChange, Imported, Tally
from outreach.tasks.clock import now
from outreach.tasks.importing.attachments import attached, copies_of, passages_of
from outreach.tasks.importing.contacts import contact_files
from outreach.tasks.importing.documents import read_documents
from outreach.tasks.importing.history import record_history
from outreach.tasks.importing.settings import FILE as CAMPAIGN
from outreach.tasks.importing.settings import settings_in
from outreach.tasks.importing.texts import text_files

PRIVATE_CONTACTS = "contacts/private/"


def import_documents(
    root: Path, paths: Sequence[Path], *, go: bool, answers: Mapping[str, str] | None = None
) -> Imported:
    """What the documents make of the campaign in `root`; written if `go`, with what they say happened before.

    `answers` are those given now (question id -> choice); with those of `imports.yaml` they are asked no more.

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
        root, paths, campaign_text=text, before=text, read=read, zone=campaign.timezone, answers=answers or {}
    )
    if not go:
        return imported
    imported = write(root, imported)
    record_history(root, imported.happened)
    return imported


def decided(
    root: Path,
    paths: Sequence[Path],
    *,
    campaign_text: str,
    before: str | None,
    zone: str,
    read: str | None = None,
    answers: Mapping[str, str],
) -> Imported:
    """Everything that would be written.

    `before` is what stands in campaign.yaml now, None for nothing; `read` the digest of its bytes.
    """
    imports, remembered, read_imports = load_imports(root)
    account = Account({**imports.answers, **answers})
    documents = read_documents(paths, imports.columns, root, account)
    found = _together(documents.found)
    contacts = contact_files(found.contacts, root, imports, now().astimezone(ZoneInfo(zone)).date(), account)
    texts = text_files(found.texts, root, imports)
    copies = copies_of(root, documents.attachments)
    named, guesses = attached(root, found.settings, copies)
    settings = settings_in(campaign_text, named, imports, fresh=before is None)
    new = Imports(
        columns={**imports.columns, **{each.file: each.columns for each in found.columns}},
        contacts=contacts.remembered,
        texts=texts.remembered,
        settings=settings.remembered,
        answers=account.answers,
    )
    changes = [*contacts.changes.values(), *texts.changes.values()]
    unchanged = [*contacts.unchanged, *texts.unchanged, *(copy.path for copy in copies if copy.is_there)]
    kept = imports_text(new, imports, remembered or "")
    both = ((CAMPAIGN, before, settings.text, read), (IMPORTS, remembered, kept, read_imports))
    for path, old, text, digest in both:
        if (old or "") == text:
            unchanged += [path] if old is not None else []
        else:
            changes.append(FileChange(path=path, before=old, after=text, read=digest))
    places = {**_of_contacts(contacts.places), **texts.places}
    return Imported(
        changes=tuple(changes),
        unchanged=tuple(sorted(unchanged)),
        passages=(*(_placed(each, places) for each in found.passages), *passages_of(copies)),
        remarks=(*found.remarks, *contacts.remarks, *guesses),
        questions=account.questions,
        refusals=account.refusals,
        cleaned=account.cleaned,
        tally=Tally(**contacts.tally),
        happened=tuple(contacts.happened),
        answers=account.answers,
        repaired=found.repaired,
        columns=found.columns,
        disagreements=(*contacts.disagreements, *texts.disagreements, *settings.disagreements),
        skipped=documents.skipped,
        documents=documents.lines,
        copies=tuple(copies),
    )


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


def _placed(passage: Passage, places: Mapping[tuple[str, str], str]) -> Passage:
    """The passage with the path that its contact or text really has."""
    path, colon, key = passage.to.partition(": ")
    place = places.get((passage.file, path))
    return passage if place is None else replace(passage, to=f"{place}{colon}{key}")


def write(root: Path, imported: Imported) -> Imported:
    """Write each file whole or not at all, and none that was edited since it was read; what became of it.

    imports.yaml says what the files hold, so it stays as it was where one of them could not be written. Raises
    CannotWrite, Refused.
    """
    edited: list[str] = []
    contents: list[tuple[str, str | None, bytes]] = [
        (copy.path, None, copy.content) for copy in imported.copies if not copy.is_there
    ]
    contents += [(each.path, each.read, each.after.encode("utf-8")) for each in imported.changes]
    left = []
    for path, read, content in contents:
        if edited and path == IMPORTS:
            left.append(path)
            continue
        try:
            private = path.startswith(PRIVATE_CONTACTS)
            # What is replaced survives a power cut; thousands of new files can be imported again.
            storage.replace(root, path, read, content, private=private, durable=read is not None)
        except EditedMeanwhile:
            edited.append(path)
        except OSError as error:
            raise not_written(path, error) from error
    return replace(imported, edited=tuple(edited), left=tuple(left))
