"""Posts on their way out: identities, records and their CIDs, and how to know one's own post again."""
