"""Erasing a person: every place that names them, in an order in which a kill at any moment can be done again."""
