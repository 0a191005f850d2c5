"""Bombs: see `corpus`."""

from tests.bombs import files, templates, texts
from tests.bombs.corpus import BASE, FAMILIES, Bomb, bombs, of_kind, some

__all__ = ["BASE", "FAMILIES", "Bomb", "bombs", "files", "of_kind", "some", "templates", "texts"]
