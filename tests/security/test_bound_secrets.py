"""Whatever campaign.yaml says, a secret goes to the server that it was entered for, and nowhere else.

Every host is a loopback server that keeps what it is shown (`tests.security.everywhere`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.connections.identities import oauth_access, oauth_client
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import OutreachError
from outreach.mail.oauth import Kept, client_as_secret
from outreach.model.campaign import Accounts
from outreach.model.secret import identity_named
from outreach.publishing.mastodon import publisher as mastodon_publisher
from outreach.tasks.adapters import mailbox_of, publisher_for, transport_for
from outreach.tasks.campaign import load
from outreach.words.mail_providers import OAUTH
from tests.acceptance.command import Answer
from tests.security.campaigns import ALEX, GOOGLE, HERE, REMOTE, changed, log_in, new_campaign, write
from tests.security.everywhere import PLAIN, Everywhere, Place, everywhere
from tests.sending.campaigns import run

COMMANDS = [
    ["sync"], ["doctor"], ["send", "--go"], ["publish", "--go"], ["adopt"], ["test", "acme"], ["lookup"],
    ["correct", "one", "--go"], ["retract", "one", "--go"], ["run", "--once", "--go"],
]  # fmt: skip
ENTERED = [
    "remote", "remote-adopted", "remote-variables", "here", "here-adopted", "here-variables", "old", "old-variables",
    "google",
]  # fmt: skip
HOSTS = [
    "mail.real.example", "mail-real.example", "imap.real.example", "hostile.example", "localhost", "127.0.0.1",
    "smtp.gmail.com", "imap.gmail.com", "smtp.gmail.com.hostile.example", "outlook.office365.com",
]  # fmt: skip
AUTHS = [None, "password", "google", "microsoft"]
PORTS = [25, 143, 465, 587, 993, 1025, 1143, 9931]
USERS = [ALEX, "alex", "ALEX@real.example", "other@real.example"]
SERVERS = [
    "https://bsky.social", "https://bsky.social:8443", "https://bsky-social.example", "https://social.example",
    "https://SOCIAL.example", "https://social.example:444", "https://social-example", "https://hostile.example",
    "https://bsky.social@hostile.example", "https://hostile.example/bsky.social", "http://localhost:2583",
    "http://localhost:3000", "https://localhost:3000", "http://127.0.0.1:3000", "http://localhost:9932",
]  # fmt: skip
KEYS: dict[tuple[str, ...], list[Any]] = {
    ("mail", "host"): HOSTS,
    ("mail", "auth"): AUTHS,
    ("mail", "inbox", "auth"): AUTHS,
    ("mail", "port"): [None, *PORTS],
    ("mail", "security"): [None, "starttls", "tls"],
    ("mail", "user"): [None, *USERS],
    ("mail", "ca_file"): [None, "own.pem", "hostile.pem"],
    ("mail", "insecure_loopback"): [True],
    ("mail", "inbox", "imap"): HOSTS,
    ("mail", "inbox", "port"): [None, *PORTS],
    ("mail", "inbox", "user"): [None, *USERS],
    ("bluesky", "service"): [None, *SERVERS],
    ("bluesky", "handle"): ["other.bsky.social", "Alex.bsky.social"],
    ("mastodon", "server"): SERVERS,
    ("mastodon", "account"): [None, "alex@social.example", "other@social.example"],
}
"""Every key of an account, and what it may be changed to; None takes it away."""
ONE_KEY = [(key, value) for key, values in KEYS.items() for value in values]
SEVERAL_KEYS = st.lists(st.sampled_from(ONE_KEY), max_size=5)


@dataclass
class Prepared:
    """Campaigns whose secrets were entered, where those are kept, and under which variables."""

    server: Everywhere
    folder: Path
    secrets: Path
    variables: dict[str, dict[str, str]] = field(default_factory=dict)

    def copy(self, name: str, accounts: dict[str, Any]) -> Path:
        """A campaign as it was prepared, with other accounts, and its secrets as they were then."""
        root = self.folder / "now"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.folder / name, root)
        shutil.copy(self.folder / f"{name}.json", self.secrets)
        write(root, accounts)
        self.server.forget()
        self.server.signed_by = (accounts["mail"].get("ca_file") or "public").removesuffix(".pem")
        return root

    def run(self, name: str, accounts: dict[str, Any], *words: str, now: str | None = None) -> Answer:
        root = self.copy(name, accounts)
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in self.variables.get(name, {}).items():
                patch.setenv(variable, value)
            return run(root, *words, now=now)


HOMES = {
    "remote": (
        REMOTE,
        [Place("smtp", "mail.real.example", 587), Place("imap", "imap.real.example", 993)],
        Place("http", "bsky.social", 443),
        Place("http", "social.example", 443),
    ),
    "here": (
        HERE,
        [Place("smtp", "localhost", 1025, "own"), Place("imap", "localhost", 1143, "own")],
        Place("http", "localhost", 2583, PLAIN),
        Place("http", "localhost", 3000, PLAIN),
    ),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Secrets that `outreach login` was told, those under old names, and those in variables, old and new."""
    folder = tmp_path_factory.mktemp("everywhere")
    with everywhere(folder) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_SECRETS", str(folder / "secrets.json"))
        patch.setattr(mastodon_publisher, "_READ_BACK", (0.0,))
        server.text = "Hello world"
        made = Prepared(server, folder, folder / "secrets.json")
        for name in HOMES:
            enter(made, name)
        old(made)
        google(made)
        yield made


