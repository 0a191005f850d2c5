"""What the dashboard shows and does: the campaign at one moment, and approvals of what was shown.

Looking writes nothing: no ledger is made, no gate is opened, no bytes are frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from outreach.checking.letters import recipient_problems
from outreach.errors import UnknownName
from outreach.ledger import open_ledger
from outreach.ledger.blobs import kept_if_there
from outreach.letters.approving import ApprovalState, Rendered
from outreach.letters.letter import ManualTask
from outreach.model.contact import Contact
from outreach.model.event import Event
from outreach.model.ids import LetterId
from outreach.model.mail import KeptMessage
from outreach.model.plan import Plan
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.networks.composing import Composed
from outreach.planning.gates import facts_of
from outreach.planning.recipients import Decided
from outreach.planning.status import ContactStatus
from outreach.planning.today import Section
from outreach.planning.world import World
from outreach.tasks.approving import ApprovalResult, approve
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.changes import change_stamp
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.letters import by_hand, rendered
from outreach.tasks.looking import statuses_of
from outreach.tasks.posting import composed
from outreach.tasks.replying import open_replies
from outreach.tasks.today import post_states, standing, today_of
from outreach.tasks.world import looked_at, session


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The whole campaign at the instant `now`; `stamp` is that of its files and ledger, `carried` the files
    that its letters and posts carry.

    `letters`, texts to paste `by_hand`, and `posts` are what can be made now, by id; `post_states` says of each post
    what became of its approval.
    """

    stamp: str
    carried: tuple[str, ...]
    now: datetime
    world: World
    plan: Plan
    letters: Mapping[str, Rendered]
    by_hand: Mapping[str, ManualTask]
    posts: Mapping[str, Composed]
    post_states: Mapping[str, ApprovalState]
    statuses: tuple[ContactStatus, ...]
    messages: tuple[KeptMessage, ...]
    unmatched: int
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]

    @property
    def timezone(self) -> str:
        return self.world.campaign.timezone


def open_for_looking(root: Path) -> None:
    """What every command does at its start: the ledger is there, and gates that hold are open. Raises
    CampaignUnreadable, and what the ledger raises.
    """
    with session(root) as opened:
        opened.planned()


def see(root: Path, carried: tuple[str, ...] = ()) -> Seen:
    """The campaign as it is now; `carried` are the files that letters and posts carried at the last look.

    Raises CampaignUnreadable, and what the ledger raises.
    """
    stamp = change_stamp(root, carried)
    loaded = load(root)
    carries = _carried(loaded)
    if carries != carried:
        stamp = change_stamp(root, carries)
    with looked_at(root, loaded) as opened:
        world, plan = opened.foreseen()
        rendering = rendered(opened, world, plan)
        made = composed(loaded, facts_of(world))
        decided = Decided(recipients=plan.recipients, problems=plan.problems)
        found = {*loaded.problems, *recipient_problems(world, decided, loaded.incomplete)}
        found |= {*rendering.problems, *made.problems}
        problems = tuple(sorted(found))
        statuses = tuple(statuses_of(world, plan))
        return Seen(
            stamp=stamp,
            carried=carries,
            now=opened.now,
            world=world,
            plan=plan,
            letters=rendering.letters,
            by_hand=by_hand(opened, world, plan),
            posts=made.posts,
            post_states=post_states(opened, world, made.posts),
            statuses=statuses,
            messages=tuple(opened.ledger.mail().messages()),
            unmatched=opened.ledger.mail().count_waiting(),
            sections=tuple(today_of(opened, world, plan, standing(rendering.letters), made.posts, statuses, problems)),
            problems=problems,
        )


# -- what changed -------------------------------------------------------------------------------


def _carried(loaded: Loaded) -> tuple[str, ...]:
    attached = {each.file for each in loaded.campaign.attachments.values()}
    pictures = {m.file for post in loaded.folder.posts for version in post.versions for m in version.media}
    return tuple(sorted(attached | pictures))


# -- one contact --------------------------------------------------------------------------------


