"""`outreach sync`: what another computer sent, what became of our posts, and the mailbox, with the files read once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from outreach.errors import MailboxUnreadable
from outreach.model.publication import PostSync
from outreach.model.records import dataclass
from outreach.tasks.campaign import load
from outreach.tasks.erasing.following import follow_others, unnamed
from outreach.tasks.records import Adopted, adopt
from outreach.tasks.syncing import SyncResult, sync


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncedAll:
    """What was found; `unread` is why the mailbox could not be read."""

    adopted: Adopted
    posts: PostSync
    mail: SyncResult
    unread: MailboxUnreadable | None = None


def sync_all(root: Path) -> SyncedAll:
    """Look everywhere. Raises CampaignUnreadable, and what the ledger raises."""
    missing = unnamed(follow_others(root))
    loaded = load(root)
    adopted = adopt(root, loaded=loaded)
    if missing:
        adopted = replace(adopted, troubles=(missing, *adopted.troubles))
    posts = PostSync()
    if adopted.has_posts:
        from outreach.tasks.publishing.engagement import sync_posts  # and what publishes: many campaigns have no posts

        posts = sync_posts(root, loaded=loaded)
    try:
        mail = sync(root, loaded=loaded)
        return SyncedAll(adopted=adopted, posts=posts, mail=mail, unread=mail.trouble)
    except MailboxUnreadable as trouble:
        return SyncedAll(adopted=adopted, posts=posts, mail=SyncResult(), unread=trouble)
