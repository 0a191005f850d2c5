"""`outreach import` and `outreach init`: documents -> a campaign."""

from outreach.tasks.importing.beginning import init
from outreach.tasks.importing.importing import import_documents

__all__ = ["import_documents", "init"]