def contact_events(root: Path, contact: Contact) -> list[Event]:
    """All that the ledger has about a contact, also under its former id, oldest first."""
    with open_ledger(root, rehearsal=is_rehearsal(), create=False) as ledger:
        names = [contact.id, *contact.was]
        return sorted((event for name in names for event in ledger.events(contact=name)), key=lambda e: e.number)


def texts_of_contacts(root: Path, seen: Seen) -> dict[str, str]:
    """All words in which a search looks, by contact: what its file says, its answers, and what was noted about it."""
    found: dict[str, list[str]] = {}
    for each in seen.world.contacts:
        words = (each.id, each.name, each.short, each.country, each.owner, each.personal_text, each.internal_notes)
        people = [part for person in each.people for part in (person.name, person.role, person.email)]
        more = (each.found_at, each.missing, each.website, *each.tags, *map(str, each.fields.values()))
        found[each.id] = [
            text for text in (*words, *people, *more, *(channel.address for channel in each.channels)) if text
        ]
    present = {was: each.id for each in seen.world.contacts for was in each.was}
    for message in seen.messages:
        id = present.get(message.contact or "", message.contact or "")
        found.setdefault(id, []).extend((message.subject, message.sender, message.text))
    with open_ledger(root, rehearsal=is_rehearsal(), create=False) as ledger:
        for event in ledger.events():
            if event.contact and event.text:
                found.setdefault(present.get(event.contact, event.contact), []).append(event.text)
    return {id: " ".join(texts).casefold() for id, texts in found.items()}


def sent_letter(root: Path, id: LetterId) -> bytes | None:
    """The frozen bytes of a letter that left, or may have; None if there are none, or they are lost."""
    with open_ledger(root, rehearsal=is_rehearsal(), create=False) as ledger:
        return kept_if_there(root, ledger.sent_digests().get(id))


# -- approvals ----------------------------------------------------------------------------------


def approve_shown(root: Path, id: str, digest: str) -> ApprovalResult:
    """Approve the letter or version of that id if it still is what was shown; else `confirmed` is False.

    Raises UnknownName, NothingToApprove, CampaignUnreadable, and what the ledger raises.
    """

    def is_still_the_same(result: ApprovalResult) -> bool:
        now = [each.letter.letter.digest for each in result.letters if each.letter is not None]
        return [*now, *(each.post.digest for each in result.posts)] == [digest]

    return approve(root, [_one(root, id)], confirm=is_still_the_same)


def approve_together(root: Path, digests: Mapping[str, str], seen: str) -> ApprovalResult:
    """Approve letters by id, if each still is what was shown; else `confirmed` is False. Raises as `approve_shown`."""

    def are_still_the_same(result: ApprovalResult) -> bool:
        return {each.id: each.letter.letter.digest for each in result.letters if each.letter is not None} == digests

    return approve(root, digests, confirm=are_still_the_same, seen=seen)


def approve_reply(root: Path, id: str, digest: str) -> bool:
    """Approve the reply of that id (`reply/CONTACT/N`) if it still is what was shown; whether it was."""
    with session(root) as opened:
        written = {str(each.id): each.digest for each in open_replies(opened, opened.world())}
    if written.get(id) != digest:
        return False
    approve(root, [id])
    return True


def withdraw_together(root: Path, ids: Iterable[str]) -> ApprovalResult:
    """Take the approvals of these letters or versions back. Raises as `approve_shown`."""
    return approve(root, ids, withdraw=True)


def withdraw(root: Path, id: str) -> ApprovalResult:
    """Take the approval of one letter or version back. Raises as `approve_shown`."""
    return approve(root, [_one(root, id)], withdraw=True)


def _one(root: Path, id: str) -> str:
    """A wave or contact is not a letter: nobody approves many with one key. Raises UnknownName."""
    if "/" not in id:
        raise UnknownName("letter or post", id, None)
    return id


def approved_bytes(root: Path, letter: Rendered) -> bytes | None:
    """What was approved of the letter before; None for nothing, or where the frozen bytes are lost."""
    return kept_if_there(root, letter.approval.digest)
