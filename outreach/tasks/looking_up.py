"""`outreach lookup`: handles, link cards and a server's limits, asked of the net and written into `lookups.yaml`."""

from __future__ import annotations

import time
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from outreach import storage
from outreach.campaign.lookups import FILE, read_lookups
from outreach.campaign.lookups_writing import with_found
from outreach.campaign.media import fit_thumb
from outreach.campaign.text import decode
from outreach.connections.fetching import CannotFetch, Fetcher
from outreach.errors import CannotWrite, EditedMeanwhile, OutreachError, not_written, raising_cannot_write
from outreach.model.lookups import NOBODY, Card, Lookups, ServerLimits
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.networks.limits import server_of
from outreach.networks.link_cards import card_of
from outreach.networks.registry import KNOWN, network_of
from outreach.planning.gates import facts_of
from outreach.publishing.asking import Unanswered
from outreach.tasks.adapters import handle_directory
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.posting import composed
from outreach.tasks.world import known_world

FOLDER = "lookups"
"""Where the pictures of cards lie, each under a name that follows from its bytes."""
SECONDS = 120.0
"""For the whole of one lookup; what was not asked by then is asked the next time."""
_TRIES = 5
"""How often what was found is put into the file again where that changes meanwhile."""
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(kw_only=True, slots=True)
class Found:
    """What is new, how much was asked for, and what could not be found out: sentences and hints."""

    handles: dict[str, str] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    limits: ServerLimits | None = None
    problems: list[Problem] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.handles or self.cards or self.limits)


def look_up(root: Path, *, again: bool = False, fetcher: Fetcher | None = None) -> Found:
    """Ask for all handles and limits, and for the cards that are not known (`again`: for all), and write what is new.

    Under OUTREACH_NOW only this computer is asked, and no page is fetched. `fetcher` is handed in by tests.
    Raises CampaignUnreadable, CannotWrite.
    """
    loaded = load(root)
    if any(problem.is_error and problem.file == FILE for problem in loaded.problems):
        raise CannotWrite(FILE, "it has an error (see `outreach check`)")
    asking = _Asking(root, loaded, until=time.monotonic() + SECONDS, today=now().date())
    handles, cards = _wanted(root, loaded)
    asking.handles(handles)
    asking.limits()
    known = loaded.lookups.cards
    asking.cards([url for url in cards if again or not _is_whole(root, known.get(url))], fetcher)
    if asking.found.changed:
        _write(root, loaded.lookups, asking.found, asking.today)
    return asking.found


def _wanted(root: Path, loaded: Loaded) -> tuple[list[str], list[str]]:
    """The handles and the addresses of cards that contacts and composed posts name, sorted."""
    contacts = loaded.folder.contacts
    kinds = {network.handle for network in KNOWN.values() if network.directory}
    handles = {c.address.casefold() for each in contacts for c in each.channels if c.kind in kinds}
    facts = facts_of(known_world(root, loaded))
    posts = composed(loaded, facts, lambda version: bool(network_of(version.network).directory)).posts.values()
    handles |= {
        handle for post in posts for part in post.parts for handle in network_of(post.version.network).handles_in(part)
    }
    return sorted(handles), sorted({post.card for post in posts if post.card and not post.later})


def _is_whole(root: Path, card: Card | None) -> bool:
    return card is not None and (card.thumb is None or storage.is_file(root, card.thumb))


