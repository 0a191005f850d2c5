"""`lookups.yaml`: what `outreach lookup` found on the network, with its dates. In Git, and read by drafting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.definitions.lookups import LookupsKeys
from outreach.campaign.findings import as_problems, too_much_to_read
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import normal, read_text
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
    node, findings = read_yaml(normal(source))
    given = LookupsKeys.read(node, findings, FILE) if node is not None else None
    return given.lookups() if given else Lookups(), as_problems(findings, FILE, "lookups")


def with_found(
    text: str, handles: Mapping[str, str], cards: Iterable[Card], limits: ServerLimits | None, on: date
) -> str:
    """`text` of `lookups.yaml` with what was found; it stays where it is written in a form that is not understood."""
    from outreach.campaign.splicing import changed  # ruamel.yaml is needed only where something is written

    sections: dict[str, dict[str, Any]] = {
        "handles": {handle: {"did": did, "on": on} for handle, did in handles.items()},
        "cards": {card.url: _given(card, "url") for card in cards},
        "mastodon": _given(limits) if limits is not None else {},
    }
    text = text or HEAD
    for section, found in sections.items():
        order = None if section != "mastodon" else tuple(found)
        text = (changed(text, (section,), found, order=order) or text) if found else text
    return text


def _given(noun: Card | ServerLimits, *without: str) -> dict[str, Any]:
    """What is known of a noun."""
    values = {each.name: getattr(noun, each.name) for each in fields(noun) if each.name not in without}
    return {name: value for name, value in values.items() if value not in (None, "")}
