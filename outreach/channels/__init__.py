"""The outside world: the only package that calls out."""
