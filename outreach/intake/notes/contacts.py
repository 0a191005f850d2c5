"""Which sections, items and rows of a document are somebody to write to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import regex

from outreach.intake.addresses import addresses, is_form, of_target, role_by_address
from outreach.intake.cells import country
from outreach.intake.contact import is_named
from outreach.intake.grid import Row, text_of
from outreach.intake.naming import owns
from outreach.intake.no_means_no import speaks_of_mail
from outreach.intake.notes.account import Account
from outreach.intake.notes.contact_values import Filling, fill
from outreach.intake.notes.employers import of_employer
from outreach.intake.notes.entries import entries, lists_others, name_of
from outreach.intake.notes.labels import Group, groups, labelled
from outreach.intake.notes.owners import is_of_house, is_of_makers, is_of_many, makers_of, names_others, owners_of
from outreach.intake.notes.tables import grids
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.persons import is_organised, looks_like_person, untitled
from outreach.intake.settling import used_in
from outreach.intake.shapes import shape_of
from outreach.intake.tables.reading import read_rows
from outreach.intake.titles import Named, is_list_title, is_to_research, named, names_contacts, tier_of
from outreach.intake.vocabulary import meaning as column
from outreach.model.found import FoundContact

_OF_CONTACTS = frozenset("channels person website form email mastodon bluesky personal_text phone address".split())
_REACHING = frozenset("email person_email form mastodon bluesky website social".split())
_REACHED = frozenset(("email", "handle"))
_AS_STATED = ("short", "kind", "eu", "tier", "tags", "country", "language", "timezone", "owner", "via", "found_at",
              "collected_on", "do_not_contact")  # fmt: skip
"""What a row says outright and no heading says better."""
SOMEBODY = "somebody"
"""What the ids of questions about whoever is in a document about something else begin with."""
_LONGEST_NAME = 90
_SHORT = 6
"""Lines of a document that can hold little else than the contact in it."""


class ContactReader:
    """Reads the contacts of one document into its account."""

    def __init__(self, account: Account, collected: str) -> None:
        self.account = account
        self.collected = collected
        self.tier: int | None = None
        """What a line of its own said last: `Tier 0` in plain text."""
        top = account.document.top
        self.is_short = sum(bool(line.strip()) for line in account.document.source) <= _SHORT
        self.is_list = any(names_contacts(s.title) for s in top.walk() if s.level <= 2) and self._has_addresses(top)
        self.is_list = self.is_list or sum(self._is_described(s) for s in top.walk()) >= 2
        self.is_list = self.is_list or any(
            tier_of(s.title) is not None and self._has_addresses(s) for s in top.walk() if s.level
        )
        self.owners, self.makers = owners_of(top), makers_of(top)
        written = sum(bool(line.strip()) for line in account.document.source)
        self.is_list = self.is_list or len(self.owners) > 1 or (bool(self.owners) and written <= 2 * _SHORT)

    def read(self) -> None:
        """Every section that is not taken yet."""
        self._visit(self.account.document.top)

    def _visit(self, section: Section) -> None:
        if not self._is_free(section):
            return
        if self._is_contact(section):
            self.take_section(section)
            return
        if self.is_list or any(block.kind == "row" for block in section.blocks):
            self._listed(section)
        for child in section.children:
            self._visit(child)

    def _is_free(self, section: Section) -> bool:
        return section.level == 0 or self.account.is_free(section.line)

    # --- sections ---

    def _parts(self, section: Section) -> list[Group]:
        """The groups of a section, with deeper headings as labels; tables that are lists of others are none of it."""
        found = list(groups(self._own(section)))
        for child in section.children:
            below = [group for part in child.walk() for group in groups(self._own(part))]
            lines = [line for group in below for line in group.lines]
            if below and below[0].label and not meaning(child.title):
                found += below
            else:
                blocks = [block for group in below for block in group.blocks]
                found.append(Group(label=child.title, means=meaning(child.title), value="", lines=lines, blocks=blocks))
        return found

    def _own(self, section: Section) -> list[Block]:
        is_row = {block.line: block.kind in ("row", "other") and bool(block.lines) for block in section.blocks}
        return [b for b in section.blocks if not is_row[b.line] or self.account.is_free(b.line)]

    def _is_described(self, section: Section) -> bool:
        """Whether its own labels are those of a contact, with an address among them."""
        name = named(section.title).name
        if not name or meaning(section.title) or tier_of(section.title) is not None or country(name):
            return False
        if is_list_title(section.title) or any(not meaning(child.title) for child in section.children):
            return False
        found = self._parts(section)
        lines = [line for group in found for line in group.lines]
        words = {group.means for group in found} | {each.means for line in lines if (each := labelled(line))}
        return bool(words & _OF_CONTACTS) and any(True for line in lines for _ in addresses(line.text, line))

    def _is_contact(self, section: Section) -> bool:
        if not self.is_list or not named(section.title).name or tier_of(section.title) is not None:
            return False
        if is_of_makers(section, self.makers):
            return False
        if section in self.owners:
            return True
        if any(child in self.owners for child in section.children) or is_of_many(section):
            return False
        if speaks_of_mail(named(section.title).name.strip("~")) or lists_others(section):
            return False
        if self._is_described(section):
            return True
        beside = section.parent.children if section.parent else []
        among = sum(self._is_described(each) for each in beside) > 1
        owned = sum(each in self.owners for each in beside) > 1
        links = [*section.links, *(each for block in section.blocks for line in block.lines for each in line.links)]
        if (among or owned) and any(owns(section.title, link.target) for link in links):
            return True  # one of several of whom the others have an address too
        ranked = among or any(
            tier_of(above.title) is not None or is_list_title(above.title) for above in section.above()
        )
        if not ranked or is_list_title(section.title) or is_to_research(section.title) or meaning(section.title):
            return False
        if (
            names_others(section)
            or any(self._is_described(child) for child in section.children)
            or len(section.title) > _LONGEST_NAME
        ):
            return False
        found = self._parts(section)
        lines = [line for group in found for line in group.lines]
        tiered = any(tier_of(above.title) is not None for above in section.above())
        if (tiered or among) and any(is_to_research(line.text) for line in lines):
            return True
        if (among or owned) and any(meaning(link.label) == "website" for link in links):
            return True
        return any(group.means in _OF_CONTACTS | ({"internal_notes"} if tiered else set()) for group in found) or any(
            each.kind != "url" for line in lines for each in addresses(line.text, line)
        )

    def take_section(self, section: Section) -> None:
        """A section that is about somebody, with all below it but the tables of others."""
        names = [each for each in self._parts(section) if each.value and (column(each.label) or ("",))[0] == "name"]
        said = names[0].value if names else ""
        filling = Filling(named(said or section.title))  # `# Partner form` with `Name of organisation: Elm Club`
        for link in section.links:
            filling.website = filling.website or (link.target if link.target.startswith("http") else "")
        for part in section.walk():
            self._tables(part, filling)
        fill(filling, (each for each in self._parts(section) if not said or each.value != said))
        to = self._add(filling, section, section.line)
        self.account.take(section.line, section.end, "contact", to)

    def keep(self, name: str, section: Section, line: int) -> None:
        """Somebody without an address, who is to be found."""
        filling = Filling(named(name))
        filling.missing = True
        self.account.take(line, line, "contact", self._add(filling, section, line))

    def _add(self, filling: Filling, section: Section, line: int, stated: Mapping[str, Any] | None = None) -> str:
        above = [section, *section.above()]
        tier = next((found for each in above if (found := tier_of(each.title)) is not None), self.tier)
        above = [each for each in above if each.level > 1] or above  # a document's title is not a kind of contact
        headings = tuple(
            each.title for each in above if each.title and each.line != line and not is_to_research(each.title)
        )
        if any(is_to_research(each.title) for each in above[:1]):
            filling.missing = True
        source = f"{self.account.document.name}, line {line}"
        values = of_employer({**filling.values(headings, tier, source, self.collected), **(stated or {})})
        return f"contacts/{self.account.add_contact(values, line, filling.named.marks)}.yaml"

    # --- lists and tables ---

    def _listed(self, section: Section) -> None:
        self._tables(section)
        if not self.is_list:
            return
        research = is_to_research(section.title)
        ranked = research or any(
            tier_of(each.title) is not None or is_list_title(each.title) or names_contacts(each.title)
            for each in (section, *section.above())
        )
        if not ranked:
            return
        is_listed = tier_of(section.title) is not None or (section.level > 1 and is_list_title(section.title))
        for entry in entries(section.blocks):
            if self._is_entry(entry, research, is_listed):
                self.take_entry(entry, section, research)

    def _is_entry(self, entry: Sequence[Block], research: bool, is_listed: bool) -> bool:
        name, _ = name_of(entry[0].lines[0])
        if not named(name).name or len(name) > _LONGEST_NAME or meaning(name) or "@" in name:
            return False
        found = [each for block in entry for line in block.lines for each in addresses(line.text, line)]
        if not (entry[0].lines[0].lead or any(letter.isupper() for letter in name)):  # some write themselves so: taz
            return is_listed and len(name.split()) == 1 and any(each.kind == "email" for each in found)
        if research:
            return bool(entry[0].lines[0].lead or len(name.split()) <= 8)
        if not found and any(is_to_research(line.text) for block in entry for line in block.lines):
            return len(name.split()) <= 8
        return any(each.kind != "url" or is_form(each.address) for each in found) or bool(found and is_listed)

    def take_entry(self, entry: Sequence[Block], section: Section, research: bool = False) -> None:
        """An item or paragraph that is about somebody, with what is nested in it."""
        first = entry[0].lines[0]
        name, rest = name_of(first)
        inside = rest.partition(")")[0] if rest.startswith("(") and ")" in rest else ""
        if inside and "/" not in inside and not any(addresses(inside)):
            rest = rest.partition(")")[2]
            name, rest = f"{name} {inside})", rest.strip(" :-\u2013\u2014,|")
        known = {each.values.get("short", "") for each in self.account.contacts} | {
            each.values["name"] for each in self.account.contacts
        }
        title = named(name)
        if research and (title.name in known or (title.short and title.short in known)) and rest:
            title = Named(name=f"{title.short or title.name}: {rest}"[:_LONGEST_NAME])
        filling = Filling(title)
        if rest:
            _add_words(filling, rest, first)
        below = [*(Line(number=x.number, text=x.text, lead=x.lead, links=x.links) for x in entry[0].lines[1:])]
        inner = [Block(kind="paragraph", line=x.number, end=x.number, lines=(x,)) for x in below]
        nested = [
            Block(kind=b.kind, line=b.line, end=b.end, lines=b.lines, depth=max(b.depth - 1, 0)) for b in entry[1:]
        ]
        fill(filling, groups([*inner, *nested]))
        for link in first.links:
            if link.label and link.label == name and link.target.startswith("http"):
                filling.website = filling.website or link.target
            elif of_target(link.target)[0] == "email":
                address = of_target(link.target)[1]
                filling.channel("email", address, role_by_address(address) or "general")
        filling.missing = filling.missing or research
        to = self._add(filling, section, entry[0].line)
        for block in entry:
            self.account.take_block(block, "contact", to)

    def _tables(self, section: Section, of: Filling | None = None) -> None:
        """The tables of a section that hold addresses, or whose labels say that they hold contacts.

        One with the desks and people of the heading's organisation is about that: `of`, or a contact of its own.
        """
        for rows in grids(section.blocks):
            if not self.account.is_free(rows[0].line):
                continue
            above = [each for each in section.blocks if each.line < rows[0].line][-1:] if of is None else []
            head = above[0].lines[0].lead if above and above[0].kind == "paragraph" else ""
            head = head if head and head == above[0].text and is_of_house(rows, section, head) else ""
            if head or is_of_house(rows, section, section.title):
                self._desks(rows, section, of, head)
                continue
            reached = sum(
                any(shape_of(text_of(cell)) in _REACHED for cell in row.cells) or bool(row.links) for row in rows
            )
            targets = {(column(text_of(cell)) or ("",))[0] for cell in rows[0].cells}
            said = "name" in targets and bool(targets & _REACHING)
            sites = sum(any(shape_of(text_of(cell)) == "url" for cell in row.cells) for row in rows) + sum(
                any(target.startswith("http") for _, target in row.links) for row in rows
            )
            of_sites = sites > 1 and "website" in targets
            if (self.is_list and said) or reached or of_sites:
                is_certain = self.is_list or reached > 1 or of_sites or self.is_short or bool(self.account.contacts)
                self.take_table(rows, section, is_certain=is_certain)

    def _desks(self, rows: list[Row], section: Section, of: Filling | None, title: str) -> None:
        """The desks of whoever the heading names, or `title`, a bold line right above them."""
        filling = of or Filling(named(title or section.title))
        for each in read_rows(self.account.document.name, rows, {}, self.account.values).contacts:
            name, emails = str(each.values["name"]), [dict(one) for one in each.values.get("channels", ())]
            filling.channels += emails
            filling.people += [dict(one) for one in each.values.get("people", ())]
            if looks_like_person(untitled(name)[1]):
                mine = next((one["email"] for one in emails if "email" in one and is_named(one["email"], name)), "")
                filling.people.append({"name": name, **({"email": mine} if mine else {})})
        above = next((each for each in reversed(section.blocks) if title and each.line < rows[0].line), None)
        line = section.line if above is None else above.line
        to = self._add(filling, section, line) if of is None else "the contact above"
        self.account.take(rows[0].line, rows[-1].end, "contact", to)
        if above is not None:
            self.account.take_block(above, "contact", to)
        elif of is None:
            self.account.take_heading(section, "contact", to)

    def take_table(self, rows: list[Row], section: Section, *, is_certain: bool = True) -> None:
        """A table is read as one of a file; its rows get what the headings above it say.

        One that is not certainly a list of contacts is asked about.
        """
        found = read_rows(self.account.document.name, rows, {}, self.account.values)
        if not is_certain:
            kept = [
                each
                for each in found.contacts
                if self.is_meant(each.line, str(each.values["name"]), used_in(each.values))
            ]
            if not kept:
                return
            found = replace(found, contacts=tuple(kept))
        lines = {each.line: each for each in found.contacts}
        for passage in found.passages:
            contact = lines.get(passage.line)
            if contact is None and passage.kind != "not-understood":
                self.account.take(passage.line, passage.end, passage.read_as, passage.to, passage.kind)
        for each in found.contacts:
            self._from_table(each, section)
        for text in found.texts:
            self.account.add_text(text.folder, text.name.removesuffix(".md"), text.front, text.body, text.line)

    def is_meant(self, line: int, name: str, found: Collection[str]) -> bool:
        """Whether somebody in a document about something else is to be written to: asked, and not until then."""
        reached = f" ({', '.join(sorted(found))})" if found else ""
        self.account.values.others.add((self.account.document.name, line))
        answer = self.account.values.ask(
            SOMEBODY,
            self.account.place(line),
            " ".join([name, *sorted(found)]),
            ask=f'Do you want to write to "{name}"{reached}?',
            choices=("yes", "no"),
            default="no",
            affects=tuple(sorted(found)),
        )
        return answer == "yes"

    def _from_table(self, each: FoundContact, section: Section) -> None:
        name = str(each.values["name"])
        title = named(name) if named(name).short else Named(name=name)
        values = {key: value for key, value in each.values.items() if key not in ("id", "imported_from")}
        filling = Filling(replace(title, marks=each.marks))
        filling.channels = [dict(channel) for channel in values.get("channels", ())]
        for channel in filling.channels:
            if "email" in channel and "role" not in channel:
                channel["role"] = role_by_address(channel["email"]) or "general"
        filling.people = [dict(person) for person in values.get("people", ())]
        filling.website = str(values.get("website", ""))
        filling.context += [str(values["internal_notes"])] if "internal_notes" in values else []
        filling.angle += [str(values["personal_text"])] if "personal_text" in values else []
        filling.missing = "missing" in values
        filling.cells.fields = dict(values.get("fields", {}))
        stated = {key: values[key] for key in _AS_STATED if key in values}
        self.account.take(each.line, each.line, "contact", self._add(filling, section, each.line, stated))

    @staticmethod
    def _has_addresses(section: Section) -> bool:
        lines = (line for each in section.walk() for block in each.blocks for line in block.lines)
        found = (each for line in lines for each in addresses(line.text, line))
        return any(each.kind != "url" or meaning(each.before.strip(" :")) for each in found)


def _add_words(filling: Filling, rest: str, line: Line) -> None:
    if any(True for _ in addresses(rest, line)):
        for part in rest.split(";") if ";" in rest else [rest]:
            filling.line(part.strip(), Line(number=line.number, text=part.strip(), links=line.links), "channels")
        words = rest
        for each in addresses(rest):
            words = words.replace(each.address, "")
        words = words.strip(" ,;:-\u2013\u2014()<>|.")
        _leftover(filling, words)
    else:
        filling.context.append(rest)


def _leftover(filling: Filling, words: str) -> None:
    """Words beside an address that are not a role, person or address: a country, else context."""
    named = [each["name"] for each in filling.people]
    said = [str(value) for each in [*filling.people, *filling.channels] for value in each.values()]
    told = folded(" ".join([*filling.context, *said]))
    parts = [part.strip(' .:<>"') for part in regex.split(r"[,;|]|\s[\u2013\u2014-]\s|[()]", words)]
    left = [
        part
        for part in parts
        if regex.search(r"\p{L}", part) and folded(part) not in told and not any(name in part for name in named)
        if not regex.fullmatch(r"(?:www\.|https?:)\S+", part)
    ]
    for part in left:
        if "country" not in filling.said and len(part) > 2 and country(part):
            filling.said["country"], filling.labels["country"] = part, "Country"
    rest = [part for part in left if part != filling.said.get("country")]
    person = untitled(filling.named.name)[1]
    own = any(is_named(each["email"], person, wholly=True) for each in filling.channels if "email" in each)
    if rest and looks_like_person(person) and (own or is_organised(folded(rest[0]))):
        filling.cells.fields.setdefault("organisation", rest.pop(0))
    if len(words.split()) > 3 and not any(words in each for each in filling.context):
        filling.context.append(words)
    elif rest:
        filling.context.append(", ".join(rest))
