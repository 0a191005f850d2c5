"""A campaign with its past and the present instant: what every task of the second kind starts from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.suppressions import read_suppressions
from outreach.errors import LeftElsewhere, SuppressionsUnreadable
from outreach.history import renamed
from outreach.history.address_marks import mark_of
from outreach.ledger import Ledger, open_ledger
from outreach.ledger.address_keys import address_key, read_address_keys
from outreach.ledger.git_attributes import RECEIPTS
from outreach.ledger.place import make_folder
from outreach.ledger.receipts import elsewhere, read_receipts
from outreach.model.campaign import Campaign
from outreach.model.event import Event, EventKind, Receipt, payload_type
from outreach.model.ids import LetterId
from outreach.model.past import Past
from outreach.model.payload import OpenedPayload, Payload
from outreach.model.plan import Plan
from outreach.model.problem import blocked
from outreach.model.records import dataclass
from outreach.planning.ahead import counted
from outreach.planning.gates import newly_open
from outreach.planning.plan import plan
from outreach.planning.world import Carried, World
from outreach.tasks.authorship import last_authors
from outreach.tasks.campaign import Loaded, is_begun, load
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.person import whoever
from outreach.tasks.suppressing import lift, pass_on, with_marks
from outreach.tasks.verdicts import KnownVerdicts
from outreach.words.natural_persons import is_kept_apart

GOOD_FOR = timedelta(minutes=1)
"""So long a plan is used again where nothing happened since: by a watch, which looks, publishes and sends."""


@dataclass(kw_only=True, slots=True)
class LastPlan:
    """The plan that was made last, and what it was made from; whoever wants one plan for several tasks hands it on."""

    loaded: Loaded | None = None
    stamp: tuple[Any, ...] = ()
    made: tuple[World, Plan] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """An open campaign: its files, its ledger, the instant, and who asks; `last` is the plan that was made before."""

    root: Path
    loaded: Loaded
    ledger: Ledger
    now: datetime
    by: str
    last: LastPlan | None = None

    @property
    def campaign(self) -> Campaign:
        """The campaign. Raises CampaignUnreadable if campaign.yaml has errors."""
        return self.loaded.campaign

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The keys of the campaign, for marks of addresses and tokens of persons."""
        return read_address_keys(self.root)[0]

    def world(self) -> World:
        """The nouns, the past and now. Receipts that this ledger lacks are part of the past.

        Raises CampaignUnreadable, and what the ledger raises.
        """
        folder = self.loaded.folder
        receipts, _ = read_receipts(self.root)
        past = renamed(self.ledger.past(), folder.contacts)
        past = with_marks(self.root, self.campaign, self.ledger, past, folder.contacts)
        world = World(
            campaign=self.campaign,
            contacts=folder.contacts,
            templates=folder.templates,
            posts=folder.posts,
            checklists=self.loaded.checklists,
            past=counted(replace(past, elsewhere=elsewhere(self.ledger, receipts, self.keys)), self.now),
            now=self.now,
            blocked=blocked(self.loaded.problems),
            receipts=(*receipts, *self.ledger.receipts()),
            address_keys=self.keys,
            carried=self._carried(),
            authors=last_authors(self.root) if self.campaign.approval == "two-people" else None,
        )
        return replace(world, verdicts=KnownVerdicts(self.root, self.loaded, world, self.ledger))

    def _carried(self) -> dict[str, tuple[Carried, ...]]:
        """What letters carried, where a wave corrects another: nobody else asks."""
        if not any(wave.correction_of for wave in self.campaign.waves):
            return {}
        from outreach.tasks.attachment_versions import carried_by_contact  # which starts from a session itself

        return carried_by_contact(self)

    def event(self, kind: EventKind, payload: Payload | None = None, **columns: Any) -> Event:
        """An event of whoever asks, at this instant unless `at` says another; not recorded yet.

        Without a payload it says nothing but its columns.
        """
        at = columns.pop("at", None) or self.now
        said = payload or payload_type(kind, is_post=columns.get("post") is not None)()
        return Event.saying(kind, said, at=at, recorded=self.now, by=self.by, **columns)

    def record(self, kind: EventKind, payload: Payload | None = None, **columns: Any) -> Event:
        """Write one event into the ledger, at this instant unless `at` says another."""
        return self.ledger.append(self.event(kind, payload, **columns))

    def receipt(
        self, letter: LetterId, *, at: datetime, via: str, proof: str, address: str | None, key: bytes | None = None
    ) -> Receipt:
        """The receipt of a letter at the aware instant `at`, with the mark of the address; a rehearsal's marks none.

        `key` is that of the marks, where it was read already. Raises ReceiptKeyUnreadable, CannotWrite.
        """
        marked = address and not self.ledger.rehearsal
        to = mark_of(address or "", key or address_key(self.root)) if marked else ""
        return Receipt(id=str(letter), at=at, via=via, proof=proof, ledger=self.ledger.id, to=to)

    def pass_on_suppressions(self) -> None:
        """Tell clones and other campaigns who said no. Raises what `suppressing.pass_on` raises."""
        pass_on(self.root, self.campaign, self.ledger, self.loaded.folder.contacts, self.now)

    def lift_suppressions(self, undone: Iterable[Event]) -> None:
        """Take their no back where it was undone, there too. Raises what `suppressing.lift` raises."""
        lift(self.root, self.campaign, self.ledger, self.loaded.folder.contacts, undone)

    def foreseen(self) -> tuple[World, Plan]:
        """The world and its plan, with the gates that hold now open; nothing is written down."""
        world = self.world()
        opened = {name: self.now for name, _ in newly_open(world)}
        if opened:
            world = replace(world, past=replace(world.past, gates={**world.past.gates, **opened}))
        return self._plan(world)

    def planned(self) -> tuple[World, Plan]:
        """The world and its plan. Gates that hold now are written down, so that they stay open.

        Where nothing happened since the `last` plan it is that one, with its `now`.
        """
        last, stamp = self.last or LastPlan(), self._stamp()
        if last.made is not None and last.loaded is self.loaded and last.stamp == stamp:
            world, plan = last.made
            if timedelta(0) <= self.now - world.now <= GOOD_FOR:
                return replace(world, verdicts=KnownVerdicts(self.root, self.loaded, world, self.ledger)), plan
        world = self.world()
        opened = newly_open(world)
        if opened:
            self.ledger.append_all(
                replace(self, by="outreach").event(EventKind.OPENED, OpenedPayload(gate=name), numbers=numbers)
                for name, numbers in opened
            )
            stamp, world = self._stamp(), self.world()
        world = replace(world, last_event=stamp[0])
        last.loaded, last.stamp, last.made = self.loaded, stamp, self._plan(world)
        return last.made

    def _stamp(self) -> tuple[Any, ...]:
        """What is another one as soon as anything happened, here or in what other computers and campaigns write."""
        state = storage.stat_of(self.root, RECEIPTS)
        shared = self.campaign.suppressions
        listed = None
        with suppress(SuppressionsUnreadable):  # `check_list` says so
            listed = read_suppressions(self.root, shared).digest if shared else None
        return (*self.ledger.mark_now(), state and (state.st_mtime_ns, state.st_size, state.st_ino), listed)

    def _plan(self, world: World) -> tuple[World, Plan]:
        if any(past.refused is not None for past in world.past.posts.values()):
            from outreach.tasks.versions import PostVersions

            world = replace(world, refused=PostVersions(self.root, self.loaded, self.ledger, world).refused())
        if any(past.published is not None for past in world.past.posts.values()):
            from outreach.tasks.publishing.changed import changed_since  # which starts from a session itself

            world = replace(world, changed=changed_since(self, world))
        planned = plan(world)
        if isinstance(world.verdicts, KnownVerdicts):
            world.verdicts.save()
        return world, planned


