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


class LedgerWithoutAddress(OutreachError):
    """campaign.yaml says `ledger: postgresql`, and nothing says where that is."""

    def __init__(self) -> None:
        super().__init__(
            "This computer does not know the address of the campaign's ledger in PostgreSQL.",
            hint="Enter it with `outreach login ledger`, or set OUTREACH_LEDGER=postgresql://USER@HOST/DATABASE.",
        )


class LedgerAddressUnusable(OutreachError):
    """The address of a ledger in PostgreSQL cannot be read. It may hold a password, so it is never quoted."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The address of the ledger cannot be used: {reason}.",
            hint="Write postgresql://USER@HOST/DATABASE, with #ID at the end if there are several ledgers.",
        )


class LedgerNotInstalled(OutreachError):
    """PostgreSQL's client is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "This campaign's ledger is in PostgreSQL, and the package that reads it is not installed.",
            hint="Install it: pip install 'outreach[team]'",
        )


class LedgerUnreachable(OutreachError):
    """PostgreSQL does not answer, or has ended the connection."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"The ledger at {where} cannot be reached: {reason}.",
            hint="Run the same command again when PostgreSQL answers. What is recorded already stays.",
        )


class LedgerNotAllowed(OutreachError):
    """PostgreSQL does not let this user do what a ledger needs."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"The ledger at {where} cannot be written: {reason}.",
            hint="Ask whoever runs PostgreSQL to let you create schemas in this database and write to it.",
        )


class LedgerNotShared(OutreachError):
    """A worker is started for a campaign whose ledger other computers do not see."""

    def __init__(self) -> None:
        super().__init__(
            "Workers need a ledger that several computers share. This campaign's ledger is in its folder.",
            hint="On one computer, `outreach run --go` does the same. To share it: outreach ledger move postgresql",
        )


class TeamNotInstalled(OutreachError):
    """The packages of the extra `team` are not installed; `what` needs them."""

    def __init__(self, what: str = "What runs workers") -> None:
        super().__init__(f"{what} is not installed.", hint="Install it: pip install 'outreach[team]'")


class LedgerPooled(OutreachError):
    """Between us and PostgreSQL stands a pooler, which gives one session to several clients."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The ledger at {where} is reached through a pooler such as PgBouncer, so locks are not safe.",
            hint="Use the address of PostgreSQL itself.",
        )


class LedgerServerUnusable(OutreachError):
    """This PostgreSQL is too old, or set up so that it cannot keep a ledger."""

    def __init__(self, where: str, reason: str, hint: str) -> None:
        super().__init__(f"The ledger cannot be kept at {where}: {reason}.", hint=hint)


class LedgerAmbiguous(OutreachError):
    """The database holds several ledgers of campaigns with this id."""

    def __init__(self, where: str, ids: list[str]) -> None:
        super().__init__(
            f"There are {len(ids)} ledgers of this campaign at {where}: {', '.join(ids)}.",
            hint="Say which one you mean, at the end of the address: postgresql://USER@HOST/DATABASE#ID.",
        )


class LedgerIsAnother(OutreachError):
    """The ledger at the address is not the one that this folder had before."""

    def __init__(self, where: str, found: str, before: str, file: str) -> None:
        super().__init__(
            f"The ledger at {where} is {found[:8]}, but this folder has used {before[:8]} until now.",
            hint=f"Correct the address. If you really mean the other ledger, delete {file}.",
        )


class LedgerNotMoved(OutreachError):
    """campaign.yaml puts the ledger into PostgreSQL, where there is none, and the folder has one."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"The campaign's ledger is still in {file}, but campaign.yaml says `ledger: postgresql`.",
            hint="Move it with `outreach ledger move postgresql --go`, or take the line out of campaign.yaml.",
        )


class LedgerElsewhere(OutreachError):
    """campaign.yaml puts the ledger into the folder, and the one that this folder had is in PostgreSQL."""

    def __init__(self, before: str, file: str) -> None:
        super().__init__(
            f"This folder's ledger {before[:8]} is in PostgreSQL, but campaign.yaml does not say `ledger: postgresql`.",
            hint="Add the line to campaign.yaml. To keep the ledger in this folder instead, run `outreach ledger move "
            f"sqlite --go`. If you really want to begin a new ledger, delete {file}.",
        )


class LedgerNamedAnew(OutreachError):
    """campaign.yaml named one kind of ledger when it was read, and another when the ledger was opened."""

    def __init__(self) -> None:
        super().__init__(
            "campaign.yaml changed while it was read: its `ledger` is different now.",
            hint="Run the command again. If that does not help, write `ledger: postgresql` on one line, with nothing "
            "before it.",
        )


class LedgerSealed(OutreachError):
    """The ledger was moved, so nothing is written here any more."""

    def __init__(self, path: str, to: str) -> None:
        super().__init__(
            f"The ledger {path} was moved to {to}: nothing is sent or written here any more.",
            hint="Say in campaign.yaml where it is now (`ledger: postgresql` or `ledger: sqlite`).",
        )


class LedgerShared(OutreachError):
    """A backup is brought back into a folder whose ledger is elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            "This campaign's ledger is in PostgreSQL, and a backup can only be restored into a folder.",
            hint="Restore it in a copy of this folder without `ledger:`, then run `outreach ledger move postgresql`.",
        )


class NoLedger(OutreachError):
    """There is nothing to move."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no ledger at {path}, so there is nothing to move.",
            hint="`outreach ledger move postgresql` moves the one in this folder, `... move sqlite` the shared one.",
        )


class LedgerThere(OutreachError):
    """Another ledger, which is in use, stands where one should be moved to."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"A ledger of this campaign is in use at {path} already, so nothing was moved.",
            hint="Two ledgers cannot become one. Look at both with `outreach status`, and keep the one that has more.",
        )


class LedgerCopyDiffers(OutreachError):
    """The copy of a ledger does not hold the same."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The copy at {path} differs from the ledger, so nothing was moved.",
            hint="The ledger was not changed. Please report this.",
        )


class LedgerArriving(OutreachError):
    """A move into this ledger was begun and not finished."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The ledger {path} belongs to a move that was not finished, so it is not used.",
            hint="To finish it, run `outreach ledger move` with --go again.",
        )


class AccountLost(OutreachError):
    """The connection that held the lock of an account was lost."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The connection to the ledger at {where} broke, so another computer may use the account now.",
            hint="Run the same command again; nothing was sent after the break.",
        )


class LedgerReadOnly(OutreachError):
    """The ledger, or the folder it is in, cannot be written."""

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
    """`receipts.key` has lines that are not keys, so no address can be marked."""

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
    """The file to restore from is not a backup, or is damaged."""

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
            f"The approved version {digest[:12]}... is missing from .outreach/blobs, or was changed there.",
            hint="Approve the email or post again, or restore a backup: outreach restore FILE",
        )
