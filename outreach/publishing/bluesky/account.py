"""How Bluesky sees our account: the labels that its moderation has put on it."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.connections.http_service import objects
from outreach.connections.secrets import Secrets
from outreach.publishing.bluesky.session import AS_IT_IS, BlueskySession


def about_account(
    account: Mapping[str, str], secrets: Secrets, *, loopback_only: bool = False
) -> list[tuple[bool, str]]:
    """What a person should know before posts go out, none of it good. Raises NotSent, SecretsUnusable."""
    session = BlueskySession(account["service"], account["handle"], secrets, loopback_only=loopback_only)
    session.open()
    query = {"actor": session.did}
    answer = session.read(lambda client: client.app.bsky.actor.get_profile(query, **AS_IT_IS))
    if answer.status != 200:
        raise session.refused(answer)
    found = [each for each in objects(answer.object().get("labels")) if each.get("src") != session.did]
    labels = dict.fromkeys(str(each.get("val")) for each in found if not each.get("neg"))
    return [
        (
            False,
            f"Bluesky put the label “{label}” on {session.handle}: many do not see its posts. You can appeal there.",
        )
        for label in labels
    ]
