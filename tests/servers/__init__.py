"""Servers that the tests start themselves, on loopback and free ports."""
