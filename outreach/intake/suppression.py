"""A list of addresses that must never be written to, in whatever form: every address in it, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from outreach.history.address_marks import normalised
from outreach.intake.account import Account
from outreach.intake.addresses import addresses, broken
from outreach.intake.grid import Row, text_of
from outreach.intake.no_means_no import Says, is_about_mail, read_row
from outreach.model.found import Place
from outreach.model.imported import NoMail

_HOLDS = (Says.NO, Says.BOUNCED, Says.ASK)


def suppressed_in(file: str, rows: Sequence[Row], today: date, account: Account) -> Iterator[NoMail]:
    """The addresses of a list. Where a column says who may be written to, only of those rows that say no."""
    header: Row | None = None
    is_above = True
    for row in rows:
        texts = [*(text_of(cell) for cell in row.cells), *(target for _, target in row.links)]
        found = [normalised(each.address) for text in texts for each in addresses(text) if each.kind == "email"]
        for text in texts:
            for value, reason in broken(text):
                account.refuse(Place(file=file, line=row.line), value, reason)
        if not found:
            header = row if is_above and not row.is_empty else header
            continue
        is_above = False
        labels = [text_of(cell) for cell in header.cells] if header else []
        pairs = [(label, cell) for label, cell in zip(labels, row.cells, strict=False) if label and cell != ""]
        about = [label for label, cell in pairs if is_about_mail(label) and "@" not in text_of(cell)]
        if about and not any(reading.says in _HOLDS for reading in read_row(pairs, today)):
            continue  # `donotContact: FALSE`
        yield from (NoMail(address=each, file=file, line=row.line) for each in dict.fromkeys(found))
