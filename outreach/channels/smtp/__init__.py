"""Submission over SMTP (RFC 6409): one letter, one recipient, one transaction, and its phase always known."""

from outreach.channels.smtp.transport import Smtp, server_of, smtp

__all__ = ["Smtp", "server_of", "smtp"]
