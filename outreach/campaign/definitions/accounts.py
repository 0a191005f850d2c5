"""The accounts of `campaign.yaml`: how letters are sent and posts published. Never their secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import ValidationInfo, create_model, model_validator

from outreach.campaign.definitions.definition import Definition, Where, key, noun, says
from outreach.campaign.definitions.shapes import ListOf, list_or
from outreach.campaign.findings import Finding
from outreach.campaign.values import addresses, plain
from outreach.campaign.values.text import Fault, Text
from outreach.connections.web_addresses import is_loopback
from outreach.model.campaign import Accounts, Auth, Inbox, MailAccount, Transport
from outreach.networks.base import Network
from outreach.networks.registry import published
from outreach.words.mail_providers import OAUTH

_NO_SECRETS = (
    "Do not write secrets here: use the keyring, the environment or a file of your own (see `outreach login`)."
)
SECRETS = dict.fromkeys(("password", "token", "app_password", "access_token", "secret", "client_secret"), _NO_SECRETS)


def _host(value: str) -> str:
    cleaned = value.strip().lower()
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.:-]*[a-z0-9])?|::1", cleaned):
        raise Fault
    return cleaned


_HOST = Text(_host, expected="the name of a server", example="mail.example.org", schema={"type": "string"})
_PORT = plain.integer(1, 65535, example=587)
_AUTH = plain.choice(list(Auth), Auth)


class InboxKeys(Definition, what="inbox", hints=SECRETS):
    folder: Annotated[str | None, plain.path(outside=True)] = key("A Maildir, an mbox or a folder of .eml files")
    imap: Annotated[str | None, _HOST] = key("The IMAP server")
    port: Annotated[int | None, _PORT] = key("Its port, if not the usual one")
    user: Annotated[str | None, plain.line_text("alex@example.org")] = key("The account's user")
    auth: Annotated[Auth | None, _AUTH] = key("How to log in there, if not as for the account")
    folders: Annotated[tuple[Annotated[str, plain.line_text("INBOX")], ...], ListOf(single=True)] = key(
        "Which of its folders are read", default=()
    )
    checked_by: Annotated[str | None, plain.line_text("mx.example.org")] = key(
        "The name by which your server signs what it finds out about senders (Authentication-Results)"
    )

    @property
    def is_one_kind(self) -> bool:
        """Whether it names a folder or a server, and not both."""
        return len({"folder", "imap"} & self.where.lines.keys()) == 1

    @classmethod
    def beside(cls, where: Where) -> Iterable[Finding]:
        """An inbox is one of two kinds."""
        places = [name for name in ("folder", "imap") if name in where.lines]
        if len(places) != 1:
            message = "An inbox is either a `folder` or an `imap` server."
            code = "bad-value" if places else "missing-key"
            yield Finding(where.line, code, message, "For example `inbox: {folder: mailbox}`.")


class MailKeys(Definition, what="mail account", hints=SECRETS):
    transport: Annotated[Transport, plain.choice(list(Transport), Transport)] = key("How emails are sent")
    auth: Annotated[Auth, _AUTH] = key("How to log in: a password, or access through Google's or Microsoft's page")
    inbox: Annotated[Any, list_or(Annotated[tuple[InboxKeys, ...], ListOf()], InboxKeys)] = key(
        "What `outreach sync` reads: a mailbox, or a list of them"
    )
    host: Annotated[str | None, _HOST] = key("The SMTP server")
    port: Annotated[int | None, _PORT] = key("Its port, if not the usual one")
    security: Annotated[str | None, plain.choice(("starttls", "tls"))] = key("How the connection is protected")
    user: Annotated[str | None, plain.line_text("alex@example.org")] = key("The account's user; none: no login")
    drafts: Annotated[str | None, plain.line_text("Drafts")] = key(
        "The folder for drafts, if it is not found by itself"
    )
    ca_file: Annotated[str | None, plain.path()] = key("The certificate of a private authority")
    insecure_loopback: Annotated[bool | None, plain.boolean] = key("Plain SMTP, to this computer only")

    @model_validator(mode="after")
    def _goes_together(self, info: ValidationInfo) -> Self:
        for finding in self._contradictions():
            says(info, finding)
        return self

    def _contradictions(self) -> Iterable[Finding]:
        line = self.line_of("transport")
        if self.transport is Transport.SMTP and "host" not in self.where.lines:
            yield Finding(line, "missing-key", "SMTP needs a `host`.", "Add `host: mail.example.org`.")
        if self.transport is Transport.IMAP_DRAFTS and not any(each.imap for each in self._inboxes[:1]):
            message = "Emails go into the drafts of a mailbox, and no `imap` server is named, so `send` holds them."
            yield Finding(line, "not-yet", message, "Add `inbox: {imap: imap.example.org, user: ...}`.")
        line = self.line_of("insecure_loopback")
        if self.insecure_loopback and self.host is not None and not is_loopback(self.host):
            message = f"`insecure_loopback` is for this computer only, and `{self.host}` is another one."
            yield Finding(line, "bad-value", message, "Remove it, or use `host: localhost`.")
        if self.insecure_loopback and self.security is not None:
            message = "`security` and `insecure_loopback` contradict each other."
            yield Finding(line, "bad-value", message, "Remove one of the two.")
        yield from self._strange_servers()

    def _strange_servers(self) -> Iterable[Finding]:
        """Access that Google or Microsoft gave goes to their own mail servers, with their own certificates."""
        own = self.auth if "auth" in self else Auth.PASSWORD
        named = [
            (self, "host", self.host, own),
            *((each, "imap", each.imap, each.auth or own) for each in self._inboxes),
        ]
        for group, name, host, auth in named:
            provider = OAUTH.get(auth)
            if provider is not None and host is not None and host not in provider.servers:
                message = f"`{host}` is not a mail server of {provider.label}, so it cannot go with `auth: {auth}`."
                hint = f"Its servers are {', '.join(sorted(provider.servers))}. For another one write `auth: password`."
                yield Finding(group.line_of(name), "bad-value", message, hint)
        if (
            own in OAUTH
            and "user" not in self.where.lines
            and not all("user" in each for each in self._inboxes or [self])
        ):
            message = f"`auth: {own}` needs a `user`, and there is none."
            yield Finding(self.line_of("auth"), "missing-key", message, "Add `user:` with the address of the account.")
        for name in ("ca_file", "insecure_loopback"):
            if own in OAUTH and name in self:
                message = f"`{name}` and `auth: {own}` contradict each other."
                yield Finding(self.line_of(name), "bad-value", message, "Remove one of the two.")

    @property
    def _inboxes(self) -> tuple[InboxKeys, ...]:
        if self.inbox is None:
            return ()
        return self.inbox if isinstance(self.inbox, tuple) else (self.inbox,)

    def account(self) -> MailAccount:
        """The noun; an inbox that is not one of the two kinds is none."""
        inboxes = tuple(noun(Inbox, each) for each in self._inboxes if each.is_one_kind)
        return noun(MailAccount, self, inboxes=inboxes)


_WAY = plain.choice(("network", "outbox"))


_READERS = {
    "url": addresses.url,
    "handle": addresses.bluesky,
    "address": addresses.email,
    "line": plain.line_text("..."),
}


def _account(network: Network) -> type[Definition]:
    """The keys of an account, as the network's own module lists them."""
    keys: dict[str, Any] = {
        each.name: (
            Annotated[str if each.required else str | None, _READERS[each.kind]],
            key(each.doc, required=each.required),
        )
        for each in network.account
    }
    keys["transport"] = (Annotated[str | None, _WAY], key("outbox: files in outbox/posts/; nothing is published"))
    group = {"what": f"{network.label} account", "hints": SECRETS}
    made: type[Definition] = create_model("AccountKeys", __base__=Definition, __cls_kwargs__=group, **keys)
    return made


class _MailAccountKeys(Definition, what="group of accounts", hints=SECRETS):
    mail: MailKeys | None = key("Where emails are sent from, and where answers arrive")

    def accounts(self) -> Accounts:
        """The noun; an account without a key that it needs is none."""
        found = {network.name: (network, getattr(self, network.name)) for network in published()}
        return Accounts(
            mail=self.mail.account() if self.mail else MailAccount(),
            networks={
                name: {**{each.name: each.default for each in network.account if each.default}, **given.values()}
                for name, (network, given) in found.items()
                if given is not None and all(each.name in given for each in network.account if each.required)
            },
        )


_NETWORKS: dict[str, Any] = {
    network.name: (_account(network) | None, key(f"The {network.label} account")) for network in published()
}
if TYPE_CHECKING:
    AccountsKeys = _MailAccountKeys
else:
    AccountsKeys = create_model(
        "AccountsKeys",
        __base__=_MailAccountKeys,
        __cls_kwargs__={"what": "group of accounts", "hints": SECRETS},
        **_NETWORKS,
    )
