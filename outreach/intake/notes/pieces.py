"""The free blocks of a section, cut into pieces that are about one: an item, a paragraph, a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from outreach.intake.addresses import addresses
from outreach.intake.naming import fits, is_part
from outreach.intake.notes.entries import entries, name_of, owner
from outreach.intake.notes.entry_names import is_name, reaching
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.words import meaning
from outreach.intake.outline import Block, Line
from outreach.intake.persons import in_order, is_desk, looks_like_person, untitled
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import words_of


def pieces(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Items with what is nested in them; paragraphs whole where their first line is a name, else line by line."""
    waiting: list[Block] = []
    left = list(blocks)
    while left:
        block = left.pop(0)
        below = list(takewhile(_tells_more, left)) if block.kind == "paragraph" and not block.depth else []
        below = below or _below_title(block, left)
        if (block.kind == "item" or block.depth or block.lines[0].lead) and not _names_many(block):
            waiting += [block, *below]
            del left[: len(below)]
            continue
        yield from entries(waiting) if waiting else ()
        waiting = []
        first, *rest = block.lines
        items = list(takewhile(lambda each: each.kind == "item" or each.depth > 0, left))
        if _heads_desks(block, items):
            yield [block, *items]
            del left[: len(items)]
        elif below and not rest and not reaching(first) and is_name(first.text):
            yield [block, *below]
            del left[: len(below)]
        elif len(stanzas := _stanzas(block)) > 1:
            yield from ([each] for each in stanzas)
        elif rest and not reaching(first) and any(reaching(line) for line in rest) and _is_whole(block):
            yield [block]
        else:
            for line in (part for whole in block.lines for part in _one_each(whole)):
                yield [Block(kind="paragraph", line=line.number, end=line.number, lines=(line,))]
    yield from entries(waiting) if waiting else ()


def _below_title(block: Block, left: Sequence[Block]) -> list[Block]:
    """The paragraphs below a bold name up to the next bold line, the last of them labels: `**Elm Club**`, a remark."""
    if block.kind != "paragraph" or not _is_bold_line(block) or not is_name(block.text):
        return []
    below = list(takewhile(lambda each: each.kind == "paragraph" and not each.depth and not each.lines[0].lead, left))
    return below if 1 < len(below) <= 4 and _tells_more(below[-1]) and not reaching(below[0].lines[0]) else []


def _is_bold_line(block: Block) -> bool:
    """Whether a paragraph is one bold line."""
    return len(block.lines) == 1 and bool(block.lines[0].lead) and not block.lines[0].rest.strip(" :")


def _heads_desks(block: Block, items: Sequence[Block]) -> bool:
    """Whether a line names the organisation whose desks are the items below it: one domain, and no other names."""
    mails = [(name_of(line)[0], each.address) for item in items for line in item.lines for each in reaching(line)]
    head = block.text.strip(" :*_")
    if block.kind != "paragraph" or len(block.lines) > 1 or reaching(block.lines[0]) or not mails or not is_name(head):
        return False
    return len({owner(mail) for _, mail in mails}) == 1 and all(is_part(name, mail) for name, mail in mails)


def _stanzas(block: Block) -> list[Block]:
    """A paragraph cut at its names, where each has labels and an address below it, and no other lines."""
    lines = block.lines
    begins = [at for at, line in enumerate(lines) if not reaching(line) and not labelled(line) and is_name(line.text)]
    if not begins or begins[0] or len(begins) < 2:
        return []
    parts = [lines[at:end] for at, end in zip(begins, [*begins[1:], len(lines)], strict=True)]
    if not all(any(map(reaching, part)) and all(map(_is_detail, part[1:])) for part in parts):
        return []
    return [Block(kind="paragraph", line=p[0].number, end=p[-1].number, lines=tuple(p)) for p in parts]


def _is_detail(line: Line) -> bool:
    """Whether a line is a label with its value, or an address and nothing before it."""
    found = reaching(line)
    return labelled(line) is not None or (bool(found) and not any(sign.isalpha() for sign in found[0].before))


def _tells_more(block: Block) -> bool:
    """Whether a paragraph has nothing but known labels: `Email: info@bees.example`, below a name alone."""
    found = [labelled(line) for line in block.lines]
    if "@" in block.text and is_about_the_list(block):
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
    domains = {owner(reaching(line)[0].address) for line in reached}
    of_first = any(fits(first.text, reaching(line)[0].address) for line in reached)
    of_own = any(fits(name_of(line)[0], reaching(line)[0].address) for line in reached if not labelled(line))
    if len(owners) > 1 or (not of_first and (len(domains) > 1 or (of_own and owners))):
        return False  # `TOWNS`, and each on a line of its own below
    alternating = len(named_again) >= len(reached) > 1
    return is_name(first.text) and not alternating


def is_about_the_list(block: Block) -> bool:
    """`Updated: May 2026 by Jo Doe, jo@list.example`, `From: ...`, and what begins with two words that say so."""
    found = labelled(block.lines[0])
    if block.text.startswith(("(c)", "\u00a9")):
        return True
    if found and name_form(found.label) in words_of("note") | words_of("header_from", "mail"):
        return True
    first, *others = [name_form(sentence[:60]).split() for sentence in block.text.split(". ")]
    if any(" ".join(words[:3]) in words_of("note") for words in others if len(words) > 3):
        return True  # `Next meeting: 9 July. Minutes taken by Ann Lee (ann@office.example)`
    return any(" ".join(first[:size]) in words_of("note") for size in (2, 3, 4))
