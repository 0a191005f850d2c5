"""The append-only record of what happened: events, what they come to, claims, receipts, backups.

Sending must happen once even if the computer stops at any step, so the order of writes is the design. A claim
(`claims`) takes the right to an effect before it begins, an attempt (`attempts`) says how far it came, an event
(`record`) says what happened, and a receipt (`receipts`) tells other computers through Git. Events are only added;
`states` keeps what they come to, in the same transaction.

Start with `record.py`, then `claims.py` and `attempts.py`. All SQL is in `statements.py`, the tables are in
`migrations/`.
"""

from outreach.ledger.claims import Claim
from outreach.ledger.opening import open_ledger
from outreach.ledger.record import Ledger
