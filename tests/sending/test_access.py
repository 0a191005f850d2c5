"""Access to a mailbox at Google or Microsoft: how it is given, kept, renewed, shown and lost."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.connections.access_refusals import access_refused
from outreach.connections.identities import incoming, oauth_access, oauth_client, outgoing
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import AccessNotGiven, AccessRefused, CannotTell, NotTheirServer, OAuthNotInstalled
from outreach.mail.oauth import Access, Kept, access_to, asking, client_as_secret, kept_in
from outreach.mail.oauth_asking import Asking, Client
from outreach.mail.oauth_consent import by_browser, by_code, by_pasting
from outreach.model.campaign import Auth, Inbox, MailAccount, Transport
from outreach.tasks.login import let_in
from outreach.words.mail_providers import OAUTH
from tests.sending.campaigns import ROOT, run, said, write_campaign
from tests.servers.authorization import CLIENT, CLIENT_SECRET, Authorizing, authorizing
from tests.servers.counting import Counting, counting

USER = "alex@sender.test"
ACCOUNT = MailAccount(transport=Transport.SMTP, auth=Auth.GOOGLE, host="localhost", user=USER)
HERE = Path()
MINUTES = 60.0


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def google() -> Iterator[Authorizing]:
    with authorizing("google") as server:
        yield server


@pytest.fixture
def microsoft() -> Iterator[Authorizing]:
    with authorizing("microsoft") as server:
        yield server


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    return Secrets()


def enter_client(secrets: Secrets, auth: str = "google") -> None:
    secrets.put(oauth_client(OAUTH[auth]), client_as_secret(CLIENT, CLIENT_SECRET if auth == "google" else "", ""))


def browse(address: str) -> None:
    """What a browser does with a page on which somebody says yes (or no): it follows to where it is sent."""
    with suppress(HTTPError):
        urllib.request.urlopen(address, timeout=10).close()


def in_background(address: str) -> bool:
    threading.Thread(target=browse, args=(address,), daemon=True).start()
    return True


def kept(secrets: Secrets, server: Authorizing, clock: Callable[[], float], account: MailAccount = ACCOUNT) -> Access:
    """Access as a login leaves it, to the account's SMTP server."""
    enter_client(secrets, account.auth)
    server.now = clock
    provider = OAUTH[account.auth]
    tokens = by_browser(asking(provider, USER, secrets, clock), in_background)
    name = outgoing(account, HERE).identity
    assert name is not None
    found = Kept(
        access=tokens.access,
        refresh=tokens.refresh,
        since=clock(),
        until=clock() + tokens.seconds,
        servers=(name.name,),
    )
    secrets.put(oauth_access(provider, USER), found.as_secret())
    return Access(outgoing(account, HERE), provider, secrets, clock)


# --- giving it -----------------------------------------------------------------------------------------


def test_the_browser_brings_a_code_that_only_this_login_can_use(google: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets)
    pages: list[str] = []
    tokens = by_browser(asking(OAUTH["google"], USER, secrets), lambda page: pages.append(page) or browse_later(page))
    query = {name: values[0] for name, values in parse_qs(urlsplit(pages[0]).query).items()}
    assert query["code_challenge_method"] == "S256"
    assert (query["access_type"], query["login_hint"]) == ("offline", USER)
    assert query["redirect_uri"].startswith("http://127.0.0.1:")
    assert tokens.refresh is not None
    [exchanged] = google.granted("authorization_code")
    assert exchanged["client_secret"] == CLIENT_SECRET
    assert exchanged["code_verifier"] not in pages[0]


def browse_later(page: str) -> None:
    in_background(page)


def test_an_answer_without_the_state_of_this_login_is_not_taken(google: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets)

    def shown(page: str) -> None:
        redirect = parse_qs(urlsplit(page).query)["redirect_uri"][0]
        for strange in ("favicon.ico", "?code=stolen&state=guessed", "?code=stolen", "?state=x&error=y"):
            threading.Thread(target=browse, args=(f"{redirect}{strange}",), daemon=True).start()
        in_background(page)

    assert by_browser(asking(OAUTH["google"], USER, secrets), shown).refresh is not None
    assert [form["code"] for form in google.granted("authorization_code")] != ["stolen"]


def test_nobody_is_waited_for_without_end(google: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets)
    clock = Clock()

    def later() -> float:
        clock.at += 400
        return clock.at

    with pytest.raises(AccessRefused, match=f"^Nobody allowed access to {USER} at Google in the browser in time"):
        by_browser(asking(OAUTH["google"], USER, secrets), lambda page: None, later)


