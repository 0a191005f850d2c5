"""The keys of a contact, and how what was read under them becomes the noun."""

from __future__ import annotations

import re
from typing import Any

from outreach.campaign.findings import Finding
from outreach.campaign.readers.addresses import bluesky, email, mastodon, url
from outreach.campaign.readers.compound import Key, Record, RecordReader, list_of, mapping_of, record
from outreach.campaign.readers.places import country, language, timezone
from outreach.campaign.readers.plain import (
    boolean,
    choice,
    free,
    integer,
    line_text,
    name,
    reason_or_boolean,
    role,
    slug,
    tag,
    text,
)
from outreach.campaign.readers.reader import Fault, Schema, TextReader
from outreach.campaign.readers.times import day
from outreach.model.contact import Channel, ChannelKind, Contact, ContactKind, Person, PublicStatement, Stage
from outreach.words.slugs import slug_of

ADDRESS_READERS = {
    ChannelKind.EMAIL: email(),
    ChannelKind.FORM: url(),
    ChannelKind.MASTODON: mastodon(),
    ChannelKind.BLUESKY: bluesky(),
}
ROLE = role()
# Spaces of all kinds, and what Unicode lets a font leave out (Default_Ignorable_Code_Point), as far as it is assigned.
_INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
LONGEST = 20_000
"""Characters of one value: a letter has a few thousand, so what is longer was not meant to stand here."""

_CHANNEL_KEYS = record(
    {
        "email": Key(ADDRESS_READERS[ChannelKind.EMAIL], doc="One mail address"),
        "form": Key(ADDRESS_READERS[ChannelKind.FORM], doc="The page of a contact form"),
        "mastodon": Key(ADDRESS_READERS[ChannelKind.MASTODON], doc="@user@server, in quotation marks"),
        "bluesky": Key(ADDRESS_READERS[ChannelKind.BLUESKY], doc="A handle"),
        "role": Key(ROLE, doc="Who reads it: policy, general, press ..."),
    },
    what="channel",
)


class _ChannelReader(RecordReader):
    """A channel; an editor is told that it has one address, which `channel_findings` looks after here."""

    def schema(self) -> Schema:
        return {**super().schema(), "oneOf": [{"required": [str(kind)]} for kind in ChannelKind]}


_CHANNEL = _ChannelReader(_CHANNEL_KEYS.keys, what=_CHANNEL_KEYS.what)


def _name(example: str = "Open Forum Europe") -> TextReader:
    """A name that can be seen: not of spaces, signs without width and the like alone."""
    line = line_text(example)

    def parse(value: str) -> str:
        if not _INVISIBLE.sub("", value):
            raise Fault("This name holds nothing that can be seen.", code="unsafe-text")
        return str(line.parse(value))

    return TextReader(parse, expected=line.expected, example=line.example, schema=line.schema())


_PERSON = record(
    {
        "name": Key(_name("Maria Example"), required=True, doc="The person's name"),
        "role": Key(line_text("Executive Director"), doc="What the person does there"),
        "email": Key(email(), doc="Never written to by itself"),
    },
    what="person",
)
_STATEMENT = record(
    {
        "quote": Key(text("We support this."), required=True, doc="Their words"),
        "url": Key(url(), doc="Where they stand"),
        "agreed_on": Key(day(), doc="When they agreed to be quoted"),
    },
    what="public statement",
)
_UNDER_CHANNELS = "Write it under `channels:`, as in `channels: [{KEY: ...}]`."
_HINTS = {
    **{str(kind): _UNDER_CHANNELS.replace("KEY", kind) for kind in ChannelKind},
    "notes": "Did you mean `context`? It is never mailed.",
    "url": "Did you mean `website`?",
    "title": "Did you mean `name`?",
}
CONTACT = record(
    {
        "id": Key(slug(), doc="Default: made from the name"),
        "name": Key(_name(), required=True, doc="The name, as it stands in the letter"),
        "short": Key(line_text("OFE"), doc="The short name"),
        "was": Key(slug(), doc="The id it had before, so that its history stays"),
        "kind": Key(choice(list(ContactKind), ContactKind), doc="What it is"),
        "eu": Key(boolean(), doc="true for institutions of the EU"),
        "tier": Key(integer(0, 99), doc="How important, 0 first"),
        "tags": Key(list_of(tag(), single=True), doc="Words to select it by"),
        "country": Key(country(), doc="ISO 3166-1, two letters"),
        "language": Key(language(), doc="BCP 47; default: the campaign's"),
        "timezone": Key(timezone(), doc="IANA"),
        "website": Key(url(), doc="Its site"),
        "owner": Key(line_text("maria"), doc="Who of us looks after it"),
        "stage": Key(choice(list(Stage), Stage), doc="research: not ready to be written to"),
        "find": Key(text("the address of its policy team"), doc="What is missing"),
        "via": Key(slug(), doc="The contact that is written to in its place"),
        "channels": Key(list_of(_CHANNEL), doc="The ways to reach it"),
        "people": Key(list_of(_PERSON), doc="Who is there; never chosen by itself"),
        "angle": Key(text("Your study of 2024 is where this began."), doc="The paragraph that makes the letter theirs"),
        "context": Key(text("They prefer the phone."), doc="Notes for us; never mailed"),
        "source": Key(text("their website"), doc="Where this was found (GDPR Art. 14)"),
        "collected_on": Key(day(), doc="When it was found"),
        "do_not_contact": Key(reason_or_boolean(), doc="true, or the reason"),
        "public_statement": Key(_STATEMENT, doc="What may be published by name"),
        "attachments": Key(list_of(name(), single=True), doc="Names from `attachments` of campaign.yaml"),
        "fields": Key(mapping_of(free(), nullable=True), doc="Anything else"),
    },
    what="contact",
    hints=_HINTS,
)
_SAME = (
    "was short tier country language timezone website owner find via angle context source collected_on "
    "do_not_contact tags kind eu stage attachments fields"
).split()


