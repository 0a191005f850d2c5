"""The campaign folder <-> nouns. Every loader returns (things, problems)."""