def test_who_says_no_is_understood(google: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets)
    google.user = None
    with pytest.raises(AccessRefused, match=f"You did not give access to {USER} at Google") as refused:
        by_browser(asking(OAUTH["google"], USER, secrets), in_background)
    assert "allow access" in refused.value.hint


def test_who_leaves_the_box_for_mail_empty_is_told_so(google: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets)
    google.grants = "openid email"
    with pytest.raises(AccessRefused, match="did not allow outreach to read and send mail") as refused:
        by_browser(asking(OAUTH["google"], USER, secrets), in_background)
    assert "tick the box for mail" in refused.value.hint


def pasted(page: str) -> str:
    """The address at which a browser on another computer ends, and which it cannot open."""

    class Stop(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any) -> None:
            return None

    with pytest.raises(HTTPError) as ended:
        urllib.request.build_opener(Stop).open(page, timeout=10)
    address = str(ended.value.headers["Location"])
    ended.value.close()
    return address


def test_without_a_browser_here_the_address_is_pasted(google: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets)
    assert by_pasting(asking(OAUTH["google"], USER, secrets), lambda page: f" {pasted(page)}\n").refresh is not None


@pytest.mark.parametrize(
    "words", ["", "http://127.0.0.1:1/?code=x&state=guessed", "x?code=1", "?state=1&error=2", "[://"]
)
def test_nothing_but_the_address_of_this_login_is_taken(google: Authorizing, secrets: Secrets, words: str) -> None:
    enter_client(secrets)
    with pytest.raises(CannotTell):
        by_pasting(asking(OAUTH["google"], USER, secrets), lambda page: words)
    assert not google.granted("authorization_code")


def test_a_code_is_typed_elsewhere_and_nobody_asks_too_often(microsoft: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets, "microsoft")
    clock, codes = Clock(), []
    microsoft.slow_downs = 1

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if len(clock.slept) == 3:
            microsoft.typed[codes[0].code] = (USER, True)

    tokens = by_code(asking(OAUTH["microsoft"], USER, secrets), codes.append, sleep, clock)
    assert tokens.refresh is not None
    assert clock.slept == [5, 10, 10]
    assert codes[0].page == f"{microsoft.issuer}/type"


@pytest.mark.parametrize(("tenant", "path"), [("", "common"), ("1b2-3c", "1b2-3c"), ("a/../b?", "a%2F..%2Fb%3F")])
def test_an_organisation_is_asked_at_its_own_address(microsoft: Authorizing, tenant: str, path: str) -> None:
    provider = replace(OAUTH["microsoft"], issuer=f"{microsoft.issuer}/{{tenant}}/v2.0")
    Asking(provider, Client(id=CLIENT, tenant=tenant), USER).page("http://localhost:1/", "state", "v" * 43)
    assert microsoft.asked[0][0] == f"/{path}/v2.0/.well-known/openid-configuration"


def test_a_code_that_nobody_types_ends(microsoft: Authorizing, secrets: Secrets) -> None:
    enter_client(secrets, "microsoft")
    clock = Clock()

    def sleep(seconds: float) -> None:
        clock.sleep(700)

    with pytest.raises(AccessRefused, match="not entered in time"):
        by_code(asking(OAUTH["microsoft"], USER, secrets), lambda code: None, sleep, clock)


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_connection_that_breaks_while_somebody_types_the_code_is_tried_again(
    microsoft: Authorizing, secrets: Secrets, comes_back: bool
) -> None:
    enter_client(secrets, "microsoft")
    clock, codes = Clock(), []

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        microsoft.status = 503 if len(clock.slept) < 3 or not comes_back else 0
        microsoft.typed[codes[0].code] = (USER, True)

    log_in = partial(by_code, asking(OAUTH["microsoft"], USER, secrets), codes.append, sleep, clock)
    if comes_back:
        assert log_in().refresh is not None
        assert clock.slept == [5, 10, 20]
        return
    with pytest.raises(AccessRefused, match="503"):
        log_in()
    assert len(clock.slept) < 40


# --- keeping, renewing ---------------------------------------------------------------------------------


