"""Common mail providers: where letters are handed in and read, who files sent copies; hosts that many share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outreach.model.records import dataclass

FREE_MAIL = frozenset(
    "126.com 163.com a1.net abv.bg alice.de alice.it aol.com aon.at arcor.de att.net autistici.org azet.sk bbox.fr "
    "bigpond.com bk.ru bluewin.ch bredband.net btinternet.com casema.nl cegetel.net centrum.cz centrum.sk chello.at "
    "citromail.hu club-internet.fr comcast.net comhem.se cox.net daum.net disroot.org eircom.net elisanet.fi email.cz "
    "email.de email.it fastmail.com fastmail.fm forthnet.gr free.fr freemail.hu freenet.de gazeta.pl gmail.com gmx.at "
    "gmx.ch gmx.com gmx.de gmx.net googlemail.com googlemail.de hanmail.net hetnet.nl hey.com hispeed.ch home.nl "
    "hot.ee hotmail.at hotmail.be hotmail.ca hotmail.ch hotmail.co.uk hotmail.com hotmail.de hotmail.dk hotmail.es "
    "hotmail.fi hotmail.fr hotmail.gr hotmail.it hotmail.nl hotmail.no hotmail.se i.ua icloud.com inbox.lt inbox.lv "
    "interia.pl internet.lu ionos.de kabelmail.de keemail.me kolumbus.fi kpnmail.nl laposte.net legalmail.it libero.it "
    "list.ru live.at live.be live.ca live.co.uk live.com live.com.pt live.de live.dk live.fr live.it live.nl live.no "
    "live.se luukku.com mac.com mail.bg mail.com mail.dk mail.ee mail.ru mailbox.org mailfence.com maltanet.net me.com "
    "msn.com naver.com net.hr neuf.fr numericable.fr o2.pl one.lt onet.pl online.de online.no onvol.net "
    "optusnet.com.au orange.fr otenet.gr outlook.at outlook.be outlook.com outlook.cz outlook.de outlook.dk outlook.es "
    "outlook.fr outlook.hu outlook.ie outlook.it outlook.pt outlook.sk pec.it planet.nl pm.me post.cz post.sk "
    "posteo.de posteo.eu posteo.net proton.me protonmail.ch protonmail.com proximus.be pt.lu qq.com rambler.ru "
    "rediffmail.com riseup.net rocketmail.com rogers.com runbox.com sapo.pt saunalahti.fi sbcglobal.net scarlet.be "
    "seznam.cz sfr.fr shaw.ca sina.com siol.net sky.com skynet.be startmail.com stofanet.dk sunrise.ch systemli.org "
    "t-2.net t-online.de t-online.hu talktalk.net tdcadsl.dk telefonica.net telenet.be telia.com terra.es tin.it "
    "tiscali.it tuta.com tuta.io tutamail.com tutanota.com ukr.net upcmail.nl verizon.net virgilio.it virginmedia.com "
    "vo.lu vodafone.de volny.cz wanadoo.fr web.de windowslive.com wp.pl xs4all.nl yahoo.at yahoo.be yahoo.ca "
    "yahoo.co.uk yahoo.com yahoo.de yahoo.dk yahoo.es yahoo.fr yahoo.gr yahoo.ie yahoo.it yahoo.nl yahoo.no yahoo.pl "
    "yahoo.ro yahoo.se yandex.com yandex.ru ymail.com ziggo.nl zoho.com zoznam.sk".split()
)
"""Providers of mailboxes for everybody: such a domain says nothing about who somebody belongs to."""

SHARED_HOSTS = frozenset(
    "github.com gitlab.com codeberg.org sourceforge.net facebook.com twitter.com x.com linkedin.com youtube.com "
    "instagram.com bsky.app medium.com substack.com wordpress.com blogspot.com sites.google.com docs.google.com "
    "drive.google.com google.com notion.site linktr.ee wikipedia.org patreon.com opencollective.com t.me telegram.me "
    "discord.gg meetup.com europa.eu ec.europa.eu europarl.europa.eu commission.europa.eu gov.uk bund.de".split()
)
"""Hosts under which many organisations have their page, or their addresses."""


MOST_A_DAY = {
    "smtp.gmail.com": ("Gmail", 500),
    "smtp.mail.me.com": ("iCloud Mail", 1_000),
    "smtp.office365.com": ("Microsoft 365", 10_000),
}
"""Server -> the provider, and about how many emails a day it takes from one account.

