"""Whoever has a name and an address anywhere in notes, whatever the title above says; and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import regex

from outreach.intake.addresses import Address, addresses, fault_of, is_form
from outreach.intake.grid import rows_of_text
from outreach.intake.naming import fitting, is_part
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.account import Account
from outreach.intake.notes.contacts import ContactReader
from outreach.intake.notes.endings import is_closing
from outreach.intake.notes.entries import entries, name_of, owner
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.tables import separated
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.pages import FOOT
from outreach.intake.persons import in_order, is_blank_word, is_desk, looks_like_person, untitled
from outreach.intake.titles import is_list_title, named, names_contacts, tier_of
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import roles, words_of

_MOST_WORDS = 9
_SENTENCE = 14
"""Words beside an address with which it stands in a sentence rather than in a list."""
_ENDS = frozenset(
    "to at an bei from via by of for or and und oder write mail email contact contacts call reach ask see please "
    "schreib schreiben an von mit à chez de du pour par a en con da di per em por para na do z o naar aan bij van "
    "subject re cc bcc is are at: regards cheers gruß grüße".split()
)
_NAMES_TOO = frozenset("An En Do Da Di Con Van Per Par Por".split())
"""Of these, what ends a name where it has a capital: `Jong Van`, `Le Van An`."""
_PERSON_BEFORE = regex.compile(
    r"((?:\p{Lu}[\p{L}.'\u2019-]*\s+){1,3}\p{Lu}[\p{L}'\u2019-]+)[\"'\u201d)]?\s*[,:(<\u2013-]*\s*$"
)
_QUOTED = regex.compile(r"[\"\u201c\u201e\u00ab][^\"\u201d\u00bb]+[\"\u201d\u201c\u00bb]\s*[\u2013\u2014-]\s")
"""What somebody said, before who did."""
_FULL_STOP = regex.compile(r"(?<!\p{L})\p{Ll}{3,}\. |\p{Ll}{4,}\. ")
"""The end of a sentence; none of `St. Ann`, `M. Perrin`, `e. V. -`, `Prof. Lea Berg`."""
_PHONE = regex.compile(r"(?<![\w.])(?:\+|\(?0|\d{3}[ -])[\d\s()/.-]{5,}\d(?![\w@])")
_POSTAL = regex.compile(
    r"^(?:\d{1,4}[a-z]?,? )?(?:(?:ul|al|os|pl|av|bd)\.|rue|avenue|avenida|boulevard|via|viale|piazza|corso|calle|plaza|"
    r"rua|place|quai) [^@:]*\d{1,4}[a-z]?(?:,|$)"
    r"|\p{L}(?:str\.|stra(?:\u00df|ss)e|straat|laan|weg|gasse|platz|gatan|vej|vei| (?:street|road|lane|avenue)) \d"
    r"|^[^@:]*\b(?:\d{2}-\d{3}|\d{4} ?[A-Z]{2}|\d{5}|[A-Z]{1,2}-\d{4,5}) \p{L}[^@:]*$",
    regex.IGNORECASE,
)
"""A street with a number, a postcode before a town: where somebody is, and not who."""
_GREETING = regex.compile(
    r"(?:dear|hi|hello|hey|liebe\w*|sehr geehrte\w*|hallo|guten tag|cher\w*|bonjour|estimad\w*|querid\w*|hola|"
    r"car[oaie]|gentil\w*|egregi\w*|buongiorno|beste|geachte|szanown\w*|drog\w*|dzien dobry|carissim\w*|prezad\w*|"
    r"ola|exmo\w*)\b"
)


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """Blocks that name somebody; `is_sentence`: the address stands in running text."""

    entry: list[Block]
    section: Section
    name: str
    found: list[str]
    is_sentence: bool = False
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
    listed = [each for each in found if each.name and not each.is_sentence and not each.by_phone]
    lines = sum(bool(line.strip()) for line in account.document.source)
    certain = bool(account.contacts) or len(listed) > 1 or len(listed) * 6 >= lines
    for each in found:
        if each.tier is not None and listed:
            reader.tier = each.tier
            account.take(each.entry[0].line, each.entry[0].end, "heading", "tier of the lines below")
        elif not each.name or (each.by_phone and not listed):
            continue
        elif (certain and not each.is_sentence) or reader.is_meant(each.entry[0].line, each.name, each.found):
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


def _reaching(line: Line) -> list[Address]:
    found = addresses(line.text, line)
    return [
        each
        for each in found
        if (each.kind == "email" and not fault_of(each.address))
        or each.kind in ("mastodon", "bluesky")
        or (each.kind == "url" and is_form(each.address))
    ]


def _candidates(account: Account, reader: ContactReader, section: Section) -> Iterator[_Candidate]:
    free = [block for block in section.blocks if block.kind in ("paragraph", "item") and account.is_free(block.line)]
    if not free:
        return
    loose: list[Block] = []
    signed = next((n for n, text in enumerate(account.document.source, 1) if n > 3 and is_closing(text.strip())), 0)
    for entry in _pieces(free):
        lines = [line for block in entry for line in block.lines]
        found = [each for line in lines for each in _reaching(line)]
        if _is_about_the_list(entry[0]):
            for each in found:
                if each.kind == "email":
                    account.values.refuse(account.place(entry[0].line), each.address, "it is in a note about the list")
            loose = []
            continue
        if not found and _has_phone(entry):
            name = _name(entry, loose, account.document.top)
            if name:
                yield _Candidate(entry=_with_name(entry, name, []), section=section, name=name, found=[], by_phone=True)
            continue
        if not found:
            said = tier_of(entry[0].text) if len(entry) == 1 and len(entry[0].text.split()) <= 6 else None
            if said is not None:
                yield _Candidate(entry=entry, section=section, name="", found=[], tier=said)
            loose = [*loose, *entry] if len(entry) == 1 and _could_head(entry[0]) else []
            continue
        is_written_to = any(each.kind in ("email", "url") for each in found)
        loose = loose if is_written_to else []
        name = _name(entry, loose, section if is_written_to else account.document.top)
        words = sum(len(line.text.split()) for line in entry[0].lines[:1])
        if name:
            head = [loose[-1]] if loose and folded(name) == folded(loose[-1].text.strip(" :")) else []
            whole = _with_name(entry, name, head)
            line = entry[0].lines[0]
            ends = line.text.rstrip().endswith((".", "!", "?"))
            sentence = (
                not line.lead and not head and (words > _SENTENCE or (words > 5 and ends) or name not in line.text[:90])
            )
            sentence = (
                sentence
                or section.title == FOOT
                or bool(signed and entry[0].line > signed)
                or _QUOTED.match(line.text) is not None
            )
            shown = [each.address for each in found]
            if sentence and not head:
                yield from _in_sentence(line, section, name)
            else:
                yield _Candidate(entry=whole, section=section, name=name, found=shown, is_sentence=sentence)
        else:
            for line in lines:
                yield from _in_sentence(line, section, "")
        loose = []


def _is_about_the_list(block: Block) -> bool:
    """`Updated: May 2026 by Jo Doe, jo@list.example`, `From: ...`, and what begins with two words that say so."""
    found = labelled(block.lines[0])
    if block.text.startswith(("(c)", "\u00a9")):
        return True
    if found and name_form(found.label) in words_of("note") | words_of("header_from", "mail"):
        return True
    words = name_form(block.text[:60]).split()
    return any(" ".join(words[:size]) in words_of("note") for size in (2, 3, 4))


def _in_sentence(line: Line, section: Section, first: str) -> Iterator[_Candidate]:
    """Each address of a sentence with the person before it, or the words of the sentence that its domain names."""
    said = ""
    for each in _reaching(line):
        said += each.before
        near = _PERSON_BEFORE.search(each.before)
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
        if below and not rest and not _reaching(first) and _is_name(first.text):
            yield [block, *below]
            del left[: len(below)]
        elif rest and not _reaching(first) and any(_reaching(line) for line in rest) and _is_whole(block):
            yield [block]
        else:
            for line in (part for whole in block.lines for part in _one_each(whole)):
                yield [Block(kind="paragraph", line=line.number, end=line.number, lines=(line,))]
    yield from entries(waiting) if waiting else ()


def _tells_more(block: Block) -> bool:
    """Whether a paragraph has nothing but known labels: `Email: info@bees.example`, below a name alone."""
    found = [labelled(line) for line in block.lines]
    return block.kind == "paragraph" and all(
        each and each.value and each.means != "name" and (each.means or is_desk(each.label)) for each in found
    )


def _names_many(block: Block) -> bool:
    """Whether the lines of a paragraph name one after the other: two MPs, two papers, each with an address."""
    named_here = [(name_of(line)[0], _reaching(line)[0].address) for line in block.lines if _reaching(line)]
    if block.kind != "paragraph" or len(named_here) < 2 or not _reaching(block.lines[0]):
        return False
    of_people = looks_like_person(untitled(named_here[0][0])[1])
    others = [
        looks_like_person(untitled(name)[1]) if of_people else not is_part(name, address)
        for name, address in named_here[1:]
        if _is_name(name)
    ]
    return any(others)


def _one_each(line: Line) -> list[Line]:
    """A line of `Name <address>, Name <address>` as one line for each; any other as it is."""
    found = [each for each in addresses(line.text) if each.kind == "email"]
    told = [each.before.rpartition(": ")[2].strip(" ,;<>()").strip("\"'\u201c\u201d").strip() for each in found]
    names = [in_order(name) for name in told]
    if len([name for name in names if _is_name(name)]) < 2 or any(name[:1].islower() for name in names):
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
        return not any(_is_name(name_of(line)[0]) and not labelled(line) for line in block.lines[1:] if _reaching(line))
    named_again = [
        line for line in block.lines[1:] if not _reaching(line) and not labelled(line) and _is_name(line.text)
    ]
    reached = [line for line in block.lines[1:] if _reaching(line)]
    owners = {
        owner(_reaching(line)[0].address)
        for line in reached
        if not is_part(name_of(line)[0], _reaching(line)[0].address)
    }
    if len(owners) > 1:
        return False  # `TOWNS`, and each on a line of its own below
    alternating = len(named_again) >= len(reached) > 1
    return _is_name(first.text) and not alternating


def _could_head(block: Block) -> bool:
    return block.kind == "paragraph" and len(block.lines) == 1 and _is_name(block.text)


def _name(entry: Sequence[Block], loose: Sequence[Block], section: Section) -> str:
    """Who an entry is about: its own beginning; before an address or label alone, the line or heading above it."""
    first = entry[0].lines[0]
    found = labelled(first)
    if found and meaning(found.label) == "name" and found.value:
        return found.value
    name, _ = name_of(first)
    name = name.strip("\"'\u201c\u201d\u201e<([ *_").strip()
    name = name.partition(" (")[0] if name.count("(") > name.count(")") else name
    mail = next((each for each in _reaching(first)), None)
    near = _PERSON_BEFORE.search(mail.before) if mail else None
    person = str(near[1]) if near and looks_like_person(near[1]) else ""
    fit = fitting(mail.before, mail.address) if mail and mail.kind == "email" and name[:1].islower() else ""
    name = fit if fit and name.endswith(fit) else name  # `ask Pendler Union`
    is_title = found is not None and (is_desk(found.label) or name_form(found.label) in words_of("honorific"))
    if is_title and person:
        return person
    if (
        _is_name(name)
        and not names_contacts(name)
        and not is_title
        and not (person and folded(name.removesuffix(person).strip().rpartition(" ")[2]) in _ENDS)
    ):
        return name
    if person:
        return person
    begins = bool(mail and not any(sign.isalpha() for sign in mail.before)) or bool(found and meaning(found.label))
    if not begins:
        return ""
    if loose:
        return loose[-1].text.strip(" :")
    title = section.title.strip(" :")
    return title if section.level > 1 and _is_name(title) and not is_list_title(title) else ""


def _is_name(text: str) -> bool:
    """Whether words could be somebody's name: few, written as a name is; no label, number or part of a sentence."""
    name = text.strip(" :\"'\u201c\u201d*_.,;\u2013-")
    words = name.split()
    if _POSTAL.search(text):
        return False
    if not words or len(words) > _MOST_WORDS or is_blank_word(name) or not any(sign.isalpha() for sign in name):
        return False
    if text.rstrip().endswith((".", "!", "?")) and len(words) > 3 and len(words[-1]) > 1:  # `Bees e. V.` is none
        return False
    if ";" in name or _FULL_STOP.search(name) or text.rstrip().endswith(",") or _GREETING.match(folded(name)):
        return False
    found = labelled(Line(number=0, text=name))
    if found and found.value and found.means not in ("", "name"):
        return False
    if "@" in name or "://" in name or meaning(name) or tier_of(name) is not None or is_list_title(name):
        return False
    if (
        (folded(words[-1]) in _ENDS and words[-1] not in _NAMES_TOO)
        or folded(name) in words_of("note") | words_of("total") | words_of("closing", "texts")
        or says_no(named(name).name)
    ):
        return False
    if roles().get(name_form(name)) == "general":
        return False  # `Enquiries: info@bees.example`
    if looks_like_person(name):
        return True
    written = sum(word[:1].isupper() or word[:1].isdigit() or not word[:1].isascii() for word in words)
    return written * 3 >= len(words) or len(words) == 1


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
