"""More than a hundred single mistakes in one campaign, each with the Problem a campaigner should see."""

from .contacts import IN_CONTACTS
from .mistake import Mistake
from .posts import IN_POSTS
from .settings import IN_SETTINGS
from .tables import IN_TABLES
from .templates import IN_TEMPLATES

MISTAKES: list[Mistake] = [*IN_CONTACTS, *IN_TABLES, *IN_SETTINGS, *IN_TEMPLATES, *IN_POSTS]

__all__ = ["MISTAKES", "Mistake"]
