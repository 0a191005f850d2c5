"""The items of a section, each with what belongs to it, and whether they are contacts of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from outreach.intake.addresses import addresses, is_form
from outreach.intake.naming import fits, is_part
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.words import meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.persons import in_order, is_desk, is_likely_person
from outreach.intake.titles import is_list_title, named
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import kind_of, roles, words_of
from outreach.words.given_names import GIVEN_NAMES
from outreach.words.mail_providers import FREE_MAIL
from outreach.words.named_day import is_day

_MEMBERS = frozenset("members mitglieder membres miembros membri leden czlonkowie membros".split())
"""Words of a heading below which people are each somebody to write to: a committee, a parliament."""


_MARKS = (" - ", " \u2013 ", " \u2014 ", ", ", " | ", " <", " \u00b7 ", " \u2022 ", " -> ", " \u2192 ")
"""What stands behind a name."""


def lists_others(section: Section) -> bool:
    """Whether the items of a section are contacts and its heading only says of what kind or from where: `Villages`.

    Each has a name and an address of its own, and most are of different domains; or the heading is of people: `MPs`.
    """
    found, people = [], True
    for entry in entries(section.blocks):
        name, _ = name_of(entry[0].lines[0])
        people = people and is_likely_person(named(name).name)
        mails = [each.address for block in entry for line in block.lines for each in addresses(line.text, line)
                 if each.kind == "email"]  # fmt: skip
        if mails:
            if not name or "@" in name or meaning(name) or name_form(name) in roles() or kind_of(name):
                return False
            found.append(mails[0].casefold())
    domains = {owner(each) for each in found}
    words = name_form(section.title).split()
    of_people = any(kind_of(word) == "person" for word in words) or (bool(_MEMBERS.intersection(words)) and people)
    return len(found) > 1 and (of_people or len(domains) * 3 >= len(found) * 2)


def owner(address: str) -> str:
    """Whose an address is: its domain without a host before it, `lists.bees.example`; of free mail the whole."""
    domain = address.partition("@")[2]
    labels = domain.split(".")
    is_second = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2  # `bees.co.uk`
    return address if domain in FREE_MAIL else ".".join(labels[-3 if is_second else -2 :])


def entries(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Items of the first depth, and paragraphs that begin bold, each with what belongs to it."""
    entry: list[Block] = []
    by_paragraph = False
    for block in (part for whole in blocks for part in _apart(whole)):
        bold = block.kind == "paragraph" and block.depth == 0 and bool(block.lines[0].lead)
        is_title = bold and _is_title(block)
        first = block.kind == "item" and block.depth == 1
        if bold or (first and not (by_paragraph and _is_detail(block, entry))):
            if entry:
                yield from _unfolded(entry)
            entry, by_paragraph = ([], False) if is_title else ([block], bold)
        elif entry and by_paragraph and block.kind == "other" and not block.lines:
            yield from _unfolded(entry)  # a rule: what is below it tells of nobody above
            entry, by_paragraph = [], False
        elif entry and (block.depth > 1 or (block.depth == 1 and not first) or (by_paragraph and block.kind != "row")):
            entry.append(block)
    if entry:
        yield from _unfolded(entry)


def _apart(block: Block) -> Iterator[Block]:
    """A paragraph; where several of its lines begin bold and have addresses of different owners, line by line."""
    leads = [line for line in block.lines if line.lead and not ((found := labelled(line)) and found.means)]
    mails = [_mails_of([replace(block, lines=(line,))]) for line in leads]
    if block.kind != "paragraph" or len({owner(each[0]) for each in mails if each}) < 2 or not all(mails):
        yield block
        return
    begins = [at for at, line in enumerate(block.lines) if line in leads]
    for at, end in zip([0, *begins[1:]], [*begins[1:], len(block.lines)], strict=True):
        lines = block.lines[at:end]
        yield replace(block, lines=lines, line=lines[0].number, end=lines[-1].number)


def _unfolded(entry: list[Block]) -> Iterator[list[Block]]:
    """An item; where it only heads a nested list of others (`Universities`), those instead, at any depth."""
    head, *rest = entry
    depth = min((block.depth for block in rest if block.kind == "item"), default=0)
    inner: list[list[Block]] = []
    for block in rest:
        if block.kind == "item" and block.depth == depth:
            inner.append([])
        if not inner:
            break
        inner[-1].append(block)
    name = head.text.strip(" :")
    mails = [_mails_of(each) for each in inner]
    is_title = is_list_title(name) or kind_of(name) is not None or says_no(name)
    many = len({owner(each) for found in mails for each in found}) > 1 and all(
        _begins_with_name(each[0].lines[0], found[0] if head.kind == "paragraph" else "")
        for each, found in zip(inner, mails, strict=True)
        if found
    )
    if depth == 0 or not any(mails) or _mails_of([head]) or not (is_title or many):
        yield entry
        return
    for each in inner:
        yield from _unfolded([replace(block, depth=block.depth - depth + 1) for block in each])


def _mails_of(entry: Sequence[Block]) -> list[str]:
    found = [each for block in entry for line in block.lines for each in addresses(line.text, line)]
    return [each.address.casefold() for each in found if each.kind == "email" or is_form(each.address)]


def _begins_with_name(line: Line, address: str) -> bool:
    """Whether an item begins with a name; with an `address`, with one of an organisation."""
    name, _ = name_of(line)
    if address:
        return not is_part(name, address) or (not is_desk(name) and not is_likely_person(name) and _is_proper(name))
    return bool(name) and "@" not in name and not meaning(name) and name_form(name) not in roles()


