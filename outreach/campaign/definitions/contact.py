"""A contact: the keys of a file in `contacts/`, and the columns of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated

from outreach.campaign.definitions.definition import Definition, Schema, Where, key, noun
from outreach.campaign.definitions.shapes import GroupOf, ListOf
from outreach.campaign.findings import Finding
from outreach.campaign.values import addresses, places, plain, times
from outreach.campaign.values.text import Fault, Text
from outreach.model.contact import (
    Channel,
    ChannelKind,
    Contact,
    ContactKind,
    FreeValue,
    Person,
    PublicStatement,
    former,
)
from outreach.words.slugs import slug_of

# Spaces of all kinds, and what Unicode lets a font leave out (Default_Ignorable_Code_Point), as far as it is assigned.
_INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)


def _name(example: str = "Open Forum Europe") -> Text:
    """A name that can be seen: not of spaces, signs without width and the like alone."""
    line = plain.line_text(example)

    def parse(value: str) -> str:
        if not _INVISIBLE.sub("", value):
            raise Fault("This name holds nothing that can be seen.", code="unsafe-text")
        return str(line.parse(value))

    return Text(parse, expected=line.expected, example=line.example, schema=line.schema())


OLD_KEYS = {
    "stage": "Write `missing: what is lacking` where somebody cannot be written to yet.",
    "find": "Write `missing: what is lacking` where somebody cannot be written to yet, else `internal_notes`.",
    "source": "Use `found_at` for words that an email may quote, and `imported_from` for a file and line.",
}
"""Keys of which no one key took the place -> what to write today."""
_A_PLACE = re.compile(r"(?:,| |:)(?:lines? )?\d+(?:-\d+)?$")


class ChannelKeys(Definition, what="channel"):
    email: Annotated[str | None, addresses.email] = key("One mail address")
    form: Annotated[str | None, addresses.url] = key("The page of a contact form")
    mastodon: Annotated[str | None, addresses.mastodon] = key("@user@server, in quotation marks")
    bluesky: Annotated[str | None, addresses.bluesky] = key("A handle")
    role: Annotated[str | None, plain.role] = key("Who reads it: policy, general, press ...")

    @classmethod
    def beside(cls, where: Where) -> Iterable[Finding]:
        """A channel has one address."""
        kinds = [kind for kind in ChannelKind if kind in where.lines]
        if not kinds and not where.unknown:
            hint = f"Write one of: {', '.join(ChannelKind)}."
            yield Finding(where.line, "missing-key", "This channel has no address.", hint)
        elif len(kinds) > 1:
            message = f"This channel has {len(kinds)} addresses: {', '.join(kinds)}."
            yield Finding(where.line, "bad-value", message, "Make a line of its own of each.")

    @classmethod
    def _shape(cls, schema: Schema) -> None:
        super()._shape(schema)
        schema["oneOf"] = [{"required": [str(kind)]} for kind in ChannelKind]


class PersonKeys(Definition, what="person"):
    name: Annotated[str, _name("Maria Example")] = key("The person's name", required=True)
    role: Annotated[str | None, plain.line_text("Executive Director")] = key("What the person does there")
    title: Annotated[str | None, plain.line_text("Dr")] = key("As it is written in a greeting")
    pronouns: Annotated[str | None, plain.line_text("she")] = key("she, he, they or others; for the greeting")
    email: Annotated[str | None, addresses.email] = key("Never written to by itself")
    greet: Annotated[bool | None, plain.boolean] = key("true: the greeting names this person")


class StatementKeys(Definition, what="public statement"):
    quote: Annotated[str, plain.long_text("We support this.")] = key("Their words", required=True)
    url: Annotated[str | None, addresses.url] = key("The page on which they say it")
    agreed_on: Annotated[date | None, times.day] = key("When they agreed to be quoted")


class ContactKeys(
    Definition,
    what="contact",
    hints={
        **{str(kind): f"Write it under `channels:`, as in `channels: [{{{kind}: ...}}]`." for kind in ChannelKind},
        "notes": "Did you mean `internal_notes`? It is never mailed.",
        "url": "Did you mean `website`?",
        "title": "Did you mean `name`?",
    },
):
    """Whom we want to reach. A key of one value is a column of a table too."""

    id: Annotated[str | None, plain.slug] = key("Default: made from the name")
    name: Annotated[str, _name()] = key("The name, as it is written in the email", required=True)
    short: Annotated[str | None, plain.line_text("OFE")] = key("The short name")
    was: Annotated[tuple[Annotated[str, plain.slug], ...], ListOf(single=True)] = key(
        "The id it had before, or several, so that their history stays", default=()
    )
    kind: Annotated[ContactKind, plain.choice(list(ContactKind), ContactKind)] = key("What it is")
    eu: Annotated[bool | None, plain.boolean] = key("true for institutions of the EU")
    tier: Annotated[int | None, plain.integer(0, 99)] = key("How important, 0 first")
    tags: Annotated[tuple[Annotated[str, plain.tag], ...], ListOf(single=True)] = key(
        "Words to select it by", default=()
    )
    country: Annotated[str | None, places.country] = key("ISO 3166-1, two letters")
    language: Annotated[str | None, places.language] = key("BCP 47; default: the campaign's")
    timezone: Annotated[str | None, places.timezone] = key("IANA")
    website: Annotated[str | None, addresses.url] = key("Its site")
    owner: Annotated[str | None, plain.line_text("maria")] = key("Who of your team looks after it")
    missing: Annotated[str | None, plain.long_text("the address of its policy team")] = key(
        "What is lacking before it can be written to: a task, no error"
    )
    stage: Annotated[str | None, plain.choice(["ready", "research"], str)] = key("Old: write `missing`")
    find: Annotated[str | None, plain.long_text("the address of its policy team")] = key("Old: write `missing`")
    via: Annotated[str | None, plain.slug] = key("The contact that is written to in its place")
    channels: Annotated[tuple[ChannelKeys, ...], ListOf()] = key("The ways to reach it", default=())
    greeting: Annotated[str | None, plain.line_text("Dear Maria")] = key(
        "How the letter begins; default: made in its language"
    )
    people: Annotated[tuple[PersonKeys, ...], ListOf()] = key("Who is there; never chosen by itself", default=())
    personal_text: Annotated[str | None, plain.long_text("Your study of 2024 is where this began.")] = key(
        "The paragraph that makes the letter theirs", was=former("personal_text")
    )
    internal_notes: Annotated[str | None, plain.long_text("They prefer the phone.")] = key(
        "Notes for us; never mailed", was=("context",)
    )
    found_at: Annotated[str | None, plain.long_text("their website")] = key(
        "Where you found this, in words that an email may quote (GDPR Art. 14)"
    )
    imported_from: Annotated[str | None, plain.long_text("list.csv line 12")] = key("The file and line it came from")
    source: Annotated[str | None, plain.long_text("their website")] = key("Old: write `found_at` or `imported_from`")
    collected_on: Annotated[date | None, times.day] = key("When it was found")
    do_not_contact: Annotated[str | None, plain.reason_or_boolean] = key("true, or the reason")
    not_before: Annotated[date | None, times.day] = key("The first day on which we may write to them")
    public_statement: StatementKeys | None = key("What may be published by name")
    attachments: Annotated[tuple[Annotated[str, plain.name], ...], ListOf(single=True)] = key(
        "Names from `attachments` of campaign.yaml", default=()
    )
    fields: Annotated[dict[str, Annotated[FreeValue, plain.free(plain.LONGEST)]], GroupOf(empty=True)] = key(
        "Anything else", default={}
    )

    @classmethod
    def beside(cls, where: Where) -> Iterable[Finding]:
        """Old names; a `do_not_contact` that says neither yes nor no blocks its contact."""
        for old, instead in OLD_KEYS.items():
            if old in where.lines:
                hint = f"{instead} The old one is still read."
                yield Finding(where.lines[old], "old-key", f"`{old}` is an old key.", hint)
        if "do_not_contact" in where.empty:
            hint = "Write `true`, `false` or the reason after it, or remove the key."
            yield Finding(where.lines["do_not_contact"], "bad-value", "`do_not_contact` is empty.", hint)

    def contact(self, file: str) -> Contact | None:
        """The noun; None without a name."""
        if "name" not in self:
            return None
        statement = self.public_statement
        return noun(
            Contact,
            self,
            **self.in_new_keys(),
            id=self.id or slug_of(self.name),
            file=file,
            line=self.where.line,
            lines=self.where.lines,
            channels=tuple(each for keys in self.channels if (each := _channel(keys)) is not None),
            people=tuple(noun(Person, each) for each in self.people if "name" in each),
            public_statement=noun(PublicStatement, statement) if statement and "quote" in statement else None,
        )

    def in_new_keys(self) -> dict[str, str | None]:
        """What the old keys say, under those of today: a question about somebody who is ready is a note for us."""
        found: dict[str, str | None] = {}
        if self.stage == "research" and self.missing is None:
            found["missing"] = self.find or "how to reach them"
        elif self.find is not None:
            found["internal_notes"] = "\n\n".join(filter(None, [self.internal_notes, f"To find out: {self.find}"]))
        if self.source is not None and _A_PLACE.search(self.source):
            found["imported_from"] = self.imported_from or self.source
        elif self.source is not None:
            found["found_at"] = self.found_at or self.source
        return found


class PrivateKeys(Definition, what="private part of a contact"):
    """What `contacts/private/ID.yaml` may hold without being a contact of its own."""

    id: Annotated[str | None, plain.slug] = key("The contact; default: the file's name")
    was: Annotated[tuple[Annotated[str, plain.slug], ...], ListOf(single=True)] = key(
        "The ids of people who became part of the contact", default=()
    )
    people: Annotated[tuple[PersonKeys, ...], ListOf()] = key("Who is there; never chosen by itself", default=())
    channels: Annotated[tuple[ChannelKeys, ...], ListOf()] = key("Addresses with a person's name in them", default=())
    greeting: Annotated[str | None, plain.line_text("Dear Maria")] = key("How the letter begins, if it names a person")
    internal_notes: Annotated[str | None, plain.long_text("They prefer the phone.")] = key(
        "Notes for us; never mailed", was=("context",)
    )
    fields: Annotated[dict[str, Annotated[FreeValue, plain.free(plain.LONGEST)]], GroupOf(empty=True)] = key(
        "Anything else that is a person's", default={}
    )

    def laid_over(self) -> tuple[tuple[Person, ...], tuple[Channel, ...]]:
        """The people and the channels that could be read."""
        people = tuple(noun(Person, each) for each in self.people if "name" in each)
        return people, tuple(each for keys in self.channels if (each := _channel(keys)) is not None)


def _channel(keys: ChannelKeys) -> Channel | None:
    """The channel, if it has exactly one address."""
    kinds = [kind for kind in ChannelKind if kind in keys]
    if len(kinds) != 1:
        return None
    kind = kinds[0]
    return Channel(kind=kind, address=getattr(keys, kind), role=keys.role or "", line=keys.line_of(kind))
