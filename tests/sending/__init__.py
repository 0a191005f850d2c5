"""Approving and sending, against servers that count for themselves."""
