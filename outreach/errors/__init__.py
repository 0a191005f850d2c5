"""Every exception raised on purpose: one class per situation, which writes its own sentence.

Broken *files* are findings (`outreach.model.problem.Problem`); broken *worlds* are the exceptions
here. An exception knows its sentence, a hint that says what to do, and the exit code of the
command that it ends.
"""

from __future__ import annotations

from outreach.errors.access import (
    AccessNotGiven,
    AccessRefused,
    NoAccess,
    NoMailAccount,
    NoPasswordNeeded,
    NotTheirServer,
    OAuthNotInstalled,
)
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
    NoTopic,
    PersonsPosition,
    PortTaken,
    TemplateFault,
    UnknownName,
)
from outreach.errors.connections import RemoteNotAllowed, RemoteNotConfirmed
from outreach.errors.importing import (
    ImportsUnreadable,
    NotANewFolder,
    NothingToImport,
    SourceNotText,
    SourceTooLarge,
    UnreadableSource,
)
from outreach.errors.ledger import (
    AccountLost,
    AlreadyClaimed,
    BackupExists,
    BackupUnreadable,
    FrozenBytesLost,
    LedgerAddressUnusable,
    LedgerAmbiguous,
    LedgerArriving,
    LedgerBusy,
    LedgerCopyDiffers,
    LedgerElsewhere,
    LedgerFull,
    LedgerIsAnother,
    LedgerNamedAnew,
    LedgerNotAllowed,
    LedgerNotInstalled,
    LedgerNotMoved,
    LedgerNotShared,
    LedgerPooled,
    LedgerReadOnly,
    LedgerSealed,
    LedgerServerUnusable,
    LedgerShared,
    LedgerThere,
    LedgerTooNew,
    LedgerUnreachable,
    LedgerUnreadable,
    LedgerWithoutAddress,
    NoLedger,
    ReceiptKeyUnreadable,
    ReceiptsUnreadable,
    RestoreWouldLose,
    TeamNotInstalled,
)
from outreach.errors.sending import (
    AccountBusy,
    AskFirst,
    CaFileUnusable,
    ChannelError,
    FolderUnreadable,
    Forbidden,
    InDoubt,
    LedgerOnNetwork,
    LeftElsewhere,
    MailboxUnreadable,
    MayBeSent,
    MayStandThere,
    NameTheWave,
    NoReply,
    NothingToApprove,
    NotSent,
    OthersUnknown,
    SecretNotEntered,
    SecretsUnusable,
    SuppressionsUnreadable,
    TooSoon,
)
from outreach.errors.storage import (
    EditedMeanwhile,
    LeadsOut,
    LinkInTheWay,
    NotAFile,
    NotAFolder,
    OtherOwner,
    Refused,
    TooLarge,
    TrustUnusable,
    not_written,
    raising_cannot_write,
    reason_of,
)
from outreach.errors.team import LoginRefused, NobodyMayLogIn, NotAllowed, UnsafeAddress
