"""A secret has one identity, and one name for it in every place where secrets are kept."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outreach.connections import secrets as module
from outreach.connections.secrets import Secret, Secrets
from outreach.model.secret import (
    OLD_VARIABLE_PREFIX,
    SecretIdentity,
    SecretKind,
    identity_named,
    identity_of_old_name,
    name_in_variable,
    nearest_entered,
    told_apart,
)

ODD = st.sampled_from([*"abAB19.-_@:+=/ ü€\U0001f600", "_AT_", "_DOT_", "X2D", "plain", "ca=", ":587"])
USERS = st.lists(ODD, max_size=12).map("".join)
HOSTS = st.from_regex(r"[a-z0-9ü]([a-z0-9.:_-]*[a-z0-9])?", fullmatch=True)
TRUSTS = st.sampled_from(["", "plain", f"ca={'0' * 64}", f"ca={'f' * 64}"])
IDENTITIES = st.builds(
    SecretIdentity,
    kind=st.sampled_from(SecretKind),
    user=USERS,
    host=HOSTS,
    port=st.integers(1, 65535),
    trust=TRUSTS,
)
ALEX = SecretIdentity(kind=SecretKind.SMTP, user="alex@real.org", host="mail.real.org", port=587)


class FakeKeyring:
    """A keyring, as the library shows it: by service and user name, and without a list of what is in it."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets")


def in_file(folder: Path) -> Secrets:
    (folder / "secrets.json").unlink(missing_ok=True)
    return Secrets({"OUTREACH_SECRETS": str(folder / "secrets.json")}, keyring=False)


def in_keyring(folder: Path, keyring: FakeKeyring) -> Secrets:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_usable_keyring", lambda: keyring)
        found = Secrets({"XDG_CONFIG_HOME": str(folder)})
        assert found._keyring is keyring
    return found


@given(IDENTITIES)
def test_a_name_names_one_identity(identity: SecretIdentity) -> None:
    assert identity_named(identity.name) == identity


@given(IDENTITIES)
def test_a_variable_stands_for_one_name(identity: SecretIdentity) -> None:
    assert re.fullmatch(r"[A-Z_][A-Z0-9_]*", identity.variable)
    assert name_in_variable(identity.variable) == identity.name


@given(IDENTITIES, IDENTITIES)
def test_two_identities_never_share_a_variable(one: SecretIdentity, other: SecretIdentity) -> None:
    assert (one.variable == other.variable) == (one == other)
    assert one.variable not in other.old_variables


@given(st.text(alphabet="ABX019_DOTASH", max_size=30))
def test_a_variable_that_no_identity_has_stands_for_none(rest: str) -> None:
    name = name_in_variable(f"OUTREACH_SECRET_FOR_{rest}")
    found = identity_named(name) if name else None
    assert found is None or found.variable == f"OUTREACH_SECRET_FOR_{rest}"


def test_what_a_variable_is_called() -> None:
    called = "OUTREACH_SECRET_FOR_SMTP_COLON_ALEX_AT_REAL_DOT_ORG_AT_MAIL_DOT_REAL_DOT_ORG_COLON_587"
    assert ALEX.variable == called


@given(IDENTITIES, IDENTITIES, st.text(min_size=1))
def test_what_is_put_into_a_storage_comes_back_under_its_identity_alone(
    folder: Path, identity: SecretIdentity, other: SecretIdentity, value: str
) -> None:
    value = value.encode("utf-8", "ignore").decode() or "x"
    keyring = FakeKeyring()
    for secrets in (in_file(folder), in_keyring(folder, keyring)):
        secrets.put(identity, Secret(value))
        assert secrets.get(identity) == Secret(value)
        assert secrets.entered() == [identity]
        assert secrets.get(other) == (Secret(value) if other == identity else None)
        secrets.delete(identity)
        assert secrets.get(identity) is None
        assert secrets.entered() == []
    in_environment = Secrets({identity.variable: value, "OUTREACH_SECRETS": str(folder / "none")}, keyring=False)
    assert in_environment.get(identity) == Secret(value)
    assert in_environment.entered() == [identity]


# --- old names ----------------------------------------------------------------------------------------


@given(IDENTITIES)
def test_an_old_name_counts_only_where_it_was_surely_entered(identity: SecretIdentity) -> None:
    assume(identity.kind is not SecretKind.BLUESKY or "@" not in identity.user)  # a handle has none
    assert not (identity.old_names and identity.trust.startswith("ca="))
    for name in identity.old_names:
        told = identity_of_old_name(name)
        assert told is not None
        assert (told.kind, told.host) == (identity.kind, identity.host)
        assert told.user == ("" if identity.kind is SecretKind.MASTODON else identity.user)


