"""What other clones of a campaign recorded: fetched from its Git remote, and taken over before anything is decided.

Two clones that send before they pull would both write to the same organisation. So `send --go` and `publish --go` read
the receipts of the remote first. Nothing is fetched from an address that this person has not confirmed on this
computer, no branch of the folder changes, and no file but receipts.jsonl and receipts.key.
"""

from __future__ import annotations

from contextlib import suppress

from outreach import storage
from outreach.connections.git import fetch, git, upstream
from outreach.errors import RemoteNotAllowed, RemoteNotConfirmed
from outreach.ledger.address_keys import KEY_FILE, add_address_keys, keys_in
from outreach.ledger.marks import marks_in, write_marks
from outreach.ledger.place import FOLDER
from outreach.ledger.receipt_lines import FILE
from outreach.ledger.receipts import adopt, hand_on, read_receipts, receipts_in
from outreach.model.records import dataclass
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.erasing.following import follow_others, unnamed
from outreach.tasks.world import Session

_SAID = f"{FOLDER}/said-remotes"
"""The remotes of which a person was told once that they are not asked, one a line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherClones:
    """What came of asking the remote: `note` is a sentence for the person, "" where there is nothing to say.

    `unknown`: there is a confirmed remote, and it could not be read, so nobody knows what other computers sent.
    `erased`: somebody was erased there and now is here, so that files and history are others than before.
    """

    note: str = ""
    unknown: bool = False
    erased: bool = False


def ask_other_clones(opened: Session) -> OtherClones:
    """Take over what the confirmed remote and receipts.jsonl say and this ledger does not know.

    Without a confirmed remote nothing is taken over; that is said once. Not asked in a rehearsal. Raises what the
    ledger raises.
    """
    shared = None if is_rehearsal() else upstream(opened.root)
    if shared is None:
        return OtherClones()
    try:
        commit = fetch(opened.root, shared.url, shared.branch)
    except (RemoteNotConfirmed, RemoteNotAllowed) as why_not:
        return OtherClones(note=_said_once(opened, shared.url, why_not.in_full))
    if commit is None:
        missed = f"The Git remote {shared.url} could not be reached, so what other computers sent is not known."
        return OtherClones(note=missed, unknown=True)
    theirs = git(opened.root, "show", f"{commit}:./{FILE}") or b""
    keys, lost = keys_in(git(opened.root, "show", f"{commit}:./{KEY_FILE}") or b"")
    receipts, torn = receipts_in(theirs, (*keys, *opened.keys))
    own, unread = read_receipts(opened.root)
    problems = [*torn, *lost]
    if problems:
        first = problems[0]
        torn_line = f"{first.file} at {shared.url}, line {first.line}: {first.message}"
        return OtherClones(note=f"{torn_line} What other computers sent is not known.", unknown=True)
    if not unread:
        add_address_keys(opened.root, keys)
        write_marks(opened.root, marks_in(theirs))
    followed = follow_others(opened.root)
    erased, missing = bool(followed), unnamed(followed)
    taken = adopt(opened.ledger, [*receipts, *own], opened.keys, by=opened.by, now=opened.now)
    if not taken:
        return OtherClones(note=missing, erased=erased)
    hand_on(opened.ledger, opened.root)
    count = "1 email or post" if len(taken) == 1 else f"{len(taken)} emails and posts"
    taken_over = f"Another computer sent {count} of this campaign; recorded here."
    return OtherClones(note=" ".join(filter(None, (missing, taken_over))), erased=erased)


def _said_once(opened: Session, url: str, sentence: str) -> str:
    """The sentence, the first time that it is to be said of this remote."""
    known = ""
    with suppress(OSError):
        known = storage.read(opened.root, _SAID).decode("utf-8", "replace")
    if url in known.splitlines():
        return ""
    with suppress(OSError):  # then it is said again
        storage.write(opened.root, _SAID, [f"{known}{url}\n".encode()], private=True)
    return sentence
