"""Events -> the state they add up to. Each subject (a contact, a post, a decision) has its own reducer.

Events count in the order of their numbers: if two contradict each other, the one recorded later is right. Times are
compared as instants, so a call that is logged days later (`--at`) changes neither whose turn it is nor what came last.

Two kinds of event take others back: UNDONE takes back the event that its value numbers, RESOLVED `not-sent` the
earlier sendings of its letter. After one of these (`takes_back`) a subject is computed again from all its events.
After any other, `after` goes on from the state before, so that the ledger can keep the states beside the events.

Start with `folding.py`, then `reducers.py`.
"""

from outreach.history.folding import after, fold, past_of, states_of
from outreach.history.reducers import (
    approval_after,
    contact_after,
    decision_after,
    gate_after,
    hold_after,
    mailbox_after,
    post_after,
)
from outreach.history.renaming import lineage_of, renamed
from outreach.history.subjects import (
    UNDOABLE,
    Subject,
    SubjectKind,
    approved_id,
    subjects,
    taken_back,
    takes_back,
    undone_number,
    why_not_undo,
)
