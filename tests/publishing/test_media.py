"""Films and sounds on Mastodon: waited for until the server has made them ready, and no longer than is sensible."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.connections.identities import mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import NotSent
from outreach.model.publication import PartMedium
from outreach.publishing.mastodon.client import MastodonClient
from outreach.publishing.mastodon.media import uploaded
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import Here
from tests.servers.fault_proxy import Said, fault_proxy
from tests.servers.mastodon import TOKEN, running_mastodon

FILM = b"\x00\x00\x00\x18ftypmp42" + b"not much of a film" * 9


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    """A thread whose first part has a film."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    with running_mastodon() as server, fault_proxy(server.url) as proxy:
        Secrets().put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
        root = write_posts(tmp_path / "c", accounts=f"  mastodon: {{server: '{proxy.url}'}}\n")
        (root / "film.mp4").write_bytes(FILM)
        post = root / "posts" / "thread.md"
        text = post.read_text(encoding="utf-8").replace(
            "{file: picture.png, alt: A picture}", "{file: film.mp4, alt: A film}"
        )
        post.write_text(text, encoding="utf-8")
        yield Here(root, proxy, server)


def test_a_film_is_attached_once_it_is_ready(here: Here) -> None:
    here.server.polls_needed = 3
    assert here.results() == ["done"]
    first = next(iter(here.server.statuses.values()))
    assert first["media_attachments"][0]["description"] == "A film"
    assert sum("GET /api/v1/media/" in line for line in here.proxy.heard) == 3


def test_a_film_that_is_never_ready_is_left_when_time_is_up(here: Here) -> None:
    here.server.polls_needed = 10**9
    client = MastodonClient({"server": here.proxy.url}, Secrets())
    film = PartMedium(file="film.mp4", sha256=hashlib.sha256(FILM).hexdigest(), media_type="video/mp4", alt="A film")
    before = time.monotonic()
    with pytest.raises(NotSent, match=r"did not process film\.mp4 within 1 seconds") as trouble:
        uploaded(client, here.root, film, longest=1)
    assert time.monotonic() - before < 3
    assert not trouble.value.permanent


@pytest.mark.parametrize("status", [404, 422, 500])
def test_a_film_that_cannot_be_made_ready_posts_nothing(here: Here, status: int) -> None:
    here.proxy.will_say("GET /api/v1/media/", Said(status=status, data='{"error": "動画を処理できません"}'.encode()))
    ((_, said, reason),) = here.go()
    assert said == "failed"
    assert str(status) in reason
    assert "film.mp4" in reason
    assert here.server.statuses == {}
    assert here.results(post="thread", again=True) == ["done"]
    assert here.out() == sorted(TEXTS)
