"""A table -> what it gives, and what became of each row and each address in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from outreach.intake.account import Account
from outreach.intake.addresses import addresses, broken
from outreach.intake.contact import Column, contact_of, with_via
from outreach.intake.grid import Cell, Row, rows_of_text, sheets_of, text_of
from outreach.intake.marks import looks_of, words_beside
from outreach.intake.naming import fits
from outreach.intake.no_means_no import Says, read_row, says_no, speaks_of_mail
from outreach.intake.persons import is_blank_word
from outreach.intake.settling import Settling, names_of, said_beside
from outreach.intake.shapes import shape_of
from outreach.intake.tables.columns import columns_of
from outreach.intake.tables.header import Header, header_of, is_again, is_another
from outreach.intake.tables.passages import addresses_in, addresses_of, passage_of, place_of, with_empty_rows
from outreach.intake.tables.shape import Kept, is_count, kind_of_row, side_by_side, upright
from outreach.intake.tables.unknown import not_understood
from outreach.intake.vocabulary import columns, folded
from outreach.model.found import Found, FoundContact, FoundText, Kind, Passage, Place, Remark
from outreach.words.slugs import slug_of

Known = Mapping[str, Mapping[str, str]]
"""What was stored of earlier imports: the file's name -> its labels -> what they hold."""
_WHERE = "imports.yaml"


def read_csv(name: str, text: str, known: Known | None = None, account: Account | None = None) -> Found:
    """The contacts of a text table; what is asked, refused and cleaned is in `account`. Raises UnreadableSource."""
    return read_rows(name, rows_of_text(name, text), (known or {}).get(name, {}), account or Account())


def read_workbook(name: str, data: bytes, known: Known | None = None, account: Account | None = None) -> Found:
    """The contacts of all sheets of an XLSX, XLS or ODS file; a row's line is its number in the sheet.

    Where several sheets hold something, they are called `FILE#SHEET`. A hidden sheet is left out, and each address
    in it is refused. Raises UnreadableSource.
    """
    account = account or Account()
    sheets = sheets_of(name, data)
    shown = [sheet for sheet in sheets if not sheet.is_hidden]
    founds = []
    for sheet in sheets:
        called = name if len(sheets) == 1 else f"{name}#{sheet.name}"
        if sheet.is_hidden and shown:
            founds.append(_left_out(called, sheet.rows, "it is on a hidden sheet", account))
        else:
            founds.append(read_rows(called, sheet.rows, (known or {}).get(called, {}), account))
    return said_beside(name, words_beside(data), joined(founds), account)


def joined(founds: Iterable[Found]) -> Found:
    """Several Founds one after the other."""
    all_of = list(founds)
    names = [each.name for each in fields(Found)]
    return Found(**{name: tuple(each for found in all_of for each in getattr(found, name)) for name in names})


def _left_out(file: str, rows: Sequence[Row], reason: str, account: Account) -> Found:
    passages = []
    for row in rows:
        if not row.is_empty:
            passages.append(passage_of(file, [row], "noted", "hidden row", ""))
            for address in addresses_in(row):
                account.refuse(place_of(file, row), address, reason)
    return Found(passages=tuple(passages))


