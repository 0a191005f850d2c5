"""The keys of `campaign.yaml`."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from outreach.campaign.definitions.accounts import SECRETS, AccountsKeys
from outreach.campaign.definitions.definition import Definition, Located, key
from outreach.campaign.definitions.shapes import GroupOf, ListOf, group_or, off_or
from outreach.campaign.definitions.wave import FollowUpKeys, PaceKeys, WaveKeys
from outreach.campaign.expressions import expression_reader, reference
from outreach.campaign.values import addresses, places, plain, times
from outreach.campaign.values.text import LocatedText
from outreach.model.contact import FreeValue
from outreach.model.member import Role
from outreach.model.times import Delay, Hours

_BASES = ("legitimate-interest", "consent", "public-task", "contract", "legal-obligation", "vital-interests")


class SenderKeys(Definition, what="sender"):
    name: Annotated[str, plain.line_text("Alex Example")] = key("The name in From", required=True)
    email: Annotated[str, addresses.email] = key(
        "The address in From; may differ from the account's user", required=True
    )
    reply_to: Annotated[str | None, addresses.email] = key("Where answers go, if elsewhere")
    signature: Annotated[str | None, plain.text("Alex Example")] = key("{{ sender.signature }} in templates")
    postal_address: Annotated[str | None, plain.text("1 Example Street")] = key(
        "{{ sender.postal_address }} in templates"
    )
    unsubscribe: Annotated[str | None, addresses.https] = key(
        "Your endpoint for one-click unsubscribing (RFC 8058); may hold {token}"
    )


class PersonKeys(Definition, what="person"):
    name: Annotated[str, plain.line_text("Maria Example")] = key("The name that the history says", required=True)
    email: Annotated[str, addresses.email] = key("The address by which they log in", required=True)
    roles: Annotated[tuple[Annotated[Role, plain.choice(list(Role), Role)], ...], ListOf(single=True)] = key(
        "What they may do beside reading", default=()
    )


class LoginKeys(Definition, what="login", hints=SECRETS):
    issuer: Annotated[str, addresses.url] = key("Your login provider's address (OpenID Connect)", required=True)
    client_id: Annotated[str, plain.line_text("outreach")] = key("What it calls outreach", required=True)


class AttachmentKeys(Definition, what="attachment"):
    file: Annotated[str, plain.path()] = key("The file, from the campaign folder on", required=True)
    version: Annotated[str | None, plain.line_text('"1.1"')] = key("{{ attachments.NAME.version }} in templates")


class SpanKeys(Definition, what="span of days"):
    from_: Annotated[tuple[int, int], times.month_day] = key("First day, month and day", alias="from", required=True)
    to: Annotated[tuple[int, int], times.month_day] = key("Last day, included", required=True)
    why: Annotated[str | None, plain.line_text("holiday period")] = key("Said where it holds something up")


class CalendarKeys(Definition, what="calendar"):
    days: Annotated[tuple[Annotated[int, times.weekday], ...], ListOf(single=True)] = key(
        "Weekdays on which emails go out", default=()
    )
    hours: Annotated[Hours | None, times.hours] = key("Hours in which emails go out")
    holidays: Annotated[tuple[Annotated[str, places.holiday_country], ...], ListOf(single=True)] = key(
        "Countries whose public holidays count", default=()
    )
    avoid: Annotated[tuple[SpanKeys, ...], ListOf()] = key("Days of every year on which nothing goes out", default=())
    prefer: Annotated[tuple[SpanKeys, ...], ListOf()] = key(
        "Days of every year that are best; never moves anything", default=()
    )
    recipient_time: Annotated[bool | None, plain.boolean] = key("Whether hours are those of the contact's own zone")


class DecisionKeys(Definition, what="decision"):
    id: Annotated[str, plain.slug] = key("Its name", required=True)
    ask: Annotated[str, plain.line_text("Go to the organisations?")] = key("The question", required=True)
    after: Annotated[tuple[str, Delay | None] | None, reference()] = key(
        "A post, wave or decision, with a delay: r-linux + 3d"
    )
    by: Annotated[date | None, times.day] = key("When it is due")
    choices: Annotated[tuple[Annotated[str, plain.line_text("go")], ...], ListOf()] = key(
        "The possible answers", default=(), required=True
    )


class PoliticalKeys(Definition, what="assessment of political advertising"):
    assessed: Annotated[str, plain.choice(("no", "yes", "unsure"))] = key(
        "Whether this is political advertising (Regulation (EU) 2024/900)", required=True
    )
    why: Annotated[str | None, plain.text("nobody is paid, and no vote is near")] = key("Why you think so")
    by: Annotated[str | None, plain.line_text("Maria Example")] = key("Who assessed it")
    on: Annotated[date | None, times.day] = key("When")
    consent: Annotated[str | None, plain.text("asked on the sign-up form of 5 January")] = key(
        "If it is: how each person agreed to be written to for this"
    )
    transparency: Annotated[str | None, plain.text("the notice is at https://example.org/notice")] = key(
        "If it is: how readers see who pays, and why they get it"
    )


class LobbyRegistersKeys(Definition, what="group of lobby registers"):
    """The number, or `exempt:` and why: nobody else can say it."""

    de: Annotated[str | None, plain.line_text("R001234")] = key(
        "Lobbyregister of the Bundestag: the number, or `exempt:` and why", alias="DE"
    )
    fr: Annotated[str | None, plain.line_text("exempt: ten contacts a year at most")] = key(
        "Répertoire of the HATVP: the number, or `exempt:` and why", alias="FR"
    )
    ie: Annotated[str | None, plain.line_text("exempt: we employ nobody")] = key(
        "Register of Lobbying: the number, or `exempt:` and why", alias="IE"
    )


class LegalKeys(Definition, what="legal note"):
    basis: Annotated[str, plain.choice(_BASES)] = key("Why we may write at all (GDPR Art. 6)", required=True)
    interest: Annotated[str | None, plain.text("asking what they think")] = key("The interest, in words")
    assessment: Annotated[str | None, plain.path()] = key("The document that weighs it")
    on: Annotated[date | None, times.day] = key("The day on which it was weighed")
    keep_for: Annotated[str | None, times.retention] = key(
        "How long names and addresses are kept after the last contact", was=("retain",)
    )
    sender: Annotated[
        str | None, plain.choice(("individual-alone", "individual-with-others", "organisation", "for-client"))
    ] = key("Who acts, as registers of lobbyists ask")
    political_advertising: PoliticalKeys | None = key("Whether this is political advertising")
    lobby_registers: LobbyRegistersKeys | None = key("Your numbers in registers of lobbyists")


class GoalKeys(Definition, what="goal"):
    name: Annotated[str, plain.line_text("tier 0 answered")] = key("Its name in the report", required=True)
    is_: Annotated[Located, expression_reader("\"count('answered')\"")] = key(
        "What is counted", alias="is", required=True
    )
    target: Annotated[int, plain.integer(0)] = key("The number to reach", required=True)
    by: Annotated[date | None, times.day] = key("Until when")


class LanguagesKeys(Definition, what="group of languages"):
    fallback: Annotated[tuple[Annotated[str, places.language], ...], ListOf(single=True)] = key(
        "In which language a contact gets a text that has none in its own, the first that there is", default=()
    )


class DigestKeys(Definition, what="digest", short=(times.clock, lambda value: {"at": value})):
    at: Annotated[time, times.clock] = key("Time of day", required=True)


_ATTACHMENT = group_or(AttachmentKeys, Annotated[Located, LocatedText(plain.path())])


class CampaignKeys(Definition, what="campaign"):
    id: Annotated[str, plain.slug] = key("The campaign's name in the ledger; never change it", required=True)
    title: Annotated[str, plain.line_text("Digital Infrastructure Alliance")] = key(
        "Its name for people", required=True
    )
    language: Annotated[str, places.language] = key("Default for contacts and posts (BCP 47)")
    languages: LanguagesKeys | None = key("Which language to use where a text has none in the contact's")
    timezone: Annotated[str, places.timezone] = key("The zone of every time in these files (IANA)")
    sender: SenderKeys = key("Who writes", required=True)
    senders: Annotated[dict[str, SenderKeys], GroupOf()] = key(
        "Others who write, by name: `sender` of a wave", default={}
    )
    team: Annotated[tuple[Annotated[str, addresses.email_or_domain], ...], ListOf(single=True)] = key(
        "Who else writes for us: addresses, @domains", default=()
    )
    people: Annotated[tuple[PersonKeys, ...], ListOf()] = key("Who may log in where `outreach serve` runs", default=())
    login: LoginKeys | None = key("Who says who they are; without it, a link sent by email does")
    attachments: Annotated[dict[str, Annotated[Any, _ATTACHMENT]], GroupOf()] = key(
        "Files that letters carry", default={}
    )
    links: Annotated[dict[str, Annotated[str | None, addresses.link]], GroupOf(empty=True)] = key(
        "Addresses said once; empty while not known", default={}
    )
    facts: Annotated[dict[str, Annotated[FreeValue, plain.free()]], GroupOf(empty=True)] = key(
        "Values said once", default={}
    )
    accounts: AccountsKeys | None = key("Accounts, without their secrets")
    calendar: CalendarKeys | None = key("When emails may go out")
    pace: PaceKeys | None = key("How fast emails go out")
    waves: Annotated[tuple[WaveKeys, ...], ListOf()] = key("Who gets which template, and when", default=())
    follow_up: Annotated[Any, off_or(FollowUpKeys)] = key("Default for every wave")
    decisions: Annotated[tuple[DecisionKeys, ...], ListOf()] = key(
        "Questions that only a person can answer", default=()
    )
    approval: Annotated[str, plain.choice(("required", "none", "two-people"))] = key(
        "Whether a person looks at every letter first, and another one than who wrote it"
    )
    ledger: Annotated[str, plain.choice(("sqlite", "postgresql"))] = key(
        "Where what happened is kept: in this folder, or for several computers"
    )
    legal: LegalKeys | None = key("Why we may write to these people")
    suppressions: Annotated[str | None, plain.path(outside=True)] = key(
        "A list of addresses to which no campaign writes again, allowed by `outreach trust`"
    )
    repository: Annotated[str | None, plain.choice(("private", "public"))] = key(
        "Who can read the repository: `private` if nobody but you, `public` if everybody may"
    )
    transparency_id: Annotated[str | None, plain.line_text('"123456789012-34"')] = key(
        "Number in the EU Transparency Register"
    )
    goals: Annotated[tuple[GoalKeys, ...], ListOf()] = key("What the campaign wants to reach", default=())
    digest: DigestKeys | None = key("When today's list is put into your inbox")
    fill_links: Annotated[tuple[Annotated[str, plain.path()], ...], ListOf(single=True)] = key(
        "Documents in which [link when posted] is filled in", default=()
    )
