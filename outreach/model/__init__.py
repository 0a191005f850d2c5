"""The nouns: frozen, keyword-only, standard library only; no paths, no clock, no I/O."""
