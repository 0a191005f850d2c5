"""Reach many organisations properly: personal letters, timely posts, an honest record."""

__version__ = "0.1.0"
