"""The API of one Mastodon server: requests, and what its refusals mean."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.connections.identities import mastodon_token, not_entered
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import InDoubt, NotSent
from outreach.publishing.refusals import refused

HINT = "Run `outreach login mastodon`."


class MastodonClient:
    """Requests as one account. The token is read once, and shown to nobody but the server."""

    def __init__(
        self,
        account: Mapping[str, str],
        secrets: Secrets,
        *,
        limits: Limits | None = None,
        loopback_only: bool = False,
        token: Secret | None = None,
    ) -> None:
        self.service = HttpService(account["server"], limits=limits, loopback_only=loopback_only)
        self.host = self.service.url.partition("://")[2]
        self.identity = mastodon_token(account)
        self._secrets = secrets
        self._token = token

    def open(self) -> None:
        """Find the token. Raises NotSent, SecretsUnusable."""
        if self._token is None:
            found = self._secrets.get(self.identity)
            if found is None:
                raise not_entered(self.identity, self._secrets)
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

    def refused(self, answer: Answer) -> NotSent:
        """What an answer is that is no yes."""
        return refused(answer, self.host, HINT)

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
        headers = {"Authorization": f"Bearer {token}", **(headers or {})}
        return self.service.ask(method, path, headers=headers, hide=[token], **keys)


def keep_token(account: Mapping[str, str], token: Secret, secrets: Secrets, *, loopback_only: bool = False) -> str:
    """Keep a token with which the server knows us; where, in words. Raises NotSent, SecretsUnusable."""
    client = MastodonClient(account, secrets, token=token, loopback_only=loopback_only)
    answer = client.read("/api/v1/accounts/verify_credentials")
    if answer.status != 200 or not answer.object().get("id"):
        raise client.refused(answer)
    return secrets.put(client.identity, token)
