"""A table in which no column is known to hold names: not one contact, and what would help."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.intake.account import Account
from outreach.intake.addresses import broken
from outreach.intake.grid import Row, text_of
from outreach.intake.tables.header import Header
from outreach.intake.tables.passages import addresses_in, passage_of, place_of, with_empty_rows
from outreach.model.found import Found, FoundText, Remark
from outreach.words.slugs import slug_of


def _width(row: Row) -> int:
    return sum(cell != "" for cell in row.cells)


def _kept_as_note(file: str, rows: Sequence[Row], filled: Sequence[Row]) -> Found:
    """A sheet of sentences, such as `READ ME`."""
    note = f"{slug_of(file.rpartition('/')[2])}.md"
    body = "\n\n".join(text_of(cell) for row in filled for cell in row.cells if cell != "")
    text = FoundText(folder="notes", name=note, front={}, body=f"{body}\n", file=file, line=filled[0].line)
    passages = [passage_of(file, [row], "noted", "words without columns", f"notes/{note}") for row in filled]
    return Found(texts=(text,), passages=tuple(with_empty_rows(passages, rows)))


def not_understood(file: str, rows: Sequence[Row], header: Header | None, account: Account) -> Found:
    """A table in which no column is the name: not one contact, and what would fix it."""
    filled = [row for row in rows if not row.is_empty]
    if not filled:
        return Found()
    if max(map(_width, filled)) == 1:
        for row in filled:
            for address in addresses_in(row):
                account.refuse(place_of(file, row), address, "it is in a sentence")
        return _kept_as_note(file, rows, filled)
    labels = [column.label for column in header.columns] if header else []
    labels = labels or [text_of(cell) for cell in filled[0].cells if cell != ""]
    message = f"No column of {file} is known to hold names, so none of its rows became a contact."
    example = f"{{{file}: {{{labels[0] if labels else 'Organisation'}: name}}}}"
    hint = f"Call the column `name`, or write into imports.yaml: `columns: {example}`."
    passages = []
    for row in filled:
        passages.append(passage_of(file, [row], "not-understood", "a row of an unknown table", ""))
        for address in addresses_in(row):
            account.refuse(place_of(file, row), address, "no column of its table is known to hold names")
        for cell in row.cells:
            for value, reason in broken(text_of(cell)):
                account.refuse(place_of(file, row), value, reason)
    remark = Remark(file=file, line=filled[0].line, message=message, hint=hint)
    return Found(passages=tuple(with_empty_rows(passages, rows)), remarks=(remark,))
