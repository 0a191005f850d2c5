"""The campaign folder: found from anywhere inside it, and loaded whole."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from outreach.campaign.campaign_yaml import FILE, load_campaign
from outreach.campaign.contacts import load_contacts
from outreach.campaign.posts import load_posts
from outreach.campaign.templates import load_templates
from outreach.errors import NoCampaign
from outreach.model.campaign import Campaign
from outreach.model.contact import Contact
from outreach.model.post import Post
from outreach.model.problem import Problem
from outreach.model.template import Template


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """Everything that the files of a campaign say, and what is wrong in single files.

    Things with faults are there as far as they could be read; whether something may be used says
    `outreach.model.problem.blocked(problems)`.
    """

    root: Path
    campaign: Campaign | None
    contacts: tuple[Contact, ...]
    templates: tuple[Template, ...]
    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds `campaign.yaml`. Raises NoCampaign."""
    begin = start.resolve()
    for folder in (begin, *begin.parents):
        if _is_written(folder):
            return folder
    raise NoCampaign(str(start))


def campaign_in(folder: Path) -> Path:
    """`folder` itself, which must hold `campaign.yaml`: one that was named is not searched for.

    Raises NoCampaign.
    """
    if not _is_written(folder):
        raise NoCampaign(str(folder), named=True)
    return folder.resolve()


def _is_written(folder: Path) -> bool:
    """Whether `campaign.yaml` stands in `folder`, be it readable or not: that is said when it is read."""
    return os.path.lexists(folder / FILE)


def load_folder(root: Path) -> Folder:
    """The campaign at `root`; bad files never raise, they are Problems in order of file and line."""
    campaign, problems = load_campaign(root)
    contacts, contact_problems = load_contacts(root)
    templates, template_problems = load_templates(root)
    posts, post_problems = load_posts(root)
    found = once([*problems, *contact_problems, *template_problems, *post_problems])
    return Folder(
        root=root,
        campaign=campaign,
        contacts=tuple(contacts),
        templates=tuple(templates),
        posts=tuple(posts),
        problems=tuple(sorted(dict.fromkeys(found))),
    )


def once(problems: list[Problem]) -> list[Problem]:
    """The problems, each old name of a key only where it stands first."""
    first: dict[str, Problem] = {}
    return [p for p in problems if p.code != "old-key" or first.setdefault(p.message, p) is p]
