"""Whose an address in notes is: that of the line it stands on, or that of the heading above a list of desks and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import regex

from outreach.intake.addresses import addresses
from outreach.intake.cells import country
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.entries import entries, lists_others, name_of, owner
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.words import meaning
from outreach.intake.outline import Section
from outreach.intake.persons import is_desk, looks_like_person, untitled
from outreach.intake.titles import is_list_title, named, tier_of
from outreach.intake.vocabulary import folded, kind_of, words_of
from outreach.words.mail_providers import FREE_MAIL

_CAPITALS = regex.compile(
    r"\p{Lu}[\p{L}\p{N}&'\u2019.-]*(?:\s(?:(?:of|for|the|de|du|des|di|da|do|del|la|für|und|van|and|&)\s){0,2}"
    r"\p{Lu}[\p{L}\p{N}&'\u2019-]*){0,5}"
)


def fits(name: str, address: str) -> bool:
    """Whether a name is in the domain of an address: `Morning Ledger` in `news@ledger.example`, `New York Times` as nyt.

    At a provider of mailboxes the part before the `@` counts.
    """
    local, _, domain = address.casefold().partition("@")
    labels = [folded(local)] if domain in FREE_MAIL else [folded(label) for label in domain.split(".")[:-1]]
    squeezed = [label.replace(" ", "") for label in labels]
    words = [word for word in folded(name).split() if word not in words_of("filler")]
    if any(len(word) > 3 and any(word in label for label in squeezed) for word in words):
        return True
    initials, joined = "".join(word[0] for word in words), "".join(words)
    parts = {part for label in labels for part in label.split()}
    return (len(initials) > 2 and any(part.startswith(initials) for part in parts)) or (
        len(joined) > 2 and joined in parts
    )


def is_part(name: str, address: str) -> bool:
    """Whether what stands before an address is no organisation: a person, a desk, a label, or nothing."""
    bare = named(name).name.strip(" \"'*_")
    if not bare or "@" in bare or meaning(bare):
        return True
    return not fits(bare, address) and (looks_like_person(untitled(bare)[1]) or is_desk(bare))


def fitting(text: str, address: str) -> str:
    """The words of a sentence that the domain of an address names: `the Rent Observatory` of info@rentobservatory.example."""
    found = [match.group() for match in _CAPITALS.finditer(text)]
    return max((each for each in found if fits(each, address) and not says_no(each)), key=len, default="")


def owners_of(top: Section) -> set[Section]:
    """The sections whose heading is an organisation, with desks and people of it below.

    A heading owns the addresses below where its name is in their domain; others do where nothing below has a name of
    its own, no other heading has the domain, and such headings are in the document, or no people stand below.
    """
    sections = [each for each in top.walk() if _can_own(each)]
    seen = Counter(domain for each in sections for domain in {owner(mail) for _, mail in _mails(each)})
    found, perhaps = set(), set()
    for section in sections:
        title, mails = named(section.title).name, list(_mails(section))
        is_named = any(fits(title, mail) for _, mail in mails)
        people = any(looks_like_person(untitled(named(name).name)[1]) for name, _ in mails)
        if lists_others(section) and not (is_named and len({owner(mail) for _, mail in mails}) == 1):
            continue
        if not all(is_part(name, mail) or (is_named and fits(title, mail)) for name, mail in mails):
            continue
        if is_named:
            found.add(section)
        elif len({owner(mail) for _, mail in mails}) == 1 and all(seen[owner(mail)] == 1 for _, mail in mails):
            (perhaps if people else found).add(section)
    return found | perhaps if found else found


def _can_own(section: Section) -> bool:
    title = named(section.title).name
    if section.level == 0 or not title or len(title.split()) > 9 or not any(True for _ in _mails(section)):
        return False
    if meaning(title) or is_list_title(title) or tier_of(title) is not None or says_no(title) or country(title):
        return False
    if is_desk(title) or any(kind_of(word) == "person" for word in folded(title).split()):
        return False
    return not any(any(True for _ in _mails(each)) and not meaning(each.title) for each in section.children)


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
