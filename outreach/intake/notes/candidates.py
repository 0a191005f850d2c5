"""Whoever has a name and an address anywhere in notes, whatever the title above says; and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

import regex

from outreach.intake.addresses import addresses
from outreach.intake.grid import rows_of_text
from outreach.intake.naming import fits, fitting, is_part
from outreach.intake.notes.account import Account
from outreach.intake.notes.contacts import ContactReader
from outreach.intake.notes.endings import is_closing
from outreach.intake.notes.entries import entries, name_of, owner
from outreach.intake.notes.entry_names import PERSON_BEFORE, POSTAL, is_name, is_told, name_in, reaching
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.tables import separated
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.pages import FOOT
from outreach.intake.persons import in_order, is_desk, looks_like_person, untitled
from outreach.intake.titles import tier_of
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import words_of
from outreach.model.records import dataclass

_SENTENCE = 14
"""Words beside an address with which it stands in a sentence rather than in a list."""
_QUOTED = regex.compile(r"[\"\u201c\u201e\u00ab][^\"\u201d\u00bb]+[\"\u201d\u201c\u00bb]\s*[\u2013\u2014-]\s")
"""What somebody said, before who did."""
_PHONE = regex.compile(r"(?<![\w.])(?:\+|\(?0|\d{3}[ -])[\d\s()/.-]{5,}\d(?![\w@])")


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """Blocks that name somebody; `is_sentence`: the address stands in running text."""

    entry: list[Block]
    section: Section
    name: str
    found: list[str]
    is_sentence: bool = False
    is_linked: bool = False
    """An item that begins with a link to a page of theirs, by which they are called."""
    is_bare: bool = False
    """An item that has a name and nothing else: asked about among others."""
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
    found = [each for each in found if each.found or not each.is_linked or id(each.section) in linked]
    bare = [each for each in found if each.is_bare]
    found = [each for each in found if not each.is_bare]
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

    _without_address(account, reader, listed, bare)


def _without_address(
    account: Account, reader: ContactReader, listed: Sequence[_Candidate], bare: Sequence[_Candidate]
) -> None:
    """One question for the names of a list whose other items have addresses."""
    for section in {id(each.section): each.section for each in bare}.values():
        here = [each for each in bare if each.section is section and account.is_free(each.entry[0].line)]
        others = sum(each.section is section and each.entry[0].kind == "item" for each in listed)
        if not here or others < 2 or len(here) > others:
            continue
        names = ", ".join(each.name for each in here)
        answer = account.values.ask(
            "no-address",
            account.place(here[0].entry[0].line),
            names,
            ask=f"There is no address next to {names}. Keep them, to find one later?",
            choices=("keep", "skip"),
            default="skip",
        )
        for each in here if answer == "keep" else ():
            _take(account, reader, each)


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
    for entry in _pieces(free):
        lines = [line for block in entry for line in block.lines]
        found = [each for line in lines for each in reaching(line)]
        if _is_about_the_list(entry[0]):
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
                (not head and not linked and _is_sentence(line, name))
                or (is_told(name) and not any(fits(name, each.address) for each in found))
                or any(each.title == FOOT for each in (section, *section.above()))
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


def _is_sentence(line: Line, name: str) -> bool:
    """Whether a name stands in running text rather than in a list."""
    words = len(line.text.split())
    ends = line.text.rstrip().endswith((".", "!", "?"))
    return not line.lead and (words > _SENTENCE or (words > 5 and ends) or name not in line.text[:90])


def _unreached(
    account: Account, entry: list[Block], section: Section, loose: list[Block]
) -> tuple[_Candidate | None, list[Block]]:
    """What an entry without an address may be, and the lines that may be the name of what follows."""
    first, name = entry[0], name_of(entry[0].lines[0])[0]
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
    elif first.kind == "item" and first.ticked is None and len(entry) == 1 and is_name(name):
        found = _Candidate(entry=entry, section=section, name=name, found=[], is_bare=True)
    if not POSTAL.search(first.text):  # a street below a name leaves it the name
        loose = [*loose, *entry] if len(entry) == 1 and _could_head(first) else []
    return found, loose


def _is_linked(block: Block) -> bool:
    """Whether an item begins with a name that leads to a page: `- [Elm Club](https://elm.example) - ...`."""
    line = block.lines[0]
    begins = block.kind == "item" and line.links and line.text.startswith(line.links[0].label)
    return bool(begins and line.links[0].target.startswith("http") and is_name(line.links[0].label))


def _is_about_the_list(block: Block) -> bool:
    """`Updated: May 2026 by Jo Doe, jo@list.example`, `From: ...`, and what begins with two words that say so."""
    found = labelled(block.lines[0])
    if block.text.startswith(("(c)", "\u00a9")):
        return True
    if found and name_form(found.label) in words_of("note") | words_of("header_from", "mail"):
        return True
    words = name_form(block.text[:60]).split()
    return any(" ".join(words[:size]) in words_of("note") for size in (2, 3, 4))


def _names_two(line: Line) -> bool:
    """Whether a later address of a line stands behind a name of its own, which its domain says."""
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
        name, first = (fit if fit and fit in first else first) or person or fit, ""
        if name:
            short = Line(number=line.number, text=f"{name} <{each.address}>", lead=name)
            entry = [Block(kind="paragraph", line=line.number, end=line.number, lines=(short,))]
            yield _Candidate(entry=entry, section=section, name=name, found=[each.address], is_sentence=True)


def _has_phone(entry: Sequence[Block]) -> bool:
    """Whether an item or a short line has a phone number and no sentence around it."""
    text = " ".join(block.text for block in entry)
    return _PHONE.search(text) is not None and len(text.split()) <= _SENTENCE


def _pieces(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Items with what is nested in them; paragraphs whole where their first line is a name, else line by line."""
    waiting: list[Block] = []
    left = list(blocks)
    while left:
        block = left.pop(0)
        below = list(takewhile(_tells_more, left)) if block.kind == "paragraph" and not block.depth else []
        if (block.kind == "item" or block.depth or block.lines[0].lead) and not _names_many(block):
            waiting += [block, *below]
            del left[: len(below)]
            continue
        yield from entries(waiting) if waiting else ()
        waiting = []
        first, *rest = block.lines
        if below and not rest and not reaching(first) and is_name(first.text):
            yield [block, *below]
            del left[: len(below)]
        elif rest and not reaching(first) and any(reaching(line) for line in rest) and _is_whole(block):
            yield [block]
        else:
            for line in (part for whole in block.lines for part in _one_each(whole)):
                yield [Block(kind="paragraph", line=line.number, end=line.number, lines=(line,))]
    yield from entries(waiting) if waiting else ()


