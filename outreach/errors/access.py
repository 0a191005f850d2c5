"""About access to a mailbox that Google or Microsoft gives (OAuth)."""

from __future__ import annotations

from outreach.errors.campaign import CannotTell
from outreach.errors.sending import MailboxUnreadable, NotSent


class NoAccess(MailboxUnreadable, NotSent):
    """outreach has no access to a mailbox; it holds for sending and for reading.

    `permanent`: only a person can change it.
    """

    def __init__(self, sentence: str, *, hint: str = "", permanent: bool = True) -> None:
        super().__init__(sentence, hint=hint, permanent=permanent)
        self.phase = "AUTH"
        self.stops_run = True


class AccessNotGiven(NoAccess):
    """Nobody has let outreach into that mailbox on this computer; `server` is where its access was wanted."""

    def __init__(self, user: str, provider: str, server: str, given_for: tuple[str, ...] = ()) -> None:
        sentence, hint = f"You have not given outreach access to {user} at {provider}.", "Run `outreach login mail`."
        if given_for:
            sentence = (
                f"You gave outreach access to {user} for {', '.join(given_for)}. campaign.yaml now names {server}."
            )
            sentence += " Nothing was sent there."
            hint = "If that is right, run `outreach login mail` again."
        super().__init__(sentence, hint=hint)


class NotTheirServer(NoAccess):
    """campaign.yaml wants access that a provider gave to be shown to a server that is none of the provider's."""

    def __init__(self, host: str, provider: str, auth: str) -> None:
        hint = f"Correct the server in accounts.mail, or remove `auth: {auth}`."
        super().__init__(f"{host} is not a mail server of {provider}, so it was not given access.", hint=hint)


class AccessRefused(NoAccess):
    """The provider gives no access, or no more; `said` is what it says, in its own words."""

    def __init__(self, sentence: str, said: str, *, hint: str, permanent: bool = True) -> None:
        super().__init__(f"{sentence} ({said})." if said else f"{sentence}.", hint=hint, permanent=permanent)


class NoMailAccount(CannotTell):
    """campaign.yaml names no mail server that wants a login. `lines` would, where the provider is known.

    `user` is the account's, where it has one and only the server is missing.
    """

    def __init__(self, domain: str, lines: str = "", user: str | None = None) -> None:
        hint = f"Add `host` and `user` to accounts.mail. To find the servers of {domain}: outreach login mail --look-up"
        if lines:
            hint = f"Add to campaign.yaml, then run it again:\n{lines}"
        sentence = "campaign.yaml names no mail account with a `user`"
        super().__init__(f"campaign.yaml names no mail server for {user}" if user else sentence, hint)
        self.is_known = bool(lines)


class NoPasswordNeeded(CannotTell):
    """The only server of accounts.mail that a user is named for is one on this computer, reached unencrypted."""

    def __init__(self, user: str, host: str) -> None:
        hint = (
            "You do not need to do anything; see outreach doctor. To log in anyway, remove `insecure_loopback: true`."
        )
        super().__init__(
            f"{host} is reached without encryption, on this computer, so no password of {user} is ever sent there", hint
        )


class OAuthNotInstalled(NoAccess):
    """`auth: google` or `microsoft` needs packages that a plain installation leaves out."""

    def __init__(self, provider: str) -> None:
        hint = "Install it in the same environment: pip install 'outreach[oauth]'"
        super().__init__(f"Access through {provider} needs the extra `oauth`, which is not installed.", hint=hint)
