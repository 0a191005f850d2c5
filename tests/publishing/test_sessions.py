"""Sessions with a PDS: kept, renewed once, and ended by nothing but a plain no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from outreach.connections.http_service import Limits
from outreach.connections.identities import bluesky_password
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import NotSent
from outreach.model.secret import SecretIdentity, SecretKind
from outreach.publishing.bluesky import BlueskySession
from outreach.publishing.bluesky.session import AS_IT_IS
from tests.servers.fault_proxy import FaultProxy, fault_proxy
from tests.servers.pds import PASSWORD, Pds

LOGIN, RENEW = "com.atproto.server.createSession", "com.atproto.server.refreshSession"
_handles = iter(range(1000))


@dataclass
class Account:
    """An account whose password and session are kept in a file."""

    handle: str
    secrets: Secrets
    proxy: FaultProxy

    def session(self) -> BlueskySession:
        return BlueskySession(self.proxy.url, self.handle, self.secrets, limits=Limits(connect=2, answer=10))

    @property
    def password(self) -> SecretIdentity:
        return bluesky_password({"service": self.proxy.url, "handle": self.handle})

    @property
    def tokens(self) -> SecretIdentity:
        return replace(self.password, kind=SecretKind.BLUESKY_SESSION)

    def kept(self) -> dict[str, str]:
        found = self.secrets.get(self.tokens)
        assert found
        value = json.loads(found.reveal())
        assert isinstance(value, dict)
        return value

    def spoil(self) -> None:
        """The access token is one that the server does not take any more."""
        self.secrets.put(self.tokens, Secret(json.dumps({**self.kept(), "accessJwt": "e30.e30.e30"})))

    def asked(self, nsid: str) -> int:
        return sum(nsid in line for line in self.proxy.heard)


@pytest.fixture
def account(pds: Pds, tmp_path: Path) -> Iterator[Account]:
    handle = f"session{next(_handles)}"
    pds.account(handle)
    secrets = Secrets({"OUTREACH_SECRETS": str(tmp_path / "secrets.json")}, keyring=False)
    with fault_proxy(pds.url) as proxy:
        account = Account(f"{handle}.test", secrets, proxy)
        secrets.put(account.password, Secret(PASSWORD))
        yield account


def who(session: BlueskySession) -> int:
    return session.read(lambda client: client.com.atproto.server.get_session(**AS_IT_IS)).status


def test_one_login_serves_many_runs(account: Account) -> None:
    assert [who(account.session()) for _ in range(3)] == [200, 200, 200]
    assert account.asked(LOGIN) == 1


def test_an_access_token_that_ran_out_is_renewed_and_kept(account: Account) -> None:
    who(account.session())
    account.spoil()
    assert who(account.session()) == 200
    assert (account.asked(LOGIN), account.asked(RENEW)) == (1, 1)
    assert account.kept()["accessJwt"] != "e30.e30.e30"


def test_two_at_once_renew_once(account: Account) -> None:
    who(account.session())
    account.spoil()
    with ThreadPoolExecutor(2) as both:
        assert list(both.map(who, [account.session(), account.session()])) == [200, 200]
    assert (account.asked(LOGIN), account.asked(RENEW)) == (1, 1)


@pytest.mark.parametrize("fault", ["status-before=502", "drop-before"])
def test_a_server_in_trouble_ends_no_session(account: Account, fault: str) -> None:
    who(account.session())
    account.spoil()
    before = account.kept()
    account.proxy.will(RENEW, fault)
    with pytest.raises(NotSent):
        who(account.session())
    assert account.kept() == before
    assert who(account.session()) == 200
    assert account.asked(LOGIN) == 1


def test_an_app_password_that_was_revoked_is_said_and_a_new_one_goes_on(pds: Pds, account: Account) -> None:
    full = pds.ask("com.atproto.server.createSession", {"identifier": account.handle, "password": PASSWORD})
    token = str(full["accessJwt"])
    make = "com.atproto.server.createAppPassword"
    account.secrets.put(account.password, Secret(str(pds.ask(make, {"name": "first"}, token)["password"])))
    assert who(account.session()) == 200
    pds.tell("com.atproto.server.revokeAppPassword", {"name": "first"}, token)
    account.spoil()
    with pytest.raises(NotSent, match="does not take the password") as refusal:
        who(account.session())
    assert "outreach login bluesky" in refusal.value.hint
    second = Secret(str(pds.ask(make, {"name": "second"}, token)["password"]))
    account.session().log_in(second)
    account.secrets.put(account.password, second)
    assert who(account.session()) == 200
    assert account.asked(LOGIN) == 3


def test_a_wrong_password_is_said_without_it(account: Account) -> None:
    account.secrets.put(account.password, Secret("not-the-password"))
    with pytest.raises(NotSent, match="does not take the password") as refusal:
        account.session().open()
    assert "not-the-password" not in f"{refusal.value!r}{refusal.value.hint}{refusal.value.reply}"
    assert refusal.value.stops_run


@pytest.mark.parametrize(("times", "within"), [(80, "80 times within a day"), (25, "25 times within five minutes")])
def test_logins_are_counted_and_kept(account: Account, times: int, within: str) -> None:
    account.secrets.put(account.tokens, Secret(json.dumps({"logins": [9e9] * times})))
    with pytest.raises(NotSent, match=within):
        account.session().open()
    assert account.asked(LOGIN) == 0


def test_a_login_is_counted_where_it_was_heard(account: Account) -> None:
    account.secrets.put(account.password, Secret("not-the-password"))
    with pytest.raises(NotSent):
        account.session().open()
    assert len(account.kept()["logins"]) == 1
    silent = bluesky_password({"service": "http://localhost:9", "handle": account.handle})
    account.secrets.put(silent, Secret(PASSWORD))
    unreached = BlueskySession("http://localhost:9", account.handle, account.secrets, limits=Limits(connect=2))
    with pytest.raises(NotSent, match="cannot be reached"):
        unreached.open()
    assert len(account.kept()["logins"]) == 1
