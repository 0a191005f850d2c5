"""`login mail` tries before it keeps; `doctor` says what is ready and what is not."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from outreach.connections.secrets import Secret, Secrets
from outreach.errors import SecretsUnusable
from outreach.ledger.place import network_file_system
from outreach.model.secret import SecretIdentity, SecretKind
from tests.sending.campaigns import run, said, write_campaign
from tests.servers.counting import counting
from tests.servers.scripted_imap import scripted_imap

MAIL = SecretIdentity(kind=SecretKind.SMTP, user="a", host="b.example", port=587)
USER, PASSWORD = "alex@sender.example", "canary in a coal mine"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    leaf.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    options = ("--starttls", "--certificate", str(tmp_path / "server.pem"), "--auth", f"{USER}:{PASSWORD}")
    with counting(tmp_path / "server", *options) as server:
        mail = f"{{transport: smtp, host: 127.0.0.1, port: {server.port}, user: {USER}, ca_file: ca.pem}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        authority.cert_pem.write_to_path(str(root / "ca.pem"))
        yield root


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{text}\n"))


def test_a_password_that_works_is_kept_for_its_owner_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, PASSWORD)
    answer = run(root, "login", "mail")
    assert answer.code == 0, answer
    assert "It works: sending through 127.0.0.1." in answer.out
    assert PASSWORD not in answer.out + answer.err
    file = Path(os.environ["OUTREACH_SECRETS"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    run(root, "approve", "one")
    assert run(root, "send", "--go").code == 0


def test_a_password_that_does_not_work_is_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "wrong canary")
    answer = run(root, "login", "mail")
    assert answer.code == 1
    assert f"refused the login of {USER}" in answer.err
    assert "wrong canary" not in answer.out + answer.err
    assert not Path(os.environ["OUTREACH_SECRETS"]).exists()


def test_without_an_account_it_says_what_to_write(tmp_path: Path) -> None:
    root = write_campaign(tmp_path)
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace("alex@sender.example", "alex@posteo.de"))
    answer = run(root, "login", "mail")
    assert answer.code == 2
    assert "host: posteo.de" in answer.err
    assert "user: alex@posteo.de" in answer.err


def test_the_doctor_looks_at_files_place_ledger_and_account(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {check["name"]: check for check in said(root, "doctor")["checks"]}
    assert not before["sending"]["ok"]
    assert "No password was entered" in before["sending"]["message"]
    assert not before["mailbox"]["ok"]
    typed(monkeypatch, PASSWORD)
    run(root, "login", "mail")
    after = {check["name"]: check["ok"] for check in said(root, "doctor")["checks"]}
    assert after == {
        "files": True,
        "place": True,
        "permissions": True,
        "ledger": True,
        "sending": True,
        "mailbox": False,
    }


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("server:/x /net nfs4 rw 0 0", "nfs4"),
        ("//s/x /net/my\\040files cifs rw 0 0", "cifs"),
        ("/dev/sda /net ext4 rw 0 0", None),
    ],
)
def test_a_network_file_system_is_told_from_a_disk(tmp_path: Path, line: str, kind: str | None) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n{line}\n")
    place = "/net/my files/campaign" if "040" in line else "/net/campaign"
    assert network_file_system(Path(place), mounts) == kind
    assert network_file_system(Path("/elsewhere"), mounts) is None


def test_nothing_is_sent_from_a_network_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_campaign(tmp_path)
    run(root, "approve", "one")
    monkeypatch.setattr("outreach.ledger.sqlite.network_file_system", lambda root: "nfs4")
    answer = run(root, "send", "--go")
    assert answer.code == 2
    assert "network drive (nfs4)" in answer.err


# --- where secrets are --------------------------------------------------------------------------------


def test_a_secret_hides_itself() -> None:
    secret = Secret(PASSWORD)
    assert PASSWORD not in f"{secret} {secret!r} {[secret]} {vars(Secrets)}"
    assert secret.reveal() == PASSWORD


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    secrets = Secrets({"OUTREACH_SECRETS": str(file)}, keyring=False)
    secrets.put(MAIL, Secret("from the file"))
    assert secrets.get(MAIL) == Secret("from the file")
    named = {"OUTREACH_SECRETS": str(file), MAIL.variable: "from the environment"}
    assert Secrets(named, keyring=False).get(MAIL) == Secret("from the environment")
    secrets.delete(MAIL)
    assert secrets.get(MAIL) is None


@pytest.mark.parametrize("content", ["not json canary", '["canary"]', '{"a": 1}', "[" * 100_000])
def test_a_broken_file_is_said_without_its_words(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(SecretsUnusable) as raised:
        Secrets({"OUTREACH_SECRETS": str(file)}, keyring=False).get(MAIL)
    assert "canary" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_two_secrets_written_one_after_the_other_are_both_there(tmp_path: Path) -> None:
    for user in ("a", "b"):
        secrets = Secrets({"OUTREACH_SECRETS": str(tmp_path / "s.json")}, keyring=False)
        secrets.put(replace(MAIL, user=user), Secret(user))
    assert json.loads((tmp_path / "s.json").read_text()) == {"smtp:a@b.example:587": "a", "smtp:b@b.example:587": "b"}


def test_an_account_that_never_sends_a_password_says_so_and_not_that_it_has_no_user(tmp_path: Path) -> None:
    """A server on this computer without encryption gets none, so there is nothing to log in with."""
    mail = f"{{transport: smtp, host: 127.0.0.1, port: 25, user: {USER}, insecure_loopback: true}}"
    answer = run(write_campaign(tmp_path / "plain", mail=mail), "login", "mail")
    assert answer.code != 0
    assert f"127.0.0.1 is reached without encryption, on this computer, so no password of {USER}" in answer.err
    assert "campaign.yaml names" not in answer.err
    answer = run(write_campaign(tmp_path / "no-host", mail=f"{{transport: outbox, user: {USER}}}"), "login", "mail")
    assert f"campaign.yaml names no mail server for {USER}" in answer.err


# --- several mailboxes --------------------------------------------------------------------------------


def test_each_user_is_asked_for_once_and_each_password_goes_to_its_own_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    with scripted_imap("bare") as hers, scripted_imap("bare") as ours:
        boxes = [(hers.port, "maria"), (ours.port, "alex"), (ours.port, "alex")]
        inbox = ", ".join(f"{{imap: 127.0.0.1, port: {port}, user: {user}}}" for port, user in boxes)
        root = write_campaign(tmp_path / "campaign", mail=f"{{insecure_loopback: true, inbox: [{inbox}]}}")
        typed(monkeypatch, "canary of maria\ncanary of alex")
        kept = said(root, "login", "mail")
        assert kept["names"] == ["maria@127.0.0.1", "alex@127.0.0.1"]
        assert [command for command in hers.commands if "canary" in command] == ['LOGIN maria "canary of maria"']
        assert {command for command in ours.commands if "canary" in command} == {'LOGIN alex "canary of alex"'}
        assert all(check["ok"] for check in said(root, "doctor")["checks"] if check["name"] == "mailbox")
