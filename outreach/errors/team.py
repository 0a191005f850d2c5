"""About several people who share a campaign in the browser (`outreach serve`)."""

from __future__ import annotations

from outreach.errors.base import OutreachError


class NotAllowed(OutreachError):
    """Somebody who logged in has not the role for this; `role` is the one that is missing."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"You may not do this: it needs the role `{role}`.", hint="The roles are in campaign.yaml, under `people`."
        )
        self.role = role


class NobodyMayLogIn(OutreachError):
    """There is nobody to let in, or no way to find out who somebody is."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(f"Nobody could log in: {why}.", hint=hint)


class UnsafeAddress(OutreachError):
    """Where others would read along, or where browsers could not keep a session."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence, hint=hint)


class LoginRefused(OutreachError):
    """The login provider, or what it sent, does not prove who somebody is; `why` is the end of a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The login was refused: {why}.", hint="Try again. If it happens again, check `login` in campaign.yaml."
        )
