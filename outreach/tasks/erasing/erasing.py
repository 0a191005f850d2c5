"""`outreach erase`: show every place that names a person, then erase or blank them all.

The order, so that a kill at any moment can be done again: who it is (`.outreach/erasing.json`), the mark that keeps
everybody from writing to them, the ledger in one transaction, the copies, the files, and last the first of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from outreach.campaign.suppressions import add_suppressions
from outreach.errors import CannotTell, UnknownName, raising_cannot_write
from outreach.history.address_marks import mark_of, marks_of, normalised, person_tokens, token_of
from outreach.ledger import Ledger, open_ledger
from outreach.ledger.address_keys import address_key, read_address_keys
from outreach.ledger.erasing import Found, Whom
from outreach.ledger.marks import read_marks, rename_receipts, write_marks
from outreach.ledger.moving import erase_behind, left_behind
from outreach.ledger.place import LEDGER
from outreach.ledger.receipt_lines import FILE as RECEIPTS
from outreach.ledger.receipts import read_receipts
from outreach.model.campaign import Campaign
from outreach.model.erasure import FORGOTTEN, Erased, Erasure, Fate, Mark, Place, Room
from outreach.model.event import Event, EventKind
from outreach.model.ids import LetterId
from outreach.model.past import BY_LAW
from outreach.model.payload import PlainPayload, UndonePayload
from outreach.model.records import dataclass
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.erasing.beyond import beyond
from outreach.tasks.erasing.copies import (
    copies_in,
    end_job,
    erased_here,
    ids_of_drafts,
    job_left,
    keep_job,
    open_jobs,
    remove_copies,
)
from outreach.tasks.erasing.folder import LEFT, Change, addresses_below, changes_below, files_below, make
from outreach.tasks.erasing.former import former_names
from outreach.tasks.erasing.persons import person_named, surname_first
from outreach.tasks.erasing.seeker import Seeker
from outreach.tasks.erasing.unsure import shown, unsure_places
from outreach.tasks.world import Session, session
from outreach.words.retention import kept_until

_REAL = "Run it without OUTREACH_NOW to erase them."
_ROUNDS = 3
"""How often the files are looked through: one that changed meanwhile is found again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What was asked: `who` it is about, with other names of theirs (`also`), and the day (`asked`, None: today)."""

    who: str
    also: tuple[str, ...] = ()
    asked: date | None = None
    go: bool = False
    forget: bool = False


def erase(root: Path, request: Request) -> Erasure:
    """Every place that names a person; with `go` they are erased. What was begun and not finished is finished first.

    Where `asked` is given and nothing is erased yet, the deadline becomes a task.

    Raises UnknownName, CannotTell, LedgerBusy, CannotWrite, EditedMeanwhile, and what the ledger raises.
    """
    if request.asked is not None and request.asked > now().date() + timedelta(days=1):  # wherever they are
        raise CannotTell(f"{request.asked.isoformat()} is still to come", "Write the day on which they asked.")
    if is_rehearsal() and request.go:
        raise CannotTell("With OUTREACH_NOW set, nothing is erased", _REAL)
    left = job_left(root)
    if left is not None and request.go:
        finished = _go(root, left)
        if _is_meant(left, request.who):
            return finished
    if (waits := next((each for each in open_jobs(root) if _is_meant(each, request.who)), None)) is not None:
        waits = replace(waits, names=tuple(dict.fromkeys((*waits.names, *request.also))))
        if request.go:
            return _go(root, waits)
        with session(root) as opened:
            return Erasure(erased=waits, places=tuple(_places(opened, waits)))
    with session(root) as opened:
        try:
            erased = _meant(opened, request)
        except UnknownName:
            if not _was_erased(root, request.who):
                raise
            return Erasure(erased=_nobody(request, opened.now), done=True)
        if not request.go:
            if request.asked is not None:
                _remind(opened, erased)
            return Erasure(erased=erased, places=tuple(_places(opened, erased)))
        sent, loaded = tuple(beyond(opened, erased)), opened.loaded
    done = _go(root, erased, loaded)
    return replace(done, places=(*done.places, *sent))


def files_naming(root: Path, who: str) -> tuple[Place, ...]:
    """The notes, checklists and other files of the folder that name somebody; none if nobody is known by that.

    Nothing is written. Raises what the ledger raises.
    """
    with suppress(UnknownName, CannotTell), session(root) as opened:
        seeker = Seeker(root, _meant(opened, Request(who=who)))
        changes = changes_below(seeker, opened.loaded.folder.campaign)
        return tuple(x.place for x in changes if x.place.room in (Room.NOTES, Room.MATERIALS, Room.OTHER))
    return ()


def _is_meant(erased: Erased, who: str) -> bool:
    return who in (erased.who, erased.name, *erased.contacts, *erased.names, *erased.addresses)


def _meant(opened: Session, request: Request) -> Erased:
    campaign = opened.loaded.folder.campaign
    is_kept = request.go or (request.asked is not None and not is_rehearsal())
    key = address_key(opened.root) if is_kept else next(iter(read_address_keys(opened.root)[0]), b"")
    found = person_named(
        opened.root,
        request.who,
        opened.ledger,
        key,
        request.asked or opened.now.date(),
        forget=request.forget,
        language=campaign.language if campaign else "en",
    )
    return replace(found, names=tuple(dict.fromkeys((*found.names, *request.also))))


def _remind(opened: Session, erased: Erased) -> None:
    """Write the deadline down as a task, once: one month after they asked (GDPR Art. 12(3)). Erasing them ends it."""
    of = next(iter((*erased.contacts, *erased.within)), None)
    if of is None or any(True for _ in _reminders(opened.ledger, erased)):
        return
    opened.record(
        EventKind.PROMISE,
        PlainPayload(name=erased.token, value=erased.asked.isoformat()),
        contact=of,
        due=kept_until(erased.asked, "1mo"),
        text=f"{BY_LAW} 17: erase {'them' if erased.contacts else 'a person there'} (outreach erase)",
    )


def _reminders(ledger: Ledger, erased: Erased) -> Iterator[int]:
    """The numbers of the tasks to erase them that are open."""
    past = ledger.past().contacts
    promised = {e.number for id in (*erased.contacts, *erased.within) if id in past for e in past[id].promises}
    for event in ledger.of_kind(EventKind.PROMISE):
        if event.number in promised and event.payload.names == erased.token:
            yield event.number


def _was_erased(root: Path, who: str) -> bool:
    """Whether a contact of that id was erased before."""
    forgotten = {mark.id for mark in read_marks(root) if mark.kind == FORGOTTEN}
    return any(token_of(who, key) in forgotten for key in read_address_keys(root)[0])


def _nobody(request: Request, now: datetime) -> Erased:
    return Erased(who=request.who, name=request.who, token="", asked=request.asked or now.date())


# --- looking ---------------------------------------------------------------------------------------


def _places(opened: Session, erased: Erased) -> Iterator[Place]:
    root, seeker = opened.root, Seeker(opened.root, erased)
    found = opened.ledger.look_for(whom(root, erased, seeker))
    campaign = opened.loaded.folder.campaign
    changes = [*changes_below(seeker, campaign)]
    places = [*(change.place for change in changes), *_in_ledger(found)]
    places += unsure_places(seeker, files_below(root, campaign), changes, opened.ledger)
    receipts, _ = read_receipts(root)
    ids = _tokens(root, erased)
    lines = sum(isinstance(e.about, LetterId) and e.about.contact in ids for e in receipts)
    if lines:
        says = f"{lines} lines get a token in the place of their id"
        places.append(Place(room=Room.RECEIPTS, fate=Fate.BLANK, where=RECEIPTS, says=says))
    places += copies_in(seeker, found.digests)
    if left_behind(root):
        says = "the history as it was moved into PostgreSQL loses them too"
        places.append(Place(room=Room.COPIES, fate=Fate.BLANK, where=LEDGER, says=says))
    order = {room: number for number, room in enumerate(Room)}
    yield from sorted(places, key=lambda place: (order[place.room], place.where))
    yield from beyond(opened, erased)


def _in_ledger(found: Found) -> Iterator[Place]:
    says = {
        "events": "entries lose their text, address and id; that they happened, and when, stays",
        "letters": "records of letters lose the address and the id",
        "receipts": "proofs get a token in the place of their id",
        "messages": "messages from them, or that name them, lose their text",
        "files": "names of mailbox files become digests",
    }
    for kind, number in found.rows.items():
        if number:
            yield Place(room=Room.LEDGER, fate=Fate.BLANK, where="the history", says=f"{number} {says[kind]}")
    if found.beside:
        says_so = f"what is said beside the name stays: read it{shown(found.beside)}"
        yield Place(room=Room.UNSURE, fate=Fate.LOOK, where="the history", says=says_so)


def whom(root: Path, erased: Erased, seeker: Seeker) -> Whom:
    """Who it is for the ledger."""
    tokens = _tokens(root, erased)
    keys, _ = read_address_keys(root)
    return Whom(token=erased.token, tokens=tokens, addresses=frozenset(erased.addresses), words=seeker.all, keys=keys)


def _tokens(root: Path, erased: Erased) -> dict[str, str]:
    """Each id that they have here, or as a person in files of Git, with the token that takes its place."""
    keys, _ = read_address_keys(root)
    key = keys[0] if keys else b""
    tokens = {id: token_of(id, key) for id in erased.contacts} | dict.fromkeys(erased.ids, erased.token)
    return tokens | {each: token for id, token in tokens.items() for each in person_tokens(id, keys)}


def follow(root: Path, lines: list[Mark], left: Erased | None) -> list[Erasure]:
    """Erase here whom the marks `lines` of `receipts.jsonl` name, and finish what was `left`; who that was.

    Raises as `erase`.
    """
    done = [_go(root, left)] if left is not None else []
    keys, _ = read_address_keys(root)
    with session(root) as opened:
        known = {event.contact for event in opened.ledger.of_kind(EventKind.FORGOTTEN)} & erased_here(root)
        new = [mark for mark in lines if mark.id not in known]
        if not new:
            return done
        here = _KnownHere(opened, keys)
        meant = [each for mark in new if (each := here.meant(mark)) is not None]
    done += [_go(root, each) for each in meant]
    with session(root) as opened:  # those of whom this computer knew nothing
        known = {event.contact for event in opened.ledger.of_kind(EventKind.FORGOTTEN)}
        opened.ledger.append_all(
            _event(opened, mark.id, mark.of, mark.marks, None) for mark in new if mark.id not in known
        )
    end_job(root, {mark.id for mark in new})
    return done


class _KnownHere:
    """Whom marks of another computer mean, by what this one knows. All of it is read once, however many were erased."""

    def __init__(self, opened: Session, keys: tuple[bytes, ...]) -> None:
        self._opened = opened
        listed = opened.loaded.folder.contacts
        self._present = {contact.id for contact in listed}
        self._was = {id for contact in listed for id in contact.was}
        self._former = former_names(opened, keys)
        people = [(contact.id, person) for contact in listed for person in contact.people]
        self._people = {token_of(f"{id}/{p.name.casefold()}", key): p.name for id, p in people for key in keys}
        self._ids: defaultdict[str, set[str]] = defaultdict(set)
        for id in {*opened.ledger.past().contacts, *self._present, *ids_of_drafts(opened.root)}:
            for key in keys:
                self._ids[token_of(id, key)].add(id)
        known = {event.address for event in opened.ledger.events() if event.address}
        known |= {message.sender for message in opened.ledger.mail().messages()}
        known |= addresses_below(opened.root, opened.loaded.folder.campaign)
        self._addresses: defaultdict[str, set[str]] = defaultdict(set)
        for address in known:
            for mark in marks_of(address, keys):
                self._addresses[mark].add(address)

    def meant(self, mark: Mark) -> Erased | None:
        """Who that is; None where this computer knows nothing of them."""
        theirs = sorted({each for one in mark.marks for each in self._addresses.get(one, ())})
        named = self._ids.get(mark.id, ())
        person = self._people.get(mark.id)
        id = min(named, key=lambda each: (each not in self._present, each), default=None)
        within, name = self._former.get(mark.id, ("", ""))
        if id is None and not theirs and person is None and not name:
            return None
        # A former id of a contact that stays was a person's who became part of it: that contact is not meant.
        became = id is not None and id not in self._present and id in self._was
        who = theirs[0] if theirs and (became or id is None) else id or person or name
        request = Request(who=who, asked=mark.at.date(), go=True, forget=not mark.marks)
        try:
            if who == id and became:
                raise UnknownName("contact", who, None)
            found = _meant(self._opened, request)
        except (UnknownName, CannotTell):
            found = replace(_nobody(request, self._opened.now), contacts=(id,) if id else ())
        if name:  # no file names them any more, and what was written of them still does
            names = tuple(dict.fromkeys((*found.names, name, *surname_first(name))))
            found = replace(found, name=name, names=names, within=found.within or (within,))
        if id is not None and found.within:
            found = replace(found, ids=tuple(dict.fromkeys((*found.ids, id))))
        addresses = tuple(dict.fromkeys((*found.addresses, *map(normalised, theirs))))
        return replace(found, token=mark.of or mark.id, addresses=addresses)


# --- doing -----------------------------------------------------------------------------------------


def _go(root: Path, erased: Erased, loaded: Loaded | None = None) -> Erasure:
    """Erase them whole; `loaded` are the files where they were read already. Raises as `erase`; then doing it again
    goes on.
    """
    with raising_cannot_write("a file that names them"):
        keep_job(root, erased)
        loaded, seeker = loaded or load(root), Seeker(root, erased)
        campaign = loaded.folder.campaign
        _mark_them(loaded, erased)
        places = list(_in_ledger(_erase_in_ledger(loaded, seeker)))
        places += _change_files(seeker, campaign)
        with open_ledger(root) as ledger:
            places += unsure_places(seeker, files_below(root, campaign), (), ledger)
        remove_copies(seeker, ())  # what another command kept of the campaign meanwhile
        order = {room: number for number, room in enumerate(Room)}
        places.sort(key=lambda place: (order[place.room], place.where))
        done = Erasure(erased=erased, places=tuple(places), done=True)
        if not done.is_complete:
            keep_job(root, erased, is_open=True)
        key = address_key(root)
        tokens = {token_of(id, key) for id in erased.contacts} | {erased.token}
        end_job(root, tokens, erased if done.is_complete else None)
    return done


def _mark_them(loaded: Loaded, erased: Erased) -> None:
    """From now on nobody writes to them, here or on a clone. Receipts name a token in their place."""
    root, campaign = loaded.root, loaded.folder.campaign
    key = address_key(root)
    with session(root, loaded) as opened:
        now, ledger = opened.now, opened.ledger.id
    marks = () if erased.forget else tuple(sorted(mark_of(each, key) for each in erased.addresses))
    ids = {token_of(id, key) for id in erased.contacts} | {erased.token}
    lines = [Mark(kind=FORGOTTEN, id=id, at=now, ledger=ledger, marks=marks, of=erased.token) for id in sorted(ids)]
    write_marks(root, lines)
    keys, _ = read_address_keys(root)
    unmarked = {mark_of(each, k) for each in erased.addresses for k in keys} if erased.forget else set()
    rename_receipts(root, _tokens(root, erased), unmarked)
    if campaign is not None and campaign.suppressions and not erased.forget:
        add_suppressions(root, campaign.suppressions, erased.addresses)


def _erase_in_ledger(loaded: Loaded, seeker: Seeker) -> Found:
    root, erased = loaded.root, seeker.erased
    target = whom(root, erased, seeker)
    tier = next((each.tier for each in loaded.folder.contacts if each.id in erased.contacts), None)
    with session(root, loaded) as opened:
        known = {event.contact for event in opened.ledger.of_kind(EventKind.FORGOTTEN)}
        marks = [] if erased.forget else [mark_of(each, address_key(root)) for each in erased.addresses]
        events = [
            _event(opened, token, erased.token, marks, tier)
            for token in sorted({*target.tokens.values(), erased.token})
            if token not in known
        ]
        kept = list(_reminders(opened.ledger, erased)) if erased.within else []
        ends = [UndonePayload(number=number, of=erased.token) for number in kept]
        events += [opened.event(EventKind.UNDONE, each, contact=erased.within[0]) for each in ends]
        found = opened.ledger.erase(target, events)
        opened.ledger.compact()
    erase_behind(root, target)
    remove_copies(seeker, found.digests)
    return found


def _event(opened: Session, token: str, of: str, marks: Iterable[str], tier: int | None) -> Event:
    """What the ledger keeps of an erasure: the token, the marks that stay suppressed, and the tier for counts."""
    payload = PlainPayload(name=of, value=" ".join(sorted(marks)) or None)
    numbers = {} if tier is None else {"tier": tier}
    return replace(opened, by="outreach").event(EventKind.FORGOTTEN, payload, contact=token, numbers=numbers)


def _change_files(seeker: Seeker, campaign: Campaign | None) -> list[Place]:
    """Change every file below the folder; what was done. A contact's own file goes when all others are changed."""
    done: list[Place] = []
    for _ in range(_ROUNDS):
        found = list(changes_below(seeker, campaign))
        changes = [each for each in found if each.place.fate not in LEFT]
        for change in sorted(changes, key=_contacts_last):
            make(seeker.root, change)
        done += [change.place for change in changes if change.place not in done]
        if not changes:
            break
    return [*done, *(each.place for each in found if each.place.fate in LEFT)]


def _contacts_last(change: Change) -> tuple[bool, str]:
    return change.place.room is Room.CONTACTS, change.place.where
