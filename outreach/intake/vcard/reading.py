"""Cards -> contacts: a person, or the organisation that the card is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from outreach.campaign.contacts_plain import ordered
from outreach.intake import cells
from outreach.intake.account import Account
from outreach.intake.addresses import addresses
from outreach.intake.contact import is_named
from outreach.intake.decoration import undecorated
from outreach.intake.persons import looks_like_person, untitled
from outreach.intake.settling import Settling
from outreach.intake.vcard.lines import Card, Property, cards_of
from outreach.intake.vocabulary import folded, roles
from outreach.model.found import Found, FoundContact, Passage, Place, Remark
from outreach.words.country_names import stated_country
from outreach.words.languages import language_of
from outreach.words.slugs import slug_of

_ABOUT_THE_CARD = frozenset(
    "VERSION PRODID REV UID KIND SOURCE FN N ORG X-ABSHOWAS X-ABLABEL X-ABUID X-ABADR X-IMAGETYPE CLIENTPIDMAP XML "
    "X-EVOLUTION-FILE-AS SORT-STRING MAILER PROFILE NAME CLASS".split()
)
_PRIVATE = frozenset(("TEL", "ADR"))
_LEFT = "a phone number or address of a person, left out"
_LEFT_OUT = {
    "PHOTO": "a picture", "LOGO": "a picture", "SOUND": "a sound", "KEY": "a key", "BDAY": "a birthday",
    "ANNIVERSARY": "an anniversary", "GENDER": "a gender", "X-GENDER": "a gender", "X-SPOUSE": "something private",
    "RELATED": "something private",
}  # fmt: skip
"""What a campaign has no business to keep."""


def read_cards(name: str, text: str, account: Account | None = None) -> Found:
    """The contacts of a .vcf file. A person with an organisation has its name in `fields: {organisation: ...}`."""
    cards, outside = cards_of(text)
    contacts: list[FoundContact] = []
    passages = [_not_understood(name, line, line, "a line outside of any card") for line in outside]
    remarks = []
    account = account or Account()
    settling = Settling(name, account)
    keeps = _keeps_private(name, cards, account)
    of_people = _are_people(name, cards, account)
    for card in cards:
        if any(each.name == "KIND" and each.text.casefold() == "group" for each in card.properties):
            passages.append(_not_understood(name, card.line, card.end, "a list of other cards"))
            for address in _Card(card, name).addresses():
                account.refuse(Place(file=name, line=card.line), address, "it is that of a list of other cards")
            continue
        read = _Card(card, name, keeps_private=keeps, of_people=of_people)
        contact = read.contact()
        if contact is None:
            settling.nameless(Place(file=name, line=card.line), read.addresses())
            passages.append(_not_understood(name, card.line, card.end, "a card without a name"))
            continue
        settling.row([(Place(file=name, line=each.line), each.text) for each in card.properties], contact)
        contacts.append(contact)
        passages += _passages(card, read.left_out, contact)
    settling.ask(contacts)
    if not cards and outside:
        message = f"{name} holds no address card: no line of it says BEGIN:VCARD."
        remarks.append(Remark(file=name, line=1, message=message, hint="Export the contacts again as vCard 3 or 4."))
    ordered = sorted(passages, key=lambda passage: passage.line)
    return Found(contacts=tuple(contacts), passages=tuple(ordered), remarks=tuple(remarks))


def _keeps_private(file: str, cards: Sequence[Card], account: Account) -> bool:
    """Whether phone numbers and postal addresses of people are kept: asked, and until then they are not."""
    lines = [
        each.line for card in cards for each in card.properties if each.name in _PRIVATE and _Card(card, "").is_person
    ]
    if not lines:
        return False
    answer = account.ask(
        "private",
        Place(file=file, line=lines[0]),
        "phone, address",
        ask=f"{file} has phone numbers or addresses of people. They are left out. Keep them?",
        choices=("leave-out", "keep"),
        default="leave-out",
        optional=True,
    )
    return answer == "keep"


def _are_people(file: str, cards: Sequence[Card], account: Account) -> bool:
    """Whether the people of the cards are written to, or where they work: asked, and until then they are."""
    read = [(card, _Card(card, file)) for card in cards]
    own = {folded(each.organisation) for _, each in read if not each.is_person}
    beside = [(card, each) for card, each in read if each.is_person and folded(each.organisation) not in own | {""}]
    if not beside:
        return True
    card, first = beside[0]
    answer = account.ask(
        "whose-names",
        Place(file=file, line=card.line),
        "cards",
        ask=f"Do you want to write to the people on the cards, such as {first.name}, or to their organisations "
        f"({first.organisation})?",
        choices=("people", "organisations"),
        default="people",
        optional=True,
        affects=list(dict.fromkeys(address for _, each in beside for address in each.addresses())),
    )
    return answer == "people"


def _not_understood(file: str, line: int, end: int, read_as: str) -> Passage:
    return Passage(file=file, line=line, end=end, kind="not-understood", read_as=read_as)


def _passages(card: Card, left_out: list[tuple[int, int, str]], contact: FoundContact) -> Iterator[Passage]:
    """The card, cut at the lines that were left out."""
    line = card.line
    strange = [(first, last, "no property of a card") for first, last in card.strange]
    for first, last, what in sorted([*left_out, *strange]):
        if line < first:
            yield _taken(contact, line, first - 1)
        if what == _LEFT:
            yield Passage(file=contact.file, line=first, end=last, kind="noted", read_as=what)
        else:
            yield _not_understood(contact.file, first, last, what)
        line = last + 1
    if line <= card.end:
        yield _taken(contact, line, card.end)


def _taken(contact: FoundContact, line: int, end: int) -> Passage:
    to = f"contacts/{contact.id}.yaml"
    return Passage(file=contact.file, line=line, end=end, kind="taken", read_as="contact", to=to)


class _Card:
    """The values of one card, as they come together."""

    def __init__(self, card: Card, file: str, *, keeps_private: bool = False, of_people: bool = True) -> None:
        self._card = card
        self._of_people = of_people
        self._file = file
        self._keeps_private = keeps_private
        self._labels = {each.group: each.text for each in card.properties if each.name == "X-ABLABEL" and each.group}
        self.left_out: list[tuple[int, int, str]] = []
        self.values: dict[str, Any] = {}
        self.channels: list[tuple[bool, dict[str, str]]] = []
        self.fields: dict[str, Any] = {}

    @property
    def is_person(self) -> bool:
        """Whether the card is about a person."""
        return self._names()[2]

    @property
    def name(self) -> str:
        """What the card is called."""
        return self._names()[0]

    @property
    def organisation(self) -> str:
        """Where somebody works, or whose the card is."""
        return self._names()[1]

    def addresses(self) -> list[str]:
        """The mail addresses of a card, whoever it is about."""
        texts = [each.text for each in self._card.properties if each.name == "EMAIL"]
        return [each.address for text in texts for each in addresses(text) if each.kind == "email"]

    def contact(self) -> FoundContact | None:
        """The contact, or None if the card has no name."""
        name, organisation, is_person = self._names()
        (name, marks), (organisation, others) = undecorated(name), undecorated(organisation)
        if not name:
            return None
        for each in self._card.properties:
            self._take(each)
        if is_person and organisation and not self._of_people:
            role = self.fields.pop("role", "")
            own = next((each["email"] for _, each in self.channels if is_named(each.get("email", ""), name)), "")
            person = {"name": untitled(name)[1], "role": role, "email": own}
            self.values["people"] = [{key: value for key, value in person.items() if value}]
            name = organisation
        elif is_person:
            name = untitled(name)[1]
            self.values["kind"] = "person"
            if organisation:
                self.fields = {"organisation": organisation, **self.fields}
        elif organisation and folded(name) in roles():
            name = f"{organisation}, {name}"  # a desk
        elif folded(organisation) != folded(name):
            if folded(name.partition(" (")[0]) in folded(organisation):
                name = organisation
            elif organisation:
                self.fields = {"organisation": organisation, **self.fields}
        identity = slug_of(name)
        channels = [channel for _, channel in sorted(self.channels, key=lambda each: not each[0])]
        self.values |= {"id": identity, "name": name, "imported_from": f"{self._file} line {self._card.line}"}
        self.values |= {key: each for key, each in (("channels", channels), ("fields", self.fields)) if each}
        values = ordered(self.values)
        return FoundContact(id=identity, values=values, file=self._file, line=self._card.line, marks=marks or others)

    def _first(self, name: str) -> Property | None:
        return next((each for each in self._card.properties if each.name == name and each.text.strip("; ")), None)

    def _names(self) -> tuple[str, str, bool]:
        """The contact's name, its organisation's, and whether it is a person."""
        formatted, parts, org = self._first("FN"), self._first("N"), self._first("ORG")
        organisation = org.pieces()[0] if org else ""
        structured = (parts.pieces() + [""] * 3)[:3] if parts else ["", "", ""]
        own = " ".join(part for part in (structured[1], structured[2], structured[0]) if part)
        name = " ".join((formatted.text if formatted else own or organisation).split())
        kind = found.text.casefold() if (found := self._first("KIND")) else ""
        company = self._first("X-ABSHOWAS") is not None or kind in ("org", "group")
        in_full = bool(structured[0] and structured[1]) or looks_like_person(name) or bool(organisation)
        is_person = (
            not company and kind != "location" and bool(own) and in_full and folded(name) != folded(organisation)
        )
        if company or not is_person:
            return organisation or name if company else name, organisation, False
        return name, organisation, True

    def _take(self, each: Property) -> None:
        if each.name in _ABOUT_THE_CARD or not each.text.strip("; "):
            return
        if what := _LEFT_OUT.get(each.name):
            self.left_out.append((each.line, each.end, what))
            return
        if each.name in _PRIVATE and not self._keeps_private and self.is_person:
            self._country_of(each)
            self.left_out.append((each.line, each.end, _LEFT))
            return
        reader = _READERS.get(each.name)
        if reader is not None:
            reader(self, each)
        else:
            self._keep(each.name.removeprefix("X-").casefold().replace("-", "_"), each.text)

    def _keep(self, key: str, value: str) -> None:
        """A value under `fields`; a second one of the same name beside the first."""
        self.fields[key] = f"{self.fields[key]}; {value}" if key in self.fields else value

    def _role(self, each: Property) -> str:
        label = folded(self._labels.get(each.group, ""))
        words = [label, *sorted(each.types)]
        found = next((roles()[word] for word in words if word in roles() and word != "work"), "")
        return "personal" if not found and "home" in each.types else found

    def email(self, each: Property) -> None:
        channels, _, left = cells.emails(each.text, self._role(each))
        self.channels += [("pref" in each.types or "1" in each.types, channel) for channel in channels]
        if left:
            self._keep("email", left)

    def url(self, each: Property) -> None:
        channels, left = cells.social(each.text)
        if channels:
            self.channels += [(False, channel) for channel in channels]
        elif "website" not in self.values and (address := cells.site(left)):
            self.values["website"] = address
        else:
            self._keep("url", each.text)

    def social(self, each: Property) -> None:
        text = each.text.removeprefix("x-apple:").removeprefix("acct:")
        service = f"{' '.join(each.types)} {self._labels.get(each.group, '')} {each.name}".casefold()
        channels, left = cells.social(text)
        handle = cells.bluesky(text) if "bluesky" in service or "bsky" in service else None
        if channels:
            self.channels.append((False, channels[0]))
        elif handle:
            self.channels.append((False, {"bluesky": handle}))
        else:
            self._keep(next(iter(sorted(each.types - {"pref", "home", "work"})), "social"), left or text)

    def _country_of(self, each: Property) -> None:
        pieces = each.pieces() if each.name == "ADR" else []
        code = stated_country(pieces[6]) if len(pieces) > 6 and pieces[6] else None
        if code:
            self.values.setdefault("country", code)

    def address(self, each: Property) -> None:
        pieces = [*each.pieces(), *[""] * 7][:7]
        box, extended, street, town, region, postcode, country = pieces
        self._country_of(each)
        line = [box, extended, street, f"{postcode} {town}".strip(), region, country]
        self._keep("address", ", ".join(" ".join(part.split()) for part in line if part))

    def note(self, each: Property) -> None:
        before = f"{self.values['internal_notes']}\n\n" if "internal_notes" in self.values else ""
        self.values["internal_notes"] = before + each.text

    def role(self, each: Property) -> None:
        self._keep("role", each.text)

    def phone(self, each: Property) -> None:
        self._keep("phone", each.text.removeprefix("tel:"))

    def tags(self, each: Property) -> None:
        self.values["tags"] = list(dict.fromkeys([*self.values.get("tags", []), *cells.words(each.text)]))

    def language(self, each: Property) -> None:
        tag = language_of(each.text)
        if tag and "language" not in self.values:
            self.values["language"] = tag
        elif not tag:
            self._keep("language", each.text)


_READERS: dict[str, Callable[[_Card, Property], None]] = {
    "EMAIL": _Card.email, "URL": _Card.url, "IMPP": _Card.social, "SOCIALPROFILE": _Card.social,
    "X-SOCIALPROFILE": _Card.social, "X-MASTODON": _Card.social, "X-BLUESKY": _Card.social, "ADR": _Card.address,
    "NOTE": _Card.note, "TITLE": _Card.role, "ROLE": _Card.role, "TEL": _Card.phone, "CATEGORIES": _Card.tags,
    "LANG": _Card.language,
}  # fmt: skip
