"""Other people's documents -> the campaign's nouns, with what became of every line (`model/found.py`).

Lists of contacts come in every shape and language: tables on their side, notes, address cards. Two rules keep
this room together: no line may be lost without a word (every address ends as a channel, a refusal or a question),
and what is not certain is asked, never guessed. Whoever asked for no more mail must never slip through.

Start with `contact.py`, the one function from cells to a contact, and `vocabulary.py`, which says what a column's
name means. `sameness.py` decides which entries are one contact, `no_means_no.py` who wants no mail. The readers of
each format are in `tables/`, `notes/` and `vcard/`.
"""
