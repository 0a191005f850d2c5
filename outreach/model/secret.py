"""The identity of a secret: what it opens, for which user, and the one server that it was entered for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from outreach.model.records import dataclass

VARIABLE_PREFIX = "OUTREACH_SECRET_FOR_"
"""Never the beginning of an old name of a variable: those went on with MAIL, BLUESKY or MASTODON."""
OLD_VARIABLE_PREFIX = "OUTREACH_SECRET_"
UNENCRYPTED = "plain"

_WORDS = {".": "DOT", "-": "DASH", "@": "AT", ":": "COLON", " ": "SPACE", "=": "IS"}
_NAME = re.compile(
    r"(?P<kind>[a-z-]+):(?P<user>.*)@(?P<host>[^@\s]+):(?P<port>\d+)(?: (?P<trust>plain|ca=[0-9a-f]{64}))?", re.DOTALL
)


class SecretKind(StrEnum):
    """What a secret opens: sending mail, reading mail, an account on a network.

    OAUTH is the access that Google or Microsoft gave to one of their mailboxes, kept under the server that renews it;
    the mail servers that it may be shown are kept with it. OAUTH_CLIENT is how that server knows outreach. LEDGER is
    the address of a ledger in PostgreSQL; its `user` is the campaign's id. OIDC_CLIENT is the secret by which the login
    provider of a team knows outreach; its `user` is the client ID.
    """

    SMTP = "smtp"
    SMTP_TOKEN = "smtp-token"
    IMAP = "imap"
    IMAP_TOKEN = "imap-token"
    BLUESKY = "bluesky"
    BLUESKY_SESSION = "bluesky-session"
    MASTODON = "mastodon"
    OAUTH = "oauth"
    OAUTH_CLIENT = "oauth-client"
    LEDGER = "ledger"
    OIDC_CLIENT = "oidc-client"


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretIdentity:
    """Where a secret was entered. It is kept under this, and goes nowhere else.

    `host` is in lower case, without spaces and `@`. `user` may be empty for a Mastodon server. `trust` is how the
    server proves who it is: "" by the authorities that this computer knows, `ca=SHA256` by the campaign's own
    `ca_file` with that digest, `plain` not at all (without encryption, to this computer only). `port` 0 is for an old
    name, which tells none.
    """

    kind: SecretKind
    user: str
    host: str
    port: int
    trust: str = ""

    @property
    def name(self) -> str:
        """Its name in the keyring and in the file: `smtp:alex@example.org@mail.example.org:587`."""
        return f"{self.kind}:{self.user}@{self.host}:{self.port}" + (f" {self.trust}" if self.trust else "")

    @property
    def variable(self) -> str:
        """Its name in the environment; no other identity has it.

        Small letters become capitals, and every other character but a digit a word between underscores: no letter
        stands for an underscore, so the words can be told from the rest.
        """
        return VARIABLE_PREFIX + "".join(_in_variable(letter) for letter in self.name)

    @property
    def place(self) -> str:
        """The server as people write it: `mail.example.org:587`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    @property
    def what(self) -> str:
        """What people call it."""
        names = {
            "bluesky": "app password", "mastodon": "access token", "oauth": "access", "ledger": "address",
            "oidc-client": "client secret",
        }  # fmt: skip
        return names.get(self.kind, "password")

    @property
    def login(self) -> str:
        """The command that enters it."""
        network = self.kind.partition("-")[0].replace("oidc", "serve")
        return f"outreach login {network if network in ('bluesky', 'mastodon', 'ledger', 'serve') else 'mail'}"

    @property
    def protocol(self) -> str:
        """SMTP or IMAP, for mail; "" for a network."""
        name = self.kind.partition("-")[0].upper()
        return name if name in ("SMTP", "IMAP") else ""

    def __str__(self) -> str:
        return f"{self.user} at {self.place}" if self.user else self.place

    @property
    def in_full(self) -> str:
        """Whose it is, and all that says where it may go: `alex@example.org at mail.example.org:587 (SMTP)`."""
        protocol = f" ({self.protocol})" if self.protocol else ""
        return f"{self}{protocol}" + (f" {_in_words(self.trust)}" if self.trust else "")

    @property
    def as_token(self) -> SecretIdentity:
        """The OAuth token for the same mail server."""
        return replace(self, kind=SecretKind(f"{self.kind}-token"))

    @property
    def old_names(self) -> tuple[str, ...]:
        """Names from before secrets were bound that count for it: what they named was surely this server.

        `mail:USER@HOST` counts for sending through that host, `bluesky:HANDLE` for bsky.social, `mastodon:HOST` for
        that host; none counts where the campaign brings its own `ca_file`.
        """
        if self.kind in (SecretKind.SMTP, SecretKind.SMTP_TOKEN) and self.user and not self.trust:
            return (f"{_OLD_KINDS[self.kind]}:{self.user}@{self.host}",)
        if self.kind is SecretKind.BLUESKY and (self.host, self.port, self.trust) == ("bsky.social", 443, ""):
            return (f"bluesky:{self.user}",)
        if self.kind is SecretKind.MASTODON and self.trust in ("", UNENCRYPTED):
            usual = 80 if self.trust == UNENCRYPTED else 443
            host = self.place.rpartition(":")[0]
            return (f"mastodon:{self.place}", *([f"mastodon:{host}"] if self.port == usual else []))
        return ()

    @property
    def old_variables(self) -> tuple[str, ...]:
        """Variables of the environment that may have been meant for it, or for another server just as well.

        `mail.example.org` and `mail-example.org` had the same one, so none of them counts.
        """
        old = _OLD_KINDS.get(self.kind)
        if old is None:
            return ()
        about = {"bluesky": self.user, "mastodon": self.place}.get(old, f"{self.user}@{self.host}")
        names = dict.fromkeys([f"{old}:{about}", *self.old_names])
        return tuple(OLD_VARIABLE_PREFIX + re.sub(r"[^A-Z0-9]+", "_", name.upper()) for name in names)


