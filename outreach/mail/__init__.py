"""Mail: SMTP, the outbox folder, mailboxes over IMAP and in folders.

Two ports: `transport.py` lets letters out, `mailbox.py` reads what came. SMTP is the hard part, because only the
last byte makes a letter final: `smtp_handing_over.py` sends all but that byte, calls `before_commit`, and what
breaks after it is unknown, never "failed". No password is sent before the connection is encrypted and verified
(`smtp_connecting`).

Start with `transport.py` and `smtp_handing_over.py`; then `mailbox_imap.py`, which never changes a mailbox. A new
transport implements the port and gets its name in `tasks/adapters.py`.
"""
