"""The campaign itself: who writes, through which account, when, how fast, and to whom first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from outreach.model.contact import FreeValue
from outreach.model.member import LoginProvider, Member
from outreach.model.records import dataclass
from outreach.model.times import Delay, Hours, YearlySpan


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """A Jinja2 expression over plain data, and where it is written."""

    source: str
    file: str
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Who writes. `email` may differ from the account's user (send-as).

    `unsubscribe` is the https address of an endpoint for one-click unsubscribing, which may hold `{token}`.
    """

    name: str
    email: str
    reply_to: str | None = None
    signature: str | None = None
    postal_address: str | None = None
    unsubscribe: str | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that letters may carry; `file` is relative to the campaign folder."""

    name: str
    file: str
    version: str | None = None
    line: int = 1


class Transport(StrEnum):
    """How emails are sent."""

    OUTBOX = "outbox"
    IMAP_DRAFTS = "imap-drafts"
    SMTP = "smtp"


class Auth(StrEnum):
    """How an account is logged in to: with a password, or with access that Google or Microsoft gives (OAuth)."""

    PASSWORD = "password"
    GOOGLE = "google"
    MICROSOFT = "microsoft"


@dataclass(frozen=True, kw_only=True, slots=True)
class Inbox:
    """What `sync` reads: an IMAP host, or a folder (Maildir, mbox, `.eml` files). `auth` None: as the account.

    `checked_by` is the name in the `Authentication-Results` of its server; None: nobody said.
    """

    folder: str | None = None
    imap: str | None = None
    port: int | None = None
    user: str | None = None
    auth: Auth | None = None
    folders: tuple[str, ...] = ()
    checked_by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MailAccount:
    """Where letters go out, and the mailboxes that are read. Secrets never stand here.

    `drafts` is the folder for drafts; None: the one that is found by itself.
    """

    transport: Transport = Transport.OUTBOX
    auth: Auth = Auth.PASSWORD
    inboxes: tuple[Inbox, ...] = ()
    host: str | None = None
    port: int | None = None
    security: str | None = None
    user: str | None = None
    drafts: str | None = None
    ca_file: str | None = None
    insecure_loopback: bool = False

    @property
    def inbox(self) -> Inbox | None:
        """The first mailbox: the one of the account itself, with its Sent and Drafts."""
        return self.inboxes[0] if self.inboxes else None

    def each_inbox(self) -> Iterator[MailAccount]:
        """The account once for each mailbox, with that one alone."""
        return (replace(self, inboxes=(inbox,)) for inbox in self.inboxes)

    def with_drafts(self) -> list[MailAccount]:
        """The account once for each mailbox into whose drafts letters go, the first one first; none but that in doubt.

        `drafts` names the folder of the first. In the others it is the one that is found by itself.
        """
        first, *others = list(self.each_inbox()) or [self]
        return [first, *(replace(each, drafts=None) for each in others if each.inbox and each.inbox.imap)]

    def with_drafts_of(self, email: str) -> MailAccount:
        """The account with the mailbox into whose drafts letters from `email` go."""
        boxes = self.with_drafts()
        named = (each for each in boxes if each.inbox and (each.inbox.user or "").casefold() == email.casefold())
        return next(named, boxes[0])


@dataclass(frozen=True, kw_only=True, slots=True)
class Accounts:
    """The accounts a campaign uses: mail always, the networks by name where campaign.yaml names them."""

    mail: MailAccount = MailAccount()
    networks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """When emails may go out: ISO weekdays, hours, countries whose holidays count, spans to avoid.

    `days` empty and `hours` None mean no restriction.
    """

    days: tuple[int, ...] = ()
    hours: Hours | None = None
    holidays: tuple[str, ...] = ()
    avoid: tuple[YearlySpan, ...] = ()
    prefer: tuple[YearlySpan, ...] = ()
    recipient_time: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast emails go out; `gap` is the shortest and longest pause between two of them."""

    per_hour: int = 20
    per_day: int = 50
    per_domain_per_hour: int = 5
    gap: tuple[timedelta, timedelta] = (timedelta(seconds=90), timedelta(seconds=140))


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateChoice:
    """A template, and the condition under which a contact gets it (None: always)."""

    template: str
    condition: Expression | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterWave:
    """A wave that starts `delay` after another one, or as soon as `otherwise` holds."""

    wave: str
    delay: Delay | None = None
    otherwise: Expression | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """What follows an unanswered letter, `times` times, to those for whom `to` holds."""

    after: Delay
    template: str
    times: int = 1
    to: Expression | None = None
    needs: Expression | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Wave:
    """Who gets which template, and when, how fast, which follow-up; `sender` is one of the campaign's `senders`.

    `start` is naive wall-clock time in the campaign's zone; a bare date means its first minute.
    `until` includes that day. `correction_of` is the wave whose letters it corrects: it goes on in their threads, and
    `again` is true. `asks_for` is what its text asks for (`nothing` alone, or money, members, signatures,
    tickets, sells), empty if nobody said; `basis` what makes it lawful to send that unasked.
    """

    id: str
    to: Expression
    templates: tuple[TemplateChoice, ...]
    start: datetime | None = None
    after: AfterWave | None = None
    until: date | None = None
    needs: Expression | None = None
    sender: str | None = None
    follow_up: FollowUp | None = None
    pace: Pace | None = None
    again: bool = False
    correction_of: str | None = None
    asks_for: tuple[str, ...] = ()
    basis: str | None = None
    line: int = 1
    start_line: int | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What only a person can judge: asked `delay` after the post, wave or decision `after`, due `by`."""

    id: str
    ask: str
    choices: tuple[str, ...]
    after: str | None = None
    delay: Delay | None = None
    by: date | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class PoliticalAdvertising:
    """Whether somebody found the campaign to be political advertising (Regulation (EU) 2024/900): yes, no or unsure.

    `consent` and `transparency` are how both are met, in somebody's words.
    """

    assessed: str
    why: str | None = None
    by: str | None = None
    on: date | None = None
    consent: str | None = None
    transparency: str | None = None
    line: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it is political advertising, and nobody wrote down how consent and transparency are met."""
        return self.assessed == "yes" and not (self.consent and self.transparency)


