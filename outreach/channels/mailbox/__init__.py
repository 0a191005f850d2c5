"""Mailboxes: over IMAP, as a Maildir, an mbox file or a folder of .eml files. Read, and never changed."""
