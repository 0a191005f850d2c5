"""About letting things go out, and the world outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from outreach.errors.base import NEEDS_A_HUMAN, OutreachError


class LeftElsewhere(OutreachError):
    """receipts.jsonl tells of letters or posts that this ledger does not know."""

    def __init__(self, count: int, last: str) -> None:
        said = "1 email or post of this campaign" if count == 1 else f"{count} emails or posts of this campaign"
        super().__init__(
            f"{said} {'was' if count == 1 else 'were'} sent from another computer (last {last}), so nothing was sent.",
            hint="Record them here with `outreach sync`, then run the same command again.",
        )


class SuppressionsUnreadable(OutreachError):
    """The list of addresses to which nobody writes again cannot be read, so nobody is written to."""

    def __init__(self, name: str, reason: str, hint: str) -> None:
        super().__init__(f"The list {name} (`suppressions` in campaign.yaml) cannot be used: {reason}.", hint=hint)


class OthersUnknown(OutreachError):
    """There is a shared remote that cannot be reached, and no Sent folder that would show what left."""

    def __init__(self, note: str) -> None:
        super().__init__(
            f"{note} So nothing was sent.",
            hint="Try again later, or add your mailbox (`inbox`) to accounts.mail: its Sent folder shows it.",
        )


class AccountBusy(OutreachError):
    """Another process is sending through this account."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Another outreach is sending through {account} in this campaign, so nothing was done.",
            hint="Wait until it has ended; what it sends is in the ledger.",
        )


class NameTheWave(OutreachError):
    """More than one wave would go out, and a person has to say which."""

    def __init__(self, waves: Iterable[str]) -> None:
        names = list(waves)
        super().__init__(
            f"Emails of {len(names)} waves are due ({', '.join(names)}), so nothing was sent.",
            hint=f"Name one of them: outreach send {names[0]} --go",
        )


