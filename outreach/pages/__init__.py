"""Nouns -> text for people and programs: Markdown, JSON objects, and later HTML, CSV, iCalendar."""
