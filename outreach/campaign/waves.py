"""Waves and follow-ups: what was read -> nouns, with the campaign's own as defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from outreach.campaign.definitions.definition import Located
from outreach.campaign.expressions import expression
from outreach.campaign.findings import Finding
from outreach.campaign.readers.compound import Record
from outreach.campaign.readers.plain import is_reserved
from outreach.campaign.references import circles, unknown_reference
from outreach.model.campaign import AfterWave, FollowUp, Pace, TemplateChoice, Wave


def pace_of(given: Record | None, default: Pace) -> Pace:
    """The pace, with `default` for what is not said."""
    return replace(default, **given.values) if given else default


class FollowUps:
    """Follow-ups of waves, laid over the campaign's own."""

    def __init__(self, given: Any, file: str, line: int, findings: list[Finding]) -> None:
        self._default: Record | None = given if isinstance(given, Record) else None
        self._file = file
        self._line = line
        self._findings = findings
        self._said = False

    def default(self) -> FollowUp | None:
        """The campaign's own, where it is whole."""
        if self._default is None or not {"after", "template"} <= self._default.values.keys():
            return None
        return self._made(self._default.values, self._default.lines["template"])

    def of_wave(self, wave: Record) -> FollowUp | None:
        """The follow-up of a wave; None where there is none, or one that lacks something."""
        own = wave.get("follow_up")
        if own is False or ("follow_up" in wave.lines and own is None) or (own is None and self._default is None):
            return None
        layers = [layer for layer in (self._default, own) if layer is not None]
        values = {key: value for layer in layers for key, value in layer.values.items()}
        line = wave.line_of("follow_up") if own is not None else self._line
        said = [layer.lines["template"] for layer in layers if "template" in layer.values]
        if self._lacks(values, layers, line, of_wave=own is not None):
            return None
        return self._made(values, said[-1])

    def _lacks(self, values: dict[str, Any], layers: list[Record], line: int, *, of_wave: bool) -> bool:
        missing = [key for key in ("after", "template") if key not in values]
        unsaid = [key for key in missing if not any(key in layer.lines for layer in layers)]
        if unsaid and (of_wave or not self._said):
            self._said = self._said or not of_wave
            message = f"This follow-up has no `{unsaid[0]}`."
            hint = "Write it here, or in the campaign's own `follow_up`."
            self._findings.append(Finding(line, "missing-key", message, hint))
        return bool(missing)

    def _made(self, values: dict[str, Any], line: int) -> FollowUp:
        return FollowUp(
            after=values["after"],
            template=values["template"],
            times=values.get("times", 1),
            to=expression(values.get("to"), self._file),
            needs=expression(values.get("needs"), self._file),
            line=line,
        )


def waves_of(
    given: tuple[Record, ...], follow_ups: FollowUps, pace: Pace, file: str, findings: list[Finding]
) -> tuple[Wave, ...]:
    """The waves that have all they need, each id once."""
    waves: dict[str, Wave] = {}
    records: dict[str, Record] = {}
    for item in given:
        follow_up = follow_ups.of_wave(item)
        if "id" not in item:
            continue
        name = item.get("id")
        if name in records:
            message = f"There are two waves `{name}`; the first is in line {records[name].line_of('id')}."
            hint = "Give one of them another `id`."
            findings.append(Finding(item.line_of("id"), "duplicate-id", message, hint))
            continue
        if is_reserved(name):
            message = f"The id `{name}` cannot be the name of a folder on Windows, and its drafts lie in one."
            findings.append(Finding(item.line_of("id"), "bad-value", message, f"For example `id: {name}-wave`."))
        records[name] = item
        if "to" in item and "template" in item:
            waves[name] = _wave(item, follow_up, pace, file)
        findings += _time_findings(item)
    findings += _order_findings(records)
    return tuple(waves.values())


def _wave(given: Record, follow_up: FollowUp | None, pace: Pace, file: str) -> Wave:
    own_pace = given.get("pace")
    return Wave(
        id=given.get("id"),
        to=expression(given.get("to"), file),  # type: ignore[arg-type]
        templates=_choices(given, file),
        start=given.get("start"),
        after=_after(given, file),
        until=given.get("until"),
        needs=expression(given.get("needs"), file),
        follow_up=follow_up,
        pace=pace_of(own_pace, pace) if own_pace else None,
        again=given.get("again", False),
        line=given.line_of("id"),
        start_line=given.lines.get("start"),
    )


def _choices(given: Record, file: str) -> tuple[TemplateChoice, ...]:
    found: Located | tuple[Record, ...] = given.get("template")
    if isinstance(found, Located):
        return (TemplateChoice(template=found.value, line=found.line),)
    return tuple(
        TemplateChoice(
            template=item.get("use").value,
            condition=expression(item.get("if"), file),
            line=item.get("use").line,
        )
        for item in found
        if "use" in item
    )


def _after(given: Record, file: str) -> AfterWave | None:
    found: Record | None = given.get("after")
    if found is None or "wave" not in found:
        return None
    return AfterWave(
        wave=found.get("wave"),
        delay=found.get("delay"),
        otherwise=expression(found.get("or"), file),
        line=given.line_of("after"),
    )


def _time_findings(given: Record) -> list[Finding]:
    start, until = given.get("start"), given.get("until")
    if start is None or until is None or start.date() <= until:
        return []
    message = "This wave's `until` lies before its `start`."
    return [Finding(given.line_of("until"), "bad-value", message, "`until` is its last day, included.")]


def _order_findings(waves: dict[str, Record]) -> list[Finding]:
    """`after` that names no wave, and waves that wait for one another."""
    findings = []
    follows: dict[str, str] = {}
    for name, given in waves.items():
        after = given.get("after")
        if after is None or "wave" not in after:
            continue
        if after.get("wave") in waves:
            follows[name] = after.get("wave")
        else:
            findings.append(unknown_reference("wave", after.get("wave"), waves, given.line_of("after")))
    for circle in circles(follows):
        names = ", ".join(circle)
        message = (
            f"These waves wait for one another: {names}." if len(circle) > 1 else f"The wave {names} waits for itself."
        )
        findings.append(Finding(waves[circle[0]].line_of("after"), "bad-value", message, "Let one of them go first."))
    return findings
