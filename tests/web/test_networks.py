"""Bluesky and Mastodon are connected on their page as `login` does it: the same keys, trial and place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest

from outreach.connections.identities import bluesky_password, mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.networks.registry import published
from outreach.tasks.campaign import load
from outreach.web.pages.networks import NETWORK_LABELS
from tests.sending.campaigns import write_campaign
from tests.servers.fault_proxy import FaultProxy, Said, fault_proxy
from tests.servers.mastodon import CODE, TOKEN, Mastodon, running_mastodon
from tests.web.dashboards import Visitor, served, written

PASSWORD = "canary-of-an-app"
BSKY = {"service": "https://bsky.social"}


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "own" / "secrets.json"))
    return Secrets()


@pytest.fixture
def root(tmp_path: Path, secrets: Secrets) -> Path:
    return write_campaign(tmp_path / "campaign")


@pytest.fixture
def visitor(root: Path) -> Iterator[Visitor]:
    with served(root) as address:
        yield Visitor(address).come_in()


@pytest.fixture
def mastodon() -> Iterator[Mastodon]:
    with running_mastodon() as server:
        yield server


@pytest.fixture
def bluesky(mastodon: Mastodon) -> Iterator[FaultProxy]:
    """A server that says what it is told to say, and nothing else of a Bluesky service."""
    with fault_proxy(mastodon.url) as proxy:
        yield proxy


def accounts(root: Path) -> Mapping[str, Mapping[str, str]]:
    return load(root).campaign.accounts.networks


def section(visitor: Visitor, network: str) -> str:
    page = visitor.page("/networks")
    return unescape(page[page.index(f'id="{network}"') :].partition("</section>")[0])


def which(page: str, network: str) -> str:
    """The server that stands beside the button."""
    found = re.search(rf'name="network" value="{network}"><input type="hidden" name="for" value="([^"]+)"', page)
    assert found is not None, page
    return unescape(found[1])


def test_every_key_of_an_account_has_what_people_call_it() -> None:
    assert {key.name for network in published() for key in network.account} == set(NETWORK_LABELS)


@pytest.mark.parametrize(
    ("network", "typed", "expected"),
    [
        ("bluesky", {"handle": "@Ana.bsky.social"}, {**BSKY, "handle": "ana.bsky.social"}),
        ("bluesky", {"handle": "a.example", "service": "https://bsky.social/"}, {**BSKY, "handle": "a.example"}),
        (
            "bluesky", {"handle": "a.example", "service": "pds.example"},
            {"service": "https://pds.example", "handle": "a.example"},
        ),
        ("mastodon", {"server": "social.example"}, {"server": "https://social.example"}),
        ("mastodon", {"server": " https://social.example/@ana/ "}, {"server": "https://social.example"}),
        ("mastodon", {"server": "@ana@social.example"}, {"server": "https://social.example"}),
        (
            "mastodon", {"server": "social.example:8443", "account": "ana@social.example"},
            {"server": "https://social.example:8443", "account": "ana@social.example"},
        ),
    ],
)  # fmt: skip
def test_an_account_is_written_as_people_type_it_and_undone_to_the_byte(
    visitor: Visitor, root: Path, network: str, typed: dict[str, str], expected: dict[str, str]
) -> None:
    before = written(root)
    answer = visitor.post("/save-network", {"network": network, **typed})
    assert answer.headers["location"] == "/networks"
    assert accounts(root) == {network: expected}
    assert not load(root).problems
    act = re.search(r'name="act" value="([^"]+)"', visitor.page("/networks"))
    assert act is not None
    visitor.post("/undo", {"act": act[1]})
    assert written(root)["campaign.yaml"] == before["campaign.yaml"]


def test_another_account_leaves_every_other_line_as_it_is(visitor: Visitor, root: Path) -> None:
    config = root / "campaign.yaml"
    old = "accounts:\n  mastodon: {server: 'https://old.example', transport: outbox}   # ours\n"
    config.write_text(config.read_text(encoding="utf-8") + old, encoding="utf-8")
    visitor.post("/save-network", {"network": "mastodon", "server": "new.example"})
    assert config.read_text(encoding="utf-8").endswith(
        'accounts:\n  mastodon: {server: "https://new.example", transport: outbox}   # ours\n'
    )
    visitor.post("/save-network", {"network": "bluesky", "handle": "ana.example"})
    assert accounts(root)["bluesky"]["handle"] == "ana.example"
    assert accounts(root)["mastodon"]["server"] == "https://new.example"


@pytest.mark.parametrize(
    "typed",
    [
        {"network": "bluesky", "handle": ""}, {"network": "bluesky", "handle": "ana"},
        {"network": "bluesky", "handle": "a.example\nid: evil"}, {"network": "mastodon", "server": ""},
        {"network": "mastodon", "server": "a b"}, {"network": "mastodon", "server": "x.example\nid: evil"},
        {"network": "mastodon", "server": "javascript:alert(1)"},
        {"network": "mastodon", "server": "x.example", "account": "<b>"},
        {"network": "bluesky", "handle": "a.example", "service": "ftp://x.example"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_stand_there_is_not_written_and_said_at_its_field(
    visitor: Visitor, root: Path, typed: dict[str, str]
) -> None:
    before = written(root)
    answer = visitor.post("/save-network", typed)
    assert answer.status == 409
    assert 'class="fault"' in answer.text
    assert written(root) == before


@pytest.mark.parametrize("path", ["/save-network", "/begin-network", "/sign-in-network"])
@pytest.mark.parametrize("network", ["", "x", "reddit", "mail"])
def test_nobody_signs_in_to_what_is_no_such_network(visitor: Visitor, root: Path, path: str, network: str) -> None:
    before = written(root)
    assert visitor.post(path, {"network": network, "secret": PASSWORD, "for": "x"}).status == 404
    assert written(root) == before


def test_access_to_mastodon_is_allowed_on_its_page_and_the_code_kept_as_a_token(
    visitor: Visitor, root: Path, mastodon: Mastodon, secrets: Secrets
) -> None:
    identity = mastodon_token({"server": mastodon.url})
    visitor.post("/save-network", {"network": "mastodon", "server": mastodon.url})
    assert "not signed in" in section(visitor, "mastodon")
    form = {"network": "mastodon", "for": which(visitor.page("/networks"), "mastodon")}
    begun = visitor.post("/begin-network", form)
    page = unescape(begun.text)
    assert f'href="{mastodon.url}/oauth/authorize?client_id=client' in page
    assert "sent to no other server" in page
    assert identity.place in page
    word = re.search(r'name="word" value="([^"]+)"', page)
    assert word is not None
    refused = visitor.post("/sign-in-network", {**form, "word": word[1], "code": "wrong-canary"})
    assert 'class="notice bad"' in refused.text
    assert secrets.get(identity) is None
    assert "canary" not in refused.text
    taken = visitor.post("/sign-in-network", {**form, "word": word[1], "code": CODE})
    assert taken.headers["location"] == "/networks"
    said = visitor.page("/networks")
    assert "Mastodon: it works. It is kept in" in said
    assert CODE not in said + taken.text
    assert secrets.get(identity) == Secret(TOKEN)
    assert secrets.file.stat().st_mode & 0o077 == 0
    assert not section(visitor, "mastodon").count("not signed in")
    for file in (each for each in root.rglob("*") if each.is_file()):
        assert TOKEN.encode() not in file.read_bytes(), file


def test_a_token_is_tried_and_nothing_is_sent_where_the_settings_name_another_server_by_now(
    visitor: Visitor, root: Path, mastodon: Mastodon, secrets: Secrets
) -> None:
    visitor.post("/save-network", {"network": "mastodon", "server": mastodon.url})
    form = {"network": "mastodon", "for": which(visitor.page("/networks"), "mastodon")}
    wrong = visitor.post("/sign-in-network", {**form, "secret": "wrong-canary"})
    assert 'class="notice bad"' in wrong.text
    assert "canary" not in wrong.text
    empty = visitor.post("/sign-in-network", {**form, "secret": " "})
    assert "Nothing was typed" in empty.text
    word = re.search(r'name="word" value="([^"]+)"', visitor.post("/begin-network", form).text)
    assert word is not None
    with fault_proxy(mastodon.url) as elsewhere:
        visitor.post("/save-network", {"network": "mastodon", "server": elsewhere.url})
        for more in ({"secret": TOKEN}, {"word": word[1], "code": CODE}):
            assert visitor.post("/sign-in-network", {**form, **more}).headers["location"] == "/networks"
            assert "Something changed after you looked" in visitor.page("/networks")
        now = {"network": "mastodon", "for": which(visitor.page("/networks"), "mastodon")}
        visitor.post("/sign-in-network", {**now, "word": word[1], "code": CODE})
        assert elsewhere.heard == []
    assert secrets.get(mastodon_token({"server": elsewhere.url})) is None
    visitor.post("/save-network", {"network": "mastodon", "server": mastodon.url})
    assert visitor.post("/sign-in-network", {**form, "secret": TOKEN}).headers["location"] == "/networks"
    assert secrets.get(mastodon_token({"server": mastodon.url})) == Secret(TOKEN)


def test_an_app_password_is_tried_at_its_service_then_kept(
    visitor: Visitor, root: Path, bluesky: FaultProxy, secrets: Secrets
) -> None:
    identity = bluesky_password({"service": bluesky.url, "handle": "ana.example"})
    visitor.post("/save-network", {"network": "bluesky", "handle": "ana.example", "service": bluesky.url})
    assert f"It is kept for ana.example, {identity.place}, and sent to no other server." in section(visitor, "bluesky")
    form = {"network": "bluesky", "for": which(visitor.page("/networks"), "bluesky"), "secret": PASSWORD}
    bluesky.will_say("createSession", Said(status=401, data=b'{"error": "AuthenticationRequired"}'))
    refused = visitor.post("/sign-in-network", form)
    assert "Bluesky does not take the password for ana.example." in refused.text
    assert "outreach login" not in refused.text
    assert secrets.get(identity) is None
    session = b'{"did": "did:plc:abc", "handle": "ana.example", "accessJwt": "a.b.c", "refreshJwt": "d.e.f"}'
    bluesky.will_say("createSession", Said(status=200, data=session))
    taken = visitor.post("/sign-in-network", form)
    assert taken.headers["location"] == "/networks"
    said = visitor.page("/networks")
    assert "Bluesky: it works. It is kept in" in said
    assert PASSWORD not in refused.text + taken.text + said
    assert secrets.get(identity) == Secret(PASSWORD)


def test_a_server_without_encryption_elsewhere_is_never_asked_for(visitor: Visitor, root: Path) -> None:
    visitor.post("/save-network", {"network": "mastodon", "server": "http://social.example"})
    said = section(visitor, "mastodon")
    assert "is not an https:// address" in said
    assert 'type="password"' not in said