class _Asking:
    """Asks, one thing after the other, and takes down what is new."""

    def __init__(self, root: Path, loaded: Loaded, *, until: float, today: date) -> None:
        self.found = Found()
        self.today = today
        self._root = root
        self._known = loaded.lookups
        self._accounts = loaded.campaign.accounts
        self._until = until

    def handles(self, wanted: list[str]) -> None:
        """Each handle's DID. One server is asked, so where it is silent the rest is not asked either."""
        self.found.asked += len(wanted)
        if not wanted:
            return
        network = next(network for network in KNOWN.values() if network.directory)
        service = self._accounts.networks.get(network.name, {}).get("service")
        try:
            did_of = handle_directory(network.directory, service, loopback_only=is_rehearsal())
        except Unanswered as error:
            self._trouble(f"{error} {_left(len(wanted))}", error.hint)
            return
        for number, handle in enumerate(wanted):
            if self._is_late():
                self._trouble(f"Time is up. {_left(len(wanted) - number)}", "Run `outreach lookup` again.")
                return
            try:
                self._take_handle(handle, did_of(handle))
            except Unanswered as error:
                self._trouble(f"{error} {_left(len(wanted) - number)}", error.hint)
                return

    def _take_handle(self, handle: str, did: str | None) -> None:
        known = self._known.handles.get(handle)
        if did is None:
            self._trouble(f"The handle @{handle} belongs to no account.", "Correct it in the contact or the post.")
            if known is None:  # so that it holds no post for ever: it stays plain text
                self.found.handles[handle] = NOBODY
        elif known in (None, NOBODY):
            self.found.handles[handle] = did
        elif known != did:
            self.found.problems.append(_moved(self._root, handle, known, did))

    def limits(self) -> None:
        """What the account's Mastodon server allows."""
        url = server_of(self._accounts.networks)
        if not url:
            return
        from outreach.publishing.mastodon.instance import limits_of

        self.found.asked += 1
        try:
            limits = limits_of(url, loopback_only=is_rehearsal())
        except Unanswered as error:
            self._trouble(str(error), error.hint)
            return
        if replace(limits, on=self._known.mastodon.on) != self._known.mastodon:
            self.found.limits = replace(limits, on=self.today)

    def cards(self, wanted: list[str], fetcher: Fetcher | None) -> None:
        """What pages say of themselves, and their pictures."""
        self.found.asked += len(wanted)
        for url in wanted:
            if fetcher is None and is_rehearsal():
                self._trouble(f"Under OUTREACH_NOW the page {url} is not fetched.", "Unset OUTREACH_NOW.")
            elif self._is_late():
                self._trouble(f"Time is up, so the page {url} was not fetched.", "Run `outreach lookup` again.")
            else:
                self._card(url, fetcher or Fetcher())

    def _card(self, url: str, fetcher: Fetcher) -> None:
        try:
            page = fetcher.page(url)
        except CannotFetch as error:
            self._trouble(f"The page {url} cannot be fetched: {error}.", "Look at the address in the post's `card`.")
            return
        said = card_of(page.data, page.media_type, page.url)
        thumb = self._thumb(url, said.picture, fetcher) if said.picture else None
        card = Card(url=url, title=said.title or url, description=said.description, thumb=thumb)
        known = self._known.cards.get(url)
        if known is None or replace(known, on=None) != card:
            self.found.cards[url] = replace(card, on=self.today)

    def _thumb(self, url: str, picture: str, fetcher: Fetcher) -> str | None:
        """The file of the card's picture, fitted and stored; None if there is none that can be used."""
        hint = "The card goes out without a picture."
        try:
            fitted = fit_thumb(fetcher.picture(picture).data, picture)
        except CannotFetch as error:
            self._trouble(f"The picture of the card of {url} cannot be fetched: {error}.", hint)
            return None
        if isinstance(fitted, str):
            self._trouble(f"The picture of the card of {url} {fitted}.", hint)
            return None
        name = f"{FOLDER}/{fitted.sha256[:16]}.{_ENDINGS[fitted.media_type]}"
        try:
            if not storage.is_file(self._root, name):  # its name follows from its bytes
                _stored(self._root, name, fitted.content, None)
        except OutreachError as error:
            self._trouble(str(error), error.hint)
            return None
        return name

    def _is_late(self) -> bool:
        return time.monotonic() >= self._until

    def _trouble(self, sentence: str, hint: str = "") -> None:
        self.found.troubles.append((sentence.strip(), hint))


def _left(number: int) -> str:
    return f"{number} {'handle was' if number == 1 else 'handles were'} not looked up."


def _moved(root: Path, handle: str, known: str, did: str) -> Problem:
    lines = _text(root)[0].split("\n")
    line = next((n for n, text in enumerate(lines, 1) if handle in text.casefold()), 1)
    message = f"The handle @{handle} points to {did} now, and pointed to {known}."
    hint = f"Look at the account. If it is the right one, delete its line in {FILE} and run `outreach lookup`."
    return Problem(file=FILE, line=line, code="handle-moved", message=message, hint=hint, about="lookups")


def _text(root: Path) -> tuple[str, str | None]:
    """What lookups.yaml says now, and the digest of its bytes (None: there is none). Raises CannotWrite."""
    try:
        content = storage.read(root, FILE)
    except FileNotFoundError:
        return "", None
    except OSError as error:
        raise not_written(FILE, error) from error
    text, _ = decode(content)
    if text is None:
        raise CannotWrite(FILE, "it is not UTF-8")
    return content.decode("utf-8"), storage.digest(content)


def _write(root: Path, known: Lookups, found: Found, today: date) -> None:
    """Write what is new, and only where the text then says exactly what it should. Raises CannotWrite.

    Asking the net takes minutes in which a person may edit the file. So it is read again, and what they changed
    since it was `known` stays.
    """
    for left in reversed(range(_TRIES)):
        text, read = _text(root)
        now, _ = read_lookups(text)
        kept = _keep_edits(known, now, found)
        text = with_found(text, found.handles, found.cards.values(), found.limits, today)
        wanted = replace(
            now,
            handles={**now.handles, **found.handles},
            cards={**now.cards, **found.cards},
            mastodon=found.limits or now.mastodon,
        )
        if _differs(text, wanted):
            raise CannotWrite(FILE, "it is written in a form that outreach does not change; write one entry per line")
        try:
            if found.changed:
                _stored(root, FILE, text.encode(), read)
        except EditedMeanwhile:
            if not left:
                raise
            continue
        if kept:
            sentence = f"{FILE} was edited meanwhile, and the edit was kept: {', '.join(kept)}."
            found.troubles.append((sentence, "Run `outreach lookup` again to compare it with the net."))
        return


def _keep_edits(known: Lookups, now: Lookups, found: Found) -> list[str]:
    """Take out of what was found all that a person wrote meanwhile; the names of it."""
    handles = [each for each in found.handles if now.handles.get(each) != known.handles.get(each)]
    cards = [each for each in found.cards if now.cards.get(each) != known.cards.get(each)]
    for handle in handles:
        del found.handles[handle]
    for url in cards:
        del found.cards[url]
    kept = [*handles, *cards]
    if found.limits is not None and now.mastodon != known.mastodon:
        found.limits = None
        kept.append("mastodon")
    return kept


def _differs(text: str, wanted: Lookups) -> bool:
    said, problems = read_lookups(text)
    return said != wanted or any(problem.is_error for problem in problems)


def _stored(root: Path, name: str, content: bytes, read: str | None) -> None:
    """Raises EditedMeanwhile, CannotWrite, Refused."""
    with raising_cannot_write(name):
        storage.replace(root, name, read, content)
