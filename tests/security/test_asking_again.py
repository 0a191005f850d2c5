"""Where campaign.yaml names another server, the secret is asked for again, and both servers are named."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import Answer
from tests.security.campaigns import ALEX, REMOTE, changed, log_in, new_campaign, write
from tests.security.everywhere import Everywhere, Place, everywhere
from tests.sending.campaigns import run, said

PASSWORD = "canary00000000x"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Everywhere]:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with everywhere(tmp_path) as running:
        running.allowed[PASSWORD] = (set(), "")
        yield running


@pytest.fixture
def root(server: Everywhere, tmp_path: Path) -> Path:
    return new_campaign(tmp_path / "campaign", server, REMOTE)


def keep(tmp_path: Path, **secrets: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps(secrets))
    file.chmod(0o600)


def is_asked_again(server: Everywhere, answer: Answer, *said: str) -> None:
    """It is said as it should, and nobody was even connected to."""
    server.finish()
    whole = answer.out + answer.err
    for each in said:
        assert each in whole, answer
    assert PASSWORD not in whole
    assert [connection.place for connection in server.connections] == []


# --- a folder that names another server than the one that a secret was entered for ----------------------


@pytest.mark.parametrize("words", [["sync"], ["doctor"], ["run", "--once"]])
@pytest.mark.parametrize("host", ["localhost", "mail-real.example", "mail.real.example.hostile.example"])
def test_the_password_for_sending_does_not_go_to_a_mailbox_elsewhere(
    server: Everywhere, root: Path, tmp_path: Path, words: list[str], host: str
) -> None:
    keep(tmp_path, **{f"mail:{ALEX}@mail.real.example": PASSWORD})
    outbox = {("mail", "transport"): "outbox", ("mail", "inbox"): {"imap": host, "port": 9931}, ("bluesky",): None}
    write(root, changed("remote", [*outbox.items(), (("mastodon",), None)]))
    is_asked_again(
        server, run(root, *words), f"You entered a password for {ALEX} at mail.real.example (SMTP).",
        f"campaign.yaml now names {host}:9931 (IMAP).", "run `outreach login mail`",
    )  # fmt: skip


@pytest.mark.parametrize("words", [["adopt"], ["publish", "--go"], ["doctor"]])
def test_an_app_password_does_not_go_to_another_service(
    server: Everywhere, root: Path, tmp_path: Path, words: list[str]
) -> None:
    keep(tmp_path, **{"bluesky:alex.bsky.social": PASSWORD, "bluesky-session:alex.bsky.social": PASSWORD})
    away = [(("mastodon",), None), (("mail",), {"transport": "outbox"})]
    write(root, changed("remote", [(("bluesky", "service"), "http://localhost:9932"), *away]))
    is_asked_again(
        server, run(root, *words), "You entered an app password for alex.bsky.social at bsky.social:443.",
        "campaign.yaml now names localhost:9932.", "run `outreach login bluesky`",
    )  # fmt: skip


def test_a_token_does_not_go_to_another_server_or_port(server: Everywhere, root: Path, tmp_path: Path) -> None:
    keep(tmp_path, **{"mastodon:social.example": PASSWORD})
    away = [(("bluesky",), None), (("mail",), {"transport": "outbox"})]
    write(root, changed("remote", [(("mastodon", "server"), "https://social.example:8443"), *away]))
    is_asked_again(
        server, run(root, "adopt"), "You entered an access token for social.example:443.",
        "campaign.yaml now names social.example:8443.", "run `outreach login mastodon`",
    )  # fmt: skip


@pytest.mark.parametrize("host", ["mail.real.example", "mail-real.example"])
def test_a_variable_that_may_mean_several_servers_is_refused_and_the_new_one_named(
    server: Everywhere, root: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("OUTREACH_SECRET_MAIL_ALEX_REAL_EXAMPLE_MAIL_REAL_EXAMPLE", PASSWORD)
    write(root, changed("remote", [(("mail", "host"), host), (("mail", "inbox"), None)]))
    answer = run(root, "send", "--go")
    of_host = host.upper().replace(".", "_DOT_").replace("-", "_DASH_")
    new = f"OUTREACH_SECRET_FOR_SMTP_COLON_ALEX_AT_REAL_DOT_EXAMPLE_AT_{of_host}_COLON_587"
    is_asked_again(
        server, answer, "OUTREACH_SECRET_MAIL_ALEX_REAL_EXAMPLE_MAIL_REAL_EXAMPLE is not used",
        f"rename it to {new}",
    )  # fmt: skip
    monkeypatch.setenv(new, server.marker(Place("smtp", host, 587), user=ALEX))
    assert run(root, "send", "--go").code == 0
    assert server.shown() == {"smtp"}
    assert server.leaks() == []


# --- after `outreach login` --------------------------------------------------------------------------------


def test_login_names_every_server_before_it_asks_and_keeps_the_password_for_all_of_them(
    server: Everywhere, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    class Person:
        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            assert server.shown() == set()
            streams: list[Any] = [sys.stdout, sys.stderr]
            shown.append("".join(stream.text() for stream in streams))
            return f"{secret}\n"

    monkeypatch.setattr(sys, "stdin", Person())
    asked = {
        "mail": [f"{ALEX} at mail.real.example:587 (SMTP)", f"{ALEX} at imap.real.example:993 (IMAP)"],
        "bluesky": ["alex.bsky.social at bsky.social:443"],
        "mastodon": ["social.example:443"],
    }
    places = {
        "mail": [Place("smtp", "mail.real.example", 587), Place("imap", "imap.real.example", 993)],
        "bluesky": [Place("http", "bsky.social", 443)],
        "mastodon": [Place("http", "social.example", 443)],
    }
    for account, servers in asked.items():
        server.forget()
        secret = server.marker(*places[account])
        more = ["--token"] if account == "mastodon" else []
        assert run(root, "login", account, *more).code == 0
        for named in servers:
            assert named in shown[-1]
    kept = json.loads((tmp_path / "secrets.json").read_text())
    assert sorted(kept) == [
        "bluesky-session:alex.bsky.social@bsky.social:443", "bluesky:alex.bsky.social@bsky.social:443",
        f"imap:{ALEX}@imap.real.example:993", "mastodon:@social.example:443", f"smtp:{ALEX}@mail.real.example:587",
    ]  # fmt: skip
    assert server.leaks() == []


def test_a_host_that_changed_is_asked_for_again_and_works_after_that(server: Everywhere, root: Path) -> None:
    alone = (("mail", "inbox"), None)
    write(root, changed("remote", [alone]))
    log_in(root, "mail", server.marker(Place("smtp", "mail.real.example", 587), user=ALEX))
    server.forget()
    write(root, changed("remote", [(("mail", "host"), "mail.other.example"), alone]))
    is_asked_again(
        server, run(root, "send", "--go"),
        f"You entered a password for {ALEX} at mail.real.example:587. campaign.yaml now names mail.other.example:587.",
        "run `outreach login mail`",
    )  # fmt: skip
    log_in(root, "mail", server.marker(Place("smtp", "mail.other.example", 587), user=ALEX))
    assert run(root, "test", "acme").code == 0
    write(root, changed("remote", [alone]))
    assert run(root, "test", "acme").code == 0, "what was entered before still counts where it was entered"
    assert server.leaks() == []


@pytest.mark.parametrize("command", [["send", "--go"], ["sync"], ["doctor"]])
def test_a_ca_file_that_changed_is_asked_about_again(server: Everywhere, root: Path, command: list[str]) -> None:
    server.signed_by = "own"
    own = [(("mail", "ca_file"), "own.pem"), (("bluesky",), None), (("mastodon",), None)]
    write(root, changed("remote", own))
    places = [Place("smtp", "mail.real.example", 587, "own"), Place("imap", "imap.real.example", 993, "own")]
    log_in(root, "mail", server.marker(*places, user=ALEX))
    server.signed_by = "hostile"
    (root / "own.pem").write_bytes((root / "hostile.pem").read_bytes())
    server.forget()
    answer = run(root, *command)
    old, new = re.findall(r"with the `ca_file` ([0-9a-f]{12})", answer.out + answer.err)[:2]
    assert old != new
    is_asked_again(server, answer, f"You entered a password for {ALEX} at ", "run `outreach login mail`")


def test_a_ca_file_where_there_was_none_is_asked_about(server: Everywhere, root: Path) -> None:
    places = [Place("smtp", "mail.real.example", 587), Place("imap", "imap.real.example", 993)]
    log_in(root, "mail", server.marker(*places, user=ALEX))
    server.forget()
    write(root, changed("remote", [(("mail", "ca_file"), "hostile.pem")]))
    is_asked_again(server, run(root, "sync"), f"{ALEX} at imap.real.example:993 without a `ca_file`")


@pytest.mark.parametrize("content", [b"", b"not a certificate", b"\0" * 2_000_000, None])
def test_a_ca_file_that_is_no_certificate_is_one_sentence(
    server: Everywhere, root: Path, content: bytes | None
) -> None:
    (root / "own.pem").unlink()
    if content is not None:
        (root / "own.pem").write_bytes(content)
    write(root, changed("remote", [(("mail", "ca_file"), "own.pem")]))
    for command in (["send", "--go"], ["sync"]):
        is_asked_again(server, run(root, *command), "The certificate own.pem cannot be used: ")


def test_a_redirect_and_a_pds_that_a_server_names_get_nothing(server: Everywhere, root: Path) -> None:
    log_in(root, "bluesky", server.marker(Place("http", "bsky.social", 443)))
    log_in(root, "mastodon", server.marker(Place("http", "social.example", 443)), "--token")
    server.redirects_to = "https://hostile.example/xrpc"
    for words in (["adopt"], ["publish", "--go"], ["sync"]):
        run(root, *words)
    server.finish()
    assert {connection.place.host for connection in server.connections} == {"bsky.social", "social.example"}
    assert server.leaks() == []


def test_the_doctor_says_which_server_a_secret_is_for(server: Everywhere, root: Path) -> None:
    before = {check["name"]: check for check in said(root, "doctor")["checks"]}
    assert not before["bluesky"]["ok"]
    assert before["bluesky"]["hint"] == "Enter it with `outreach login bluesky`."
    places = [Place("smtp", "mail.real.example", 587), Place("imap", "imap.real.example", 993)]
    log_in(root, "mail", server.marker(*places))
    log_in(root, "bluesky", server.marker(Place("http", "bsky.social", 443)))
    log_in(root, "mastodon", server.marker(Place("http", "social.example", 443)), "--token")
    told = {check["name"]: check["message"] for check in said(root, "doctor")["checks"]}
    assert f"for {ALEX} at mail.real.example:587 (SMTP) only" in told["sending"]
    assert f"for {ALEX} at imap.real.example:993 (IMAP) only" in told["mailbox"]
    assert "for alex.bsky.social at bsky.social:443 only" in told["bluesky"]
    assert "for social.example:443 only" in told["mastodon"]
