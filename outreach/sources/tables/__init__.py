"""Lists of contacts in CSV, XLSX and ODS."""

from outreach.sources.tables.reading import read_csv, read_workbook

__all__ = ["read_csv", "read_workbook"]
