"""Every exception raised on purpose: one class per situation, which writes its own sentence.

Broken *files* are findings (`outreach.model.problem.Problem`); broken *worlds* are the exceptions
here. An exception knows its sentence, a hint that says what to do, and the exit code of the
command that it ends.
"""

from __future__ import annotations

from collections.abc import Iterable

DONE = 0
NEEDS_A_HUMAN = 1
NOTHING_DONE = 2
FAULT_OF_OURS = 70
"""EX_SOFTWARE of sysexits.h, so that a crash of ours is never taken for "needs a human"."""


class OutreachError(Exception):
    """Something the campaigner can mend.

    `str(error)` is one sentence; `hint` says what would mend it ("" when nothing would).
    """

    exit_code = NOTHING_DONE

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint


class NoCampaign(OutreachError):
    """No `campaign.yaml` in the folder or above it."""

    def __init__(self, start: str, *, named: bool = False) -> None:
        above = "" if named else " or in any folder above it"
        super().__init__(
            f"There is no campaign.yaml in {start}{above}.",
            hint="Go into a campaign's folder, or name it: --campaign DIR.",
        )


class CampaignUnreadable(OutreachError):
    """`campaign.yaml` has errors, so nothing of the campaign can be trusted."""

    def __init__(self, errors: int) -> None:
        noun = "an error" if errors == 1 else f"{errors} errors"
        super().__init__(
            f"campaign.yaml has {noun}, so nothing was done.",
            hint="Run `outreach check` to see where.",
        )


class UnknownName(OutreachError):
    """A wave, contact, post or schema was named on the command line that does not exist."""

    def __init__(self, kind: str, name: str, nearest: str | None, there_are: Iterable[str] = ()) -> None:
        known = ", ".join(list(there_are)[:12])
        elsewhere = f"There are: {known}." if known else "See what there is with `outreach status`."
        super().__init__(f"There is no {kind} {name!r}.", hint=f"Did you mean {nearest!r}?" if nearest else elsewhere)


class BadExpression(OutreachError):
    """An expression given on the command line cannot be read."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(
            f"The expression {source!r} cannot be read: {reason.rstrip('.')}{'' if reason.endswith('?') else '.'}",
            hint="""An example: --to "tier == 0 and 'research' in tags".""",
        )


class BadInstant(OutreachError):
    """`OUTREACH_NOW` is not an instant."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"OUTREACH_NOW={text!r} is not an instant.",
            hint="Write it with its offset, as in 2026-01-06T09:00:00+01:00.",
        )


class CannotWrite(OutreachError):
    """A file of ours cannot be written: a full disk, a read-only folder, a folder in its place.

    Something else was usually written before it; whoever knows better sets `exit_code`.
    """

    exit_code = NEEDS_A_HUMAN

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be written: {reason}.",
            hint="Make room or mend the permissions, then run the same command again.",
        )


class TemplateFault(OutreachError):
    """A template or expression cannot be used; becomes a Problem at its file and line.

    `code` is the Problem's code, `line` counts from 1 within the source text (0: not known),
    `variable` names the value that was missing, where that is the fault.
    """

    def __init__(self, code: str, sentence: str, *, hint: str = "", line: int = 0, variable: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.code = code
        self.line = line
        self.variable = variable


class CannotTell(OutreachError):
    """What a person said on the command line cannot be written down as it is."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(f"{sentence}.", hint=hint)


class LedgerUnreadable(OutreachError):
    """The ledger is damaged, is something else, or its place is taken."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The ledger {path} cannot be read: {reason}.",
            hint="Bring back a backup with `outreach restore FILE`; what it held is not lost from receipts.jsonl.",
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
            hint="Mend the permissions of the campaign's .outreach folder.",
        )


class LedgerFull(OutreachError):
    """There is no room left for what the ledger has to remember."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The ledger {path} cannot be written: the disk is full.",
            hint="Make room, then run the same command again; nothing was recorded by halves.",
        )


class AlreadyClaimed(OutreachError):
    """Somebody already has the right to this letter or post."""

    def __init__(self, what: str, by: str, when: str) -> None:
        super().__init__(
            f"{what} was already taken up by {by} on {when}.",
            hint="See what became of it with `outreach status`.",
        )
        self.by = by
        self.when = when


class ReceiptsUnreadable(OutreachError):
    """`receipts.jsonl` has lines that cannot be read, so it must not be written anew."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(
            f"receipts.jsonl, line {line}: {message}",
            hint="Mend the line, then run the same command again.",
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
            hint="Take another backup; nothing was changed.",
        )


class RestoreWouldLose(OutreachError):
    """The present ledger knows something that the backup does not."""

    def __init__(self, path: str, lost: int) -> None:
        noun = "one thing" if lost == 1 else f"{lost} things"
        super().__init__(
            f"The present ledger knows {noun} that {path} does not, so nothing was changed.",
            hint="Restore a newer backup; or move .outreach/ledger.db away, if it is not wanted.",
        )


class DraftsBusy(OutreachError):
    """Another `outreach draft` is at work in this campaign."""

    def __init__(self) -> None:
        super().__init__(
            "Another outreach draft is running in this campaign, so nothing was done.",
            hint="Wait until it has ended, then run the same command again.",
        )


class DraftingStopped(OutreachError):
    """Ctrl-C after the first draft was written."""

    exit_code = NEEDS_A_HUMAN

    def __init__(self) -> None:
        super().__init__("Stopped; some drafts are new, the others are as they were.", hint="Run it again to finish.")