class _Table:
    """One grid, as it is read from its first row to its last."""

    def __init__(self, file: str, rows: list[Row], known: Mapping[str, str], account: Account) -> None:
        self.file = file
        self.rows = rows
        self.known = known
        self.account = account
        self.contacts: list[FoundContact] = []
        self.passages: list[Passage] = []
        self.texts: list[FoundText] = []
        self.notes: list[tuple[Row, str]] = []
        self.titles: list[Row] = []
        self.columns: dict[str, str] = {}
        self.settling = Settling(file, account)
        self.defaults: dict[str, Any] = {}
        self.last: FoundContact | None = None
        self.last_name = ""
        self.left_out: dict[str, None] = {}

    def say(self, row: Row, kind: Kind, read_as: str, to: str = "") -> None:
        self.passages.append(passage_of(self.file, [row], kind, read_as, to))

    def read(self, header: Header) -> Found:
        """All rows below the header, and those above it as a note."""
        self._titles(self.rows[: header.begin])
        at = header.end
        self._begin(header)
        while at < len(self.rows):
            row = self.rows[at]
            at += 1
            if row.is_empty:
                self.last_name = ""
            elif row.is_hidden:
                self.say(row, "noted", "hidden row")
                for address in addresses_in(row):
                    self.account.refuse(place_of(self.file, row), address, "it is in a hidden row")
            elif row.torn:
                self.say(row, "not-understood", "a row without a name", row.torn)
                for address in addresses_in(row):
                    self.account.refuse(place_of(self.file, row), address, f"it is in a line that is torn: {row.torn}")
            elif header.end > header.begin and is_again(row, header):
                self.say(row, "taken", "columns", "the names of the columns again")
            elif header.end > header.begin and is_another(self.rows, at - 1):
                below = header_of(self.rows[at - 1 :], self.known, self.account, self.file)
                if below is not None and below.begin == 0 and below.end > 0:
                    self.defaults = {}
                    header = replace(below, begin=at - 1, end=at - 1 + below.end)
                    at = header.end
                    self._begin(header)
                else:
                    self._row(row, header)
            else:
                self._row(row, header)
        return self._found(header)

    def _begin(self, header: Header) -> None:
        self.columns |= header.mapping
        if header.end > header.begin:
            rows = self.rows[header.begin : header.end]
            self.passages.append(passage_of(self.file, rows, "taken", "columns", f"{_WHERE}: columns"))
        self.rows_of = Kept(self.rows[header.end :], header)
        self._private(header)

    def _private(self, header: Header) -> None:
        """Columns on people's private lives are left out, and that is said, with the choice to keep them."""
        private = [column for column in header.columns if column.target == "private"]
        if header.of_people or not any(column.target == "name" for column in header.columns):
            private += [column for column in header.columns if column.target == "phone"]
        if not private:
            return
        labels = ", ".join(dict.fromkeys(column.label for column in private))
        answer = self.account.ask(
            "private",
            Place(file=self.file, line=self.rows[max(header.begin, 0)].line),
            labels,
            ask=f"{self.file} has private details of people ({labels}). They are left out. Keep them?",
            choices=("leave-out", "keep"),
            default="leave-out",
            optional=True,
        )
        self.left_out = dict.fromkeys(column.label for column in private) if answer == "leave-out" else {}

    def _titles(self, rows: Sequence[Row]) -> None:
        """What is above the columns' names is kept as a note."""
        for row in rows:
            if not row.is_empty:
                self.notes.append((row, "title"))
                self.titles += [] if is_count(" ".join(map(text_of, row.cells))) else [row]

    def _row(self, row: Row, header: Header) -> None:
        kind, value = kind_of_row(row, header, self.rows_of, self.account, place_of(self.file, row))
        if kind == "tier":
            self.defaults = {"tier": value}
            self.say(row, "taken", "heading", "tier of the rows below")
        elif kind == "heading":
            self.defaults = {**({"tier": self.defaults["tier"]} if "tier" in self.defaults else {}), **value}
            self.say(row, "taken", "heading", "of the rows below")
        elif kind == "total":
            self.say(row, "noted", "total")
        elif kind == "note":
            self.notes.append((row, "note below the table"))
        else:
            self._contact(row, header)
            return
        for address in addresses_in(row):
            self.settling.leave(place_of(self.file, row), address, "it is in a heading or note of the table")

    def _cells(self, row: Row, header: Header) -> list[tuple[Column, Cell]]:
        found: list[tuple[Column, Cell]] = []
        links = dict(row.links)
        width = 0
        for column in header.columns:
            width = max(width, column.at + 1)
            if column.label in self.left_out:
                continue
            cell = row.at(column.at)
            target = links.get(column.at, "")
            if target.lower().startswith("mailto:"):
                address = next((each.address for each in addresses(target) if each.kind == "email"), "")
                if address and address not in text_of(cell):
                    self.account.clean(place_of(self.file, row, column.label), text_of(cell), address)
                    found.append((Column(at=column.at, label=column.label, target="email", role=column.role), address))
                    is_label = column.target in ("email", "person_email") or folded(text_of(cell)) in columns()
                    cell = "" if is_label else cell
            elif target.startswith(("http://", "https://")) and column.target in ("website", "form", "social"):
                cell = target if shape_of(text_of(cell)) != "url" else cell
            if cell != "":
                found.append((column, cell))
        for at in range(width, len(row.cells)):
            if row.cells[at] != "":
                column = Column(at=at, label=f"column {at + 1}", target="fields")
                found.append((column, row.cells[at]))
        return found

    def _contact(self, row: Row, header: Header) -> None:
        cells = self._cells(row, header)
        defaults = dict(self.defaults)
        if header.of_people:
            defaults.setdefault("kind", "person")
        name_at = next((column.at for column in header.columns if column.target == "name"), None)
        own = text_of(row.at(name_at)).strip() if name_at is not None else ""
        if name_at is not None and self.last_name and self.rows_of.is_same_as_above(row, own, self.last, self.settling):
            defaults["name"] = self.last_name
            cells = [(column, cell) for column, cell in cells if column.target != "name"]
        cells = self.rows_of.with_unit(cells)
        contact = contact_of(cells, self.file, row.line, defaults)
        if contact is None and (own := _named_by_domain(cells)):
            contact = contact_of(cells, self.file, row.line, {**defaults, "name": own})
        if contact is None:
            self._nameless(row, header, cells)
            return
        above = (" ".join(text_of(cell) for cell in title.cells).strip() for title in self.titles)
        contact = replace(contact, under=(*contact.under, *(title for title in above if "=" not in title)))  # no legend
        contact = replace(contact, marks=(*contact.marks, *looks_of(row.colour, is_struck=row.is_struck)))
        self._unread(row, cells)
        theirs = [(column, text_of(cell)) for column, cell in cells if column.target != "owner"]
        self.settling.row([(place_of(self.file, row, column.label), text) for column, text in theirs], contact)
        for column in header.columns:
            if column.label in self.left_out:
                self.settling.row([(place_of(self.file, row, column.label), text_of(row.at(column.at)))], contact)
        self.last, self.last_name = contact, str(contact.values["name"]) if name_at is not None else ""
        self.contacts.append(contact)
        self.say(row, "taken", "contact", f"contacts/{contact.id}.yaml")

    def _unread(self, row: Row, cells: Sequence[tuple[Column, Cell]]) -> None:
        """A cell for an address that holds none, nor says that there is none."""
        for column, cell in cells:
            text = text_of(cell)
            is_for_one = column.target in ("email", "person_email") and "@" not in text
            if is_for_one and not is_blank_word(text) and not any(addresses(text)):
                self.account.refuse(place_of(self.file, row, column.label), text, "no email address was found in it")

    def _nameless(self, row: Row, header: Header, cells: Sequence[tuple[Column, Cell]]) -> None:
        place = place_of(self.file, row)
        found = [address for _, cell in cells for address in addresses_of(text_of(cell))]
        said = read_row([(column.label, cell) for column, cell in cells], date.min)
        if found and ((said and said[0].says in (Says.NO, Says.BOUNCED)) or says_no(_words_of(self.file))):
            for address in found:
                self.account.never(place, address)
            self.say(row, "taken", "no more mail")
        else:
            self.settling.nameless(place, found)
            self.say(row, "not-understood", "a row without a name", row.torn)
        for _, cell in cells:
            for value, reason in broken(text_of(cell)):
                self.account.refuse(place, value, reason)

    def _found(self, header: Header) -> Found:
        self._write_notes()
        told = [line for row, _ in self.notes if speaks_of_mail(line := " ".join(map(text_of, row.cells)).strip())]
        self.contacts = [
            replace(each, lines=(*each.lines, *(line for line in told if any(name in line for name in names_of(each)))))
            for each in (self.contacts if told else ())
        ] or self.contacts
        self.settling.ask(self.contacts)
        ids = {each.id for each in self.contacts}
        self.contacts = [replace(each, values=with_via(each.values, ids)) for each in self.contacts]
        return Found(
            contacts=tuple(self.contacts),
            texts=tuple(self.texts),
            passages=tuple(with_empty_rows(self.passages, self.rows)),
            remarks=tuple(_remarks(self.file, self.rows, header, self.known)),
            columns=(columns_of(self.file, self.rows, header, self.columns, self.left_out),),
        )

    def _write_notes(self) -> None:
        if not self.notes:
            return
        note = f"{slug_of(self.file.rpartition('/')[2])}.md"
        body = "\n\n".join(" ".join(text_of(cell) for cell in row.cells if cell != "") for row, _ in self.notes)
        line = self.notes[0][0].line
        self.texts.append(FoundText(folder="notes", name=note, front={}, body=f"{body}\n", file=self.file, line=line))
        for row, what in self.notes:
            self.say(row, "noted", what, f"notes/{note}")
            for address in addresses_in(row):
                self.settling.leave(place_of(self.file, row), address, "it is above or below the table")


