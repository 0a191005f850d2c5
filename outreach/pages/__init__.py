"""Nouns -> text for people and programs: Markdown, JSON objects, HTML, CSV, workbooks, Word, iCalendar."""
