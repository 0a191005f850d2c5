"""A table -> what it gives, and what became of each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

from outreach.intake.account import Account
from outreach.intake.tables.columns import Column, Header, header_of, section_tier
from outreach.intake.tables.contacts import contact_of
from outreach.intake.tables.grid import Row, rows_of_text, sheets_of, text_of
from outreach.model.found import ColumnNames, Found, FoundContact, FoundText, Kind, Passage, Remark
from outreach.words.slugs import slug_of

Known = Mapping[str, Mapping[str, str]]
"""What was stored of earlier imports: the file's name -> its labels -> what they hold."""
_WHERE = "imports.yaml"
EMPTY = "empty row"
"""What a row is read as that holds nothing."""


def read_csv(name: str, text: str, known: Known | None = None, account: Account | None = None) -> Found:
    """The contacts of a text table; what is asked, refused and cleaned is in `account`. Raises UnreadableSource."""
    return _read(name, rows_of_text(name, text), (known or {}).get(name, {}))


def read_workbook(name: str, data: bytes, known: Known | None = None, account: Account | None = None) -> Found:
    """The contacts of all sheets of an XLSX, XLS or ODS file; a row's line is its number in the sheet.

    Where several sheets hold something, they are called `FILE#SHEET`. Raises UnreadableSource.
    """
    sheets = sheets_of(name, data)
    named = [(name if len(sheets) == 1 else f"{name}#{sheet}", rows) for sheet, rows in sheets]
    return joined(_read(each, rows, (known or {}).get(each, {})) for each, rows in named)


def joined(founds: Iterable[Found]) -> Found:
    """Several Founds one after the other."""
    all_of = list(founds)
    names = [each.name for each in fields(Found)]
    return Found(**{name: tuple(each for found in all_of for each in getattr(found, name)) for name in names})


def _read(file: str, rows: list[Row], known: Mapping[str, str]) -> Found:
    header = header_of(rows, known)
    if header is None or not header.has_name:
        return _not_understood(file, rows, header)
    contacts: list[FoundContact] = []
    passages: list[Passage] = []
    above, texts = _titles(file, rows[: header.begin])
    passages += above
    if header.end > header.begin:
        passages.append(_passage(file, rows[header.begin : header.end], "taken", "columns", f"{_WHERE}: columns"))
    tier = None
    for row in rows[header.end :]:
        if row.is_empty:
            continue
        section = section_tier(row)
        if section is not None:
            tier = section
            passages.append(_passage(file, [row], "taken", "heading", "tier of the rows below"))
            continue
        contact = None if row.torn else contact_of(row, header, file, tier)
        if contact is None:
            passages.append(_passage(file, [row], "not-understood", "a row without a name", row.torn))
            continue
        contacts.append(contact)
        passages.append(_passage(file, [row], "taken", "contact", f"contacts/{contact.id}.yaml"))
    return Found(
        contacts=tuple(contacts),
        texts=texts,
        passages=tuple(_with_empty_rows(passages, rows)),
        remarks=tuple(_remarks(file, rows, header, known)),
        columns=(ColumnNames(file=file, line=rows[header.begin].line, columns=header.mapping),),
    )


def _passage(file: str, rows: Sequence[Row], kind: Kind, read_as: str, to: str) -> Passage:
    return Passage(file=file, line=rows[0].line, end=rows[-1].end, kind=kind, read_as=read_as, to=to)


def _titles(file: str, rows: Sequence[Row]) -> tuple[list[Passage], tuple[FoundText, ...]]:
    """What stands above the columns' names is kept as a note."""
    filled = [row for row in rows if not row.is_empty]
    if not filled:
        return [], ()
    note = f"{slug_of(file.rpartition('/')[2])}.md"
    body = "\n\n".join(" ".join(text_of(cell) for cell in row.cells if cell != "") for row in filled)
    text = FoundText(folder="notes", name=note, front={}, body=f"{body}\n", file=file, line=filled[0].line)
    return [_passage(file, [row], "noted", "title", f"notes/{note}") for row in filled], (text,)


def _with_empty_rows(passages: list[Passage], rows: Sequence[Row]) -> Iterator[Passage]:
    """The passages and, as far as separators stand in them, the rows without content between them."""
    empty = [row for row in rows if row.is_empty and row.cells]
    waiting = iter(sorted([*passages, *_runs_of(empty, passages)], key=lambda each: each.line))
    yield from waiting


def _runs_of(empty: Sequence[Row], passages: Sequence[Passage]) -> Iterator[Passage]:
    if not passages:
        return
    file = passages[0].file
    begin: Row | None = None
    end: Row | None = None
    for row in empty:
        if begin is not None and end is not None and row.line != end.end + 1:
            yield _passage(file, [begin, end], "noted", EMPTY, "")
            begin = None
        begin, end = begin or row, row
    if begin is not None and end is not None:
        yield _passage(file, [begin, end], "noted", EMPTY, "")


def _remarks(file: str, rows: Sequence[Row], header: Header, known: Mapping[str, str]) -> Iterator[Remark]:
    line = rows[header.begin].line
    if header.guessed and not known:
        guesses = ", ".join(f"{c.label} is `{c.target}`" for c in header.columns if c.target != "fields")
        message = f"The first row of {file} names no columns, so they were guessed: {guesses}."
        yield Remark(file=file, line=line, message=message, hint="Give the table a first row, such as name,email.")
    words = [column for column in header.columns if column.target == "tier" and _is_words(rows, header, column)]
    for column in words:
        message = f"The column `{column.label}` holds words and no numbers, so it is kept under `fields`."
        yield Remark(file=file, line=line, message=message, hint="Write tiers as numbers, 0 for the most important.")


def _is_words(rows: Sequence[Row], header: Header, column: Column) -> bool:
    cells = [text_of(row.at(column.at)) for row in rows[header.end :] if row.at(column.at) != ""]
    return bool(cells) and not any(character.isdigit() for cell in cells for character in cell)


def _not_understood(file: str, rows: Sequence[Row], header: Header | None) -> Found:
    """A table in which no column is the name: not one contact, and what would mend it."""
    filled = [row for row in rows if not row.is_empty]
    if not filled:
        return Found()
    labels = [column.label for column in header.columns] if header else []
    labels = labels or [text_of(cell) for cell in filled[0].cells if cell != ""]
    message = f"No column of {file} is known to hold names, so none of its rows became a contact."
    example = f"{{{file}: {{{labels[0] if labels else 'Organisation'}: name}}}}"
    hint = f"Call the column `name`, or write into imports.yaml: `columns: {example}`."
    passages = [_passage(file, [row], "not-understood", "a row of an unknown table", "") for row in filled]
    remark = Remark(file=file, line=filled[0].line, message=message, hint=hint)
    return Found(passages=tuple(_with_empty_rows(passages, rows)), remarks=(remark,))
