"""A mailbox over IMAP: read without changing anything in it."""
