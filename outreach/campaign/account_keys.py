"""The keys under `accounts`: where letters leave and posts go. Secrets never stand here."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from outreach.campaign.findings import Finding
from outreach.campaign.readers.addresses import bluesky, email, url
from outreach.campaign.readers.compound import Key, Record, RecordReader, list_of, record
from outreach.campaign.readers.plain import boolean, choice, integer, line_text, path
from outreach.campaign.readers.reader import Fault, TextReader
from outreach.model.campaign import Accounts, Inbox, MailAccount, Transport
from outreach.networks.base import Network
from outreach.networks.registry import published

_NO_SECRETS = "Secrets never stand here: use the keyring, the environment or a file of your own (see `outreach login`)."
_SECRETS = dict.fromkeys(("password", "token", "app_password", "access_token", "secret", "client_secret"), _NO_SECRETS)


def _host(value: str) -> str:
    cleaned = value.strip().lower()
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.:-]*[a-z0-9])?|::1", cleaned):
        raise Fault
    return cleaned


def _host_reader() -> TextReader:
    return TextReader(_host, expected="the name of a server", example="mail.example.org", schema={"type": "string"})


_PORT = integer(1, 65535, example=587)
_INBOX = record(
    {
        "folder": Key(path(outside=True), doc="A Maildir, an mbox or a folder of .eml files"),
        "imap": Key(_host_reader(), doc="The IMAP server"),
        "port": Key(_PORT, doc="Its port, if not the usual one"),
        "user": Key(line_text("alex@example.org"), doc="The account's user"),
        "folders": Key(list_of(line_text("INBOX"), single=True), doc="Which of its folders are read"),
    },
    what="inbox",
    hints=_SECRETS,
)
_MAIL = record(
    {
        "transport": Key(choice(list(Transport), Transport), doc="How letters leave"),
        "inbox": Key(_INBOX, doc="What `outreach sync` reads"),
        "host": Key(_host_reader(), doc="The SMTP server"),
        "port": Key(_PORT, doc="Its port, if not the usual one"),
        "security": Key(choice(("starttls", "tls")), doc="How the connection is protected"),
        "user": Key(line_text("alex@example.org"), doc="The account's user; none: no login"),
        "ca_file": Key(path(), doc="The certificate of a private authority"),
        "insecure_loopback": Key(boolean(), doc="Plain SMTP, to this computer only"),
    },
    what="mail account",
    hints=_SECRETS,
)
_READERS = {"url": url(), "handle": bluesky(), "address": email(), "line": line_text("...")}


def _account(network: Network) -> RecordReader:
    keys = {key.name: Key(_READERS[key.kind], required=key.required, doc=key.doc) for key in network.account}
    keys["transport"] = Key(choice(("network", "outbox")), doc="outbox: files in outbox/posts/, for nobody")
    return record(keys, what=f"{network.label} account", hints=_SECRETS)


ACCOUNTS = record(
    {
        "mail": Key(_MAIL, doc="Where letters leave, and where answers arrive"),
        **{network.name: Key(_account(network), doc=f"The {network.label} account") for network in published()},
    },
    what="group of accounts",
    hints=_SECRETS,
)


def accounts_of(given: Record | None, findings: list[Finding]) -> Accounts:
    """The noun, and what does not go together in it."""
    if given is None:
        return Accounts()
    mail = given.get("mail")
    return Accounts(
        mail=_mail(mail, findings) if mail else MailAccount(),
        networks={
            network.name: {**{key.name: key.default for key in network.account if key.default}, **found.values}
            for network in published()
            if (found := given.get(network.name)) and all(k.name in found for k in network.account if k.required)
        },
    )


def _mail(given: Record, findings: list[Finding]) -> MailAccount:
    values: dict[str, Any] = {key: value for key, value in given.values.items() if key != "inbox"}
    account = MailAccount(**values, inbox=_inbox(given.get("inbox"), findings))
    if account.transport is Transport.SMTP and "host" not in given.lines:
        line = given.line_of("transport")
        findings.append(Finding(line, "missing-key", "SMTP needs a `host`.", "Add `host: mail.example.org`."))
    if account.transport is Transport.IMAP_DRAFTS:
        message = "Emails cannot be put into the drafts of your mailbox yet, so `send` holds them."
        hint = "Use `transport: smtp`, or `outbox` for files; `outreach draft` works with each."
        findings.append(Finding(given.line_of("transport"), "not-yet", message, hint))
    if account.insecure_loopback:
        findings += _loopback_findings(given, account)
    return account


def _loopback_findings(given: Record, account: MailAccount) -> list[Finding]:
    line = given.line_of("insecure_loopback")
    found = []
    if account.host is not None and not _is_loopback(account.host):
        message = f"`insecure_loopback` is for this computer only, and `{account.host}` is another one."
        found.append(Finding(line, "bad-value", message, "Remove it, or use `host: localhost`."))
    if account.security is not None:
        message = "`security` and `insecure_loopback` contradict each other."
        found.append(Finding(line, "bad-value", message, "Remove one of the two."))
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _inbox(given: Record | None, findings: list[Finding]) -> Inbox | None:
    if given is None:
        return None
    places = [key for key in ("folder", "imap") if key in given.lines]
    if len(places) != 1:
        message = "An inbox is either a `folder` or an `imap` server."
        code = "bad-value" if places else "missing-key"
        findings.append(Finding(given.line, code, message, "For example `inbox: {folder: mailbox}`."))
        return None
    return Inbox(**given.values)
