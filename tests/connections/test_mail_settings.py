"""Whose servers a domain's mail goes through: by its MX records, then by what is published for mail programs."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.connections import mail_settings
from outreach.connections.mail_settings import fetched, found_for, settings_in
from outreach.words.mail_providers import OAUTH, PROVIDERS, provider_behind, suggested_lines
from tests.sending.campaigns import run, said, write_campaign

EXCHANGERS = {
    "aspmx.l.google.com": "Google Workspace", "alt1.aspmx.l.google.com.": "Google Workspace",
    "smtp.google.com": "Google Workspace", "aspmx2.googlemail.com": "Google Workspace",
    "alliance-example.mail.protection.outlook.com": "Microsoft 365", "alliance-org.a-v1.mx.microsoft": "Microsoft 365",
    "in1-smtp.messagingengine.com": "Fastmail", "mx03.posteo.de": "Posteo", "mxext1.mailbox.org": "mailbox.org",
    "mail.protonmail.ch": "Proton Mail Bridge", "mailsec.protonmail.ch": "Proton Mail Bridge",
    "mta-gw.infomaniak.ch": "Infomaniak", "mx.zoho.eu": "Zoho Mail", "mx2.zoho.com": "Zoho Mail",
    "mx01.mail.icloud.com": "iCloud",
    "mx.example.org": None, "google.com.evil.example": None, "notgoogle.com": None, "": None,
}  # fmt: skip

PLAIN = """<?xml version="1.0"?>
<clientConfig version="1.1">
  <emailProvider id="alliance.example">
    <domain>alliance.example</domain>
    <displayName>Alliance Mail</displayName>
    <incomingServer type="pop3"><hostname>pop.host.example</hostname><port>995</port><socketType>SSL</socketType>
    </incomingServer>
    <incomingServer type="imap"><hostname>imap.host.example</hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></incomingServer>
    <outgoingServer type="smtp"><hostname>smtp.%EMAILDOMAIN%</hostname><port>465</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
  </emailProvider>