def test_a_fresh_token_asks_nobody_and_one_that_ends_is_renewed(google: Authorizing, secrets: Secrets) -> None:
    clock = Clock()
    access = kept(secrets, google, clock)
    first = access.token()
    before = len(google.asked)
    assert access.token() == first
    assert len(google.asked) == before
    clock.at += google.lifetime - 60
    second = access.token()
    assert second != first
    assert access.token() == second
    assert len(google.granted("refresh_token")) == 1


@pytest.mark.parametrize("off", [-5 * MINUTES, 5 * MINUTES])
def test_a_clock_that_is_five_minutes_off_changes_nothing(google: Authorizing, secrets: Secrets, off: float) -> None:
    google.clock = off
    clock = Clock()
    access = kept(secrets, google, clock)
    assert access.token() == access.token()
    clock.at += google.lifetime + 1
    access.token()
    assert len(google.granted("refresh_token")) == 1


def test_a_clock_that_was_set_back_makes_no_token_eternal(google: Authorizing, secrets: Secrets) -> None:
    clock = Clock()
    access = kept(secrets, google, clock)
    clock.at -= 86_400
    access.token()
    assert len(google.granted("refresh_token")) == 1


def test_a_refused_token_is_renewed_and_not_twice_by_two_who_saw_the_same_refusal(
    google: Authorizing, secrets: Secrets
) -> None:
    access = kept(secrets, google, Clock())
    first = access.token()
    assert access.token_instead_of(first) == access.token_instead_of(first) != first
    assert len(google.granted("refresh_token")) == 1


PROCESS = """
import json, sys
from pathlib import Path
from outreach.connections.identities import outgoing
from outreach.connections.secrets import Secret, Secrets
from outreach.mail.oauth import Access
from outreach.words.mail_providers import OAUTH
from tests.sending.test_access import ACCOUNT
from tests.servers.authorization import here
OAUTH["google"] = here(OAUTH["google"], sys.argv[1], frozenset({"localhost"}))
access = Access(outgoing(ACCOUNT, Path()), OAUTH["google"], Secrets(), lambda: 1_800_003_590.0)
print("ready", flush=True)
sys.stdin.readline()
print(access.token().reveal())
"""


def test_two_processes_that_renew_at_once_spend_a_refresh_token_once(google: Authorizing, secrets: Secrets) -> None:
    kept(secrets, google, Clock())
    command = [sys.executable, "-c", PROCESS, google.issuer]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": ROOT, "text": True}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    tokens = {process.communicate(timeout=60)[0].strip() for process in both}
    assert len(tokens) == 1
    assert len(google.granted("refresh_token")) == 1
    assert not google.ended
    assert tokens != {""}


def test_what_is_kept_is_for_its_owner_alone_and_survives_being_read(google: Authorizing, secrets: Secrets) -> None:
    kept(secrets, google, Clock())
    assert oct(secrets.file.stat().st_mode & 0o777) == "0o600"
    names = json.loads(secrets.file.read_text())
    port = urlsplit(google.issuer).port
    assert set(names) == {f"oauth:{USER}@localhost:{port} plain", f"oauth-client:@localhost:{port} plain"}


@given(st.text())
@settings(max_examples=30)
def test_something_else_in_its_place_is_no_access(text: str) -> None:
    assert kept_in(Secret(text)) is None


# --- losing it -----------------------------------------------------------------------------------------

LOST = {
    "invalid_grant: Token has been expired or revoked.": ("has expired or was revoked", "seven days"),
    "invalid_grant: AADSTS700082: The refresh token has expired due to inactivity.": ("has expired", "login mail"),
    "invalid_grant: AADSTS50173: The provided grant has expired due to it being revoked.": (
        "the password was changed", "login mail"),
    "invalid_grant: AADSTS65001: The user or administrator has not consented to use the application": (
        "consent to read and send mail as alex@sender.test was withdrawn", "login mail"),
    "invalid_client: The OAuth client was not found.": ("does not accept the client ID", "--new-client"),
    "unauthorized_client: AADSTS700016: Application with identifier 'x' was not found": (
        "does not accept the client ID", "--new-client"),
    "invalid_client: AADSTS7000218: The request body must contain client_assertion or client_secret": (
        "wants a secret", "Allow public client flows"),
    "invalid_request: AADSTS50194: Application 'x' is not configured as a multi-tenant application.": (
        "for one organisation only", "tenant"),
    "interaction_required: AADSTS50076: you must use multi-factor authentication": ("second factor", "login mail"),
    "access_denied: AADSTS90094: The grant requires administrator permission.": ("does not allow", "administrator"),
    "temporarily_unavailable: ": ("for now", "some minutes"),
    "something_new: words of tomorrow": ("refused access", "login mail"),
}  # fmt: skip


