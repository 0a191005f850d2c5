"""What a mail server says when it refuses a login, in its own words, and what to do about it."""

from __future__ import annotations

import re
from ast import literal_eval

from outreach.connections.secrets import Secret

_BYTES = re.compile(r"""\[?(b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*")\]?""")
LONGEST = 200
"""Characters of a server's words that are shown."""

_REMEDIES = (
    (
        ("user credentials were incorrect",),
        "Store the right password with `outreach login mail`, or write `auth: microsoft` in accounts.mail.",
    ),
    (
        (
            "application-specific password",
            "application specific password",
            "application password",
            "app password",
            "apppassword",
            "app-specific password",
        ),
        "Make an app password in the settings of your account, and enter it with `outreach login mail`.",
    ),
    (
        ("smtpclientauthentication is disabled", "5.7.139", "basic authentication is ", "basicauthblocked", "5.7.30"),
        "Write `auth: microsoft` in accounts.mail and run `outreach login mail`. If it is refused then, too, ask your "
        "administrator to allow authenticated SMTP for this mailbox.",
    ),
    (
        (
            "imap access is disabled",
            "imap is disabled",
            "not enabled for imap",
            "yet to enable imap",
            "imap access denied",
            "does not have access rights to this service",
            "imap access is not allowed",
        ),
        "Allow IMAP in your account's settings.",
    ),
    (
        ("authenticated but not connected",),
        "This account has no mailbox there, or IMAP is off for it: ask your administrator.",
    ),
    (("too many", "rate limit", "try again later"), "Wait some minutes, then try it again."),
    (
        (
            "web login required",
            "webloginrequired",
            "log in via your web browser",
            "account is locked",
            "account has been",
        ),
        "Log in once in your browser, confirm that it is you, then try it again.",
    ),
)


def as_said(words: str) -> str:
    """A server's words as they came, where imaplib wrote them as Python does: `b'no'` becomes `no`.

    A secret that a server repeats is only found so: Python writes `\\xc3\\xa9` for `é`.
    """

    def plain(found: re.Match[str]) -> str:
        try:
            return bytes(literal_eval(found[1])).decode("utf-8", "replace")
        except (ValueError, SyntaxError):  # the server itself wrote that
            return found[0]

    return _BYTES.sub(plain, words)


def quoted(said: bytes | str, *secrets: Secret | None) -> str:
    """The server's words on one line, without a secret that it repeats."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else as_said(said)
    for secret in secrets:
        if secret is not None and secret.reveal():
            text = text.replace(secret.reveal(), "***")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]


def remedy(said: str, *, by_token: bool, by_access: bool = False) -> str:
    """What helps, as a sentence. `by_access`: the token was one that Google or Microsoft had just given."""
    words = said.casefold()
    for signs, hint in _REMEDIES:
        if any(sign in words for sign in signs):
            return hint
    if by_access:
        return "Run `outreach login mail` again, and choose exactly this account on the page."
    if by_token:
        return "The token has probably expired. Store a new one with `outreach login mail --token`."
    return "Store the right password with `outreach login mail`; some providers want an app password."