def enter(made: Prepared, name: str) -> None:
    """Everything by `login`, before and after the posts were found on their networks; and the same as variables."""
    server, folder = made.server, made.folder
    accounts, mail, bluesky, mastodon = HOMES[name]
    root = new_campaign(folder / name, server, accounts)
    server.signed_by = "own" if name == "here" else "public"
    log_in(root, "mail", server.marker(*mail, user=ALEX))
    log_in(root, "bluesky", server.marker(bluesky))
    log_in(root, "mastodon", server.marker(mastodon), "--token")
    shutil.copy(made.secrets, folder / f"{name}.json")
    shutil.copytree(root, folder / f"{name}-adopted")
    assert run(folder / f"{name}-adopted", "adopt").code == 0
    shutil.copy(made.secrets, folder / f"{name}-adopted.json")
    shutil.copytree(root, folder / f"{name}-variables")
    (folder / f"{name}-variables.json").write_text("{}")
    (folder / f"{name}-variables.json").chmod(0o600)
    kept = {identity_named(each): value for each, value in json.loads(made.secrets.read_text()).items()}
    made.variables[f"{name}-variables"] = {each.variable: value for each, value in kept.items() if each}
    assert server.shown() == {"smtp", "imap", "http"}
    assert server.leaks() == []
    made.secrets.unlink()


def old(made: Prepared) -> None:
    """What an earlier version kept, in the file and in the environment."""
    server, folder = made.server, made.folder
    secrets = {
        f"mail:{ALEX}@mail.real.example": server.marker(Place("smtp", "mail.real.example", None), user=ALEX),
        f"mail:{ALEX}@imap.real.example": server.marker(Place("smtp", "imap.real.example", None), user=ALEX),
        "bluesky:alex.bsky.social": server.marker(Place("http", "bsky.social", 443)),
        "bluesky-session:alex.bsky.social": json.dumps(
            {"did": "did:plc:a", "accessJwt": server.marker(), "refreshJwt": server.marker(), "logins": [],
             "pds": "https://named-by-a-server.example"}
        ),
        "mastodon:social.example": server.marker(Place("http", "social.example", 443)),
    }  # fmt: skip
    new_campaign(folder / "old", server, REMOTE)
    (folder / "old.json").write_text(json.dumps(secrets))
    shutil.copytree(folder / "old", folder / "old-variables")
    (folder / "old-variables.json").write_text("{}")
    for path in (folder / "old.json", folder / "old-variables.json"):
        path.chmod(0o600)
    made.variables["old-variables"] = {
        "OUTREACH_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", name.upper()): server.marker()
        for name in [*secrets, f"mail-token:{ALEX}@mail.real.example", "mastodon:localhost:3000", "mail:alex@localhost"]
    }


