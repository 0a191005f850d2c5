"""Who an item or a line of notes is about: its own beginning, the line above it, or nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import regex

from outreach.intake.addresses import Address, addresses, fault_of, is_form, origin
from outreach.intake.contact import is_named
from outreach.intake.naming import fits, fitting
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.entries import name_of
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.persons import GREETING, is_blank_word, is_desk, looks_like_person, untitled
from outreach.intake.shapes import POSTAL
from outreach.intake.titles import is_list_title, named, names_contacts, tier_of
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import roles, words_of
from outreach.words.given_names import GIVEN_NAMES
from outreach.words.phrases import compiled, phrases

_MOST_WORDS = 9
_MOST_DIGITS = 5
"""Digits of a name: `Radio 1984`; more are a phone number."""
_ENDS = frozenset(
    "to at an bei from via by of for or and und oder write mail email contact contacts call reach ask see please "
    "schreib schreiben an von mit à chez de du pour par a en con da di per em por para na do z o naar aan bij van "
    "subject re cc bcc is are at: regards cheers gruß grüße".split()
)
_NAMES_TOO = frozenset("An En Do Da Di Con Van Per Par Por Mail".split())
"""Of these, what ends a name where it has a capital: `Jong Van`, `Le Van An`."""
PERSON_BEFORE = regex.compile(
    r"((?:\p{Lu}[\p{L}.'\u2019-]*\s+){1,3}\p{Lu}[\p{L}'\u2019-]+)[\"'\u201d)]?\s*[,:(<\u2013\u2014-]*\s*$"
)
_FULL_STOP = regex.compile(r"(?<!\p{L})\p{Ll}{3,}\. |\p{Ll}{4,}\. ")
"""The end of a sentence; none of `St. Ann`, `M. Perrin`, `e. V. -`, `Prof. Lea Berg`."""


_AT = regex.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")
"""A time of the day: when something was said, and who says it there is nobody to write to."""
_ASIDE = regex.compile(r"\s*\([^()]*\)(?=[\s,:(<\u2013\u2014-]*$)")
_THANKS = "thank danke* dank* remerci* merci agradec* gracias ringrazi* grazie bedank* podzięk* tack* tak".split()
_LINKING = frozenset(
    "of for the and in at on to by with without de du des d da do dos das del della delle dei degli di la le les los "
    "las el y e i et en sur pour par sans con para por per van von vom der die das den dem am an im zu zur zum für und "
    "mit ohne auf bei aus het op voor te ten na o w z ze dla nad pod przy og av för på med".split()
)
_TELLING = frozenset(
    "has have is are was were will wants said says told asked hat haben ist sind war will wollen möchte a ont est sont "
    "veut ne ha han es son quiere no non è sono hanno vuole heeft hebben zijn wil willen nie jest ma są chce".split()
)
"""Words that begin what is told of somebody: `The Elm Club has left`."""
_PARTICIPLE = regex.compile(r"\p{Ll}{0,4}ge\p{Ll}{2,}(?:t|d|en)|(?:call|phon|mail|email|ask|contact|visit|invit)ed")
"""What was done, in German, Dutch and English: `gebeld`, `angerufen`."""


def _within(name: str, address: str) -> str:
    """The name in words that tell something: `Bas calls Elm Club`, `Elm Club has left`; "" where they are a name.

    The domain says which words are the name, and has none of the others.
    """
    fit = fitting(name, address)
    if not fit or fit == name or (not name.startswith(fit) and not name.endswith(fit)):
        return ""
    rest = (name.removeprefix(fit) if name.startswith(fit) else name.removesuffix(fit)).strip()
    words = rest.split()
    of_person = looks_like_person(" ".join(words[:-1])) and words[-1] in _LINKING  # `Ann Lee at Elm Club`
    tells = _begins_to_tell(words[0]) if name.startswith(fit) else is_told(name) or of_person
    return fit if tells and not fits(rest, address) else ""


def _begins_to_tell(word: str) -> bool:
    """Whether the word behind a name tells something of it, and is none of it: `has`, `called`, `gebeld`."""
    return word in _TELLING or _PARTICIPLE.fullmatch(word) is not None


def is_told(name: str) -> bool:
    """Whether words tell what somebody does, and are not a name: `Bas calls Elm Club`, but not `Friends of the Elm`."""
    words = name.split()
    return len(words) > 2 and words[1].isalpha() and words[1].islower() and words[1] not in _LINKING


def reaching(line: Line) -> list[Address]:
    found = addresses(line.text, line)
    return [
        each
        for each in found
        if (each.kind == "email" and not fault_of(each.address))
        or each.kind in ("mastodon", "bluesky")
        or (each.kind == "url" and is_form(each.address))
    ]


def name_in(entry: Sequence[Block], loose: Sequence[Block], section: Section) -> str:
    """Who an entry is about: its own beginning; before an address or label alone, the line or heading above it."""
    name = _name_in(entry, loose, section)
    mail = next((each.address for line in entry[0].lines for each in reaching(line) if each.kind == "email"), "")
    return _without_task(name, mail) if mail else name


def _without_task(name: str, mail: str) -> str:
    """A name without what is to be done about it: `Thank Athlone Library`, `Mail Anneke`, `Elm Club anrufen`.

    The address has the rest, and not the verb.
    """
    first, _, behind = name.partition(" ")
    before, _, last = name.rpartition(" ")
    for verb, rest in ((first, behind), (last, before)):
        is_verb = rest and (verb is first or verb.islower()) and _tasks().fullmatch(folded(verb))
        local = folded(mail.partition("@")[0])
        if is_verb and not fits(verb, mail) and (fits(rest, mail) or folded(rest) in (local, local.split(".")[0])):
            return rest
    return name


@lru_cache(maxsize=1)
def _tasks() -> re.Pattern[str]:
    return compiled([*phrases("refusal", "reaching"), *_THANKS])


def _name_in(entry: Sequence[Block], loose: Sequence[Block], section: Section) -> str:
    first = entry[0].lines[0]
    found = labelled(first)
    if found and meaning(found.label) == "name" and found.value:
        return found.value
    if own := _begins_with_owner(first):
        return own
    if in_block := _by_address(entry[0]):
        return in_block
    name, _ = name_of(first)
    name = name.strip("\"'\u201c\u201d\u201e<([ *_").strip()
    name = name.partition(" (")[0] if name.count("(") > name.count(")") else name
    mail = next((each for each in reaching(first)), None)
    near = PERSON_BEFORE.search(mail.before) if mail else None
    person = str(near[1]) if near and looks_like_person(near[1]) else ""
    told = name[:1].islower() or folded(name).split(" ")[0] in GIVEN_NAMES
    fit = fitting(mail.before, mail.address) if mail and mail.kind == "email" and told else ""
    name = fit if fit and name.endswith(fit) else name  # `ask Elm Club`, `Ann writes to Elm Club`
    name = (_within(name, mail.address) if mail and mail.kind == "email" else "") or name
    is_title = found is not None and (is_desk(found.label) or name_form(found.label) in words_of("honorific"))
    if is_title and mail and (near := PERSON_BEFORE.search(_ASIDE.sub(" ", mail.before))):
        return str(near[1])
    if (
        is_name(name)
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
    return title if section.level > 1 and is_name(title) and not is_list_title(title) else ""


def _begins_with_owner(line: Line) -> str:
    """The first words of a line up to a mark, where the domain of its address has them and they are no person's."""
    mail = next((each.address for each in reaching(line) if each.kind == "email"), "")
    name = regex.split(r"\s*[:(|,;<\u00b7]|\s[\u2013\u2014-]\s", line.text, maxsplit=1)[0].strip(" *_\"'")
    is_own = mail and not line.lead and name[:1].isupper() and fits(name, mail) and is_name(name)
    if not is_own or is_told(name) or _within(name, mail):
        return ""
    is_theirs = looks_like_person(untitled(name)[1]) and is_named(mail, untitled(name)[1])
    return name if not is_theirs and not is_desk(name) else ""


