"""What an import would do or did: as a unified diff, and as sentences."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from outreach.model.found import ColumnNames, Kind, Passage
from outreach.model.imported import Disagreement, FileChange, FileCopy, Imported, Tally

_MOST_NEW = 100
"""New files that the diff shows whole; of more, only names are there."""
_MOST_LINES = 200
_MOST_QUESTIONS = 10
_MOST_SKIPPED = 10
"""A folder that was named by mistake has hundreds of other files, and the questions are above them."""
_COUNTED: dict[Kind, str] = {"taken": "taken", "noted": "kept as notes", "not-understood": "not understood"}


def diff_lines(changes: Iterable[FileChange], copies: Iterable[FileCopy] = ()) -> Iterator[str]:
    """A unified diff of all files; of very many new ones the first whole, and the others by name."""
    for copy in copies:
        if not copy.is_there:
            yield f"+++ {copy.path} ({len(copy.content):,} bytes, a copy of {copy.source})"
    shown = 0
    for change in changes:
        if change.before is None:
            shown += 1
        if change.before is None and shown > _MOST_NEW and change.path.startswith("contacts/"):
            yield f"+++ {change.path} (new, {change.after.count(chr(10))} lines)"
            continue
        if change.path.endswith("imports.yaml"):
            yield f"{'+++' if change.before is None else '---'} {change.path} (the record of this import)"
            continue
        before = (change.before or "").splitlines()
        name = change.path if change.before is not None else "/dev/null"
        yield from difflib.unified_diff(before, change.after.splitlines(), name, change.path, lineterm="")


def tally_line(tally: Tally) -> str:
    """`48 rows: 31 new, 9 you have, 6 already written to, 2 asked for no more mail.`; "" where no row is a contact."""
    parts = (
        (tally.new, "new"),
        (tally.known, "you have"),
        (tally.written_to, "already written to"),
        (tally.no_mail, "asked for no more mail"),
        (tally.to_decide, "waiting for your answer"),
        (tally.twice, "given twice"),
    )
    said = ", ".join(f"{number:,} {words}" for number, words in parts if number)
    return f"{tally.rows:,} row{'s' * (tally.rows != 1)}: {said}." if said else ""


def question_lines(imported: Imported, again: str) -> Iterator[str]:
    """The questions that wait for a person, the most valuable first, with what answers them; `again` asks them."""
    questions = imported.open_questions
    for each in questions[:_MOST_QUESTIONS]:
        yield f"{each.file}:{each.line}: {each.ask}"
        choices = f"{', '.join(each.choices[:-1])} or {each.choices[-1]}"
        yield f"    Choose {choices}. Until you do: {each.default}. Its id: {each.id}"
    if len(questions) > _MOST_QUESTIONS:
        yield f"... and {len(questions) - _MOST_QUESTIONS:,} more questions; --json has them all."
    if questions:
        first = questions[0]
        yield f"Answer them: {again}"
        yield f"Or write into imports.yaml: answers: {{{first.id}: {first.choices[0]}}}"


def refusal_lines(imported: Imported) -> Iterator[str]:
    """What was read and not taken, and what was corrected."""
    refused = [
        f"{each.place.file}:{each.place.line}: not taken: {each.value} ({each.reason})"
        for each in imported.open_refusals
    ]
    yield from _limited(refused, "values that were not taken")
    cleaned = [f"{each.place.file}:{each.place.line}: cleaned: {each.was} -> {each.now}" for each in imported.cleaned]
    yield from _limited(cleaned, "values that were cleaned")


def account_lines(imported: Imported, again: str) -> Iterator[str]:
    """What was done with every part of the documents: the columns, what differs, what is open, the counts.

    `again` is the command that asks the questions.
    """
    if line := tally_line(imported.tally):
        yield line
    if imported.no_mail:
        known = sum(bool(contact) for _, contact in imported.no_mail.values())
        yield (
            f"{len(imported.no_mail):,} address{'es' * (len(imported.no_mail) != 1)} that must not be written to: "
            f"{known:,} are your contacts, {len(imported.no_mail) - known:,} are kept for later imports."
        )
    for keep, other in imported.merges:
        yield f"{other} becomes part of {keep}, as you said."
    yield from question_lines(imported, again)
    yield from refusal_lines(imported)
    for columns in imported.columns:
        yield from _column_lines(columns)
    yield from _limited([_repaired_line(each) for each in imported.repaired], "lines repaired")
    yield from _limited(list(imported.skipped), "files skipped", _MOST_SKIPPED)
    for each in imported.disagreements:
        yield f"{each.source}: differs: {each.message}"
        yield from _both_values(each)
    for remark in imported.remarks:
        yield f"{remark.file}:{remark.line}: {remark.message}"
        yield f"    {remark.hint}"
    yield from _limited([_lost_line(each) for each in imported.passages if each.kind == "not-understood"], "passages")
    for file, counts in imported.documents.items():
        parts = ", ".join(f"{counts.get(kind, 0):,} {words}" for kind, words in _COUNTED.items())
        yield f"{file}: {sum(counts.values()):,} lines with text: {parts}."


def _limited(lines: list[str], noun: str, most: int = _MOST_LINES) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"... and {len(lines) - most:,} more {noun}; --json has them all."


def _column_lines(columns: ColumnNames) -> Iterator[str]:
    yield f"{columns.file}:{columns.line}: columns were read like this (to change it: imports.yaml):"
    width = min(max(map(len, columns.columns), default=0), 40)
    for label, target in columns.columns.items():
        yield f"    {label:<{width}}  {'-> ' + target if target != 'fields' else '-> fields, unchanged'}"


def _repaired_line(each: Passage) -> str:
    return f"{each.file}:{each.line}: repaired: {each.read_as}"


def _lost_line(each: Passage) -> str:
    lines = f"{each.line}" if each.line == each.end else f"{each.line}-{each.end}"
    what = f": {each.read_as}" if each.read_as != "nothing" else ""
    return f"{each.file}:{lines}: not understood{what}{f' ({each.to})' if each.to else ''}"


def _both_values(each: Disagreement) -> Iterator[str]:
    if each.key:
        yield f"    kept:  {_short(each.kept)}"
        yield f"    other: {_short(each.other)}"
        return
    before, after = str(each.kept or "").splitlines(), str(each.other).splitlines()
    for line in difflib.unified_diff(before, after, each.file, each.source, lineterm=""):
        yield f"    {line}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else " ".join(str(value).split())
    return text if len(text) <= 300 else f"{text[:300]}..."


def written_line(imported: Imported, *, written: bool) -> str:
    """`23 contacts, 5 templates and 4 other files written; 2 unchanged.`"""
    paths = dict.fromkeys(path.replace("contacts/private/", "contacts/") for path in imported.paths)
    folders = Counter(path.partition("/")[0] for path in paths if "/" in path)
    others = sum("/" not in path for path in paths)
    parts = [f"{number:,} {name.removesuffix('s')}{'s' * (number > 1)}" for name, number in folders.items()]
    parts += [f"{others} other file{'s' if others > 1 else ''}"] if others else []
    if not parts:
        lines = imported.documents.values()
        nothing = any(lines) and not any(counts.get(kind) for counts in lines for kind in ("taken", "noted"))
        return "Nothing could be imported." if nothing else "Everything is there already; nothing changes."
    named = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{named} {'written' if written else 'would be written'}; {len(imported.unchanged):,} unchanged."
