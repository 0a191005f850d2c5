"""On a terminal, a long command says how far it is and how long it still takes; elsewhere it says nothing of it."""

from __future__ import annotations

import pytest

from outreach.cli import output
from outreach.cli.output import how_far, showing_progress
from outreach.tasks.progress import report


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (1200, 10000, 6.0, "1,200 of 10,000 emails, about 44 s left"),
        (1, 1000, 1.0, "1 of 1,000 emails, about 17 min left"),
        (0, 10, 3.0, "0 of 10 emails, about 30 s left"),
        (10, 10, 3.0, "10 emails"),
        (1200, None, 6.0, "1,200 emails"),
    ],
)
def test_how_far_it_is_and_how_long_it_takes(done: int, total: int | None, seconds: float, said: str) -> None:
    assert how_far("emails", done, total, seconds) == said


@pytest.mark.parametrize(("terminal", "drawn"), [(True, ["50 of 100 emails, about 3 s left", ""]), (False, [])])
def test_it_is_drawn_after_two_seconds_and_only_on_a_terminal(
    terminal: bool, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    clock = iter([100.0, 101.0, 103.0, 103.1])
    monkeypatch.setattr(output, "redraw", seen.append)
    monkeypatch.setattr(output, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    with showing_progress():
        for done in (0, 10, 50, 51):  # at 0, 1, 3 and 3.1 seconds: too early, too early, drawn, just drawn
            report("emails", done, 100)
    assert seen == drawn
    report("emails", 99, 100)  # nobody watches any more
    assert seen == drawn