@pytest.mark.parametrize("answer", LOST)
def test_whatever_ends_the_access_is_said_in_one_sentence_with_its_remedy(
    google: Authorizing, secrets: Secrets, answer: str
) -> None:
    clock = Clock()
    access = kept(secrets, google, clock)
    clock.at += google.lifetime
    error, _, description = answer.partition(": ")
    google.refuses = (error, f"{description} refresh-canary-x {secrets.get(oauth_access(OAUTH['google'], USER))}")
    with pytest.raises(AccessRefused) as refused:
        access.token()
    sentence, remedy = LOST[answer]
    google.refuses = None
    assert sentence in str(refused.value)
    assert remedy in refused.value.hint
    assert len(google.granted("refresh_token")) == 1  # nobody asks again and again
    assert refused.value.stops_run


def test_access_that_was_revoked_says_so_and_shows_nothing_secret(google: Authorizing, secrets: Secrets) -> None:
    clock = Clock()
    access = kept(secrets, google, clock)
    google.revoke()
    clock.at += google.lifetime
    with pytest.raises(AccessRefused, match="expired or was revoked") as refused:
        access.token()
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    assert "canary" not in f"{refused.value}{refused.value.hint}"


@pytest.mark.parametrize(("off", "words"), [(-5 * MINUTES, "5 minutes ahead"), (5 * MINUTES, "5 minutes behind")])
def test_where_the_clock_may_be_the_reason_it_is_named(
    google: Authorizing, secrets: Secrets, off: float, words: str
) -> None:
    access = kept(secrets, google, lambda: 1_800_000_000.0)
    google.revoke()
    google.clock = off
    with pytest.raises(AccessRefused) as refused:
        access.token_instead_of(access.token())
    assert words in refused.value.hint
    assert "login mail" in refused.value.hint


@pytest.mark.parametrize(
    ("status", "words", "hint", "permanent"),
    [
        (500, "cannot give access to alex@sender.test for now (500", "in some minutes", False),
        (503, "(503", "in some minutes", False),
        (302, "Another page answered in the place of Google (302", "may ask you to log in", False),
        (429, "(429", "in some minutes", False),
        (400, "did not accept the request for access to alex@sender.test (400", "--new-client", True),
        (404, "(404", "--new-client", True),
    ],
)
def test_an_answer_that_is_an_error_is_told_as_it_came_with_what_helps(
    google: Authorizing, secrets: Secrets, status: int, words: str, hint: str, permanent: bool
) -> None:
    """The provider was reached: whether this computer is online is not the question."""
    clock = Clock()
    access = kept(secrets, google, clock)
    clock.at += google.lifetime
    google.status = status
    with pytest.raises(AccessRefused) as refused:
        access.token()
    assert words in str(refused.value)
    assert hint in refused.value.hint
    assert "online" not in f"{refused.value}{refused.value.hint}"
    assert refused.value.permanent == permanent
    google.status = 0
    assert access.token()


@settings(max_examples=40)
@given(error=st.text(max_size=30), description=st.text(max_size=80), secret=st.text("abc123", min_size=8, max_size=20))
def test_no_complaint_shows_what_is_hidden(error: str, description: str, secret: str) -> None:
    said = access_refused(
        label="Google",
        user=USER,
        error=f"{error}{secret}",
        description=f"{secret.upper()}{description}",
        hide=(secret,),
    )
    assert secret not in f"{said}{said.hint}".lower()
    assert "\n" not in str(said)


# --- whom it is shown ----------------------------------------------------------------------------------

STRANGE = [
    MailAccount(transport=Transport.SMTP, auth=Auth.GOOGLE, host=host, user=USER)
    for host in ("evil.example", "smtp.gmail.com.evil.example", "127.0.0.1", "localhost.evil.example")
]


@pytest.mark.parametrize("account", STRANGE, ids=lambda account: account.host)
def test_a_strangers_server_is_shown_no_token_whatever_the_file_says(
    google: Authorizing, secrets: Secrets, account: MailAccount
) -> None:
    kept(secrets, google, Clock())
    before = len(google.asked)
    with pytest.raises(NotTheirServer, match="is not a mail server of Google"):
        access_to(outgoing(account, HERE), secrets)
    inbox = MailAccount(auth=Auth.GOOGLE, user=USER, inboxes=(Inbox(imap=account.host),))
    server = incoming(inbox, HERE)
    assert server is not None
    with pytest.raises(NotTheirServer):
        access_to(server, secrets)
    assert len(google.asked) == before


