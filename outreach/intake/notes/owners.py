"""Whose an address in notes is: of the line it is on, or of the heading above desks and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from outreach.intake.addresses import addresses
from outreach.intake.cells import country
from outreach.intake.grid import Row, text_of
from outreach.intake.naming import fits, is_part
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.entries import entries, lists_others, name_of, owner
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.words import meaning
from outreach.intake.outline import Section
from outreach.intake.pages import FOOT
from outreach.intake.persons import is_desk, looks_like_person, untitled
from outreach.intake.titles import is_list_title, named, tier_of
from outreach.intake.vocabulary import folded, kind_of


def owners_of(top: Section) -> set[Section]:
    """The sections whose heading is an organisation, with desks and people of it below.

    A heading owns the addresses below where its name is in their domain; others do where nothing below has a name of
    its own, no other heading has the domain, and such headings are in the document, or no people are below.
    """
    sections = [each for each in top.walk() if _can_own(each)]
    seen = Counter(domain for each in sections for domain in {owner(mail) for _, mail in _mails(each)})
    found: set[Section] = set()
    perhaps: set[Section] = set()
    for section in sections:
        title, mails = named(section.title).name, list(_mails(section))
        is_named = sum(fits(title, mail) for _, mail in mails) * 2 >= len({owner(mail) for _, mail in mails})
        people = any(looks_like_person(untitled(named(name).name)[1]) for name, _ in mails)
        if lists_others(section) and not (is_named and len({owner(mail) for _, mail in mails}) == 1):
            continue
        if not all(is_part(name, mail) or (is_named and fits(title, mail)) for name, mail in mails):
            continue
        house = people and any(seen[owner(mail)] > 1 for _, mail in mails)  # a council, by its parties
        if is_named and not house:
            found.add(section)
        elif (
            not house
            and len({owner(mail) for _, mail in mails}) == 1
            and all(seen[owner(mail)] == 1 for _, mail in mails)
        ):
            (perhaps if people else found).add(section)
    return found | perhaps if found else found


def makers_of(top: Section) -> set[str]:
    """Whose addresses are in the foot of a page that has others too: who made it, and is asked about."""
    found = {(owner(each.address), any(above.title == FOOT for above in (section, *section.above())))
             for section in top.walk() for block in section.blocks for line in block.lines
             for each in addresses(line.text, line) if each.kind == "email"}  # fmt: skip
    feet = {domain for domain, is_foot in found if is_foot}
    return feet if {domain for domain, _ in found} - feet else set()


def is_of_makers(section: Section, makers: Collection[str]) -> bool:
    """Whether a heading has an address of those who made the page."""
    return bool(makers) and any(owner(mail) in makers for part in section.walk() for _, mail in _mails(part))


def is_of_many(section: Section) -> bool:
    """Whether the addresses below a heading are of three owners or more, and most have nothing of its name."""
    mails = {owner(mail): mail for _, mail in _mails(section)}
    return len(mails) > 2 and sum(fits(named(section.title).name, mail) for mail in mails.values()) * 2 < len(mails)


def is_of_house(rows: Sequence[Row], section: Section, title: str) -> bool:
    """Whether a table has desks and people of the organisation in `title`: its domain is theirs, and no cell's."""
    title = named(title).name
    if _is_of_people(title):
        return False
    mails = [(each.address, row) for row in rows for cell in row.cells for each in addresses(text_of(cell))
             if each.kind == "email"]  # fmt: skip
    if not title or len({owner(mail) for mail, _ in mails}) != 1:
        return False
    cells = [(text_of(cell), mail) for mail, row in mails for cell in row.cells if "@" not in text_of(cell)]
    return all(fits(title, mail) for mail, _ in mails) and not any(fits(cell, mail) for cell, mail in cells)


def names_others(section: Section) -> bool:
    """Whether each address below a heading is beside the name of an organisation, and none is the heading's."""
    mails, title = list(_mails(section)), named(section.title).name
    return bool(mails) and not any(fits(title, mail) or is_part(name, mail) for name, mail in mails)


def _can_own(section: Section) -> bool:
    title = named(section.title).name
    if section.level == 0 or not title or len(title.split()) > 9 or not any(True for _ in _mails(section)):
        return False
    if meaning(title) or is_list_title(title) or tier_of(title) is not None or says_no(title) or country(title):
        return False
    if is_desk(title) or _is_of_people(section.title):
        return False
    if any(any(True for _ in _mails(each)) and not meaning(each.title) for each in section.children):
        return False
    rows = [line.text for block in section.blocks if block.kind == "row" for line in block.lines]
    listed = {owner(each.address) for text in rows for each in addresses(text) if each.kind == "email"}
    return len(listed) < 3  # a table below it lists others


def _is_of_people(title: str) -> bool:
    """Whether a heading says that people stand below it: `MPs`, `Your councillors`."""
    return any(kind_of(form) == "person" for word in folded(title).split() for form in (word, word.removesuffix("s")))


def _mails(section: Section) -> Iterator[tuple[str, str]]:
    """Each mail address below a heading, with the name of its line, its item, or of the line above an address alone."""
    heads = {
        line.number: name_of(entry[0].lines[0])[0]
        for entry in entries(section.blocks)
        for block in entry
        for line in block.lines
    }
    above = ""
    for block in section.blocks:
        for line in block.lines if block.kind in ("paragraph", "item") else ():
            mails = [each.address for each in addresses(line.text, line) if each.kind == "email"]
            own, head = name_of(line)[0], heads.get(line.number, "")
            own = above if "@" in own or not own else own
            if not mails:
                above = "" if labelled(line) else line.text.strip(" :")
            for mail in mails:
                yield (own if is_part(head, mail) or not is_part(own, mail) else head), mail
                above = ""
