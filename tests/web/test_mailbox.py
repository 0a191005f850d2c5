"""A mailbox is connected on its page as `login mail` does it: the same lines, the same trial, the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import trustme

from outreach.connections.secrets import Secret, Secrets
from outreach.tasks.login import mail_logins
from outreach.words.mail_providers import MailProvider, provider_of, suggested_lines
from tests.sending.campaigns import write_campaign
from tests.sending.test_access import browse
from tests.servers.authorization import CLIENT, CLIENT_SECRET, authorizing
from tests.servers.counting import counting
from tests.web.dashboards import Visitor, served, written

USER, PASSWORD = "alex@sender.example", "canary in a coal mine"
SERVERS = {
    "address": "alex@posteo.de", "host": "posteo.de", "port": "587", "security": "starttls", "imap": "posteo.de",
    "imap_port": "993",
}  # fmt: skip


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    return Secrets()


@pytest.fixture
def root(tmp_path: Path, secrets: Secrets) -> Iterator[Path]:
    """A campaign whose server wants a password."""
    authority = trustme.CA()
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    options = ("--starttls", "--certificate", str(tmp_path / "server.pem"), "--auth", f"{USER}:{PASSWORD}")
    with counting(tmp_path / "server", *options) as server:
        mail = f"{{transport: smtp, host: 127.0.0.1, port: {server.port}, user: {USER}, ca_file: ca.pem}}"
        root = write_campaign(tmp_path / "campaign", mail=mail)
        authority.cert_pem.write_to_path(str(root / "ca.pem"))
        yield root


def fields(page: str) -> dict[str, str]:
    """The fields of the form with the servers, as they are filled in."""
    form = page[page.index('action="/save-servers"') :]
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', form))
    chosen = re.findall(r'<select id="(\w+)".*?<option value="(\w+)" selected', form)
    return {**{name: unescape(value) for name, value in found.items()}, **dict(chosen)}


def which(page: str) -> str:
    found = re.search(r'name="for" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def test_the_servers_of_a_known_provider_are_those_that_login_proposes(tmp_path: Path) -> None:
    root = write_campaign(tmp_path / "campaign")
    before = (root / "campaign.yaml").read_text(encoding="utf-8")
    with served(root) as address:
        visitor = Visitor(address).come_in()
        found = fields(visitor.post("/find-servers", {"address": "alex@posteo.de", "act": "find"}).text)
        assert (root / "campaign.yaml").read_text(encoding="utf-8") == before
        assert visitor.post("/save-servers", found).headers["location"] == "/mailbox"
        provider = provider_of("alex@posteo.de")
        assert provider is not None
        lines = suggested_lines("alex@posteo.de", provider)
        assert (root / "campaign.yaml").read_text(encoding="utf-8") == f"{before}\n{lines}"
        assert [str(each.in_full) for login in mail_logins(root) for each in login.servers] == [
            "alex@posteo.de at posteo.de:587 (SMTP)", "alex@posteo.de at posteo.de:993 (IMAP)",
        ]  # fmt: skip
        act = re.search(r'name="act" value="([^"]+)"', visitor.page("/mailbox"))
        assert act is not None
        visitor.post("/undo", {"act": act[1]})
    assert (root / "campaign.yaml").read_text(encoding="utf-8") == before


def test_the_net_is_asked_only_where_the_person_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def settings_for(domain: str) -> tuple[MailProvider, str]:
        asked.append(domain)
        return MailProvider(name="Green Mail", smtp="smtp.green.example", imap="imap.green.example"), "its records"

    monkeypatch.setattr("outreach.tasks.login.settings_for", settings_for)
    with served(write_campaign(tmp_path / "campaign")) as address:
        visitor = Visitor(address).come_in()
        page = visitor.post("/find-servers", {"address": "alex@hedges.example", "act": "find"})
        assert "outreach does not know who runs hedges.example" in page.text
        assert asked == []
        page = visitor.post("/find-servers", {"address": "alex@hedges.example", "act": "ask"})
        assert "alex@hedges.example is at Green Mail" in page.text
        assert fields(page.text)["host"] == "smtp.green.example"
    assert asked == ["hedges.example"]


STRANGE = (
    {"host": "a b"}, {"host": "\"><script>alert(1)</script>", "provider": "<script>alert(1)</script>"},
    {"host": "x\nid: evil"}, {"host": "{}"}, {"port": "0"}, {"port": "none"}, {"security": "none"},
    {"auth": "x"}, {"user": "{address!r}\nid: evil"},
)  # fmt: skip


def test_what_cannot_stand_in_the_settings_is_not_written(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    for strange in STRANGE:
        answer = visitor.post("/save-servers", {**SERVERS, **strange})
        assert answer.status == 200, strange
        assert 'class="notice bad"' in answer.text, strange
        assert "<script>alert" not in answer.text
        assert written(campaign) == before, strange


def test_a_port_that_is_none_stays_as_it_was_typed(visitor: Visitor) -> None:
    assert fields(visitor.post("/save-servers", {**SERVERS, "port": "abc"}).text)["port"] == "abc"


def test_servers_in_use_are_corrected_without_typing_them_again(root: Path) -> None:
    with served(root) as address:
        found = fields(Visitor(address).come_in().post("/find-servers", {"address": USER, "act": "type"}).text)
    assert (found["host"], found["user"], found["ca_file"]) == ("127.0.0.1", USER, "ca.pem")


def test_a_password_is_tried_then_kept_and_what_is_ready_is_shown(root: Path, secrets: Secrets) -> None:
    [server] = [each for login in mail_logins(root) for each in login.servers]
    with served(root) as address:
        visitor = Visitor(address).come_in()
        form = {"for": which(visitor.page("/mailbox"))}
        refused = visitor.post("/sign-in", {**form, "password": "wrong canary"})
        said = unescape(refused.text)
        assert f"refused the login of {USER}" in said
        assert "Store the right password; some providers" in said
        assert "with its own certificate" in said
        visitor.language = "de"
        german = unescape(visitor.post("/sign-in", {**form, "password": "wrong canary"}).text)
        assert f"hat die Anmeldung von {USER} abgelehnt: 535" in german
        assert "Gib das richtige Passwort ein" in german
        visitor.language = "en"
        assert secrets.get(server) is None
        assert "Signed in as" not in visitor.page("/mailbox")
        taken = visitor.post("/sign-in", {**form, "password": PASSWORD})
        assert "It works. The password is kept in" in taken.text
        assert "127.0.0.1 accepts emails" in taken.text
        assert secrets.get(server) == Secret(PASSWORD)
        assert f"Signed in as {USER}" in visitor.page("/mailbox")
        config = root / "campaign.yaml"
        config.write_text(config.read_text(encoding="utf-8").replace("host: 127.0.0.1", "host: evil.example"))
        elsewhere = visitor.post("/sign-in", {**form, "password": PASSWORD})
        assert elsewhere.headers["location"] == "/mailbox"
        assert "Something changed after you looked" in visitor.page("/mailbox")
        assert "Signed in as" not in visitor.page("/mailbox"), "nothing is kept for the server that the file names now"
        assert "canary" not in refused.text + taken.text + visitor.page("/mailbox")


def test_access_is_allowed_at_the_provider_and_the_page_notices(
    tmp_path: Path, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    with authorizing("google") as google:
        mail = f"{{auth: google, host: localhost, user: {USER}}}"  # nothing is sent there, so it is not tried
        with served(write_campaign(tmp_path / "campaign", mail=mail)) as address:
            visitor = Visitor(address).come_in()
            page = visitor.page("/mailbox")
            assert "make a project" in page
            form = {"for": which(page), "client": CLIENT, "secret": CLIENT_SECRET}
            assert visitor.post("/let-in", form).headers["location"] == "/mailbox"
            link = until(visitor, rf'href="({re.escape(google.issuer)}[^"]+)" target="_blank"')
            browse(unescape(link))
            until(visitor, f"(Access as {USER} works)")
            assert "Enter another client ID" in visitor.page("/mailbox")
    assert "refresh-canary" in secrets.file.read_text(encoding="utf-8")


def until(visitor: Visitor, pattern: str) -> str:
    """What the page shows as soon as it shows it."""
    for _ in range(3000):
        found = re.search(pattern, visitor.page("/mailbox"))
        if found:
            return found[1]
    raise AssertionError(visitor.page("/mailbox"))
