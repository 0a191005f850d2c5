"""What is looked for when a person is erased, made once, and which files were found free of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from outreach import storage
from outreach.campaign.contacts_plain import standing_contacts
from outreach.errors import Refused
from outreach.history.address_marks import normalised
from outreach.model.erasure import Erased
from outreach.tasks.erasing.persons import ids_of
from outreach.words.blanking import Names, Needles


class Seeker:
    """What is looked for, made once: `all` in our own files, `readers` in texts for others.

    It remembers which files it found free of them, so that each is read once: an erasure looks through all of them
    again and again, until nothing changes any more.
    """

    def __init__(self, root: Path, erased: Erased) -> None:
        self.root, self.erased = root, erased
        self._free: dict[str, State] = {}
        self.free_letters: set[str] = set()
        self.free_parts: set[bytes] = set()
        standing = standing_contacts(root)
        mine, theirs = {*erased.contacts}, {*erased.addresses}
        self.other_ids = frozenset(each.id for each in standing) - mine
        rest = [each for each in standing if each.id not in mine]
        people = [each for contact in rest for each in contact.values.get("people", ())]
        people = [each for each in people if normalised(str(each.get("email", ""))) not in theirs]
        names = [*(str(each.values["name"]) for each in rest), *(str(each["name"]) for each in people)]
        ids = [each for each in ids_of(erased) if each not in self.other_ids]  # `john.smith@` is no `john-smith`
        self.all = Needles(erased.words, ids, erased.token, names)
        self.readers = Needles(erased.personal, (), erased.token, names)
        self.others = Names(each for each in names if each not in erased.words)

    def names_file(self, path: str) -> bool:
        """Whether a file is called after them, and not after another contact."""
        stem = PurePosixPath(path).name.split(".")[0]
        return stem not in self.other_ids and self.all.name_a_file(path)

    def is_free(self, file: str) -> bool:
        """Whether a file was found free of them, and is as it was then."""
        return file in self._free and self._free[file] == state_of(self.root, file)

    def free(self, file: str, state: State) -> None:
        """Remember that a file that was in that `state` before it was read is free of them."""
        self._free[file] = state


State = tuple[int, ...] | None
"""What is another one once somebody wrote a file, or put another into its place."""


def state_of(root: Path, file: str) -> State:
    """The state of a file below the folder; None where it cannot be looked at, which is equal to nothing."""
    try:
        state = storage.stat_of(root, file)
    except (OSError, Refused):
        return None
    return state and (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
