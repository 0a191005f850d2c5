"""JSON Schemas of the campaign's files, from the same definitions that read them."""

from __future__ import annotations

from typing import Any

from outreach.campaign.definitions import definition
from outreach.campaign.definitions.campaign import CampaignKeys
from outreach.campaign.definitions.contact import ContactKeys
from outreach.campaign.definitions.lookups import LookupsKeys
from outreach.campaign.definitions.post import PostKeys
from outreach.campaign.definitions.template import TemplateKeys
from outreach.errors import UnknownName
from outreach.words.suggestions import nearest

_DEFINITIONS: dict[str, tuple[type[definition.Definition], str]] = {
    "campaign": (CampaignKeys, "campaign.yaml"),
    "contacts": (ContactKeys, "A file in contacts/: one contact, or a list of them"),
    "templates": (TemplateKeys, "The front matter of a file in templates/"),
    "posts": (PostKeys, "The front matter of a file in posts/"),
    "lookups": (LookupsKeys, "lookups.yaml"),
}
KINDS = tuple(_DEFINITIONS)
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: str) -> dict[str, Any]:
    """The schema (draft 2020-12) of one of `KINDS`, for values as a YAML 1.2 parser gives them.

    Raises UnknownName.
    """
    if kind not in _DEFINITIONS:
        raise UnknownName("schema", kind, nearest(kind, KINDS), KINDS)
    of, title = _DEFINITIONS[kind]
    head = {"$schema": DRAFT, "title": title}
    own = definition.json_schema(of)
    if kind != "contacts":
        return {**head, **own}
    one: dict[str, Any] = {"$ref": "#/$defs/contact"}
    several = {"type": "array", "items": one}
    return {**head, "$defs": {"contact": own}, "anyOf": [one, several]}
