"""Bombs: see `corpus`."""

from tests.bombs import files, templates, texts
from tests.bombs.corpus import BASE, Bomb, bombs, some

__all__ = ["BASE", "Bomb", "bombs", "files", "some", "templates", "texts"]
