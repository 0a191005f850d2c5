"""`doctor` says of each account what works, in its server's own words what does not, and whether From survives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.sending.campaigns import enter, said, write_campaign
from tests.servers.counting import Counting, counting
from tests.servers.scripted_imap import CAPABILITIES, ScriptedImap, scripted_imap

USER, PASSWORD = "alex@sender.example", "canary in a coal mine"
REFUSALS = {
    "534 5.7.9 Application-specific password required. Learn more at https://support.example": (
        "534 5.7.9 Application-specific password required", "Make an app password"),
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.": (
        "SmtpClientAuthentication is disabled for the Tenant", "administrator"),
    "550 5.7.30 Basic authentication is not supported for Client Submission.": (
        "5.7.30 Basic authentication is not supported", "auth: microsoft"),
    "454 4.7.0 Temporary authentication failure": ("cannot check the login", "in some minutes"),
    "535 5.7.8 Username and Password not accepted": ("5.7.8 Username and Password not accepted", "right password"),
}  # fmt: skip
IMAP_REFUSALS = {
    "NO [ALERT] Application-specific password required: https://support.example (Failure)": (
        "Application-specific password required", "Make an app password"),
    "NO AUTHENTICATE failed. BasicAuthBlocked": ("BasicAuthBlocked", "auth: microsoft"),
    "NO [UNAVAILABLE] Temporary authentication failure.": ("cannot check the login", "in some minutes"),
    "NO IMAP access is disabled for your domain": ("IMAP access is disabled", "Allow IMAP"),
}  # fmt: skip


def checks(root: Path) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in said(root, "doctor")["checks"]}


@pytest.fixture
def smtp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Counting]]:
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    leaf.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    options = ("--starttls", "--certificate", str(tmp_path / "server.pem"), "--auth", f"{USER}:{PASSWORD}")
    with counting(tmp_path / "server", *options) as server:
        mail = f"{{transport: smtp, host: 127.0.0.1, port: {server.port}, user: {USER}, ca_file: ca.pem}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        authority.cert_pem.write_to_path(str(root / "ca.pem"))
        enter(root, PASSWORD)
        yield root, server


@pytest.mark.parametrize("answer", REFUSALS)
def test_what_a_login_refused_is_quoted_with_its_remedy(smtp: tuple[Path, Counting], answer: str) -> None:
    root, server = smtp
    server.will(f"AUTH={answer}")
    found = checks(root)["sending"]
    words, remedy = REFUSALS[answer]
    assert not found["ok"]
    assert words in found["message"]
    assert remedy in found["hint"]
    assert "canary" not in str(found)


@pytest.fixture(params=CAPABILITIES)
def imap(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A campaign that sends through one server and reads another, which can as little as that provider's."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    with scripted_imap(request.param) as server, counting(tmp_path / "server") as sending:
        inbox = f"inbox: {{imap: 127.0.0.1, port: {server.port}, user: {USER}}}"
        mail = f"{{transport: smtp, host: 127.0.0.1, port: {sending.port}, insecure_loopback: true, {inbox}}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        enter(root, PASSWORD)
        yield root, server


def test_send_read_drafts_and_sent_are_told_apart_on_every_server(imap: tuple[Path, ScriptedImap]) -> None:
    root, server = imap
    found = checks(root)
    assert {name: found[name]["ok"] for name in ("sending", "mailbox", "drafts", "sent", "from")} == {
        "sending": True, "mailbox": True, "drafts": True, "sent": True, "from": True}  # fmt: skip
    assert "No test email" in found["from"]["message"]
    assert "outreach test" in found["from"]["hint"]
    assert not [each for each in server.commands if each.startswith(("STORE", "APPEND", "EXPUNGE", "SELECT"))]


def arrives(server: ScriptedImap, sender: str, left_as: str) -> None:
    head = f"From: A <{sender}>\r\nSubject: [TEST for bee] Hello\r\nX-Outreach-Sent-As: {left_as}\r\n\r\n"
    server.folders["INBOX"].add(set(), head.encode())


def test_a_from_that_the_server_changed_is_noticed(imap: tuple[Path, ScriptedImap]) -> None:
    root, server = imap
    arrives(server, "alex@gmail.example", USER)
    found = checks(root)["from"]
    assert not found["ok"]
    assert f"was sent from {USER} and arrived from alex@gmail.example" in found["message"]
    assert "Send mail as" in found["hint"]
    arrives(server, USER.upper(), USER)
    found = checks(root)["from"]
    assert found["ok"]
    assert f"arrived from {USER}, as it was sent" in found["message"]


@pytest.mark.parametrize("answer", IMAP_REFUSALS)
def test_what_a_mailbox_refused_is_quoted_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    with scripted_imap("bare") as server:
        server.login = answer
        inbox = f"inbox: {{imap: 127.0.0.1, port: {server.port}, user: {USER}}}"
        root = write_campaign(tmp_path / "campaign", mail=f"{{insecure_loopback: true, {inbox}}}")
        enter(root, PASSWORD)
        found = checks(root)["mailbox"]
        words, remedy = IMAP_REFUSALS[answer]
        assert not found["ok"]
        assert words in found["message"]
        assert remedy in found["hint"]
        assert "canary" not in str(found)


def test_every_mailbox_of_several_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    with scripted_imap("bare") as server:
        one = f"{{imap: 127.0.0.1, port: {server.port}, user: {USER}}}"
        mail = f"{{insecure_loopback: true, inbox: [{one}, {{folder: ours}}, {one.replace('alex', 'maria')}]}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        enter(root, PASSWORD)
        found = [check for check in said(root, "doctor")["checks"] if check["name"] == "mailbox"]
        assert [check["ok"] for check in found] == [True, False, True]
        assert "ours is not there" in found[1]["message"]
        assert "maria@sender.example" in found[2]["message"]


def test_a_mailbox_without_a_folder_for_what_was_sent_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    with scripted_imap("bare") as server:
        del server.folders["Gesendet"]
        inbox = f"inbox: {{imap: 127.0.0.1, port: {server.port}, user: {USER}}}"
        root = write_campaign(tmp_path / "campaign", mail=f"{{insecure_loopback: true, {inbox}}}")
        enter(root, PASSWORD)
        assert not checks(root)["sent"]["ok"]
        assert "Make one called Sent" in checks(root)["sent"]["hint"]
