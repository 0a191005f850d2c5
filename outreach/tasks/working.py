"""What a worker does: see which accounts have something to do, and do it for one of them.

Each look plans again from the files and the ledger, and each letter or post is guarded by its claim. So work that was
lost, done twice or left lying does no harm: the next look finds what is still to do.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from outreach import storage
from outreach.connections.git import fetch, git, upstream
from outreach.errors import AccountBusy, OutreachError, RemoteNotAllowed, RemoteNotConfirmed
from outreach.ledger.place import FOLDER
from outreach.model.action import Action
from outreach.model.plan import ItemKind, ItemState
from outreach.model.records import dataclass
from outreach.networks.registry import published
from outreach.planning.watching import PAUSE
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import now
from outreach.tasks.interruption import Interruption
from outreach.tasks.publishing import PublishOrder, publish
from outreach.tasks.publishing.engagement import sync_posts
from outreach.tasks.sending import Asking, SendOrder, send
from outreach.tasks.syncing import sync
from outreach.tasks.world import session

READING, LETTERS = "reading", "mail"
"""What the work is called that is not a network's: reading mailbox and posts, and sending letters."""
LONGEST_APART = timedelta(hours=1)
"""So long a clone may not have reached its remote: what was decided there meanwhile is not known."""
_REACHED = f"{FOLDER}/remote-reached"


@dataclass(frozen=True, kw_only=True, slots=True)
class Worked:
    """What came of a piece of work: what was tried, whole sentences about trouble, and when there is more (aware)."""

    actions: tuple[Action, ...] = ()
    troubles: tuple[str, ...] = ()
    again: datetime | None = None


def has_work(root: Path, busy: Collection[str] = ()) -> tuple[str, ...]:
    """The accounts that have something to do now: READING, LETTERS, names of networks.

    `busy` are those that are at work anyway: where there is no other, nothing is planned. Raises CampaignUnreadable,
    and what the ledger raises.
    """
    loaded = load(root)
    if _accounts(loaded) <= set(busy):
        return ()
    with session(root, loaded) as opened:
        world, plan = opened.planned()
        read, at = world.past.mailbox_read, opened.now
        is_stale = opened.campaign.accounts.mail.inbox is not None and (read is None or at - read >= PAUSE)
    due = [item for item in plan.items if item.state is ItemState.DUE and not item.unapproved]
    names = {READING} if is_stale else set()
    names |= {LETTERS for item in due if item.kind is ItemKind.LETTER}
    names |= {item.network for item in due if item.kind is ItemKind.POST and item.network is not None}
    return tuple(sorted(names & {READING, LETTERS, *(network.name for network in published())} - set(busy)))


def _accounts(loaded: Loaded) -> set[str]:
    """The accounts that can ever have something to do."""
    names = {READING} if loaded.campaign.accounts.mail.inbox is not None else set()
    names |= {LETTERS} if loaded.campaign.waves else set()
    return names | {version.network for post in loaded.folder.posts for version in post.versions}


def do_work(root: Path, name: str, interruption: Interruption | None = None) -> Worked:
    """Do what is due for one account, as `send --go`, `publish --go` and `sync` do it. Never raises for the world.

    Whoever asks for an `interruption` gets it after the letter or post in hand.
    """
    try:
        if name == READING:
            return _read(root)
        behind = why_behind(root, now())
        if behind:
            return Worked(troubles=(f"{behind} So nothing is sent from this computer.",))
        if name == LETTERS:
            sent = send(root, SendOrder(go=True, wait=False, brief=True), Asking(interruption=interruption))
            return Worked(actions=_tried(sent.actions), again=sent.next)
        published = publish(root, PublishOrder(go=True, network=name), interruption=interruption)
        return Worked(actions=_tried(published.actions))
    except AccountBusy:  # somebody else is at it
        return Worked()
    except OutreachError as error:
        return Worked(troubles=(error.in_full,))


def _read(root: Path) -> Worked:
    """Read the mailbox, if there is one, and the posts' numbers: trouble with one is none for the other."""
    loaded, troubles = load(root), []
    if loaded.campaign.accounts.mail.inbox is not None:
        try:
            mail = sync(root, loaded=loaded)
            troubles = [mail.trouble.in_full] if mail.trouble is not None else []
        except OutreachError as error:
            troubles.append(error.in_full)
    return Worked(troubles=(*troubles, *sync_posts(root, loaded=loaded).troubles))


def why_behind(root: Path, at: datetime) -> str:
    """Why this clone may not know what was decided elsewhere, in a sentence; "" where it does, or is not a clone.

    It is behind its remote, or could not reach it for an hour. `at` is the present instant (aware).
    """
    shared = upstream(root)
    if shared is None:
        return ""
    try:
        commit = fetch(root, shared.url, shared.branch)
    except (RemoteNotConfirmed, RemoteNotAllowed) as error:
        return error.in_full
    if commit is None:
        since = _last_reached(root, at)
        if at - since < LONGEST_APART:
            return ""
        return f"The Git remote {shared.url} could not be reached since {since:%Y-%m-%d %H:%M} UTC."
    _keep_reached(root, at)
    if git(root, "merge-base", "--is-ancestor", commit, "HEAD") is None:
        return f"This clone is behind its Git remote {shared.url}: run `git pull`."
    return ""


def _last_reached(root: Path, at: datetime) -> datetime:
    """When the remote was last reached; where that is not known, the time is counted from `at` on."""
    try:
        return datetime.fromisoformat(storage.read(root, _REACHED).decode("ascii").strip())
    except (OSError, ValueError):
        _keep_reached(root, at)
        return at


def _keep_reached(root: Path, at: datetime) -> None:
    with suppress(OSError):  # then the hour begins with the next look
        storage.write(root, _REACHED, [f"{at.isoformat()}\n".encode("ascii")], storage.PRIVATE)


def _tried(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    return tuple(action for action in actions if action.result.is_try)
