"""Campaign folders made to hurt, the same for the same seed: templates, texts, YAML, tables, expressions.

Each is the small campaign of `BASE` with one file of a stranger in it. `outside.py` runs them as processes
and measures; `test_bombs.py` runs some of each kind and counts steps.

The lists are written short: `«x»9` is `xxxxxxxxx`, and `↵` is a line end.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

CAMPAIGN = """\
id: c
title: C
language: en
timezone: Europe/Brussels
sender: {name: Alex, email: alex@real.example, signature: Alex}
legal: {basis: legitimate-interest, interest: x}
accounts:
  mail: {transport: outbox}
  bluesky: {handle: alex.bsky.social}
  mastodon: {server: "https://m.example"}
pace: {gap: 0s}
waves:
  - {id: w, to: "tier == 0", template: hello, asks_for: nothing}
"""
CONTACT = """\
- id: ann
  name: Ann
  tier: 0
  tags: [bees, trees]
  country: BE
  channels: [{email: ann@ann.example}]
  personal_text: You keep bees.
  fields: {town: Ghent, area: 7}
- id: bob
  name: Bob
  tier: 0
  channels: [{email: bob@bob.example}]
"""
TEMPLATE = "---\nsubject: Hello\n---\nDear {{ contact.name }},\n\nwould you look at this?\n\nAlex\n"
BASE = {"campaign.yaml": CAMPAIGN, "contacts/a.yaml": CONTACT, "templates/hello.md": TEMPLATE}

Files = dict[str, str]
Family = Callable[[random.Random], Iterator[tuple[str, Files]]]
FAMILIES: dict[str, Family] = {}


@dataclass(frozen=True, kw_only=True)
class Bomb:
    """A campaign in which `files` stand beside or in the place of those of `BASE`."""

    kind: str
    name: str
    files: Files

    def __str__(self) -> str:
        return f"{self.kind}: {self.name[:80]}"


def of_kind(kind: str, seed: int = 15) -> list[Bomb]:
    """Those of one kind, in a fixed order."""
    made = FAMILIES[kind](random.Random(f"{seed} {kind}"))
    return [Bomb(kind=kind, name=name, files={**BASE, **files}) for name, files in made]


def bombs(seed: int = 15) -> list[Bomb]:
    """All of them, in a fixed order."""
    return [bomb for kind in FAMILIES for bomb in of_kind(kind, seed)]


def some(count: int, seed: int = 15) -> list[Bomb]:
    """`count` of them, of every kind."""
    return random.Random(seed).sample(bombs(seed), count)


def family(make: Family) -> Family:
    FAMILIES[make.__name__] = make
    return make


def grown(text: str) -> str:
    """`text` with its repetitions written out."""
    return re.sub("«(.*?)»([0-9]+)", lambda found: found[1] * int(found[2]), text.replace("↵", "\n"))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def named(text: str) -> dict[str, str]:
    """Lines of `name: what it is`, written out."""
    return {name: grown(rest) for name, _, rest in (line.partition(": ") for line in lines(text))}


def letter(body: str, subject: str = "Hello") -> Files:
    return {"templates/hello.md": f"---\nsubject: {subject}\n---\n{body}\n"}


def post(body: str, keys: str = "networks: [bluesky, mastodon]\nat: 2027-01-12 15:00\nsplit: auto") -> Files:
    return {"posts/p.md": f"---\n{keys}\n---\n{body}\n"}


def contact(values: str) -> Files:
    return {"contacts/b.yaml": f"- {{id: x, tier: 0, {values}}}\n"}


def campaign(old: str, new: str) -> Files:
    assert old in CAMPAIGN
    return {"campaign.yaml": CAMPAIGN.replace(old, new)}


def quoted(source: str) -> str:
    return "'" + source.replace("'", "''") + "'"
