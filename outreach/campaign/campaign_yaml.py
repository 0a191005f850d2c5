"""`campaign.yaml`: read, checked within itself, made into the noun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from outreach.campaign.definitions.campaign import (
    AttachmentKeys,
    CalendarKeys,
    CampaignKeys,
    DecisionKeys,
    LegalKeys,
    PersonKeys,
    SenderKeys,
)
from outreach.campaign.definitions.definition import Located, noun
from outreach.campaign.expressions import expression
from outreach.campaign.findings import Finding, as_problems, too_much_to_read, without_consequences
from outreach.campaign.place import FILE
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import read_text
from outreach.campaign.waves import FollowUps, pace_of, waves_of
from outreach.connections.ledger_address import is_shared
from outreach.errors import BEYOND_REACH
from outreach.model.campaign import (
    Accounts,
    Attachment,
    Calendar,
    Campaign,
    Decision,
    Goal,
    Legal,
    MailAccount,
    Pace,
    PoliticalAdvertising,
    Sender,
    Transport,
)
from outreach.model.member import LoginProvider, Member, Role
from outreach.model.problem import Problem
from outreach.model.times import YearlySpan


def load_campaign(root: Path) -> tuple[Campaign | None, list[Problem]]:
    """The campaign at `root` and everything wrong in `campaign.yaml`, which is about `campaign`.

    With faults the campaign is there as far as it can be known; None if it lacks `id`, `title`
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
    given = CampaignKeys.read(node, findings, FILE)
    campaign = _campaign(given, findings) if given is not None else None
    if given is not None and "ledger" in given and given.ledger == "postgresql" and not is_shared(text.encode()):
        hint = "Write `ledger: postgresql` at the beginning of a line, and nothing else in it."
        line = given.line_of("ledger")
        findings.append(Finding(line, "bad-value", "This is not where every command looks for `ledger`.", hint))
    return campaign, as_problems(without_consequences(findings), FILE, "campaign")


def _campaign(given: CampaignKeys, findings: list[Finding]) -> Campaign | None:
    pace = pace_of(given.pace, Pace())
    follow_ups = FollowUps(given.follow_up, FILE, given.line_of("follow_up"), findings)
    waves = waves_of(given.waves, follow_ups, pace, FILE, findings, given.senders)
    decisions = _decisions(given.decisions, findings)
    sender = given.sender
    if (
        "id" not in given
        or "title" not in given
        or "sender" not in given
        or not {"name", "email"} <= sender.model_fields_set
    ):
        return None
    mail = given.accounts.mail.account() if given.accounts and given.accounts.mail else MailAccount()
    has_way = mail.transport is Transport.SMTP or (mail.inbox is not None and mail.inbox.imap)
    if given.digest and not has_way:
        message = "`digest` needs a mailbox to put the daily list into, and accounts.mail has none."
        hint = "Add `inbox: {imap: imap.example.org, user: ...}` to accounts.mail; `outreach` shows the list."
        findings.append(Finding(given.line_of("digest"), "not-yet", message, hint))
    own = noun(Sender, sender, line=given.line_of("sender"))
    people, login = _people(given.people, findings), given.login
    return noun(
        Campaign,
        given,
        sender=own,
        senders=_senders(given.senders, own),
        team=tuple(dict.fromkeys([*given.team, *(each.email for each in people)])),
        people=people,
        login=noun(LoginProvider, login) if login and {"issuer", "client_id"} <= login.model_fields_set else None,
        fallback=given.languages.fallback if given.languages else (),
        attachments=_attachments(given.attachments),
        accounts=given.accounts.accounts() if given.accounts else Accounts(),
        calendar=_calendar(given.calendar) if given.calendar else Calendar(),
        pace=pace,
        waves=waves,
        follow_up=follow_ups.default(),
        decisions=decisions,
        legal=_legal(given.legal) if given.legal and "basis" in given.legal else None,
        goals=tuple(
            noun(Goal, each, measure=expression(each.is_, FILE))
            for each in given.goals
            if {"name", "is_", "target"} <= each.model_fields_set
        ),
        digest=given.digest.at if given.digest else None,
        lines=given.where.lines,
    )


def _senders(given: Mapping[str, SenderKeys], own: Sender) -> dict[str, Sender]:
    """Who else writes. Where answers go and the postal address are the campaign's own, unless they have theirs."""
    shared = {name: getattr(own, name) for name in ("reply_to", "postal_address", "unsubscribe")}
    return {
        name: noun(Sender, each, line=each.line_of("name"), **{key: shared[key] for key in shared if key not in each})
        for name, each in given.items()
        if {"name", "email"} <= each.model_fields_set
    }


def _people(given: Iterable[PersonKeys], findings: list[Finding]) -> tuple[Member, ...]:
    """Who may log in. Nobody twice: the history tells them apart by name, a login by address."""
    people: list[Member] = []
    for each in given:
        if not {"name", "email"} <= each.model_fields_set:
            continue
        for key in ("name", "email"):
            value = getattr(each, key)
            if any(getattr(other, key).casefold() == value.casefold() for other in people):
                message, hint = f"Two people have the {key} `{value}`.", f"Give each a {key} of their own."
                findings.append(Finding(each.line_of(key), "duplicate-id", message, hint))
                break
        else:
            people.append(noun(Member, each, roles=frozenset({Role.READ, *each.roles}), line=each.line_of("name")))
    return tuple(people)


def _legal(given: LegalKeys) -> Legal:
    political, registers = given.political_advertising, given.lobby_registers
    return noun(
        Legal,
        given,
        political_advertising=noun(PoliticalAdvertising, political, line=political.line_of("assessed"))
        if political and "assessed" in political
        else None,
        lobby_registers=registers.values() if registers else {},
        line=given.line_of("assessment"),
    )


def _attachments(given: Mapping[str, Located | AttachmentKeys]) -> dict[str, Attachment]:
    attachments = {}
    for name, value in given.items():
        if isinstance(value, Located):
            attachments[name] = Attachment(name=name, file=value.value, line=value.line)
        elif "file" in value:
            attachments[name] = noun(Attachment, value, name=name, line=value.line_of("file"))
    return attachments


def _calendar(given: CalendarKeys) -> Calendar:
    avoid, prefer = (
        tuple(
            noun(YearlySpan, span, first=span.from_, last=span.to, line=span.line_of("from"))
            for span in spans
            if "from_" in span and "to" in span
        )
        for spans in (given.avoid, given.prefer)
    )
    return noun(Calendar, given, days=tuple(sorted(set(given.days))), avoid=avoid, prefer=prefer)


def _decisions(given: Iterable[DecisionKeys], findings: list[Finding]) -> tuple[Decision, ...]:
    decisions: dict[str, Decision] = {}
    for item in given:
        if "id" not in item:
            continue
        if item.id in decisions:
            message = f"There are two decisions `{item.id}`; the first is in line {decisions[item.id].line}."
            hint = "Give one of them another `id`."
            findings.append(Finding(item.line_of("id"), "duplicate-id", message, hint))
            continue
        after, delay = item.after or (None, None)
        decisions[item.id] = noun(
            Decision,
            item,
            ask=item.ask or "",
            choices=item.choices,
            after=after,
            delay=delay,
            line=item.line_of("id"),
        )
    return tuple(decisions.values())
