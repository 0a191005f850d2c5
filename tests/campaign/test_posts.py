"""Posts: one version for each network, the base overlaid by the network's own file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from outreach.campaign.posts import load_posts
from outreach.model.campaign import Expression
from outreach.model.post import AfterPost, Medium, Post, PostVersion
from outreach.model.times import Delay, Hours, Window
from tests.campaign.campaigns import POST, told, write


def load(root: Path, files: dict[str, str]) -> tuple[list[Post], list[tuple[str, int, str, str]]]:
    posts, problems = load_posts(write(root, {f"posts/{name}": text for name, text in files.items()}))
    assert all(problem.message and problem.hint for problem in problems)
    return posts, [(file.removeprefix("posts/"), *rest) for file, *rest in told(problems)]  # type: ignore[misc]


def test_every_key_is_read(tmp_path: Path) -> None:
    (post,), problems = load(tmp_path, {"start.md": POST})
    assert problems == []
    first, second = post.versions
    assert first == PostVersion(
        post="start",
        network="bluesky",
        file="posts/start.md",
        when_file="posts/start.md",
        body="One.\n---\nTwo.\n",
        body_line=15,
        line=3,
        at=datetime(2026, 1, 6, 14),
        after=AfterPost(post="other", delay=Delay(length=timedelta(days=2), text="2d"), line=4),
        needs=Expression(source="decision('reddit') == 'go'", file="posts/start.md", line=5),
        hashtags=("OpenSource",),
        media=(Medium(file="materials/map.png", alt="A map", focus=(0.5, -0.2), written_in="posts/start.md", line=8),),
        card="https://example.org/brief",
        language="en",
        content_warning="politics",
        visibility="unlisted",
        split="auto",
    )
    assert (second.network, second.hashtags) == ("mastodon", ("OpenSource", "FOSS"))


@pytest.mark.parametrize(
    ("first", "second"),
    [("Other.md", "other.md"), ("Other.md", "other.x.md"), ("other.X.md", "other.x.md"), ("other.MD", "other.md")],
)
def test_names_that_differ_in_case_only_are_one_problem_at_the_second(tmp_path: Path, first: str, second: str) -> None:
    text = "---\nlanguage: en\n---\nText\n"
    base = "---\nnetworks: x\n---\nText\n"
    files = {name: text if name.lower().endswith(".x.md") else base for name in (first, second)}
    posts, problems = load(tmp_path, files)
    assert problems == [(second, 1, "duplicate-id", f"post:{second.split('.')[0]}")]
    assert {version.file for version in posts[0].versions} == {f"posts/{first}"}


def test_a_window_and_short_forms_are_read(tmp_path: Path) -> None:
    text = (
        "---\nnetworks: Reddit\nwindow: {from: 2026-03-10, to: 2026-03-20, days: [wed, tue], hours: 10:00-12:00,"
        ' timezone: Europe/Oslo}\nafter: start + 2d\nhashtags: ["#A", B]\ntitles: One\ncommunity: r/linux\n'
        'link: "{{ links.brief }}"\nmedia: [{file: a.png, alt: A, focus: [1, -1.0]}]\n---\nx\n'
    )
    posts, problems = load(tmp_path, {"ask.md": text, "start.md": POST})
    assert problems == []
    (version,) = posts[0].versions
    assert version.window == Window(
        first=date(2026, 3, 10),
        last=date(2026, 3, 20),
        days=(2, 3),
        hours=Hours(opens=time(10), closes=time(12)),
        timezone="Europe/Oslo",
        line=3,
    )
    assert version.after == AfterPost(post="start", delay=Delay(length=timedelta(days=2), text="2d"), line=4)
    assert (version.hashtags, version.titles, version.link) == (("A", "B"), ("One",), "{{ links.brief }}")
    assert version.media[0].focus == (1.0, -1.0)


def test_a_network_of_its_own_overlays_the_base(tmp_path: Path) -> None:
    files = {
        "a.md": "---\nnetworks: [bluesky, mastodon, x]\nat: 2026-01-06 14:00\nlanguage: en\n---\nBase\n",
        "a.mastodon.md": "---\ncontent_warning: cw\nwindow: {from: 2026-01-07, to: 2026-01-08}\n---\n\n",
        "a.x.md": "For X\n",
        "a.reddit.md": "---\ntitles: [T]\n---\nFor Reddit\n",
        "b.mailing-list.md": "---\ntitles: [T]\n---\nAlone\n",
    }
    posts, problems = load(tmp_path, files)
    assert problems == []
    bluesky, mastodon, x, reddit = posts[0].versions
    assert (bluesky.body, bluesky.at, bluesky.content_warning) == ("Base\n", datetime(2026, 1, 6, 14), None)
    assert (mastodon.body, mastodon.file, mastodon.body_line) == ("Base\n", "posts/a.md", 6)
    assert (mastodon.at, mastodon.language, mastodon.content_warning) == (None, "en", "cw")
    assert (mastodon.line, mastodon.when_file) == (3, "posts/a.mastodon.md")
    assert (x.body, x.file, x.body_line, x.at) == ("For X\n", "posts/a.x.md", 1, datetime(2026, 1, 6, 14))
    assert (x.line, x.when_file) == (3, "posts/a.md")
    assert (reddit.network, reddit.body) == ("reddit", "For Reddit\n")
    assert (posts[1].id, posts[1].file, posts[1].versions[0].id) == ("b", "posts/b.mailing-list.md", "b/mailing-list")


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.mastadon.md", "unknown-network"), ("a.x.y.md", "unknown-network"), ("a b.md", "bad-file-name")],
)
def test_another_name_is_a_problem_that_blocks_no_other_post(tmp_path: Path, name: str, code: str) -> None:
    posts, problems = load(tmp_path, {name: "x\n", "a.bluesky.md": "y\n"})
    assert [post.id for post in posts] == ["a"]
    ((file, line, found, about),) = problems
    assert (file, line, found) == (name, 1, code)
    assert about != "post:a"


@pytest.mark.parametrize(
    ("front", "line", "code"),
    [
        ("networks: [bluesky, mastadon]", 2, "unknown-network"),
        ("language: en", 1, "missing-key"),
        ("networks: x\nhashtags: {blueski: [a]}", 3, "unknown-network"),
        ("networks: x\nhashtags: [#OpenSource, #FOSS]", 3, "yaml-unquoted"),
        ("networks: x\nhashtags: '#A #B'", 3, "bad-value"),
        ("networks: x\nmedia:\n  - {file: a.png}", 4, "missing-key"),
        ("networks: x\nmedia: [{file: a.png, alt: A, focus: up}]", 3, "bad-value"),
        ("networks: x\nmedia: [{file: a.png, alt: A, focus: [1, 2]}]", 3, "bad-value"),
        ("networks: x\nat: 2026-01-06\nwindow: {from: 2026-01-06, to: 2026-01-07}", 4, "bad-value"),
        ("networks: x\nwindow: {from: 2026-01-08, to: 2026-01-07}", 3, "bad-value"),
        ("networks: x\nwindow: {from: 2026-01-08}", 3, "missing-key"),
        ("networks: x\nat: 2026-04-31T10:30", 3, "bad-value"),
        ("networks: x\nafter: {post: a, delay: two}", 3, "bad-value"),
        ("networks: x\ncommunity: r: portugal", 3, "yaml-unquoted"),
        ("networks: x\nvisibility: everybody", 3, "bad-value"),
        ("networks: x\nlink: javascript:alert(1)", 3, "bad-value"),
        ("networks: x\nafter: *p", 3, "yaml-alias"),
    ],
)
def test_a_mistake_in_the_keys_is_one_problem_at_its_line(tmp_path: Path, front: str, line: int, code: str) -> None:
    posts, problems = load(tmp_path, {"p.md": f"---\n{front}\n---\nText\n"})
    assert problems == [("p.md", line, code, "post:p")]
    assert [post.id for post in posts] == ["p"]


def test_a_variant_says_its_network_in_its_name(tmp_path: Path) -> None:
    _, problems = load(tmp_path, {"a.x.md": "---\nnetworks: [x]\n---\nText\n"})
    assert problems == [("a.x.md", 2, "unknown-key", "post:a")]


def test_posts_that_wait_for_one_another_are_each_told(tmp_path: Path) -> None:
    files = {
        n: f"---\nnetworks: x\nafter: {other}\n---\nT\n" for n, other in (("a.md", "b"), ("b.md", "c"), ("c.md", "a"))
    }
    files["d.md"] = files["a.md"]
    _, problems = load(tmp_path, files)
    assert problems == [(f"{n}.md", 3, "bad-value", f"post:{n}") for n in "abc"]


def test_a_file_that_cannot_be_read_is_there_without_versions(tmp_path: Path) -> None:
    (tmp_path / "posts/a.md").mkdir(parents=True)
    posts, problems = load(tmp_path, {"README.md": "x"})
    assert posts == [Post(id="a", file="posts/a.md")]
    assert problems == [("a.md", 1, "unreadable-file", "post:a")]
