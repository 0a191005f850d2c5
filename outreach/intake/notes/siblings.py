"""Lines that have the form of those where contacts begin, and no address: asked about together, never dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from outreach.intake.addresses import addresses
from outreach.intake.cells import country
from outreach.intake.notes.account import Account
from outreach.intake.notes.endings import is_closing
from outreach.intake.notes.entries import name_of
from outreach.intake.notes.entry_names import is_name
from outreach.intake.notes.pieces import is_about_the_list
from outreach.intake.notes.words import folded
from outreach.intake.outline import Block, Line, Section
from outreach.intake.pages import FOOT
from outreach.intake.persons import is_desk
from outreach.intake.titles import is_list_title, named, names_contacts
from outreach.intake.vocabulary import kind_of, words_of
from outreach.model.records import dataclass

_Form = tuple[str, int, bool]
"""How a line stands out: the kind of its block, its level or depth, and whether it begins bold."""
_SENTENCE = 6
"""Words of a line without a mark behind its name with which it is a sentence."""
_BRIEF = 8
"""Words of a line that names somebody in a section of which no line is a contact."""
_OTHERS = frozenset(("template", "post", "checklist", "date", "columns", "total"))
"""What lines are read as that name nobody."""


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """A line where nobody begins yet, with the name on it."""

    name: str
    line: Line
    block: Block | None
    section: Section


def siblings(account: Account, found: set[int]) -> list[Sibling]:
    """Everybody who stands as the contacts of the document do; `found` are the lines of those asked about already."""
    begun = {each.line for each in account.contacts} | found
    starts = list(_starts(account.document.top))
    forms = Counter(form for form, each in starts if each.line.number in begun)
    known = {folded(str(each.values["name"])) for each in account.contacts}
    known |= {folded(person["name"]) for each in account.contacts for person in each.values.get("people", ())}
    first = next((number for number, text in enumerate(account.document.source, 1) if text.strip()), 0)
    signed = next(
        (number for number, text in enumerate(account.document.source, 1) if number > 3 and is_closing(text.strip())),
        len(account.document.source) + 1,
    )
    among = {id(each.section) for _, each in starts if each.line.number in begun}
    result = []
    for at, (form, each) in enumerate(starts):
        number = each.line.number
        if (
            not forms[form]
            or number in begun
            or number == first
            or number > signed
            or folded(named(each.name).name) in known
        ):
            continue
        if account.owner(number) in _OTHERS or (form[0] == "paragraph" and not form[2] and not _is_free(account, each)):
            continue
        if _heads(form, each, starts[at + 1 :], begun) or not _names(form, each):
            continue
        if id(each.section) not in among and len(each.line.text.split()) > _BRIEF:
            continue  # `- **Current timing:** ...`, in a section that lists nobody
        result.append(each)
        known.add(folded(named(each.name).name))
    plain = [each for each in result if each.block and each.block.kind == "paragraph" and not each.line.lead]
    if len(plain) > 2 * forms["paragraph", 0, False] + 1:  # it is a text, and names somebody here and there
        result = [each for each in result if each not in plain]
    return result


def _starts(top: Section) -> Iterator[tuple[_Form, Sibling]]:
    """Every heading, item and line of a paragraph, with its form."""
    for section in top.walk():
        if section.level:
            line = Line(number=section.line, text=section.title)
            yield ("heading", section.level, False), Sibling(name=section.title, line=line, block=None, section=section)
        for block in section.blocks:
            for line in block.lines if block.kind in ("paragraph", "item") else ():
                form = (block.kind, block.depth, bool(line.lead))
                name = name_of(line)[0]
                name = name.partition(" (")[0] if name.count("(") > name.count(")") else name
                yield form, Sibling(name=name, line=line, block=block, section=section)
                if block.kind == "item":
                    break  # what goes on below its first line tells of it


def _is_free(account: Account, each: Sibling) -> bool:
    """Whether a plain line is nobody's: alone, or the first of its paragraph."""
    assert each.block is not None
    return account.is_free(each.line.number) or (
        each.line is each.block.lines[0] and account.owner(each.line.number) != "contact"
    )


def _heads(form: _Form, each: Sibling, following: list[tuple[_Form, Sibling]], begun: set[int]) -> bool:
    """Whether contacts begin right below it, so that it says of what kind or from where they are."""
    if each.block is None:  # nor is it one where no heading beside it is a contact
        parent = each.section.parent
        beside = parent is not None and any(child.line in begun for child in parent.children)
        return not beside or any(each.line.number < number <= each.section.end for number in begun)
    if form[0] == "item":
        below = next((one for one in following if one[0][0] != "paragraph"), None)
        return below is not None and below[0][1] > form[1] and below[1].line.number in begun
    is_lone = each.line.text.strip(" :*_") == each.name.strip(" :*_")
    is_title = each.line.text.rstrip(" *").endswith(":") or _is_general(each.name)
    return is_lone and bool(following) and following[0][1].line.number in begun and is_title


def _is_general(name: str) -> bool:
    """Whether a name is one of a group rather than of somebody: a word, a country, a kind."""
    words = name.split()
    kinds = any(kind_of(word) for word in folded(name).split())
    return len(words) == 1 or name.isupper() or kinds or is_list_title(name) or bool(country(name))


def _names(form: _Form, each: Sibling) -> bool:
    """Whether a line begins with a name, and is no sentence, label, total or part of the page around it."""
    text, name = each.line.text.strip(), named(each.name).name
    words = folded(name).split()
    if any(above.title == FOOT for above in (each.section, *each.section.above())):
        return False
    if (
        not words
        or not name[0].isalpha()
        or "?" in name
        or text[len(name) :][:1] == "."
        or not is_name(name)
        or is_desk(name)
        or names_contacts(name)
    ):
        return False
    if len(words) == 1 and name.endswith("."):
        return False  # `Obs.: wants no more`
    is_total = words[0] in words_of("total") and (len(words) == 1 or any(sign.isdigit() for sign in text))
    if is_total or is_list_title(name) or country(name) or kind_of(name) == "person":
        return False
    if each.block is not None and (
        is_about_the_list(each.block) or any(found.kind != "url" for found in addresses(text, each.line))
    ):
        return False
    behind = text.partition(name)[2].strip()
    is_apart = not behind or behind[0] in "-\u2013\u2014:,;(|/\u00b7>" or bool(each.line.lead)
    return is_apart or (form[0] != "paragraph" and len(text.split()) <= _SENTENCE)