def known_world(root: Path, loaded: Loaded) -> World:
    """The campaign with what the ledger knows, for texts that say so. Makes no ledger.

    Raises CampaignUnreadable, and what the ledger raises.
    """
    with looked_at(root, loaded) as opened:
        return opened.world()


def refuse_unrecorded(world: World) -> None:
    """Raises LeftElsewhere if other computers sent something that this ledger does not know."""
    if world.past.elsewhere:
        last = max(receipt.at for receipt in world.past.elsewhere)
        raise LeftElsewhere(len(world.past.elsewhere), f"{last.day} {last:%b}")


@contextmanager
def looked_at(root: Path, loaded: Loaded) -> Iterator[Session]:
    """A campaign that was loaded, opened only to be looked at: no ledger is made."""
    with open_ledger(root, kind=_kind_of_ledger(loaded), rehearsal=is_rehearsal(), create=False) as ledger:
        yield Session(root=root, loaded=loaded, ledger=ledger, now=now(), by="outreach")


@contextmanager
def session(root: Path, loaded: Loaded | None = None, last: LastPlan | None = None) -> Iterator[Session]:
    """The campaign in `root`, opened; `loaded` are its files where they were read already, `last` the plan before.

    Under `OUTREACH_NOW` its ledger is the rehearsal copy.
    """
    instant = now()
    if loaded is None:
        if is_begun(root):
            make_folder(root)  # so that what is read now is kept for the next command
        loaded = load(root)
    with open_ledger(root, kind=_kind_of_ledger(loaded), rehearsal=is_rehearsal()) as ledger:
        ledger.persons = frozenset(each.id for each in loaded.folder.contacts if is_kept_apart(each))
        ledger.keys = read_address_keys(root)[0]
        yield Session(root=root, loaded=loaded, ledger=ledger, now=instant, by=whoever(root), last=last)


def _kind_of_ledger(loaded: Loaded) -> str | None:
    return loaded.folder.campaign.ledger if loaded.folder.campaign else None


def standing_in_the_way(root: Path) -> Past:
    """What is paused, and the receipts of other computers that this ledger lacks; nothing else."""
    with open_ledger(root, rehearsal=is_rehearsal(), create=False) as ledger:
        receipts, _ = read_receipts(root)
        keys, _ = read_address_keys(root)
        return Past(holds=ledger.past_to_send(()).holds, elsewhere=elsewhere(ledger, receipts, keys))