_OLD_KINDS = {
    SecretKind.SMTP: "mail",
    SecretKind.IMAP: "mail",
    SecretKind.SMTP_TOKEN: "mail-token",
    SecretKind.IMAP_TOKEN: "mail-token",
    SecretKind.BLUESKY: "bluesky",
    SecretKind.MASTODON: "mastodon",
}


def identity_named(name: str) -> SecretIdentity | None:
    """The identity that has this name; None for a name of another form, such as an old one."""
    found = _NAME.fullmatch(name)
    if found is None or found["kind"] not in set(SecretKind):
        return None
    return SecretIdentity(
        kind=SecretKind(found["kind"]),
        user=found["user"],
        host=found["host"],
        port=int(found["port"]),
        trust=found["trust"] or "",
    )


def identity_of_old_name(name: str) -> SecretIdentity | None:
    """What a name from before secrets were bound says of where its secret was entered; None for other names."""
    kind, _, about = name.partition(":")
    if kind in ("mail", "mail-token"):
        user, _, host = about.rpartition("@")
        new = SecretKind.SMTP if kind == "mail" else SecretKind.SMTP_TOKEN
        return SecretIdentity(kind=new, user=user, host=host, port=0) if user and host else None
    if kind == "bluesky" and "@" not in about:
        return SecretIdentity(kind=SecretKind.BLUESKY, user=about, host="bsky.social", port=443)
    if kind == "mastodon" and (found := re.fullmatch(r"\[?([^@\[\]]+?)\]?(?::(\d+))?", about)):
        return SecretIdentity(kind=SecretKind.MASTODON, user="", host=found[1], port=int(found[2] or 443))
    return None


def nearest_entered(wanted: SecretIdentity, entered: Iterable[SecretIdentity]) -> SecretIdentity | None:
    """Of what was entered, the secret that whoever wants this one most likely thinks of.

    It is for the same service and of the same user, or at the same host; None if there is no such one.
    """
    found = [
        each
        for each in entered
        if each.login == wanted.login
        and each.kind not in (SecretKind.BLUESKY_SESSION, SecretKind.OAUTH, SecretKind.OAUTH_CLIENT)
        and (each.user == wanted.user or each.host == wanted.host)
    ]

    def distance(each: SecretIdentity) -> tuple[bool, bool, bool, str]:
        return each.protocol != wanted.protocol, each.user != wanted.user, each.host != wanted.host, each.name

    return min(found, key=distance, default=None)


def told_apart(entered: SecretIdentity, wanted: SecretIdentity) -> tuple[str, str]:
    """Where a secret was entered and where one is wanted, with as much as tells the two apart."""
    old, new = str(entered), wanted.place if entered.user == wanted.user else str(wanted)
    if entered.protocol != wanted.protocol:
        return f"{old} ({entered.protocol})", f"{new} ({wanted.protocol})"
    if entered.user == wanted.user and entered.host == wanted.host and entered.trust != wanted.trust:
        then = _in_words(entered.trust) if entered.port else "before a `ca_file` was kept with it"
        return f"{old} {then}", f"{new} {_in_words(wanted.trust)}"
    return old, new


def _in_words(trust: str) -> str:
    if trust == UNENCRYPTED:
        return "without encryption"
    return f"with the `ca_file` {trust.removeprefix('ca=')[:12]}" if trust else "without a `ca_file`"


def name_in_variable(variable: str) -> str | None:
    """The name that a variable of the environment stands for; None if it stands for none."""
    if not variable.startswith(VARIABLE_PREFIX):
        return None
    pieces = variable.removeprefix(VARIABLE_PREFIX).split("_")
    characters = {word: character for character, word in _WORDS.items()}
    name = "".join(
        piece.lower() if position % 2 == 0 else characters.get(piece) or _of_hex(piece)
        for position, piece in enumerate(pieces)
    )
    return name if "".join(_in_variable(letter) for letter in name) == "_".join(pieces) else None


def _in_variable(letter: str) -> str:
    if re.fullmatch(r"[a-z0-9]", letter):
        return letter.upper()
    return f"_{_WORDS.get(letter) or f'X{ord(letter):X}'}_"


def _of_hex(piece: str) -> str:
    code = int(piece[1:], 16) if re.fullmatch(r"X[0-9A-F]{1,6}", piece) else -1
    return chr(code) if 0 <= code <= 0x10FFFF else ""
