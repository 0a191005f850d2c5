"""A document -> all that it gives to a campaign: each subject by whoever knows it, and the account of every line."""

from __future__ import annotations

from outreach.intake.account import Account as Values
from outreach.intake.notes.account import Account
from outreach.intake.notes.candidates import read_candidates
from outreach.intake.notes.contacts import ContactReader
from outreach.intake.notes.dates import calendar_of
from outreach.intake.notes.following_up import read_follow_ups
from outreach.intake.notes.phases import read_phases
from outreach.intake.notes.posts import read_posts
from outreach.intake.notes.remaining import read_checklists, read_notes_kept
from outreach.intake.notes.settle import settle
from outreach.intake.notes.templates import read_templates
from outreach.intake.notes.timing import read_timing
from outreach.intake.notes.words import language_of
from outreach.intake.outline import Document
from outreach.model.found import Found


def read(document: Document, values: Values | None = None) -> Found:
    """All that the document gives; for one that is about something else, nothing but its passages."""
    account = Account(document, values)
    calendar = calendar_of(_words(document))
    read_templates(account)
    read_posts(account, calendar)
    ContactReader(account, calendar.written.isoformat() if calendar.written else "").read()
    read_candidates(account, calendar.written.isoformat() if calendar.written else "")
    if account.contacts:
        read_phases(account)
    if not account.is_empty:
        read_follow_ups(account)
        read_timing(account)
        language = language_of(_words(document))
        if language not in (None, "en"):
            account.add_setting(("language",), language, 1)
    settle(account)
    read_checklists(account)
    read_notes_kept(account)
    if calendar.written or calendar.years:
        account.hint("condition", {"written": calendar.written, "years": sorted(calendar.years)}, 1)
    return account.found()


def _words(document: Document) -> list[str]:
    """The lines outside of fences: what an example says is not a date of this document."""
    fenced = {
        number
        for section in document.top.walk()
        for block in section.blocks
        if block.kind == "fence"
        for number in range(block.line, block.end + 1)
    }
    return [text for number, text in enumerate(document.source, 1) if number not in fenced]
