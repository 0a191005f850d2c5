"""What several documents say together: waves, out of the tiers of one and the templates of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import regex

from outreach.intake.notes.dating import dated
from outreach.intake.notes.templates import is_social, kinds_for
from outreach.model.found import Found, FoundSetting, FoundText, Hint, Remark

_TEXT_KINDS = ("organisation", "institution", "project", "person", "research", "media")


def waves_of(founds: Sequence[Found]) -> tuple[Found, ...]:
    """The documents, the first that has templates with a wave for each of them.

    A wave takes the kinds of contact that its template's heading names, so that no contact is in two; kinds that no
    heading names go with the first template. A short text for forums is nobody's letter and gets no wave.
    """
    founds = _mentioning(dated(founds))
    hints = [hint for found in founds for hint in found.hints]
    audiences = [hint for hint in hints if hint.about == "audience" and not is_social(str(hint.values["words"]))]
    audiences = [hint for hint in audiences if "follow" not in str(hint.values["template"])]
    if not audiences or any(setting.path == ("waves",) for found in founds for setting in found.settings):
        return tuple(founds)
    present = {str(c.values.get("kind", "organisation")) for found in founds for c in found.contacts}
    shares = _shares(audiences, present)
    conditions = {key: value for hint in hints if hint.about == "condition" for key, value in hint.values.items()}
    settings = [
        FoundSetting(path=("waves",), value=[wave], file=hint.file, line=hint.line)
        for hint in audiences
        if (wave := _wave(hint, shares, conditions, _by_hand(founds)))
    ]
    phases = [hint.values for hint in hints if hint.about == "phase"]
    for setting in settings:
        kinds = shares[setting.value[0]["id"]]
        tiers = {c.values.get("tier") for f in founds for c in f.contacts if c.values.get("kind") in kinds}
        _later(setting.value[0], _weeks(phases, kinds, tiers))
    first = next(i for i, found in enumerate(founds) if audiences[0] in found.hints)
    founds = [replace(found, remarks=(*found.remarks, *_asked_for(found))) for found in founds]
    return tuple(
        replace(found, settings=(*found.settings, *settings)) if i == first else found for i, found in enumerate(founds)
    )


def _weeks(phases: Sequence[Mapping[str, Any]], kinds: Sequence[str], tiers: set[Any]) -> int:
    """How many weeks after the first phase the first of these contacts is due."""
    said = [int(phase["week"]) for phase in phases if phase["week"]]
    if not said:
        return 0
    weeks = [int(phase["week"] or max(said) + 1) for phase in phases]
    by_tier = [week for week, phase in zip(weeks, phases, strict=True) if tiers & set(phase["tiers"])]
    by_kind = [week for week, phase in zip(weeks, phases, strict=True) if set(kinds) & set(phase["kinds"])]
    return min(by_tier or by_kind or [min(said)]) - min(said)


def _later(wave: dict[str, Any], weeks: int) -> None:
    if "start" in wave and weeks:
        wave["start"] = (date.fromisoformat(wave["start"]) + timedelta(weeks=weeks)).isoformat()


def _mentioning(founds: Sequence[Found]) -> tuple[Found, ...]:
    """The same, each template with the contacts that its words name."""
    known = [(c.id, [str(c.values[k]) for k in ("name", "short") if k in c.values]) for f in founds for c in f.contacts]
    return tuple(replace(found, texts=tuple(_with_mentions(text, known) for text in found.texts)) for found in founds)


def _with_mentions(text: FoundText, known: Sequence[tuple[str, list[str]]]) -> FoundText:
    if text.folder != "templates":
        return text
    named = [id for id, names in known if any(regex.search(rf"\b{regex.escape(name)}\b", text.body) for name in names)]
    return replace(text, front={**text.front, "mentions": named}) if named else text


def _shares(audiences: Sequence[Hint], present: set[str]) -> Mapping[str, list[str]]:
    """For each template its kinds, none of them twice; the first has those that are left."""
    left = list(_TEXT_KINDS)
    shares: dict[str, list[str]] = {}
    for hint in audiences:
        named = [kind for kind in kinds_for(str(hint.values["words"])) if kind in left]
        shares[str(hint.values["template"])] = named
        left = [kind for kind in left if kind not in named]
    first = str(audiences[0].values["template"])
    shares[first] = [*shares[first], *left]
    return {name: [kind for kind in kinds if not present or kind in present] for name, kinds in shares.items()}


def _asked_for(found: Found) -> list[Remark]:
    """That no wave writes to those whom a letter cannot reach."""
    hint = "Write a text of at most 500 characters (templates/NAME.mastodon.md) and take the id out of the wave's `to`."
    return [
        Remark(
            file=c.file, line=c.line, message=f"{c.values['name']} has no mail address, so no wave has them.", hint=hint
        )
        for c in found.contacts
        if c.id in _by_hand([found])
    ]


def _by_hand(founds: Sequence[Found]) -> list[str]:
    """Contacts with an account on a network alone: a letter is too long for it, so a person writes to them."""
    return [
        contact.id
        for found in founds
        for contact in found.contacts
        if (channels := contact.values.get("channels"))
        and not any("email" in each or "form" in each for each in channels)
    ]


def _wave(
    hint: Hint, shares: Mapping[str, list[str]], conditions: Mapping[str, Any], by_hand: Sequence[str]
) -> dict[str, Any] | None:
    name = str(hint.values["template"])
    kinds = shares[name]
    if not kinds:
        return None
    to = f"kind == '{kinds[0]}'" if len(kinds) == 1 else f"kind in {kinds}"
    if by_hand and "person" in kinds:
        to += f" and id not in {list(by_hand)}"
    wave: dict[str, Any] = {"id": name, "to": to, "template": name}
    for key in ("start", "needs"):
        if key in conditions:
            wave[key] = conditions[key]
    if conditions.get("kind") in kinds and len(kinds) == 1 and "follow_up_needs" in conditions:
        wave["follow_up"] = {"needs": conditions["follow_up_needs"]}
    return wave
