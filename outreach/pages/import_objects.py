"""What an import would do or did, as the object of `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, TypedDict

from outreach.model.found import ColumnNames, Kind, Passage, Place, Question, Remark
from outreach.model.imported import Disagreement, Imported, NoMail, Tally
from outreach.pages.json_schema import Count, Day, Fields

QuestionObject = Annotated[dict[str, Any], Fields(Question)]
RefusalObject = Annotated[dict[str, Any], Fields(Place, id=str, value=str, reason=str)]
NoMailObject = Annotated[dict[str, Any], Fields(NoMail, contact=str | None)]
TallyObject = Annotated[dict[str, Any], Fields(Tally, rows=Count)]
As = TypedDict("As", {"as": str})


class PassageObject(As):
    """Lines of a document, from 1, both included: what they were read `as`, and where they stand now."""

    file: str
    line: Count
    end: Count
    to: str


class CleanedObject(TypedDict):
    """A value that was put right with certainty."""

    file: str
    line: Count
    was: str
    now: str


class LoggedObject(TypedDict):
    """What a list says happened before; `on` is null where it names no day."""

    contact: str
    what: str
    on: Day | None
    text: str


class MergeObject(TypedDict):
    """Two contacts that are one, as a person answered: the id that stays, and the other's."""

    keep: str
    other: str


class LinesObject(TypedDict):
    """How many lines of a document became what; empty ones are not counted."""

    lines: Count
    taken: Count
    noted: Count
    not_understood: Count


class ImportObject(TypedDict):
    """What became of every line. An import without --go lists its files in `to_write`.

    `edited` files were changed by somebody while it ran, and are as they left them. `conflicts` are values that stay
    as they are (`kept`) though a document says otherwise (`other`); `mapping` says what columns were taken for.
    """

    taken: list[PassageObject]
    noted: list[PassageObject]
    not_understood: list[PassageObject]
    written: list[str]
    edited: list[str]
    unchanged: list[str]
    to_write: list[str]
    repaired: list[PassageObject]
    contacts: TallyObject
    questions: list[QuestionObject]
    refused: list[RefusalObject]
    cleaned: list[CleanedObject]
    logged: list[LoggedObject]
    suppressed: list[NoMailObject]
    merges: list[MergeObject]
    remarks: list[Annotated[dict[str, Any], Fields(Remark)]]
    conflicts: list[Annotated[dict[str, Any], Fields(Disagreement)]]
    mapping: list[Annotated[dict[str, Any], Fields(ColumnNames)]]
    skipped: list[str]
    lines: dict[str, LinesObject]


def import_object(imported: Imported, *, written: bool) -> ImportObject:
    """The object of `import --json` and `init --json`. `to_write` are the files of an import that only looked."""
    paths = imported.paths
    return {
        "taken": _passages(imported, "taken"),
        "noted": _passages(imported, "noted"),
        "not_understood": _passages(imported, "not-understood"),
        "written": paths if written else [],
        "edited": list(imported.edited),
        "unchanged": list(imported.unchanged),
        "to_write": [] if written else paths,
        "repaired": [_passage(each) for each in imported.repaired],
        "contacts": {**asdict(imported.tally), "rows": imported.tally.rows},
        "questions": [asdict(each) for each in imported.questions],
        "refused": [
            {"id": each.id, **asdict(each.place), "value": each.value, "reason": each.reason}
            for each in imported.refusals
        ],
        "cleaned": [
            {"file": each.place.file, "line": each.place.line, "was": each.was, "now": each.now}
            for each in imported.cleaned
        ],
        "logged": [
            {
                "contact": each.contact,
                "what": each.what,
                "on": each.on.isoformat() if each.on else None,
                "text": each.text,
            }
            for each in imported.happened
        ],
        "suppressed": [{**asdict(each), "contact": contact or None} for each, contact in imported.no_mail.values()],
        "merges": [{"keep": keep, "other": other} for keep, other in imported.merges],
        "remarks": [asdict(each) for each in imported.remarks],
        "conflicts": [asdict(each) for each in imported.disagreements],
        "mapping": [asdict(each) for each in imported.columns],
        "skipped": list(imported.skipped),
        "lines": {file: _lines(counts) for file, counts in imported.documents.items()},
    }


def _passages(imported: Imported, kind: Kind) -> list[PassageObject]:
    return [_passage(each) for each in imported.passages if each.kind == kind]


def _passage(each: Passage) -> PassageObject:
    return {"file": each.file, "line": each.line, "end": each.end, "as": each.read_as, "to": each.to}


def _lines(counts: Mapping[Kind, int]) -> LinesObject:
    return {
        "lines": sum(counts.values()),
        "taken": counts.get("taken", 0),
        "noted": counts.get("noted", 0),
        "not_understood": counts.get("not-understood", 0),
    }
