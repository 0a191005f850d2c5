"""Who gets what, when, and why not: selection, gates, calendar, pace, agenda, Today, the status of a contact.

Planning is the largest decision of the program, so it is made once, from scratch, on every run: files, history and
the present instant go in (`world.World`), a plan comes out (`plan`), and nothing of it is stored. That is why no
state can be out of date, and why every command gives the same reason for the same email.

Start with `recipients.py`: one function says for each wave and contact whether an email is due, and the first
clause of `against.py` that applies is the reason. Then `touches.py` and `pace.py` for the time, and `today.py` for
what people see. A new condition for waves is one class in `gates/terms.py`.
"""
