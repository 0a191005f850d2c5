"""Read a campaign's files, and find every Problem in and between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from outreach import storage
from outreach.campaign.attachments import read_attachments
from outreach.campaign.checklists import load_checklists
from outreach.campaign.folder import load_folder
from outreach.campaign.lookups import load_lookups
from outreach.checking.material import Checked
from outreach.checking.together import cross_problems
from outreach.errors import Refused
from outreach.history.address_marks import person_tokens
from outreach.ledger.address_keys import read_address_keys
from outreach.model.campaign import Campaign
from outreach.model.folder import Folder
from outreach.model.lookups import of_server
from outreach.model.problem import blocked
from outreach.networks.limits import server_of
from outreach.tasks.campaign import Loaded, incomplete
from outreach.words.natural_persons import is_kept_apart


def read_campaign(root: Path) -> Loaded:
    """Read the campaign in `root` and check its files against each other. Never raises for bad input."""
    folder = _with_tokens(root, load_folder(root))
    if folder.campaign is None:
        return Loaded(root=root, folder=folder, problems=folder.problems)
    attachments, problems = read_attachments(root, folder.campaign)
    checklists, unread = load_checklists(root)
    lookups, misread = load_lookups(root)
    media, documents = _media(folder), _documents(folder.campaign)
    unopened = {name: storage.why_not_read(root, name) for name in sorted(media | documents)}
    checked = Checked(
        campaign=folder.campaign,
        contacts=tuple(folder.contacts),
        templates=tuple(folder.templates),
        posts=tuple(folder.posts),
        checklists=frozenset(checklist.name for checklist in checklists),
        files={name: file.facts for name, file in attachments.items()},
        media=_there(unopened, media),
        documents=_there(unopened, documents),
        refused={name: error for name, error in unopened.items() if isinstance(error, Refused)},
        incomplete=incomplete(folder.problems),
        blocked=blocked([*folder.problems, *problems]),
        lookups=of_server(lookups, server_of(folder.campaign.accounts.networks)),
    )
    return Loaded(
        root=root,
        folder=folder,
        attachments=attachments,
        checklists=tuple(checklists),
        lookups=lookups,
        problems=(*folder.problems, *problems, *unread, *misread, *cross_problems(checked)),
    )


def _with_tokens(root: Path, folder: Folder) -> Folder:
    """The folder, in which persons have the ids that files in Git call them by: as if they had been renamed."""
    keys, _ = read_address_keys(root)
    contacts = [
        replace(each, was=(*each.was, *(token for id in (each.id, *each.was) for token in person_tokens(id, keys))))
        if keys and is_kept_apart(each)
        else each
        for each in folder.contacts
    ]
    return replace(folder, contacts=tuple(contacts))


def _media(folder: Folder) -> set[str]:
    return {medium.file for post in folder.posts for version in post.versions for medium in version.media}


def _documents(campaign: Campaign) -> set[str]:
    assessment = campaign.legal.assessment if campaign.legal else None
    return {*campaign.fill_links, *([assessment] if assessment else [])}


def _there(unopened: Mapping[str, OSError | None], names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if unopened[name] is None)
