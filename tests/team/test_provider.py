"""Logging in through a provider: an honest one lets its people in, and nothing that is forged does."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from outreach.connections.identities import login_client
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import NotSent
from outreach.model.member import LoginProvider
from tests.servers.authorization import CLIENT, CLIENT_SECRET, Authorizing, identifying
from tests.team.teams import Team, form, served_team, taken
from tests.web.dashboards import NOW, Answer, Visitor

MARIA = "maria@team.example"


@pytest.fixture
def provider(campaign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authorizing]:
    """A login provider that knows Maria, and whose client the campaign is."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with identifying() as provider:
        provider.user = MARIA
        provider.now = datetime.fromisoformat(NOW).timestamp
        login = LoginProvider(issuer=provider.issuer, client_id=CLIENT)
        with (campaign / "campaign.yaml").open("a") as file:
            file.write(f"login: {{issuer: '{login.issuer}', client_id: {login.client_id}}}\n")
        Secrets().put(login_client(login), Secret(CLIENT_SECRET))
        yield provider


@pytest.fixture
def team(campaign: Path, provider: Authorizing) -> Iterator[Team]:
    """The campaign, open to its people."""
    with served_team(campaign) as team:
        yield team


def begun(team: Team) -> tuple[Visitor, str]:
    """A browser on its way to the provider, and the page that it was sent to."""
    visitor = team.stranger()
    answer = visitor.get("/login/provider")
    said = taken(answer, visitor)["__Host-outreach-login"].lower()
    assert all(word in said for word in ("secure", "httponly", "samesite=lax", "path=/"))
    return visitor, answer.headers["location"]


def agreed(page: str) -> str:
    """The address to which the provider sends the browser back."""
    parts = urlsplit(page)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    line.request("GET", f"{parts.path}?{parts.query}")
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.headers["Location"]


def come_back(team: Team, visitor: Visitor, address: str) -> Answer:
    assert address.startswith(team.address)
    answer = visitor.get(address.removeprefix(team.address))
    taken(answer, visitor)
    return answer


def logged_in(team: Team) -> tuple[Visitor, Answer]:
    visitor, page = begun(team)
    return visitor, come_back(team, visitor, agreed(page))


def test_the_provider_lets_its_people_in(team: Team, provider: Authorizing) -> None:
    assert "Log in with localhost" in team.stranger().page("/login")
    visitor, answer = logged_in(team)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "Logged in as Maria Example." in visitor.page("/")
    (asked,) = provider.granted("authorization_code")
    assert asked["client_secret"] == CLIENT_SECRET
    assert asked["code_verifier"]
    assert "__Host-outreach-login" not in visitor.cookie


def test_what_the_browser_carries_is_bound_and_random(team: Team) -> None:
    pages = [parse_qs(urlsplit(begun(team)[1]).query) for _ in range(2)]
    for page in pages:
        assert page["code_challenge_method"] == ["S256"]
        assert page["response_type"] == ["code"]
        assert set(page["scope"][0].split()) == {"openid", "email"}
        assert page["redirect_uri"] == [f"{team.address}/login/back"]
    for name in ("state", "nonce", "code_challenge"):
        assert len({page[name][0] for page in pages}) == 2
        assert len(pages[0][name][0]) >= 43


def test_an_answer_counts_once_in_the_browser_that_began_it(team: Team) -> None:
    visitor, page = begun(team)
    address = agreed(page)
    for other in (team.stranger(), begun(team)[0]):  # somebody who was sent the address of another's login
        answer = come_back(team, other, address)
        assert answer.status == 403
        assert "not begun in this browser" in answer.text
    assert come_back(team, visitor, address).status == 403  # the wrong browser used it up
    visitor, page = begun(team)
    address = agreed(page)
    assert come_back(team, visitor, address).status == 303
    assert come_back(team, visitor, address).status == 403


@pytest.mark.parametrize("forged", ["", "x", "state"])
def test_a_forged_state_is_refused(team: Team, provider: Authorizing, forged: str) -> None:
    visitor, page = begun(team)
    code = parse_qs(urlsplit(agreed(page)).query)["code"][0]
    address = f"{team.address}/login/back?{urlencode({'code': code, 'state': forged})}"
    assert come_back(team, visitor, address).status == 403
    assert provider.granted("authorization_code") == []  # the code is not even shown to the provider


def test_an_error_of_the_provider_is_said(team: Team) -> None:
    visitor, page = begun(team)
    state = parse_qs(urlsplit(page).query)["state"][0]
    address = f"{team.address}/login/back?{urlencode({'error': '<b>access_denied', 'state': state})}"
    answer = come_back(team, visitor, address)
    assert answer.status == 403
    assert "&lt;b&gt;access_denied" in answer.text
    assert "access_denied" in team.told[0]


