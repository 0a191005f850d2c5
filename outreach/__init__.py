"""Reach many organisations properly: personal letters, timely posts, an honest record."""

__version__ = "1.0.0rc1"
