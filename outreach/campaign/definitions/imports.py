"""The keys of `imports.yaml`, in which `outreach import` remembers; others are left alone."""

from __future__ import annotations

from typing import Annotated

from outreach.campaign.definitions.definition import Definition, key
from outreach.campaign.definitions.shapes import GroupOf
from outreach.campaign.values.plain import TEXT_SCHEMA
from outreach.campaign.values.text import Text

_WORD = Text(str, expected="one value", example="name", schema=TEXT_SCHEMA)
Words = Annotated[dict[str, Annotated[str, _WORD]], GroupOf()]


class ImportsKeys(Definition, what="list of what was imported", unknown=""):
    columns: Annotated[dict[str, Words], GroupOf()] = key("What the columns of tables were taken for", default={})
    contacts: Annotated[dict[str, Words], GroupOf()] = key("Digests of what documents said of contacts", default={})
    texts: Words = key("Digests of texts", default={})
    answers: Words = key("Answers to the questions of an import, by the question's id", default={})
    settings: Words = key("Digests of what documents said of campaign.yaml", default={})
