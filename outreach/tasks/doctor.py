"""`outreach doctor`: does this computer, this account and this folder do what sending needs?"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from outreach import storage
from outreach.connections.identities import SECRETS_OF_NETWORKS, MailServer, incoming, not_entered, outgoing
from outreach.connections.names_on_the_net import DomainRecords, clock_skew, records_of
from outreach.connections.secrets import Secrets
from outreach.errors import OutreachError
from outreach.ledger.opening import place_of
from outreach.ledger.place import FOLDER
from outreach.model.campaign import Campaign, MailAccount, Transport
from outreach.model.records import dataclass
from outreach.model.secret import SecretIdentity
from outreach.planning.ahead import GATE, in_future
from outreach.tasks.adapters import about_account, transport_for, try_mail_server
from outreach.tasks.campaign import Loaded, load
from outreach.tasks.clock import is_rehearsal
from outreach.tasks.world import session
from outreach.words.mail_providers import MOST_A_DAY, OAUTH

MOST_SKEW = 60.0
"""Seconds by which the clock may be wrong: times in letters and the pace depend on it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that was looked at: whether it is well, a sentence about it, and what would fix it."""

    name: str
    ok: bool
    message: str
    hint: str = ""


def examine(root: Path, *, network: bool = False) -> list[Check]:
    """Look at everything; what asks the net beyond the account's own servers only with `network`.

    Raises CampaignUnreadable.
    """
    loaded = load(root)
    campaign = loaded.campaign
    checks = [_files(loaded), _place(root), _private(root), _ledger(root, loaded), *_account(root, campaign)]
    return [*checks, *(_on_the_net(campaign) if network else ())]


def _files(loaded: Loaded) -> Check:
    errors = sum(problem.is_error for problem in loaded.problems)
    if not errors:
        return Check(name="files", ok=True, message="The campaign's files have no error.")
    message = "There is 1 mistake in the files." if errors == 1 else f"There are {errors} mistakes in the files."
    return Check(name="files", ok=False, message=message, hint="Run: outreach check")


def _place(root: Path) -> Check:
    lies, kind = place_of(root)
    if kind is None:
        return Check(name="place", ok=True, message=f"The history is {lies}.")
    hint = "Move the campaign to a disk of this computer; share it with Git."
    return Check(name="place", ok=False, message=f"The history is on a network drive ({kind}).", hint=hint)


def _private(root: Path) -> Check:
    state = storage.stat_of(root, FOLDER)
    if state is None or not stat.S_IMODE(state.st_mode) & 0o007:
        return Check(name="permissions", ok=True, message=f"Nobody else on this computer can read {FOLDER}.")
    hint = f"Run `chmod o-rwx {FOLDER}` in the campaign's folder."
    return Check(name="permissions", ok=False, message=f"Everybody on this computer can read {FOLDER}.", hint=hint)


def _ledger(root: Path, loaded: Loaded) -> Check:
    try:
        with session(root, loaded) as opened:
            same = opened.ledger.past() == opened.ledger.full_past()
            past = opened.world().past
            waiting, future = len(past.elsewhere), in_future(past, opened.now)
    except OutreachError as error:
        return Check(name="ledger", ok=False, message=str(error), hint=error.hint)
    if not same:
        message = "The history and its summary do not match."
        return Check(name="ledger", ok=False, message=message, hint="Please report this; nothing is lost.")
    if future:
        message = f"{len(future)} emails or posts are dated in the future, the last {future[-1]:%Y-%m-%d %H:%M} UTC."
        hint = f"Set the clock. If it is right now, say `outreach allow {GATE} --because TEXT`."
        return Check(name="ledger", ok=False, message=message, hint=hint)
    if waiting:
        message = f"Another computer sent {waiting} emails or posts."
        return Check(name="ledger", ok=False, message=message, hint="Record them here with `outreach sync`.")
    return Check(name="ledger", ok=True, message="The history is complete, and has every sent record.")


def _account(root: Path, campaign: Campaign) -> Iterator[Check]:
    account, secrets = campaign.accounts.mail, Secrets(dict(os.environ))
    if (known := MOST_A_DAY.get((account.host or "").casefold())) and campaign.pace.per_day > known[1]:
        message = (
            f"{known[0]} takes about {known[1]:,} emails a day from an account; your pace is {campaign.pace.per_day:,}."
        )
        hint = "Lower `per_day` under `pace`, or the account may be locked."
        yield Check(name="pace", ok=False, message=message, hint=hint)
    if account.transport is Transport.SMTP and not is_rehearsal():
        yield _tried("sending", lambda: _sending(account, root, secrets))
    if account.transport is Transport.OUTBOX:
        message = "Emails are saved in outbox/, and not sent."
        yield Check(name="sending", ok=True, message=message, hint="To send them: outreach login mail")
    if account.transport is Transport.IMAP_DRAFTS and not is_rehearsal():
        yield _tried("sending", lambda: _drafts(account, root, secrets))
    if account.inbox is None:
        message = "No mailbox is connected, so answers are not read and follow-ups wait."
        yield Check(name="mailbox", ok=False, message=message, hint="Connect it: outreach login mail")
    for number, each in enumerate(account.each_inbox()):
        if each.inbox and each.inbox.folder:
            yield _mailbox_folder(root, each.inbox.folder)
        elif not is_rehearsal():
            yield from _mailbox(each, root, secrets, is_own=number == 0)
    for name, given in campaign.accounts.networks.items():
        if name in SECRETS_OF_NETWORKS:
            yield from _network(name, given, SECRETS_OF_NETWORKS[name], secrets)


def _mailbox_folder(root: Path, folder: str) -> Check:
    try:
        mailbox = storage.place(root, folder)
        there = storage.exists(mailbox.parent, mailbox.name)
    except OutreachError as error:
        return Check(name="mailbox", ok=False, message=str(error), hint=error.hint)
    message = f"The mailbox {folder} is {'there' if there else 'not there'}."
    return Check(
        name="mailbox",
        ok=there,
        message=message,
        hint="" if there else f"Make it: mkdir {folder}. Or correct `folder`.",
    )


def _sending(account: MailAccount, root: Path, secrets: Secrets) -> str:
    try_mail_server(account, root, secrets)
    bound = _bound(outgoing(account, root))
    return f"{account.host} accepts emails" + (f" of {account.user}, encrypted. {bound}" if account.user else ".")


def _drafts(account: MailAccount, root: Path, secrets: Secrets) -> str:
    drafts = transport_for(account, root, secrets)
    drafts.open()
    drafts.close()
    server = incoming(account, root)
    return f"{server.host if server else drafts.account} takes drafts, which you send yourself."


def _mailbox(account: MailAccount, root: Path, secrets: Secrets, *, is_own: bool) -> Iterator[Check]:
    """What a mailbox is good for; the account's own one also for what we write ourselves (`is_own`)."""
    from outreach.mail.mailbox_looking import look

    try:
        server, found = incoming(account, root), look(account, root, secrets)
    except OutreachError as error:
        yield Check(name="mailbox", ok=False, message=str(error), hint=error.hint)
        return
    if server is None:
        return
    yield Check(name="mailbox", ok=True, message=f"{server.host} can be read. {_bound(server)}".rstrip())
    if not is_own:
        return
    message = f"Your drafts are in {found.drafts}."
    if found.drafts is None:
        named = f"{account.drafts}, which campaign.yaml names" if account.drafts else "that is known to be"
        message = f"The mailbox has no folder {named} for drafts."
    is_needed = account.transport is Transport.IMAP_DRAFTS
    yield Check(name="drafts", ok=bool(found.drafts) or not is_needed, message=message)
    if found.sent:
        yield Check(name="sent", ok=True, message=f"What you send is in {found.sent}.")
    else:
        message = "The mailbox has no folder for sent emails."
        yield Check(name="sent", ok=False, message=message, hint="Make one called Sent.")
    if account.transport is Transport.SMTP:
        yield _from(found.left_as, found.arrived_from)


