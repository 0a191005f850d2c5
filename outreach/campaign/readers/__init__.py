"""Readers: one definition for each key, from which come validation, value, hint and JSON Schema."""
