"""Networks: each has one name for people, said in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.model.post import PostVersion
from outreach.networks.registry import KNOWN
from outreach.planning.posts import submit_page

FORMAT = (Path(__file__).resolve().parents[2] / "docs/format.md").read_text(encoding="utf-8")


def test_every_network_is_called_as_people_call_it() -> None:
    assert [network.label for network in KNOWN.values()] == [
        "Bluesky", "Mastodon", "Reddit", "Hacker News", "X", "LinkedIn", "Mailing list",
    ]  # fmt: skip


def test_the_docs_name_every_network_in_its_order() -> None:
    assert ", ".join(f"`{network}`" for network in KNOWN) in FORMAT


def test_the_others_are_published_by_hand_somewhere() -> None:
    for network in KNOWN.values():
        assert network.is_manual is (network.name not in ("bluesky", "mastodon"))
        assert bool(submit_page(PostVersion(post="p", network=network.name, file="p.md", body=""))) is network.is_manual


@pytest.mark.parametrize(("community", "page"), [("linux", "r/linux"), ("r/linux/", "r/linux"), ("u/kim", "u/kim")])
def test_a_reddit_post_is_pasted_where_its_community_is(community: str, page: str) -> None:
    version = PostVersion(post="p", network="reddit", file="p.md", body="", community=community)
    assert submit_page(version) == f"https://www.reddit.com/{page}/submit"