def _from(left_as: str, arrived_from: str) -> Check:
    """Whether From survives: a server may write the account's own address in the place of an unknown one."""
    if not left_as:
        message = (
            "No test email is in this mailbox yet, so outreach does not know whether your server changes the sender."
        )
        return Check(name="from", ok=True, message=message, hint="Send one: outreach test CONTACT")
    if left_as.casefold() == arrived_from.casefold():
        return Check(name="from", ok=True, message=f"Your last test email arrived from {left_as}, as it was sent.")
    message = f"Your last test email was sent from {left_as} and arrived from {arrived_from or 'nobody'}."
    hint = "Allow your account to send as that address (in Gmail: Accounts, Send mail as), then test again."
    return Check(name="from", ok=False, message=message, hint=hint)


def _network(
    name: str, account: Mapping[str, str], door: Callable[[Mapping[str, str]], SecretIdentity], secrets: Secrets
) -> Iterator[Check]:
    """Nobody is asked: what is looked at is whether a secret was entered for that server."""

    def kept(account: Mapping[str, str]) -> str:
        identity = door(account)
        if secrets.get(identity) is None:
            raise not_entered(identity, secrets)
        return f"The {identity.what} is for {identity.in_full} only."

    if account.get("transport") != "outbox":
        yield _tried(name, partial(kept, account))


