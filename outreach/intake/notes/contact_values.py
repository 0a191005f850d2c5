"""What is below a name -> the values of its file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import regex

from outreach.campaign.contacts_plain import ordered
from outreach.intake.addresses import Address, addresses, is_form, is_role, origin, role_by_address, role_of
from outreach.intake.contact import Column, ContactCells, is_named
from outreach.intake.notes.contact_kinds import country_in, country_named, is_of_the_eu, kind_of, says_kind
from outreach.intake.notes.entry_names import PERSON_BEFORE
from outreach.intake.notes.labels import Group, labelled
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Line
from outreach.intake.persons import (
    is_blank_word,
    is_desk,
    is_likely_person,
    is_person,
    is_profession,
    looks_like_person,
    untitled,
)
from outreach.intake.titles import Named, is_to_research, tier_of
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import kind_of as stated_kind
from outreach.intake.vocabulary import words_of
from outreach.words.country_names import stated_country

_BY_CELLS = frozenset(
    "address phone postcode city language tags owner collected_on do_not_contact found_at via timezone eu id unit "
    "email_role".split()
)
"""What a labelled value of notes means is read as the cell of a table is."""
_IN_BRACKETS = regex.compile(r"^\s*\([^()]*\)")
"""What is behind the address before: `info@x.example (office), press@x.example`."""
_QUOTES = "\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"


class Filling:
    """The values of one contact, as they come together."""

    def __init__(self, name: Named) -> None:
        self.named = name
        self.channels: list[dict[str, str]] = []
        self.people: list[dict[str, str]] = []
        self.context: list[str] = list(name.remarks)
        self.angle: list[str] = []
        self.said: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.cells = ContactCells()
        self.private: list[str] = []
        self.here = ""
        """The label whose value is read."""
        self.website = ""
        self.pages: list[str] = []
        self.missing = False

    def group(self, group: Group) -> None:
        """One label with what is below it."""
        who = regex.split(r"[,(;]", group.value)[0].strip()
        does = not group.means and len(group.label.split()) == 1 and name_form(group.label) not in words_of("note")
        if does and is_likely_person(who) and self._person(group.label, group.value, group.lines[0]):
            return  # `Fractievoorzitter: Els Verhoef`
        if group.means in ("personal_text", "internal_notes") or (not group.means and group.label):
            self._words(group)
            return
        for line in group.lines:
            found = labelled(line)
            own = found is not None and bool(group.value) and line is group.lines[0]
            does = group.means == "person" and not _is_of_people(group.label)
            text = group.value if own and not does else line.text
            self.here = group.label if own else ""
            self.line(text, line, group.means or "channels" if own or group.means else "")

    def _words(self, group: Group) -> None:
        if is_to_research(group.label):
            self.missing = True
        texts = [group.value] if group.value else []
        for line in group.lines[1 if group.value else 0 :]:
            texts.append(line.text)
        found = [address for line in group.lines for address in addresses(line.text, line)]
        if not group.means and found:
            mailed = any(each.kind == "email" for each in found)
            label = "" if mailed and looks_like_person(_core(group.label)) else group.label
            text = group.value or " ".join(texts)
            if not label:
                self.line(f"{group.label}: {text}", group.lines[0], "person")
            else:
                for line in group.lines:
                    self.line(line.text, line, "channels")
            return
        text = " ".join(texts).strip()
        if group.means == "personal_text":
            self.angle.append(unquoted(text))
        elif text:
            self.context.append(text if folded(group.label) in ("context", "kontext") else f"{group.label}: {text}")

    def line(self, text: str, line: Line, means: str) -> None:
        """One line below a label that means `means`."""
        found = labelled(Line(number=line.number, text=text, links=line.links))
        label, value = (found.label, found.value) if found else ("", text)
        means = (found.means if found and found.means not in ("name", "audience", "") else "") or means
        if means == "channels" and label and looks_like_person(_core(label)) and "@" in value:
            means = "person"
        if means in ("channels", "") and (not label or is_desk(label)) and self._begins_with_person(value):
            means = "person"
        if not means and label and is_desk(label) and is_person(_untitled(regex.split(r"[,(]", value)[0].strip())):
            means = "person"  # `Executive Director: Ann Lee`
        if means in ("person", "person_role") and self._person(label, value, line):
            return
        here = list(addresses(value, line))
        if here:
            for each in here:
                self._address(each, label, means)
        elif text.strip() and not (means == "channels" and self._person(label, value, line)):
            self._words_of(label, value, means, text)

    def _is_own(self, address: str) -> bool:
        """Whether an address is that of the person whom the contact is: what is between is their organisation."""
        return is_named(address, untitled(self.named.name)[1], wholly=True)

    def _begins_with_person(self, text: str) -> bool:
        """Whether somebody is before the only address: `Dr. Ann Lee (director), ann@example.org`."""
        mails = [each for each in addresses(text) if each.kind == "email"]
        first = mails[0] if len(mails) == 1 else None
        name = regex.split(r"[,(<]|\s[-\u2013\u2014|]\s", first.before.strip(" <(,;:-\u2013"))[0] if first else ""
        if first and (_told_before(first) not in name or self._is_own(first.address)):
            return False
        return looks_like_person(_untitled(name.strip()))

    def _words_of(self, label: str, value: str, means: str, text: str) -> None:
        if means in ("kind", "tier", "country", "stage", "short", "person_role"):
            self.said[means] = value
            self.labels[means] = label or self.here
        elif means in _BY_CELLS:
            self.cells.take(Column(at=0, label=label or self.here or means, target=means), value)
        elif means == "private":
            self.private.append(label or self.here)
        elif means == "personal_text":
            self.angle.append(unquoted(value))
        elif means in ("mastodon", "bluesky", "website", "form", "email") and self._bare(means, value):
            return
        else:
            self.context.append(value if means == "internal_notes" and folded(label) in ("context", "note") else text)
        if is_to_research(value):
            self.missing = True

    def _bare(self, means: str, value: str) -> bool:
        """An address without its marks: `example.org` as a website, `name.bsky.social`."""
        word = value.strip().split(" ")[0].strip("<>,;")
        host = regex.fullmatch(r"@?((?:[\w-]+\.)+[a-z]{2,})(/\S*)?", word, regex.IGNORECASE)
        if host and means == "bluesky" and not host[2]:
            self.channel("bluesky", host[1], "")
        elif host and means in ("website", "form"):
            self._page(f"https://{host[1]}{host[2] or ''}", means, "")
        elif means == "mastodon" and regex.fullmatch(r"[\w.-]+@[\w.-]+\.\w+", word):
            self.channel("mastodon", f"@{word}", "")
        else:
            return False
        return True

    def _address(self, found: Address, label: str, means: str) -> None:
        if found.kind == "url":
            self._page(found.address, means, label)
        elif found.kind == "email":
            self._email(found, label, means)
        elif means != "internal_notes":
            self.channel(found.kind, found.address, "")
        if len(found.behind.split()) >= 3:
            self.context.append(f"{found.address}: " + found.behind.strip(" ()[].,;-\u2013\u2014"))

    def _email(self, found: Address, label: str, means: str) -> None:
        if means == "mastodon":
            self.channel("mastodon", f"@{found.address}", "")
            return
        before = _IN_BRACKETS.sub("", found.before).strip(" ,;/|(-\u2013:<\u2022")
        before = next((part.strip() for part in reversed(before.split(",")) if regex.search(r"\p{L}", part)), "")
        behind = regex.match(r"\s*\(([^()]{2,30})\)", found.behind)
        by_address = role_by_address(found.address)
        for name in (before, _untitled(behind[1]) if behind else "", _told_before(found)):
            does, who = _function_and_name(_untitled(name))
            if looks_like_person(who) and not self._is_own(found.address):
                self.people.append({"name": who, **({"role": does} if does else {}), "email": found.address})
                return
        words = before or (label if meaning(label) not in ("channels", "email", "website") else "")
        words = words or (behind[1] if behind and len(behind[1].split()) < 3 else "")
        role = by_address if by_address == "list" or not words else role_of(words)
        if not is_role(role) and not label and not found.before.rstrip().endswith(":") and not behind:
            role = by_address or "general"  # words on the way are not a role: `ul. Dluga 5, Krakow, info@...`
        self.channel("email", found.address, (role if len(role.split()) <= 4 else "") or by_address or "general")

    def _page(self, url: str, means: str, label: str) -> None:
        if means == "form" or is_form(url):
            role = role_of(label) if label and meaning(label) not in ("website", "form", "channels") else ""
            self.channel("form", url, "" if role == "general" or len(role.split()) > 3 else role)
            self.pages.append(origin(url))
        elif means == "website" or (not label and not self.website):
            self.website = self.website or url
        else:
            self.context.append(f"{label}: {url}" if label else url)
            self.pages.append(origin(url))

    def channel(self, kind: str, address: str, role: str) -> None:
        """A way to reach them, once."""
        if all(each.get(kind, "").casefold() != address.casefold() for each in self.channels):
            self.channels.append({kind: address, **({"role": role} if role else {})})

    def _person(self, label: str, value: str, line: Line) -> bool:
        emails = [each for each in addresses(value, line) if each.kind == "email"]
        bare = value
        for each in emails:
            bare = bare.replace(each.address, "")
        core, _, inside = label.partition("(")
        chunks = [
            chunk.strip(" <>()[]:;.\u2022-\u2013") for chunk in regex.split(r"[,(]|\s[-\u2013\u2014|]\s|\)", bare)
        ]
        chunks = [chunk for chunk in chunks if chunk]
        name, role = "", ""
        if label and looks_like_person(core.strip()) and (emails or _is_role(value)):
            name, role = core.strip(), inside.rstrip(") ") or (chunks[0] if chunks else "")
        elif chunks and is_person(_untitled(chunks[0])):
            name, role = _untitled(chunks[0]), "" if _is_of_people(label) else label
            role = role or (chunks[1] if len(chunks) > 1 else "")
        elif len(chunks) > 1 and is_person(_untitled(chunks[1])) and (not label or meaning(label) or emails):
            name, role = _untitled(chunks[1]), chunks[0]
        if not name:
            return False
        person = {"name": name}
        if role and len(role) <= 80:
            person["role"] = role
        if emails:
            person["email"] = emails[0].address
        self.people.append(person)
        if len(bare.split()) > len(name.split()) + len(role.split()) + 2:
            self.context.append(f"{label}: {bare.strip()}" if label else bare.strip())
        return True

    # --- the end ---

    def _open_question(self) -> str:
        """What the notes themselves say is to be found: `To research: who is in charge?`."""
        said = self.said.get("stage", "").strip()
        return f"{said[:1].upper()}{said[1:]}" if len(said.split()) >= 3 else ""

    def values(self, headings: tuple[str, ...], tier: int | None, source: str, collected: str) -> dict[str, Any]:
        """The values in the order of docs/format.md; `headings` stand above, the nearest first."""
        told = [str(each) for each in self.cells.fields.values()]
        name, words = self.named.name, " ".join([*self.context, *told])
        short = ("" if looks_like_person(untitled(name)[1]) else self.named.short) or self.said.get("short", "")
        said = self.said.get("kind", "")
        values: dict[str, Any] = {
            **self.cells.values,
            "name": name,
            "short": short,
            "kind": stated_kind(said) or self._kind(kind_of(name, headings, words, said or self._newsroom(words))),
            "eu": is_of_the_eu(f"{name} {short}") or self.cells.values.get("eu"),
            "tier": self._tier(tier),
            "country": self._country(),
            "website": self.website or next(iter(self.pages), ""),
            **self._reach(),
            "people": self.people,
            "personal_text": "\n\n".join(self.angle),
            "internal_notes": "\n".join(dict.fromkeys(text for text in self.context if country_named(text) is None)),
            "imported_from": source,
            "collected_on": self.cells.values.get("collected_on") or collected,
            "fields": self.cells.fields,
        }
        if said and not stated_kind(said) and not says_kind(said):
            values["tags"] = list(dict.fromkeys([*values.get("tags", []), *said.split(", ")]))
        self._not_taken(values)
        return {
            key: value
            for key, value in ordered(values).items()
            if value is not False and value not in ("", None, [], {})
        }

    def _kind(self, kind: str) -> str:
        """A person where the name is one and an address has it; else as it was told."""
        name = untitled(self.named.name)[1]
        emails = [each["email"] for each in self.channels if "email" in each]
        own = any(is_named(email, name, wholly=True) for email in emails) or "organisation" in self.cells.fields
        own = own and looks_like_person(name)
        return "person" if own and kind == "organisation" else kind

    def _tier(self, above: int | None) -> int | None:
        said = self.said.get("tier", "").strip()
        if not said:
            return above
        stated = int(said) if said.isdigit() else tier_of(f"tier {said}")
        if stated is None:
            self.cells.fields[self.labels["tier"]] = said
        return stated if stated is not None else above

    def _not_taken(self, values: dict[str, Any]) -> None:
        """What a label said and no key took is under `fields`, by its label."""
        role = self.said.get("person_role", "")
        if role and len(self.people) == 1 and "role" not in self.people[0]:
            self.people[0]["role"] = role
        elif role:
            self.cells.fields[self.labels["person_role"]] = role
        if "country" in self.said and values["country"] is None:
            self.cells.fields[self.labels["country"]] = self.said["country"]
        stage = self.said.get("stage", "")
        if stage and not is_to_research(stage) and "missing" not in values:
            self.cells.fields[self.labels["stage"]] = stage

    def _newsroom(self, words: str) -> str:
        """`media` where somebody has an address for editors or tips, and is not an institute."""
        edits = any(each.get("role") in ("editorial", "tips") for each in self.channels)
        return "media" if edits or regex.search(r"\b(?:newsroom|redaktion)\b", folded(words)) else ""

    def _country(self) -> str | None:
        inside = next((found for remark in self.named.remarks if (found := country_named(remark))), None)
        said, address = self.said.get("country", ""), str(self.cells.fields.get("address", ""))
        stated = (country_named(said) or stated_country(said)) if said else None
        at = country_named(address) if address else None
        return stated or inside or at or next((found for text in self.context[:3] if (found := country_in(text))), None)

    def _reach(self) -> dict[str, Any]:
        if not self.channels:
            for person in self.people:
                if "email" in person:
                    role = person.get("role", "")
                    self.channel("email", person["email"], role if len(role) <= 40 else "")
        missing = self.missing or is_to_research(self.said.get("stage", ""))
        if self.channels and not missing:
            return {"channels": self.channels}
        have = "only the website" if self.website or self.pages else "no address"
        found: dict[str, Any] = {
            "missing": self._open_question() or f"A mail address or a contact form; the notes have {have}.",
        }
        return {**found, **({"channels": self.channels} if self.channels else {})}


def _function_and_name(words: str) -> tuple[str, str]:
    """`Chefredakteur Jens Petersen`: what somebody does and the name; "" where only a name stands."""
    first, _, rest = words.partition(" ")
    is_function = name_form(first) in words_of("function") or is_profession(first)
    return (first, rest) if is_function and looks_like_person(rest) else ("", words)


def _told_before(found: Address) -> str:
    """Who is before an address in a sentence: Bo Fox in `Ann Lee has left, write to Bo Fox <bo@elm.example>`."""
    near = PERSON_BEFORE.search(found.before) if len(found.before.split()) > 6 else None
    return str(near[1]) if near else ""


def _core(label: str) -> str:
    """A label without what is in brackets behind it: `Ann Lee (Editor)`."""
    return label.partition("(")[0].strip()


def _is_role(value: str) -> bool:
    """Whether words beside a name may say what that person does: no yes, number, date or range."""
    word = name_form(value)
    if is_blank_word(value) or any(sign.isdigit() for sign in value):
        return False
    return not any(word == each or word.startswith(f"{each} ") for each in words_of("yes") | words_of("no"))


def _is_of_people(label: str) -> bool:
    """Whether a label only says that people follow, and not what they do: `Key people`, but not `Director`."""
    return meaning(label) == "person" and name_form(label) not in words_of("function")


def _untitled(words: str) -> str:
    """Without a form of address; a doctor or professor stays one."""
    return regex.sub(r"^(?:(?:Frau|Herrn?|Mr|Ms|Mrs|Mme|M|Madame|Monsieur|Sra|Sr)\.?\s+)+", "", words)


def unquoted(text: str) -> str:
    """Without the quotation marks around all of it."""
    text = text.strip()
    inner = text[1:-1]
    whole = len(text) > 2 and text[0] in _QUOTES and text[-1] in _QUOTES
    return inner.strip() if whole and not any(mark in inner for mark in "\u201c\u201e") else text


def fill(filling: Filling, groups: Iterable[Group]) -> Filling:
    """All groups into one contact; words without a label are context."""
    for group in groups:
        if group.label:
            filling.group(group)
            continue
        for line in group.lines:
            known = labelled(line)
            has_address = any(True for _ in addresses(line.text, line))
            filling.line(line.text, line, "channels" if has_address else "" if known else "internal_notes")
    return filling
