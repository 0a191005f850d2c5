"""Common mail providers: where letters are handed in and read, who files sent copies; hosts that many share."""

from __future__ import annotations

from dataclasses import dataclass

SHARED_HOSTS = frozenset(
    "github.com gitlab.com codeberg.org sourceforge.net facebook.com twitter.com x.com linkedin.com youtube.com "
    "instagram.com bsky.app medium.com substack.com wordpress.com blogspot.com sites.google.com docs.google.com "
    "drive.google.com google.com notion.site linktr.ee wikipedia.org patreon.com opencollective.com t.me telegram.me "
    "discord.gg meetup.com europa.eu ec.europa.eu europarl.europa.eu commission.europa.eu gov.uk bund.de".split()
)
"""Hosts under which many organisations have their page, or their addresses."""


FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.fr yahoo.de "
    "icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me tutanota.com tuta.io gmx.de gmx.net "
    "gmx.at gmx.ch gmx.com web.de t-online.de freenet.de posteo.de posteo.net mailbox.org riseup.net "
    "disroot.org mail.ru yandex.ru orange.fr wanadoo.fr free.fr laposte.net sapo.pt libero.it virgilio.it "
    "wp.pl onet.pl o2.pl seznam.cz zoho.com fastmail.com hey.com online.no bluewin.ch telenet.be skynet.be "
    "ziggo.nl ymail.com mail.com yandex.com fastmail.fm sfr.fr tiscali.it kpnmail.nl hotmail.fr hotmail.de "
    "hotmail.it interia.pl centrum.cz abv.bg sunrise.ch comcast.net verizon.net qq.com 163.com naver.com".split()
)
"""Providers whose domain says nothing about who somebody belongs to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailProvider:
    """A provider's servers. `files_sent`: it puts a copy of what is sent into Sent by itself."""

    name: str
    domains: tuple[str, ...]
    smtp: str
    imap: str
    port: int = 587
    security: str = "starttls"
    files_sent: bool = False
    note: str = ""


_APP = "Make an app password in its settings; your own password does not work here."

PROVIDERS = (
    MailProvider(name="Gmail", domains=("gmail.com", "googlemail.com"), smtp="smtp.gmail.com", imap="imap.gmail.com",
                 files_sent=True, note=_APP),
    MailProvider(name="Microsoft 365", domains=("outlook.com", "hotmail.com", "live.com"), smtp="smtp.office365.com",
                 imap="outlook.office365.com", files_sent=True,
                 note="Passwords are going away here: store an OAuth token with --token."),
    MailProvider(name="iCloud", domains=("icloud.com", "me.com", "mac.com"), smtp="smtp.mail.me.com",
                 imap="imap.mail.me.com", files_sent=True, note=_APP),
    MailProvider(name="Fastmail", domains=("fastmail.com", "fastmail.fm"), smtp="smtp.fastmail.com",
                 imap="imap.fastmail.com", port=465, security="tls", note=_APP),
    MailProvider(name="Posteo", domains=("posteo.de", "posteo.net"), smtp="posteo.de", imap="posteo.de"),
    MailProvider(name="mailbox.org", domains=("mailbox.org",), smtp="smtp.mailbox.org", imap="imap.mailbox.org"),
    MailProvider(name="GMX", domains=("gmx.de", "gmx.net", "gmx.at"), smtp="mail.gmx.net", imap="imap.gmx.net",
                 note="Allow IMAP and POP in its settings first."),
    MailProvider(name="Infomaniak", domains=("ik.me", "infomaniak.com"), smtp="mail.infomaniak.com",
                 imap="mail.infomaniak.com", port=465, security="tls"),
    MailProvider(name="Yahoo", domains=("yahoo.com",), smtp="smtp.mail.yahoo.com", imap="imap.mail.yahoo.com",
                 port=465, security="tls", files_sent=True, note=_APP),
)  # fmt: skip


def provider_of(address: str) -> MailProvider | None:
    """The provider of an address, by its domain."""
    domain = address.rpartition("@")[2].casefold()
    return next((each for each in PROVIDERS if domain in each.domains), None)


def files_sent(host: str | None) -> bool:
    """Whether the provider behind that SMTP server files what is sent by itself."""
    return any(each.files_sent and each.smtp == host for each in PROVIDERS)


def suggested_lines(address: str, provider: MailProvider) -> str:
    """The lines for campaign.yaml."""
    return (
        "accounts:\n"
        "  mail:\n"
        "    transport: smtp\n"
        f"    host: {provider.smtp}\n"
        f"    port: {provider.port}\n"
        f"    security: {provider.security}\n"
        f"    user: {address}\n"
        f"    inbox: {{imap: {provider.imap}, user: {address}}}\n"
    )
