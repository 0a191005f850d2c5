"""No password leaves before the connection is encrypted and the server is who it says it is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from tests.sending.campaigns import enter, process, results, run, write_campaign
from tests.servers.counting import Counting, counting

PASSWORD = "correct horse battery canary"
USER = "alex@sender.example"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


Started = Callable[..., tuple[Counting, Path]]


@pytest.fixture
def started(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Starts a server with that certificate and those options, and writes a campaign that sends through it."""
    running = []
    secrets = tmp_path / "secrets.json"

    def start(*options: str, leaf: trustme.LeafCert | None = None, security: str = "starttls", trusted: bool = True):  # type: ignore[no-untyped-def]
        certificate = tmp_path / "server.pem"
        certificate.unlink(missing_ok=True)
        leaf = leaf or authority.issue_cert("127.0.0.1")
        for blob in [leaf.private_key_pem, *leaf.cert_chain_pems]:
            blob.write_to_path(str(certificate), append=True)
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        context = counting(
            tmp_path / "server", "--certificate", str(certificate), "--auth", f"{USER}:{PASSWORD}", *options
        )
        server = context.__enter__()
        running.append(context)
        trust = ", ca_file: ca.pem" if trusted else ""
        mail = f"{{transport: smtp, host: 127.0.0.1, port: {server.port}, security: {security}, user: {USER}{trust}}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        authority.cert_pem.write_to_path(str(root / "ca.pem"))
        monkeypatch.setenv("OUTREACH_SECRETS", str(secrets))
        enter(root, PASSWORD)
        assert run(root, "approve", "one").code == 0
        return server, root

    yield start
    for context in running:
        context.__exit__(None, None, None)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "PLAIN LOGIN"])
@pytest.mark.parametrize(("options", "security"), [("--starttls", "starttls"), ("--tls", "tls")])
def test_letters_leave_encrypted_after_a_login(started: Started, options: str, security: str, mechanism: str) -> None:
    server, root = started(options, "--mechanisms", mechanism, security=security)
    answer = run(root, "send", "--go")
    assert answer.code == 0, answer
    assert len(server.taken()) == 3


def test_a_token_is_used_where_the_server_takes_it(started: Started, tmp_path: Path) -> None:
    server, root = started("--starttls")
    (tmp_path / "secrets.json").unlink()
    enter(root, PASSWORD, token=True)
    assert run(root, "send", "--go").code == 0
    assert len(server.taken()) == 3


def refused(started: Started, *options: str, why: str, **keys: object) -> None:
    """It is refused for that reason, and the server never heard the password."""
    server, root = started(*options, **keys)
    heard = server.log.with_name("heard")
    answer = run(root, "send", "--go")
    assert answer.code == 1
    assert why in answer.out, answer
    assert not heard.exists(), "the server was sent a password"
    assert server.taken().total() == 0
    assert PASSWORD not in answer.out + answer.err


def test_a_certificate_of_an_unknown_authority_is_refused(started: Started) -> None:
    refused(started, "--starttls", why="authority that this computer does not know", trusted=False)


def test_a_certificate_for_another_name_is_refused(started: Started, authority: trustme.CA) -> None:
    leaf = authority.issue_cert("mail.other.example")
    refused(started, "--starttls", why="its certificate is for another", leaf=leaf)


def test_an_expired_certificate_is_refused(started: Started, authority: trustme.CA) -> None:
    past = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    leaf = authority.issue_cert("127.0.0.1", not_before=past, not_after=past + datetime.timedelta(days=1))
    refused(started, "--starttls", why="its certificate has expired", leaf=leaf)


def test_a_server_without_starttls_gets_no_password(started: Started) -> None:
    refused(started, "--auth-in-plain", why="offers no encryption (STARTTLS)")


def test_a_wrong_password_stops_the_run_and_asks(started: Started) -> None:
    _, root = started("--starttls")
    enter(root, "wrong canary")
    answer = run(root, "send", "--go")
    assert answer.code == 1
    assert f"refused the login of {USER}: 535" in answer.out
    assert "wrong canary" not in answer.out + answer.err
    assert set(results(root).values()) == {"planned"}, "the letters are as they were"


def test_secrets_that_others_can_read_are_not_used(started: Started, tmp_path: Path) -> None:
    _, root = started("--starttls")
    (tmp_path / "secrets.json").chmod(0o644)
    answer = run(root, "send", "--go")
    assert answer.code == 2
    assert "others can read it" in answer.err
    assert PASSWORD not in answer.out + answer.err


def test_no_secret_gets_into_the_campaign_or_what_is_said(started: Started) -> None:
    server, root = started("--starttls")
    server.will("RCPT=550 no", "dot=cut", "AUTH=535 no")
    for words in (["send", "--go"], ["send", "--go", "--json"], ["status", "--json"], ["show", "c0000", "--json"]):
        done = process(root, *words, OUTREACH_DEBUG="1", OUTREACH_SECRETS=str(root.parent / "secrets.json"))
        out, err = done.communicate()
        assert PASSWORD not in out + err
    for file in root.rglob("*"):
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes(), file