def google(made: Prepared) -> None:
    """Access that Google gave, as `outreach login` keeps it, with passwords for another mailbox of the same user."""
    server, folder = made.server, made.folder
    places = [Place("smtp", "smtp.gmail.com", 587), Place("imap", "imap.gmail.com", 993)]
    access = Kept(
        access=Secret(server.marker(*places, user=ALEX)),
        refresh=Secret(server.marker(Place("http", "oauth2.googleapis.com", 443))),
        since=0.0,
        until=1e12,
        servers=tuple(f"{place.protocol}:{ALEX}@{place.host}:{place.port}" for place in places),
    )
    kept = {
        oauth_access(OAUTH["google"], ALEX).name: access.as_secret().reveal(),
        oauth_client(OAUTH["google"]).name: client_as_secret("id", server.marker(), "").reveal(),
        f"smtp:{ALEX}@mail.real.example:587": server.marker(Place("smtp", "mail.real.example", 587), user=ALEX),
    }
    new_campaign(folder / "google", server, GOOGLE)
    (folder / "google.json").write_text(json.dumps(kept))
    (folder / "google.json").chmod(0o600)


def ask(prepared: Prepared, name: str, accounts: dict[str, Any], whom: Iterable[str]) -> None:
    """Connect to the servers of these accounts as commands do, and let each ask what it wants."""
    root = prepared.copy(name, accounts)
    secrets = Secrets({**os.environ, **prepared.variables.get(name, {})})
    campaign = load(root).folder.campaign  # also where a command would refuse it
    found = campaign.accounts if campaign else Accounts()
    if "mail" in whom:
        with suppress(OutreachError), closing(transport_for(found.mail, root, secrets)) as transport:
            transport.open()
        with suppress(OutreachError):
            mailbox_of(found.mail, root, secrets).close()
    for network, account in found.networks.items():
        if network in whom:
            with suppress(OutreachError):
                publisher = publisher_for(network, account, root, secrets)
                publisher.open()
                publisher.engagement(["1"])


@pytest.mark.parametrize("name", ["remote", "here", "old", "old-variables", "google"])
def test_no_change_of_one_key_shows_a_secret_to_another_server(prepared: Prepared, name: str) -> None:
    for change in ONE_KEY:
        ask(prepared, name, changed(name, [change]), [change[0][0]])
        assert prepared.server.leaks() == [], change


@given(name=st.sampled_from(ENTERED), changes=SEVERAL_KEYS)
def test_no_change_of_several_keys_shows_a_secret_to_another_server(
    prepared: Prepared, name: str, changes: list[tuple[tuple[str, ...], Any]]
) -> None:
    ask(prepared, name, changed(name, changes), REMOTE)
    assert prepared.server.leaks() == []


@given(
    name=st.sampled_from(ENTERED),
    changes=SEVERAL_KEYS,
    words=st.sampled_from(COMMANDS),
    now=st.sampled_from([None, "2026-11-30T09:00:00+00:00"]),
)
@settings(max_examples=settings.default.max_examples // 2)
def test_no_command_shows_a_secret_to_another_server(
    prepared: Prepared, name: str, changes: list[tuple[tuple[str, ...], Any]], words: list[str], now: str | None
) -> None:
    answer = prepared.run(name, changed(name, changes), *words, now=now)
    assert answer.code in (0, 1, 2), answer
    assert prepared.server.leaks() == []


@pytest.mark.parametrize(
    ("name", "protocols"),
    [
        ("remote", {"smtp", "imap", "http"}),
        ("remote-variables", {"smtp", "imap", "http"}),
        ("here", {"smtp", "imap", "http"}),
        ("here-variables", {"smtp", "imap", "http"}),
        ("old", {"smtp", "http"}),  # it was never said whether it was for reading as well
        ("old-variables", set()),
        ("google", {"smtp", "imap"}),
    ],
)
def test_an_unchanged_campaign_shows_every_server_its_secret(
    prepared: Prepared, name: str, protocols: set[str]
) -> None:
    shown = set()
    for words in (["doctor"], ["adopt"]):
        prepared.run(name, changed(name, []), *words)
        shown |= prepared.server.shown()
    assert shown == protocols
    assert prepared.server.leaks() == []