class NothingToApprove(OutreachError):
    """What was named has no letter or post that could be approved."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what} has nothing to approve: {reason}.", hint="To see what comes next: outreach agenda")


class ChannelError(OutreachError):
    """The world outside did not do what was asked. `permanent`: asking again would not help."""

    exit_code = NEEDS_A_HUMAN

    def __init__(self, sentence: str, *, hint: str = "", permanent: bool = False) -> None:
        super().__init__(sentence, hint=hint)
        self.permanent = permanent


class NotSent(ChannelError):
    """It surely was not sent.

    `phase` is how far it came, `reply` what the server said, `stops_run` whether nothing else would go either. Without
    a `hint` of its own, it says to try again, which is safe.
    """

    def __init__(
        self,
        sentence: str,
        *,
        hint: str = "",
        permanent: bool = False,
        phase: str = "",
        reply: str = "",
        stops_run: bool = False,
    ) -> None:
        again = "Correct it, then run the same command again." if permanent else "Run the same command again."
        super().__init__(sentence, hint=hint or again, permanent=permanent)
        self.phase = phase
        self.reply = reply
        self.stops_run = stops_run


class Forbidden(OutreachError):
    """Something happened since it was planned that stops it: a pause, an answer, somebody who wants no more mail."""

    exit_code = NEEDS_A_HUMAN

    def __init__(self, why: str) -> None:
        super().__init__(why)


class MayBeSent(Forbidden):
    """An email in Sent, or in `folder`, may be the letter, of which the history knows nothing; of `at` (aware UTC)."""

    def __init__(self, subject: str, recipient: str, at: datetime, folder: str = "") -> None:
        lies = f'an email "{subject}" to {recipient} lies in {folder}, and may be it'
        went = f'an email "{subject}" went to {recipient} on {at.day} {at:%b}, and may be it'
        super().__init__(lies if folder else went)
        self.at = at


class TooSoon(OutreachError):
    """The pace has no room yet; `moment` (aware UTC) is when it has."""

    exit_code = NEEDS_A_HUMAN

    def __init__(self, moment: datetime) -> None:
        super().__init__(f"At this pace, the next email can go out at {moment:%Y-%m-%d %H:%M} UTC.")
        self.moment = moment


class InDoubt(ChannelError):
    """It may have been sent: the connection broke after its last byte."""

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence, hint=hint or "Run the same command again: it first checks whether it is there.")


class MayStandThere(InDoubt):
    """Where a try would have put it, posts of ours stand that nobody knows: one may be it, and they read otherwise.

    `there` are these posts as their network has them, the newest first, by their addresses for people.
    """

    def __init__(self, there: Mapping[str, object]) -> None:
        super().__init__(f"A post of yours is not in this history, and its text is different: {', '.join(there)}")
        self.there = there


class SecretsUnusable(OutreachError):
    """The file with the secrets cannot be used as it is."""

    def __init__(self, path: str, reason: str, hint: str) -> None:
        super().__init__(f"The passwords in {path} cannot be used: {reason}.", hint=hint)


class MailboxUnreadable(ChannelError):
    """The mailbox cannot be read: no network, no login, no folder; or campaign.yaml names none (`none_named`)."""

    def __init__(self, sentence: str, *, hint: str = "", permanent: bool = False, none_named: bool = False) -> None:
        super().__init__(sentence, hint=hint, permanent=permanent)
        self.none_named = none_named


class FolderUnreadable(MailboxUnreadable):
    """One folder of the mailbox cannot be opened; the others can."""

    def __init__(self, folder: str, host: str) -> None:
        super().__init__(
            f"The folder {folder} at {host} cannot be read.",
            hint="Name the folders to read in accounts.mail.inbox: `folders: [INBOX]`.",
        )
        self.folder = folder


class SecretNotEntered(MailboxUnreadable, NotSent):
    """No secret was entered for exactly the server and user that campaign.yaml names, and no other is ever used.

    `wanted` is that user and server. `entered` are the places of the one that was entered and of the one that is
    wanted now; `renamed` is an old variable of the environment that may mean several servers, and its new name.
    """

    def __init__(
        self,
        what: str,
        wanted: str,
        login: str,
        *,
        entered: tuple[str, str] | None = None,
        renamed: tuple[str, str] | None = None,
    ) -> None:
        sentence, hint = f"No {what} was entered for {wanted}.", f"Enter it with `{login}`."
        if renamed is not None:
            sentence = f"{renamed[0]} is not used, because it could mean several servers."
            sentence += f" If it is the {what} for {wanted}, rename it to {renamed[1]}, or run `{login}`."
            hint = ""
        elif entered is not None:
            article = "an" if what[0] in "aeiou" else "a"
            sentence = f"You entered {article} {what} for {entered[0]}. campaign.yaml now names {entered[1]}."
            sentence += f" Nothing was sent there. If you trust that server, run `{login}`."
            hint = ""
        super().__init__(sentence, hint=hint)
        self.phase = "AUTH"
        self.stops_run = True
        self.is_first = entered is None and renamed is None  # nobody logged in to this account yet


class CaFileUnusable(MailboxUnreadable, NotSent):
    """The certificate of a private authority, which `ca_file` names, cannot be used."""

    def __init__(self, file: str, reason: str) -> None:
        hint = "Correct `ca_file` in accounts.mail."
        super().__init__(f"The certificate {file} cannot be used: {reason}.", hint=hint)
        self.stops_run = True


class LedgerOnNetwork(OutreachError):
    """The ledger is on a network file system, whose locks cannot be trusted with sending."""

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(
            f"{path} is on a network drive ({kind}). There, two computers could send the same email.",
            hint="Move the campaign to a disk of this computer, and share it with Git.",
        )


class NoReply(OutreachError):
    """There is nothing to answer, or the answer cannot be made."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why, hint=hint)


class AskFirst(OutreachError):
    """A reply that a person has to say yes to: `option` is how a command says it without being asked."""

    exit_code = NEEDS_A_HUMAN

    def __init__(self, question: str, option: str) -> None:
        super().__init__(f"{question} Nothing was written.", hint=f"If so, add {option}.")
        self.question = question
        self.option = option
