"""Lists of contacts in CSV, XLSX and ODS."""

from outreach.intake.tables.passages import EMPTY
from outreach.intake.tables.reading import read_csv, read_workbook

__all__ = ["EMPTY", "read_csv", "read_workbook"]
