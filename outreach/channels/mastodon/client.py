"""The API of one Mastodon server: requests, and what its refusals mean."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from outreach.channels.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.channels.secrets import Secret, Secrets
from outreach.errors import InDoubt, NotSent

HINT = "Run `outreach login mastodon`."


class MastodonClient:
    """Requests as one account. The token is read once, and shown to nobody but the server."""

    def __init__(
        self,
        server: str,
        secrets: Secrets,
        *,
        limits: Limits | None = None,
        loopback_only: bool = False,
        token: Secret | None = None,
    ) -> None:
        self.service = HttpService(server, limits=limits, loopback_only=loopback_only)
        self.host = self.service.url.partition("://")[2]
        self._secrets = secrets
        self._token = token

    def open(self) -> None:
        """Find the token. Raises NotSent, SecretsUnusable."""
        if self._token is None:
            found = self._secrets.get(f"mastodon:{self.host}")
            if found is None:
                raise NotSent(f"outreach is not logged in to {self.host}.", hint=HINT, stops_run=True)
            self._token = found

    def read(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """A question that changes nothing. Raises NotSent where there is no answer."""
        try:
            return self._ask("GET", path, query=query)
        except NoAnswer as error:
            raise NotSent(f"{self.host}: {error}.", stops_run=True) from error

    def change(self, method: str, path: str, fields: Mapping[str, Any] | None = None, *, key: str = "") -> Answer:
        """A request that changes something, as a form. Raises NotSent, or InDoubt where it may have been heard."""
        body = urlencode(fields or {}, doseq=True).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", **({"Idempotency-Key": key} if key else {})}
        return self._change(method, path, body, headers)

    def upload(self, path: str, fields: Mapping[str, str], name: str, media_type: str, data: bytes) -> Answer:
        """A file with fields beside it. Raises as `change`."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts += [f"{head}Content-Type: {media_type}\r\n\r\n".encode(), data, f"\r\n--{mark}--\r\n".encode()]
        return self._change("POST", path, b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def _change(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            return self._ask(method, path, body=body, headers=headers)
        except NoAnswer as error:
            sentence = f"{self.host}: {error}."
            if error.reached:
                raise InDoubt(sentence) from error
            raise NotSent(sentence, stops_run=True) from error

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **keys: Any) -> Answer:
        self.open()
        token = self._token.reveal() if self._token else ""
        return self.service.ask(method, path, headers={"Authorization": f"Bearer {token}", **(headers or {})}, **keys)


def refused(answer: Answer, host: str) -> NotSent:
    """What a definite refusal is, by its status alone: the words are in the account's language."""
    said = str(answer.object().get("error", ""))
    reply = f"{answer.status}: {said}"
    status = answer.status
    if status == 429:
        return NotSent(
            f"{host} takes no more until {_reset(answer)}.", hint="Run it again then.", reply=reply, stops_run=True
        )
    if status in (401, 403):
        return NotSent(
            f"{host} does not let us do this ({status}).", hint=HINT, permanent=True, reply=reply, stops_run=True
        )
    if status >= 500:
        return NotSent(f"{host} is in trouble ({status}).", hint="Try again later.", reply=reply, stops_run=True)
    what = {413: "this is too large", 404: "it does not know this"}.get(status, "it does not take this")
    return NotSent(
        f"{host} refused: {what} ({status}).", hint=f"It says: {said or 'nothing'}", permanent=True, reply=reply
    )


def _reset(answer: Answer) -> str:
    """When a limit ends: ISO 8601 on Mastodon, seconds since 1970 elsewhere."""
    text = answer.headers.get("x-ratelimit-reset", "")
    try:
        at = (
            datetime.fromtimestamp(float(text), UTC)
            if text.replace(".", "").isdigit()
            else datetime.fromisoformat(text)
        )
        return f"{at.astimezone(UTC):%H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return "some time later"


def keep_token(server: str, token: Secret, secrets: Secrets) -> str:
    """Keep a token with which the server knows us; where, in words. Raises NotSent, SecretsUnusable."""
    client = MastodonClient(server, secrets, token=token)
    answer = client.read("/api/v1/accounts/verify_credentials")
    if answer.status != 200:
        raise refused(answer, client.host)
    return secrets.put(f"mastodon:{client.host}", token)
