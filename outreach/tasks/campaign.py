"""Load a campaign: the first half of every task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from outreach import storage
from outreach.campaign.suppressions import read_suppressions
from outreach.campaign.text import is_instead
from outreach.errors import CampaignUnreadable, SuppressionsUnreadable
from outreach.ledger.receipts import receipt_problems
from outreach.model.attached import AttachedFile
from outreach.model.campaign import Campaign
from outreach.model.checklist import Checklist
from outreach.model.facts import Facts
from outreach.model.folder import Folder
from outreach.model.lookups import Lookups
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.tasks.kept_campaign import keep_campaign, kept_campaign

if TYPE_CHECKING:
    from outreach.letters.materials import Materials

_OURS = ("drafts", "outbox", ".outreach", ".outreach/blobs", ".outreach/cache")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A campaign folder, its attachments, what was looked up, and the Problems in and between its files.

    Problems of single letters are not among them: these are found by merging.
    """

    root: Path
    folder: Folder
    attachments: Mapping[str, AttachedFile] = field(default_factory=dict)
    checklists: tuple[Checklist, ...] = ()
    lookups: Lookups = field(default_factory=Lookups)
    problems: tuple[Problem, ...] = ()
    digests: dict[int, str] = field(default_factory=dict, compare=False, repr=False)
    """Of contacts and templates, by `id()`: kept with them, for each plan that is made of them."""

    @property
    def campaign(self) -> Campaign:
        """The campaign. Raises CampaignUnreadable if campaign.yaml has errors."""
        errors = [problem for problem in self.problems if problem.is_error and problem.about == "campaign"]
        if self.folder.campaign is None or errors:
            raise CampaignUnreadable(len(errors))
        return self.folder.campaign

    @property
    def incomplete(self) -> frozenset[str]:
        """The kinds of files of which one could not be read, so that something may be missing."""
        return incomplete(self.folder.problems)

    def materials(self, known: Facts | None = None) -> Materials:
        """What the merger needs; `known` is what the ledger knows. Raises CampaignUnreadable."""
        from outreach.letters.materials import Materials
        from outreach.letters.mime import encode_attachment

        return Materials(
            campaign=self.campaign,
            contacts=tuple(self.folder.contacts),
            posts=tuple(self.folder.posts),
            files={name: file.facts for name, file in self.attachments.items()},
            attachments={name: encode_attachment(file.name, file.content) for name, file in self.attachments.items()},
            known=known,
        )


def is_begun(root: Path) -> bool:
    """Whether there is a campaign in the folder, be it readable or not."""
    return storage.stat_of(root, "campaign.yaml") is not None


def load(root: Path) -> Loaded:
    """Read the campaign in `root` and check its files against each other. Never raises for bad input.

    What was read before is used as it is where the files are as they were.
    """
    loaded = None if is_instead() else kept_campaign(root)
    if loaded is None:
        from outreach.tasks.reading_campaign import read_campaign  # and all that reads and checks files

        with storage.traced(root) as trace:
            loaded = read_campaign(root)
        if not is_instead():
            keep_campaign(root, loaded, trace)
    found = [*_linked_folders(root), *loaded.problems, *receipt_problems(root), *_list_problems(root, loaded.folder)]
    return replace(loaded, problems=tuple(sorted(dict.fromkeys(found))))


def _list_problems(root: Path, folder: Folder) -> list[Problem]:
    """Why the list of addresses that several campaigns share cannot be used."""
    campaign = folder.campaign
    if campaign is None or campaign.suppressions is None:
        return []
    try:
        read_suppressions(root, campaign.suppressions)
    except SuppressionsUnreadable as error:
        line = campaign.line_of("suppressions")
        return [
            Problem(
                file=campaign.file,
                line=line,
                code="suppressions-unreadable",
                message=f"{error} Nothing is sent until it can.",
                hint=error.hint,
                about="suppressions",
            )
        ]
    return []


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


def incomplete(problems: Iterable[Problem]) -> frozenset[str]:
    """The kinds of files of which one could not be read, so that something may be missing."""
    folders = ("contacts", "templates", "posts")
    return frozenset(
        name for name in folders for problem in problems if problem.is_error and problem.file.startswith(f"{name}/")
    )
