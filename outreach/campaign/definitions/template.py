"""A template: the front matter of a file in `templates/`."""

from __future__ import annotations

from typing import Annotated

from outreach.campaign.definitions.definition import Definition, Located, key
from outreach.campaign.definitions.shapes import ListOf
from outreach.campaign.values import addresses, plain
from outreach.campaign.values.text import LocatedText
from outreach.model.template import MailFormat


class TemplateKeys(Definition, what="template", hints={"language": "The file's name says the language: NAME.de.md."}):
    subject: Annotated[Located | None, LocatedText(plain.line_text('"A proposal for {{ contact.name }}"'))] = key(
        "The letter's subject; may hold {{ ... }}"
    )
    attachments: Annotated[tuple[Annotated[str, plain.name], ...], ListOf(single=True)] = key(
        "Names from `attachments` of campaign.yaml", default=()
    )
    roles: Annotated[tuple[Annotated[str, plain.role], ...], ListOf(single=True)] = key(
        "Which channel of a contact gets it, best first", default=()
    )
    reply_to: Annotated[str | None, addresses.email] = key("Where answers to this letter go")
    cc: Annotated[tuple[Annotated[str, addresses.email], ...], ListOf(single=True)] = key(
        "Who of `team` gets a copy, seen by the recipient", default=()
    )
    format: Annotated[MailFormat, plain.choice(list(MailFormat), MailFormat)] = key("text and HTML, or text alone")
    unsubscribe: Annotated[bool | None, plain.boolean] = key("Whether the letter says how to get no more of them")
    mentions: Annotated[tuple[Annotated[str, plain.slug], ...], ListOf(single=True)] = key(
        "Ids of contacts that the text may name", default=()
    )
