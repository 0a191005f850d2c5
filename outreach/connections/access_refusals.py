"""Why Google or Microsoft gives no access (OAuth), and what helps: one sentence for each reason."""

from __future__ import annotations

from outreach.connections.http_service import text_without
from outreach.connections.login_refusals import quoted
from outreach.errors import AccessRefused

_AGAIN = "Run `outreach login mail` again."
_NEW_CLIENT = "See outreach help mail-accounts, and enter it with `outreach login mail --new-client`."
_ADMINISTRATOR = "Ask your administrator to allow this client ID."
CLOCK = 120.0
"""Seconds that a clock may be wrong before it is named as a possible reason."""

_REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("aadsts50173", "password has changed", "password was changed", "sessions were revoked"),
     "{label} ended the access to {user}, because the password was changed or all sessions were closed", _AGAIN),
    (("aadsts65001", "consent_required", "has not consented"),
     "The consent to read and send mail as {user} was withdrawn at {label}", _AGAIN),
    (("aadsts90094", "aadsts90095", "admin_policy_enforced", "org_internal", "aadsts53003", "aadsts530003"),
     "The organisation of {user} does not allow this program", _ADMINISTRATOR),
    (("aadsts700082", "aadsts70008", "aadsts70043", "due to inactivity", "lifetime"),
     "The access to {user} at {label} has expired", _AGAIN),
    (("invalid_tenant", "aadsts90002", "aadsts900023"), "{label} does not know the directory (tenant) ID",
     "Enter it again, or leave it empty: `outreach login mail --new-client`."),
    (("aadsts50194",), "The client ID is for one organisation only",
     "Enter it with its directory (tenant) ID: `outreach login mail --new-client`."),
    (("aadsts7000218",), "{label} wants a secret with this client ID",
     "In its settings, set `Allow public client flows` to yes."),
    (("interaction_required", "aadsts50076", "aadsts50079", "aadsts50078"),
     "{label} wants {user} to log in again, with a second factor", _AGAIN),
    (("access_denied", "aadsts65004", "authorization_declined"), "You did not give access to {user} at {label}",
     "Run `outreach login mail`, and allow access on the page."),
    (("expired_token", "code_expired"), "The code was not entered in time", _AGAIN),
    (("invalid_client", "unauthorized_client", "deleted_client", "aadsts700016", "invalid_request: client"),
     "{label} does not accept the client ID", _NEW_CLIENT),
    (("invalid_scope", "aadsts70011"), "{label} does not let this client ID read and send mail", _NEW_CLIENT),
    (("invalid_grant",), "The access to {user} at {label} has expired or was revoked", _AGAIN),
)  # fmt: skip


def access_refused(
    *, label: str, user: str, error: str, description: str = "", hide: tuple[str, ...] = (), skew: float | None = None,
    short_lived: str = "",
) -> AccessRefused:  # fmt: skip
    """The exception for an `error` of OAuth (RFC 6749, 5.2) and its description, without what must be hidden.

    `skew` are the seconds by which this computer's clock is ahead of the provider's, where it is known.
    """
    said = quoted(text_without(hide, f"{error}: {description}" if description else error)).rstrip(".")
    words = said.casefold()
    if error in ("temporarily_unavailable", "server_error", "slow_down"):
        sentence = f"{label} cannot give access to {user} for now"
        return AccessRefused(sentence, said, hint="Try it again in some minutes.", permanent=False)
    found = next((each for each in _REASONS if any(sign in words for sign in each[0])), None)
    sentence = found[1] if found else "{label} refused access to {user}"
    hint = found[2] if found else _AGAIN
    if skew is not None and abs(skew) > CLOCK:
        side = "ahead" if skew > 0 else "behind"
        hint = f"This computer's clock is {round(abs(skew) / 60)} minutes {side}: set it. Then: {hint}"
    elif short_lived and error == "invalid_grant":
        hint = f"{hint} {short_lived}"
    return AccessRefused(sentence.format(label=label, user=user), said, hint=hint)


def not_allowed_in_time(label: str, user: str) -> AccessRefused:
    """The exception where nobody said yes or no in the browser."""
    return AccessRefused(f"Nobody allowed access to {user} at {label} in the browser in time", "", hint=_AGAIN)
