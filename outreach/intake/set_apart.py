"""What sets some entries of a document apart from the others, and is not understood: asked about, whatever it says.

A column of yes and no, of days or of a few states under a heading of its own, a heading over some entries, a mark
around a name, a colour, a tick, another bullet. No list of words knows all the ways to put somebody aside; that only
some have it is what they have in common. What is known to be none (a place, a kind, a topic, a fact) is not asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from outreach.intake.cells import country
from outreach.intake.no_means_no import flag_of, is_of_leave
from outreach.intake.persons import is_desk, is_organised, is_profession
from outreach.intake.shapes import shape_of
from outreach.intake.titles import is_general, is_list_title, names_contacts, tier_of
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import kind_of, meaning, roles, targets, words_of
from outreach.model.found import FoundContact
from outreach.words.phrases import finder, folded

_STATES = 4
"""Words of a column at the most that say how it stands with somebody; more of them describe."""
_WORDS = 6
"""Words of a heading at the most; longer ones are sentences, which are read as such."""
_BULLET = re.compile(r"\s*(?P<bullet>(?:\[[ xX]\]|[^\w\s\"'(<\[|#@]|\d+[.)]|[xX](?=\s))(?:\s+\[[ xX]\])?)\s")
_FACTS = targets() - {"name", "person", "email", "person_email", "fields", "ignore", "stage", "internal_notes"}
"""What a word of a label means where the column tells a fact: a network, a country, a day on which something was."""
_APART = ("negations", "unwilling", "leaving", "complaint")
"""Lists of words that put somebody aside, in whatever language."""
_TOLD = ("answered", "contacted", "describing")
_Apart = Iterator[tuple[int, str]]


def set_apart(found: Sequence[FoundContact], is_known: Callable[[str], bool]) -> dict[int, str]:
    """What sets a contact apart, as it was written, by the contact's position.

    Columns whose label `is_known` are left out: what is in them is read as words.
    """
    by_document: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(found):
        by_document[each.file.partition("#")[0]].append(at)
    result: dict[int, str] = {}
    for positions in by_document.values():
        columns = _by_columns(found, positions, is_known)
        for at, words in (*columns, *_by_headings(found, positions), *_by_bullets(found, positions)):
            result.setdefault(at, words)
    return result | {at: " ".join(each.marks) for at, each in enumerate(found) if each.marks}


# -- columns ------------------------------------------------------------------------------------


def _by_columns(found: Sequence[FoundContact], positions: Sequence[int], is_known: Callable[[str], bool]) -> _Apart:
    """By the columns with a heading of their own whose cells are flags, days or states."""
    values: dict[str, dict[int, str]] = defaultdict(dict)
    for at in positions:
        for label, value in found[at].values.get("fields", {}).items():
            if not is_known(label) and _is_unknown(label):
                values[label][at] = str(value).strip()
    for label, cells in values.items():
        said = dict.fromkeys(cells, True) if all(shape_of(text) == "date" for text in cells.values()) else _said(cells)
        if said is None:
            yield from _by_state(label, cells, len(positions))
            continue
        many, bad = Counter(said.values()), _bad(label)
        apart = {answer for answer in many if many[answer] * 2 <= len(positions)} if bad is None else {bad}
        if bad is None and many[True] == many[False]:
            apart -= {True}
        yield from ((at, f"{label}: {cells[at]}") for at, answer in said.items() if answer in apart)


@lru_cache(maxsize=4096)
def _is_unknown(label: str) -> bool:
    """Whether a label is none of a fact that is known: an address, a topic, whether they answered."""
    words = (label, *name_form(label).split())
    if is_of_leave(label) or any((meaning(word) or ("",))[0] in _FACTS for word in words):
        return False
    return not finder("refusal", *_TOLD, "other_channels", "facts", "not_yet").search(folded(label))


def _by_state(label: str, cells: Mapping[int, str], rows: int) -> _Apart:
    """By the rare one of a few words, as `barré` among many `vu`, and by a remark that only some have."""
    many = Counter(map(folded, cells.values()))
    if len(cells) * 3 <= rows:
        yield from (
            (at, f"{label}: {text}") for at, text in cells.items() if text[:1].islower() and not _is_topic(text)
        )
    elif len(cells) * 2 > rows and len(many) <= _STATES and many.most_common(1)[0][1] * 2 >= len(cells) > len(many):
        for at, text in cells.items():
            if many[folded(text)] * 3 <= len(cells) and text[:1].islower() and not _is_topic(text):
                yield at, f"{label}: {text}"


def _said(cells: Mapping[int, str]) -> dict[int, bool | None] | None:
    """What each cell says where most of a column are yes, no or a mark; None for numbers, codes and words."""
    said = {at: _answer(text) for at, text in cells.items()}
    strange = [text for at, text in cells.items() if said[at] is None]
    if len(strange) * 2 >= len(said) or any(text.isdigit() or (len(text) == 1 and text.isalpha()) for text in strange):
        return None
    no = [at for at, text in cells.items() if said[at] is None and finder("refusal", "negations").search(folded(text))]
    return said | dict.fromkeys(no, False)


def _answer(text: str) -> bool | None:
    """What a cell of yes and no says: `nein, seit Mai` is a no; None for other words."""
    if text in ("0", "1") or (len(text) == 1 and not text.isalnum() and flag_of(text) is None):
        return text != "0"
    word = re.match(r"(\w+)\s*[,;:(\u2013\u2014-]", text)
    answer = flag_of(text)
    is_code = text.isdigit() or (len(text) == 1 and text.isalpha() and text.casefold() not in "xynj")
    return None if is_code else answer if answer is not None or not word else flag_of(word[1])


def _bad(label: str) -> bool | None:
    """Which answer leaves somebody out under a label that says so: yes to `Gestrichen`, no to `Post wanted`."""
    plain = folded(label)
    if finder("refusal", "no", *_APART).search(plain):
        return True
    return False if plain.endswith("?") or finder("refusal", "may", "reaching", "consent").search(plain) else None


# -- headings and bullets -----------------------------------------------------------------------


def _by_headings(found: Sequence[FoundContact], positions: Sequence[int]) -> _Apart:
    """By a heading, or the sheet, above some of them, that names no kind, place or topic as the others do."""
    below: dict[str, list[int]] = defaultdict(list)
    for at in positions:
        for heading in dict.fromkeys((*found[at].under, *filter(None, [found[at].file.partition("#")[2]]))):
            below[heading].append(at)
    others = {heading: here for heading, here in below.items() if len(here) < len(positions)}
    known = {heading for heading in others if _is_topic(heading)}
    for heading, here in others.items():
        if heading in known or len(heading.split()) > _WORDS or _is_of(heading, [found[at] for at in here]):
            continue
        beside = [each for each in others if each != heading]
        is_one = len(here) * 2 <= len(positions) and sum(each in known for each in beside) * 2 >= len(beside)
        if is_one or finder("refusal", "us", *_APART).search(folded(heading)):
            yield from ((at, heading) for at in here)


@lru_cache(maxsize=4096)
def _is_topic(heading: str) -> bool:
    """Whether a heading says of what kind or from where those below it are, what is about them, or when it was."""
    plain, words = folded(heading), name_form(heading).split()
    if finder("refusal", *_APART).search(plain) and not is_list_title(heading):
        return False
    return bool(
        is_list_title(heading)
        or tier_of(heading) is not None
        or names_contacts(heading)
        or country(heading)
        or is_desk(heading)
        or is_organised(" ".join((*words, *(word[:-1] for word in words), *(word[:-2] for word in words))))
        or any(sign.isdigit() for sign in heading)
        or any(kind_of(word) or is_general(word) or is_profession(word) or meaning(word) for word in words)
        or (words_of("function") | roles().keys()).intersection(words)
        or finder("refusal", *_TOLD, "harmless", "positive", "standing").search(plain)
    )


def _is_of(heading: str, below: Sequence[FoundContact]) -> bool:
    """Whether a heading is a name below it, or a word of most of them: `Libraries`, above `Athlone Library`."""
    words = {word[:5] for word in name_form(heading).split() if len(word) > 3}
    told = [name_form(" ".join([str(each.values["name"]), *map(str, each.values.get("tags", ()))])) for each in below]
    return sum(any(word[:5] in words for word in text.split()) for text in told) * 2 >= len(told)


def _by_bullets(found: Sequence[FoundContact], positions: Sequence[int]) -> _Apart:
    """By another sign, or a tick, before the few than before the many."""
    begins = {at: _BULLET.match(found[at].lines[0]) for at in positions if found[at].lines}
    signs = {at: match["bullet"] for at, match in begins.items() if match}
    forms = {at: re.sub(r"\d+", "0", sign.replace("[ ]", "")).casefold().strip() for at, sign in signs.items()}
    many = Counter(forms.values())
    if len(many) > 1:
        most = many.most_common(1)[0][0]
        yield from ((at, signs[at]) for at, form in forms.items() if form != most and many[form] * 3 <= len(signs))
