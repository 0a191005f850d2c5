"""Templates x contacts -> letters -> bytes: one personal letter per organisation, and every fault found once.

A letter is a subject, a text and an HTML part made from one template, and each of them has promises to keep: no
placeholder left, no other contact's name, no word lost between text and HTML (`promises`, `right_name`,
`vanishing`). A template is rendered once into a skeleton with tokens, so that ten thousand letters cost little and
a value can never become markup.

Start with `merger.py`, which makes one letter, then `texts.py` for the rendering and `mime/` for the bytes.
`fault_book.py` turns the faults of many letters into one Problem.
"""
