"""Events and today's standing -> the report: every number with the ledger's entries it was counted from."""

from outreach.reporting.book import Book
from outreach.reporting.making import make_report
from outreach.reporting.public import for_everybody
