"""The mailbox, understood: bytes -> a message, what it is, whose it is, and what follows from it.

Pure: nothing here opens a mailbox. Sources of the rules stand where they are used (RFC 3464 for bounces, RFC
3834 for automatic replies); the order in which they are asked is that of docs/mailbox.md.
"""
