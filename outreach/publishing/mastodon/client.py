"""The API of one Mastodon server as one account: Mastodon.py's calls, and what their answers mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from outreach.connections.http_service import Answer, HttpService, Limits, NoAnswer
from outreach.connections.identities import mastodon_token, not_entered
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import InDoubt, NotSent
from outreach.publishing.mastodon.server_clock import ServerClock
from outreach.publishing.refusals import refused

if TYPE_CHECKING:
    from mastodon import Mastodon

    from outreach.publishing.mastodon.wire import Wire

HINT = "Run `outreach login mastodon`."
Call = Callable[["Mastodon"], Any]


def wire(service: HttpService, limits: Limits | None = None, hide: Sequence[str] = ()) -> Wire:
    """A session with a server. Mastodon.py takes 0.15 s and 40 MB, so it is imported here, and not before."""
    made: Wire = import_module("outreach.publishing.mastodon.wire").Wire(service, limits or Limits(), hide)
    return made


class MastodonClient:
    """Calls as one account. The token is read once, and shown to nobody but the server."""

    def __init__(
        self,
        account: Mapping[str, str],
        secrets: Secrets,
        *,
        limits: Limits | None = None,
        loopback_only: bool = False,
        token: Secret | None = None,
    ) -> None:
        self.service = HttpService(account["server"], loopback_only=loopback_only)
        self.host = self.service.url.partition("://")[2]
        self.identity = mastodon_token(account)
        self._limits = limits
        self._secrets = secrets
        self._token = token
        self._opened: tuple[Wire, Mastodon] | None = None
        self.clock = ServerClock()

    def open(self) -> tuple[Wire, Mastodon]:
        """Find the token, and take up Mastodon.py with it. Raises NotSent, SecretsUnusable."""
        if self._opened is None:
            token = self._token or self._secrets.get(self.identity)
            if token is None:
                raise not_entered(self.identity, self._secrets)
            made = wire(self.service, self._limits, [token.reveal()])
            self._opened = made, made.sdk(token.reveal())
        return self._opened

    def read(self, call: Call) -> Answer:
        """A question that changes nothing. Raises NotSent if there is no answer."""
        return self.page(call)[0]

    def status(self, id: str) -> Answer:
        """A status as it is there. Raises NotSent if there is no answer."""
        return self.read(lambda m: m.status(id))

    def page(self, call: Call) -> tuple[Answer, Any]:
        """The same, with what Mastodon.py makes of the answer. Raises NotSent."""
        opened, sdk = self.open()
        asked = datetime.now(UTC)
        try:
            answer, made = opened.ask(lambda: call(sdk))
        except NoAnswer as error:
            raise NotSent(f"{self.host}: {error}.", stops_run=True) from error
        self.clock.hears(answer.headers.get("date", ""), asked, datetime.now(UTC))
        return answer, made

    def change(self, call: Call, also: Mapping[str, str] | None = None) -> Answer:
        """A request that changes something; `also` are form fields that Mastodon.py does not know.

        Raises NotSent, or InDoubt if it may have been heard.
        """
        opened, sdk = self.open()
        try:
            return opened.ask(lambda: call(sdk), also)[0]
        except NoAnswer as error:
            sentence = f"{self.host}: {error}."
            if error.reached:
                raise InDoubt(sentence) from error
            raise NotSent(sentence, stops_run=True) from error

    def refused(self, answer: Answer) -> NotSent:
        """What an answer is that is not a yes."""
        return refused(answer, self.host, HINT)


def keep_token(account: Mapping[str, str], token: Secret, secrets: Secrets, *, loopback_only: bool = False) -> str:
    """Keep a token with which the server knows us; where, in words. Raises NotSent, SecretsUnusable."""
    client = MastodonClient(account, secrets, token=token, loopback_only=loopback_only)
    answer = client.read(lambda m: m.account_verify_credentials())
    if answer.status != 200 or not answer.object().get("id"):
        raise client.refused(answer)
    return secrets.put(client.identity, token)
