"""`outreach import` and `outreach init`: documents -> a campaign."""

from outreach.tasks.importing.beginning import init
from outreach.tasks.importing.importing import import_documents, keep_answers
