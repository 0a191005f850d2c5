"""The mailbox: what messages are, whose they are, and what follows."""
