"""A ledger that lives on more than one computer: what others sent, `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path

from outreach.errors import CannotTell
from outreach.ledger.backups import backup as back_up
from outreach.ledger.backups import restore as bring_back
from outreach.ledger.moving import Move
from outreach.ledger.moving import move as move_ledger
from outreach.ledger.receipts import adopt as take_over
from outreach.ledger.receipts import hand_on, read_receipts
from outreach.ledger.shared import keep_address
from outreach.model.event import Receipt
from outreach.model.records import dataclass
from outreach.tasks.campaign import Loaded
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.erasing.following import follow_others
from outreach.tasks.world import session

_REAL = "Unset OUTREACH_NOW, then run the same command again."


@dataclass(frozen=True, kw_only=True, slots=True)
class Adopted:
    """What another computer sent and this ledger did not know; `troubles` are sentences.

    `has_posts`: the campaign has posts, or had some that were published.
    """

    receipts: tuple[Receipt, ...] = ()
    troubles: tuple[str, ...] = ()
    has_posts: bool = True


def adopt(root: Path, *, loaded: Loaded | None = None) -> Adopted:
    """Take over what `receipts.jsonl` says and this ledger does not, all or nothing, and our posts on the networks.

    Nothing is taken over while a line of `receipts.jsonl` cannot be read. Raises CampaignUnreadable, and what the
    ledger raises.
    """
    receipts, problems = read_receipts(root)
    if problems:
        first = problems[0]
        sentence = f"{first.file}, line {first.line}: {first.message.rstrip('.')}. {first.hint}".rstrip()
        return Adopted(troubles=(sentence,))
    with session(root, loaded) as opened:
        letters = take_over(opened.ledger, receipts, opened.keys, by=opened.by, now=opened.now)
        if not opened.loaded.folder.posts and not opened.ledger.past().posts:
            hand_on(opened.ledger, root)
            return Adopted(receipts=tuple(letters), has_posts=False)
    from outreach.tasks.publishing.adopting import adopt_posts  # and all that publishes

    posts, troubles = adopt_posts(root, letters, loaded=loaded)
    return Adopted(receipts=(*letters, *posts), troubles=tuple(troubles))


def backup(root: Path, target: Path) -> None:
    """Write the whole ledger, receipts and frozen bytes into one file. Raises CannotTell in a rehearsal."""
    if is_rehearsal():
        raise CannotTell("With OUTREACH_NOW set, there is no backup", _REAL)
    back_up(root, target)


def keep_ledger_address(root: Path, address: str) -> str:
    """Keep the address of the campaign's ledger in PostgreSQL for this person alone; where, in words.

    Raises LedgerAddressUnusable, LedgerUnreachable, SecretsUnusable, and what else is wrong with that server.
    """
    return keep_address(root, address)


def move(root: Path, to: str, *, go: bool) -> Move:
    """Move the whole ledger to `postgresql` or `sqlite`; without `go` say what would be moved.

    Raises CannotTell in a rehearsal, and what `moving.move` raises.
    """
    if is_rehearsal():
        raise CannotTell("With OUTREACH_NOW set, nothing is moved", _REAL)
    return move_ledger(root, to, go=go)


def restore(root: Path, source: Path) -> None:
    """Bring a backup back, unless this ledger knows more than it. Raises CannotTell in a rehearsal."""
    if is_rehearsal():
        raise CannotTell("With OUTREACH_NOW set, nothing is restored", _REAL)
    bring_back(root, source)
    follow_others(root)  # a backup from before knows everybody who was erased since
