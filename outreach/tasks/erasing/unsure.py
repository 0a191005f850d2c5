"""Where a first or a last name stands alone (`Ana`, `A. Lima`), or a name in small letters (`you may answer`): it may
mean them, and no program can tell.

Nothing there is changed. Every such line is shown, so that a person reads it: `erase WHO --also "A. Lima"` takes a
name along that is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import PurePosixPath

from outreach import storage
from outreach.errors import Refused
from outreach.ledger import Ledger
from outreach.model.erasure import Erased, Fate, Place, Room
from outreach.tasks.erasing import office
from outreach.tasks.erasing.folder import LEFT, Change, is_made_of_others
from outreach.tasks.erasing.seeker import Seeker

_TEXTS = (".md", ".txt", ".csv", ".tsv", ".yaml", ".yml", ".html", ".json", ".vcf", ".ics", ".eml", "")
_LARGEST = 5_000_000
"""Bytes of a file that somebody reads line by line."""
_SHORTEST = 3
_NEAR = 120
"""Characters around a word in which the rest of a name may be."""
_MOST = 5
"""Contacts of which the history is named."""
_NO_NAMES = frozenset("von van der den del dos das los las des bin ibn abu het zum zur ter ten and und the".split())


def unsure_places(
    seeker: Seeker, files: Iterable[str], changes: Iterable[Change], ledger: Ledger | None
) -> Iterator[Place]:
    """Each file with its lines (from 1) that may mean them, as it would be after `changes`, and the history."""
    words = _words(seeker.erased)
    small = sorted(seeker.all.doubtful)
    if not words and not small:
        return
    one = "|".join(re.escape(each) for word in words for each in (word, word.upper()))
    one = "|".join([*filter(None, [one]), *(re.escape(each).replace(r"\ ", r"\s+") for each in small)])
    alone = re.compile(rf"(?<![\w@])(?:{one})(?![\w@])(?!-\w)")
    pieces = [each.encode() for each in (*words, *(word.upper() for word in words), *(e.split()[0] for e in small))]
    after = {change.place.where: change.after for change in changes if change.place.fate not in LEFT}
    says = f"{' or '.join(f'`{each}`' for each in words or small)} may mean them"
    for file in files:
        suffix = PurePosixPath(file).suffix.lower()
        if suffix not in (*_TEXTS, *office.SUFFIXES) or is_made_of_others(file):
            continue
        try:
            content = storage.read(seeker.root, file, _LARGEST)
        except (OSError, Refused):
            continue
        left = after.get(file, content)
        if left is None:
            continue
        if suffix in office.SUFFIXES:
            if _stands_in(seeker, alone, office.whole_text(left)):
                yield Place(room=Room.UNSURE, fate=Fate.LOOK, where=file, says=says)
            continue
        if not any(piece in content for piece in pieces):
            continue
        text = content.decode("utf-8", "replace")
        before = text.splitlines()
        now = text if left is content else left.decode("utf-8", "replace")
        hit = {line for line in dict.fromkeys(_lines_with(alone, now)) if _stands_in(seeker, alone, line)}
        if lines := tuple(number for number, line in enumerate(before, start=1) if line in hit):
            yield Place(room=Room.UNSURE, fate=Fate.LOOK, where=file, lines=lines, says=says)
    about = sorted(set(_in_ledger(seeker, alone, ledger))) if ledger is not None else []
    if about:
        yield Place(room=Room.UNSURE, fate=Fate.LOOK, where="the history", says=f"{says}{shown(about)}")


def shown(about: Iterable[str]) -> str:
    """How to read what the history says of some contacts and posts: ` (outreach show ID, ...)`."""
    ids = sorted(filter(None, about))
    named = ", ".join(f"outreach show {each}" for each in ids[:_MOST])
    more = f", and {len(ids) - _MOST} more" if len(ids) > _MOST else ""
    return f" ({named}{more})" if ids else ""


def _lines_with(word: re.Pattern[str], text: str) -> Iterator[str]:
    """The lines in which a word begins, as `splitlines` has them."""
    at, begin = 0, 0
    lines = text.splitlines(keepends=True)
    for found in word.finditer(text):
        while begin + len(lines[at]) <= found.start():
            begin += len(lines[at])
            at += 1
        yield lines[at].splitlines()[0]


def _in_ledger(seeker: Seeker, alone: re.Pattern[str], ledger: Ledger) -> Iterator[str]:
    """The contacts and posts whose entries or messages may name them."""
    theirs = {*seeker.erased.contacts}
    for event in ledger.events():
        about = event.contact or event.post or ""
        if event.text and about not in theirs and _stands_in(seeker, alone, event.text):
            yield about or "history"
    for message in ledger.mail().messages():
        text = f"{message.subject}\n{message.text}"
        is_theirs = message.contact in theirs or message.sender.casefold() in seeker.erased.addresses
        if message.contact and not is_theirs and _stands_in(seeker, alone, text):
            yield message.contact


def _stands_in(seeker: Seeker, alone: re.Pattern[str], text: str) -> bool:
    """Whether one of the words is there outside of the whole names, theirs and those of others."""
    return any(not _is_in_a_name(seeker, found) for found in alone.finditer(text))


def _is_in_a_name(seeker: Seeker, found: re.Match[str]) -> bool:
    begin = max(0, found.start() - _NEAR)
    around = found.string[begin : found.end() + _NEAR]
    spans = chain(seeker.all.spans(around), seeker.others.spans(around))
    return any(start + begin <= found.start() and found.end() <= end + begin for start, end in spans)


def _words(erased: Erased) -> list[str]:
    """The parts of a person's name that may stand alone; none of an organisation's."""
    is_person = not erased.office
    names = [erased.name] if is_person else [each for each in erased.names if each not in erased.office]
    parts = [part.strip(".,'\"()") for name in names if "," not in name and "@" not in name for part in name.split()]
    parts = [e for e in dict.fromkeys(parts) if len(e) >= _SHORTEST or e == erased.name]
    return [e for e in parts if e.casefold() not in _NO_NAMES and e[0].isalpha()]
