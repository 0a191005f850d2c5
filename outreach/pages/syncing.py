"""What `sync --json` prints."""

from __future__ import annotations

from typing import Annotated, TypedDict

from outreach.model.mail import Fate, MailKind
from outreach.pages.json_schema import Count, Schema
from outreach.pages.mail import MatchedObject
from outreach.pages.posts import EngagementObject


class DraftFateObject(TypedDict):
    """What became of a draft in the mailbox; `changes` is a unified diff of what was edited."""

    id: str
    fate: Fate
    changes: str


class SyncObject(TypedDict):
    """What is new. `mailbox` says why no mailbox was read; `adopted` was sent from another computer.

    `resolved` letters are no longer in doubt, `malformed` are the places of messages that cannot be read. `unmatched`
    messages are about your letters and wait for `outreach match`.
    """

    adopted: list[str]
    troubles: list[str]
    mailbox: str | None
    looked_at: Count
    kinds: Annotated[dict[str, Count], Schema(propertyNames={"enum": [str(kind) for kind in MailKind]})]
    matched: list[MatchedObject]
    resolved: list[str]
    malformed: list[str]
    found_in_sent: list[str]
    drafts: list[DraftFateObject]
    unread_folders: list[str]
    unmatched: Count
    posts: EngagementObject
