"""Phases with their weeks (`Phase 2 (Week 2): Tier 1`): which tier is written to how many weeks after the first."""

from __future__ import annotations

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.templates import kinds_for

_PHASE = regex.compile(r"\b(?:phase|welle|wave|etappe|step|schritt)\s*(\d)\b", regex.IGNORECASE)
_WEEK = regex.compile(r"\b(?:week|woche|semaine|semana)\s*(\d{1,2})\b", regex.IGNORECASE)
_TIERS = regex.compile(
    r"\b(?:tiers?|stufen?|priorität)\s*(\d{1,2})(?:\s*(?:[-\u2013&,+]|and|und|bis|to)\s*(\d{1,2}))?", regex.IGNORECASE
)


def read_phases(account: Account) -> None:
    """Lines that say which tiers or kinds a phase is for, as hints."""
    for section in account.document.top.walk():
        for line in (line for block in section.blocks for line in block.lines):
            found = labelled(line)
            number = _PHASE.search(found.label) if found else None
            if not found or not number or not found.value:
                continue
            tiers = [
                tier
                for match in _TIERS.finditer(found.value)
                for tier in range(int(match[1]), int(match[2] or match[1]) + 1)
            ]
            week = _WEEK.search(f"{found.label} {found.value}")
            values = {"number": int(number[1]), "tiers": tiers, "kinds": kinds_for(found.value.partition(" ")[0])}
            account.hint("phase", {**values, "week": int(week[1]) if week else None}, line.number)
            account.take(line.number, line.number, "phase", "campaign.yaml: waves")