Providers change these without notice, so `doctor` says "about". Read on 2026-11-30, in stored copies of:

- Gmail: 2,000 for Google Workspace, 500 for its trial accounts (https://support.google.com/a/answer/166852). For
  private accounts Google's own page could not be read; others quote 500 from it. The server cannot tell the two apart,
  so the smaller number stands.
- iCloud Mail: 1,000 (https://support.apple.com/en-ca/102198; 200 in its older copies).
- Microsoft 365: 10,000 recipients, and 30 messages a minute (as quoted from "Exchange Online limits" at
  https://learn.microsoft.com/en-us/answers/questions/2258712 and by universities; the page itself was not read).
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class OAuthProvider:
    """Who lets programs into mailboxes without a password (OAuth 2.0), and where.

    `issuer` is where its endpoints are looked up (OpenID Connect Discovery 1.0, section 4), with `{tenant}` where an
    organisation has its own; each must be on one of `hosts`. `servers` are the only mail servers that are shown an
    access token. `redirect` is the host of the loopback address to which the browser comes back (RFC 8252, 7.3).
    None of it is ever read from a campaign.
    """

    name: str
    label: str
    issuer: str
    hosts: frozenset[str]
    servers: frozenset[str]
    scope: str
    parameters: tuple[tuple[str, str], ...] = ()
    redirect: str = "127.0.0.1"
    has_device_flow: bool = False
    has_tenants: bool = False
    short_lived: str = ""
    steps: tuple[str, ...] = ()
    """How to get your own client ID."""


OAUTH = {
    "google": OAuthProvider(
        name="google", label="Google", issuer="https://accounts.google.com",
        hosts=frozenset({"accounts.google.com", "oauth2.googleapis.com"}),
        servers=frozenset({"smtp.gmail.com", "imap.gmail.com"}),
        scope="https://mail.google.com/",
        # Google gives a refresh token only for `offline`, and a second time only for `consent`.
        parameters=(("access_type", "offline"), ("prompt", "consent")),
        short_lived="While Google calls your client ID a test, access ends after seven days.",
        steps=(
            "Open https://console.cloud.google.com/projectcreate and make a project.",
            "Open https://console.cloud.google.com/apis/library/gmail.googleapis.com and press Enable.",
            "Open https://console.cloud.google.com/auth/overview, press Get started, and name the program. In Google "
            "Workspace choose Internal, with a private account External.",
            "If External: at https://console.cloud.google.com/auth/audience add your address as a test user. Access "
            "then ends every seven days; press Publish app there, and it lasts.",
            "At https://console.cloud.google.com/auth/clients press Create client, choose Desktop app, and copy the "
            "client ID and the client secret.",
        ),
    ),
    "microsoft": OAuthProvider(
        name="microsoft", label="Microsoft", issuer="https://login.microsoftonline.com/{tenant}/v2.0",
        hosts=frozenset({"login.microsoftonline.com"}),
        servers=frozenset({
            "smtp.office365.com", "outlook.office365.com", "smtp-mail.outlook.com", "imap-mail.outlook.com",
        }),
        scope="https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        # Microsoft takes any port of `localhost`, and 127.0.0.1 only where the manifest was edited by hand.
        redirect="localhost", has_device_flow=True, has_tenants=True,
        steps=(
            "Open https://entra.microsoft.com, App registrations, New registration. In an organisation, your "
            "administrator may have to do it.",
            "Choose who may log in: your organisation only, or also personal accounts (Outlook.com).",
            "As the redirect URI choose Public client/native, and write http://localhost",
            "Under Authentication, set Allow public client flows to Yes.",
            "Under API permissions, add the delegated permissions IMAP.AccessAsUser.All, SMTP.Send and offline_access "
            "of Microsoft Graph.",
            "Copy the Application (client) ID and, if it is for your organisation only, the Directory (tenant) ID.",
        ),
    ),
}  # fmt: skip
"""By the word in `auth`."""


_IMAPS = 993  # TLS from the first byte, which mail programs prefer (RFC 8314, 3.2)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailProvider:
    """A provider's servers. `files_sent`: it puts a copy of what is sent into Sent by itself.

    `mx` are the ends of the names of the servers that take in mail for its customers' own domains. `user` is what its
    accounts are called, of `{address}` and `{local}`. `instead` is the word of another way to log in, if there is one.
    """

    name: str
    domains: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    smtp: str
    imap: str
    port: int = 587
    security: str = "starttls"
    imap_port: int = _IMAPS
    files_sent: bool = False
    auth: str = "password"
    instead: str = ""
    ca_file: str = ""
    user: str = "{address}"
    note: str = ""


HERE = "127.0.0.1"
"""The server of a program such as Proton's on this computer; any other program may be at it, too."""
_APP = "Make an app password in its settings; your own password does not work here."
_GOOGLE = (
    "Your own password does not work here. Make an app password at https://myaccount.google.com/apppasswords (it needs "
    "two-step verification), or write `auth: google` and need none."
)
_BRIDGE = (
    "Start Proton Mail Bridge, set both of its connections to SSL, and export its certificate into the campaign's "
    "folder as proton-bridge.pem. Bridge shows the ports and a password of its own; a paid account is needed."
)
_FREE = "On a free plan the servers are smtp.zoho.{end} and imap.zoho.{end}. Allow IMAP in the settings first."

PROVIDERS = (
    MailProvider(name="Gmail", domains=("gmail.com", "googlemail.com"), smtp="smtp.gmail.com", imap="imap.gmail.com",
                 files_sent=True, instead="google", note=_GOOGLE),
    MailProvider(name="Google Workspace", mx=("google.com", "googlemail.com"), smtp="smtp.gmail.com",
                 imap="imap.gmail.com", files_sent=True, instead="google", note=_GOOGLE),
    MailProvider(name="Microsoft 365", mx=("mail.protection.outlook.com", "mx.microsoft"), smtp="smtp.office365.com",
                 imap="outlook.office365.com", files_sent=True, auth="microsoft",
                 note="Passwords do not work here for reading, and for sending only until the end of 2026."),
    MailProvider(name="Outlook.com", domains=("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de",
                                              "outlook.fr", "hotmail.de", "hotmail.fr", "hotmail.co.uk"),
                 smtp="smtp-mail.outlook.com", imap="outlook.office365.com", files_sent=True, auth="microsoft",
                 note="Passwords do not work here. Allow IMAP in the settings of Outlook.com first."),
    MailProvider(name="iCloud", domains=("icloud.com", "me.com", "mac.com"), mx=("mail.icloud.com",),
                 smtp="smtp.mail.me.com", imap="imap.mail.me.com", files_sent=True, note=_APP),
    MailProvider(name="Fastmail", domains=("fastmail.com", "fastmail.fm"), mx=("messagingengine.com",),
                 smtp="smtp.fastmail.com", imap="imap.fastmail.com", port=465, security="tls", note=_APP),
    MailProvider(name="Posteo", domains=("posteo.de", "posteo.net"), mx=("posteo.de",), smtp="posteo.de",
                 imap="posteo.de"),
    MailProvider(name="mailbox.org", domains=("mailbox.org",), mx=("mailbox.org",), smtp="smtp.mailbox.org",
                 imap="imap.mailbox.org"),
    MailProvider(name="GMX", domains=("gmx.de", "gmx.net", "gmx.at"), smtp="mail.gmx.net", imap="imap.gmx.net",
                 note="Allow IMAP and POP in its settings first."),
    MailProvider(name="Infomaniak", domains=("ik.me", "infomaniak.com"), mx=("infomaniak.ch", "ikmail.com"),
                 smtp="mail.infomaniak.com", imap="mail.infomaniak.com", port=465, security="tls"),
    MailProvider(name="Yahoo", domains=("yahoo.com",), mx=("yahoodns.net",), smtp="smtp.mail.yahoo.com",
                 imap="imap.mail.yahoo.com", port=465, security="tls", files_sent=True, note=_APP),
    MailProvider(name="Proton Mail Bridge", domains=("proton.me", "protonmail.com", "pm.me"), mx=("protonmail.ch",),
                 smtp=HERE, imap=HERE, port=1025, security="tls", imap_port=1143, files_sent=True,
                 ca_file="proton-bridge.pem", note=_BRIDGE),
    MailProvider(name="Zoho Mail", domains=("zohomail.com", "zoho.com"), smtp="smtp.zoho.com", imap="imap.zoho.com",
                 port=465, security="tls", note="Allow IMAP in the settings first."),
    MailProvider(name="Zoho Mail", domains=("zohomail.eu",), smtp="smtp.zoho.eu", imap="imap.zoho.eu",
                 port=465, security="tls", note="Allow IMAP in the settings first."),
    *(MailProvider(name="Zoho Mail", mx=(f"zoho.{end}",), smtp=f"smtppro.zoho.{end}", imap=f"imappro.zoho.{end}",
                   port=465, security="tls", note=_FREE.format(end=end))
      for end in ("com", "eu", "in", "com.au", "jp", "sa")),
)  # fmt: skip


def provider_of(address: str) -> MailProvider | None:
    """The provider of an address, by its domain."""
    domain = address.rpartition("@")[2].casefold()
    return next((each for each in PROVIDERS if domain in each.domains), None)


def provider_behind(exchangers: Iterable[str]) -> MailProvider | None:
    """The provider that takes in a domain's mail, by the names in its MX records, the preferred first."""
    for name in exchangers:
        host = "." + name.rstrip(".").casefold()
        found = next((each for each in PROVIDERS if any(host.endswith(f".{end}") for end in each.mx)), None)
        if found is not None:
            return found
    return None


def files_sent(host: str | None) -> bool:
    """Whether the provider behind that SMTP server files what is sent by itself."""
    return any(each.files_sent and each.smtp == host for each in PROVIDERS if host != HERE)


def mail_keys(address: str, provider: MailProvider) -> dict[str, Any]:
    """The keys of `accounts.mail` for a mailbox at that provider, in their order; no `inbox` where none is known."""
    user = provider.user.format(address=address, local=address.rpartition("@")[0])
    keys: dict[str, Any] = {"transport": "smtp"}
    if provider.auth != "password":
        keys["auth"] = provider.auth
    keys |= {"host": provider.smtp, "port": provider.port, "security": provider.security}
    if provider.ca_file:
        keys["ca_file"] = provider.ca_file
    port = {} if provider.imap_port == _IMAPS else {"port": provider.imap_port}
    inbox = {"inbox": {"imap": provider.imap, **port, "user": user}} if provider.imap else {}
    return {**keys, "user": user, **inbox}


def suggested_lines(address: str, provider: MailProvider) -> str:
    """The lines for campaign.yaml."""
    keys = mail_keys(address, provider)
    inbox = ", ".join(f"{key}: {value}" for key, value in keys.pop("inbox").items())
    lines = [f"    {key}: {value}\n" for key, value in keys.items()]
    if provider.instead:
        lines.insert(1, f"    # auth: {provider.instead}   # instead of an app password\n")
    return f"accounts:\n  mail:\n{''.join(lines)}    inbox: {{{inbox}}}\n"