@dataclass(frozen=True, kw_only=True, slots=True)
class Legal:
    """Why we may write to these people at all (GDPR Art. 6), and what else the law asks of whoever writes.

    `on` is the day on which the interest was weighed, `keep_for` how long names are kept after the last contact (`2y`),
    `sender` who acts: individual-alone, individual-with-others, organisation or for-client. `lobby_registers` maps a
    country (DE, FR, IE) to the number in its register, or to why none is needed.
    """

    basis: str
    interest: str | None = None
    assessment: str | None = None
    on: date | None = None
    keep_for: str | None = None
    sender: str | None = None
    political_advertising: PoliticalAdvertising | None = None
    lobby_registers: Mapping[str, str] = field(default_factory=dict)
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """What the campaign wants to reach: the number `measure` gives should come to `target`."""

    name: str
    measure: Expression
    target: int
    by: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """The whole of `campaign.yaml`. `team` are addresses and domains (`@ours.example`) whose mail is ours,
    those of `people` among them.

    `fallback` are the languages (BCP 47) that stand in for one that a text lacks, the best first. `senders` are others
    who write for it, by name. `people` are those who may log in (`outreach serve`), `login` who says who they are.
    `repository` is `private` where nobody else reads it.
    """

    id: str
    title: str
    sender: Sender
    senders: Mapping[str, Sender] = field(default_factory=dict)
    team: tuple[str, ...] = ()
    people: tuple[Member, ...] = ()
    login: LoginProvider | None = None
    language: str = "en"
    fallback: tuple[str, ...] = ()
    timezone: str = "UTC"
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    links: Mapping[str, FreeValue] = field(default_factory=dict)
    facts: Mapping[str, FreeValue] = field(default_factory=dict)
    accounts: Accounts = Accounts()
    calendar: Calendar = Calendar()
    pace: Pace = Pace()
    waves: tuple[Wave, ...] = ()
    follow_up: FollowUp | None = None
    decisions: tuple[Decision, ...] = ()
    approval: str = "required"
    ledger: str = "sqlite"
    legal: Legal | None = None
    suppressions: str | None = None
    repository: str | None = None
    transparency_id: str | None = None
    goals: tuple[Goal, ...] = ()
    digest: time | None = None
    fill_links: tuple[str, ...] = ()
    file: str = "campaign.yaml"
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def sender_of(self, wave: Wave) -> Sender:
        """Who writes the letters of a wave."""
        return self.senders[wave.sender] if wave.sender is not None else self.sender

    @property
    def everybody(self) -> tuple[Sender, ...]:
        """All who write for the campaign, its own sender first."""
        return (self.sender, *self.senders.values())

    @property
    def sending_account(self) -> MailAccount:
        """The account that sends: of its mailboxes the first, and those of the campaign's senders."""
        mail, ours = self.accounts.mail, {each.email.casefold() for each in self.everybody}
        others = tuple(each for each in mail.inboxes[1:] if (each.user or "").casefold() in ours)
        return replace(mail, inboxes=(*mail.inboxes[:1], *others))

    def is_team(self, address: str) -> bool:
        """Whether `team` names that address, or its domain."""
        own, domain = address.casefold(), f"@{address.casefold().rpartition('@')[2]}"
        return any(each.casefold() in (own, domain) for each in self.team)

    def line_of(self, key: str) -> int:
        """The line of a top-level key; 1 where it was not given."""
        return self.lines.get(key, 1)
