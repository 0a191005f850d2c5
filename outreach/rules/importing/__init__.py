"""What becomes of what documents gave: what is the same, what is new, what a person has changed since.

Pure: plain data in the words of the campaign's files in, plain data out.
"""

from outreach.rules.importing.joining import Joint, KnownContact, Statement, join
from outreach.rules.importing.updating import Base, Conflict, Updated, base_of, digest, update

__all__ = ["Base", "Conflict", "Joint", "KnownContact", "Statement", "Updated", "base_of", "digest", "join", "update"]
