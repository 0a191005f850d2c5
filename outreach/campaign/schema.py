"""JSON Schemas of the campaign's files, from the same definitions that read them."""

from __future__ import annotations

from typing import Any

from outreach.campaign.campaign_keys import CAMPAIGN
from outreach.campaign.definitions import definition
from outreach.campaign.definitions.contact import ContactKeys
from outreach.campaign.definitions.post import PostKeys
from outreach.campaign.definitions.template import TemplateKeys
from outreach.campaign.readers.compound import RecordReader
from outreach.errors import UnknownName
from outreach.words.suggestions import nearest

_READERS: dict[str, tuple[RecordReader | type[definition.Definition], str]] = {
    "campaign": (CAMPAIGN, "campaign.yaml"),
    "contacts": (ContactKeys, "A file in contacts/: one contact, or a list of them"),
    "templates": (TemplateKeys, "The front matter of a file in templates/"),
    "posts": (PostKeys, "The front matter of a file in posts/"),
}
KINDS = tuple(_READERS)


def json_schema(kind: str) -> dict[str, Any]:
    """The schema (draft 2020-12) of one of `KINDS`, for values as a YAML 1.2 parser gives them.

    Raises UnknownName.
    """
    if kind not in _READERS:
        raise UnknownName("schema", kind, nearest(kind, KINDS), KINDS)
    reader, title = _READERS[kind]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    own = reader.schema() if isinstance(reader, RecordReader) else definition.json_schema(reader)
    if kind != "contacts":
        return {**head, **own}
    one: dict[str, Any] = {"$ref": "#/$defs/contact"}
    several = {"type": "array", "items": one}
    return {**head, "$defs": {"contact": own}, "anyOf": [one, several]}
