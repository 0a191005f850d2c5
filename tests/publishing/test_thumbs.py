"""A link card's picture goes to the server together with the post that shows it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from outreach.connections.identities import bluesky_password
from outreach.connections.secrets import Secret, Secrets
from outreach.networks.content_ids import blob_cid
from outreach.tasks.publishing import PublishOrder, publish
from tests.publishing.campaigns import PICTURE, write_posts
from tests.servers.pds import PASSWORD, Pds


def test_the_picture_of_a_card_is_published(tmp_path: Path, pds: Pds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    did = pds.account("thumbs")
    Secrets().put(bluesky_password({"service": pds.url, "handle": "thumbs.test"}), Secret(PASSWORD))
    account = f"  bluesky: {{service: '{pds.url}', handle: thumbs.test}}\n"
    root = write_posts(tmp_path / "c", accounts=account, networks="bluesky")
    post = (root / "posts" / "thread.md").read_text(encoding="utf-8")
    media = "media: [{file: picture.png, alt: A picture}]"
    (root / "posts" / "thread.md").write_text(post.replace(media, "card: https://example.org/brief"), encoding="utf-8")
    (root / "lookups").mkdir()
    (root / "lookups" / "a.png").write_bytes(PICTURE)
    (root / "lookups.yaml").write_text(
        'cards:\n  "https://example.org/brief":\n    title: "The brief"\n    thumb: lookups/a.png\n', encoding="utf-8"
    )
    result = publish(root, PublishOrder(go=True))
    assert [str(action.result) for action in result.actions] == ["done"]
    (embed,) = [each["value"]["embed"]["external"] for each in pds.records(did) if "embed" in each["value"]]
    assert embed["title"] == "The brief"
    assert embed["thumb"]["ref"]["$link"] == blob_cid(hashlib.sha256(PICTURE).hexdigest())
