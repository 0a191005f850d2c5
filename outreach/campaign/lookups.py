"""`lookups.yaml`: what `outreach lookup` found on the network, with its dates. In Git, and read by drafting."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from outreach import storage
from outreach.campaign.definitions.lookups import LookupsKeys
from outreach.campaign.findings import as_problems, too_much_to_read
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import read_text
from outreach.errors import BEYOND_REACH
from outreach.model.lookups import Card, Lookups, ServerLimits
from outreach.model.problem import Problem

FILE = "lookups.yaml"
HEAD = "# What `outreach lookup` found, with the day on which it was new. Read by drafting; it belongs into Git.\n"


def load_lookups(root: Path) -> tuple[Lookups, list[Problem]]:
    """What was looked up, and what is wrong with the file. No file is nothing looked up."""
    if not storage.exists(root, FILE):
        return Lookups(), []
    source, findings = read_text(root, FILE)
    if source is None:
        return Lookups(), as_problems(findings, FILE, "lookups")
    try:
        lookups, found = read_lookups(source)
    except BEYOND_REACH:
        lookups, found = Lookups(), as_problems([too_much_to_read()], FILE, "lookups")
    return lookups, [*as_problems(findings, FILE, "lookups"), *found]


def read_lookups(source: str) -> tuple[Lookups, list[Problem]]:
    """What the text of `lookups.yaml` says, and what is wrong with it."""
    node, findings = read_yaml(source)
    given = LookupsKeys.read(node, findings, FILE) if node is not None else None
    return given.lookups() if given else Lookups(), as_problems(findings, FILE, "lookups")


def handle_lines(did: str, on: date) -> list[str]:
    """What follows an entry's key, and its further lines, for a handle."""
    return [f" {{did: {_quoted(did)}, on: {on.isoformat()}}}"]


def card_lines(card: Card) -> list[str]:
    """The same for a card."""
    said = {"title": _quoted(card.title), "description": _quoted(card.description) if card.description else ""}
    said |= {"thumb": _quoted(card.thumb) if card.thumb else "", "on": card.on.isoformat() if card.on else ""}
    return ["", *(f"  {name}: {value}" for name, value in said.items() if value)]


def server_entries(limits: ServerLimits) -> dict[str, list[str]]:
    """The entries of the section `mastodon`."""
    said = {
        "server": _quoted(limits.server),
        "characters": limits.characters,
        "per_url": limits.per_url,
        "media": limits.media,
        "description": limits.description,
        "on": limits.on,
    }
    return {name: [f" {value}"] for name, value in said.items() if value is not None}


def _quoted(text: str) -> str:
    """As YAML reads it, in double quotes."""
    return json.dumps(text, ensure_ascii=False)
