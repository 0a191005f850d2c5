"""What `--json` prints where a command has little to say; the commands put these objects together themselves."""

from __future__ import annotations

from typing import Any, TypedDict

from outreach.model.mail import MailKind, SortWord
from outreach.pages.json_schema import Count, Digest, Line

# -- accounts and safety -----------------------------------------------------------------------


class LoginObject(TypedDict):
    """`login mail`: where its secret is kept, for which servers, and what was tried with it."""

    account: str
    names: list[str]
    servers: list[str]
    where: str
    tried: list[str]


class NetworkLoginObject(TypedDict):
    """`login bluesky`, `login mastodon` and `login ledger`: where the secret is kept."""

    account: str
    where: str


class ProviderObject(TypedDict):
    """`login mail --look-up`: who runs the address's domain, and the `lines` for campaign.yaml."""

    address: str
    provider: str
    how: str
    lines: str
    note: str


class CheckedObject(TypedDict):
    """One thing that was looked at, whether it is well, and what would fix it."""

    name: str
    ok: bool
    message: str
    hint: str


class DoctorObject(TypedDict):
    checks: list[CheckedObject]


class AddressObject(TypedDict):
    """Where the dashboard is open."""

    address: str


class TrustObject(TypedDict):
    """A path, and whether it may be read by that campaign (null: by all of them)."""

    path: str
    campaign: str | None
    allowed: bool


class TrustedPathObject(TypedDict):
    path: str
    every_campaign: bool


class TrustedObject(TypedDict):
    """`trust` without a path: what may be read, and the Git remotes that are fetched from."""

    paths: list[TrustedPathObject]
    remotes: list[str]


class RemoteObject(TypedDict):
    """A Git remote, and whether it may be fetched from."""

    remote: str
    allowed: bool


# -- files -------------------------------------------------------------------------------------


class FolderObject(TypedDict):
    """The folder that was made."""

    folder: str


class FileObject(TypedDict):
    """The file of the backup."""

    file: str


class LedgerObject(TypedDict):
    """The history: its id (`ledger`), how many events it holds, and whether it was moved `to` there now."""

    ledger: str
    events: Count
    to: str
    moved: bool


class DifferenceObject(TypedDict):
    """A key on which two contacts differ: what stays, and what goes."""

    key: str
    kept: Any
    other: Any


class MergedObject(TypedDict):
    """Two contacts become one. Without --go the files are in `to_write`."""

    keep: str
    other: str
    written: list[str]
    to_write: list[str]
    removed: list[str]
    differs: list[DifferenceObject]


class LinkObject(TypedDict):
    """A place for a link. `post` is "" where its line names none; `url` is null where it is not published yet."""

    file: str
    line: Line
    post: str
    url: str | None


class LinksObject(TypedDict):
    filled: list[LinkObject]
    written: bool
    troubles: list[str]


# -- letters, posts, messages ------------------------------------------------------------------


class DigestObject(TypedDict):
    """Today's list as an email to yourself; `reason` says why it was not sent."""

    to: str
    subject: str
    text: str
    sent: bool
    reason: str


class TestedLetterObject(TypedDict):
    """A letter that went to yourself; `where` is what the server, or the folder, said."""

    id: str
    to: str
    subject: str
    receipt: str
    via: str
    where: str


class TestedObject(TypedDict):
    tested: list[TestedLetterObject]


class ReplyObject(TypedDict):
    """A reply that is written, and not sent; `answers` is the Message-ID of their message."""

    id: str
    contact: str
    answers: str
    to: str
    subject: str
    text: str
    message_id: str
    digest: Digest
    approved: bool


class ConfirmedObject(TypedDict):
    """The letters of which it is now known whether they were sent."""

    resolved: list[str]
    sent: bool


class CorrectionObject(TypedDict):
    """A post on one network: what was, or would be, done with which parts. `text` is for you to publish."""

    id: str
    how: str
    parts: list[Count]
    done: bool
    text: str


class CorrectionsObject(TypedDict):
    corrections: list[CorrectionObject]


class MatchObject(TypedDict):
    """Whose a message is now, and whose it was `before` (null: nobody's)."""

    message: str
    contact: str
    before: str | None
    kind: MailKind


class SortObject(TypedDict):
    """What a message was read as (`kind`), and what a person says that it is."""

    message: str
    contact: str | None
    kind: MailKind
    sorted: SortWord | None
    undone: bool
