"""Small campaigns made of nouns, for tests of the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from outreach.letters.materials import Materials
from outreach.model.campaign import Campaign, Expression, FollowUp, Sender, TemplateChoice, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.template import Template
from outreach.model.times import Delay


def expression(source: str, line: int = 1) -> Expression:
    return Expression(source=source, file="campaign.yaml", line=line)


def email(address: str, role: str = "") -> Channel:
    return Channel(kind=ChannelKind.EMAIL, address=address, role=role)


def form(address: str = "https://form.example/") -> Channel:
    return Channel(kind=ChannelKind.FORM, address=address)


def contact(ident: str, **keys: Any) -> Contact:
    defaults: dict[str, Any] = {
        "id": ident,
        "name": f"Organisation {ident}",
        "file": f"contacts/{ident}.yaml",
        "tier": 0,
        "channels": (email(f"info@{ident}.example"),),
    }
    return Contact(**{**defaults, **keys})


def template(name: str = "letter", body: str = "Dear {{ contact.name }},\n\nhello.\n", **keys: Any) -> Template:
    defaults: dict[str, Any] = {
        "name": name,
        "file": f"templates/{name}.md",
        "subject": "A proposal",
        "subject_line": 2,
        "body": body,
        "body_line": 4,
    }
    return Template(**{**defaults, **keys})


def wave(ident: str = "first", to: str = "tier == 0", name: str = "letter", **keys: Any) -> Wave:
    return Wave(id=ident, to=expression(to), templates=(TemplateChoice(template=name),), **keys)


def follow_up(name: str, **keys: Any) -> FollowUp:
    return FollowUp(after=Delay(length=timedelta(days=14), text="14d"), template=name, **keys)


def campaign(*waves: Wave, **keys: Any) -> Campaign:
    sender = Sender(name="Alex Example", email="alex@sender.example", signature="Alex")
    return Campaign(**{"id": "c", "title": "C", "sender": sender, "waves": waves or (wave(),), **keys})


def materials(*contacts: Contact, **keys: Any) -> Materials:
    defaults: dict[str, Any] = {
        "campaign": campaign(),
        "contacts": contacts,
        "templates": (template(),),
    }
    return Materials(**{**defaults, **keys})