def contact_of(given: Record, file: str, channels: tuple[Channel, ...] | None = None) -> Contact | None:
    """The noun; None without a name. `channels` are those of a table's row."""
    if "name" not in given:
        return None
    values = given.values
    same = {key: values[key] for key in _SAME if key in values}
    if "public_statement" in values:
        same["public_statement"] = _statement(values["public_statement"])
    return Contact(
        id=values.get("id") or slug_of(values["name"]),
        name=values["name"],
        file=file,
        line=given.line,
        lines=given.lines,
        channels=channels if channels is not None else channels_of(values.get("channels", ())),
        people=tuple(
            Person(name=person.get("name"), role=person.get("role"), email=person.get("email"))
            for person in values.get("people", ())
            if "name" in person
        ),
        **same,
    )


def value_findings(given: Record) -> list[Finding]:
    """Values that are absurdly long, and a `do_not_contact` that says neither yes nor no.

    They are left out of `given`, and their contact is blocked.
    """
    findings = []
    for key, value in list(given.values.items()):
        if any(len(text) > LONGEST for text in _texts(value)):
            message = f"`{key}` has more than {LONGEST:,} characters."
            findings.append(Finding(given.line_of(key), "bad-value", message, "A letter has a few thousand at most."))
            if key != "name":
                del given.values[key]
    if "do_not_contact" in given.lines and "do_not_contact" not in given:
        hint = "Write `true`, `false` or the reason after it, or remove the key."
        finding = Finding(given.line_of("do_not_contact"), "bad-value", "`do_not_contact` is empty.", hint)
        findings.append(finding)
    return findings


def _texts(value: Any) -> list[str]:
    """The texts in what was read under a key."""
    if isinstance(value, Record):
        return _texts(value.values)
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, tuple):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def _statement(given: Record) -> PublicStatement | None:
    if "quote" not in given:
        return None
    return PublicStatement(quote=given.get("quote"), url=given.get("url"), agreed_on=given.get("agreed_on"))


def channels_of(given: tuple[Record, ...]) -> tuple[Channel, ...]:
    """The channels that have exactly one address."""
    channels = []
    for item in given:
        kinds = [kind for kind in ChannelKind if kind in item]
        if len(kinds) == 1:
            address: Any = item.get(kinds[0])
            channels.append(
                Channel(kind=kinds[0], address=address, role=item.get("role", ""), line=item.line_of(kinds[0]))
            )
    return tuple(channels)


def channel_findings(given: Record) -> list[Finding]:
    """Channels without an address, or with two."""
    findings = []
    for item in given.get("channels", ()):
        kinds = [kind for kind in ChannelKind if kind in item.lines]
        if not kinds and not item.unknown:
            hint = "Write one of: email, form, mastodon, bluesky."
            findings.append(Finding(item.line, "missing-key", "This channel has no address.", hint))
        elif len(kinds) > 1:
            message = f"This channel has {len(kinds)} addresses: {', '.join(kinds)}."
            findings.append(Finding(item.line, "bad-value", message, "Make a line of its own of each."))
    return findings
