"""Bombs of each kind in this process: no fault of ours, few Problems, and an end after a few hundred thousand steps.

What no step shows (a pattern that goes back and forth in C, seconds, megabytes) is measured by `outside.py`.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.command import outreach
from tests.bombs import BASE, FAMILIES, Bomb, of_kind
from tests.bombs.outside import write

OF_EACH_KIND = 4
MOST_STEPS = 1_500_000
"""Calls of functions, Python's and C's, beyond those for the campaign without a bomb; a second has about five million."""

CHOSEN = [bomb for kind in FAMILIES for bomb in random.Random(15).sample(of_kind(kind), OF_EACH_KIND)]
OF_ONE_LINE = [bomb for bomb in CHOSEN if bomb.kind in ("integers", "arguments", "shapes", "expressions", "jumbles")]


@pytest.fixture(autouse=True)
def _same_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-05T09:00:00+01:00")
    monkeypatch.setenv("NO_COLOR", "1")


def steps(act: Callable[[], object]) -> int:
    """How many functions were called."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The steps of a check without a bomb, once everything is imported."""
    folder = tmp_path_factory.mktemp("idle")
    write(Bomb(kind="nothing", name="", files=BASE), folder)
    importlib.import_module("outreach.cli.main")
    outreach("check", folder=folder)
    return steps(lambda: outreach("check", folder=folder))


@pytest.mark.parametrize("bomb", CHOSEN, ids=str)
def test_a_bomb_is_read_in_few_steps_and_is_no_fault_of_ours(bomb: Bomb, tmp_path: Path, idle: int) -> None:
    write(bomb, tmp_path)
    answers = []
    taken = steps(lambda: answers.append(outreach("check", "--json", folder=tmp_path)))
    (answer,) = answers
    assert answer.code in (0, 1, 2), answer.err
    assert taken < idle + MOST_STEPS
    for problem in json.loads(answer.out)["problems"]:
        assert len(problem["message"]) + len(problem["hint"]) < 3_000
        assert problem["line"] >= 1


@pytest.mark.parametrize("bomb", OF_ONE_LINE, ids=str)
def test_a_template_or_expression_that_goes_too_far_is_one_problem_at_its_file(bomb: Bomb, tmp_path: Path) -> None:
    write(bomb, tmp_path)
    found = json.loads(outreach("check", "--json", folder=tmp_path).out)["problems"]
    assert len(found) <= 1
    assert all(problem["file"] in ("templates/hello.md", "campaign.yaml", "posts/p.md") for problem in found)


def test_the_bombs_are_the_same_each_time_and_each_has_a_name() -> None:
    for kind in FAMILIES:
        found = of_kind(kind, seed=3)
        assert found == of_kind(kind, seed=3)
        assert len({bomb.name for bomb in found}) > 0.95 * len(found)