def test_old_names() -> None:
    web = {"kind": SecretKind.MASTODON, "user": "alex"}
    assert ALEX.old_names == ("mail:alex@real.org@mail.real.org",)
    assert SecretIdentity(**web, host="social.example", port=443).old_names == (
        "mastodon:social.example:443", "mastodon:social.example",
    )  # fmt: skip
    assert SecretIdentity(**web, host="localhost", port=3000, trust="plain").old_names == ("mastodon:localhost:3000",)
    assert SecretIdentity(**web, host="social.example", port=444).old_names == ("mastodon:social.example:444",)
    at_home = SecretIdentity(kind=SecretKind.BLUESKY, user="a.b", host="bsky.social", port=443)
    assert at_home.old_names == ("bluesky:a.b",)
    assert SecretIdentity(kind=SecretKind.BLUESKY, user="a.b", host="pds.example", port=443).old_names == ()
    assert SecretIdentity(kind=SecretKind.IMAP, user="a", host="mail.real.org", port=993).old_names == ()
    own = SecretIdentity(kind=SecretKind.SMTP, user="a", host="mail.real.org", port=587, trust=f"ca={'0' * 64}")
    assert own.old_names == ()


def test_what_lies_under_an_old_name_is_found_until_there_is_a_new_one(folder: Path) -> None:
    keyring = FakeKeyring()
    keyring.set_password("outreach", "mail:alex@real.org@mail.real.org", "old")
    (folder / "secrets.json").write_text('{"mail:alex@real.org@mail.real.org": "old"}')
    (folder / "secrets.json").chmod(0o600)
    in_a_file = Secrets({"OUTREACH_SECRETS": str(folder / "secrets.json")}, keyring=False)
    for secrets in (in_a_file, in_keyring(folder, keyring)):
        assert secrets.get(ALEX) == Secret("old")
        assert secrets.get(replace(ALEX, kind=SecretKind.IMAP, port=993)) is None
        secrets.put(ALEX, Secret("new"))
        assert secrets.get(ALEX) == Secret("new")


def test_an_old_variable_that_two_hosts_shared_is_used_for_neither() -> None:
    shared = f"{OLD_VARIABLE_PREFIX}MAIL_ALEX_REAL_ORG_MAIL_REAL_ORG"
    secrets = Secrets({shared: "canary", "OUTREACH_SECRETS": "/nowhere/secrets.json"}, keyring=False)
    for host in ("mail.real.org", "mail-real.org"):
        identity = SecretIdentity(kind=SecretKind.SMTP, user="alex@real.org", host=host, port=587)
        assert secrets.get(identity) is None
        assert secrets.old_variable(identity) == shared


@pytest.mark.parametrize("name", ["mail:", "mail:a", "nothing", "", "mail-session:a@b", "bluesky-session:a", "x:y@z:1"])
def test_a_name_that_says_no_place_is_no_identity(name: str) -> None:
    assert identity_named(name) is None
    assert identity_of_old_name(name) is None


# --- what is said where one is missing ----------------------------------------------------------------


def at(kind: SecretKind, user: str, host: str, port: int, trust: str = "") -> SecretIdentity:
    return SecretIdentity(kind=kind, user=user, host=host, port=port, trust=trust)


@pytest.mark.parametrize(
    ("entered", "wanted", "said"),
    [
        (ALEX, at(SecretKind.SMTP, ALEX.user, "mail.other.example", 587), (
            "alex@real.org at mail.real.org:587", "mail.other.example:587")),
        (ALEX, at(SecretKind.SMTP, "kim", "mail.real.org", 587), (
            "alex@real.org at mail.real.org:587", "kim at mail.real.org:587")),
        (ALEX, at(SecretKind.IMAP, ALEX.user, "localhost", 9931), (
            "alex@real.org at mail.real.org:587 (SMTP)", "localhost:9931 (IMAP)")),
        (ALEX, at(SecretKind.SMTP, ALEX.user, "mail.real.org", 587, f"ca={'a' * 64}"), (
            "alex@real.org at mail.real.org:587 without a `ca_file`",
            "mail.real.org:587 with the `ca_file` aaaaaaaaaaaa")),
        (at(SecretKind.SMTP, "a", "b.example", 0), at(SecretKind.SMTP, "a", "b.example", 587, f"ca={'a' * 64}"), (
            "a at b.example before a `ca_file` was kept with it", "b.example:587 with the `ca_file` aaaaaaaaaaaa")),
        (at(SecretKind.IMAP, "a", "localhost", 143, f"ca={'b' * 64}"),
            at(SecretKind.IMAP, "a", "localhost", 143, "plain"), (
            "a at localhost:143 with the `ca_file` bbbbbbbbbbbb", "localhost:143 without encryption")),
        (at(SecretKind.MASTODON, "", "one.example", 443), at(SecretKind.MASTODON, "", "two.example", 443), (
            "one.example:443", "two.example:443")),
        (at(SecretKind.MASTODON, "", "::1", 3000), at(SecretKind.MASTODON, "", "::1", 3001), (
            "[::1]:3000", "[::1]:3001")),
    ],
)  # fmt: skip
def test_old_and_new_are_told_apart(entered: SecretIdentity, wanted: SecretIdentity, said: tuple[str, str]) -> None:
    assert nearest_entered(wanted, [entered]) == entered
    assert told_apart(entered, wanted) == said


@given(IDENTITIES, st.lists(IDENTITIES, max_size=4))
def test_only_what_has_to_do_with_it_is_told(wanted: SecretIdentity, entered: list[SecretIdentity]) -> None:
    near = nearest_entered(wanted, entered)
    assert near is None or (near.login == wanted.login and (near.user == wanted.user or near.host == wanted.host))
    if near is not None and near != wanted:
        old, new = told_apart(near, wanted)
        assert old != new
