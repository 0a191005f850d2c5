"""`campaign.yaml`: read, checked within itself, made into the noun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from outreach.campaign.account_keys import accounts_of
from outreach.campaign.campaign_keys import CAMPAIGN
from outreach.campaign.definitions.definition import Located
from outreach.campaign.expressions import expression
from outreach.campaign.findings import Finding, as_problems, too_much_to_read, without_consequences
from outreach.campaign.readers.compound import Record
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import read_text
from outreach.campaign.waves import FollowUps, pace_of, waves_of
from outreach.errors import BEYOND_REACH
from outreach.model.campaign import (
    Attachment,
    Calendar,
    Campaign,
    Decision,
    Goal,
    Legal,
    Pace,
    Sender,
)
from outreach.model.problem import Problem
from outreach.model.times import YearlySpan

FILE = "campaign.yaml"
_SAME = ("language", "timezone", "links", "facts", "approval", "transparency_id", "fill_links")


def load_campaign(root: Path) -> tuple[Campaign | None, list[Problem]]:
    """The campaign at `root` and everything wrong in `campaign.yaml`, which is about `campaign`.

    With faults the campaign is there as far as it can be known; None where it lacks `id`, `title`
    or a sender.
    """
    text, findings = read_text(root, FILE)
    if text is None:
        return None, as_problems(findings, FILE, "campaign")
    try:
        return _read(text, findings)
    except BEYOND_REACH:
        return None, as_problems([too_much_to_read()], FILE, "campaign")


def _read(text: str, findings: list[Finding]) -> tuple[Campaign | None, list[Problem]]:
    node, found = read_yaml(text)
    findings += found
    if node is None:
        if not findings:
            hint = "Begin with `id:`, `title:` and `sender:`, or make a campaign with `outreach init`."
            findings = [Finding(1, "missing-key", "`campaign.yaml` is empty.", hint)]
        return None, as_problems(findings, FILE, "campaign")
    given = CAMPAIGN.read(node, "campaign.yaml", findings)
    campaign = _campaign(given, findings) if isinstance(given, Record) else None
    return campaign, as_problems(without_consequences(findings), FILE, "campaign")


def _campaign(given: Record, findings: list[Finding]) -> Campaign | None:
    pace = pace_of(given.get("pace"), Pace())
    follow_ups = FollowUps(given.get("follow_up"), FILE, given.line_of("follow_up"), findings)
    waves = waves_of(given.get("waves", ()), follow_ups, pace, FILE, findings)
    decisions = _decisions(given.get("decisions", ()), findings)
    accounts = accounts_of(given.get("accounts"), findings)
    sender = _sender(given)
    if sender is None or "id" not in given or "title" not in given:
        return None
    digest = given.get("digest")
    if digest:
        message = "The daily list by email is not there yet, so `digest` does nothing."
        hint = "Remove the key; `outreach` shows the list."
        findings.append(Finding(given.line_of("digest"), "not-yet", message, hint))
    return Campaign(
        id=given.get("id"),
        title=given.get("title"),
        sender=sender,
        attachments=_attachments(given.get("attachments", {})),
        accounts=accounts,
        calendar=_calendar(given.get("calendar")),
        pace=pace,
        waves=waves,
        follow_up=follow_ups.default(),
        decisions=decisions,
        legal=_legal(given.get("legal")),
        goals=_goals(given.get("goals", ())),
        digest=digest.get("at") if digest else None,
        lines=given.lines,
        **{key: given.get(key) for key in _SAME if key in given},
    )


def _sender(given: Record) -> Sender | None:
    found: Record | None = given.get("sender")
    if found is None or "name" not in found or "email" not in found:
        return None
    return Sender(**found.values, line=given.line_of("sender"))


def _attachments(given: dict[str, Located]) -> dict[str, Attachment]:
    attachments = {}
    for name, (value, line) in given.items():
        if isinstance(value, str):
            attachments[name] = Attachment(name=name, file=value, line=line)
        elif "file" in value:
            place = value.line_of("file")
            attachments[name] = Attachment(name=name, file=value.get("file"), version=value.get("version"), line=place)
    return attachments


def _calendar(given: Record | None) -> Calendar:
    if given is None:
        return Calendar()
    values: dict[str, Any] = dict(given.values)
    values["days"] = tuple(sorted(set(values.get("days", ()))))
    for key in ("avoid", "prefer"):
        values[key] = tuple(
            YearlySpan(first=span.get("from"), last=span.get("to"), why=span.get("why", ""), line=span.line_of("from"))
            for span in values.get(key, ())
            if "from" in span and "to" in span
        )
    return Calendar(**values)


def _decisions(given: tuple[Record, ...], findings: list[Finding]) -> tuple[Decision, ...]:
    decisions: dict[str, Decision] = {}
    for item in given:
        if "id" not in item:
            continue
        name = item.get("id")
        if name in decisions:
            message = f"There are two decisions `{name}`; the first is in line {decisions[name].line}."
            hint = "Give one of them another `id`."
            findings.append(Finding(item.line_of("id"), "duplicate-id", message, hint))
            continue
        after, delay = item.get("after", (None, None))
        decisions[name] = Decision(
            id=name,
            ask=item.get("ask", ""),
            choices=item.get("choices", ()),
            after=after,
            delay=delay,
            by=item.get("by"),
            line=item.line_of("id"),
        )
    return tuple(decisions.values())


def _legal(given: Record | None) -> Legal | None:
    if not given or "basis" not in given:
        return None
    return Legal(**given.values, line=given.line_of("assessment"))


def _goals(given: tuple[Record, ...]) -> tuple[Goal, ...]:
    goals = []
    for item in given:
        measure = expression(item.get("is"), FILE)
        if measure is not None and "name" in item and "target" in item:
            goals.append(Goal(name=item.get("name"), measure=measure, target=item.get("target"), by=item.get("by")))
    return tuple(goals)
