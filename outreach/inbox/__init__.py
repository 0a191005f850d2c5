"""The mailbox, understood: bytes -> a message, what it is, whose it is, and what follows from it.

A wrong guess here is expensive: an opt-out taken for an answer brings another email to somebody who said no. So each
question is a list of rules, the surest first, and the first that applies decides (docs/mailbox.md has the order).
What no rule is sure of is only proposed, and a person sorts it. Nothing here opens a mailbox: `mail` reads the bytes.

Start with `reading.py` (bytes to a message), then `sorting.py` (what it is), `matching.py` (whose it is) and
`following.py` (the events that follow). Each rule names its source where it is used, such as RFC 3464 for bounces
and RFC 3834 for automatic replies; the words of 33 languages are in `words/languages`.
"""