def test_neither_a_certificate_nor_plain_text_of_the_campaigns_own_counts(tmp_path: Path) -> None:
    (tmp_path / "hostile.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    account = MailAccount(
        auth=Auth.GOOGLE, host="localhost", user=USER, ca_file="hostile.pem", insecure_loopback=True,
        inboxes=(Inbox(imap="localhost"),),
    )  # fmt: skip
    for server in (outgoing(account, tmp_path), incoming(account, tmp_path)):
        assert server is not None
        assert server.authority is None
        assert server.security != "none"


@pytest.mark.parametrize("changed", [{"port": 2525}, {"user": "other@sender.test"}, {"security": "tls"}])
def test_access_counts_for_the_server_and_user_of_the_login_alone(
    google: Authorizing, secrets: Secrets, changed: dict[str, Any]
) -> None:
    kept(secrets, google, Clock())
    keys = {"transport": Transport.SMTP, "auth": Auth.GOOGLE, "host": "localhost", "user": USER, **changed}
    access = access_to(outgoing(MailAccount(**keys), HERE), secrets)
    assert access is not None
    with pytest.raises(AccessNotGiven) as refused:
        access.token()
    assert "login mail" in refused.value.hint


@pytest.mark.parametrize("endpoint", ["http://evil.example/token", "https://evil.example/token", "ftp://localhost/x"])
def test_an_endpoint_elsewhere_is_never_asked(google: Authorizing, secrets: Secrets, endpoint: str) -> None:
    clock = Clock()
    access = kept(secrets, google, clock)
    clock.at += google.lifetime
    google.token_endpoint = endpoint
    with pytest.raises(AccessRefused, match="nothing was sent"):
        access.token()


