"""The campaign folder, loaded whole."""

from __future__ import annotations

from pathlib import Path

from outreach.campaign.campaign_yaml import load_campaign
from outreach.campaign.contacts import load_contacts
from outreach.campaign.posts import load_posts
from outreach.campaign.templates import load_templates
from outreach.model.folder import Folder
from outreach.model.problem import Problem


def load_folder(root: Path) -> Folder:
    """The campaign at `root`; bad files never raise, they are Problems in order of file and line."""
    campaign, problems = load_campaign(root)
    contacts, contact_problems = load_contacts(root)
    templates, template_problems = load_templates(root)
    posts, post_problems = load_posts(root)
    found = once([*problems, *contact_problems, *template_problems, *post_problems])
    return Folder(
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
