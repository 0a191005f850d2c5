"""The campaign folder <-> nouns. Every loader returns (things, problems).

A mistake in one file must not stop the rest, so loaders never raise for what a person wrote: they return what they
could read, and Problems with file, line and hint. YAML is read strictly (`strict_yaml/`), and a broken line is read
as it was probably meant, so that all mistakes show at once. Each key is defined once (`definitions/`): reading, the
JSON Schemas and the forms of the browser come from there.

Start with `folder.py`, which loads everything, and `definitions/contact.py`. A new key is one line in a definition.
Writing keeps every other byte of a file (`splicing.py`).
"""