def test_the_environment_does_not_stand_in_for_what_is_renewed(
    google: Authorizing, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    access = kept(secrets, google, clock)
    identity = oauth_access(OAUTH["google"], USER)
    old = secrets.get(identity)
    assert old is not None
    monkeypatch.setenv(identity.variable, old.reveal())
    for _ in range(2):
        clock.at += google.lifetime
        access.token()
    assert not google.ended


# --- the commands --------------------------------------------------------------------------------------


@pytest.fixture
def campaign(google: Authorizing, secrets: Secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A campaign that sends through a server of Google's, which takes any token of the authorization server's last."""
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost")
    leaf.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "public.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "public.pem"))
    options = ("--starttls", "--certificate", str(tmp_path / "server.pem"), "--tokens", str(tmp_path / "tokens"))
    issue = google.access_token

    def issued(user: str) -> str:
        token = issue(user)
        (tmp_path / "tokens").write_text(f"{USER}:{token}")
        return token

    monkeypatch.setattr(google, "access_token", issued)
    with counting(tmp_path / "server", *options) as server:
        mail = f"{{transport: smtp, auth: google, host: localhost, port: {server.port}, user: {USER}}}"
        yield write_campaign(tmp_path / "campaign", mail=mail), server


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def opens_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.connections.browser.has_screen", lambda: True)
    monkeypatch.setattr("outreach.connections.browser.webbrowser.open", in_background)


def test_one_login_then_letters_leave_and_the_client_is_asked_for_once(
    campaign: tuple[Path, Counting], google: Authorizing, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, server = campaign
    opens_a_browser(monkeypatch)
    typed(monkeypatch, CLIENT, CLIENT_SECRET)
    first = run(root, "login", "mail")
    assert first.code == 0, first
    assert "Access through Google will be kept for these servers" in first.out
    assert "make a project" in first.out
    assert "It works: sending through localhost." in first.out
    assert "canary" not in first.out + first.err
    assert run(root, "login", "mail").code == 0
    run(root, "approve", "one")
    assert run(root, "send", "--go").code == 0
    assert len(server.letters()) == 3
    assert [check["ok"] for check in said(root, "doctor")["checks"] if check["name"] == "sending"] == [True]


def test_a_token_that_was_revoked_early_is_renewed_once_and_the_letter_leaves(
    campaign: tuple[Path, Counting], google: Authorizing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root, server = campaign
    opens_a_browser(monkeypatch)
    typed(monkeypatch, CLIENT, CLIENT_SECRET)
    run(root, "login", "mail")
    (tmp_path / "tokens").write_text(f"{USER}:another")
    run(root, "approve", "one")
    assert run(root, "send", "--go").code == 0
    assert len(server.letters()) == 3
    google.revoke()
    (tmp_path / "tokens").write_text(f"{USER}:another")
    [sending] = [check for check in said(root, "doctor")["checks"] if check["name"] == "sending"]
    assert not sending["ok"]
    assert "has expired or was revoked" in sending["message"]
    assert "login mail" in sending["hint"]
    assert "canary" not in json.dumps(sending)


def test_access_to_another_account_is_not_kept(
    campaign: tuple[Path, Counting],
    google: Authorizing,
    secrets: Secrets,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    root, _ = campaign
    opens_a_browser(monkeypatch)
    typed(monkeypatch, CLIENT, CLIENT_SECRET)
    monkeypatch.setattr(google, "access_token", lambda user: "of-somebody-else")
    (tmp_path / "tokens").write_text(f"{USER}:right")
    answer = run(root, "login", "mail")
    assert answer.code == 1
    assert "refused the login" in answer.err
    assert "choose exactly this account" in answer.err
    assert not secrets.file.exists()


def test_without_a_screen_the_page_is_opened_elsewhere(
    campaign: tuple[Path, Counting], google: Authorizing, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = campaign
    typed(monkeypatch, CLIENT, CLIENT_SECRET, "http://127.0.0.1:1/?code=x&state=guessed")
    answer = run(root, "login", "mail", "--no-browser")
    assert answer.code == 2
    assert "Paste that page's whole address" in answer.err
    assert "Paste the whole address from the browser's address bar" in answer.err


def test_at_microsoft_a_code_is_shown_that_is_typed_anywhere(
    microsoft: Authorizing, secrets: Secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = f"{{auth: microsoft, host: localhost, user: {USER}}}"  # nothing is sent there, so it is not tried
    root = write_campaign(tmp_path / "campaign", mail=mail)

    def sleep(seconds: float) -> None:
        [device] = microsoft.devices.values()
        microsoft.typed[device.user_code] = (USER, True)

    monkeypatch.setitem(let_in.__kwdefaults__, "sleep", sleep)
    typed(monkeypatch, CLIENT, "")
    answer = run(root, "login", "mail", "--no-browser")
    assert answer.code == 0, answer
    [device] = microsoft.devices.values()
    assert f"Open {microsoft.issuer}/type anywhere, and type {device.user_code}" in answer.out
    assert "refresh-canary" in secrets.file.read_text()
    assert "canary" not in answer.out + answer.err


def test_a_rehearsal_asks_no_provider(tmp_path: Path, secrets: Secrets, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_campaign(tmp_path / "campaign", mail=f"{{auth: google, host: smtp.gmail.com, user: {USER}}}")
    typed(monkeypatch, CLIENT, CLIENT_SECRET)
    answer = run(root, "login", "mail", now="2027-01-01T09:00:00+01:00")
    assert answer.code == 1
    assert "Under OUTREACH_NOW nothing is sent to accounts.google.com" in answer.err
    assert not secrets.file.exists()


def test_without_the_extra_it_says_what_to_install(
    campaign: tuple[Path, Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = campaign
    for name in [name for name in sys.modules if name.startswith(("authlib.", "outreach.mail.oauth_"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "authlib", None)
    answer = run(root, "login", "mail")
    assert "needs the extra `oauth`" in answer.err
    assert "pip install 'outreach[oauth]'" in answer.err
    assert issubclass(OAuthNotInstalled, Exception)


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (
            "{transport: smtp, auth: google, host: evil.example, user: a}",
            "`evil.example` is not a mail server of Google",
        ),
        ("{auth: microsoft, user: a, inbox: {imap: imap.gmail.com}}", "is not a mail server of Microsoft"),
        ("{user: a, inbox: {imap: evil.example, auth: google}}", "`evil.example` is not a mail server of Google"),
        ("{auth: google, user: a, ca_file: ca.pem}", "`ca_file` and `auth: google` contradict each other"),
        ("{auth: gogle, user: a}", "auth"),
        ("{auth: google, host: smtp.gmail.com}", "`auth: google` needs a `user`"),
    ],
)
def test_check_says_which_server_access_cannot_go_to(tmp_path: Path, mail: str, words: str) -> None:
    root = write_campaign(tmp_path / "campaign", mail=mail)
    found = [problem["message"] for problem in said(root, "check")["problems"] if problem["level"] == "error"]
    assert any(words in message for message in found), found