def _is_proper(name: str) -> bool:
    return len(name.split()) > 1 and "@" not in name and not meaning(name)


def _is_title(block: Block) -> bool:
    """Whether a bold line is not a name, but says what those below it are: `**Partners**`, `**Do not contact:**`."""
    title = block.text.strip(" :")
    return title == block.lines[0].lead.strip(" :") and (is_list_title(title) or says_no(title))


def _is_detail(block: Block, above: Sequence[Block]) -> bool:
    """Whether an item below a bold line tells of it: it has a label, or words rather than a name of its own."""
    own = _mails_of([block])
    theirs = {owner(each) for each in _mails_of([each for each in above if each.kind == "paragraph"])}
    if (
        theirs
        and own
        and not {owner(each) for each in own} & theirs
        and not is_part(name_of(block.lines[0])[0], own[0])
    ):
        return False
    return not block.lines[0].lead or bool((found := labelled(block.lines[0])) and found.means)


def name_of(line: Line) -> tuple[str, str]:
    """The name with which an item begins, and the words behind it; `ma 16/3 -` before it is when something was."""
    if line.lead and is_day(line.lead):
        line = replace(line, text=line.rest.strip(" :-\u2013\u2014,|"), lead="")
    if line.lead and is_desk(line.lead.strip(" :")):  # `**Chair:** Prof. Ada Weir (Liberal)`
        who = named(_beginning(line.rest.strip(" :"))).name
        if is_likely_person(who):
            return who, line.rest.partition(who)[2].strip(" :-\u2013\u2014,|")
    if line.lead:
        return line.lead.strip(" :"), line.rest.strip(" :-\u2013\u2014,|")
    if line.links and line.text.startswith(line.links[0].label) and "@" not in line.links[0].label:
        label = line.links[0].label
        return label, line.text[len(label) :].strip(" :-\u2013\u2014,|")
    found = labelled(line)
    if found and is_day(found.label):
        return name_of(replace(line, text=found.value))
    begins = [" ".join(found.value.split()[:size]) for size in (1, 2, 3, 4)] if found else []
    if found and any(is_day(each) and (each == found.value or any(sign.isdigit() for sign in each)) for each in begins):
        return "", line.text  # `Next meeting: 9 July. Minutes by Ann Lee`
    if found and (inner := _name_behind(found.label, found.value)):
        return inner, line.text.partition(inner)[2].strip(" :-\u2013\u2014,|")
    if found:
        head, comma, tail = found.label.rpartition(", ")
        if comma and is_desk(head):
            return tail, found.value  # `Newsdesk, Lock Radio`
        mail = next((each.address for each in addresses(found.value) if each.kind == "email"), "")
        if comma and mail and fits(head, mail) and not fits(tail, mail):
            return head, line.text[len(head) :].strip(
                " :-\u2013\u2014,|"
            )  # `Bird Fund, office: Ms Lee, lee@bird.example`
        if comma and is_likely_person(tail) and not is_likely_person(head):
            return head, line.text[len(head) :].strip(" :-\u2013\u2014,|")  # `Lock Radio, Ann Lee: ann@lock.example`
        if comma and (meaning(tail) or name_form(tail) in words_of("function") or is_desk(tail)):
            return head, line.text[len(head) :].strip(" :-\u2013\u2014,|")  # `Bike Union, chair: Ann Lee`
        return found.label, found.value
    name = _beginning(line.text)
    rest = line.text[len(name) :].strip(" :-\u2013\u2014,|")
    is_word = name_form(name) in words_of("closing", "texts")
    if line.text[len(name) :].startswith(", ") and not is_word and (given := _given(rest)):
        noble = name[:1].islower() and f"{given} {name}"  # `de la Cruz Sanz, Ana`
        turned = noble or in_order(f"{name}, {given}")  # `Alonso Vega, Lucia (Socialists) ...`
        name, rest = (turned, rest[len(given) :].strip()) if turned != f"{name}, {given}" else (name, rest)
    return name, rest


def _given(text: str) -> str:
    """The first names with which words begin, up to a bracket, a dash or an address; "" where others are among them."""
    given = regex.split(r"\s*[(,;:|<]|\s[\u2013\u2014-]\s|\s\S+@", text, maxsplit=1)[0].strip()
    words = given.split()
    known = [name_form(word) in GIVEN_NAMES for word in words]
    particle = len(words) > 1 and words[1].islower()
    return given if known and (all(known) or (known[0] and particle)) else ""


def _beginning(text: str) -> str:
    """What is before the first dash, comma or address."""
    first = next(iter(addresses(text)), None)
    before = text[: text.find(first.before) + len(first.before)] if first and first.before else text
    cut = min(
        (at for mark in _MARKS if (at := before.find(mark)) > 0),
        default=len(before),
    )
    return before[:cut].strip(" :-\u2013\u2014,|(<\u00b7\u2022/")


def _name_behind(label: str, value: str) -> str:
    """The organisation behind a label, where its domain says so: `Still open: Elm Club, info@elm.example`."""
    mail = next((each.address for each in addresses(value) if each.kind == "email"), "")
    name = _beginning(value) if mail else ""
    return name if name and "@" not in name and fits(name, mail) and not fits(label, mail) and not is_desk(name) else ""
