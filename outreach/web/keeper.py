"""The campaign as the pages show it, read again when a file or the ledger changed, and what has been shown."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from outreach.letters.letter import Letter
from outreach.letters.mime import freeze
from outreach.model.plan import ItemState
from outreach.networks.composing import Composed
from outreach.tasks.changes import change_stamp
from outreach.tasks.clock import now
from outreach.tasks.dashboard import Seen, see, texts_of_contacts

OLD = timedelta(minutes=2)
"""After this a look is taken again, since time alone makes things due."""
SOON = timedelta(seconds=5)
"""So long a look is good, also where something became due meanwhile."""
REMEMBERED = 500
"""How many letters and posts are kept as they were shown."""


class Keeper:
    """Looks at one campaign for all pages; many threads may ask at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: Seen | None = None
        self._next: datetime | None = None
        self._carried: tuple[str, ...] = ()
        self._texts: tuple[str, dict[str, str]] = ("", {})
        self._looking = Lock()
        self._shown: OrderedDict[str, bytes | Composed] = OrderedDict()
        self._showing = Lock()

    def seen(self) -> Seen:
        """The campaign as it is now. Raises CampaignUnreadable, and what the ledger raises."""
        with self._looking:
            seen = self._seen
            if seen is None or seen.stamp != self.stamp() or now() - seen.now > OLD or self.has_come():
                self._seen = self._next = None
                self._seen = seen = see(self.root, self._carried)
                self._carried = seen.carried
                dues = (i.due for i in seen.plan.items if i.due and i.state is ItemState.WAITING and i.due > seen.now)
                first = min(dues, default=None)
                self._next = max(first, seen.now + SOON) if first else None
            return seen

    def has_come(self) -> bool:
        """Whether something that only waited for its time is due since the last look."""
        return self._next is not None and now() >= self._next

    def texts(self) -> dict[str, str]:
        """The words in which a search looks, by contact. Raises as `seen`."""
        seen = self.seen()
        stamp, texts = self._texts
        if stamp != seen.stamp:
            texts = texts_of_contacts(self.root, seen)
            self._texts = (seen.stamp, texts)
        return texts

    def stamp(self) -> str:
        """The word for the campaign's present state, found without reading a file."""
        return change_stamp(self.root, self._carried)

    # -- what a person had before their eyes ----------------------------------------------------

    def show_letter(self, letter: Letter) -> str:
        """Remember a letter as it is shown; its digest."""
        return self._remember(letter.digest, freeze(letter.message))

    def show_frozen(self, frozen: bytes) -> str:
        """Remember a letter that left as it is shown; its digest."""
        return self._remember(hashlib.sha256(frozen).hexdigest(), frozen)

    def show_post(self, post: Composed) -> str:
        """Remember a post as it is shown; its digest."""
        return self._remember(post.digest, post)

    def shown_letter(self, digest: str) -> bytes | None:
        """The letter of that digest, frozen, if it was shown."""
        found = self._shown.get(digest)
        return found if isinstance(found, bytes) else None

    def shown_post(self, digest: str) -> Composed | None:
        """The post of that digest, if it was shown."""
        found = self._shown.get(digest)
        return found if isinstance(found, Composed) else None

    def picture(self, sha256: str) -> tuple[str, bytes] | None:
        """The type and bytes of a picture that a post carries which was shown."""
        with self._showing:
            posts = [each for each in self._shown.values() if isinstance(each, Composed)]
        pictures: Mapping[str, tuple[str, bytes]] = {
            medium.sha256: (medium.media_type, medium.content) for post in posts for medium in post.media
        }
        return pictures.get(sha256)

    def _remember(self, digest: str, shown: bytes | Composed) -> str:
        with self._showing:
            self._shown[digest] = shown
            self._shown.move_to_end(digest)
            while len(self._shown) > REMEMBERED:
                self._shown.popitem(last=False)
        return digest
