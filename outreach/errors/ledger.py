"""About the record of what happened, its receipts and its backups."""

from __future__ import annotations

from outreach.errors.base import OutreachError


class LedgerUnreadable(OutreachError):
    """The ledger is damaged, is something else, or its place is taken."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The ledger {path} cannot be read: {reason}.",
            hint="Restore a backup: outreach restore FILE. What was sent is also in receipts.jsonl.",
        )


class LedgerTooNew(OutreachError):
    """A newer version of outreach wrote the ledger."""

    def __init__(self, path: str, version: int, known: int) -> None:
        super().__init__(
            f"The ledger {path} was written by a newer outreach (version {version}, this one knows {known}).",
            hint="Install the newer outreach and run the same command again.",
        )


class LedgerBusy(OutreachError):
    """Another process has the ledger for longer than we wait."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The ledger {path} is in use by another outreach.",
            hint="Wait until it has ended, then run the same command again.",
        )


class LedgerReadOnly(OutreachError):
    """The ledger, or the folder it stands in, cannot be written."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The ledger {path} cannot be written: this folder is read-only.",
            hint="Fix the permissions of the campaign's .outreach folder.",
        )


class LedgerFull(OutreachError):
    """There is no room left for what the ledger has to remember."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The ledger {path} cannot be written: the disk is full.",
            hint="Make room, then run the same command again; nothing was recorded in part.",
        )


class AlreadyClaimed(OutreachError):
    """Somebody already has the right to this letter or post."""

    def __init__(self, what: str, by: str, when: str) -> None:
        super().__init__(
            f"{what} was already started by {by} on {when}.",
            hint="See where it is with `outreach status`.",
        )
        self.by = by
        self.when = when


class ReceiptsUnreadable(OutreachError):
    """`receipts.jsonl` has lines that cannot be read, so it must not be written again."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(
            f"receipts.jsonl, line {line}: {message}",
            hint="Fix the line, then run the same command again.",
        )


class ReceiptKeyUnreadable(OutreachError):
    """`receipts.key` has lines that are no keys, so no address can be marked."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(
            f"receipts.key, line {line}: {message}",
            hint="Bring the file back with Git, then run the same command again.",
        )


class BackupExists(OutreachError):
    """Something else stands where the backup should go."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} exists already and holds something else.", hint="Give the backup another name.")


class BackupUnreadable(OutreachError):
    """The file to restore from is no backup, or is damaged."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be restored: {reason}.",
            hint="Nothing was changed. Use another backup: outreach restore FILE",
        )


class RestoreWouldLose(OutreachError):
    """The present ledger knows something that the backup does not."""

    def __init__(self, path: str, lost: int) -> None:
        noun = "one thing" if lost == 1 else f"{lost} things"
        super().__init__(
            f"Your history has {noun} that {path} does not have, so nothing was changed.",
            hint="Restore a newer backup. If you do not need the present history, move .outreach/ledger.db away.",
        )


class FrozenBytesLost(OutreachError):
    """What was approved is not among the frozen bytes any more, or was changed there."""

    def __init__(self, digest: str) -> None:
        super().__init__(
            f"The approved bytes {digest[:12]}... are missing from .outreach/blobs, or were changed there.",
            hint="Approve again what they belong to, or bring back a backup with `outreach restore FILE`.",
        )
