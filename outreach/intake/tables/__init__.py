"""Lists of contacts in CSV, XLSX and ODS."""

from outreach.intake.tables.reading import EMPTY, read_csv, read_workbook

__all__ = ["EMPTY", "read_csv", "read_workbook"]
