"""Which sections, items and rows of a document are somebody to write to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outreach.intake.addresses import addresses, is_form
from outreach.intake.notes.account import Account
from outreach.intake.notes.contact_values import Filling, fill
from outreach.intake.notes.labels import Group, groups, labelled
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.titles import (
    Named,
    is_list_title,
    is_to_research,
    named,
    names_contacts,
    tier_of,
)

_OF_CONTACTS = frozenset("channels people website form email mastodon bluesky angle phone address".split())
_OF_TABLES = frozenset("tier angle kind country language tags status people context".split())
_REACHING = frozenset("channels email form mastodon bluesky website".split())
_LONGEST_NAME = 90


class ContactReader:
    """Reads the contacts of one document into its account."""

    def __init__(self, account: Account, collected: str) -> None:
        self.account = account
        self.collected = collected
        top = account.document.top
        self.is_list = any(names_contacts(s.title) for s in top.walk() if s.level <= 2) and self._has_addresses(top)
        self.is_list = self.is_list or sum(self._is_described(s) for s in top.walk()) >= 2
        self.is_list = self.is_list or any(
            tier_of(s.title) is not None and self._has_addresses(s) for s in top.walk() if s.level
        )

    def read(self) -> None:
        """Every section that is not taken yet."""
        self._visit(self.account.document.top)

    def _visit(self, section: Section) -> None:
        if not self._is_free(section):
            return
        if self._is_contact(section):
            self._section(section)
            return
        if self.is_list or any(block.kind == "row" for block in section.blocks):
            self._listed(section)
        for child in section.children:
            self._visit(child)

    def _is_free(self, section: Section) -> bool:
        return section.level == 0 or self.account.is_free(section.line)

    # --- sections ---

    def _parts(self, section: Section) -> list[Group]:
        """The groups of a section, with deeper headings as labels."""
        found = list(groups(section.blocks))
        for child in section.children:
            below = [group for part in child.walk() for group in groups(part.blocks)]
            lines = [line for group in below for line in group.lines]
            if below and below[0].label and not meaning(child.title):
                found += below
            else:
                blocks = [block for group in below for block in group.blocks]
                found.append(Group(label=child.title, means=meaning(child.title), value="", lines=lines, blocks=blocks))
        return found

    def _is_described(self, section: Section) -> bool:
        """Whether its own labels are those of a contact, with an address among them."""
        if not named(section.title).name or meaning(section.title) or tier_of(section.title) is not None:
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
        if self._is_described(section):
            return True
        ranked = any(tier_of(above.title) is not None or is_list_title(above.title) for above in section.above())
        if not ranked or is_list_title(section.title) or is_to_research(section.title) or meaning(section.title):
            return False
        if any(self._is_described(child) for child in section.children) or len(section.title) > _LONGEST_NAME:
            return False
        found = self._parts(section)
        lines = [line for group in found for line in group.lines]
        tiered = any(tier_of(above.title) is not None for above in section.above())
        if tiered and any(is_to_research(line.text) for line in lines):
            return True
        return any(group.means in _OF_CONTACTS | ({"context"} if tiered else set()) for group in found) or any(
            each.kind != "url" for line in lines for each in addresses(line.text, line)
        )

    def _section(self, section: Section) -> None:
        filling = Filling(named(section.title))
        for link in section.links:
            filling.website = filling.website or (link.target if link.target.startswith("http") else "")
        parts = self._parts(section)
        fill(filling, parts)
        to = self._add(filling, section, section.line)
        self.account.take(section.line, section.end, "contact", to)

    def _add(self, filling: Filling, section: Section, line: int) -> str:
        above = [section, *section.above()]
        tier = next((found for each in above if (found := tier_of(each.title)) is not None), None)
        above = [each for each in above if each.level > 1] or above  # a document's title is no kind of contact
        headings = tuple(
            each.title for each in above if each.title and each.line != line and not is_to_research(each.title)
        )
        if any(is_to_research(each.title) for each in above[:1]):
            filling.missing = True
        source = f"{self.account.document.name}, line {line}"
        values = filling.values(headings, tier, source, self.collected)
        return f"contacts/{self.account.add_contact(values, line)}.yaml"

    # --- lists and tables ---

    def _listed(self, section: Section) -> None:
        self._table([block for block in section.blocks if block.kind == "row"], section)
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
        for entry in _entries(section.blocks):
            if self._is_entry(entry, research, is_listed):
                self._entry(entry, section, research)

    def _is_entry(self, entry: Sequence[Block], research: bool, is_listed: bool) -> bool:
        name, _ = _name_of(entry[0].lines[0])
        if not named(name).name or len(name) > _LONGEST_NAME or meaning(name):
            return False
        found = [each for block in entry for line in block.lines for each in addresses(line.text, line)]
        if not (entry[0].lines[0].lead or any(letter.isupper() for letter in name)):  # some write themselves so: taz
            return is_listed and len(name.split()) == 1 and any(each.kind == "email" for each in found)
        if research:
            return bool(entry[0].lines[0].lead or len(name.split()) <= 8)
        return any(each.kind != "url" or is_form(each.address) for each in found) or bool(found and is_listed)

    def _entry(self, entry: Sequence[Block], section: Section, research: bool) -> None:
        first = entry[0].lines[0]
        name, rest = _name_of(first)
        if rest.startswith("(") and ")" in rest and not any(sign in rest.partition(")")[0] for sign in "@/"):
            inside, _, rest = rest.partition(")")
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
        filling.missing = filling.missing or research
        to = self._add(filling, section, entry[0].line)
        for block in entry:
            self.account.take_block(block, "contact", to)

    def _table(self, rows: Sequence[Block], section: Section) -> None:
        for row in rows:
            columns = [meaning(title) for title in row.header]
            if "name" not in columns and columns:
                first = next((i for i, each in enumerate(columns) if each in ("", "people")), 0)
                columns[first] = (
                    "name" if columns[first] in ("", "people") or "email" not in columns else columns[first]
                )
            reaching = set(columns) & _REACHING
            if "name" not in columns or not reaching:
                continue
            if not self.is_list and not (set(columns) & _OF_TABLES and any(self._has_address(row) for row in rows)):
                continue
            self._row(row, columns, section)

    @staticmethod
    def _has_address(row: Block) -> bool:
        return any(each.kind != "url" for cell in row.lines for each in addresses(cell.text, cell))

    def _row(self, row: Block, columns: Sequence[str], section: Section) -> None:
        cells = list(zip(columns, row.header, row.lines, strict=False))
        name = next(cell.text for means, _, cell in cells if means == "name")
        if not named(name.replace("\n", " ")).name:
            return
        filling = Filling(named(name.replace("\n", " ")))
        used = False
        for means, title, cell in cells:
            if means == "name" and not used:
                used = True
                for link in cell.links:
                    filling.website = filling.website or link.target
                continue
            for text in cell.text.split("\n"):
                bare = text.strip(" \u2013\u2014-")
                if not bare:
                    continue
                inner = Line(number=cell.number, text=bare, links=cell.links)
                if means in ("", "context"):
                    filling.context.append(bare if means and "\n" not in title else f"{title}: {bare}")
                else:
                    filling.line(bare, inner, means)
        filling.missing = filling.missing or is_to_research(" ".join(cell.text for cell in row.lines))
        self.account.take_block(row, "contact", self._add(filling, section, row.line))

    @staticmethod
    def _has_addresses(section: Section) -> bool:
        return any(
            True
            for each in section.walk()
            for block in each.blocks
            for line in block.lines
            for found in addresses(line.text, line)
            if found.kind != "url" or meaning(found.before.strip(" :"))
        )


def _add_words(filling: Filling, rest: str, line: Line) -> None:
    if any(True for _ in addresses(rest, line)):
        for part in rest.split(";") if ";" in rest else [rest]:
            filling.line(part.strip(), Line(number=line.number, text=part.strip(), links=line.links), "channels")
        words = rest
        for each in addresses(rest):
            words = words.replace(each.address, "")
        words = words.strip(" ,;:-\u2013\u2014()<>|.")
        if len(words.split()) > 3:
            filling.context.append(words)
    else:
        filling.context.append(rest)


def _entries(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Items of the first depth, and paragraphs that begin bold, each with what belongs to it."""
    entry: list[Block] = []
    by_paragraph = False
    for block in blocks:
        bold = block.kind == "paragraph" and block.depth == 0 and bool(block.lines[0].lead)
        first = block.kind == "item" and block.depth == 1
        if bold or (first and not (by_paragraph and _is_detail(block))):
            if entry:
                yield entry
            entry, by_paragraph = [block], bold
        elif entry and (block.depth > 1 or (block.depth == 1 and not first) or (by_paragraph and block.kind != "row")):
            entry.append(block)
    if entry:
        yield entry


