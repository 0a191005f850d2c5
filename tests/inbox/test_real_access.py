"""Access given by an authorization server opens a real Postfix and a real Dovecot (XOAUTH2), and is renewed there."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.identities import oauth_access
from outreach.connections.secrets import Secret, Secrets
from outreach.mail.oauth import Kept, kept_in
from outreach.model.secret import SecretIdentity
from outreach.words.mail_providers import OAUTH
from tests.sending.campaigns import run, said, write_campaign
from tests.sending.test_access import in_background
from tests.servers.authorization import CLIENT, CLIENT_SECRET, Authorizing, authorizing, put_key
from tests.servers.realmail import RealMail, real_mail, what_is_missing

USER = "alex@sender.test"
KEY = b"the key with which Dovecot checks, which it reads but once"


@pytest.fixture(scope="module")
def mail() -> Iterator[RealMail]:
    if why := what_is_missing():
        pytest.skip(why)
    with real_mail("sender.test", "contacts.test") as running:
        running.add_user(USER, "no-password-is-used")
        running.add_user("info@contacts.test", "x")
        yield running


@pytest.fixture
def google(mail: RealMail) -> Iterator[Authorizing]:
    with authorizing("google") as server:
        server.key = KEY
        put_key(server, mail.folder)
        yield server


@pytest.fixture
def root(mail: RealMail, google: Authorizing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail.ca))
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    monkeypatch.setattr("outreach.connections.browser.has_screen", lambda: True)
    monkeypatch.setattr("outreach.connections.browser.webbrowser.open", in_background)
    account = f"{{transport: smtp, auth: google, host: localhost, port: {mail.submission}, user: {USER},"
    root = write_campaign(
        tmp_path / "campaign", mail=f"{account} inbox: {{imap: localhost, port: {mail.imaps}}}}}", contacts=1
    )
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace("alex@sender.example", USER))
    (root / "contacts" / "all.csv").write_text(
        "id,name,tier,email,personal_text\nbee,Bee Friends,0,info@contacts.test,Your map.\n"
    )
    return root


def log_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CLIENT}\n{CLIENT_SECRET}\n"))
    return run(root, "login", "mail")


def end(kept: Kept, identity: SecretIdentity, google: Authorizing) -> None:
    """The access token is no good any more, and nobody told us."""
    google.ends_early = google.lifetime + 10
    ended = google.access_token(USER)
    google.ends_early = 0
    Secrets().put(identity, replace(kept, access=Secret(ended)).as_secret())


def test_one_login_sends_and_reads_and_what_ends_is_renewed(
    root: Path, mail: RealMail, google: Authorizing, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = log_in(root, monkeypatch)
    assert answer.code == 0, answer
    assert "It works: sending through localhost and reading localhost." in answer.out
    assert run(root, "test", "bee").code == 0
    mail.drain()
    checks = {check["name"]: check for check in said(root, "doctor")["checks"]}
    assert checks["sending"]["ok"], checks
    assert checks["mailbox"]["ok"], checks
    assert f"arrived from {USER}, as it was sent" in checks["from"]["message"]
    run(root, "approve", "one")
    assert run(root, "send", "--go").code == 0
    assert said(root, "sync")["mailbox"] is None
    assert not google.granted("refresh_token")
    identity = oauth_access(OAUTH["google"], USER)
    kept = kept_in(Secrets().get(identity))
    assert kept is not None
    end(kept, identity, google)
    assert said(root, "sync")["mailbox"] is None
    assert len(google.granted("refresh_token")) == 1
    assert kept_in(Secrets().get(identity)) != kept


def test_access_of_another_user_opens_nothing(root: Path, google: Authorizing, monkeypatch: pytest.MonkeyPatch) -> None:
    google.user = "info@contacts.test"
    answer = log_in(root, monkeypatch)
    assert answer.code == 1
    assert "refused the login of alex@sender.test" in answer.err
    assert "choose exactly this account" in answer.err
    assert not Path(Secrets().file).exists()


def test_a_server_whose_clock_is_behind_refuses_the_token_in_one_sentence(
    root: Path, google: Authorizing, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.begins = 300.0  # for a server that is five minutes behind, the token is one of the future
    answer = log_in(root, monkeypatch)
    assert answer.code == 1
    assert "refused the login of alex@sender.test" in answer.err
    assert len(google.granted("refresh_token")) == 1


def test_revoked_access_holds_everything_with_one_sentence(
    root: Path, mail: RealMail, google: Authorizing, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(root, monkeypatch)
    identity = oauth_access(OAUTH["google"], USER)
    kept = kept_in(Secrets().get(identity))
    assert kept is not None
    end(kept, identity, google)
    google.revoke()
    answer = run(root, "sync")
    assert answer.code == 1
    assert f"The access to {USER} at Google has expired or was revoked" in answer.err
    assert "Run `outreach login mail` again." in answer.err
    run(root, "approve", "one")
    sent = run(root, "send", "--go")
    assert "has expired or was revoked" in sent.out + sent.err
    assert "canary" not in json.dumps([answer.out, answer.err, sent.out, sent.err])
    assert len(google.granted("refresh_token")) <= 4
