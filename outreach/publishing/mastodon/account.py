"""How a Mastodon server sees our account: whether it is marked as a program's, and which rules are about such posts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from outreach.connections.http_service import objects
from outreach.connections.secrets import Secrets
from outreach.publishing.mastodon.client import MastodonClient

Remark = tuple[bool, str]

_ABOUT_US = re.compile(
    r"\b(?:bots?|automat\w*|advert\w*|promot\w*|spam\w*|commercial\w*|campaign\w*|politic\w*|werb\w*|kommerz\w*|"
    r"publicit\w*|publicid\w*|mass\w*|mention\w*)\b",
    re.IGNORECASE,
)


def about_account(account: Mapping[str, str], secrets: Secrets, *, loopback_only: bool = False) -> list[Remark]:
    """Is it well, and a sentence, for each thing to know before posts go out. Raises NotSent, SecretsUnusable."""
    client = MastodonClient(account, secrets, loopback_only=loopback_only)
    answer = client.read(lambda m: m.account_verify_credentials())
    if answer.status != 200:
        raise client.refused(answer)
    said: list[Remark] = []
    if answer.object().get("bot") is not True:
        message = (
            f"Your account on {client.host} is not marked as automated. Many servers ask for that where a program "
        )
        said.append((False, f"{message}posts: set it in your profile there."))
    rules = client.read(lambda m: m.instance_rules())
    texts = [str(rule.get("text", "")) for rule in objects(rules.json())] if rules.status == 200 else []
    return [*said, *((True, f"A rule of {client.host}: “{text}”") for text in texts if _ABOUT_US.search(text))]
