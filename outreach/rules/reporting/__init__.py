"""Events and today's standing -> the report: every number with the ledger's entries it was counted from."""

from outreach.rules.reporting.book import Book
from outreach.rules.reporting.making import make_report
from outreach.rules.reporting.public import for_everybody

__all__ = ["Book", "for_everybody", "make_report"]
