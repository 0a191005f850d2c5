"""Common mail providers: where letters are handed in and read, who files sent copies; hosts that many share."""

from __future__ import annotations

from dataclasses import dataclass

FREE_MAIL = frozenset(
    "126.com 163.com a1.net abv.bg alice.it aol.com aon.at arcor.de azet.sk bigpond.com bk.ru bluewin.ch "
    "btinternet.com centrum.cz centrum.sk chello.at citromail.hu comcast.net daum.net disroot.org email.it "
    "fastmail.com fastmail.fm free.fr freemail.hu freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net "
    "googlemail.com googlemail.de hanmail.net hey.com hispeed.ch home.nl hotmail.co.uk hotmail.com hotmail.de "
    "hotmail.es hotmail.fr hotmail.it i.ua icloud.com inbox.lt inbox.lv interia.pl kpnmail.nl laposte.net "
    "libero.it list.ru live.com live.fr live.nl mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com "
    "o2.pl onet.pl online.no orange.fr otenet.gr outlook.com outlook.de outlook.fr planet.nl pm.me post.cz "
    "posteo.de posteo.net proton.me protonmail.com qq.com rambler.ru riseup.net rogers.com sapo.pt seznam.cz "
    "sfr.fr shaw.ca sina.com sky.com skynet.be sunrise.ch t-online.de t-online.hu talktalk.net telenet.be tin.it "
    "tiscali.it tuta.io tutanota.com ukr.net verizon.net virgilio.it virginmedia.com vodafone.de volny.cz "
    "wanadoo.fr web.de wp.pl xs4all.nl yahoo.co.uk yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com "
    "yandex.ru ymail.com ziggo.nl zoho.com".split()
)
"""Providers of mailboxes for everybody: such a domain says nothing about who somebody belongs to."""

SHARED_HOSTS = frozenset(
    "github.com gitlab.com codeberg.org sourceforge.net facebook.com twitter.com x.com linkedin.com youtube.com "
    "instagram.com bsky.app medium.com substack.com wordpress.com blogspot.com sites.google.com docs.google.com "
    "drive.google.com google.com notion.site linktr.ee wikipedia.org patreon.com opencollective.com t.me telegram.me "
    "discord.gg meetup.com europa.eu ec.europa.eu europarl.europa.eu commission.europa.eu gov.uk bund.de".split()
)
"""Hosts under which many organisations have their page, or their addresses."""


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
