"""`lookups.yaml` with what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from outreach.campaign.splicing import changed
from outreach.model.lookups import Card, ServerLimits

_HEAD = "# What `outreach lookup` found, with the day on which it was new. Read by drafting; it belongs into Git.\n"


def with_found(
    text: str, handles: Mapping[str, str], cards: Iterable[Card], limits: ServerLimits | None, on: date
) -> str:
    """`text` of `lookups.yaml` with what was found; it stays where it is written in a form that is not understood."""
    sections: dict[str, dict[str, Any]] = {
        "handles": {handle: {"did": did, "on": on} for handle, did in handles.items()},
        "cards": {card.url: _given(card, "url") for card in cards},
        "mastodon": _given(limits) if limits is not None else {},
    }
    text = text or _HEAD
    for section, found in sections.items():
        order = None if section != "mastodon" else tuple(found)
        text = (changed(text, (section,), found, order=order) or text) if found else text
    return text


def _given(noun: Card | ServerLimits, *without: str) -> dict[str, Any]:
    """What is known of a noun."""
    values = {each.name: getattr(noun, each.name) for each in fields(noun) if each.name not in without}
    return {name: value for name, value in values.items() if value not in (None, "")}
