"""What is said of a published post whose file says something else now is found once, and again after any change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from outreach.tasks.publishing import changed
from outreach.tasks.publishing.correcting import correct
from tests.acceptance.command import outreach
from tests.publishing.campaigns import picture, write_posts

TEXTS = ("We ask: {{ links.brief }}", "@{ofe} asks, too")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    accounts = "  bluesky: {handle: a.test, transport: outbox}\nlinks: {brief: 'https://example.org/brief'}\n"
    root = write_posts(tmp_path / "c", accounts=accounts, networks="bluesky", parts=TEXTS)
    (root / "contacts").mkdir()
    (root / "contacts" / "ofe.yaml").write_text("id: ofe\nname: Open Forum\n", encoding="utf-8")
    assert outreach("publish", "--go", folder=root).code == 0
    return root


def reason(root: Path) -> str:
    (item,) = json.loads(outreach("agenda", "--json", "--all", folder=root).out)["items"]
    return str(item["reason"])


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_published_text_is_composed_once_until_anything_that_it_is_made_of_changes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed: list[Any] = []
    real = changed.composed
    monkeypatch.setattr(changed, "composed", lambda *args: composed.append(args) or real(*args))
    for _ in range(3):
        assert "changed" not in reason(root)
    assert len(composed) <= 1
    for file, old, new, what in (
        ("campaign.yaml", "example.org/brief", "example.org/other", "part 1 changed"),
        ("campaign.yaml", "example.org/other", "example.org/brief", ""),
        ("contacts/ofe.yaml", "Open Forum", "Open Forum Europe", "part 2 changed"),
        ("contacts/ofe.yaml", "Open Forum Europe", "Open Forum", ""),
        ("posts/thread.md", "alt: A picture", "alt: A river", "part 1 changed"),
        ("posts/thread.md", "asks, too", "asks", "parts 1, 2 changed"),
    ):
        change(root / file, old, new)
        for _ in range(2):
            assert (what or "published") in f"published {reason(root)}", file
    composed.clear()
    reason(root)
    assert composed == []
    assert outreach("retract", "thread", "--go", folder=root).code == 0
    assert "changed" not in reason(root)


def test_a_text_that_says_what_is_known_of_contacts_changes_with_what_happens(root: Path) -> None:
    assert outreach("retract", "thread", "--go", folder=root).code == 0
    change(root / "posts" / "thread.md", TEXTS[1], "Contacted: {{ contacts['ofe'].contacted }}")
    assert outreach("publish", "thread", "--again", "--go", folder=root).code == 0
    assert "changed" not in reason(root)
    assert outreach("log", "ofe", "we-wrote", "A letter", folder=root).code == 0
    assert "part 2 changed" in reason(root)


def test_another_picture_under_the_same_name_is_seen_where_readers_would_see_it(tmp_path: Path) -> None:
    accounts = "  mastodon: {server: 'https://s.example', transport: outbox}\n"
    root = write_posts(tmp_path / "c", accounts=accounts)
    assert outreach("publish", "--go", folder=root).code == 0
    assert "changed" not in reason(root)
    (root / "picture.png").write_bytes(picture("red"))
    assert "part 1 changed" in reason(root)
    assert [each.parts for each in correct(root, "thread", go=False)] == [(1,)]
