"""What the columns of a table were taken for, as a person is shown it: their labels, a sample, the meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from outreach.intake.grid import Row, text_of
from outreach.intake.tables.header import Header
from outreach.model.found import ColumnNames

_SAMPLED = 20
"""In so many rows a first value of each column is looked for."""


def columns_of(
    file: str, rows: Sequence[Row], header: Header, columns: Mapping[str, str], left_out: Collection[str]
) -> ColumnNames:
    """`columns` with the first value of each; none of those that are `left_out`."""
    samples: dict[str, str] = {}
    for row in rows[header.end : header.end + _SAMPLED]:
        for column in header.columns:
            text = text_of(row.cells[column.at]).strip() if column.at < len(row.cells) else ""
            if text and column.label not in left_out:
                samples.setdefault(column.label, text[:80])
    return ColumnNames(file=file, line=rows[header.begin].line, columns=columns, samples=samples)
