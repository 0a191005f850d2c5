"""Everything about one: as tables, Markdown, HTML, CSV, a workbook and a JSON object."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TypedDict

from outreach.model.dossier import Dossier
from outreach.model.mail import MailKind
from outreach.model.plan import ItemState
from outreach.pages.json_schema import Instant
from outreach.pages.mail import FromObject
from outreach.pages.plan_objects import EventObject, event_object
from outreach.pages.report_data import defused, workbook
from outreach.pages.report_html import layout
from outreach.pages.report_tables import Table, moment
from outreach.pages.report_text import escaped, plain, table_lines

WHY = "Everything that this campaign keeps about them and has sent to them (GDPR Art. 15)."


def dossier_tables(found: Dossier) -> list[Table]:
    """All tables that have a row, in their order."""
    made = (_kept(found), _letters(found), _happened(found), _messages(found), _receipts(found), _planned(found))
    return [table for table in made if table.rows]


def dossier_lines(found: Dossier) -> Iterator[str]:
    """As Markdown."""
    yield f"<!-- outreach report -->\n# {escaped(found.name)}: all that is kept"
    yield f"\n{WHY}\n\n{escaped(found.title)}, {moment(found.now, found)} ({found.timezone})."
    for table in dossier_tables(found):
        yield f"\n## {table.title}\n"
        yield from table_lines(table)
    for letter in found.letters:
        yield f"\n## Text of {escaped(letter.id)}\n"
        text = "Its bytes are not kept any more." if letter.text is None else letter.text
        yield from (f"    {plain(line)}" for line in text.splitlines())


def dossier_html(found: Dossier) -> str:
    """As one HTML file: no script, nothing from elsewhere, and every value escaped."""
    return layout("dossier.html").render(
        found=found, why=WHY, tables=dossier_tables(found), said=lambda at: moment(at, found)
    )


COLUMNS = ("id", "name", "table", "what")


def dossier_csv(found: Dossier) -> str:
    """A row per thing, under the title of its table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for table in dossier_tables(found):
        for row in table.rows:
            cells = [found.id, found.name, table.title, *(str(cell) for cell in row)]
            writer.writerow([defused(cell) for cell in cells])
    return "\ufeff" + text.getvalue()


def dossier_workbook(found: Dossier) -> bytes:
    """A sheet per table."""
    return workbook(dossier_tables(found), found.now)


class SentObject(TypedDict):
    """A letter as it left; `text` is null where its bytes are not kept any more."""

    id: str
    at: Instant
    via: str
    to: str
    subject: str
    text: str | None
    attachments: list[str]


class KeptEventObject(EventObject):
    """An event, with the address that it is about."""

    address: str | None


class KeptMessageObject(FromObject):
    """A message from them; `place` is where it is in the mailbox."""

    at: Instant
    kind: MailKind
    subject: str
    text: str
    place: str
    rung: str | None


class ReceiptObject(TypedDict):
    id: str
    at: Instant
    via: str
    proof: str


class PlannedObject(TypedDict):
    id: str
    state: ItemState
    due: Instant | None
    reason: str


class DossierObject(TypedDict):
    """Everything that is kept about a contact and was sent to them. `values` are the keys of its file, as text."""

    made_by: str
    contact: str
    name: str
    at: Instant
    files: list[str]
    values: dict[str, str]
    letters: list[SentObject]
    events: list[KeptEventObject]
    messages: list[KeptMessageObject]
    receipts: list[ReceiptObject]
    planned: list[PlannedObject]


def dossier_object(found: Dossier) -> DossierObject:
    """The object of `access-request` and of `report --for CONTACT --json`."""
    return {
        "made_by": "outreach report",
        "contact": found.id,
        "name": found.name,
        "at": found.now.isoformat(),
        "files": list(found.files),
        "values": dict(found.values),
        "letters": [
            {"id": x.id, "at": x.at.isoformat(), "via": x.via, "to": x.address, "subject": x.subject, "text": x.text,
             "attachments": list(x.attachments)}
            for x in found.letters
        ],
        "events": [{**event_object(event), "address": event.address} for event in found.events],
        "messages": [
            {"at": x.at.isoformat(), "kind": x.kind, "from": x.sender, "subject": x.subject,
             "text": x.text, "place": x.place, "rung": x.rung}
            for x in found.messages
        ],
        "receipts": [
            {"id": x.id, "at": x.at.isoformat(), "via": x.via, "proof": x.proof} for x in found.receipts
        ],
        "planned": [{"id": x.id, "state": x.state, "due": x.due.isoformat() if x.due else None,
                     "reason": x.reason} for x in found.planned],
    }  # fmt: skip


def _kept(found: Dossier) -> Table:
    where = f"In {', '.join(found.files)}." if found.files else ""
    return Table(key="kept", title="What the files say", columns=("key", "value"), rows=found.values, note=where)


def _letters(found: Dossier) -> Table:
    rows = tuple(
        (x.id, moment(x.at, found), x.via, x.address, x.subject, ", ".join(x.attachments)) for x in found.letters
    )
    columns = ("letter", "left", "via", "to", "subject", "attachments")
    return Table(key="letters", title="What was sent to them", columns=columns, rows=rows)


def _happened(found: Dossier) -> Table:
    rows = tuple(
        (
            f"#{x.number}",
            moment(x.at, found),
            x.kind.in_words,
            x.by,
            " ".join(filter(None, [x.value, x.name, x.url, x.due.isoformat() if x.due else ""])),
            x.address or "",
            x.text or "",
        )
        for x in found.events
    )
    columns = ("entry", "when", "what", "by", "value", "address", "text")
    return Table(key="events", title="What happened", columns=columns, rows=rows)


def _messages(found: Dossier) -> Table:
    rows = tuple((moment(x.at, found), str(x.kind), x.sender, x.subject, x.text, x.place) for x in found.messages)
    columns = ("when", "what", "from", "subject", "text", "where it is")
    return Table(key="messages", title="What came from them", columns=columns, rows=rows)


def _receipts(found: Dossier) -> Table:
    rows = tuple((x.id, moment(x.at, found), x.via, x.proof or "") for x in found.receipts)
    return Table(key="receipts", title="Receipts", columns=("letter", "when", "via", "proof"), rows=rows)


def _planned(found: Dossier) -> Table:
    rows = tuple((x.id, str(x.state), moment(x.due, found), x.reason) for x in found.planned)
    return Table(key="planned", title="What is planned", columns=("what", "state", "due", "why"), rows=rows)
