"""Contacts that documents gave -> the same, marked where somebody asked for no more mail, and what happened before.

Every value that a reader kept is looked at: `fields` with their labels, notes, tags, roles, the heading and the sheet
above. What is certain becomes `do_not_contact`; what is not, a question, and until it is answered nobody is written to.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Literal

from outreach.intake.account import Account, id_of
from outreach.intake.decoration import is_refusal, undecorated
from outreach.intake.doubts import IGNORE, LEAVE, decided, doubts_in
from outreach.intake.headings import ALONE, headings_of
from outreach.intake.joining import LIFTED
from outreach.intake.marks import few, looks_of
from outreach.intake.no_means_no import Reading, Says, read_cell, read_row, read_text, speaks_of_mail
from outreach.intake.settling import names_of
from outreach.model.found import FoundContact, Place
from outreach.model.imported import Happened

NO_MAIL = "no-mail"
"""What the ids of these questions begin with."""
_WEAK = (Says.ANSWERED, Says.CONTACTED)
"""What was said before; whether they want more mail is still to be read in the rest of the words."""
_WAIT = "wait-until-"
_MOST_LINES = 5000
"""Lines in which others may be told of; longer documents are tables."""
_ITEM = re.compile(r"^\s*(?:[-*+\u2022>]\s+|\d+[.)]\s+)*(?:\[[ xX]\]\s+)?")
_COMMENTS = frozenset(("//", ";", "%", "--"))
"""What is before lines that are not to count."""
_HEADING = 12
"""Words of a heading at the most for a doubt in it to count; longer ones speak of something."""


_EVENTS: Mapping[Says, Literal["we-wrote", "they-wrote", "declines"]] = {
    Says.CONTACTED: "we-wrote",
    Says.ANSWERED: "they-wrote",
    Says.DECLINED: "declines",
}


def held(
    found: Sequence[FoundContact], account: Account, today: date
) -> tuple[list[FoundContact], dict[tuple[str, int], list[Happened]]]:
    """The contacts with what their documents say of contacting them; what happened by (file, line) of a contact."""
    readings = [_readings(each, today) for each in found]
    is_free = [
        all(reading.says in _WEAK for reading in said) and not each.values.get("do_not_contact")
        for said, each in zip(readings, found, strict=True)
    ]
    doubts = doubts_in(found, is_free)
    asked: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, said in enumerate(readings):
        if said and said[0].says is Says.ASK:
            asked[found[at].file, said[0].words].append(at)
    _join_questions(asked, doubts, found, readings, account)
    perhaps = decided(found, doubts, account)
    answers = {
        key: _answer(key[1], [found[at] for at in positions], readings[positions[0]][0], account)
        for key, positions in asked.items()
    }
    contacts = [
        _marked(each, said, answers.get((each.file, said[0].words)) if said else None)
        for each, said in zip(found, readings, strict=True)
    ]
    for at, words in doubts.items():
        contacts[at] = _marked(found[at], [Reading(says=Says.ASK, words=words)], perhaps[at])
    happened = {
        (each.file, each.line): events
        for each, said in zip(found, readings, strict=True)
        if (events := _events(each.id, said))
    }
    return contacts, happened


def _join_questions(
    asked: dict[tuple[str, str], list[int]],
    doubts: dict[int, str],
    found: Sequence[FoundContact],
    readings: Sequence[Sequence[Reading]],
    account: Account,
) -> None:
    """Moves what is asked about for one document into its one question, where there would be several.

    What names a day, and what was answered before, keeps a question of its own.
    """
    questions = Counter(file for file, _ in asked) + Counter({found[at].file for at in doubts})
    for file, words in list(asked):
        positions = asked[file, words]
        is_answered = id_of(NO_MAIL, file, words) in account.answers
        if questions[file] > 1 and not is_answered and readings[positions[0]][0].until is None:
            doubts |= dict.fromkeys(asked.pop((file, words)), words.replace("~~", ""))


def with_surroundings(
    found: Sequence[FoundContact],
    text: str,
    asked: Iterable[int] = (),
    looks: Mapping[tuple[str, int], str] = MappingProxyType({}),
) -> list[FoundContact]:
    """The contacts of a running text with the headings above each and the lines about it, to the next one's begin.

    On the lines `asked` somebody else begins, who is not yet taken; `looks` are the colours of lines.
    """
    lines = text.split("\n")
    begins = sorted({each.line for each in found} | set(asked))
    headings = headings_of(lines, frozenset(begins))
    levels = headings.levels
    sections = [at for at, level in enumerate(levels) if 0 < level < ALONE or at in headings.cuts]
    result = []
    colours = {at: looks[each.file, each.line] for at, each in enumerate(found) if (each.file, each.line) in looks}
    colours = few(colours, len(found))
    # `Jo Silt wants no more emails`, in the minutes, is about the Jo Silt who was present.
    elsewhere = [
        (number, line)
        for number, line in enumerate(lines[:_MOST_LINES])
        if number + 1 not in begins and len(line) < 400 and not line.lstrip().startswith("|") and speaks_of_mail(line)
    ]
    for number, each in enumerate(found):
        at = min(max(each.line, 1), len(lines)) - 1
        before = lines[at].partition(str(each.values["name"]))[0].strip(" \t*_:\u2022#\"'-")
        marks = undecorated(_ITEM.sub("", lines[at].replace("**", "")))[1] if lines[at][:1] not in "#|" else ()
        marks = each.marks or marks or ((before,) if is_refusal(before) or before in _COMMENTS else ())
        marks = (*marks, *looks_of(colours.get(number, "")))
        above = tuple(title for title in headings.above[at] if not levels[at] or levels[title] < levels[at])
        marked = [number for number in above if levels[number] < ALONE]
        inner = levels[at] or (levels[marked[-1]] + 1 if marked else 1)
        following = bisect_right(begins, each.line)
        below = itertools.islice(sections, bisect_right(sections, at), None)
        end = min(
            begins[following] - 1 if following < len(begins) else len(lines),
            next((number for number in below if levels[number] <= inner or number in headings.cuts), len(lines)),
        )
        end = at + 1 if lines[at].lstrip().startswith("|") else end  # a row tells of nobody but its own
        titles = tuple(lines[number].strip("# :*_") for number in above if "@" not in lines[number])
        told = [line for number, line in elsewhere if not at <= number < end and any(n in line for n in names_of(each))]
        about = (*filter(None, lines[at:end]), *told)
        result.append(replace(each, under=(*each.under, *titles), lines=about, marks=marks))
    return result


def _events(contact: str, said: Sequence[Reading]) -> list[Happened]:
    return [
        Happened(contact=contact, what=_EVENTS[each.says], text=each.words, on=each.on)
        for each in said
        if each.says in _EVENTS
    ]


def _readings(each: FoundContact, today: date) -> list[Reading]:
    """Everything that its values say, the strongest first."""
    values = each.values
    said = [*read_row(values.get("fields", {}).items(), today), *_texts(each, today)]
    column = values.get("do_not_contact")
    if isinstance(column, str) and (reading := read_cell("do not contact", column, today)) is not None:
        said.append(replace(reading, words=column))
    if column is True:
        said = [reading for reading in said if reading.says is not Says.ASK]  # "too many mails" is only why
    order = list(Says)
    return sorted(said, key=lambda reading: order.index(reading.says))


def _texts(each: FoundContact, today: date) -> Iterator[Reading]:
    """What notes, tags, roles, the name and the headings say. A name or role counts only where it is certain."""
    values = each.values
    notes = values.get("internal_notes", ""), values.get("missing", ""), *values.get("tags", ())
    for text in (*notes, *each.lines, *each.marks):
        if (reading := read_text(str(text), today)) is not None:
            yield reading
    headings = [*each.under, *re.split(r"[#]", PurePosixPath(each.file.replace("#", "/")).name)]
    roles = [str(item.get("role", "")) for key in ("channels", "people") for item in values.get(key, ())]
    others = [str(values[key]) for key in ("name", "short", "personal_text", "owner", "found_at") if key in values]
    for text in (*others, *roles, *headings):
        reading = read_text(re.sub(r"[_.-]+", " ", text), today) if text else None
        is_heading = text in each.under and len(text.split()) <= _HEADING  # "Not interested" above a list is a question
        if is_heading and reading is None:  # and so is "Rejected"
            said = read_cell("status", text, today)
            reading = replace(said, says=Says.ASK) if said and said.says is Says.DECLINED else None
        if reading is not None and (reading.says in (Says.NO, Says.BOUNCED) or "~~" in text or is_heading):
            yield replace(reading, words=text)


def _answer(words: str, contacts: Sequence[FoundContact], reading: Reading, account: Account) -> str:
    """What to do about words that leave a doubt: a person's answer, else that nobody is written to."""
    names = [str(each.values.get("name", each.id)).replace("~~", "") for each in contacts]
    said = "Struck out" if words.startswith("~~") and words.endswith("~~") else f'"{words}"'
    whom = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    first = contacts[0]
    given = account.answers.get(id_of(NO_MAIL, first.file, words), "")
    waits = [f"{_WAIT}{reading.until.isoformat()}"] if reading.until else []
    if given.startswith(_WAIT) and _is_day(given.removeprefix(_WAIT)):
        waits = [given]  # "January" was another one when it was answered
    then = f", wait until {reading.until.day} {reading.until:%B %Y}" if reading.until else ""
    return account.ask(
        NO_MAIL,
        Place(file=first.file, line=first.line),
        words,
        ask=f"{said} ({whom}): do not contact{then}, or ignore it?",
        choices=(LEAVE, *waits, IGNORE),
        default=LEAVE,
        affects=[str(c["email"]) for each in contacts for c in each.values.get("channels", ()) if "email" in c],
    )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


def _marked(each: FoundContact, said: Sequence[Reading], answer: str | None) -> FoundContact:
    """The contact with `do_not_contact` and its source, or with the day until which to wait."""
    values: dict[str, Any] = dict(each.values)
    values["name"] = str(values["name"]).replace("~~", "")  # struck out: that is said, and none of the name
    column = values.get("do_not_contact")
    if isinstance(column, str) and not any(reading.words == column for reading in said):
        del values["do_not_contact"]  # "n/a", "-": the column says nothing
    source = PurePosixPath(each.file).name
    if said and said[0].says in (Says.NO, Says.BOUNCED):
        if values.get("do_not_contact") is not True:
            values["do_not_contact"] = f"{said[0].words} ({source})"
    elif answer == LEAVE:
        values["do_not_contact"] = f"{said[0].words} ({source})"
    elif answer is not None:
        values["do_not_contact"] = LIFTED
        if answer.startswith(_WAIT):
            values["not_before"] = answer.removeprefix(_WAIT)
    return replace(each, values=values)
