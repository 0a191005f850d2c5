"""Posts as they go out: fitted to their network, with links and mentions marked, as the records of the wire."""

from outreach.rules.posting.composing import Composed, Composer
from outreach.rules.posting.facets import facets
from outreach.rules.posting.records import digest_of, records_of

__all__ = ["Composed", "Composer", "digest_of", "facets", "records_of"]