def unsigned(of: Authorizing, claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."


def signed(**changes: Any) -> Callable[[Authorizing, dict[str, Any]], str]:
    """Signed by the provider, with claims that are changed; None takes one away."""

    def made(of: Authorizing, claims: dict[str, Any]) -> str:
        changed = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "one"}, changed, of.signing_key())

    return made


def later(**seconds: int) -> Callable[[Authorizing, dict[str, Any]], str]:
    """Signed by the provider, with its times moved."""
    return lambda of, claims: signed(**{name: claims[name] + by for name, by in seconds.items()})(of, claims)


def by_another_key(of: Authorizing, claims: dict[str, Any]) -> str:
    of.signing_key()
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048, private=True))


def by_the_clients_secret(of: Authorizing, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key((CLIENT_SECRET * 2).encode()), algorithms=["HS256"])


def by_the_public_key(of: Authorizing, claims: dict[str, Any]) -> str:
    """The public key, taken for a shared secret."""
    key = OctKey.import_key(json.dumps(of.signing_key().as_dict(private=False)).encode())
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, key, algorithms=["HS256"])


def tampered(of: Authorizing, claims: dict[str, Any]) -> str:
    head, _, mark = signed()(of, {**claims, "email": "other@team.example"}).split(".")
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.{mark}"


FORGED = {
    "unsigned": unsigned,
    "another key": by_another_key,
    "the client's secret": by_the_clients_secret,
    "the public key as a secret": by_the_public_key,
    "tampered": tampered,
    "no token": lambda of, claims: "",
    "nonsense": lambda of, claims: "a.b.c",
    "another nonce": signed(nonce="another"),
    "no nonce": signed(nonce=None),
    "another audience": signed(aud="another-program"),
    "no audience": signed(aud=None),
    "several audiences and no azp": signed(aud=[CLIENT, "another-program"]),
    "another azp": signed(azp="another-program"),
    "another issuer": signed(iss="https://evil.example"),
    "no issuer": signed(iss=None),
    "expired": later(iat=-700, exp=-700),
    "from the future": later(iat=600),
    "without an end": signed(exp=None),
    "without a subject": signed(sub=None),
    "an address nobody verified": signed(email_verified=False),
    "an address that says nothing of it": signed(email_verified=None),
    "verified as a word": signed(email_verified="true"),
    "no address": signed(email=None),
    "an address that is a list": signed(email=[MARIA]),
}


def test_no_forged_token_lets_anybody_in(team: Team, provider: Authorizing) -> None:
    for name, forged in FORGED.items():
        provider.forged = forged
        visitor, answer = logged_in(team)
        assert answer.status == 403, name
        assert "This login did not work" in answer.text, name
        assert "__Host-outreach=" not in visitor.cookie, name
        assert visitor.get("/").headers["location"] == "/login"
    assert len(team.told) == len(FORGED)
    assert not [line for line in team.told if CLIENT_SECRET in line]
    for fine in (signed(aud=[CLIENT]), signed(aud=[CLIENT, "x"], azp=CLIENT), later(exp=-550), later(iat=50), None):
        provider.forged = fine
        assert logged_in(team)[1].status == 303


def test_a_verified_address_of_nobody_is_turned_away(team: Team, provider: Authorizing) -> None:
    provider.user = "stranger@elsewhere.example"
    _, answer = logged_in(team)
    assert answer.status == 403
    assert "stranger@elsewhere.example is not among the people of this campaign" in answer.text


@pytest.mark.parametrize("broken", ["another one", "away", "nonsense"])
def test_a_provider_that_is_not_itself_lets_nobody_in(team: Team, provider: Authorizing, broken: str) -> None:
    visitor, page = begun(team)
    address = agreed(page)
    if broken == "another one":
        provider.says_issuer = "https://evil.example"
    elif broken == "away":
        provider.status = 503
    else:
        provider.token_endpoint = "http://evil.example/token"
    assert come_back(team, visitor, address).status == 403
    assert visitor.get("/").headers["location"] == "/login"
    if broken != "nonsense":
        assert team.stranger().get("/login/provider").status == 403


def test_without_a_provider_there_is_no_way_to_one(campaign: Path) -> None:
    with served_team(campaign) as team:
        assert team.stranger().get("/login/provider").headers["location"] == "/login"
        assert "Log in with" not in team.stranger().page("/login")
        assert team.stranger().get("/login/back?code=x&state=y").status == 403
        assert form(team.stranger(), "/login/provider", {}).status == 403


def test_the_secret_goes_to_no_unsafe_provider() -> None:
    with pytest.raises(NotSent):
        login_client(LoginProvider(issuer="http://id.example.org", client_id="x"))
