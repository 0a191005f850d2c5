"""The documents that were named, found and read."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from outreach import storage
from outreach.errors import (
    LeadsOut,
    NotAFile,
    NotAFolder,
    NothingToImport,
    OutreachError,
    TooLarge,
    UnreadableSource,
    reason_of,
)
from outreach.intake.account import Account
from outreach.intake.bounds import check_archive
from outreach.intake.grid import Row, rows_of_text, sheets_of
from outreach.intake.holding import with_surroundings
from outreach.intake.notes.markdown import read_notes, together
from outreach.intake.open_document import text_of_open_document
from outreach.intake.pages import charset_of, text_of_page
from outreach.intake.tables import EMPTY, read_csv, read_workbook
from outreach.intake.text import LARGEST, Decoded, decoded
from outreach.intake.vcard import read_cards
from outreach.intake.word_document import text_of_word
from outreach.model.found import Found, Kind, Passage, Remark
from outreach.model.records import dataclass
from outreach.tasks.importing.attachments import LARGEST as ENCLOSED
from outreach.tasks.importing.attachments import SUFFIXES
from outreach.tasks.progress import report

_NOTES = frozenset((".md", ".markdown", ".txt", ".text"))
_TABLES = frozenset((".csv", ".tsv", ".tab"))
_WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"))
_CARDS = frozenset((".vcf", ".vcard"))
_PAGES = frozenset((".html", ".htm", ".xhtml"))
_WORD = frozenset((".docx", ".docm"))
_OPEN = frozenset((".odt", ".ott"))
_READ = _NOTES | _TABLES | _WORKBOOKS | _CARDS | _PAGES | _WORD | _OPEN
_MOST_DOCUMENTS = 500
_WRITTEN_WITH = {
    ".doc": "an old Word document", ".rtf": "an RTF document", ".pages": "a Pages document",
    ".numbers": "a Numbers document", ".pptx": "a presentation", ".odp": "a presentation",
}  # fmt: skip

_LOCK = re.compile(r"~\$|\.~lock\.")
"""How the files begin that Excel, Word and LibreOffice keep beside an open document: `~$partners.xlsx`."""
Known = Mapping[str, Mapping[str, str]]


class _Place(NamedTuple):
    """A document below the folder `base`, out of which no link leads."""

    base: Path
    within: str

    @property
    def path(self) -> Path:
        return self.base / self.within


@dataclass(frozen=True, kw_only=True)
class Documents:
    """What was read, in the order of the files; `lines` counts what became of those that are not blank."""

    found: tuple[Found, ...]
    lines: Mapping[str, Mapping[Kind, int]]
    skipped: tuple[str, ...]
    unread: tuple[Remark, ...] = ()
    attachments: Mapping[str, bytes]
    """Files for letters to carry, as they are, by name."""


NOTHING_READ = Documents(found=(), lines={}, skipped=(), attachments={})


def read_documents(
    paths: Sequence[Path], known: Known, campaign: Path, account: Account, *, readable: bool = False
) -> Documents:
    """Everything in `paths`; of a folder all documents in it, at any depth, but nothing of `campaign` itself.

    What was named and cannot be read raises UnreadableSource or another OutreachError, or with `readable` is in
    `unread`; in a folder it is skipped, with a sentence. Raises NothingToImport, but not with `readable`. What is
    asked, refused and cleaned is in `account`.
    """
    founds: list[Found] = []
    lines: dict[str, Mapping[Kind, int]] = {}
    skipped: list[str] = []
    attachments: dict[str, bytes] = {}
    unread: list[Remark] = []
    for place, name, named in _listed(paths, campaign, skipped):
        name = _free_name(name, place.path, lines)
        report("documents", len(lines))
        try:
            if place.path.suffix.lower() in SUFFIXES:
                attachments[name], lines[name] = _attachment(place, name), {"taken": 1}
                continue
            found, filled = _read(place, name, known, account)
        except OutreachError as error:
            if named and readable:
                unread.append(Remark(file=name, line=1, message=str(error), hint=error.hint))
                continue
            if named:
                raise
            skipped.append(error.in_full)
            continue
        found, lines[name] = _accounted(found, name, filled)
        founds.append(found)
    if not founds and not attachments and not readable:
        if skipped and len(paths) == 1:
            raise NothingToImport(f"{paths[0]} ({skipped[0].rstrip('.')})")
        raise NothingToImport(", ".join(str(path) for path in paths) or "what was named")
    return Documents(
        found=together(founds), lines=lines, skipped=tuple(skipped), unread=tuple(unread), attachments=attachments
    )


def rows_in(paths: Sequence[Path], campaign: Path) -> Iterator[tuple[str, list[Row]]]:
    """The documents in `paths` as rows of cells: of a text that is not a table, a row is a line.

    Raises UnreadableSource and its like for the first that cannot be read.
    """
    for place, name, _ in _listed(paths, campaign, []):
        suffix = place.path.suffix.lower()
        data = _bytes(place, name)
        if suffix in _WORKBOOKS:
            yield from ((name, sheet.rows) for sheet in sheets_of(name, data))
        elif suffix in _TABLES:
            yield name, rows_of_text(name, decoded(data, name).text)
        else:
            lines = enumerate(_text(data, name, suffix, Account()).text.split("\n"), start=1)
            yield name, [Row(line=number, end=number, cells=(line,)) for number, line in lines if line.strip()]


def _listed(paths: Sequence[Path], campaign: Path, skipped: list[str]) -> Iterator[tuple[_Place, str, bool]]:
    """Each file with the name that it gets, and whether it was named itself."""
    seen: set[str] = set()
    for path in paths:
        each: Iterator[tuple[_Place, str, bool]]
        if path.is_dir():
            each = ((place, name, False) for place, name in _below(path, campaign, skipped))
        else:
            each = iter([(_Place(*storage.named(campaign, path, follow=True)), path.name, True)])
        for place, name, named in each:
            real = os.path.realpath(place.path)
            if real not in seen:
                seen.add(real)
                yield place, name, named


def _below(folder: Path, campaign: Path, skipped: list[str]) -> Iterator[tuple[_Place, str]]:
    """The documents of a folder that was named; what links in it lead to elsewhere is not the folder's."""
    own = os.path.realpath(campaign)
    base, top = storage.named(campaign, folder, follow=True)
    if base != campaign:
        base, top = base / top, ""
    number, waiting = 0, [""]
    while waiting:
        within = waiting.pop()
        if os.path.realpath(folder / within) == own:
            skipped.append(f"{folder / within} is the campaign itself, so nothing in it was read.")
            continue
        try:
            found = storage.entries(base, f"{top}/{within}".strip("/"))
        except OSError as error:
            reason = reason_of(error)
            if not within:
                raise UnreadableSource(str(folder), reason, "Name another folder, or documents.") from error
            skipped.append(f"{folder / within} was not read: {reason}.")
            continue
        names = [(each, f"{within}/{each.name}".lstrip("/")) for each in found]
        waiting += reversed([name for each, name in names if each.is_folder and not each.name.startswith(".")])
        for each, name in names:
            if each.is_folder or (each.is_link and (folder / name).is_dir()):
                continue
            if each.name.startswith("."):
                skipped.append(f"{name} is hidden, so it was not read.")
            elif Path(each.name).suffix.lower() not in _READ | SUFFIXES:
                skipped.append(_not_read(name))
            elif number >= _MOST_DOCUMENTS:
                skipped.append(f"{name} was not read: outreach reads at most {_MOST_DOCUMENTS} documents at once.")
            else:
                number += 1
                yield _Place(base, f"{top}/{name}".lstrip("/")), name


