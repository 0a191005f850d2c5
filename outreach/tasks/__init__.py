"""What a campaigner asks for: load -> decide -> do -> record.

Each command and each button is one function here, and all have the same four steps. Only this room joins files,
history, plan and the outside, so it is the place to read when you ask in which order things happen. `clock.py` is
the only clock, `adapters.py` the only place that knows channels by name.

Start with `sending/sending.py`, the longest of them, and `delivery.py`, the only code that lets an email or a post
out. A task that only looks ends after planning: `looking.py` is a short one.
"""
