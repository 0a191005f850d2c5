"""A month of the campaign beside the whole of it, for its readers; what machines answered is counted apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from outreach.model.campaign import Transport
from outreach.model.event import CONTACTED, EventKind
from outreach.model.records import dataclass
from outreach.model.report import GoalLine, PostLine, Report, Statement
from outreach.words.wall_time import zone

Audience = Literal["us", "board", "funder", "public"]
AUDIENCES: tuple[Audience, ...] = Audience.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthLine:
    """One thing that is counted: in the month, and since the campaign began."""

    key: str
    label: str
    month: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthReport:
    """What one audience reads of a month; `first` is its first day. Instants are shown in `timezone`.

    `says` are your own sentences. `named` are contacts with their outcomes, for those who run the campaign and
    their board only; nobody else is named but in a `statement` that they agreed to.
    """

    title: str
    first: date
    audience: Audience
    says: str
    now: datetime
    timezone: str
    lines: tuple[MonthLine, ...]
    goals: tuple[GoalLine, ...]
    posts: tuple[PostLine, ...]
    statements: tuple[tuple[str, Statement], ...]
    named: tuple[tuple[str, str], ...]


def month_report(
    report: Report, first: date, audience: Audience, says: str = "", machines: Sequence[datetime] = ()
) -> MonthReport:
    """The month that begins on `first`, from a whole report (one that is not public).

    `machines` are the instants (aware UTC) of automatic replies, which that report does not count.
    """
    place = zone(report.timezone)
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)

    def is_in_month(at: datetime | None) -> bool:
        return at is not None and first <= at.astimezone(place).date() < after

    return MonthReport(
        title=report.title,
        first=first,
        audience=audience,
        says=says,
        now=report.now,
        timezone=report.timezone,
        lines=tuple(_lines(report, is_in_month, audience, machines)),
        goals=report.goals if audience != "public" else (),
        posts=tuple(post for post in report.posts if is_in_month(post.published)),
        statements=tuple((each.name, each.statement) for each in report.contacts if each.statement and each.id),
        named=tuple(_named(report, is_in_month)) if audience in ("us", "board") else (),
    )


def _lines(
    report: Report, is_in_month: Callable[[datetime | None], bool], audience: Audience, machines: Sequence[datetime]
) -> Iterator[MonthLine]:
    def counted(key: str, label: str, instants: list[datetime]) -> MonthLine:
        return MonthLine(key=key, label=label, month=sum(map(is_in_month, instants)), total=len(instants))

    def came(*kinds: EventKind) -> list[datetime]:
        return [each.at for each in report.happenings if each.what in kinds]

    letters = [each for each in report.letters if each.result in CONTACTED]
    yield counted("sent", "Emails and messages sent", [e.at for e in letters if e.via != Transport.OUTBOX])
    saved = [each.at for each in letters if each.via == Transport.OUTBOX]
    if saved and audience in ("us", "board"):
        yield counted("saved", "Emails written, not sent", saved)
    yield counted("answers", "Answers from people", came(EventKind.ANSWERED, EventKind.REPLY))
    calls = (EventKind.CALL, EventKind.THEY_CALLED, EventKind.WE_CALLED)
    yield counted("calls", "Calls", came(*calls))
    yield counted("meetings", "Meetings", came(EventKind.MEETING))
    yield counted("posts", "Posts published", [post.published for post in report.posts if post.published])
    if audience != "public":
        yield counted("opted_out", "Asked for no more mail", came(EventKind.OPTED_OUT, EventKind.SUPPRESSED))
        yield counted("bounced", "Addresses that failed", came(EventKind.BOUNCED))
        yield counted("machines", "Automatic replies", list(machines))


def _named(report: Report, is_in_month: Callable[[datetime | None], bool]) -> Iterator[tuple[str, str]]:
    answered = {each.contact for each in report.happenings if is_in_month(each.at)}
    for contact in report.contacts:
        if contact.id and contact.id in answered and (contact.outcome or contact.answered):
            yield contact.name, contact.outcome or "answered"