def _not_read(name: str) -> str:
    what = _WRITTEN_WITH.get(Path(name).suffix.lower())
    return (
        f"{name} is {what}, so it was not read." if what else f"{name} is a kind of file that outreach does not read."
    )


def _free_name(name: str, path: Path, taken: Collection[str]) -> str:
    """The name under which a document is shown and remembered: that of its folder too where it would be another's."""
    if name not in taken:
        return name
    return f"{path.resolve().parent.name}/{name}"


def _accounted(found: Found, name: str, filled: Collection[int] | None) -> tuple[Found, Mapping[Kind, int]]:
    """The same with a passage for every line, and how many lines became what: the three sum to all of them."""
    if filled is None:
        rows: Counter[Kind] = Counter()
        for passage in found.passages:
            rows[passage.kind] += passage.end - passage.line + 1 if passage.read_as != EMPTY else 0
        return found, dict(rows)
    became: dict[int, Kind] = {}
    for passage in found.passages:
        for line in range(passage.line, passage.end + 1):
            became.setdefault(line, passage.kind)
    passages: list[Passage] = []
    for line in sorted(set(filled) - became.keys()):
        if passages and passages[-1].end == line - 1:
            passages[-1] = replace(passages[-1], end=line)
        else:
            what = "a passage that is not for this campaign"
            passages.append(Passage(file=name, line=line, end=line, kind="not-understood", read_as=what))
    counts = Counter(became.get(line, "not-understood") for line in filled)
    return replace(found, passages=(*found.passages, *passages)), dict(counts)


