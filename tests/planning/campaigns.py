"""Small campaigns made of nouns, for tests of the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach.letters.materials import Materials
from outreach.letters.merger import Merger
from outreach.model.campaign import Campaign, Expression, FollowUp, Sender, TemplateChoice, Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.past import Past
from outreach.model.recipient import Recipient
from outreach.model.template import Template
from outreach.model.times import Delay
from outreach.planning.context import Context
from outreach.planning.recipients import Decided, decide, would_follow
from outreach.planning.world import World
from outreach.tasks.verdicts import RenderedVerdicts


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


@dataclass(frozen=True)
class Stuff:
    """What letters are made from, and the world in which it is decided who gets them."""

    materials: Materials
    world: World

    def decided(self, take: Callable[[Recipient, Any], None] = lambda letter, made: None) -> tuple[Decided, Merger]:
        """Who gets a letter, each rendered and handed to `take`; and what rendered them."""
        rendering = RenderedVerdicts(Merger(self.materials, parse_every_letter=True), take)
        return decide(Context(replace(self.world, verdicts=rendering))), rendering.merger

    def follow_ups(self) -> tuple[list[Any], Merger]:
        """The follow-ups of letters that nobody sent yet, and what rendered them."""
        context = Context(self.world)
        merger = Merger(self.materials, parse_every_letter=True)
        letters = would_follow(context, decide(context).recipients)
        return [merger.make(each) if each.is_made else None for each in letters], merger


def materials(*contacts: Contact, **keys: Any) -> Stuff:
    defaults: dict[str, Any] = {"campaign": campaign(), "templates": (template(),), "posts": ()}
    given = {**defaults, **keys}
    of_world = {name: given.pop(name) for name in ("templates", "blocked") if name in given}
    nouns = {"campaign": given["campaign"], "contacts": contacts, "posts": given["posts"]}
    now = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
    made = World(**nouns, **of_world, checklists=(), past=Past(), now=now)
    return Stuff(Materials(**{**given, "contacts": contacts}), made)
