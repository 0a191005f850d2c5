"""Every exception raised on purpose: one class per situation, which writes its own sentence.

Broken *files* are findings (`outreach.model.problem.Problem`); broken *worlds* are the exceptions
here. An exception knows its sentence, a hint that says what to do, and the exit code of the
command that it ends.
"""

from __future__ import annotations

from outreach.errors.base import BEYOND_REACH, DONE, FAULT_OF_OURS, NEEDS_A_HUMAN, NOTHING_DONE, OutreachError
from outreach.errors.campaign import (
    BadExpression,
    BadInstant,
    CampaignUnreadable,
    CannotTell,
    CannotWrite,
    DraftingStopped,
    DraftsBusy,
    NoCampaign,
    PortTaken,
    TemplateFault,
    UnknownName,
)
from outreach.errors.importing import (
    ImportsUnreadable,
    NotANewFolder,
    NothingToImport,
    SourceNotText,
    SourceTooLarge,
    UnreadableSource,
)
from outreach.errors.ledger import (
    AlreadyClaimed,
    BackupExists,
    BackupUnreadable,
    FrozenBytesLost,
    LedgerBusy,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerUnreadable,
    ReceiptKeyUnreadable,
    ReceiptsUnreadable,
    RestoreWouldLose,
)
from outreach.errors.sending import (
    AccountBusy,
    ChannelError,
    InDoubt,
    LedgerOnNetwork,
    LeftElsewhere,
    MailboxUnreadable,
    NameTheWave,
    NothingToApprove,
    NotSent,
    SecretsUnusable,
)

__all__ = [
    "BEYOND_REACH",
    "DONE",
    "FAULT_OF_OURS",
    "NEEDS_A_HUMAN",
    "NOTHING_DONE",
    "AccountBusy",
    "AlreadyClaimed",
    "BackupExists",
    "BackupUnreadable",
    "BadExpression",
    "BadInstant",
    "CampaignUnreadable",
    "CannotTell",
    "CannotWrite",
    "ChannelError",
    "DraftingStopped",
    "DraftsBusy",
    "FrozenBytesLost",
    "ImportsUnreadable",
    "InDoubt",
    "LedgerBusy",
    "LedgerFull",
    "LedgerOnNetwork",
    "LedgerReadOnly",
    "LedgerTooNew",
    "LedgerUnreadable",
    "LeftElsewhere",
    "MailboxUnreadable",
    "NameTheWave",
    "NoCampaign",
    "NotANewFolder",
    "NotSent",
    "NothingToApprove",
    "NothingToImport",
    "OutreachError",
    "PortTaken",
    "ReceiptKeyUnreadable",
    "ReceiptsUnreadable",
    "RestoreWouldLose",
    "SecretsUnusable",
    "SourceNotText",
    "SourceTooLarge",
    "TemplateFault",
    "UnknownName",
    "UnreadableSource",
]
