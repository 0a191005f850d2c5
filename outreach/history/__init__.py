"""Events -> what they come to. Each subject (a contact, a post, a decision) has its own reducer.

Events count in the order of their numbers: where two contradict each other, the later recorded one
is right. Instants are compared as instants, so a call noted days later (`--at`) changes neither
whose turn it is nor what came last. Two kinds of event take others back: UNDONE the one whose
number is its value, RESOLVED `not-sent` the earlier sendings of its letter. After one of these
(`takes_back`) a subject is folded again from its events; after any other, `after` goes on from
the state before, so that the fold can be kept beside the events.
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

__all__ = [
    "UNDOABLE",
    "Subject",
    "SubjectKind",
    "after",
    "approval_after",
    "approved_id",
    "contact_after",
    "decision_after",
    "fold",
    "gate_after",
    "hold_after",
    "lineage_of",
    "mailbox_after",
    "past_of",
    "post_after",
    "renamed",
    "states_of",
    "subjects",
    "taken_back",
    "takes_back",
    "undone_number",
    "why_not_undo",
]