def _tells_more(block: Block) -> bool:
    """Whether a paragraph has nothing but known labels: `Email: info@bees.example`, below a name alone."""
    found = [labelled(line) for line in block.lines]
    if "@" in block.text and _is_about_the_list(block):
        return False
    return block.kind == "paragraph" and all(
        each and each.value and each.means != "name" and (each.means or is_desk(each.label)) for each in found
    )


def _names_many(block: Block) -> bool:
    """Whether the lines of a paragraph name one after the other: two MPs, two papers, each with an address."""
    named_here = [(name_of(line)[0], reaching(line)[0].address) for line in block.lines if reaching(line)]
    if block.kind != "paragraph" or len(named_here) < 2 or not reaching(block.lines[0]):
        return False
    of_people = looks_like_person(untitled(named_here[0][0])[1])
    others = [
        looks_like_person(untitled(name)[1]) if of_people else not is_part(name, address)
        for name, address in named_here[1:]
        if is_name(name)
    ]
    return any(others)


def _one_each(line: Line) -> list[Line]:
    """A line of `Name <address>, Name <address>` as one line for each; any other as it is."""
    found = [each for each in addresses(line.text) if each.kind == "email"]
    told = [each.before.rpartition(": ")[2].strip(" ,;<>()").strip("\"'\u201c\u201d").strip() for each in found]
    names = [in_order(name) for name in told]
    if len([name for name in names if is_name(name)]) < 2 or any(name[:1].islower() for name in names):
        return [line]  # a sentence: `The club (info@club.example) and the union`
    return [
        Line(number=line.number, text=f"{name} {each.address}".strip(), lead=name)
        for name, each in zip(names, found, strict=True)
    ]


def _is_whole(block: Block) -> bool:
    """Whether a paragraph tells of one: a name or a label first, then labels, people and addresses."""
    first = block.lines[0]
    found = labelled(first)
    if found and meaning(found.label) == "name":
        return True
    if found and found.value:
        return False
    if first.text.rstrip(" *_").endswith(":") and not looks_like_person(first.text.strip(" :*_")):
        return not any(is_name(name_of(line)[0]) and not labelled(line) for line in block.lines[1:] if reaching(line))
    named_again = [line for line in block.lines[1:] if not reaching(line) and not labelled(line) and is_name(line.text)]
    reached = [line for line in block.lines[1:] if reaching(line)]
    owners = {
        owner(reaching(line)[0].address) for line in reached if not is_part(name_of(line)[0], reaching(line)[0].address)
    }
    if len(owners) > 1:
        return False  # `TOWNS`, and each on a line of its own below
    alternating = len(named_again) >= len(reached) > 1
    return is_name(first.text) and not alternating


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
