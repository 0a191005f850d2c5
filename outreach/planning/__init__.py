"""Who gets what, when, and why not: selection, gates, calendar, pace, agenda, Today, the status of a contact."""
