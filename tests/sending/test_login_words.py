"""What a mail server says when it refuses a login is shown, with what helps."""

from __future__ import annotations

import smtplib

import pytest

from outreach.connections.login_refusals import quoted, remedy
from outreach.connections.secrets import Secret
from outreach.mail.smtp_connecting import Server, _not_logged_in

SERVER = Server(host="mail.example", port=587, security="starttls", user="alex", password=Secret("canary"))


@pytest.mark.parametrize(
    ("code", "words", "says", "helps"),
    [
        (534, b"5.7.9 Application-specific password required.", "Application-specific password", "app password"),
        (535, b"5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
         "disabled for the Tenant", "administrator"),
        (535, b"5.7.8 wrong password", "5.7.8 wrong password", "right password"),
        (454, b"4.7.0 Temporary authentication failure", "for now: 454", "in some minutes"),
    ],
)  # fmt: skip
def test_the_servers_words_and_a_remedy_are_said(code: int, words: bytes, says: str, helps: str) -> None:
    refusal = _not_logged_in(SERVER, smtplib.SMTPAuthenticationError(code, words))
    assert says in str(refusal)
    assert helps in refusal.hint
    assert refusal.stops_run


@pytest.mark.parametrize(
    ("words", "helps"),
    [
        ("535 Authentication Failed. Use application specific password", "Make an app password"),
        (
            "535 5.7.0 Incorrect username or password; use an app password: https://mail.example/app",
            "Make an app password",
        ),
        ("NEED application password", "Make an app password"),
        ("You are yet to enable IMAP for your account. Please contact your administrator", "Allow IMAP"),
        ("5.7.8 This user does not have access rights to this service", "Allow IMAP"),
        ("Your account is not enabled for IMAP use.", "Allow IMAP"),
        ("User is authenticated but not connected.", "no mailbox there"),
        ("5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "Store the right password"),
        ("5.7.139 Authentication unsuccessful, the request did not meet the criteria", "auth: microsoft"),
        ("5.7.14 Please log in via your web browser and then try again.", "in your browser"),
        ("5.7.0 (#AUTH005) Too many bad auth attempts.", "Wait some minutes"),
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "Store the right password"),
    ],
)
def test_what_other_servers_say_has_its_own_remedy(words: str, helps: str) -> None:
    assert helps in remedy(words, by_token=False)


def test_a_temporary_failure_asks_for_no_other_password() -> None:
    refusal = _not_logged_in(SERVER, smtplib.SMTPAuthenticationError(454, b"4.7.0 later"))
    assert "password" not in refusal.hint
    assert not refusal.permanent


def test_a_refused_token_has_probably_expired() -> None:
    assert "expired" in remedy("5.7.8 Invalid credentials", by_token=True)


def test_a_server_that_repeats_the_password_betrays_nothing() -> None:
    assert "canary" not in quoted(b"535 no such password: canary\r\n\x1b[31m", SERVER.password)
    assert "\x1b" not in quoted(b"\x1b[31m")


@pytest.mark.parametrize("secret", ["cañary", "it's", "a\"b'c", "back\\slash"])
def test_words_that_imaplib_wrote_as_python_does_are_shown_as_they_came(secret: str) -> None:
    for words in (str(f"[X] no {secret}!".encode()), f"LOGIN command error: BAD {[f'[X] no {secret}!'.encode()]}"):
        assert quoted(words, Secret(secret)).endswith("[X] no ***!")
        assert quoted(words).endswith(f"[X] no {secret}!")


@pytest.mark.parametrize("words", ["", "b'", "b'\\x'", "web'[x]'", "b'\u20ac'"])
def test_whatever_a_server_writes_by_itself_breaks_nothing(words: str) -> None:
    assert isinstance(quoted(words), str)