def _named_by_domain(cells: Sequence[tuple[Column, Cell]]) -> str:
    """The cell of an unknown column that the domain of the row's address names; "" for none."""
    found = [address for _, cell in cells for address in addresses_of(text_of(cell))]
    texts = [text_of(cell).strip() for column, cell in cells if column.target == "fields"]
    return next((text for text in texts if len(text.split()) <= 8 and found and fits(text, found[0])), "")


def _words_of(file: str) -> str:
    """The words of a file's name and its sheet's: `do_not_contact.csv` says no too."""
    return re.sub(r"\.\w+(?=#|$)|[_#.-]+", " ", file.rpartition("/")[2]).strip()


def read_rows(file: str, rows: list[Row], known: Mapping[str, str], account: Account) -> Found:
    """The contacts of a grid, which may be of several tables side by side."""
    parts = side_by_side(rows)
    if len(parts) > 1:
        founds = [read_rows(file, part, known, account) for part in parts]
        taken = {each.line for found in founds for each in found.passages if each.kind == "taken"}
        lines = [passage_of(file, [row], "taken" if row.line in taken else "noted", "contact", "tables side by side")
                 for row in rows if not row.is_empty]  # fmt: skip
        return replace(joined(founds), passages=tuple(with_empty_rows(lines, rows)))
    turned = upright(rows, known)
    header = header_of(turned, known, account, file)
    if header is None or not (header.has_name or header.has_address):
        return not_understood(file, rows, header, account)
    found = _Table(file, turned, known, account).read(header)
    if turned is rows:
        return found
    lines = [
        passage_of(file, [row], "taken", "contact", "the columns are contacts") for row in rows if not row.is_empty
    ]
    return replace(found, passages=tuple(with_empty_rows(lines, rows)))


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