def _read(place: _Place, name: str, known: Known, account: Account) -> tuple[Found, Collection[int] | None]:
    """What a file gives, and which of its lines are not blank; None for a workbook, which accounts for its own rows."""
    suffix = place.path.suffix.lower()
    if _LOCK.match(place.path.name):
        hint = "Close the document in Office, and import the document itself."
        raise UnreadableSource(name, "it is not a list, but a file that Office keeps while a document is open", hint)
    if suffix in _WRITTEN_WITH:
        hint = "Save a text as .docx or a table as .csv in the program that made it, and import that."
        raise UnreadableSource(name, f"it is {_WRITTEN_WITH[suffix]}", hint)
    data = _bytes(place, name)
    if suffix in _WORKBOOKS:
        found = read_workbook(name, data, known, account)
        return found, None
    text = _text(data, name, suffix, account)
    filled = [number for number, line in enumerate(text.text.split("\n"), start=1) if line.strip()]
    if suffix in _TABLES:
        found = read_csv(name, text.text, known, account)
    elif suffix in _CARDS:
        found = read_cards(name, text.text, account)
    else:
        found = read_notes(name, text.text, account)
        asked = [line for file, line in account.others if file == name]
        found = replace(found, contacts=tuple(with_surroundings(found.contacts, text.text, asked, account.looks)))
    repaired = tuple(
        Passage(file=name, line=line, end=line, kind="taken", read_as=what) for line, what in text.repaired
    )
    return replace(found, repaired=(*found.repaired, *repaired)), filled


def _text(data: bytes, name: str, suffix: str, account: Account) -> Decoded:
    """The words of a document; those of a page or a Word document as notes have them."""
    if suffix in _WORD:
        return Decoded(text=text_of_word(name, data, account))
    if suffix in _OPEN:
        return Decoded(text=text_of_open_document(name, data, account))
    if suffix in _PAGES:
        page = decoded(data, name, charset_of(data))
        return replace(page, text=text_of_page(name, page.text, account))
    return decoded(data, name)


def _attachment(place: _Place, name: str) -> bytes:
    """Raises UnreadableSource, also for what no mail could carry."""
    content = _bytes(place, name)
    if len(content) > ENCLOSED:
        hint = "Make it smaller, and put it into materials/ yourself."
        raise UnreadableSource(name, f"it is larger than {ENCLOSED // 1_000_000} MB", hint)
    return content


def _bytes(place: _Place, name: str) -> bytes:
    """Raises UnreadableSource, also for what would never end, and for what is too large before it is read."""
    try:
        content = storage.read(place.base, place.within, LARGEST)
        check_archive(name, content)
        return content
    except (FileNotFoundError, NotAFolder) as error:
        hint = "Check how its name is spelled: ls"
        raise UnreadableSource(name, "it does not exist", hint) from error
    except LeadsOut as error:
        hint = f"If you want what it points to, name that: {error.target}"
        raise UnreadableSource(name, "it is a link that leads out of its folder", hint) from error
    except NotAFile as error:
        hint = "Name a document, or a folder of documents."
        raise UnreadableSource(name, "it is not an ordinary file", hint) from error
    except TooLarge as error:
        hint = "Cut out the part that the campaign needs, and import that."
        raise UnreadableSource(name, f"it is larger than {LARGEST // 1_000_000} MB", hint) from error
    except OSError as error:
        reason = reason_of(error)
        raise UnreadableSource(name, reason, "Fix its permissions.") from error