</clientConfig>"""


@pytest.mark.parametrize(("exchanger", "name"), EXCHANGERS.items())
def test_the_server_that_takes_mail_in_names_the_provider(exchanger: str, name: str | None) -> None:
    found = provider_behind([exchanger])
    assert (found.name if found else None) == name


def test_zoho_has_servers_of_its_own_on_every_continent() -> None:
    found = provider_behind(["mx.zoho.eu"])
    assert found is not None
    assert (found.smtp, found.imap) == ("smtppro.zoho.eu", "imappro.zoho.eu")
    assert "smtp.zoho.eu" in found.note


def test_what_a_domain_publishes_is_proposed() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes | None:
        asked.append(url)
        return PLAIN.encode() if ".well-known" in url else None

    found = found_for("alliance.example", lambda domain: ["mx.host.example"], fetch)
    assert found is not None
    provider, how = found
    assert (provider.name, provider.smtp, provider.port, provider.security) == (
        "Alliance Mail", "smtp.alliance.example", 465, "tls")  # fmt: skip
    assert (provider.imap, how) == ("imap.host.example", "published by alliance.example")
    assert all(url.startswith("https://") and "@" not in url for url in asked)
    lines = yaml.safe_load(suggested_lines("alex@alliance.example", provider))["accounts"]["mail"]
    assert (lines["user"], lines["inbox"]["user"]) == ("alex@alliance.example", "alex@alliance.example")


def test_a_host_that_many_domains_use_is_asked_about_last() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes | None:
        asked.append(url)
        return None

    assert found_for("alliance.example", lambda domain: ["w01.kasserver.example"], fetch) is None
    assert asked[-1] == "https://autoconfig.thunderbird.net/v1.1/kasserver.example"
    assert found_for("alliance.example", lambda domain: [], fetch) is None


def test_large_providers_are_asked_nothing() -> None:
    def fetch(url: str) -> bytes | None:
        raise AssertionError(url)

    found = found_for("alliance.example", lambda domain: ["aspmx.l.google.com"], fetch)
    assert found is not None
    assert found[1] == "its mail goes to aspmx.l.google.com"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<socketType>SSL", "<socketType>plain"),
        lambda text: text.replace("imap.host.example", "imap.host.example/../x"),
        lambda text: text.replace("imap.host.example", "a b\n    user: x"),
        lambda text: text.replace("imap.host.example", "localhost"),
        lambda text: text.replace("<port>993", "<port>0"),
        lambda text: text.replace("<port>993", "<port>99999999999999999999"),
        lambda text: text.replace('type="smtp"', 'type="exchange"'),
        lambda text: text.replace("<clientConfig", '<!DOCTYPE x [<!ENTITY a "b">]><clientConfig'),
        lambda text: text[:-40],
        lambda text: "<a/>",
    ],
)
def test_what_is_not_a_server_is_not_proposed(change: Callable[[str], str]) -> None:
    assert settings_in(change(PLAIN).encode(), "alliance.example") is None


def test_where_a_provider_takes_no_password_auth_is_proposed() -> None:
    text = PLAIN.replace("smtp.%EMAILDOMAIN%", "smtp.office365.com").replace("password-cleartext", "OAuth2")
    found = settings_in(text.encode(), "alliance.example")
    assert found is not None
    assert found.auth == "microsoft"
    stranger = settings_in(PLAIN.replace("password-cleartext", "OAuth2").encode(), "alliance.example")
    assert stranger is not None
    assert stranger.auth == "password"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=50)
def test_no_document_breaks_it(data: bytes) -> None:
    assert settings_in(data, "alliance.example") is None


@given(name=st.text(max_size=40), host=st.text(max_size=30), user=st.text(max_size=30))
@settings(max_examples=60)
def test_whatever_is_published_makes_lines_that_read_as_servers_and_nothing_else(
    name: str, host: str, user: str
) -> None:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    text = PLAIN.replace("Alliance Mail", escaped(name)).replace("imap.host.example", escaped(host))
    found = settings_in(text.replace("%EMAILADDRESS%", escaped(user)).encode("utf-8", "replace"), "alliance.example")
    if found is not None:
        lines = yaml.safe_load(suggested_lines("alex@alliance.example", found))
        assert set(lines) == {"accounts"}
        assert set(lines["accounts"]["mail"]) == {"transport", "host", "port", "security", "user", "inbox"}
        assert "\n" not in found.name


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: f"{provider.name} {provider.smtp}")
def test_the_lines_of_every_provider_are_a_campaign_without_errors(tmp_path: Path, provider: object) -> None:
    lines = suggested_lines("alex@alliance.example", provider)  # type: ignore[arg-type]
    root = write_campaign(tmp_path / "campaign", more=lines)
    assert [each for each in said(root, "check")["problems"] if each["level"] == "error"] == []
    if "# auth:" in lines:
        (root / "campaign.yaml").write_text((root / "campaign.yaml").read_text().replace("# auth:", "auth:"))
        assert [each for each in said(root, "check")["problems"] if each["level"] == "error"] == []


def test_access_goes_to_the_servers_that_are_proposed() -> None:
    for provider in PROVIDERS:
        for auth in filter(None, (provider.instead, provider.auth if provider.auth != "password" else "")):
            assert {provider.smtp, provider.imap} <= OAUTH[auth].servers


# --- the command -----------------------------------------------------------------------------------------


def test_the_net_is_asked_only_when_somebody_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_campaign(tmp_path / "campaign")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    asked: list[str] = []
    monkeypatch.setattr(mail_settings.found_for, "__defaults__", (
        lambda domain: asked.append(domain) or ["aspmx.l.google.com"], lambda url: None))  # fmt: skip
    answer = run(root, "login", "mail")
    assert answer.code == 2
    assert "To find the servers of sender.example: outreach login mail --look-up" in answer.err
    assert asked == []
    answer = run(root, "login", "mail", "--look-up")
    assert answer.code == 0
    assert asked == ["sender.example"]
    assert "alex@sender.example is at Google Workspace (its mail goes to aspmx.l.google.com)." in answer.out
    assert "    host: smtp.gmail.com\n" in answer.out
    assert "# auth: google" in answer.out
    assert said(root, "login", "mail", "--look-up")["provider"] == "Google Workspace"


def test_an_unknown_domain_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_campaign(tmp_path / "campaign")
    monkeypatch.setattr(mail_settings.found_for, "__defaults__", (lambda domain: [], lambda url: None))
    answer = run(root, "login", "mail", "--look-up")
    assert answer.code == 2
    assert "No mail servers were found for sender.example" in answer.err
    assert "ask the administrator" in answer.err


def test_a_rehearsal_asks_nobody(tmp_path: Path) -> None:
    root = write_campaign(tmp_path / "campaign")
    answer = run(root, "login", "mail", "--look-up", now="2027-01-01T09:00:00+01:00")
    assert answer.code != 0
    assert "Under OUTREACH_NOW nothing is sent" in answer.err


def test_nothing_comes_of_a_page_that_is_not_https() -> None:
    assert fetched("http://127.0.0.1:1/mail/config-v1.1.xml") is None
