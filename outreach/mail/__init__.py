"""Mail: SMTP, the outbox folder, mailboxes over IMAP and in folders."""
