"""What sets some entries of a document apart from the others, and is not understood: asked about, whatever it says.

A column of yes and no, of days or of a few states under a heading of its own, a heading over some entries, a mark around
a name, a colour, a tick, another bullet. No list of words knows all the ways to put somebody aside; that only some
have it is what they have in common. What is known to be none (a place, a kind, a topic, a fact) is not asked about.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from outreach.intake.cells import country
from outreach.intake.no_means_no import flag_of, is_of_leave
from outreach.intake.persons import is_desk, is_organised, is_profession
from outreach.intake.shapes import shape_of
from outreach.intake.titles import is_general, is_list_title, names_contacts, tier_of
from outreach.intake.vocabulary import folded as name_form
from outreach.intake.vocabulary import kind_of, meaning, roles, targets, words_of
from outreach.model.found import FoundContact
from outreach.words.phrases import compiled, folded, phrases

_WORDS = 6
"""Words of a heading at the most; longer ones are sentences, which are read as such."""
_BULLET = re.compile(r"\s*(?P<bullet>(?:\[[ xX]\]|[^\w\s\"'(<\[|#@]|\d+[.)]|[xX](?=\s))(?:\s+\[[ xX]\])?)\s")


_FACTS = targets() - {"name", "person", "email", "person_email", "fields", "ignore", "stage", "internal_notes"}
"""What a word of a label means where the column tells a fact: a network, a country, a day on which something was."""


def set_apart(found: Sequence[FoundContact], is_known: Callable[[str], bool]) -> dict[int, str]:
    """What sets a contact apart, as it was written, by the contact's position; columns that are known are read as such."""
    by_document: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(found):
        by_document[each.file.partition("#")[0]].append(at)
    result: dict[int, str] = {}
    for positions in by_document.values():
        columns = _by_columns(found, positions, is_known)
        for at, words in (*columns, *_by_headings(found, positions), *_by_bullets(found, positions)):
            result.setdefault(at, words)
    return result | {at: " ".join(each.marks) for at, each in enumerate(found) if each.marks}


def _by_columns(
    found: Sequence[FoundContact], positions: Sequence[int], is_known: Callable[[str], bool]
) -> Iterator[tuple[int, str]]:
    """By the columns with a heading of their own whose cells are flags, days or states."""
    values: dict[str, dict[int, str]] = defaultdict(dict)
    for at in positions:
        for label, value in found[at].values.get("fields", {}).items():
            if not is_known(label) and _is_unknown(label):
                values[label][at] = str(value).strip()
    for label, cells in values.items():
        form = "date" if all(map(_is_date, cells.values())) else "flag" if all(map(_is_flag, cells.values())) else ""
        said = {at: form if form == "date" else str(flag_of(text)) for at, text in cells.items()} if form else {}
        many = Counter(said.values())
        apart = {text for text, number in many.items() if number * 2 <= len(positions) and text != "False"}
        if many["False"] < len(said) and many["False"] * 2 <= len(positions):
            apart = {"False"} if many["False"] * 2 == len(said) else apart | {"False"}
        yield from ((at, f"{label}: {cells[at]}") for at, text in said.items() if text in apart)


@lru_cache(maxsize=4096)
def _is_unknown(label: str) -> bool:
    """Whether a label is none of a fact that is known: an address, a topic, whether they answered."""
    if is_of_leave(label) or any((meaning(word) or ("",))[0] in _FACTS for word in (label, *name_form(label).split())):
        return False
    return not _finder("answered", "contacted", "other_channels", "facts", "not_yet", "describing").search(folded(label))


def _is_flag(text: str) -> bool:
    return (flag_of(text) is not None and not text.isdigit()) or text in ("0", "1") or len(text) == 1


def _is_date(text: str) -> bool:
    return shape_of(text) == "date"


def _by_headings(found: Sequence[FoundContact], positions: Sequence[int]) -> Iterator[tuple[int, str]]:
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
        if is_one or _speaks(heading):
            yield from ((at, heading) for at in here)


@lru_cache(maxsize=4096)
def _is_topic(heading: str) -> bool:
    """Whether a heading says of what kind or from where those below it are, what is about them, or when it was."""
    words = name_form(heading).split()
    if _speaks(heading) and not is_list_title(heading):
        return False
    return bool(
        is_list_title(heading)
        or tier_of(heading) is not None
        or names_contacts(heading)
        or country(heading)
        or is_desk(heading)
        or is_organised(name_form(heading))
        or any(sign.isdigit() for sign in heading)
        or any(kind_of(word) or word in roles() or is_general(word) or is_profession(word) or meaning(word) for word in words)
        or words_of("function").intersection(words)
        or _finder("harmless", "describing", "answered", "contacted", "positive", "standing").search(folded(heading))
    )


@lru_cache(maxsize=4096)
def _speaks(heading: str) -> bool:
    """Whether a heading is no noun but speaks of us, denies, or leaves: `On oublie`, `Nie wieder`, `Out`."""
    plain = folded(heading)
    return _finder("us", "negations", "unwilling", "leaving", "complaint").search(plain) is not None


def _is_of(heading: str, below: Sequence[FoundContact]) -> bool:
    """Whether a heading is a name below it, or a word of most of them: `Libraries`, above `Athlone Library`."""
    words = {word[:5] for word in name_form(heading).split() if len(word) > 3}
    told = [name_form(" ".join([str(each.values["name"]), *map(str, each.values.get("tags", ()))])) for each in below]
    return sum(any(word[:5] in words for word in text.split()) for text in told) * 2 >= len(told)


def _by_bullets(found: Sequence[FoundContact], positions: Sequence[int]) -> Iterator[tuple[int, str]]:
    """By another sign, or a tick, before the few than before the many."""
    signs = {at: match["bullet"] for at in positions if found[at].lines and (match := _BULLET.match(found[at].lines[0]))}
    forms = {at: re.sub(r"\d+", "0", sign.replace("[ ]", "")).casefold().strip() for at, sign in signs.items()}
    many = Counter(forms.values())
    if len(many) > 1:
        most = many.most_common(1)[0][0]
        yield from ((at, signs[at]) for at, form in forms.items() if form != most and many[form] * 3 <= len(signs))


@lru_cache(maxsize=8)
def _finder(*keys: str) -> re.Pattern[str]:
    return compiled([phrase for key in keys for phrase in phrases("refusal", key)])