def _is_detail(block: Block) -> bool:
    """Whether an item below a bold line tells of it: it has a label, or words rather than a bold name."""
    return not block.lines[0].lead or bool((found := labelled(block.lines[0])) and found.means)


def _name_of(line: Line) -> tuple[str, str]:
    """The name with which an item begins, and the words behind it."""
    if line.lead:
        return line.lead.strip(" :"), line.rest.strip(" :-\u2013\u2014,|")
    if line.links and line.text.startswith(line.links[0].label) and "@" not in line.links[0].label:
        label = line.links[0].label
        return label, line.text[len(label) :].strip(" :-\u2013\u2014,|")
    found = labelled(line)
    if found:
        return found.label, found.value
    first = next(iter(addresses(line.text)), None)
    before = line.text[: line.text.find(first.before) + len(first.before)] if first and first.before else line.text
    cut = min(
        (at for mark in (" - ", " \u2013 ", " \u2014 ", ", ", " | ", " <") if (at := before.find(mark)) > 0),
        default=len(before),
    )
    name = before[:cut].strip(" :-\u2013\u2014,|(<")
    return name, line.text[len(name) :].strip(" :-\u2013\u2014,|")


def is_remark(title: str) -> bool:
    """Whether a heading stands in parentheses."""
    return title.startswith("(") and title.endswith(")") and bool(folded(title))
