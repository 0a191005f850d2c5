"""What the files of a campaign say."""

from __future__ import annotations

from outreach.model.campaign import Campaign
from outreach.model.contact import Contact
from outreach.model.post import Post
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.model.template import Template


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """Everything that the files of a campaign say, and what is wrong in single files.

    Things with faults are there as far as they could be read; whether something may be used says
    `outreach.model.problem.blocked(problems)`.
    """

    campaign: Campaign | None
    contacts: tuple[Contact, ...]
    templates: tuple[Template, ...]
    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]
