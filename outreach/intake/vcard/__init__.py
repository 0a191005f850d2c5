"""Address cards (vCard 3 and 4, and 2.1 where it can be told what it means)."""

from outreach.intake.vcard.reading import read_cards

__all__ = ["read_cards"]
