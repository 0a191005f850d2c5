"""Load a campaign and find every Problem in it: the first half of every task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from outreach import storage
from outreach.campaign.attachments import AttachedFile, read_attachments
from outreach.campaign.checklists import load_checklists
from outreach.campaign.folder import Folder, load_folder
from outreach.campaign.lookups import load_lookups
from outreach.checking import Checked, cross_problems
from outreach.errors import CampaignUnreadable, Refused
from outreach.ledger.receipts import receipt_problems
from outreach.letters.materials import Materials
from outreach.model.campaign import Campaign
from outreach.model.facts import Facts
from outreach.model.lookups import Lookups, of_server
from outreach.model.problem import Problem, blocked
from outreach.networks.limits import server_of

_OURS = ("drafts", "outbox", ".outreach", ".outreach/blobs", ".outreach/cache")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A campaign folder, its attachments, what was looked up, and the Problems in and between its files.

    Problems of single letters are not among them: these are found by merging.
    """

    folder: Folder
    attachments: dict[str, AttachedFile]
    problems: tuple[Problem, ...]
    lookups: Lookups = field(default_factory=Lookups)

    @property
    def campaign(self) -> Campaign:
        """The campaign. Raises CampaignUnreadable where campaign.yaml has errors."""
        errors = [problem for problem in self.problems if problem.is_error and problem.about == "campaign"]
        if self.folder.campaign is None or errors:
            raise CampaignUnreadable(len(errors))
        return self.folder.campaign

    @property
    def incomplete(self) -> frozenset[str]:
        """The kinds of files of which one could not be read, so that something may be missing."""
        return _incomplete(self.folder.problems)

    def materials(self, known: Facts | None = None) -> Materials:
        """What the merger needs; `known` is what the ledger knows. Raises CampaignUnreadable."""
        return Materials(
            campaign=self.campaign,
            contacts=tuple(self.folder.contacts),
            posts=tuple(self.folder.posts),
            files={name: file.facts for name, file in self.attachments.items()},
            attachments={name: file.encoded for name, file in self.attachments.items()},
            known=known,
        )


def load(root: Path) -> Loaded:
    """Read the campaign in `root` and check its files against each other. Never raises for bad input."""
    folder, linked = load_folder(root), _linked_folders(root)
    if folder.campaign is None:
        return Loaded(folder=folder, attachments={}, problems=(*folder.problems, *linked))
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
        incomplete=_incomplete(folder.problems),
        blocked=blocked([*folder.problems, *problems]),
        lookups=of_server(lookups, server_of(folder.campaign.accounts.networks)),
    )
    found = [*linked, *folder.problems, *problems, *unread, *misread, *receipt_problems(root), *cross_problems(checked)]
    return Loaded(folder=folder, attachments=attachments, problems=tuple(sorted(dict.fromkeys(found))), lookups=lookups)


def _linked_folders(root: Path) -> list[Problem]:
    """Links in the place of the folders that we write: what they point to would be written."""
    refused = {error.name: error for name in _OURS if (error := storage.why_not_written(root, name)) is not None}
    return [
        Problem(
            file=name,
            line=1,
            code="folder-refused",
            message=f"`{name}` cannot be used: {error.strerror}.",
            hint=error.hint,
            about=f"folder:{name}",
        )
        for name, error in refused.items()
    ]


def _media(folder: Folder) -> set[str]:
    return {medium.file for post in folder.posts for version in post.versions for medium in version.media}


def _documents(campaign: Campaign) -> set[str]:
    assessment = campaign.legal.assessment if campaign.legal else None
    return {*campaign.fill_links, *([assessment] if assessment else [])}


def _there(unopened: Mapping[str, OSError | None], names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if unopened[name] is None)


def _incomplete(problems: Iterable[Problem]) -> frozenset[str]:
    """The kinds of files of which one could not be read, so that something may be missing."""
    folders = ("contacts", "templates", "posts")
    return frozenset(
        name for name in folders for problem in problems if problem.is_error and problem.file.startswith(f"{name}/")
    )
