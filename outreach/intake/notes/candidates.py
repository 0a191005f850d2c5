"""Whoever has a name and an address anywhere in notes, whatever the title above says; and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from outreach.intake.addresses import addresses
from outreach.intake.grid import rows_of_text
from outreach.intake.naming import fits, fitting, owns
from outreach.intake.notes.account import Account
from outreach.intake.notes.contacts import SOMEBODY, ContactReader
from outreach.intake.notes.endings import is_closing
from outreach.intake.notes.entries import owner
from outreach.intake.notes.entry_names import PERSON_BEFORE, is_name, is_told, name_in, reaching
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.pieces import is_about_the_list, pieces
from outreach.intake.notes.siblings import siblings
from outreach.intake.notes.tables import separated
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.pages import FOOT
from outreach.intake.persons import looks_like_person, untitled
from outreach.intake.shapes import POSTAL
from outreach.intake.titles import tier_of
from outreach.model.records import dataclass

_SENTENCE = 14
"""Words beside an address with which it is in a sentence rather than in a list."""
_QUOTED = regex.compile(r"[\"\u201c\u201e\u00ab][^\"\u201d\u00bb]+[\"\u201d\u201c\u00bb]\s*[\u2013\u2014-]\s")
"""What somebody said, before who did."""
_PHONE = regex.compile(r"(?<![\w.])(?:\+|\(?0|\d{3}[ -])[\d\s()/.-]{5,}\d(?![\w@])")


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """Blocks that name somebody; `is_sentence`: the address is in running text."""

    entry: list[Block]
    section: Section
    name: str
    found: list[str]
    is_sentence: bool = False
    is_linked: bool = False
    """An item that begins with a link to a page of theirs, by which they are called."""
    by_phone: bool = False
    """Nothing but a phone number reaches it: taken only among others."""
    tier: int | None = None
    """No candidate, but a line that ranks those below it."""


def read_candidates(account: Account, collected: str) -> None:
    """Everybody with a name and an address on lines that nobody has taken yet.

    Where they make up a list they are taken. One in a document about something else, or in a sentence, is asked about.
    """
    reader = ContactReader(account, collected)
    for section in account.document.top.walk():
        _verbatim(account, reader, section)
        for rows in _separated(account, section):
            reader.take_table(rows, section)
    found = [each for section in account.document.top.walk() for each in _candidates(account, reader, section)]
    linked = {id(each.section) for each in found if each.is_linked and each.found}
    sites = [each for each in found if each.is_linked and not each.found and id(each.section) not in linked]
    found = [each for each in found if each not in sites]
    listed = [each for each in found if each.name and not each.is_sentence and not each.by_phone]
    lines = sum(bool(line.strip()) for line in account.document.source)
    certain = bool(account.contacts) or len(listed) > 1 or len(listed) * 6 >= lines
    for each in found:
        if each.tier is not None and listed:
            reader.tier = each.tier
            account.take(each.entry[0].line, each.entry[0].end, "heading", "tier of the lines below")
        elif not each.name or (each.by_phone and not listed and not account.contacts):
            continue
        elif (certain and not each.is_sentence) or reader.is_meant(each.entry[0].line, each.name, each.found):
            _take(account, reader, each)

    _without_address(account, reader, sites if certain else [])


def _without_address(account: Account, reader: ContactReader, sites: Sequence[_Candidate]) -> None:
    """One question for all who have no address: beside others who have one, or with a page of their own."""
    with_page = []
    for section in {id(each.section): each.section for each in sites}.values():
        here = [each for each in sites if each.section is section and account.is_free(each.entry[0].line)]
        if sum(owns(each.name, each.entry[0].lines[0].links[0].target) for each in here) * 3 >= max(len(here) * 2, 6):
            with_page += here
    asked = {each.line for each in account.values.questions if each.id.startswith(SOMEBODY)}
    asked |= {each.entry[0].line for each in with_page}
    others = siblings(account, asked)
    account.values.others |= {(account.document.name, each.line.number) for each in others}
    by_line = {each.entry[0].line: each.name for each in with_page} | {each.line.number: each.name for each in others}
    if not by_line:
        return
    names = ", ".join(by_line[line] for line in sorted(by_line))
    answer = account.values.ask(
        "no-address",
        account.place(min(by_line)),
        names,
        ask=f"There is no address next to {names}. Keep them, to find one later?",
        choices=("keep", "skip"),
        default="skip",
    )
    if answer == "keep":
        for each in with_page:
            _take(account, reader, each)
        for sibling in others:
            reader.keep(sibling.name, sibling.section, sibling.line.number)


def _take(account: Account, reader: ContactReader, each: _Candidate) -> None:
    reader.take_entry(each.entry, each.section)


def _verbatim(account: Account, reader: ContactReader, section: Section) -> None:
    """Fences that hold a table: `name,email` and its rows between marks of code."""
    for block in section.blocks:
        if block.kind != "fence" or not account.is_free(block.line) or "@" not in block.content:
            continue
        first = block.line + (account.document.source[block.line - 1].lstrip()[:3] in ("```", "~~~"))
        lines = [Line(number=first + at, text=text) for at, text in enumerate(block.content.rstrip("\n").split("\n"))]
        if separated([line for line in lines if line.text.strip()]):
            rows = [
                row.moved(first - 1) for row in rows_of_text(account.document.name, block.content) if not row.is_empty
            ]
            account.take(block.line, first - 1, "contact", "a table", "taken")
            reader.take_table(rows, section)
            account.take(block.line, block.end, "contact", "a table", "taken")


def _separated(account: Account, section: Section) -> Iterator[list]:  # type: ignore[type-arg]
    """Paragraphs whose lines are rows: `Open Roads, Jana Prins, jana@roads.example`."""
    for block in section.blocks:
        if block.kind == "paragraph" and block.depth == 0 and account.is_free(block.line):
            rows = separated(block.lines)
            if rows:
                yield rows


def _candidates(account: Account, reader: ContactReader, section: Section) -> Iterator[_Candidate]:
    free = [block for block in section.blocks if block.kind in ("paragraph", "item") and account.is_free(block.line)]
    if not free:
        return
    loose: list[Block] = []
    signed = next((n for n, text in enumerate(account.document.source, 1) if n > 3 and is_closing(text.strip())), 0)
    for entry in pieces(free):
        lines = [line for block in entry for line in block.lines]
        found = [each for line in lines for each in reaching(line)]
        if is_about_the_list(entry[0]):
            for each in found:
                if each.kind == "email":
                    account.values.refuse(account.place(entry[0].line), each.address, "it is in a note about the list")
            loose = []
            continue
        if not found:
            unreached, loose = _unreached(account, entry, section, loose)
            if unreached is not None:
                yield unreached
            continue
        is_written_to = any(each.kind in ("email", "url") for each in found)
        loose = loose if is_written_to else []
        name = name_in(entry, loose, section if is_written_to else account.document.top)
        if name:
            head = [loose[-1]] if loose and folded(name) == folded(loose[-1].text.strip(" :")) else []
            whole = _with_name(entry, name, head)
            line = entry[0].lines[0]
            linked = _is_linked(entry[0]) and name == line.links[0].label
            sentence = (
                (not (head or linked or _on_a_line(lines, name) or _is_apart(line, name)) and _is_sentence(line, name))
                or (is_told(name) and name != line.text.strip() and not any(fits(name, e.address) for e in found))
                or any(each.title == FOOT for each in (section, *section.above()))
                or any(owner(each.address) in reader.makers for each in found if each.kind == "email")
                or (not line.lead and _names_two(line))
                or bool(signed and entry[0].line > signed)
                or _QUOTED.match(line.text) is not None
            )
            shown = [each.address for each in found]
            if sentence and not head:
                yield from _in_sentence(line, section, name)
            else:
                yield _Candidate(
                    entry=whole, section=section, name=name, found=shown, is_sentence=sentence, is_linked=linked
                )
        else:
            for line in lines:
                yield from _in_sentence(line, section, "")
        loose = []


def _on_a_line(lines: Sequence[Line], name: str) -> bool:
    """Whether a name begins a later line of its paragraph."""
    return any(untitled(line.text)[1].startswith(name) for line in lines[1:])


def _is_apart(line: Line, name: str) -> bool:
    """Whether a line begins with a name that its address has too, and a mark behind it: `Elm Club: Ann Lee, ...`."""
    mail = next((each.address for each in reaching(line) if each.kind == "email"), "")
    behind = line.text.partition(name)[2].lstrip("*_ ")[:1] if line.text.startswith(name) else ""
    return bool(mail and behind) and behind in ":-\u2013\u2014(|," and fits(name, mail)


def _is_sentence(line: Line, name: str) -> bool:
    """Whether a name is in running text rather than in a list."""
    words = len(line.text.split())
    ends = line.text.rstrip().endswith((".", "!", "?"))
    return not line.lead and (
        words > _SENTENCE or (words > 5 and ends) or any(part not in line.text[:90] for part in name.split())
    )


def _unreached(
    account: Account, entry: list[Block], section: Section, loose: list[Block]
) -> tuple[_Candidate | None, list[Block]]:
    """What an entry without an address may be, and the lines that may be the name of what follows."""
    first = entry[0]
    if _is_linked(first):
        return _Candidate(
            entry=entry, section=section, name=first.lines[0].links[0].label, found=[], is_linked=True
        ), []
    if _has_phone(entry):
        name = name_in(entry, loose, account.document.top)
        whole = _with_name(entry, name, []) if name else entry
        return _Candidate(entry=whole, section=section, name=name, found=[], by_phone=True) if name else None, loose
    said = tier_of(first.text) if len(entry) == 1 and len(first.text.split()) <= 6 else None
    found = None
    if said is not None:
        found = _Candidate(entry=entry, section=section, name="", found=[], tier=said)
    if not POSTAL.search(first.text):  # a street below a name leaves it the name
        loose = [*loose, *entry] if len(entry) == 1 and _could_head(first) else []
    return found, loose


def _is_linked(block: Block) -> bool:
    """Whether an item begins with a name that leads to a page: `- [Elm Club](https://elm.example) - ...`."""
    line = block.lines[0]
    begins = block.kind == "item" and line.links and line.text.startswith(line.links[0].label)
    return bool(begins and line.links[0].target.startswith("http") and is_name(line.links[0].label))


def _names_two(line: Line) -> bool:
    """Whether a later address of a line is behind a name of its own, which its domain says."""
    found = [each for each in addresses(line.text) if each.kind == "email"]
    return any(
        owner(each.address) != owner(found[0].address) and fitting(each.before, each.address) for each in found[1:]
    )


def _in_sentence(line: Line, section: Section, first: str) -> Iterator[_Candidate]:
    """Each address of a sentence with the person before it, or the words of the sentence that its domain names."""
    said = ""
    for each in reaching(line):
        said += each.before
        near = PERSON_BEFORE.search(each.before)
        person = str(near[1]) if near and looks_like_person(near[1]) else ""
        fit = fitting(said, each.address) if each.kind == "email" else ""
        whole = first if each.kind == "email" and fits(first, each.address) and not is_told(first) else ""
        name, first = whole or (fit if fit and fit in first else first) or person or fit, ""
        if name:
            short = Line(number=line.number, text=f"{name} <{each.address}>", lead=name)
            entry = [Block(kind="paragraph", line=line.number, end=line.number, lines=(short,))]
            yield _Candidate(entry=entry, section=section, name=name, found=[each.address], is_sentence=True)


def _has_phone(entry: Sequence[Block]) -> bool:
    """Whether an item or a short line has a phone number and no sentence around it."""
    text = " ".join(block.text for block in entry)
    return _PHONE.search(text) is not None and len(text.split()) <= _SENTENCE


def _could_head(block: Block) -> bool:
    return block.kind == "paragraph" and len(block.lines) == 1 and is_name(block.text)


def _with_name(entry: Sequence[Block], name: str, head: Sequence[Block]) -> list[Block]:
    """The entry with its name as the lead of its first line."""
    first = entry[0].lines[0]
    found = labelled(first)
    if head:
        top = head[0].lines[0]
        line = Line(number=top.number, text=name, lead=name, links=top.links)
        return [Block(kind="paragraph", line=top.number, end=top.number, lines=(line,)), *(_inside(b) for b in entry)]
    if found and meaning(found.label) == "name" and found.value:
        line = Line(number=first.number, text=name, lead=name, links=first.links)
    elif name in first.text:
        before, _, rest = first.text.partition(name)
        lead = name if not before.strip("\"'“”„<([ *_") else ""
        line = Line(number=first.number, text=f"{name}{rest.lstrip(chr(34))}", lead=lead or name, links=first.links)
    else:  # it is the heading's
        line = Line(number=first.number, text=name, lead=name)
        block = Block(kind="paragraph", line=first.number, end=first.number, lines=(line,))
        return [block, *(_inside(each) for each in entry)]
    kept = Block(kind=entry[0].kind, line=entry[0].line, end=entry[0].end, lines=(line, *entry[0].lines[1:]))
    return [kept, *entry[1:]]


def _inside(block: Block) -> Block:
    return Block(kind=block.kind, line=block.line, end=block.end, lines=block.lines, depth=block.depth + 1)
