"""Waves and follow-ups: what was read -> nouns, with the campaign's own as defaults."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from outreach.campaign.definitions.definition import Located, noun
from outreach.campaign.definitions.wave import ChoiceKeys, FollowUpKeys, PaceKeys, WaveKeys
from outreach.campaign.expressions import expression
from outreach.campaign.findings import Finding
from outreach.campaign.references import circles, unknown_reference
from outreach.campaign.values.plain import is_reserved
from outreach.model.campaign import AfterWave, FollowUp, Pace, TemplateChoice, Wave
from outreach.model.ids import DIGEST, REPLY


def pace_of(given: PaceKeys | None, default: Pace) -> Pace:
    """The pace, with `default` for what is not said."""
    return replace(default, **given.values()) if given else default


class FollowUps:
    """Follow-ups of waves, laid over the campaign's own."""

    def __init__(self, given: FollowUpKeys | bool | None, file: str, line: int, findings: list[Finding]) -> None:
        self._default = given if isinstance(given, FollowUpKeys) else None
        self._file = file
        self._line = line
        self._findings = findings
        self._said = False

    def default(self) -> FollowUp | None:
        """The campaign's own, where it is whole."""
        given = self._default
        return self._made([given]) if given and given.after is not None and given.template is not None else None

    def of_wave(self, wave: WaveKeys) -> FollowUp | None:
        """The follow-up of a wave; None if there is none, or one that lacks something."""
        own = wave.follow_up
        if own is False or ("follow_up" in wave.where.lines and own is None) or (own is None and self._default is None):
            return None
        layers = [layer for layer in (self._default, own) if layer is not None]
        line = wave.line_of("follow_up") if own is not None else self._line
        return None if self._lacks(layers, line, of_wave=own is not None) else self._made(layers)

    def _lacks(self, layers: list[FollowUpKeys], line: int, *, of_wave: bool) -> bool:
        missing = [key for key in ("after", "template") if not any(key in layer for layer in layers)]
        unsaid = [key for key in missing if not any(key in layer.where.lines for layer in layers)]
        if unsaid and (of_wave or not self._said):
            self._said = self._said or not of_wave
            message = f"This follow-up has no `{unsaid[0]}`."
            hint = "Write it here, or in the campaign's own `follow_up`."
            self._findings.append(Finding(line, "missing-key", message, hint))
        return bool(missing)

    def _made(self, layers: list[FollowUpKeys]) -> FollowUp:
        values = {key: value for layer in layers for key, value in layer.values().items()}
        for key in ("to", "needs"):
            values[key] = expression(values.get(key), self._file)
        line = [layer.line_of("template") for layer in layers if "template" in layer][-1]
        return FollowUp(**values, line=line)


def waves_of(
    given: Iterable[WaveKeys],
    follow_ups: FollowUps,
    pace: Pace,
    file: str,
    findings: list[Finding],
    senders: Collection[str] = (),
) -> tuple[Wave, ...]:
    """The waves that have all they need, each id once. One whose `sender` is nobody of `senders` is none."""
    waves: dict[str, Wave] = {}
    groups: dict[str, WaveKeys] = {}
    for item in given:
        follow_up = follow_ups.of_wave(item)
        if "id" not in item:
            continue
        name = item.id
        if name in groups:
            message = f"There are two waves `{name}`; the first is in line {groups[name].line_of('id')}."
            hint = "Give one of them another `id`."
            findings.append(Finding(item.line_of("id"), "duplicate-id", message, hint))
            continue
        if name in (REPLY, DIGEST):
            kept = "your replies to what people answer" if name == REPLY else "the daily list that you get by email"
            message = f"The id `{name}` is kept for {kept}."
            findings.append(Finding(item.line_of("id"), "bad-value", message, f"For example `id: {name}-wave`."))
        if is_reserved(name):
            message = (
                f"The id `{name}` cannot be used: its drafts need a folder of this name, and Windows does not allow it."
            )
            findings.append(Finding(item.line_of("id"), "bad-value", message, f"For example `id: {name}-wave`."))
        groups[name] = item
        if item.sender is not None and item.sender not in senders:
            findings.append(unknown_reference("sender", item.sender, senders, item.line_of("sender")))
            continue
        if "to" in item and "template" in item:
            waves[name] = _wave(item, follow_up, pace, file)
    findings += _order_findings(groups)
    return tuple(waves.values())


def _wave(given: WaveKeys, follow_up: FollowUp | None, pace: Pace, file: str) -> Wave:
    after = None
    if given.after is not None and "wave" in given.after:
        otherwise = expression(given.after.or_, file)
        after = noun(AfterWave, given.after, otherwise=otherwise, line=given.line_of("after"))
    return noun(
        Wave,
        given,
        to=expression(given.to, file),
        templates=_choices(given.template, file),
        after=after,
        needs=expression(given.needs, file),
        follow_up=follow_up,
        pace=pace_of(given.pace, pace) if given.pace else None,
        again=bool(given.again or given.correction_of),
        line=given.line_of("id"),
        start_line=given.where.lines.get("start"),
    )


def _choices(given: Located | tuple[ChoiceKeys, ...], file: str) -> tuple[TemplateChoice, ...]:
    if isinstance(given, Located):
        return (TemplateChoice(template=given.value, line=given.line),)
    return tuple(
        TemplateChoice(template=item.use.value, condition=expression(item.if_, file), line=item.use.line)
        for item in given
        if "use" in item
    )


def _order_findings(waves: Mapping[str, WaveKeys]) -> list[Finding]:
    """`after` that names no wave, and waves that wait for one another."""
    findings = []
    follows: dict[str, str] = {}
    for name, given in waves.items():
        corrects = given.correction_of
        if corrects is not None and (corrects not in waves or corrects == name):
            others = [each for each in waves if each != name]
            findings.append(unknown_reference("wave", corrects, others, given.line_of("correction_of")))
        after = given.after
        if after is None or "wave" not in after:
            continue
        if after.wave in waves:
            follows[name] = after.wave
        else:
            findings.append(unknown_reference("wave", after.wave, waves, given.line_of("after")))
    for circle in circles(follows):
        names = ", ".join(circle)
        message = (
            f"These waves wait for one another: {names}." if len(circle) > 1 else f"The wave {names} waits for itself."
        )
        findings.append(Finding(waves[circle[0]].line_of("after"), "bad-value", message, "Let one of them go first."))
    return findings