def _bound(server: MailServer) -> str:
    """Where the secret for a mail server goes, and nowhere else."""
    provider = OAUTH.get(server.auth)
    if server.identity is None:
        return ""
    what = f"Access through {provider.label}" if provider else f"The {server.identity.what}"
    return f"{what} is for {server.identity.in_full} only."


def _tried(name: str, do: Callable[[], str]) -> Check:
    """`do` says in a sentence that it went well."""
    try:
        return Check(name=name, ok=True, message=do())
    except OutreachError as error:
        return Check(name=name, ok=False, message=str(error), hint=error.hint)


def _on_the_net(campaign: Campaign) -> Iterator[Check]:
    for name, given in campaign.accounts.networks.items():
        with suppress(OutreachError):  # that it cannot be asked is said above
            said = about_account(name, given, Secrets(dict(os.environ)), loopback_only=is_rehearsal())
            yield from (Check(name=name, ok=ok, message=each) for ok, each in said)
    skew = clock_skew()
    if skew is None:
        yield Check(name="clock", ok=False, message="No time server answered.", hint="Is this computer online?")
    else:
        ok = abs(skew) <= MOST_SKEW
        message = f"The clock is {abs(skew):.0f} seconds {'ahead' if skew > 0 else 'behind'}."
        yield Check(name="clock", ok=ok, message=message, hint="" if ok else "Let the computer set it by itself.")
    for domain in dict.fromkeys(each.email.rpartition("@")[2] for each in campaign.everybody):
        records = records_of(domain)
        if records is None:
            hint = "Is this computer online?"
            yield Check(
                name="domain",
                ok=False,
                message=f"The domain {domain} does not exist, or nobody answers for it.",
                hint=hint,
            )
        else:
            yield from _domain(domain, records)


def _domain(domain: str, records: DomainRecords) -> Iterator[Check]:
    """Since 2024 the large providers refuse or junk mail whose domain publishes none of these."""
    ask = f"Ask whoever runs {domain} to publish one."
    for name, found in (("SPF", records.spf), ("DMARC", records.dmarc)):
        message = f"{domain} publishes {'a' if found else 'no'} {name} record."
        yield Check(name=name.lower(), ok=found is not None, message=message, hint="" if found else ask)
    if records.dkim:
        yield Check(name="dkim", ok=True, message=f"{domain} publishes a DKIM key ({records.dkim}).")
    else:
        message = f"No DKIM key of {domain} was found under the usual names."
        yield Check(name="dkim", ok=False, message=message, hint="It may have another name; send yourself a test.")
