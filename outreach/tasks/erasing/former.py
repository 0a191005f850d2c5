"""The names of people whom no file names any more: another computer erased them, and the files came by Git.

A mark says nobody's name. It can be compared, though, with what Git still has of the contacts, and with the words of a
contact's own history: a name found there is certainly theirs, since its token is that of the mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.connections.git import git
from outreach.history.address_marks import token_of
from outreach.tasks.world import Session

_FILE = "+++ b/", "--- a/"
_NAME = re.compile(r"""\bname["']?:\s*(?:"([^"]+)"|'([^']+)'|([^,}#"'\s][^,}#]*))""")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_LONGEST = 4
"""Words of a name."""


def former_names(opened: Session, keys: tuple[bytes, ...]) -> dict[str, tuple[str, str]]:
    """The contact and the name of each person that contacts once had, by the token of their erasure."""
    pairs = {*_in_git(opened), *_in_history(opened)}
    return {token_of(f"{id}/{name.casefold()}", key): (id, name) for id, name in pairs for key in keys}


def _in_git(opened: Session) -> Iterator[tuple[str, str]]:
    listed = [(contact.file, contact.id) for contact in opened.loaded.folder.contacts]
    words = ("-c", "core.quotePath=off", "log", "--all", "--format=", "--relative", "--unified=0", "-p")
    printed = git(opened.root, *words, "--", "contacts") or b""
    ids: list[str] = []
    for line in printed.decode("utf-8", "replace").splitlines():
        if line.startswith(_FILE):
            ids = [id for file, id in listed if file == line[6:]] or ids
        elif line.startswith("diff "):
            ids = []
        else:
            names = [next(filter(None, found)).strip() for found in _NAME.findall(line)]
            yield from ((id, name) for id in ids for name in names)


def _in_history(opened: Session) -> Iterator[tuple[str, str]]:
    """Every run of words that may be a name, in what was written down of a contact and in its messages."""
    texts = [(event.contact, event.text) for event in opened.ledger.events()]
    texts += [(each.contact, f"{each.subject}\n{each.text}") for each in opened.ledger.mail().messages()]
    for contact, text in texts:
        words = _WORD.findall(text or "") if contact else []
        for begin, end in ((at, at + many) for many in range(1, _LONGEST + 1) for at in range(len(words) - many + 1)):
            if contact and not (words[begin][0].islower() and words[end - 1][0].islower()):
                yield contact, " ".join(words[begin:end])
