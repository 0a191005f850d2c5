"""What a network is: limits, counting, facets, records, identities. Pure; `publishing` does the calls."""
