"""A post is moved to a day: the one line of its file that says when, or the first that does; and what moves with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.errors import CannotTell
from outreach.tasks.editing import save
from outreach.tasks.moving import move_post, what_moves
from tests.web.dashboards import NOW, write_full_campaign

DAY = date(2026, 1, 22)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    return write_full_campaign(tmp_path / "campaign")


def test_a_post_without_a_time_gets_one_and_keeps_every_other_line(root: Path) -> None:
    file = root / "posts" / "later.md"
    file.write_text("---\nnetworks: [mastodon]   # ours\n---\nat: some point\n---\nThe end.\n", encoding="utf-8")
    edit = move_post(root, "later", DAY)
    assert [(moved.item.id, moved.before) for moved in what_moves(root, edit)] == [("later/mastodon", None)]
    save(root, edit)
    assert file.read_text(encoding="utf-8") == (
        "---\nnetworks: [mastodon]   # ours\nat: 2026-01-22 09:00\n---\nat: some point\n---\nThe end.\n"
    )


@pytest.mark.parametrize("when", ["window: {from: 2026-01-20, to: 2026-01-30}", "after: {post: thread, delay: 2d}"])
def test_a_post_with_a_window_or_after_another_has_no_day_to_move(root: Path, when: str) -> None:
    (root / "posts" / "later.md").write_text(f"---\nnetworks: [mastodon]\n{when}\n---\nText.\n", encoding="utf-8")
    with pytest.raises(CannotTell, match="no day of its own"):
        move_post(root, "later", DAY)


def test_what_is_due_now_does_not_move_because_the_clock_went_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that are due are due a moment later in the plan that is made second."""
    edit = move_post(root, "thread", DAY)
    moments = iter(["2026-01-13T09:30:00+01:00", "2026-01-13T09:30:07+01:00"])
    from outreach.tasks import moving

    plan = moving._plan

    def later(root: Path) -> object:
        monkeypatch.setenv("OUTREACH_NOW", next(moments))
        return plan(root)

    monkeypatch.setattr(moving, "_plan", later)
    assert {moved.item.id for moved in what_moves(root, edit)} == {"thread/bluesky", "thread/mastodon"}
