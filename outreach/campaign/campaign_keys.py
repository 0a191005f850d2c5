"""The keys of `campaign.yaml`: one definition each."""

from __future__ import annotations

from outreach.campaign.account_keys import ACCOUNTS
from outreach.campaign.expressions import expression_reader, reference, spread_reference
from outreach.campaign.readers.addresses import email, email_or_domain, https, link
from outreach.campaign.readers.compound import (
    Key,
    RecordReader,
    list_of,
    list_or,
    located,
    mapping_of,
    mapping_or,
    off_or,
    record,
)
from outreach.campaign.readers.places import holiday_country, language, timezone
from outreach.campaign.readers.plain import boolean, choice, free, integer, line_text, name, path, slug, text
from outreach.campaign.readers.times import (
    clock,
    day,
    duration,
    duration_range,
    hours,
    moment,
    month_day,
    retention,
    weekday,
)

SENDER = record(
    {
        "name": Key(line_text("Alex Example"), required=True, doc="The name in From"),
        "email": Key(email(), required=True, doc="The address in From; may differ from the account's user"),
        "reply_to": Key(email(), doc="Where answers go, if elsewhere"),
        "signature": Key(text("Alex Example"), doc="{{ sender.signature }} in templates"),
        "postal_address": Key(text("1 Example Street"), doc="{{ sender.postal_address }} in templates"),
        "unsubscribe": Key(https(), doc="Your endpoint for one-click unsubscribing (RFC 8058); may hold {token}"),
    },
    what="sender",
)
ATTACHMENT = record(
    {
        "file": Key(path(), required=True, doc="The file, from the campaign folder on"),
        "version": Key(line_text('"1.1"'), doc="{{ attachments.NAME.version }} in templates"),
    },
    what="attachment",
)
SPAN = record(
    {
        "from": Key(month_day(), required=True, doc="First day, month and day"),
        "to": Key(month_day(), required=True, doc="Last day, included"),
        "why": Key(line_text("holiday period"), doc="Said where it holds something up"),
    },
    what="span of days",
)
CALENDAR = record(
    {
        "days": Key(list_of(weekday(), single=True), doc="Weekdays on which letters leave"),
        "hours": Key(hours(), doc="Hours in which letters leave"),
        "holidays": Key(list_of(holiday_country(), single=True), doc="Countries whose public holidays count"),
        "avoid": Key(list_of(SPAN), doc="Days of every year on which nothing leaves"),
        "prefer": Key(list_of(SPAN), doc="Days of every year that are best; never moves anything"),
        "recipient_time": Key(boolean(), doc="Whether hours are those of the contact's own zone"),
    },
    what="calendar",
)
PACE = record(
    {
        "per_hour": Key(integer(1, 100_000), doc="Letters an hour"),
        "per_day": Key(integer(1, 1_000_000), doc="Letters a day"),
        "per_domain_per_hour": Key(integer(1, 100_000), doc="Letters an hour to one mail domain"),
        "gap": Key(duration_range(), doc="Pause between two letters; 0s is none"),
    },
    what="pace",
)
CHOICE = record(
    {
        "if": Key(expression_reader("\"'research' in tags\""), doc="For which contacts"),
        "use": Key(located(name()), required=True, doc="The template"),
    },
    what="choice of a template",
    short=(located(name()), lambda value: {"use": value}),
)
AFTER = record(
    {
        "wave": Key(slug(), required=True, doc="The wave to follow"),
        "delay": Key(duration(), doc="How long after it"),
        "or": Key(expression_reader("\"contacts['fsfe'].answered\""), doc="Or as soon as this holds"),
    },
    what="wave to follow",
    short=(reference(), spread_reference("wave")),
)
FOLLOW_UP = record(
    {
        "after": Key(duration(), doc="How long after the letter before"),
        "template": Key(name(), doc="The template"),
        "times": Key(integer(1, 20), doc="How many times at most"),
        "to": Key(expression_reader("\"kind != 'person'\""), doc="Only those for whom this holds"),
        "needs": Key(expression_reader("\"decision('go') == 'yes'\""), doc="What has to hold first"),
    },
    what="follow-up",
)
WAVE = record(
    {
        "id": Key(slug(), required=True, doc="Its name"),
        "to": Key(expression_reader(), required=True, doc="To whom: an expression over a contact"),
        "template": Key(
            list_or(list_of(CHOICE), located(name())), required=True, doc="The template, or a list to choose from"
        ),
        "start": Key(moment(), doc="When it begins, in the campaign's zone"),
        "after": Key(AFTER, doc="A wave to follow"),
        "until": Key(day(), doc="Its last day, included; later is missed"),
        "needs": Key(expression_reader("\"decision('go') == 'yes'\""), doc="A gate: until it holds, nothing leaves"),
        "follow_up": Key(off_or(FOLLOW_UP), doc="Over the campaign's own; false for none"),
        "pace": Key(PACE, doc="Over the campaign's own"),
        "again": Key(boolean(), doc="Whether it writes to contacts that had a first letter already"),
    },
    what="wave",
)
DECISION = record(
    {
        "id": Key(slug(), required=True, doc="Its name"),
        "ask": Key(line_text("Go to the organisations?"), required=True, doc="The question"),
        "after": Key(reference(), doc="A post, wave or decision, with a delay: r-linux + 3d"),
        "by": Key(day(), doc="When it is due"),
        "choices": Key(list_of(line_text("go")), required=True, doc="The possible answers"),
    },
    what="decision",
)
LEGAL = record(
    {
        "basis": Key(
            choice(
                (
                    "legitimate-interest",
                    "consent",
                    "public-task",
                    "contract",
                    "legal-obligation",
                    "vital-interests",
                )
            ),
            required=True,
            doc="Why we may write at all (GDPR Art. 6)",
        ),
        "interest": Key(text("asking what they think"), doc="The interest, in words"),
        "assessment": Key(path(), doc="The document that weighs it"),
        "retain": Key(retention(), doc="How long what we know is kept"),
    },
    what="legal note",
)
GOAL = record(
    {
        "name": Key(line_text("tier 0 answered"), required=True, doc="Its name in the report"),
        "is": Key(expression_reader("\"count('answered')\""), required=True, doc="What is counted"),
        "target": Key(integer(0), required=True, doc="The number to reach"),
        "by": Key(day(), doc="Until when"),
    },
    what="goal",
)
CAMPAIGN: RecordReader = record(
    {
        "id": Key(slug(), required=True, doc="The campaign's name in the ledger; never change it"),
        "title": Key(line_text("Digital Infrastructure Alliance"), required=True, doc="Its name for people"),
        "language": Key(language(), doc="Default for contacts and posts (BCP 47)"),
        "timezone": Key(timezone(), doc="The zone of every time in these files (IANA)"),
        "sender": Key(SENDER, required=True, doc="Who writes"),
        "team": Key(list_of(email_or_domain(), single=True), doc="Who else writes for us: addresses, @domains"),
        "attachments": Key(mapping_of(located(mapping_or(ATTACHMENT, path()))), doc="Files that letters carry"),
        "links": Key(mapping_of(link(), nullable=True), doc="Addresses said once; empty while not known"),
        "facts": Key(mapping_of(free(), nullable=True), doc="Values said once"),
        "accounts": Key(ACCOUNTS, doc="Accounts, without their secrets"),
        "calendar": Key(CALENDAR, doc="When letters may leave"),
        "pace": Key(PACE, doc="How fast letters leave"),
        "waves": Key(list_of(WAVE), doc="Whom, with which template, when"),
        "follow_up": Key(off_or(FOLLOW_UP), doc="Default for every wave"),
        "decisions": Key(list_of(DECISION), doc="What only a person can judge"),
        "approval": Key(choice(("required", "none")), doc="Whether a person looks at every letter first"),
        "legal": Key(LEGAL, doc="Why we may write to these people"),
        "transparency_id": Key(line_text('"123456789012-34"'), doc="Number in the EU Transparency Register"),
        "goals": Key(list_of(GOAL), doc="What the campaign wants to reach"),
        "digest": Key(
            record(
                {"at": Key(clock(), required=True, doc="Time of day")},
                what="digest",
                short=(clock(), lambda value: {"at": value}),
            ),
            doc="When Today comes into one's own inbox",
        ),
        "fill_links": Key(list_of(path(), single=True), doc="Documents whose [link when posted] is filled"),
    },
    what="campaign",
)