def _by_address(block: Block) -> str:
    """The line of a paragraph that its address names, where the first one is not it: an MP below a constituency."""
    mail = next((each for line in block.lines for each in reaching(line)), None)
    if len(block.lines) < 2 or mail is None or reaching(block.lines[0]):
        return ""
    address = mail.address if mail.kind == "email" else f"-@{origin(mail.address).partition('://')[2]}"
    for at, line in enumerate(block.lines):
        bare = named(untitled(line.text)[1]).name.strip(" :*_")
        if reaching(line) or not is_name(bare):
            continue
        if is_named(address, bare, wholly=True) or fits(bare, address):
            return bare if at else ""
    return ""


def is_name(text: str) -> bool:
    """Whether words could be somebody's name: few, written as a name is; no label, number or part of a sentence."""
    name = text.strip(" :\"'\u201c\u201d*_.,;\u2013-")
    words = name.split()
    if POSTAL.search(text) or _AT.search(name) or sum(sign.isdigit() for sign in name) > _MOST_DIGITS:
        return False
    if not words or len(words) > _MOST_WORDS or is_blank_word(name) or not any(sign.isalpha() for sign in name):
        return False
    if text.rstrip().endswith((".", "!", "?")) and len(words) > 3 and len(words[-1]) > 1:  # `Bees e. V.` is none
        return False
    if ";" in name or _FULL_STOP.search(name) or text.rstrip().endswith(",") or GREETING.match(folded(name)):
        return False
    found = labelled(Line(number=0, text=name))
    if found and found.value and found.means not in ("", "name"):
        return False
    if "@" in name or "://" in name or meaning(name) or tier_of(name) is not None or is_list_title(name):
        return False
    if (
        (folded(words[-1]) in _ENDS and words[-1] not in _NAMES_TOO and not name.endswith(")"))
        or folded(name) in words_of("note") | words_of("total") | words_of("closing", "texts")
        or says_no(named(name).name)
    ):
        return False
    if roles().get(name_form(name)) == "general":
        return False  # `Enquiries: info@bees.example`
    if len(words) > 2 and words[1].islower() and roles().get(name_form(words[0])) == "general":
        return False  # `Fragen zu Abo und Zustellung`
    if looks_like_person(name):
        return True
    written = sum(word[:1].isupper() or word[:1].isdigit() or not word[:1].isascii() for word in words)
    return written * 3 >= len(words) or len(words) == 1
